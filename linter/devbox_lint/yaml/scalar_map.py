"""Where the characters of a scalar's value stand in the source.

:func:`decode` reads a scalar of any of YAML's five styles (YAML 1.2, chapters 7 and 8) and keeps the place
of each character. Line breaks are ``\\n``, ``\\r\\n`` and a lone ``\\r``, each one ``\\n`` of the value;
U+0085, U+2028 and U+2029 are characters like any other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

from devbox_lint.diagnostics import Span
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import DOUBLE, FOLDED, LITERAL, PLAIN, SINGLE, OffsetMap, Scalar

_BREAK = lazy(r"\r\n?|\n")
# What is not its own value: breaks in every style, doubled quotes in one, escapes in the other. The digits
# of an escape come first, so that `\x4` (one digit short) is met as an unknown escape.
_SPECIAL = {
    PLAIN: _BREAK,
    SINGLE: re.compile(r"''|\r\n?|\n"),
    DOUBLE: re.compile(
        r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r\n?|[^\r])|\r\n?|\n"
    ),
}  # fmt: skip
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028",
    "P": "\u2029",
}  # fmt: skip
# White space up to the next content, and the break where the line has none.
_FLOW_LINE = lazy(r"[ \t]*(\r\n?|\n)?")
_BLANK_LINE = lazy(r"([ \t]*)(?:\r\n?|\n|\Z)")
_SPACES = lazy(r" *")
_HEAD = lazy(r"[|>]([-+1-9]{0,2})[^\r\n]*(?:\r\n?|\n)?")
_DOCUMENT_MARKER = lazy(r"(?:---|\.\.\.)(?![^ \t\r\n])")


class Decoded(NamedTuple):
    """A scalar's value; its character ``k`` stands at ``text[starts[k]:ends[k]]``.

    What stands for no character (quotes, indentation, white space at the end of a folded line, an escaped line
    break, a folded break before blank lines) is in no range.
    """

    value: str
    starts: Sequence[int]
    ends: Sequence[int]


def decode(text: str, start: int, end: int, style: str, indent: int) -> Decoded:
    """The value of the scalar at ``text[start:end]``, quotes and block-scalar head included; never raises.

    ``indent`` is the column of the mapping or sequence that holds the scalar, -1 at the root. Of a block
    scalar only the start counts: blank lines after ``end`` may belong to its value. An escape that YAML
    does not know stands for its own characters.
    """
    if style in (LITERAL, FOLDED):
        return _decode_block(text, start, style == FOLDED, indent)
    end = min(end, len(text))
    if style in (SINGLE, DOUBLE):
        start += 1
        if start < end and text.startswith(style, end - 1):
            end -= 1
    special = _SPECIAL.get(style, _BREAK)
    if special.search(text, start, end) is None:
        value = text[start:end]
        return Decoded(value, range(start, start + len(value)), range(start + 1, start + 1 + len(value)))
    return _decode_flow(text, start, end, special)


def map_scalar(text: str, start: int, end: int, style: str, indent: int) -> OffsetMap:
    """The map of the scalar that :func:`decode` would read there, in offsets of ``text``."""
    _, starts, ends = decode(text, start, end, style, indent)
    if style in (LITERAL, FOLDED):
        return _Map(starts, ends, end)
    return _Map(starts, ends, min(start + 1, end) if style else start)


class ScalarMaps:
    """Builds the maps of the scalars of one text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, scalar: Scalar) -> OffsetMap:
        return map_scalar(self.text, scalar.start, scalar.end, scalar.style, scalar.indent)


class _Map:
    """The places of a value; ``place`` is where an empty value's characters would stand."""

    __slots__ = ("_ends", "_place", "_starts")

    def __init__(self, starts: Sequence[int], ends: Sequence[int], place: int) -> None:
        self._starts = starts
        self._ends = ends
        self._place = place

    def span(self, start: int, end: int) -> Span:
        """The source span of ``value[start:end]``; an empty slice is at the character that follows it."""
        length = len(self._starts)
        end = min(end, length)
        if start < end:
            return Span(self._starts[start], self._ends[end - 1])
        place = self._place
        if length:
            place = self._starts[start] if start < length else self._ends[length - 1]
        return Span(place, place)


class _Starts(Sequence[int]):
    """The start of each character, kept piece by piece.

    A piece is a run of characters that stand one after another in the source. Each is one character wide
    there but the last, which reaches to the piece's stop: so a line with its break is one piece, and so is
    a run with the escape after it. ``offsets`` has each piece's start in the value, and the value's length.
    """

    __slots__ = ("_offsets", "_sources", "_stops")

    def __init__(self, offsets: list[int], sources: list[int], stops: list[int]) -> None:
        self._offsets = offsets
        self._sources = sources
        self._stops = stops

    def __len__(self) -> int:
        return self._offsets[-1]

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self._at(each) for each in range(self._offsets[-1])[index]]
        return self._at(range(self._offsets[-1])[index])

    def _at(self, index: int) -> int:
        piece = bisect_right(self._offsets, index) - 1
        return self._sources[piece] + index - self._offsets[piece]


