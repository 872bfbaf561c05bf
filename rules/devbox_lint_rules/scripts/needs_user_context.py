"""DBX701: something that only a signed-in user can install, in a task that runs as the system."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import users_of
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import name_finding, scripts_of, times
from devbox_lint_rules.scripts._winget import INSTALLING, is_from_store, is_winget, subcommand

_EDITORS = frozenset(("code", "code-insiders"))


class NeedsUserContext(Rule):
    """
    A script under `tasks`, or a WinGet configuration that a task there applies, installs VS Code extensions, apps of
    the Microsoft Store, or sets what belongs to one user, such as the taskbar.

    Why: `tasks` run as the system while the dev box is made, and there is no user then whose profile they
    could go to. VS Code extensions and Store apps always fail there, and what belongs to a user is set for the system.
    A configuration is followed where it is in base64, beside the file, or at a raw address of the repository itself.

    Fix: Move the task to `userTasks`, which run as the user after the first sign-in.
    """

    code = "DBX701"
    name = "needs-user-context"
    severity = Severity.ERROR
    needs = ("--install-extension", "msstore", "onfiguration", "downloadurl")
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
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: «tools.winget»\n",
            path="imagedefinition.yaml",
            beside=(
                ("imagedefinition.yaml", ""),
                (
                    "tools.winget",
                    "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
                    "    - resource: Microsoft.Windows.Developer/Taskbar\n      settings: {Alignment: Left}\n",
                ),
            ),
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
        yield from _of_configurations(context)
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


def _of_configurations(context: Context) -> Iterator[Finding]:
    if "onfiguration" not in context.source.text and "downloadUrl" not in context.source.text:
        return
    # Imported here: few files apply a configuration, and fewer one that is at hand.
    from devbox_lint.configuration.followed import followed_configurations, units_of_user

    for followed in followed_configurations(context.customization, context.catalog):
        if not users_of(followed.task)[0]:
            continue
        names = units_of_user(followed.source)
        if names:
            yield Finding(
                followed.value.span,
                f"`{names[0]}` is for one user, and the system applies this configuration: move the task to `userTasks`"
                + times(len(names)).replace("script", "configuration"),
                "move the task to `userTasks`",
                severity=Severity.WARNING,
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
