"""DBX212: code in `script`, which takes a path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import REFERENCE, builtin_of

_CODE = lazy(
    r"(?:Write|Set|Get|New|Install|Invoke|Start|Add|Remove|Copy|Enable|Disable)-[A-Za-z]++[ ]|\$[A-Za-z:]++[ ]*+=",
    re.IGNORECASE,
)


class InlineScript(Rule):
    """
    The `script` of a `~/powershell` task holds code.

    Why: `script` takes the path or the address of a script. Some pages of the documentation show code there,
    but code belongs in `command`.

    Fix: Rename `script` to `command`.

    Unsafe because: What looks like code may be a path or an address, and would then be run as a command.
    """

    code = "DBX212"
    name = "inline-script"
    severity = Severity.WARNING
    needs = ("script",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX604", "DBX710")
    references = (REFERENCE,)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      «script»: |\n        $a = 1\n        Get-Date\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        $a = 1\n        Get-Date\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      «script»: |\n        Get-Date\n        Get-Item .\n"
            "      scriptArgs: -Force\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      «script»: Set-TimeZone -Id UTC\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: Set-TimeZone -Id UTC\n",
        ),
    )
    good = (
        Example(
            USER, "userTasks:\n  - name: ~/powershell\n    parameters:\n      script: |\n        C:\\dev\\setup.ps1\n"
        ),
        Example(USER, "userTasks:\n  - name: ~/powershell\n    parameters:\n      script: https://x/y.ps1\n"),
        Example(USER, "tasks:\n  - name: run\n    parameters:\n      script: |\n        a\n        b\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            value = task.parameter("script")
            if value is None or task.parameters is None or not _is_code(value.value.strip()):
                continue
            entry = task.parameters.entry("script")
            if entry is None or not isinstance(entry.key, Scalar) or builtin_of(context, task) != "powershell":
                continue
            fix = None
            if {"command", "scriptArgs"}.isdisjoint(task.parameters.names):
                fix = Fix("rename `script` to `command`", (Edit(entry.key.span, "command"),), safe=False)
            message = "`script` takes the path of a script: write code in `command`"
            yield Finding(entry.key.span, message, fix=fix)


def _is_code(text: str) -> bool:
    if "\n" in text:
        return True
    return _CODE.match(text) is not None and ".ps1" not in text.lower()
