"""DBX711: what only PowerShell 7 understands."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import scripts_of

_INSTEAD = {
    "&&": "write the second command on a line of its own, after `if ($?)`",
    "||": "write the second command on a line of its own, after `if (-not $?)`",
    "??": "write `if ($null -eq ...)`",
    "??=": "write `if ($null -eq ...)`",
    "?.": "write `if ($null -ne ...)`",
    "?[": "write `if ($null -ne ...)`",
    "?": "write `if (...) { ... } else { ... }`",
}
_LOOPS = frozenset(("foreach-object", "foreach", "%"))
_SIGNS = ("&&", "||", "?", "-parallel")


class Powershell7Syntax(Rule):
    """
    A script uses what Windows PowerShell 5.1 does not know: `&&`, `||`, `??`, `?.`, `a ? b : c`, or
    `ForEach-Object -Parallel`.

    Why: Tasks run in Windows PowerShell 5.1, which cannot parse a script that holds any of the operators:
    nothing of it is run, not even what stands before.

    Fix: Write it as 5.1 knows it, or hand the script to PowerShell 7 as a file: `pwsh -File script.ps1`.
    """

    code = "DBX711"
    name = "powershell-7-syntax"
    severity = Severity.WARNING
    needs = _SIGNS
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    see = ("DBX707", "DBX710")
    references = (
        "https://learn.microsoft.com/powershell/scripting/whats-new/differences-from-windows-powershell",
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        cd C:\\src «&&» npm install # a && b\n        $name = $env:A «??» 'b'\n"
            "        $kind = $x «?» 'c' : 'd'\n        1..3 | ForEach-Object «-Parallel» { $_ }\n"
            "        ${y}«?.»Length\n",
        ),
        Example(TASK, 'name: run\ncommand: powershell -Command "npm ci «||» exit 1"\n'),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # cd a && b\n        cmd /c \"cd a && b\"\n        Write-Host 'a && b ?? c'\n"
            "        pwsh -Command 'cd a && b'\n        dir | ? { $_.Name } | % { $_ }\n        dir a?.txt\n"
            "        wsl -- bash -c 'a || b'\n        $url = 'https://a.io/?a=b&&c'\n",
        ),
        Example(TASK, 'name: run\ncommand: cmd /c "cd a && b"\n'),
        Example(
            USER,
            "userTasks:\n  - name: tools/powershell\n    parameters:\n      PS7: true\n      command: cd a && b\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.holds(*_SIGNS) and not script.is_core:
                yield from _in_script(script)


def _in_script(script: Script) -> Iterator[Finding]:
    calls = script.syntax.calls
    inside = [(call.start, call.end) for call in calls if call.program == "pwsh"]
    for operator in script.syntax.operators:
        if any(start <= operator.start < end for start, end in inside):
            continue
        yield Finding(
            script.span(operator.start, operator.end),
            f"Windows PowerShell 5.1, which runs this, has no `{operator.text}`: {_INSTEAD[operator.text]}",
        )
    for call in calls:
        if call.program not in _LOOPS or any(start <= call.start < end for start, end in inside):
            continue
        for argument in call.arguments:
            if argument.text.lower() == "-parallel" and not argument.quote:
                yield Finding(
                    script.span(argument.start, argument.end),
                    f"Windows PowerShell 5.1, which runs this, has no `{argument.text}`: leave it out",
                )
