"""PowerShell as far as a linter needs it without running it: what is code, comment or string; statements.

Offsets count code points of the script from 0, half open. Time is linear in the script's length. A string
that nothing ends reaches to the end of the script, so that what follows is not taken for code.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from devbox_lint.patterns import lazy


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
    return "#" in script and region_at(script, offset).kind is RegionKind.COMMENT


class Command(NamedTuple):
    """One command of a pipeline; ``start`` and ``end`` hold its text, ``name`` is in lower case.

    ``name`` is empty where the command begins with a string, a variable or a bracket.
    """

    name: str
    start: int
    end: int


class Pipeline(NamedTuple):
    """A statement: its commands in the order of the pipes; ``target`` is the variable it assigns, lower case."""

    target: str
    commands: tuple[Command, ...]


_SEPARATOR = lazy(r"`(?s:.)|\|\||[;|(){}\r\n]|&&")
_ASSIGNMENT = lazy(r"\s*+(?:\[[^\[\]\r\n]{1,60}\]\s*+)?\$([A-Za-z_][\w:]*+)\s*+\+?=(?!=)")
_NAME = lazy(r"\s*+(?:[&.]\s++)?([A-Za-z_.~\\/][\w.~:\\/-]*+)")


def find_pipelines(script: str) -> list[Pipeline]:
    """The statements of ``script``; script blocks are taken apart, what stands in parentheses is not.

    References hold braces, so give a script in which they are blanked out.
    """
    found: list[Pipeline] = []
    cuts: list[int] = []
    start = depth = 0

    def finish(end: int) -> None:
        nonlocal start
        if script[start:end].strip():
            found.append(_pipeline(script, start, cuts, end))
        cuts.clear()

    for region in find_regions(script):
        if region.kind is not RegionKind.CODE:
            continue
        for match in _SEPARATOR.finditer(script, region.start, region.end):
            mark = match.group()
            if mark == "(":
                depth += 1
            elif mark == ")":
                depth = max(depth - 1, 0)
            elif mark[0] == "`" or (depth and mark != "}"):
                continue
            elif mark == "|":
                cuts.append(match.start())
            else:
                if mark in "\r\n" and cuts and not script[cuts[-1] + 1 : match.start()].strip():
                    continue  # a pipe at the end of a line goes on in the next
                finish(match.start())
                start, depth = match.end(), 0
    finish(len(script))
    return found


def _pipeline(script: str, start: int, cuts: list[int], end: int) -> Pipeline:
    assignment = _ASSIGNMENT.match(script, start, end)
    target = ""
    if assignment is not None:
        target, start = assignment.group(1).lower(), assignment.end()
    commands = []
    for cut in (*cuts, end):
        if cut < start:
            continue
        name = _NAME.match(script, start, cut)
        commands.append(Command(name.group(1).lower() if name else "", start, cut))
        start = cut + 1
    return Pipeline(target, tuple(commands))


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
