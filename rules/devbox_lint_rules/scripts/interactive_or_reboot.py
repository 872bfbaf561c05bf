"""DBX708: a script that waits for someone, or restarts the dev box."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call, is_code
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Mapping, Node, walk
from devbox_lint_rules.scripts._scripts import name_finding, scripts_of

_READ_KEY = lazy(
    r"\.(?:ReadKey|PromptForChoice)\s*+\(|\[(?:System\.)?Console\]::Read(?:Key|Line)?\s*+\(", re.IGNORECASE
)
_WORDS = ("read-host", "pause", "get-credential", "readkey", "]::read", "promptforchoice", "-computer", "shutdown")

_UNITS = (
    "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: PSDscResources/Script\n"
    "      settings:\n        GetScript: '@{}'\n        TestScript: $false\n"
)


class InteractiveOrReboot(Rule):
    """
    A script waits for input (`Read-Host`, `pause`, `Get-Credential`) or restarts the dev box
    (`Restart-Computer`, `shutdown /r`).

    Why: Nobody sees a task's window, so a question is never answered and the task runs into its timeout. A
    restart ends the run of the tasks, or of a configuration's units, in its midst: what follows is not done.

    Fix: Take the answer from a parameter. Where a task needs a restart, write `rebootRequired: true` in its
    task.yaml.
    """

    code = "DBX708"
    name = "interactive-or-reboot"
    severity = Severity.WARNING
    needs = _WORDS
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    see = ("DBX703", "DBX706")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # Read-Host\n        $answer = «Read-Host» 'Continue?'\n        «pause»\n"
            "        if ($answer) { «Restart-Computer» -Force }\n",
        ),
        Example(USER, "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: «shutdown» /r /t 0\n"),
        Example(TASK, "name: restart\ncommand: Start-Sleep 5; «Restart-Computer»\n"),
        Example(
            CONFIGURATION,
            f"{_UNITS}        SetScript: «shutdown» /r /f\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git, source: winget}\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # Restart-Computer -Force\n        Write-Host 'pause, then Restart-Computer'\n"
            "        shutdown /a\n        Restart-Computer -WhatIf\n        Restart-Computer -ComputerName build1\n",
        ),
        Example(TASK, "name: restart\ncommand: ./restart.ps1\nrebootRequired: true\n"),
        Example(CONFIGURATION, f"{_UNITS}        SetScript: shutdown /r /f\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if not script.holds(*_WORDS):
                continue
            if context.kind is CONFIGURATION:
                yield from _before_units(script, context.document.root)
            else:
                yield from _in_script(script, context.kind)


def _before_units(script: Script, root: Node | None) -> Iterator[Finding]:
    """Restarts that are not the end of a configuration; whether a person is there to answer is not known of one."""
    later = (node for node in walk(root) if isinstance(node, Mapping) and node.start > script.scalar.end)
    if not any(node.scalar("resource") or node.scalar("type") for node in later):
        return
    for call in script.syntax.calls:
        if _restarts(call):
            message = (
                f"`{script.written(call)}` ends the run before the units that follow: make it the last unit, or leave"
                " it out and restart when all is applied"
            )
            yield name_finding(script, call, 0, message)


def _in_script(script: Script, kind: Kind) -> Iterator[Finding]:
    for call in script.syntax.calls:
        if _asks(call):
            yield name_finding(
                script,
                call,
                0,
                f"nobody is there to answer `{script.written(call)}`: take the value from a parameter instead",
            )
        elif _restarts(call):
            where = "here" if kind is TASK else "in the task.yaml of a catalog task"
            yield name_finding(
                script,
                call,
                0,
                f"`{script.written(call)}` ends the run before the tasks that follow: leave it out, and where the"
                f" dev box must restart write `rebootRequired: true` {where}",
            )
    for match in _READ_KEY.finditer(script.text):
        if is_code(script.text, match.start()):
            yield Finding(
                script.span(match.start() + (match.group()[0] == "."), match.end() - 1),
                "nobody is there to press a key: leave it out",
            )


def _asks(call: Call) -> bool:
    if call.program == "pause":
        return not call.arguments and not call.piped
    return call.program in ("read-host", "get-credential")


def _restarts(call: Call) -> bool:
    words = [argument.text.lower() for argument in call.arguments]
    if call.program in ("restart-computer", "stop-computer"):
        return not any(word.startswith(("-whatif", "-computername", "-cn")) for word in words)
    return call.program == "shutdown" and any(
        len(word) > 1 and word[0] in "/-" and word[1:] in ("r", "s", "g", "sg", "h", "p") for word in words
    )
