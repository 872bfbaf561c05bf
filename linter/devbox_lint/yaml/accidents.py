"""Whole-file accidents: one clear message instead of fifty."""

from __future__ import annotations

import re

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.repair import Repair

_CONFLICT = lazy(r"^(<{7,9}|={7,9}|>{7,9})(?:[ ][^\r\n]*)?\r?$", re.MULTILINE)
_HUNK = lazy(r"^[ \t]*@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@[^\r\n]*", re.MULTILINE)
_POWERSHELL = lazy(
    r"(?i)\s*+(?:#[^\r\n]*+\s*+)*+(?:<#|param\s*\(|function\s+[\w-]+\s*[({]|\[CmdletBinding|#requires\b|\$[\w:]+\s*=|"
    r"(?:Write|Set|Get|New|Install|Import|Invoke|Start)-\w+[ \t])"
)
_TOP_LEVEL_KEY = lazy(
    r"^(?:\$schema|name|image|tasks|userTasks|setupTasks|command|parameters|inputs|description)[ ]*:",
    re.MULTILINE,
)


def accident(text: str) -> Repair | None:
    """What happened to the file as a whole, if that explains its errors."""
    return _conflict(text) or _diff(text) or _script(text)


def is_script(text: str) -> bool:
    """Whether this is plainly a PowerShell script and no YAML."""
    return _POWERSHELL.match(text) is not None and _TOP_LEVEL_KEY.search(text) is None


def _conflict(text: str) -> Repair | None:
    edits: list[Edit] = []
    first: Span | None = None
    other_side = -1
    for match in _CONFLICT.finditer(text):
        marker = match[1][0]
        span = Span(match.start(), match.start() + len(match.group().rstrip("\r")))
        if marker == "<" and other_side < 0:
            first = first or span
            edits.append(Edit(span, ""))
        elif marker == "=" and edits:
            other_side = match.start()
        elif marker == ">" and other_side >= 0:
            edits.append(Edit(Span(other_side, span.end), ""))
            other_side = -1
    if first is None or len(edits) < 2:
        return None
    return Repair(
        Problem(
            ProblemKind.SYNTAX,
            first,
            "merge-conflict markers are left in the file",
            "keep one side, and delete the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`",
        ),
        recovery=tuple(edits),
    )


def _diff(text: str) -> Repair | None:
    hunks = list(_HUNK.finditer(text))
    if not hunks:
        return None
    start = hunks[0].start() + len(hunks[0].group()) - len(hunks[0].group().lstrip(" \t"))
    return Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(start, start + len(hunks[0].group().strip())),
            "a piece of a diff (`@@ ... @@`) stands in the file, and the lines it left out are missing",
            "restore the file from the repository's history",
        ),
        recovery=tuple(Edit(Span(match.start(), match.end()), "") for match in hunks),
        last=True,
    )


def _script(text: str) -> Repair | None:
    if not is_script(text):
        return None
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)].rstrip()
    return Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(start, start + len(line)),
            "this is a PowerShell script, not YAML",
            "save it as a `.ps1` file, and name it in `command`",
        ),
        recovery=(Edit(Span(0, len(text)), ""),),
        last=True,
    )
