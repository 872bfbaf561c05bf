"""DBX215: a package that is not named by its id."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import scripts_of
from devbox_lint_rules.scripts._winget import package_ids
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
# What most files install, in lower case: of these none need be looked up.
_USUAL = frozenset((
    "7zip.7zip", "agilebits.1password", "burntsushi.ripgrep.msvc",
    "discord.discord", "docker.dockerdesktop", "git.git",
    "github.cli", "github.githubdesktop", "golang.go",
    "google.chrome", "hashicorp.terraform", "helm.helm",
    "jandedobbeleer.ohmyposh", "kubernetes.kubectl", "microsoft.azd",
    "microsoft.azure.functionscoretools", "microsoft.azure.storageexplorer", "microsoft.azurecli",
    "microsoft.dotnet.sdk.8", "microsoft.dotnet.sdk.9", "microsoft.powershell",
    "microsoft.powertoys", "microsoft.sqlservermanagementstudio", "microsoft.teams",
    "microsoft.visualstudio.2022.community", "microsoft.visualstudio.2022.enterprise",
    "microsoft.visualstudio.2022.professional",
    "microsoft.visualstudiocode", "microsoft.windowsterminal", "notepad++.notepad++",
    "obsidian.obsidian", "openjs.nodejs", "openjs.nodejs.lts",
    "postman.postman", "python.python.3.12", "rustlang.rustup",
    "slacktechnologies.slack", "valve.steam", "videolan.vlc",
    "zoom.zoom",
))  # fmt: skip


class PackageId(Rule):
    """
    The `package` of a winget task is not the shape of a WinGet id, which has a publisher and a name with a
    dot between: `Git.Git`. Or an id, there or in `winget install`, is one letter off a known one.

    Why: The task installs by id alone, and does not find a package by the name that people call it.

    Fix: Write the id that `winget search` shows. A list of packages is several tasks, or a configuration.

    Unsafe because: the known ids are those of August 2026, and a package may be newer.
    """

    code = "DBX215"
    name = "package-id"
    severity = Severity.WARNING
    needs = ("package", "winget")
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
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
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      package: «Microsoft.VisualStudioCod»\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        winget install --id «GitHub.clii» --accept-package-agreements --accept-source-agreements\n",
            "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Microsoft.VisualStudioCode\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        winget install --id GitHub.cli --accept-package-agreements --accept-source-agreements\n",
        ),
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
            if not text or STORE_ID.fullmatch(text):
                continue
            if _ID.fullmatch(text):
                meant = _meant(text)
                if meant is not None and builtin_of(context, task) == "winget":
                    start = value.value.index(text)
                    yield _near_miss(value.span_of(start, start + len(text)), text, meant)
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
        for script in scripts_of(context) if "winget" in context.source.text.lower() else ():
            for call in script.syntax.calls:
                for argument in package_ids(call):
                    meant = _meant(argument.text)
                    if meant is not None:
                        inside = 1 if argument.quote else 0
                        span = script.span(argument.start + inside, argument.end - inside)
                        yield _near_miss(span, argument.text, meant)


def _meant(name: str) -> str | None:
    """The id that an unknown one was meant to be."""
    if name.lower() in _USUAL:
        return None
    # Imported here: most files install what everybody does.
    from devbox_lint.configuration.package_ids import meant_package

    return meant_package(name)


def _near_miss(span: Span, written: str, meant: str) -> Finding:
    fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
    return Finding(span, f"no known package has the id `{written}`: write `{meant}`", fix=fix)
