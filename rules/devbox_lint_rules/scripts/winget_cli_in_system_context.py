"""DBX704: the winget program in a task that runs as the system."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import RUNNERS, WITH_SCRIPTS, name_finding, scripts_of, times
from devbox_lint_rules.scripts._winget import is_from_store, subcommand

_NAMES = frozenset(("winget", "winget.exe"))
_SEARCHING = frozenset(("get-command", "gcm", "where", "where.exe", "resolve-path", "test-path"))


class WingetCliInSystemContext(Rule):
    """
    A script under `tasks` runs the program `winget`.

    Why: `winget.exe` is an app of the user's profile. `tasks` run as the system while the dev box is made,
    and the system has no such program on its path.

    Fix: Use the task `~/winget`, which needs no program of that name, or move the task to `userTasks`.
    """

    code = "DBX704"
    name = "winget-cli-in-system-context"
    severity = Severity.WARNING
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER))
    see = ("DBX209", "DBX702", "DBX703")
    references = (
        "https://github.com/microsoft/devcenter-catalog/blob/main/Tasks/winget/main.ps1",
        "https://learn.microsoft.com/windows/package-manager/winget/troubleshooting",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # winget list\n        «winget install» Git.Git\n        winget list\n",
        ),
        Example(USER, "tasks:\n  - name: ~/powershell\n    parameters:\n      command: cmd /c «winget.exe import» a\n"),
    )
    good = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: winget install Git.Git\n"
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $app = Resolve-Path 'C:\\Program Files\\WindowsApps\\*DesktopAppInstaller*\\winget.exe'\n"
            "        & $app install Git.Git\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        if (Get-Command winget) { winget install Git.Git }\n        Write-Host 'winget install'\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            # A script that looks for the program or its package knows what it does.
            if not script.is_system or not script.holds("winget") or script.holds("desktopappinstaller"):
                continue
            calls = script.syntax.calls
            if any(
                call.program in _SEARCHING and any("winget" in word.text.lower() for word in call.arguments)
                for call in calls
            ):
                continue
            found = [call for call in calls if call.name in _NAMES and not is_from_store(call)]
            if found:
                outer = found[0].outer
                words = 1 if subcommand(found[0]) and (outer is None or outer.program not in RUNNERS) else 0
                yield name_finding(
                    script,
                    found[0],
                    words,
                    "the system has no `winget` program: use the task `~/winget`, or move this task to `userTasks`"
                    + times(len(found)),
                )