class _Ends(_Starts):
    """The end of each character, kept piece by piece."""

    __slots__ = ()

    def _at(self, index: int) -> int:
        piece = bisect_right(self._offsets, index) - 1
        if index + 1 == self._offsets[piece + 1]:
            return self._stops[piece]
        return self._sources[piece] + index - self._offsets[piece] + 1


class _Pieces:
    """Collects a value piece by piece, in order."""

    __slots__ = ("_offsets", "_sources", "_stops", "_values")

    def __init__(self) -> None:
        self._values: list[str] = []
        self._offsets = [0]
        self._sources: list[int] = []
        self._stops: list[int] = []

    def add(self, value: str, source: int, stop: int) -> None:
        """Append ``value``, which starts at ``source``; its last character reaches to ``stop``."""
        if value:
            self._values.append(value)
            self._offsets.append(self._offsets[-1] + len(value))
            self._sources.append(source)
            self._stops.append(stop)

    def add_breaks(self, breaks: list[tuple[int, int]]) -> None:
        """Append a line break for each of the source's breaks."""
        for start, end in breaks:
            self.add("\n", start, end)

    def decoded(self) -> Decoded:
        places = (self._offsets, self._sources, self._stops)
        return Decoded("".join(self._values), _Starts(*places), _Ends(*places))


def _decode_flow(text: str, start: int, end: int, special: re.Pattern[str]) -> Decoded:
    """Decode plain or quoted ``text[start:end]``, quotes excluded."""
    pieces = _Pieces()
    position = start
    while match := special.search(text, position, end):
        at, position = match.span()
        found = match.group()
        if found[0] in "\r\n":
            run = text[start:at].rstrip(" \t")
            following, breaks = _skip_blank_lines(text, position, end)
            pieces.add(run, start, start + len(run))
            if breaks:
                pieces.add_breaks(breaks)
            else:
                pieces.add(" ", at, position)
            start = position = following
        elif found[1] in "\r\n":
            # An escaped break: the white space before it stays and no space is put in its place.
            pieces.add(text[start:at], start, at)
            start, breaks = _skip_blank_lines(text, position, end)
            pieces.add_breaks(breaks)
            position = start
        elif character := "'" if found == "''" else _unescape(found):
            pieces.add(text[start:at] + character, start, position)
            start = position
    pieces.add(text[start:end], start, end)
    return pieces.decoded()


def _skip_blank_lines(text: str, position: int, end: int) -> tuple[int, list[tuple[int, int]]]:
    """From a line's start: the offset of the next content, and the breaks of the blank lines before it."""
    breaks: list[tuple[int, int]] = []
    while match := _FLOW_LINE.match(text, position, end):
        position = match.end()
        if match.group(1) is None:
            break
        breaks.append(match.span(1))
    return position, breaks


def _unescape(escape: str) -> str | None:
    """The character that an escape stands for, None where YAML knows no such escape."""
    if len(escape) == 2:
        return _ESCAPES.get(escape[1])
    code = int(escape[2:], 16)
    return chr(code) if code <= 0x10FFFF else None


def _decode_block(text: str, start: int, folded: bool, indent: int) -> Decoded:
    """Decode the literal or folded scalar whose head is at ``start``, up to a less indented line."""
    pieces = _Pieces()
    head = _HEAD.match(text, start)
    if head is None:
        return pieces.decoded()
    marks = head.group(1)
    position = head.end()
    digit = marks.strip("+-")
    # libyaml and the pure parser both count an explicit indentation from column 0 at the root.
    content = max(indent, 0) + int(digit[0]) if digit else max(indent + 1, _find_indentation(text, position))
    margin = " " * content
    blank: list[tuple[int, int]] = []
    # The last content line is added when what follows it is known: that decides on its break.
    line, at, following, spaced = "", position, position, False
    while position < len(text):
        match = _BREAK.search(text, position)
        line_end, next_line = match.span() if match else (len(text), len(text))
        characters = text[position:line_end]
        # A tab on a line without content counts as a space: the parsers refuse it, people do not see it.
        if not characters.startswith(margin) and characters.strip(" \t"):
            break
        if len(characters) <= content:
            if match is None:
                break
            blank.append((line_end, next_line))
        else:
            # The pure parser, which reads all text blocks at the root, takes the first line as it is.
            if content == 0 and line and _DOCUMENT_MARKER.match(text, position):
                break
            spaced_before, spaced = spaced, characters[content] in " \t"
            if line:
                if not folded or spaced or spaced_before:
                    pieces.add(line + "\n", at, following)
                elif blank:
                    pieces.add(line, at, at + len(line))
                else:
                    pieces.add(line + " ", at, following)
            pieces.add_breaks(blank)
            blank = []
            line, at, following = characters[content:], position + content, next_line
        position = next_line
    if "-" not in marks and at + len(line) < following:
        line += "\n"
    else:
        following = at + len(line)
    pieces.add(line, at, following)
    if "+" in marks:
        pieces.add_breaks(blank)
    return pieces.decoded()


def _find_indentation(text: str, position: int) -> int:
    """The indentation of a block scalar without explicit one: most spaces up to the first content."""
    most = 0
    while position < len(text) and (match := _BLANK_LINE.match(text, position)):
        most = max(most, match.end(1) - position)
        position = match.end()
    spaces = _SPACES.match(text, position)
    return max(most, spaces.end() - position) if spaces else most
