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
    """A stretch of a script, quotes and comment marks included; the regions of a script leave no gap.

    ``closed`` is False for what nothing ends. ``footer`` is where the end mark of a here-string stands that has
    blanks before it and so is none to PowerShell; -1 for all others.
    """

    kind: RegionKind
    start: int
    end: int
    closed: bool = True
    footer: int = -1


# PowerShell takes typographic quotes for plain ones (about_Quoting_Rules).
_SINGLE = "'‘’‚‛"
_DOUBLE = '"“”„'
# After `--%` the rest of the line, up to a pipe, is the program's as it stands.
_INTEREST = lazy(
    rf"`(?s:.)|(?<=[ \t])--%(?=[ \t])[^\r\n|]*+|<#|#|@[{_SINGLE}{_DOUBLE}][ \t]*+(?=[\r\n])|[{_SINGLE}{_DOUBLE}]"
)
_SINGLE_STRING = lazy(rf"[{_SINGLE}](?:[^{_SINGLE}]++|[{_SINGLE}]{{2}})*+([{_SINGLE}]?)")
_IN_DOUBLE = lazy(rf"`(?s:.)|[{_DOUBLE}]{{1,2}}|\$\(|[()]|[{_SINGLE}]")
# The end of a here-string stands at the start of its line (about_Quoting_Rules); one with blanks before it is taken
# for the end where there is no other, so that what follows is read.
_SINGLE_END = lazy(rf"[\r\n][{_SINGLE}]@")
_DOUBLE_END = lazy(rf"[\r\n][{_DOUBLE}]@")
_INDENTED_SINGLE_END = lazy(rf"[\r\n][ \t]++[{_SINGLE}]@")
_INDENTED_DOUBLE_END = lazy(rf"[\r\n][ \t]++[{_DOUBLE}]@")
_LINE_END = lazy(r"[\r\n]")
# A `#` starts a comment only where a word may start: `foo#bar` is a word.
_BEFORE_COMMENT = frozenset(" \t\r\n;|&(){}[],=")


@lru_cache(maxsize=512)
def find_regions(script: str) -> tuple[Region, ...]:
    """The regions of ``script`` in order."""
    found: list[Region] = []
    code = at = 0
    length = len(script)
    # From where on no here-string of that kind has an end: it is not looked for again.
    endless = {True: length + 1, False: length + 1}
    while True:
        match = _INTEREST.search(script, at)
        if match is None:
            break
        mark, start = match.group(), match.start()
        at = match.end()
        if mark[0] in "`-":
            continue
        kind = RegionKind.STRING
        closed, footer = True, -1
        if mark == "<#":
            end = script.find("#>", at)
            closed = end >= 0
            kind, at = RegionKind.COMMENT, end + 2 if closed else length
        elif mark == "#":
            if start > 0 and script[start - 1] not in _BEFORE_COMMENT:
                continue
            line_end = _LINE_END.search(script, at)
            kind, at = RegionKind.COMMENT, length if line_end is None else line_end.start()
        elif mark[0] == "@":
            is_single = mark[1] in _SINGLE
            ending = None
            if start < endless[is_single]:
                ending = (_SINGLE_END if is_single else _DOUBLE_END).search(script, at)
            if ending is None:
                endless[is_single] = min(start, endless[is_single])
                ending = (_INDENTED_SINGLE_END if is_single else _INDENTED_DOUBLE_END).search(script, at)
                closed, footer = False, -1 if ending is None else ending.end() - 2
            kind, at = RegionKind.HERE_STRING, length if ending is None else ending.end()
        elif mark in _SINGLE:
            at, closed = _end_of_single(script, start)
        else:
            at, closed = _end_of_double(script, at)
        if start > code:
            found.append(Region(RegionKind.CODE, code, start))
        found.append(Region(kind, start, at, closed, footer))
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


def _end_of_single(script: str, start: int) -> tuple[int, bool]:
    """Where a string ends, and whether anything ends it."""
    match = _SINGLE_STRING.match(script, start)
    return (match.end(1), match[1] != "") if match else (len(script), False)


def _end_of_double(script: str, at: int) -> tuple[int, bool]:
    """The same where the opening quote is before ``at``; ``$(...)`` in the string may hold strings again."""
    # One entry a level: -1 for a string, else the open parentheses of a subexpression.
    levels = [-1]
    while True:
        match = _IN_DOUBLE.search(script, at)
        if match is None:
            return len(script), False
        mark, at = match.group(), match.end()
        level = levels[-1]
        if mark[0] in _DOUBLE:
            if level >= 0:
                levels.append(-1)
                at = match.start() + 1
            elif len(mark) == 1:
                levels.pop()
                if not levels:
                    return at, True
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
                at, _ = _end_of_single(script, match.start())
