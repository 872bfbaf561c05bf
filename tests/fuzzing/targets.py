"""What must hold of any bytes: each target takes some and raises where the product breaks a promise.

The first byte of what a target gets chooses among its variants, so that a seed says which; the rest is the content.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import MARKER, Diagnostic, Span
from devbox_lint.engine import check
from devbox_lint.fixes import apply_edits, fix_source
from devbox_lint.results import FileResult
from devbox_lint.run.add_ignores import suppress
from devbox_lint.source import SourceFile
from devbox_lint.suppressions import find_suppressions
from devbox_lint.yaml.nodes import FOLDED, LITERAL
from devbox_lint.yaml.parse import parse
from devbox_lint.yaml.scalar_map import decode
from devbox_lint_rules import RULES
from fuzzing.documents import documents
from fuzzing.editing import editing
from fuzzing.projects import baselines, cached, catalogs, ignoring, reports, settings
from fuzzing.texts import powershell, references

Target = Callable[[bytes], None]

TODAY = "2026-11-23"
KINDS = tuple(Kind)


def _read(data: bytes) -> tuple[int, SourceFile]:
    return (data[0] if data else 0), SourceFile.from_bytes("x.yaml", data[1:])


def _check(source: SourceFile, kind: Kind, pure: bool = False) -> FileResult:
    result = check(source, RULES, kind, pure, today=TODAY)
    if result.crashes:
        # Also says which line of which rule it was.
        raise AssertionError(result.crashes[0])
    return result


def _is_within(span: Span, source: SourceFile) -> bool:
    return 0 <= span.start <= span.end <= len(source.text)


def checking(data: bytes) -> None:
    """No rule fails, places lie in the file, messages are one line, and the pure parser says the same."""
    choice, source = _read(data)
    result = _check(source, KINDS[choice % len(KINDS)])
    for item in result.diagnostics:
        assert _is_within(item.span, source), item
        assert item.message, item
        assert all(_is_within(related.span, source) for related in item.related if related.path is None), item
        if item.fix is not None:
            assert all(_is_within(edit.span, source) for edit in item.fix.edits), item
            spans = sorted(edit.span for edit in item.fix.edits)
            assert all(one.end <= other.start for one, other in pairwise(spans)), item


def parsers(data: bytes) -> None:
    """The pure parser leads to the same diagnostics as the C parser."""
    choice, source = _read(data)
    if len(source.text) > 4_000:
        return
    said = [_check(source, KINDS[choice % len(KINDS)], pure).diagnostics for pure in (False, True)]
    assert said[0] == said[1], [item for item in (*said[0], *said[1]) if item not in said[0] or item not in said[1]]


def scalars(data: bytes) -> None:
    """Every character of every scalar has its own place in the scalar, in order; the source decodes to the value."""
    _, source = _read(data)
    document = parse(source)
    text = source.text
    for scalar in document.scalars:
        assert _is_within(scalar.span, source)
        is_block = scalar.style in (LITERAL, FOLDED)
        at = scalar.start
        # Blank lines after a text block belong to its value, and not to its span.
        last = len(text) if is_block else scalar.end
        for index in range(len(scalar.value)):
            span = scalar.span_of(index, index + 1)
            assert at <= span.start <= span.end <= last, (scalar.value, scalar.style, index, span)
            at = span.start if document.problems else span.end
            if not document.problems:
                assert span.start < span.end, (scalar.value, scalar.style, index)
        whole = scalar.span_of(0, len(scalar.value))
        assert scalar.start <= whole.start <= whole.end <= last
        if not document.problems and text.isascii() and "\t" not in text:
            decoded = decode(text, scalar.start, scalar.end, scalar.style, scalar.indent)
            assert decoded.value == scalar.value, (scalar.style, scalar.indent)


def suppressions(data: bytes) -> None:
    """Suppressions have their places, hold where a plain reading says; a suppressed file says nothing, and stays so."""
    choice, source = _read(data)
    document = parse(source)
    found = find_suppressions(document, TODAY)
    count = len(source.line_starts)
    valid = [item for item in found.items if item.is_well_formed]
    for item in found.items:
        assert _is_within(item.span, source), item
        assert 0 <= item.first <= item.last < count, item
        assert item.span.start <= item.bracket <= len(source.text)
        for name in item.names:
            assert source.text[name.span.start : name.span.end] == name.text
    for line in range(min(count, 200)):
        expected = [item for item in valid if item.verb == "ignore-file"]
        expected += [item for item in valid if item.verb == "ignore" and item.first <= line <= item.last]
        assert list(found.on_line(line)) == expected, line
    kind = KINDS[choice % len(KINDS)]
    before = _check(source, kind).diagnostics
    wanted = [item for item in before if not item.code.startswith(("DBX0", "DBX9"))]
    suppressed = suppress(source, wanted, today=TODAY, kind=kind)
    if suppressed is source:
        return
    after = _check(suppressed, kind).diagnostics
    left = [item for item in after if not item.code.startswith(("DBX0", "DBX9"))]
    assert left == [], (suppressed.text, left)


def fixing(data: bytes) -> None:
    """Fixes leave no more syntax errors, repair what they are of, and leave nothing that a second run would fix."""
    choice, source = _read(data)
    kind, unsafe = KINDS[choice % len(KINDS)], choice % 2 == 1
    if source.undecodable:
        return
    document = parse(source)
    before = _check(source, kind).diagnostics
    for item in before[:20]:
        if item.fix is not None and not document.problems:
            _one_fix(source, kind, before, item)
    fixed = fix_source(source, RULES, kind, unsafe, today=TODAY)
    assert not fixed.result.crashes, fixed.result.crashes
    assert len(parse(fixed.source).problems) <= len(document.problems), fixed.source.text
    again = fix_source(fixed.source, RULES, kind, unsafe, today=TODAY)
    assert again.applied == 0, (fixed.source.text, again.source.text)
    assert again.source.text == fixed.source.text


def _one_fix(source: SourceFile, kind: Kind, before: tuple[Diagnostic, ...], item: Diagnostic) -> None:
    """A fix of a file that can be read leaves one that can be read, with a finding less."""
    assert item.fix is not None
    after = SourceFile(source.path, apply_edits(source.text, item.fix.edits), source.encoding, source.bom)
    document = parse(after)
    assert not document.problems, (item, after.text)
    if MARKER not in source.text:
        # Of two blocks one in the other only the outer one's indentation is told; then comes the other's turn.
        was, now = (
            sum((other.code, other.message) == (item.code, item.message) for other in said)
            for said in (before, _check(after, kind).diagnostics)
        )
        assert now < was, (item, after.text)


#: The targets by name.
TARGETS: dict[str, Target] = {
    "check": checking,
    "parsers": parsers,
    "scalars": scalars,
    "references": references,
    "powershell": powershell,
    "suppressions": suppressions,
    "fixes": fixing,
    "documents": documents,
    "editing": editing,
    "reports": reports,
    "settings": settings,
    "baselines": baselines,
    "ignoring": ignoring,
    "catalogs": catalogs,
    "cached": cached,
}
