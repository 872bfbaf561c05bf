"""What the rules on scripts share: commands by what they do, and where a finding is shown."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from devbox_lint.customization.scripts import Script, scripts_in
from devbox_lint.diagnostics import Finding
from devbox_lint.powershell import Call
from devbox_lint.rule import Context

#: The commands that download, as PowerShell or a program.
DOWNLOADERS = frozenset(
    ("invoke-webrequest", "iwr", "invoke-restmethod", "irm", "curl", "wget", "start-bitstransfer", "aria2c")
)
#: The commands that only print.
PRINTERS = frozenset(
    (
        "write-host",
        "write-output",
        "write-verbose",
        "write-warning",
        "write-error",
        "write-information",
        "echo",
    )
)
#: What starts a program with arguments given as text.
RUNNERS = frozenset(("start-process", "start", "saps"))


def scripts_of(context: Context) -> tuple[Script, ...]:
    """The scripts of a file, in its order."""
    return scripts_in(context.customization)


def times(count: int) -> str:
    """How often more a script does something, for a message: empty for once."""
    return f" ({count} times in this script)" if count > 1 else ""


class Printed:
    """Which parts of a script are arguments of commands that only print."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, script: Script) -> None:
        printers = [call for call in script.syntax.calls if call.program in PRINTERS]
        self._starts = [call.start for call in printers]
        # A command may hold another: how far any that has begun by then reaches.
        self._ends = list(accumulate((call.end for call in printers), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether what stands there is only printed."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and end <= self._ends[index]


def name_finding(script: Script, call: Call, words: int, message: str) -> Finding:
    """A finding at a call's name and its first ``words`` arguments.

    Where ``Start-Process`` gets them, other words are between: then the arguments are marked alone.
    """
    outer = call.outer
    if words and outer is not None and outer.program in RUNNERS:
        return Finding(script.span(call.arguments[0].start, call.arguments[words - 1].end), message)
    end = call.arguments[words - 1].end if words and len(call.arguments) >= words else call.name_end
    return Finding(script.span(call.start, max(end, call.name_end)), message)
