"""Cuts a PowerShell script into tokens: words, strings, brackets, separators.

Offsets count code points of the script from 0, half open; comments and blanks are left out. Tokens that
touch belong to one word of PowerShell. Nothing raises, and time is linear in the script's length.
"""

from __future__ import annotations

from enum import Enum

from devbox_lint.powershell.regions import RegionKind, find_regions
from devbox_lint.startup import NamedTuple, lazy


class TokenKind(Enum):
    """What a token is; the value says what it stands for where that is always the same."""

    WORD = "word"
    STRING = "string"
    HERE_STRING = "here-string"
    OPEN = "opening bracket"
    CLOSE = "closing bracket"
    #: A line break or ``;``.
    END = "end of a statement"
    PIPE = "|"
    #: ``&&`` or ``||``.
    CHAIN = "chain operator"
    COMMA = ","
    CALL = "&"
    REDIRECTION = "redirection"


class Token(NamedTuple):
    """A piece of a script; ``text`` is as written, quotes included."""

    kind: TokenKind
    start: int
    end: int
    text: str


_TOKEN = lazy(
    r"(?P<raw>(?<=[ \t])--%(?=[ \t])[^\r\n|]*+)"
    r"|(?P<blank>[ \t\f\v\xa0]++|`(?:\r\n?|\n))"
    r"|(?P<END>\r\n?|\n|;)"
    r"|(?P<CHAIN>&&|\|\|)"
    r"|(?P<PIPE>\|)"
    r"|(?P<CALL>&)"
    r"|(?P<COMMA>,)"
    r"|(?P<OPEN>[$@]?\(|@?\{)"
    r"|(?P<CLOSE>[)}])"
    r"|(?P<REDIRECTION>(?:[1-6*]?>{1,2}(?:&[12])?|<))"
    # A variable in braces is a word, and so is what a backtick keeps from being a mark.
    r"|(?P<WORD>(?:\$\{[^{}\r\n]*+\}|`[^\r\n]|[$@](?![({])|[^\s`$@;|&(){},<>])++|[$@`])"
)
_KINDS = {kind.name: kind for kind in TokenKind} | {"raw": TokenKind.WORD}


def find_tokens(script: str) -> list[Token]:
    """The tokens of ``script`` in order."""
    found: list[Token] = []
    for region in find_regions(script):
        if region.kind is RegionKind.COMMENT:
            continue
        if region.kind is not RegionKind.CODE:
            kind = TokenKind.STRING if region.kind is RegionKind.STRING else TokenKind.HERE_STRING
            found.append(Token(kind, region.start, region.end, script[region.start : region.end]))
            continue
        for match in _TOKEN.finditer(script, region.start, region.end):
            name = match.lastgroup or "WORD"
            if name != "blank":
                found.append(Token(_KINDS[name], match.start(), match.end(), match.group()))
    return found
