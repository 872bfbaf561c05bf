"""DBX708: a script that waits for someone, or restarts the dev box."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call, is_code
from devbox_lint.powershell.cmdlets import find_cmdlet
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Mapping, Node, walk
from devbox_lint_rules.scripts._scripts import RUNNERS, name_finding, scripts_of

_READ_KEY = lazy(
    r"\.(?:ReadKey|PromptForChoice|PromptForCredential)\s*+\(|\.UI\.Prompt\s*+\(|MessageBox\]::Show\s*+\("
    r"|\[(?:System\.)?Console\]::Read(?:Key|Line)?\s*+\(",
    re.IGNORECASE,
)
_WORDS = (
    "read-host", "pause", "get-credential", "readkey", "]::read", "promptfor", ".prompt(", "messagebox]", "-computer",
    "shutdown", "logoff", "tsdiscon", "-confirm", "out-gridview", "ogv", "login", "set /p", "connect-azaccount",
    "notepad", "mspaint",
)  # fmt: skip
#: Programs with a window that somebody must close.
_WINDOWS = frozenset(("notepad", "mspaint", "calc", "wordpad", "write"))
#: With these a sign-in asks nobody.
_UNASKED = {
    "az": (
        "--service-principal",
        "--identity",
        "-i",
        "--federated-token",
        "--username",
        "-u",
        "--password",
        "-p",
        "--help",
        "-h",
    ),
    "azd": ("--client-id", "--managed-identity", "--federated-credential-provider", "--check-status", "--help"),
    "gh": ("--with-token", "--help"),
    "connect-azaccount": ("-identity", "-serviceprincipal", "-credential", "-accesstoken", "-certificatethumbprint"),
}

_SET = lazy(r"\bset\s++/p\b", re.IGNORECASE)
_UNITS = (
    "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: PSDscResources/Script\n"
    "      settings:\n        GetScript: '@{}'\n        TestScript: $false\n"
)


class InteractiveOrReboot(Rule):
    """
    A script waits for input (`Read-Host`, `pause`, `Get-Credential`, `-Confirm`, a message box, a sign-in of the system
    in a browser) or restarts the dev box (`Restart-Computer`, `shutdown /r`), or ends the session (`logoff`).

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
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «az login»\n        «gh auth login» --web\n        «Connect-AzAccount» -Tenant a\n"
            "        Remove-Item C:\\a «-Confirm»\n        cmd /c '«set /p» x=Name'\n        «logoff»\n"
            "        [System.Windows.«MessageBox]::Show»('done')\n        Start-Process «notepad» a.txt -Wait\n"
            "        Get-Process | «Out-GridView» -PassThru\n",
            shown=False,
        ),
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
            "        az login --identity; Get-Process | Out-GridView; Remove-Item a -Confirm:$false\n"
            "        Connect-AzAccount -Identity; az login --service-principal -u a -p $b --tenant c; notepad a.txt\n"
            "        shutdown /a\n        Restart-Computer -WhatIf\n        Restart-Computer -ComputerName build1\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: az login; gh auth login\n",
            shown=False,
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
        elif script.is_system and (words := _signs_in(call)) is not None:
            yield name_finding(
                script,
                call,
                words,
                f"nobody is there to sign in: give `{script.written(call)}` a service principal or an identity, or move"
                " this task to `userTasks`",
            )
        elif _has_window(call):
            yield name_finding(script, call, 0, f"nobody is there to close `{script.written(call)}`: leave it out")
        elif _restarts(call):
            where = "here" if kind is TASK else "in the task.yaml of a catalog task"
            yield name_finding(
                script,
                call,
                0,
                f"`{script.written(call)}` ends the run before the tasks that follow: leave it out, and where the"
                f" dev box must restart write `rebootRequired: true` {where}",
            )
        for start, end in _questions(script, call):
            written = script.text[start:end]
            yield Finding(
                script.span(start, end), f"nobody is there to answer the question of `{written}`: leave it out"
            )
    for match in _READ_KEY.finditer(script.text):
        if is_code(script.text, match.start()):
            yield Finding(
                script.span(match.start() + (match.group()[0] == "."), match.end() - 1),
                "nobody is there to press a key: leave it out",
            )


def _signs_in(call: Call) -> int | None:
    """How many words after the name are part of a sign-in that opens a browser; None for all else."""
    program = call.program
    words = [argument.text.lower() for argument in call.arguments]
    begins = {"az": ["login"], "azd": ["auth", "login"], "gh": ["auth", "login"], "connect-azaccount": []}.get(program)
    if begins is None or words[: len(begins)] != begins or call.piped:
        return None
    if any(word.partition("=")[0].startswith(_UNASKED[program]) or word[:1] in ("@", "$") for word in words):
        return None
    return len(begins)


def _has_window(call: Call) -> bool:
    """Whether a window is opened that the script waits for."""
    words = [argument.text.lower() for argument in call.arguments]
    if call.program in ("out-gridview", "ogv"):
        return any(word.startswith(("-passthru", "-outputmode", "-wait")) for word in words)
    if call.program not in _WINDOWS or call.outer is None or call.outer.program not in RUNNERS:
        return False
    return any(
        len(argument.text) > 2 and "-wait".startswith(argument.text.lower()) for argument in call.outer.arguments
    )


def _questions(script: Script, call: Call) -> Iterator[tuple[int, int]]:
    """Where a cmdlet is told to ask, or the command prompt is."""
    if call.program == "cmd":
        match = _SET.search(script.text, call.start, call.end)
        if match is not None:
            yield match.span()
    elif call.outer is None and "-" in call.name:
        for argument in call.arguments:
            if argument.text.lower() == "-confirm" and not argument.quote and find_cmdlet(call.name) is not None:
                yield argument.start, argument.end


def _asks(call: Call) -> bool:
    if call.program == "pause":
        return not call.arguments and not call.piped
    return call.program in ("read-host", "get-credential")


def _restarts(call: Call) -> bool:
    words = [argument.text.lower() for argument in call.arguments]
    if call.program in ("restart-computer", "stop-computer"):
        return not any(word.startswith(("-whatif", "-computername", "-cn")) for word in words)
    if call.program in ("logoff", "tsdiscon"):
        return not words
    return call.program == "shutdown" and any(
        len(word) > 1 and word[0] in "/-" and word[1:] in ("r", "s", "g", "sg", "h", "p", "l") for word in words
    )
