"""Selection that grows: a word, a `{{...}}`, a value, its entry, the mapping and the list that it is in, the file."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.diagnostics import Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import DOUBLE, SINGLE, Scalar
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

_WORD = lazy(r"[\w-]+")
_LINE = lazy(r"\S[^\r\n]*")


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)(_selections)


async def _selections(ls: Server, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    view = await ls.view(params.text_document.uri)
    if view is None:
        return None
    return await ls.worker.start(lambda: [_grown(ls, view, position) for position in params.positions])


def _grown(ls: Server, view: View, position: types.Position) -> types.SelectionRange:
    """The selections at a place, the smallest first, each inside the next one."""
    source = view.source
    offset = ls.offset_in(source, position)
    spans = [Span(offset, offset)]
    for span in sorted(_around(view, offset), key=lambda span: span.end - span.start):
        inner = spans[-1]
        if span.start <= inner.start and inner.end <= span.end and span != inner:
            spans.append(span)
    grown = types.SelectionRange(range_in(source, Span(0, len(source.text)), ls.encoding))
    for span in reversed(spans[1:-1]):
        grown = types.SelectionRange(range_in(source, span, ls.encoding), grown)
    return grown


def _around(view: View, offset: int) -> Iterator[Span]:
    source = view.source
    line = source.position(offset).line
    start, end = source.line_starts[line], source.line_end(line)
    for pattern in (_WORD, _LINE):
        for match in pattern.finditer(source.text, start, end):
            if match.start() <= offset <= match.end():
                yield Span(match.start(), match.end())
    reference = view.reference_at(offset)
    if reference is not None:
        yield reference.scalar.span_of(reference.content.start, reference.content.end)
        yield reference.span
    spot = view.at(offset)
    if isinstance(spot.scalar, Scalar):
        yield spot.scalar.span
        if spot.scalar.style in (SINGLE, DOUBLE):
            yield Span(spot.scalar.start + 1, spot.scalar.end - 1)
    if spot.entry is not None:
        yield spot.entry.span
    for node in spot.ancestors:
        yield node.span
        for entry in getattr(node, "entries", ()):
            if entry.span.start <= offset <= entry.span.end:
                yield entry.span
    yield Span(0, len(source.text))
