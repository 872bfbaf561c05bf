"""What is code, comment or string in a PowerShell script.

Offsets count code points of the script from 0, half open. Time is linear in the script's length. A string
that nothing ends reaches to the end of the script, so that what follows is not taken for code.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from functools import lru_cache

from devbox_lint.startup import NamedTuple, lazy


class RegionKind(Enum):
    """What a stretch of a script is."""

    CODE = "code"
    COMMENT = "comment"
    STRING = "string"
    HERE_STRING = "here-string"


class Region(NamedTuple):
    """A stretch of a script, quotes and comment marks included; the regions of a script leave no gap."""

    kind: RegionKind
    start: int
    end: int


# PowerShell takes typographic quotes for plain ones (about_Quoting_Rules).
_SINGLE = "'‘’‚‛"
_DOUBLE = '"“”„'
_INTEREST = lazy(rf"`(?s:.)|<#|#|@[{_SINGLE}{_DOUBLE}][ \t]*+(?=[\r\n])|[{_SINGLE}{_DOUBLE}]")
_SINGLE_STRING = lazy(rf"[{_SINGLE}](?:[^{_SINGLE}]++|[{_SINGLE}]{{2}})*+[{_SINGLE}]?")
_IN_DOUBLE = lazy(rf"`(?s:.)|[{_DOUBLE}]{{1,2}}|\$\(|[()]|[{_SINGLE}]")
_SINGLE_END = lazy(rf"[\r\n][ \t]*+[{_SINGLE}]@")
_DOUBLE_END = lazy(rf"[\r\n][ \t]*+[{_DOUBLE}]@")
_LINE_END = lazy(r"[\r\n]")
# A `#` starts a comment only where a word may start: `foo#bar` is a word.
_BEFORE_COMMENT = frozenset(" \t\r\n;|&(){}[],=")


@lru_cache(maxsize=16)
def find_regions(script: str) -> tuple[Region, ...]:
    """The regions of ``script`` in order."""
    found: list[Region] = []
    code = at = 0
    length = len(script)
    while True:
        match = _INTEREST.search(script, at)
        if match is None:
            break
        mark, start = match.group(), match.start()
        at = match.end()
        if mark[0] == "`":
            continue
        kind = RegionKind.STRING
        if mark == "<#":
            end = script.find("#>", at)
            kind, at = RegionKind.COMMENT, length if end < 0 else end + 2
        elif mark == "#":
            if start > 0 and script[start - 1] not in _BEFORE_COMMENT:
                continue
            line_end = _LINE_END.search(script, at)
            kind, at = RegionKind.COMMENT, length if line_end is None else line_end.start()
        elif mark[0] == "@":
            ending = (_SINGLE_END if mark[1] in _SINGLE else _DOUBLE_END).search(script, at)
            kind, at = RegionKind.HERE_STRING, length if ending is None else ending.end()
        elif mark in _SINGLE:
            at = _end_of_single(script, start)
        else:
            at = _end_of_double(script, at)
        if start > code:
            found.append(Region(RegionKind.CODE, code, start))
        found.append(Region(kind, start, at))
        code = at
    if code < length:
        found.append(Region(RegionKind.CODE, code, length))
    return tuple(found)


def region_at(script: str, offset: int) -> Region:
    """The region that holds ``offset``; an offset outside is taken for code."""
    regions = find_regions(script)
    index = bisect_right(regions, offset, key=lambda region: region.start) - 1
    return regions[index] if index >= 0 else Region(RegionKind.CODE, 0, len(script))


def is_comment(script: str, offset: int) -> bool:
    """Whether ``offset`` is inside a comment."""
    return region_at(script, offset).kind is RegionKind.COMMENT


def _end_of_single(script: str, start: int) -> int:
    match = _SINGLE_STRING.match(script, start)
    return match.end() if match else len(script)


def _end_of_double(script: str, at: int) -> int:
    """Where the string ends whose opening quote is before ``at``; ``$(...)`` in it may hold strings again."""
    # One entry a level: -1 for a string, else the open parentheses of a subexpression.
    levels = [-1]
    while True:
        match = _IN_DOUBLE.search(script, at)
        if match is None:
            return len(script)
        mark, at = match.group(), match.end()
        level = levels[-1]
        if mark[0] in _DOUBLE:
            if level >= 0:
                levels.append(-1)
                at = match.start() + 1
            elif len(mark) == 1:
                levels.pop()
                if not levels:
                    return at
        elif mark == "$(":
            levels.append(1) if level < 0 else levels.append(levels.pop() + 1)
        elif level >= 0:
            if mark == "(":
                levels[-1] += 1
            elif mark == ")":
                levels[-1] -= 1
                if not levels[-1]:
                    levels.pop()
            elif mark in _SINGLE:
                at = _end_of_single(script, match.start())
