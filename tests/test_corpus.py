"""Every rule over every real file."""

from __future__ import annotations

import re

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.reports.fingerprints import fingerprints
from devbox_lint.run.add_ignores import suppress
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import RULES
from support import Files, each_corpus

_NAMED = re.compile(r"`([^`]+)`")


@each_corpus
def test_no_rule_fails_and_both_parsers_give_the_same_diagnostics(files: Files) -> None:
    for file in files:
        source = SourceFile.from_bytes(file.original, file.data)
        result = check(source, RULES)
        assert not result.crashes, (file.path, result.crashes)
        assert check(source, RULES, pure=True)[:4] == result[:4], file.path


@each_corpus
def test_no_look_alike_is_linted_and_every_customization_is(files: Files) -> None:
    for file in files:
        for name in (file.original, file.path.name):
            if file.kind is None:
                assert check(SourceFile.from_bytes(name, file.data), ()).kind in (None, Kind.CONFIGURATION), file.path


@each_corpus
def test_a_span_holds_what_its_message_names(files: Files) -> None:
    for file in files:
        source = SourceFile.from_bytes(file.original, file.data)
        for item in check(source, RULES).diagnostics:
            assert 0 <= item.span.start <= item.span.end <= len(source.text)
            text = source.text[item.span.start : item.span.end].strip()
            # A message that begins with a name speaks of what is underlined; of a credential none speaks.
            if item.message.startswith("`") and text and not item.code.startswith("DBX4"):
                names = _NAMED.findall(item.message)
                assert any(name[:3] in text or text[:3] in name for name in names), (file.path, item)


@each_corpus
def test_the_source_of_every_scalar_decodes_to_its_value(files: Files) -> None:
    for file in files:
        document = parse(SourceFile.from_bytes(file.original, file.data))
        text = document.source.text
        for scalar in document.scalars:
            for index in range(0, len(scalar.value), 7):
                span = scalar.span_of(index, index + 1)
                assert scalar.start <= span.start <= span.end
                if scalar.value[index].isalnum() and span.end - span.start == 1:
                    assert text[span.start] == scalar.value[index], (file.path, scalar)


@each_corpus
def test_the_typed_view_holds_for_every_file(files: Files) -> None:
    for file in files:
        if file.kind is not None:
            view = Customization(parse(SourceFile.from_bytes("", file.data)), file.kind)
            assert view.root is None or view.tasks is not None


@each_corpus
def test_line_breaks_change_neither_findings_nor_repairs(files: Files) -> None:
    def told(data: bytes, kind: Kind | None) -> tuple[object, ...]:
        source = SourceFile.from_bytes("imagedefinition.yaml", data)
        result = check(source, RULES, kind)
        places = [
            (item.code, item.message, source.position(item.span.start), source.position(item.span.end))
            for item in result.diagnostics
        ]
        fixed = fix_source(source, RULES, kind, unsafe=True).source.text
        suppressed = suppress(source, result.diagnostics, "known").text
        if b"\r\n" in data:
            assert "\n" not in (fixed + suppressed).replace("\r\n", "")
        named = fingerprints(result, source.path)
        return places, named, fixed.replace("\r\n", "\n"), suppressed.replace("\r\n", "\n")

    for file in files[::4]:
        data = file.data.replace(b"\r\n", b"\n")
        # What has lone carriage returns, or is in UTF-16, is another matter.
        if b"\r" not in data and b"\0" not in data:
            assert told(data.replace(b"\n", b"\r\n"), file.kind) == told(data, file.kind), file.path
