"""Source lines with a span underlined, exact to the column of a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Span
from devbox_lint.escaping import is_unicode, pieces
from devbox_lint.reports.model import Excerpts
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

#: Terminal columns of source text in a report; longer lines are cut on both sides of the span.
WIDTH = 160
#: Terminal columns of a cut line that stay before the span.
BEFORE = 40
TAB = 4
#: Up to how many lines of a span are shown; of a longer one only the first is.
LINES = 4


class SnippetLine(NamedTuple):
    """One line of a snippet.

    ``number`` counts from 1 and is None where there is no line of the source; the underline is ``length``
    terminal columns wide and starts at ``column``, 0 columns where there is none.
    """

    number: int | None
    text: str
    column: int = 0
    length: int = 0


def snippet(source: SourceFile, span: Span, shown: Excerpts, encoding: str) -> Iterator[SnippetLine]:
    """The line before the span, and the lines of the span."""
    start, end = source.position(span.start), source.position(span.end)
    last, end_column = end
    if span.end > span.start and end_column == 0 and last > start.line:
        # The span ends with a line break: there is nothing to underline in the line that follows.
        last -= 1
        end_column = len(shown.line(last))
    first = start.line
    if first > 0 and (before := shown.line(first - 1)).strip():
        yield SnippetLine(first, _cut(before, 0, 0, encoding).text)
    for number in range(first, last + 1 if last - first < LINES else first + 1):
        text = shown.line(number)
        from_column = start.column if number == first else len(text) - len(text.lstrip())
        to_column = end_column if number == last else len(text)
        if number == first:
            # An empty range, or a line break alone, is shown as one column.
            to_column = max(to_column, from_column + 1)
        cut = _cut(text, from_column, to_column, encoding)
        yield cut._replace(number=number + 1)
    if last - first >= LINES:
        yield SnippetLine(None, f"... to line {last + 1}")


def _cut(text: str, start: int, end: int, encoding: str) -> SnippetLine:
    """``text`` as shown, the columns ``start`` to ``end`` of it underlined; both may be past its end."""
    if len(text) <= WIDTH and text.isascii() and text.isprintable() and "##" not in text and "::" not in text:
        return SnippetLine(None, text.rstrip(), start, max(end - start, 0))
    cut_before = cut_after = False
    if len(text) > 4 * WIDTH:
        # Far from the span there is nothing to show, so nothing to measure.
        first = max(min(start, len(text)) - WIDTH, 0)
        cut_before = first > 0
        cut_after = len(text) > first + 4 * WIDTH
        text = text[first : first + 4 * WIDTH]
        start -= first
        end -= first
    cells = _cells(text, encoding)
    widths = [width for _, width in cells]
    column = sum(widths[:start]) + max(start - len(widths), 0)
    length = sum(widths[start:end]) + max(end - max(start, len(widths)), 0)
    if end > start:
        # A combining character takes no column of its own.
        length = max(length, 1)
    if sum(widths) <= WIDTH and not cut_before and not cut_after:
        return SnippetLine(None, "".join(shown for shown, _ in cells).rstrip(), column, length)
    return _window(cells, column, length, cut_before, cut_after, encoding)


def _window(
    cells: list[tuple[str, int]], column: int, length: int, cut_before: bool, cut_after: bool, encoding: str
) -> SnippetLine:
    """The part of a long line around the span, with an ellipsis where something is left out."""
    ellipsis = "…" if is_unicode(encoding) else "..."
    total = sum(width for _, width in cells)
    left = max(min(column - BEFORE, total - WIDTH), 0)
    parts: list[str] = []
    at = 0
    begin = -1
    size = 0
    for shown, width in cells:
        if at >= left and at - left + width <= WIDTH:
            if begin < 0:
                begin = at
            parts.append(shown)
            size = at + width - begin
        at += width
    begin = max(begin, 0)
    before = ellipsis if cut_before or begin > 0 else ""
    after = ellipsis if cut_after or begin + size < total else ""
    underlined = max(min(column + length, begin + size) - max(column, begin), 1)
    text = (before + "".join(parts)).rstrip() + after
    return SnippetLine(None, text, len(before) + column - begin, underlined if length else 0)


def _cells(text: str, encoding: str) -> list[tuple[str, int]]:
    """What is shown for each character, and how many terminal columns it takes."""
    from unicodedata import category, east_asian_width

    cells: list[tuple[str, int]] = []
    column = 0
    for character, piece in zip(text, pieces(text, encoding), strict=True):
        shown = piece
        if character == "\t":
            shown = " " * (TAB - column % TAB)
            width = len(shown)
        elif len(piece) > 1 or piece.isascii():
            width = len(piece)
        elif category(piece) in ("Mn", "Me"):
            width = 0
        else:
            width = 2 if east_asian_width(piece) in "WF" else 1
        cells.append((shown, width))
        column += width
    return cells
