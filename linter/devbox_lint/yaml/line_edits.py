"""Whole lines of a file: which of them a key owns, and how to move or remove them."""

from __future__ import annotations

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import Entry


def entry_span(source: SourceFile, entry: Entry, value_only: bool = False) -> Span:
    """The lines of a block mapping's entry, from the start of the first to the start of the line after the last.

    With ``value_only`` the line of the key is left out; comments between the lines are inside, those after
    them are not.
    """
    first = source.position(entry.value.start if value_only else entry.key.start).line
    last = source.position(max(entry.value.end, entry.key.end)).line
    starts = source.line_starts
    return Span(starts[first], starts[last + 1] if last + 1 < len(starts) else len(source.text))


def shift_lines(source: SourceFile, lines: Span, by: int) -> tuple[Edit, ...]:
    """Edits that indent whole lines by ``by`` columns more, or less where it is negative; empty lines stay."""
    edits = []
    first = source.position(lines.start).line
    for number in range(first, len(source.line_starts)):
        start = source.line_starts[number]
        if start >= lines.end:
            break
        text = source.line_text(number)
        indent = len(text) - len(text.lstrip(" "))
        # A line of blanks may be a part of a text block.
        if not text:
            continue
        if by > 0:
            edits.append(Edit(Span(start, start), " " * by))
        elif by < 0 and indent:
            edits.append(Edit(Span(start, start + min(-by, indent)), ""))
    return tuple(edits)
