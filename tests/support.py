"""What several tests share: marked texts, and the corpus where it is at hand."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import Finding, Span
from devbox_lint.engine import check, parse_as
from devbox_lint.fixes import apply_edits as apply  # noqa: F401 - for the tests
from devbox_lint.online import OnlineRule, questions_of, verify
from devbox_lint.rule import Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from doubles import GivenFiles, StatedAnswers

SHARED = Path(os.environ.get("DEVBOX_LINT_SHARED", Path(__file__).parent.parent.parent / "shared"))
CORPUS = SHARED / "corpus"
#: The day on which examples of rules are checked.
TODAY = "2026-11-23"


def unmark(text: str) -> tuple[str, list[Span]]:
    """The text without ``«`` and ``»``, and the spans that stood between them."""
    plain: list[str] = []
    spans: list[Span] = []
    length = 0
    start = -1
    for character in text:
        if character == "«":
            start = length
        elif character == "»":
            spans.append(Span(start, length))
        else:
            plain.append(character)
            length += 1
    return "".join(plain), spans


def findings(
    rule: Rule,
    kind: Kind,
    text: str | bytes,
    path: str = "",
    pure: bool = False,
    beside: Iterable[tuple[str, str]] = (),
    answers: Iterable[tuple[object, object]] = (),
) -> list[Finding]:
    """What a rule says of a text in a repository with the files ``beside``, sorted by place; Azure says ``answers``."""
    data = text if isinstance(text, bytes) else text.encode()
    source = SourceFile.from_bytes(path, data)
    if rule.about_suppressions:
        # Judged by the engine, after all other rules have had their say.
        from devbox_lint_rules import RULES

        found = check(source, RULES, kind, pure).diagnostics
        return [Finding(d.span, d.message, d.help, d.fix, d.related) for d in found if d.code == rule.code]
    if isinstance(rule, OnlineRule):
        from devbox_lint_rules import RULES

        questions = questions_of(parse(source, pure), kind, RULES)
        (result,) = verify([(check(source, (), kind, pure), questions)], StatedAnswers(answers))
        return [Finding(d.span, d.message, d.help, d.fix, d.related) for d in result.diagnostics if d.code == rule.code]
    document = parse_as(source, kind, pure)
    catalog = Catalog(GivenFiles(dict(beside))) if beside else STANDARD
    context = Context(Customization(document, kind), catalog=catalog, today=TODAY)
    return sorted(rule.check(context), key=lambda finding: finding.span)


class CorpusFile(NamedTuple):
    """A file of a corpus; ``kind`` is None for the look-alikes, ``original`` is its path in its repository."""

    path: Path
    kind: Kind | None
    at_head: bool
    repository: str
    original: str

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()


Files = tuple[CorpusFile, ...]


def _read(folder: Path) -> Files:
    kinds = {kind.value: kind for kind in Kind}
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            CorpusFile(
                folder / row["file"],
                kinds.get(row["kind"]),
                row["at_head"] == "1",
                row["repository"],
                row["path"],
            )
            for row in csv.DictReader(stream, delimiter="\t")
        )


@cache
def corpus() -> Files:
    """The real public files, none where they are not at hand: they are others' work, and not in the repository."""
    return _read(CORPUS) if CORPUS.is_dir() else ()


@cache
def made_up() -> Files:
    """The files in tests/corpus, written for the tests, good ones and bad ones of every kind."""
    return _read(Path(__file__).parent / "corpus")


#: For a test of what is said of the real files, one by one.
needs_corpus = pytest.mark.corpus
#: Runs a test, which takes ``files``, on the files that are made up for it, and on real ones where they are at hand.
each_corpus = pytest.mark.parametrize(
    "files", [pytest.param(made_up(), id="made-up"), pytest.param(corpus(), id="real", marks=needs_corpus)]
)
