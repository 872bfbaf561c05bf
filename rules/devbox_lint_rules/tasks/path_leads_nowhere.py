"""DBX229: a path that the repository shows to lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.remote import Remote
from devbox_lint.customization.scripts import MOVING, named_scripts, script_path, scripts_in
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._clones import Clone, clones
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
    The raw address of a file in this same repository, which has no such file; a command runs a script by a
    relative path, that of a task definition one above its own folder; or a `configurationFile` or `script` is below
    the folder of the clones, in a repository that no task clones there.

    Why: The download ends with 404, a task runs in a folder of its own, in which no file of the repository is,
    and a folder that nobody made is not there. All of it fails when a dev box is built, and not before.

    Fix: Write the path as the repository has it now. For a script beside an image definition write the whole path
    to where the service copies it; in a user customization clone the repository first.

    Unsafe because: the file may be on another branch, or the folder in the image already.
    """

    code = "DBX229"
    name = "path-leads-nowhere"
    severity = Severity.WARNING
    needs = ("/raw", ".ps1", "//raw.", "clone")
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
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/shop.git\n"
            "      directory: C:\\Repos\n  - name: ~/winget\n    parameters:\n"
            "      configurationFile: C:\\Repos\\«dotfiles»\\tools.dsc.yaml\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/shop.git\n"
            "      directory: C:\\Repos\n  - name: ~/winget\n    parameters:\n"
            "      configurationFile: C:\\Repos\\shop\\tools.dsc.yaml\n",
            path="web/imagedefinition.yaml",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "  - name: ~/winget\n    parameters:\n"
            "      configurationFile: C:\\Workspaces\\web\\«.configuration\\fronend\\tools.dsc.yaml»\n",
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "  - name: ~/winget\n    parameters:\n"
            "      configurationFile: C:\\Workspaces\\web\\.configuration\\frontend\\tools.dsc.yaml\n",
            path="workload.yaml",
            beside=_ORIGIN,
        ),
        Example(
            TASK,
            "name: install\ncommand: «../shared/install.ps1» -Step {{step}}\n",
            path="tasks/install/task.yaml",
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
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/shop.git\n"
            "      directory: C:\\Repos\n  - name: ~/winget\n    parameters:\n"
            "      configurationFile: c:/repos/Shop/tools.dsc.yaml\n  - name: ~/winget\n    parameters:\n"
            "      configurationFile: C:\\Repos\\tools.dsc.yaml\n  - name: ~/powershell\n    parameters:\n"
            "      command: git clone https://github.com/contoso/dotfiles C:\\Repos\\dotfiles\n"
            "  - name: ~/winget\n    parameters:\n      configurationFile: C:\\Repos\\dotfiles\\tools.dsc.yaml\n"
            "  - name: ~/winget\n    parameters:\n      configurationFile: C:\\Repos\\other\\tools.dsc.yaml\n"
            "      downloadUrl: https://contoso.com/tools.dsc.yaml\n",
            path="web/imagedefinition.yaml",
        ),
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
        if context.kind is not TASK:
            yield from _below_clones(context)
        if ".ps1" not in context.source.text.lower():
            return
        if context.kind is TASK:
            yield from _above_the_task(context)
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


def _above_the_task(context: Context) -> Iterator[Finding]:
    """Scripts that the command of a task definition runs from a folder above its own."""
    for script in scripts_in(context.customization):
        for call in script.syntax.calls:
            if call.program in MOVING:
                return
            place = script_path(call)
            if place is None:
                continue
            start, end, _ = place
            if script.text[start:end].replace("\\", "/").removeprefix("./").startswith("../"):
                yield Finding(
                    script.span(start, end),
                    "a script above the task's folder, and a task runs in a copy of its own folder alone: put the"
                    " script into it",
                )


