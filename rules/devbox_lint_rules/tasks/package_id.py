"""DBX215: a package that is not named by its id."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.tasks._entries import CATALOG, builtin_of, unknown_parameters
from devbox_lint_rules.tasks._packages import appended_version
from devbox_lint_rules.tasks.store_package import STORE_ID

_ID = lazy(r"[^\s,;:*?\"'<>|/\\.]++(?:\.[^\s,;:*?\"'<>|/\\.]++)++")
# A few that people write for the package's moniker, with the id that `winget search` gives for them.
_KNOWN = {
    "git": "Git.Git",
    "vscode": "Microsoft.VisualStudioCode",
    "nodejs": "OpenJS.NodeJS",
    "pwsh": "Microsoft.PowerShell",
    "powershell": "Microsoft.PowerShell",
    "azure developer cli": "Microsoft.Azd",
    "azure cli": "Microsoft.AzureCLI",
    "docker": "Docker.DockerDesktop",
    "docker desktop": "Docker.DockerDesktop",
    "powertoys": "Microsoft.PowerToys",
    "powertoys (preview)": "Microsoft.PowerToys",
    "visual studio code": "Microsoft.VisualStudioCode",
}


class PackageId(Rule):
    """
    The `package` of a winget task is not the shape of a WinGet id, which has a publisher and a name with a
    dot between: `Git.Git`.

    Why: The task installs by id alone, and does not find a package by the name that people call it.

    Fix: Write the id that `winget search` shows. A list of packages is several tasks, or a configuration.
    """

    code = "DBX215"
    name = "package-id"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    see = ("DBX209", "DBX216")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
        CATALOG,
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: «git»\n"
            "  - name: ~/winget\n    parameters:\n      package: '«PowerToys (Preview)»'\n",
        ),
        Example(IMAGE, "tasks:\n  - name: winget\n    parameters:\n      package: «Git.Git, GitHub.cli»\n"),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Notepad++.Notepad++\n"
            "  - name: ~/winget\n    parameters:\n      package: '{{package}}'\n"
            "  - name: ~/winget\n    parameters:\n      package: Microsoft.DotNet.SDK.8\n",
        ),
        Example(USER, "tasks:\n  - name: choco\n    parameters:\n      package: git\n"),
        Example(USER, "tasks:\n  - name: ~/winget\n    parameters:\n      package: 9P7KNL5RWT25\n", shown=False),
        Example(USER, "tasks:\n  - name: my/winget\n    parameters:\n      package: git\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            value = task.parameter("package")
            if value is None or "{{" in value.value:
                continue
            text = value.value.strip()
            if not text or _ID.fullmatch(text) or STORE_ID.fullmatch(text):
                continue
            if builtin_of(context, task) != "winget" or unknown_parameters(context, task):
                continue
            if appended_version(text, options=True):
                continue  # the version is what is wrong, which has a rule of its own
            start = value.value.index(text)
            span = value.span_of(start, start + len(text))
            known = _KNOWN.get(text.lower())
            if known is not None:
                yield Finding(span, f"this is the name of a package and not its id: write `{known}`")
            elif "," in text or ";" in text or "\n" in text:
                yield Finding(span, "`package` takes one id: write a separate task for each package")
            else:
                yield Finding(
                    span, "this is no WinGet id, which looks like `Git.Git`: write what `winget search` shows"
                )
