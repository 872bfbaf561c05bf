"""Base64 in a text: what it decodes to, and where each of its characters came from.

Offsets count code points of the text that is searched, from 0, half open. Only text is decoded, in UTF-8 or
UTF-16 (little endian), never more than :data:`MAXIMUM` bytes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from devbox_lint.startup import lazy

#: How many characters of base64 are decoded in one text; the rest is passed over.
MAXIMUM = 300_000
#: Shorter runs hold no credential.
SHORTEST = 16
#: A run may be shorter where the mark at its end tells that it is base64.
_SHORTEST_PADDED = 10
#: Base64 in base64 in base64: no deeper.
DEPTH = 3

_FIRST = r"[A-Za-z0-9+/_-]{16,}+"
_RUN = lazy(
    rf"{_FIRST}(?:[ \t]*+\r?\n[ \t]*+{_FIRST})*+(?:[ \t]*+\r?\n[ \t]*+[A-Za-z0-9+/_-]{{1,200}}+(?![^\s=]))?={{0,2}}"
    r"|(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{10,15}={1,2}"
)
_WHOLE = lazy(r"[A-Za-z0-9+/_\s-]{40,}+={0,2}\s*+")
_BASE64 = lazy(r"[A-Za-z0-9+/_-]{8,4000}+={0,2}")
_BLANKS = frozenset(" \t\r\n")
_URL_SAFE = str.maketrans("-_", "+/")
_URL_SAFE_BYTES = bytes.maketrans(b"-_", b"+/")
_TO_BLANKS = bytes(
    byte if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "+/_-=") else 0x20 for byte in range(256)
)
#: All bytes but those of text in UTF-8, and the zeros of UTF-16.
_TEXT_BYTES = bytes(byte for byte in range(256) if byte >= 0x20 or byte in b"\0\t\n\r")
_CONTROLS = frozenset(chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127))


class Decoded:
    """The text that a run of base64 stands for."""

    __slots__ = ("_places", "_run", "_width", "end", "start", "text")

    def __init__(self, run: str, start: int, end: int, text: str, width: int) -> None:
        self.start = start
        self.end = end
        self.text = text
        self._run = run
        #: The bytes of one character: 1 in UTF-8, as far as it is ASCII, 2 in UTF-16.
        self._width = width
        self._places: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters of base64 stand that hold ``text[start:end]``, in the text that was searched."""
        first = self._bytes_before(start) * 8 // 6
        last = -(-self._bytes_before(end) * 8 // 6)
        if self._places is None:
            self._places = [index for index, character in enumerate(self._run) if character not in _BLANKS]
        return self.start + self._places[first], self.start + self._places[last - 1] + 1

    def _bytes_before(self, offset: int) -> int:
        if self._width == 2 or self.text.isascii():
            return self._width * offset
        return len(self.text[:offset].encode())


def find_beginnings(text: str) -> tuple[str, ...]:
    """The first characters of each run that may be base64 of a text, so that other parts need not be searched."""
    found: set[bytes] = set()
    words = text.encode("ascii", "replace").translate(_TO_BLANKS).split()
    for word in {word for word in words if len(word) >= _SHORTEST_PADDED}:
        *padded, rest = word.split(b"=")
        if len(rest) >= SHORTEST and _begins_with_text(rest):
            found.add(rest[:_SHORTEST_PADDED])
        for run in padded:
            if len(run) >= _SHORTEST_PADDED and _begins_with_text(run):
                found.add(run[:_SHORTEST_PADDED])
    return tuple(beginning.decode() for beginning in found)


def _begins_with_text(run: bytes) -> bool:
    head = (run[:SHORTEST] if len(run) > SHORTEST else run[:8]).translate(_URL_SAFE_BYTES)
    data = binascii.a2b_base64(head)
    if data.translate(None, _TEXT_BYTES):
        return False
    return data.isascii() or _is_beginning(data)


def _is_beginning(data: bytes) -> bool:
    """Whether ``data`` may be the beginning of UTF-8, the last character of which may be cut, or is UTF-16."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3 or data[1::2].count(0) > 1
    return True


def find_base64(text: str) -> Iterator[Decoded]:
    """The runs of base64 in ``text`` that decode to text, in order."""
    room = MAXIMUM
    whole = _folded(text)
    if whole is not None:
        yield whole
        return
    for match in _RUN.finditer(text):
        run = match.group()
        if not _begins_with_text(run.encode()):
            continue
        room -= len(run)
        if room < 0:
            return
        decoded = _decode(run)
        if decoded is not None:
            yield Decoded(run, match.start(), match.end(), *decoded)


def decode(text: str) -> str | None:
    """What a text decodes to that is base64 as a whole; None for any other text."""
    decoded = _decode(text) if _BASE64.fullmatch(text) else None
    return None if decoded is None else decoded[0]


def _folded(text: str) -> Decoded | None:
    """A text that is nothing but lines of base64, which folding has joined with blanks."""
    if " " not in text or len(text) > MAXIMUM or not _WHOLE.fullmatch(text):
        return None
    first, *rest = text.split()
    if (
        not rest
        or len(first) < SHORTEST
        or any(len(line) != len(first) for line in rest[:-1])
        or len(rest[-1]) > len(first)
    ):
        return None
    decoded = _decode(text)
    return None if decoded is None else Decoded(text.rstrip(), 0, len(text), *decoded)


def _decode(run: str) -> tuple[str, int] | None:
    """The text and the bytes of one character, None where it is no base64 of a text."""
    packed = "".join(run.split()).rstrip("=").translate(_URL_SAFE)
    # A word is no base64, however long: text has blanks, digits or marks, which give capitals and digits.
    if len(packed) % 4 == 1 or packed.islower() or packed.isupper():
        return None
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4))
    except (ValueError, binascii.Error):
        return None
    if data[1::2].count(0) * 4 > len(data) and len(data) % 2 == 0:
        return _text(data, "utf-16-le", 2)
    return _text(data, "utf-8", 1)


def _text(data: bytes, encoding: str, width: int) -> tuple[str, int] | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if not _CONTROLS.isdisjoint(text) or not all(ord(character) < 0xD800 or character > "\ue000" for character in text):
        return None
    if width == 2 and any(ord(character) > 0xFFFF for character in text):
        return None
    return text, width
