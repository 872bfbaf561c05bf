"""Edits of whole lines: taking a key out with its value, and putting keys deeper."""

from __future__ import annotations

from collections.abc import Sequence

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Alias, Entry, walk


class Lines(NamedTuple):
    """Whole lines, counted from 0: ``first`` up to ``end``, which is not one of them."""

    first: int
    end: int


def entry_lines(source: SourceFile, entry: Entry) -> Lines | None:
    """The lines of a key and its value; None where they share one with other things, or hold an anchor."""
    if any(isinstance(node, Alias) or node.anchor is not None for node in walk(entry.value)):
        return None
    first = source.position(entry.key.start).line
    before = source.text[source.line_starts[first] : entry.key.start]
    end = line_after(source, entry)
    if before.strip(" ") or end is None:
        return None
    return Lines(first, end)


def line_after(source: SourceFile, entry: Entry) -> int | None:
    """The line after the value's last one; None where something else than a comment follows on that line."""
    end = entry.span.end
    last = source.position(end).line
    # An empty value ends where its key does, before or after the colon.
    after = source.text[end : source.line_end(last)].lstrip(" \t" if entry.value.end > entry.key.end else " \t:")
    return None if after and not after.startswith("#") else last + 1


def line_start(source: SourceFile, line: int) -> int:
    """The offset at which ``line`` starts, the end of the text for a line after the last one."""
    starts = source.line_starts
    return starts[line] if line < len(starts) else len(source.text)


def removal(source: SourceFile, entry: Entry) -> Edit | None:
    """The edit that takes a key's lines out, None where it has no lines of its own."""
    lines = entry_lines(source, entry)
    if lines is None:
        return None
    return Edit(Span(line_start(source, lines.first), line_start(source, lines.end)), "")


def is_blank(source: SourceFile, first: int, end: int) -> bool:
    """Whether the lines from ``first`` up to ``end`` hold nothing but comments."""
    texts = (source.line_text(line).strip(" \t") for line in range(first, end))
    return all(not text or text.startswith("#") for text in texts)


def move_into(source: SourceFile, blocks: Sequence[Lines], line: int, width: int, head: str) -> tuple[Edit, ...]:
    """The edits that make the lines of ``blocks`` part of the mapping that ends before ``line``.

    Blocks that follow there with nothing but comments between are put ``width`` columns deeper where they
    stand, the others are moved there. ``head`` is text for the start of ``line``.
    """
    inserted: dict[int, str] = {}
    edits: list[Edit] = []
    moved = ""
    if head:
        inserted[line_start(source, line)] = head
    for block in blocks:
        if block.first >= line and is_blank(source, line, block.first):
            for number in range(block.first, block.end):
                if source.line_text(number):
                    start = line_start(source, number)
                    inserted[start] = inserted.get(start, "") + " " * width
            line = block.end
        else:
            moved += _deeper(source, block, width)
            span = Span(line_start(source, block.first), line_start(source, block.end))
            edits.append(Edit(span, ""))
    if moved:
        start = line_start(source, line)
        if line >= len(source.line_starts):
            # The last line has no line break to stand before what is put after it.
            moved = source.newline + moved.removesuffix(source.newline)
        inserted[start] = inserted.get(start, "") + moved
    edits.extend(Edit(Span(start, start), content) for start, content in inserted.items())
    return tuple(sorted(edits))


def _deeper(source: SourceFile, block: Lines, width: int) -> str:
    texts = [source.line_text(number) for number in range(block.first, block.end)]
    return "".join((" " * width + text if text else "") + source.newline for text in texts)
