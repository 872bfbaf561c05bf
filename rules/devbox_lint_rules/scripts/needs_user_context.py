"""DBX701: something that only a signed-in user can install, in a task that runs as the system."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import name_finding, scripts_of, times
from devbox_lint_rules.scripts._winget import INSTALLING, is_from_store, is_winget, subcommand

_EDITORS = frozenset(("code", "code-insiders"))


class NeedsUserContext(Rule):
    """
    A script under `tasks` installs VS Code extensions or apps of the Microsoft Store.

    Why: `tasks` run as the system while the dev box is made, and there is no user then whose profile they
    could go to. VS Code extensions and Store apps always fail there.

    Fix: Move the task to `userTasks`, which run as the user after the first sign-in.
    """

    code = "DBX701"
    name = "needs-user-context"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX702", "DBX705", "DBX706")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # code --install-extension a.b\n"
            "        «code --install-extension» github.copilot\n        code --install-extension ms-python.python\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: powershell\n    parameters:\n"
            "      command: \"& «'C:\\\\VS Code\\\\bin\\\\code.cmd' --install-extension» a.b\"\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n"
            "        Start-Process winget\n        -ArgumentList '«install» --id X -s msstore'\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        code --install-extension github.copilot\n        winget install --id 9NBLGGH4NNS1 -s msstore\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $text = @'\n        code --install-extension a.b\n        '@\n"
            "        Set-Content C:\\setup.ps1 $text\n"
            "        Write-Host 'later: code --install-extension a.b'\n        code --list-extensions\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: catalog/powershell\n    parameters:\n      runAsUser: true\n"
            "      command: code --install-extension a.b\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if not script.is_system or not script.holds("--install-extension", "msstore"):
                continue
            extensions = [call for call in script.syntax.calls if _installs_extension(call)]
            if extensions:
                call = extensions[0]
                index = [argument.text.lower() for argument in call.arguments].index("--install-extension")
                yield name_finding(
                    script,
                    call,
                    index + 1,
                    "VS Code extensions cannot be installed as the system: move this task to `userTasks`"
                    + times(len(extensions)),
                )
            apps = [call for call in script.syntax.calls if _installs_app(call)]
            if apps:
                yield name_finding(
                    script,
                    apps[0],
                    1,
                    "apps of the Microsoft Store cannot be installed as the system: move this task to `userTasks`"
                    + times(len(apps)),
                )


def _installs_extension(call: Call) -> bool:
    words = [argument.text.lower() for argument in call.arguments]
    # With a folder for extensions given, there need not be a user.
    return (
        "--install-extension" in words
        and "--extensions-dir" not in words
        and (call.program in _EDITORS or call.program.startswith("$"))
    )


def _installs_app(call: Call) -> bool:
    return is_winget(call) and subcommand(call) in INSTALLING and is_from_store(call)
