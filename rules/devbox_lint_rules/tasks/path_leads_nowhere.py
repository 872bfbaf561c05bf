"""DBX229: a path that the repository shows to lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.remote import Remote
from devbox_lint.customization.scripts import named_scripts
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import REFERENCE, builtin_of

# The addresses of a file in a repository: its host, owner and name, and a branch with the path after it.
_RAW = lazy(
    r"https://(?:raw\.(github)usercontent\.com/([\w.-]+/[\w.-]+)/|(?:www\.)?(github)\.com/([\w.-]+/[\w.-]+)/raw/"
    r"|(gitlab)\.com/([\w.-]+/[\w.-]+)/-/raw/)([^\s'\"`<>|;,()?#]+)",
    re.IGNORECASE,
)
_DRIVE = lazy(r"[a-z]:|[\\/$]", re.IGNORECASE)
_MAIN = ("main", "master")
_FOLDER = "C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\CATALOG\\DEFINITION"
_ORIGIN = (
    (".git/config", '[remote "origin"]\n\turl = https://github.com/contoso/web.git\n'),
    (".configuration/frontend/tools.dsc.yaml", "properties: {}\n"),
)


class PathLeadsNowhere(Rule):
    """
    The raw address of a file in this same repository, which has no such file; or the command of a task runs a
    script by a relative path.

    Why: The download ends with 404, and a task runs in a folder of its own, in which no file of the repository is.
    Either fails when a dev box is built, and not before.

    Fix: Write the path as the repository has it now. For a script beside an image definition write the whole path
    to where the service copies it; in a user customization clone the repository first.

    Unsafe because: the file may be on another branch.
    """

    code = "DBX229"
    name = "path-leads-nowhere"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER, TASK))
    see = ("DBX217", "DBX218", "DBX604")
    references = (REFERENCE, "https://learn.microsoft.com/azure/dev-box/how-to-configure-team-customizations")
    bad = (
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: "
            "https://raw.githubusercontent.com/contoso/web/main/«.configuration/fronend/tools.dsc.yaml»\n",
            "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: "
            "https://raw.githubusercontent.com/contoso/web/main/.configuration/frontend/tools.dsc.yaml\n",
            path="workload.yaml",
            beside=_ORIGIN,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: «./setup-devbox.ps1» -All\n",
            path="web/imagedefinition.yaml",
        ),
        Example(
            TASK,
            "name: install\n"
            "command: irm https://github.com/contoso/web/raw/refs/heads/main/«gone.ps1» -OutFile a.ps1\n",
            path="tasks/install/task.yaml",
            beside=_ORIGIN,
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: "
            "https://raw.githubusercontent.com/contoso/web/main/.configuration/Frontend/tools.dsc.yaml\n"
            "  - name: ~/winget\n    parameters:\n      downloadUrl: "
            "https://raw.githubusercontent.com/contoso/other/main/gone.dsc.yaml\n"
            "  - name: ~/winget\n    parameters:\n      downloadUrl: "
            "https://raw.githubusercontent.com/contoso/web/v1.0/gone.dsc.yaml\n",
            path="workload.yaml",
            beside=_ORIGIN,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        cd C:\\Repos\\web\n"
            "        ./a.ps1\n"
            "  - name: ~/powershell\n    parameters:\n      command: ./a.ps1\n      workingDirectory: C:\\Repos\\web\n"
            "  - name: ~/powershell\n    parameters:\n      command: C:\\Repos\\web\\a.ps1\n",
            path="web/imagedefinition.yaml",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: "
            "https://raw.githubusercontent.com/contoso/web/main/gone.dsc.yaml\n",
            path="workload.yaml",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if "/raw" in context.source.text or "//raw." in context.source.text:
            yield from _addresses(context)
        if context.kind is TASK or ".ps1" not in context.source.text.lower():
            return
        for named in named_scripts(context.customization):
            task = named.script.task if named.script is not None else None
            if task is None or task.parameter("workingDirectory") is not None:
                continue
            path = named.scalar.value[named.start : named.end]
            if _DRIVE.match(path) or builtin_of(context, task) != "powershell":
                continue
            yield Finding(
                named.scalar.span_of(named.start, named.end),
                "a relative path to a script, and the task runs in a folder of its own: write the whole path",
                f"the files beside an image definition are in `{_FOLDER}`"
                if context.kind is IMAGE
                else "nothing of the repository is on the dev box before a task clones it",
            )


def _addresses(context: Context) -> Iterator[Finding]:
    remote: Remote | None = None
    for scalar in context.document.scalars:
        if "/raw" not in scalar.value and "//raw." not in scalar.value:
            continue
        for match in _RAW.finditer(scalar.value):
            remote = remote or context.catalog.remote(context.source.path)
            if remote is None:
                return
            host = f"{match[1] or match[3] or match[5]}.com".lower()
            if host == remote.host and (match[2] or match[4] or match[6]).lower() == remote.name:
                finding = _of_address(context, scalar, match, remote)
                if finding is not None:
                    yield finding


def _of_address(context: Context, scalar: Scalar, match: re.Match[str], remote: Remote) -> Finding | None:
    rest = match[7]
    inner = rest.removeprefix("refs/heads/")
    branch = next((name for name in (remote.branch, *_MAIN) if name and inner.startswith(f"{name}/")), None)
    if branch is None or "{{" in rest or "%" in rest or "$" in rest or "//" in rest:
        return None
    path = inner[len(branch) + 1 :].rstrip("./")
    missing = context.catalog.missing(context.source.path, path) if path else None
    if missing is None:
        return None
    start = match.end(7) - len(inner) + len(branch) + 1
    span = scalar.span_of(start, start + len(path))
    there, names = missing
    done = f"{there}/" if there else ""
    wrong, slash, more = path[len(done) :].partition("/")
    where = f"in `{there}`" if there else "at its root"
    close = near_misses(wrong, names)
    if len(close) != 1:
        return Finding(span, f"this repository has no `{wrong}` {where}: write the path as it is now")
    meant = f"{done}{close[0]}{slash}{more}"
    if context.catalog.missing(context.source.path, meant) is not None:
        return Finding(
            span, f"this repository has no `{wrong}` {where}, only `{close[0]}`: write the path as it is now"
        )
    fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
    return Finding(span, f"this repository has no `{wrong}` {where}: write `{meant}`", fix=fix)