def _below_clones(context: Context) -> Iterator[Finding]:
    """Paths below the folder of the clones, in a repository that no task clones or that does not have them."""
    root = context.customization.root
    if "clone" not in context.source.text.lower() or root is None or root.entry("extends") is not None:
        return
    values = []
    for task in context.customization.tasks:
        value = task.parameter("configurationFile") or task.parameter("script")
        fetched = task.parameter("downloadUrl") or task.parameter("inlineConfigurationBase64")
        if value is not None and fetched is None and not any(mark in value.value for mark in ("{", "$", "%", "\\\\")):
            values.append(value)
    made = clones(context) if values else None
    for value in values if made else ():
        finding = _below(context, value, made or [], values)
        if finding is not None:
            yield finding


def _below(context: Context, value: Scalar, made: list[Clone], values: list[Scalar]) -> Finding | None:
    path = _plain(value.value)
    # Other things are at the root of a drive.
    above = [(folder, clone) for clone in made if "\\" in (folder := _plain(clone.folder).rstrip("\\"))]
    above = [(folder, clone) for folder, clone in above if path.startswith(f"{folder}\\")]
    if not above:
        return None
    folder = max((folder for folder, _ in above), key=len)
    start = len(folder) + 1
    end = path.find("\\", start)
    if end < 0:
        return None
    name = path[start:end]
    for _, clone in above:
        inner = _plain(clone.name)
        if folder.endswith(f"\\{inner}"):
            return None  # the clone makes a second folder of that name, and that is found where it is said
        if inner == name:
            return _in_clone(context, clone, value, end + 1)
    if _plain(context.source.text).count(name) > sum(_plain(other.value).count(name) for other in values):
        return None  # something else may make it
    names = list(dict.fromkeys(clone.name for inner, clone in above if inner == folder))
    span = value.span_of(start, end)
    message = f"no task of this file clones `{value.value[start:end]}` into `{value.value[: start - 1]}`"
    if len(names) > 1:
        return Finding(span, f"{message}: write the name of a repository that is there, or clone this one")
    fix = Fix(f"write `{names[0]}`", (Edit(span, names[0]),), safe=False)
    return Finding(span, f"{message}: write `{names[0]}`, which is cloned there, or clone this one too", fix=fix)


def _in_clone(context: Context, clone: Clone, value: Scalar, start: int) -> Finding | None:
    """A path in a clone of this very repository, which does not have it."""
    branch = clone.task.parameter("branch")
    remote = context.catalog.remote(context.source.path)
    if remote is None or (branch is not None and branch.value not in (remote.branch, *_MAIN)):
        return None
    host, _, name = clone.url.removeprefix("https://").partition("/")
    if host.lower() != remote.host or name.removesuffix("/").removesuffix(".git").lower() != remote.name:
        return None
    written = value.value[start:].rstrip()
    return _in_repository(context, value.span_of(start, start + len(written)), written)


def _plain(path: str) -> str:
    return path.replace("/", "\\").lower()


def _of_address(context: Context, scalar: Scalar, match: re.Match[str], remote: Remote) -> Finding | None:
    rest = match[7]
    inner = rest.removeprefix("refs/heads/")
    branch = next((name for name in (remote.branch, *_MAIN) if name and inner.startswith(f"{name}/")), None)
    if branch is None or "{{" in rest or "%" in rest or "$" in rest or "//" in rest:
        return None
    path = inner[len(branch) + 1 :].rstrip("./")
    start = match.end(7) - len(inner) + len(branch) + 1
    return _in_repository(context, scalar.span_of(start, start + len(path)), path) if path else None


def _in_repository(context: Context, span: Span, written: str) -> Finding | None:
    """What is wrong with a path from the root of the repository, as it is written at ``span``."""
    path = written.replace("\\", "/")
    missing = context.catalog.missing(context.source.path, path)
    if missing is None:
        return None
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
    meant = meant.replace("/", "\\") if "\\" in written else meant
    fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
    return Finding(span, f"this repository has no `{wrong}` {where}: write `{meant}`", fix=fix)
