"""Finds tokens and keys by their form. Offsets count code points of the text that is searched, from 0, half open.

Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from devbox_lint.credentials.formats import ACCESS_TOKENS, TokenFormat
from devbox_lint.credentials.service_formats import SERVICE_KEYS
from devbox_lint.credentials.vendor_formats import VENDOR_KEYS
from devbox_lint.startup import NamedTuple, lazy

# What fewer than every third file has, the rarest first (counted in 1,500 real ones): looking for one character is
# many times quicker than looking for several.
_RARE = "^?%`Q*&YZ!X@[];+~9J()=7K{}jO,8NGq|4EHL"


class Marks:
    """Texts, in groups that share a character or a beginning without which none of them is there."""

    __slots__ = ("_groups",)

    def __init__(self, marks: Iterable[str]) -> None:
        groups: dict[str, list[str]] = {}
        for mark in dict.fromkeys(marks):
            rare = [character for character in _RARE if character in mark]
            groups.setdefault(rare[0] if rare else mark[:2], []).append(mark)
        self._groups = tuple(
            # One mark alone is found as soon as its beginning.
            (start if len(start) == 1 or len(group) > 1 else group[0], tuple(group))
            for start, group in groups.items()
        )

    def found_in(self, text: str) -> list[str]:
        """Those that ``text`` holds."""
        found = []
        for start, group in self._groups:
            if start in text:
                for mark in group:
                    if mark in text:
                        found.append(mark)
        return found


#: Every form; those of services and vendors follow those of access tokens.
FORMATS: tuple[TokenFormat, ...] = (*ACCESS_TOKENS, *SERVICE_KEYS, *VENDOR_KEYS)


class Token(NamedTuple):
    """A token in a text; ``checksum`` is None where its form has none."""

    format: TokenFormat
    start: int
    end: int
    checksum: bool | None

    @property
    def description(self) -> str:
        """The kind, the public prefix and the length: nothing of what is secret."""
        length = self.end - self.start
        prefix = f"`{self.format.prefix}…`, " if self.format.prefix else ""
        return f"{self.format.name} ({prefix}{length} characters)"


#: A word of at least this many characters may be a token; all forms have one but those with the mark of a password.
_LONG = 20
_TO_WORDS = bytes(
    byte if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "_+/=~.:%@-") else 0x20 for byte in range(256)
)
_DIGITS = b"0123456789"
# The old tokens of Azure DevOps have no mark but 52 letters and digits in a row, which translating to one
# letter finds fastest.
_LETTERS = bytes(0x61 if chr(byte).isascii() and chr(byte).isalnum() else 0x20 for byte in range(256))
_RUN = b"a" * 52
_INSIDE = Marks(mark for form in FORMATS if not form.beside for mark in form.marks)
_BESIDE = Marks(mark for form in FORMATS if form.beside and not form.short for mark in form.marks)
_SHORT = Marks(mark for form in FORMATS if form.short for mark in form.marks)
#: The place of each form in the table by its marks; those without come under an empty one.
_BY_MARK: dict[str, list[int]] = {}
for _index, _form in enumerate(FORMATS):
    for _mark in _form.marks or ("",):
        _BY_MARK.setdefault(_mark, []).append(_index)


def _marks_in(text: str) -> list[str]:
    """The marks in a text that may be of a token."""
    lowered = text.lower()
    found = _SHORT.found_in(lowered)
    data = text.encode("ascii", "replace")
    words = [word for word in data.translate(_TO_WORDS).split() if len(word) >= _LONG]
    if not words:
        return found
    together = b" ".join(words)
    found += _INSIDE.found_in(together.decode())
    if any(len(word) - len(word.translate(None, _DIGITS)) > 1 for word in words):
        found += _BESIDE.found_in(lowered)
    if _RUN in together.translate(_LETTERS):
        found.append("")
    return found


def may_hold_token(text: str) -> bool:
    """A cheap test that is never wrong when it says no."""
    return bool(_marks_in(text))


def find_tokens(text: str) -> list[Token]:
    """The tokens in ``text``, in order, none inside another; weak forms included, fillers such as ``ghp_xxx`` not."""
    found: list[Token] = []
    for index in sorted({index for mark in _marks_in(text) for index in _BY_MARK[mark]}):
        form = FORMATS[index]
        for match in re.finditer(form.pattern, text):
            start, end = match.span("secret" if "secret" in match.re.groupindex else 0)
            token = text[start:end]
            if form.accepts(text, start, end):
                checksum = form.holds(token)
                if checksum or len(token) < 20 or not is_filler(token[len(form.prefix) :]):
                    found.append(Token(form, start, end, checksum))
    found.sort(key=lambda token: (token.start, -token.end))
    apart: list[Token] = []
    for item in found:
        if not apart or item.start >= apart[-1].end:
            apart.append(item)
    return apart


def is_filler(body: str) -> bool:
    """Whether a token's secret part is what documentation writes: few different characters, or the alphabet."""
    lowered = body.lower()
    if body.endswith("EXAMPLE") or "EXAMPLEKEY" in body:
        return True  # as the documentation of AWS writes them
    return len(set(lowered)) < 8 or "0123456789" in lowered or "1234567890" in lowered or "abcdefghij" in lowered


_LONG_WORD = lazy(r"[A-Za-z0-9]{20,}+")


def may_be_shown(text: str) -> bool:
    """Whether a text of the file may stand in a message: it is short and holds nothing like a token."""
    if len(text) > 100 or find_tokens(text):
        return False
    return not any(word.isalnum() and not word.isalpha() for word in _LONG_WORD.findall(text))
