"""Every rule over every real file."""

from __future__ import annotations

import re

from devbox_lint.customization.model import Customization
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import ALL_RULES
from support import corpus, needs_corpus

pytestmark = needs_corpus

_NAMED = re.compile(r"`([^`]+)`")


def test_no_rule_fails_and_both_parsers_give_the_same_diagnostics() -> None:
    for file in corpus():
        source = SourceFile.from_bytes(file.original, file.data)
        result = check(source, ALL_RULES)
        assert not result.crashes, (file.path, result.crashes)
        assert check(source, ALL_RULES, pure=True)[:4] == result[:4], file.path


def test_no_look_alike_is_linted_and_every_customization_is() -> None:
    for file in corpus():
        for name in (file.original, file.path.name):
            if file.kind is None:
                assert check(SourceFile.from_bytes(name, file.data), ()).kind is None, file.path


def test_a_span_holds_what_its_message_names() -> None:
    for file in corpus():
        source = SourceFile.from_bytes(file.original, file.data)
        for item in check(source, ALL_RULES).diagnostics:
            assert 0 <= item.span.start <= item.span.end <= len(source.text)
            text = source.text[item.span.start : item.span.end].strip()
            # A message that begins with a name speaks of what is underlined; of a credential none speaks.
            if item.message.startswith("`") and text and not item.code.startswith("DBX4"):
                names = _NAMED.findall(item.message)
                assert any(name[:3] in text or text[:3] in name for name in names), (file.path, item)


def test_the_source_of_every_scalar_decodes_to_its_value() -> None:
    for file in corpus():
        document = parse(SourceFile.from_bytes(file.original, file.data))
        text = document.source.text
        for scalar in document.scalars:
            for index in range(0, len(scalar.value), 7):
                span = scalar.span_of(index, index + 1)
                assert scalar.start <= span.start <= span.end
                if scalar.value[index].isalnum() and span.end - span.start == 1:
                    assert text[span.start] == scalar.value[index], (file.path, scalar)


def test_the_typed_view_holds_for_every_file() -> None:
    for file in corpus():
        if file.kind is not None:
            view = Customization(parse(SourceFile.from_bytes("", file.data)), file.kind)
            assert view.root is None or view.tasks is not None
