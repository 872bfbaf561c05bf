"""What the rules on scripts share: commands by what they do, and where a finding is shown."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.customization.scripts import SCRIPT_SETTINGS, Script, scripts_in, users_of
from devbox_lint.diagnostics import Finding
from devbox_lint.powershell import Call
from devbox_lint.rule import Context
from devbox_lint.yaml.nodes import SINGLE

#: What a file of another kind than a script has where it has a script.
WITH_SCRIPTS = ("command", *SCRIPT_SETTINGS)
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
    """The scripts of a file, in its order; what runs a script file says who does and with which PowerShell."""
    if context.kind is not Kind.SCRIPT:
        return scripts_in(context.customization)
    return _of_file(context.customization, context.catalog)


# Many rules ask for the same one after another.
@lru_cache(maxsize=1)
def _of_file(customization: Customization, catalog: Catalog) -> tuple[Script, ...]:
    uses = catalog.script_uses(customization.document.source.path)
    runners = [(use.named.task, use.named.call) for use in uses]
    users = [users_of(task) if task is not None else (False, False) for task, _ in runners]
    is_core = bool(runners) and all(call is not None and call.program == "pwsh" for _, call in runners)
    return tuple(
        script._replace(
            is_system=bool(users) and all(is_system for is_system, _ in users),
            is_user=bool(users) and all(is_user for _, is_user in users),
            is_core=script.is_core or is_core,
        )
        for script in scripts_in(customization)
    )


def times(count: int) -> str:
    """How often more a script does something, for a message: empty for once."""
    return f" ({count} times in this script)" if count > 1 else ""


def in_single_quotes(script: Script, text: str) -> str:
    """``text`` in single quotes of PowerShell, as the file of ``script`` has them."""
    return f"''{text}''" if script.scalar.style == SINGLE else f"'{text}'"


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
