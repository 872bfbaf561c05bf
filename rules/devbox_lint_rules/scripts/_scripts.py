"""The scripts of a file: the commands of PowerShell tasks, and the command of a task definition."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization, Task
from devbox_lint.diagnostics import Finding, Span
from devbox_lint.powershell import Call, Syntax, read_script
from devbox_lint.references.expressions import ReferenceKind, find_references
from devbox_lint.rule import Context
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Scalar

_POWERSHELL = frozenset(("~/powershell", "powershell", "__intrinsic_powershell__"))
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
_NO_LITERAL = frozenset((ReferenceKind.UNKNOWN, ReferenceKind.UNCLOSED))


class Script(NamedTuple):
    """PowerShell in a file; ``text`` is the scalar's value with words of the same length for references.

    ``is_system`` and ``is_user`` say who runs it; both are False where that is not known.
    """

    scalar: Scalar
    text: str
    task: Task | None
    is_system: bool
    is_user: bool

    def written(self, call: Call) -> str:
        """The name of a call as it stands in the script, without quotes and folders."""
        name = self.text[call.start : call.name_end].strip("\"'& ")
        return name.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def syntax(self) -> Syntax:
        """What the script runs."""
        return read_script(self.text)

    def span(self, start: int, end: int) -> Span:
        """The source span of ``text[start:end]``."""
        return self.scalar.span_of(start, end)

    def holds(self, *words: str) -> bool:
        """Whether any of ``words``, given in lower case, is somewhere in the script: a cheap first test."""
        lowered = self.text.lower()
        return any(word in lowered for word in words)


def scripts_of(context: Context) -> tuple[Script, ...]:
    """The scripts of a file, in its order."""
    return _scripts_of(context.customization)


@lru_cache(maxsize=1)
def _scripts_of(customization: Customization) -> tuple[Script, ...]:
    if customization.kind is Kind.TASK:
        command = customization.root.scalar("command") if customization.root is not None else None
        return (Script(command, _blanked(command), None, False, False),) if command is not None else ()
    return tuple(_of_tasks(customization.tasks))


def _of_tasks(tasks: Iterable[Task]) -> Iterator[Script]:
    seen: set[int] = set()
    for task in tasks:
        if task.name is None or task.parameters is None or not is_powershell(task.name.value):
            continue
        command = task.parameter("command")
        if command is None or id(command) in seen or not isinstance(command.data, str):
            continue
        seen.add(id(command))
        as_user = task.parameter("runAsUser")
        is_user = task.section == "userTasks"
        is_known = is_user or as_user is None or as_user.value.lower() == "false"
        yield Script(command, _blanked(command), task, is_known and not is_user, is_user)


def is_powershell(name: str) -> bool:
    """Whether a task of that name takes PowerShell as its ``command``."""
    name = name.strip().lower()
    return name in _POWERSHELL or name.endswith("/powershell")


def _blanked(scalar: Scalar) -> str:
    value = scalar.value
    if "{{" not in value:
        return value
    pieces = []
    at = 0
    for reference in find_references(scalar):
        if reference.kind not in _NO_LITERAL:
            pieces.append(value[at : reference.start])
            pieces.append("R" * (reference.end - reference.start))
            at = reference.end
    return "".join((*pieces, value[at:]))


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
