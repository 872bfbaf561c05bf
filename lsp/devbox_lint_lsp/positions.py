"""Offsets of the engine as positions of the Language Server Protocol, and back.

The engine counts code points. The protocol (3.17, "Position") counts lines from 0 and, within a line, code units
of an encoding that client and server agree on: UTF-16 unless they agree on another. A position past the end of
its line means the end of the line, before its line break, and one past the last line the end of the text.
"""

from __future__ import annotations

from enum import Enum

from devbox_lint.diagnostics import Span
from devbox_lint.records import NamedTuple
from devbox_lint.source import SourceFile


class PositionEncoding(Enum):
    """What a column counts; the values are those of the protocol's ``positionEncodings``."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    UTF_32 = "utf-32"


class ClientPosition(NamedTuple):
    """A place as a client sees it: line and column from 0, the column in code units."""

    line: int
    character: int


class ClientRange(NamedTuple):
    """A span as a client sees it, ``end`` not included."""

    start: ClientPosition
    end: ClientPosition


def position_of(source: SourceFile, offset: int, encoding: PositionEncoding) -> ClientPosition:
    """Where a client sees the offset."""
    line, column = source.position(offset)
    start = source.line_starts[line]
    return ClientPosition(line, _units(source.text[start : start + column], encoding))


def range_of(source: SourceFile, span: Span, encoding: PositionEncoding) -> ClientRange:
    """What a client sees as the span."""
    return ClientRange(position_of(source, span.start, encoding), position_of(source, span.end, encoding))


def offset_of(source: SourceFile, position: ClientPosition, encoding: PositionEncoding) -> int:
    """The offset that a client means; one inside a character is that character's start."""
    if position.line >= len(source.line_starts):
        return len(source.text)
    start = source.line_starts[position.line]
    units = 0
    for column, character in enumerate(source.line_text(position.line)):
        units += _units(character, encoding)
        if units > position.character:
            return start + column
    return source.line_end(position.line)


def _units(text: str, encoding: PositionEncoding) -> int:
    if encoding is PositionEncoding.UTF_32 or text.isascii():
        return len(text)
    # A lone surrogate, which JSON can carry, takes what it would in an escaped form.
    if encoding is PositionEncoding.UTF_16:
        return len(text) + sum(character > "\uffff" for character in text)
    return len(text.encode("utf-8", "surrogatepass"))
