"""DBX604: a script that the command runs and that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import named_scripts
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import TASK, Context, Example, Rule


class ScriptMissing(Rule):
    """
    The `command` of a task definition runs a script by a relative path, and the folder of the definition
    does not hold it.

    Why: A task runs in a copy of its own folder, so what is not there cannot be found, and the task fails.

    Fix: Write the name of a script in that folder, or add the script.
    """

    code = "DBX604"
    name = "script-missing"
    severity = Severity.ERROR
    kinds = frozenset((TASK,))
    see = ("DBX103", "DBX218")
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
            shown=False,
        ),
        Example(TASK, "name: install\ncommand: ./main.ps1\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for named in named_scripts(context.customization):
            if context.catalog.holds(context.source.path, named.inside.lower()) is False:
                yield Finding(
                    named.scalar.span_of(named.start, named.end),
                    f"the folder of this file has no `{named.scalar.value[named.start : named.end]}`:"
                    " write the name of a script that is there, or add it",
                )
