"""Finds tokens and keys by their form. Offsets count code points of the text that is searched, from 0, half open.

Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from devbox_lint.credentials.formats import ACCESS_TOKENS, TokenFormat
from devbox_lint.credentials.service_formats import SERVICE_KEYS
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


#: Every form; those of services follow those of access tokens.
FORMATS: tuple[TokenFormat, ...] = (*ACCESS_TOKENS, *SERVICE_KEYS)


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


# The old tokens of Azure DevOps have no mark but 52 letters and digits in a row, which translating to one
# letter finds fastest.
_LETTERS = bytes(0x61 if chr(byte).isascii() and chr(byte).isalnum() else 0x20 for byte in range(256))
_RUN = b"a" * 52
_MARKS = Marks(mark for form in FORMATS for mark in form.marks)


def may_hold_token(text: str) -> bool:
    """A cheap test that is never wrong when it says no."""
    return bool(_MARKS.found_in(text)) or _RUN in text.encode("ascii", "replace").translate(_LETTERS)


def find_tokens(text: str) -> list[Token]:
    """The tokens in ``text``, in order, none inside another; weak forms included, fillers such as ``ghp_xxx`` not."""
    if not may_hold_token(text):
        return []
    found: list[Token] = []
    for form in FORMATS:
        if form.marks and not any(mark in text for mark in form.marks):
            continue
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
    return len(set(lowered)) < 8 or "0123456789" in lowered or "1234567890" in lowered or "abcdefghij" in lowered


_LONG_WORD = lazy(r"[A-Za-z0-9]{20,}+")


def may_be_shown(text: str) -> bool:
    """Whether a text of the file may stand in a message: it is short and holds nothing like a token."""
    if len(text) > 100 or find_tokens(text):
        return False
    return not any(word.isalnum() and not word.isalpha() for word in _LONG_WORD.findall(text))
