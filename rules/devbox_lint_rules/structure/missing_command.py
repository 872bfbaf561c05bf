"""DBX103: a task definition that runs nothing."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint_rules.structure._absence import absent


class MissingCommand(Rule):
    """
    A task definition has no `command`.

    Why: The command is what the task runs; a definition without one is rejected when the catalog is
    synchronised.

    Fix: Add `command:` with the PowerShell to run, most often a script beside the definition with its
    parameters: `./install.ps1 -Package {{package}}`.
    """

    code = "DBX103"
    name = "missing-command"
    severity = Severity.ERROR
    kinds = frozenset((TASK,))
    see = ("DBX102", "DBX604")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(TASK, '«$schema»: "1.0"\nname: install\n'),
        Example(TASK, "«name»: install\ndescription: Install the tools\n"),
    )
    good = (
        Example(TASK, "name: install\nscript: install.ps1\n", shown=False),
        Example(TASK, '$schema: "1.0"\nname: install\ncommand: ./install.ps1\n'),
        Example(TASK, '$schema: "1.0"\nname: install\ncommand:\n', shown=False),
        Example(TASK, '$schema: "1.0"\nname: install\nCommand: ./install.ps1\n', shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        place = absent(context, "command")
        if place is not None:
            yield Finding(
                place,
                "no `command`: a task definition must say what it runs",
                "add `command:`, such as `./install.ps1 -Package {{package}}`",
            )
