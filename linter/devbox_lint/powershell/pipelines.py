"""The statements of a PowerShell script, each with the commands of its pipeline.

Offsets count code points of the script from 0, half open.
"""

from __future__ import annotations

from devbox_lint.powershell.regions import RegionKind, find_regions
from devbox_lint.startup import NamedTuple, lazy


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
_BLANKS = lazy(r"\s*+")
_NAME = lazy(r"\s*+(?:[&.]\s++)?([A-Za-z_.~\\/][\w.~:\\/-]*+)")


def find_pipelines(script: str) -> list[Pipeline]:
    """The statements of ``script``; script blocks are taken apart, what stands in parentheses is not.

    References hold braces, so give a script in which they are blanked out.
    """
    found: list[Pipeline] = []
    cuts: list[int] = []
    start = depth = 0
    goes_on = 0

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
                goes_on = _end_of_blanks(script, match.end())
            else:
                if mark in "\r\n" and match.start() < goes_on:
                    continue  # a pipe at the end of a line goes on in the next
                finish(match.start())
                start, depth = match.end(), 0
    finish(len(script))
    return found


def _end_of_blanks(script: str, start: int) -> int:
    match = _BLANKS.match(script, start)
    return match.end() if match else start


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
