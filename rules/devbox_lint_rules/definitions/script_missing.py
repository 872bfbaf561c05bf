"""DBX604: a script that the command runs and that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import Script, scripts_of

_MOVING = frozenset(("cd", "chdir", "sl", "set-location", "push-location", "pushd", "git", "expand-archive", "tar"))
_SHELLS = frozenset(("powershell", "pwsh"))


class ScriptMissing(Rule):
    """
    The `command` of a task definition runs a script by a relative path, and the folder of the definition
    does not hold it.

    Why: A task runs in a copy of its own folder, so what is not there cannot be found, and the task fails.

    Fix: Write the name of a script in that folder, or add the script.
    """

    code = "DBX604"
    name = "script-missing"
    group = "definitions"
    severity = Severity.ERROR
    kinds = frozenset((TASK,))
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-configure-customization-tasks",)
    bad = (
        Example(
            TASK,
            "name: install\ncommand: «./main.ps1» -Package {{package}}\n",
            path="tasks/install/task.yaml",
            beside=(("tasks/install/install.ps1", "exit 0\n"),),
        ),
        Example(
            TASK,
            "name: install\ncommand: powershell.exe -NoProfile -File «scripts\\main.ps1»\n",
            path="tasks/install/task.yaml",
            beside=(("tasks/install/main.ps1", "exit 0\n"),),
        ),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: .\\\\Main.ps1; powershell -File scripts/setup.ps1\n",
            path="tasks/install/task.yaml",
            beside=(("tasks/install/main.ps1", "exit 0\n"), ("tasks/install/scripts/setup.ps1", "exit 0\n")),
        ),
        Example(
            TASK,
            "name: install\ncommand: |\n  # ./a.ps1\n  iwr https://a.io/b.ps1 -OutFile b.ps1\n  ./b.ps1\n"
            "  ../shared/c.ps1\n  ./{{script}}.ps1\n  C:\\d.ps1\n  & $env:TEMP\\e.ps1\n",
            path="tasks/install/task.yaml",
            beside=(("tasks/install/other.ps1", "exit 0\n"),),
        ),
        Example(TASK, "name: install\ncommand: ./main.ps1\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if not script.holds(".ps1"):
                continue
            calls = script.syntax.calls
            for call in calls:
                if call.program in _MOVING:
                    return  # the folder may be another one, or have more in it
                place = _script_of(call)
                if place is not None:
                    yield from _judge(context, script, *place)


def _script_of(call: Call) -> tuple[int, int] | None:
    """Where the path of the script stands that the call runs."""
    if call.name.endswith(".ps1"):
        quoted = call.name_end - call.start - len(call.name)
        return call.start + quoted // 2, call.name_end - quoted // 2
    if call.program in _SHELLS:
        for index, argument in enumerate(call.arguments[:-1]):
            if argument.text.lower() in ("-file", "-f"):
                path = call.arguments[index + 1]
                inside = 1 if path.quote else 0
                return path.start + inside, path.end - inside
    return None


def _judge(context: Context, script: Script, start: int, end: int) -> Iterator[Finding]:
    path = script.scalar.value[start:end]
    if not path.lower().endswith(".ps1") or any(mark in path for mark in "$:{}()*?`'\"<>|~%") or path[0] in "/\\":
        return
    # A script that the command makes itself is named before.
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or parts[-1].lower() in script.text[:start].lower():
        return
    if context.catalog.holds(context.source.path, "/".join(parts).lower()) is False:
        yield Finding(
            script.span(start, end),
            f"the folder of this file has no `{path}`: write the name of a script that is there, or add it",
        )
