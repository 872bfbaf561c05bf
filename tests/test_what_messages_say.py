"""What a message tells people to write: its fix writes that, and where there is none, the words do when written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Edit
from devbox_lint.engine import check
from devbox_lint.fixes import apply_edits
from devbox_lint.rule import AnyRule
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from support import TODAY, Files, each_corpus, unmark

pytestmark = pytest.mark.slow

_DEFAULT = tuple(rule for rule in RULES if rule.default and not rule.asks)
_WRITE = re.compile(r"(?:: |, )write `([^`]+)`$")
_REMOVE = re.compile(r": remove (?:it|them)$")
#: What stands for something that only the author knows.
_TO_FILL_IN = ("...", "VAULT", "NAME", "VALUE")


def _broken(source: SourceFile, kind: Kind | None) -> Iterator[tuple[Diagnostic, str]]:
    """The findings whose message and repair say different things, with the text after the words were followed."""
    for item in check(source, _DEFAULT, kind, today=TODAY).diagnostics:
        said = _WRITE.search(item.message)
        if said is not None and any(words in said[1] for words in _TO_FILL_IN):
            said = None
        if item.fix is not None:
            fixed = apply_edits(source.text, sorted(item.fix.edits))
            if (_REMOVE.search(item.message) and len(fixed) >= len(source.text)) or (
                said is not None and said[1] not in fixed
            ):
                yield item, fixed
        elif said is not None:
            texts = [
                apply_edits(source.text, [Edit(item.span, words)])
                for words in (said[1], f"'{said[1]}'", f'"{said[1]}"')
            ]
            if all(_stays(SourceFile(source.path, text), item, kind) for text in texts):
                yield item, texts[0]


def _stays(source: SourceFile, item: Diagnostic, kind: Kind | None) -> bool:
    found = check(source, _DEFAULT, kind, today=TODAY).diagnostics
    return any(other.code == item.code and other.span.start == item.span.start for other in found)


@each_corpus
def test_in_real_files_the_words_repair_what_they_are_about(files: Files) -> None:
    for file in files:
        source = SourceFile.from_bytes(file.original, file.data)
        assert list(_broken(source, None)) == [], file.path


@pytest.mark.parametrize("rule", _DEFAULT, ids=lambda rule: str(rule.code))
def test_in_examples_the_words_repair_what_they_are_about(rule: AnyRule) -> None:
    for example in rule.load().bad:
        if not example.beside and not example.answers:
            source = SourceFile(example.path or "", unmark(example.text)[0])
            assert list(_broken(source, example.kind)) == [], example
