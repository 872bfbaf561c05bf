"""The text of one file: its encoding, its lines, and the way from an offset to a line and a column.

Offsets and columns count code points from 0 and lines count from 0, unless a name says otherwise.
Lines end at ``\\n``, ``\\r\\n`` or a lone ``\\r`` and nowhere else (YAML 1.2, section 5.4; also the
Language Server Protocol): ``str.splitlines`` would split at form feeds and U+2028 too.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from itertools import accumulate

from devbox_lint.startup import NamedTuple, lazy

_LINE_BREAK = lazy(r"\r\n?|\n")
_BYTE_ORDER_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Position(NamedTuple):
    """A place in a text: line and column from 0, the column in code points."""

    line: int
    column: int


#: Longer texts, in code points, are not checked: the longest real file has 60,000.
MAXIMUM_LENGTH = 1_000_000
#: No more of a file is read, in bytes: four for each character that may be checked, and one to see that there are more.
MOST_READ = 4 * MAXIMUM_LENGTH + 1


def is_script(path: str) -> bool:
    """Whether a file is PowerShell, by its name."""
    return path[-4:].lower() == ".ps1"


class SourceFile:
    """One file as text.

    ``text`` has no byte order mark and its line breaks are as in the file. Bytes that cannot be decoded
    stand in it as U+FFFD, one for each byte; ``undecodable`` has (offset in the text, offset in the bytes,
    the byte) of each, and such a file must not be written back.
    """

    __slots__ = ("_starts", "bom", "encoding", "path", "text", "undecodable")

    def __init__(
        self,
        path: str,
        text: str,
        encoding: str = "utf-8",
        bom: bytes = b"",
        undecodable: tuple[tuple[int, int, int], ...] = (),
    ) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom
        self.undecodable = undecodable
        self._starts: list[int] | None = None

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> SourceFile:
        """Decode ``data``: by its byte order mark, else UTF-16 by its zero bytes, else UTF-8. Never raises.

        A script that is not valid UTF-8 is in some ANSI code page: each byte is then read as a character of Latin-1,
        so that places are right and the file can be written back.
        """
        encoding, bom = _detect(data)
        body = data[len(bom) :]
        try:
            return cls(path, body.decode(encoding), encoding, bom)
        except UnicodeDecodeError:
            if not bom and encoding == "utf-8" and is_script(path):
                return cls(path, body.decode("latin-1"), "latin-1")
            text, undecodable = _decode_what_can_be(body, encoding, len(bom))
            return cls(path, text, encoding, bom, undecodable)

    def is_same(self, other: SourceFile) -> bool:
        """Whether another file has the same path and the same bytes."""
        return (self.path, self.text, self.encoding, self.bom, self.undecodable) == (
            other.path, other.text, other.encoding, other.bom, other.undecodable,
        )  # fmt: skip

    def encode(self, text: str) -> bytes:
        """The bytes of ``text`` in this file's encoding, with its byte order mark."""
        return self.bom + text.encode(self.encoding)

    @property
    def line_starts(self) -> list[int]:
        """The offset at which each line starts; there is at least one line."""
        starts = self._starts
        if starts is None:
            starts = self._starts = _line_starts(self.text)
        return starts

    def position(self, offset: int) -> Position:
        """Where ``offset`` is; offsets past the end are the end."""
        starts = self.line_starts
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(starts, offset) - 1
        return Position(line, offset - starts[line])

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; a column past its line's end is the line's end, before its line break."""
        starts = self.line_starts
        if line >= len(starts):
            return len(self.text)
        return min(starts[line] + column, self.line_end(line))

    def line_end(self, line: int) -> int:
        """The offset of the end of ``line``, before its line break."""
        starts = self.line_starts
        if line + 1 >= len(starts):
            return len(self.text)
        end = starts[line + 1]
        if self.text[end - 1] == "\n":
            end -= 1
            if end > starts[line] and self.text[end - 1] == "\r":
                end -= 1
            return end
        return end - 1

    def line_text(self, line: int) -> str:
        """The text of ``line`` without its line break."""
        return self.text[self.line_starts[line] : self.line_end(line)]

    @property
    def newline(self) -> str:
        """The line break that the file uses: that of its first line, ``\\n`` where it has none."""
        match = _LINE_BREAK.search(self.text)
        return match.group() if match else "\n"


def _line_starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(text))]
    # Nearly all files, in a third of the time.
    *lines, _ = text.split("\n")
    return [0, *accumulate([len(line) + 1 for line in lines])]


def _detect(data: bytes) -> tuple[str, bytes]:
    for bom, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(bom):
            return encoding, bom
    # A customization file starts with ASCII, so UTF-16 without a mark shows as a zero in every second byte.
    head = data[:64]
    if len(head) >= 4 and len(head) % 2 == 0:
        if not any(head[1::2]) and all(head[0::2]):
            return "utf-16-le", b""
        if not any(head[0::2]) and all(head[1::2]):
            return "utf-16-be", b""
    return "utf-8", b""


def _decode_what_can_be(body: bytes, encoding: str, shift: int) -> tuple[str, tuple[tuple[int, int, int], ...]]:
    """Decode with one U+FFFD for each byte that is not part of a character; ``shift`` is added to byte offsets."""
    parts: list[str] = []
    undecodable: list[tuple[int, int, int]] = []
    length = 0
    start = 0
    while start < len(body):
        try:
            part = body[start:].decode(encoding)
            parts.append(part)
            break
        except UnicodeDecodeError as error:
            good = body[start : start + error.start].decode(encoding)
            parts.append(good)
            length += len(good)
            for index in range(start + error.start, start + error.end):
                undecodable.append((length, index + shift, body[index]))
                parts.append("\ufffd")
                length += 1
            start += error.end
    return "".join(parts), tuple(undecodable)
