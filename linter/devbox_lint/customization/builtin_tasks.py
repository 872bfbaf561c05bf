"""The tasks that every project can have: the built-in ones, and those of Microsoft's quick-start catalog."""

from __future__ import annotations

from functools import cache

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.task_definition import Origin, Parameter, TaskDefinition

_WINGET = ("package", "version", "configurationFile", "downloadUrl", "inlineConfigurationBase64")
_POWERSHELL = ("command", "workingDirectory", "script", "scriptArgs", "scriptExecutionPolicy")
_GITCLONE = ("repositoryUrl", "directory", "branch", "pat")

#: What each built-in task takes, by its name; the long names are the service's own.
BUILTIN_PARAMETERS: dict[str, tuple[str, ...]] = {
    "~/winget": _WINGET,
    "~/powershell": _POWERSHELL,
    "~/gitclone": _GITCLONE,
    "__INTRINSIC_WinGet__": _WINGET,
    "__INTRINSIC_PowerShell__": _POWERSHELL,
    "__INTRINSIC_GitClone__": _GITCLONE,
}

#: What each task of the quick-start catalog takes, by its name without the catalog's.
QUICK_START_PARAMETERS: dict[str, tuple[str, ...]] = {
    "choco": ("package", "version", "switches", "ignoreChecksums"),
    "git-clone": _GITCLONE,
    "install-vs-extension": ("marketplaceItemName",),
    "powershell": ("command", "workingDirectory"),
    "winget": (*_WINGET, "runAsUser"),
}

#: The built-in tasks that, under `tasks`, run as the system; in lower case.
SYSTEM_TASKS = frozenset(("~/winget", "~/powershell", "__intrinsic_winget__", "__intrinsic_powershell__"))

_BUILTIN_REQUIRED = frozenset(("repositoryUrl",))
_QUICK_START_REQUIRED = {
    "choco": "package",
    "git-clone": "repositoryUrl",
    "install-vs-extension": "marketplaceItemName",
    "powershell": "command",
}
_DEFAULTS = {"directory": "C:\\Workspaces", "scriptExecutionPolicy": "Bypass"}
_BOOLEANS = frozenset(("ignoreChecksums", "runAsUser"))

_BY_NAME = {name.lower(): names for name, names in BUILTIN_PARAMETERS.items()}
# A built-in without its prefix, or with a hyphen it does not have, is still meant.
_BY_LAST_PART = {"gitclone": _GITCLONE, **QUICK_START_PARAMETERS}


def likely_parameters(task: str) -> tuple[str, ...]:
    """The parameters that a task of this name most likely takes, nothing where the name says nothing.

    ``catalog/name`` is judged by ``name``, so this is good for a guess about what an author meant, not for
    a verdict about what a catalog's own task accepts.
    """
    name = task.lower()
    return _BY_NAME.get(name) or _BY_LAST_PART.get(name.rpartition("/")[2], ())


@cache
def builtin_tasks() -> dict[str, TaskDefinition]:
    """The built-in tasks by their names in lower case."""
    return {
        name.lower(): _definition(name, Origin.BUILT_IN, names, _BUILTIN_REQUIRED)
        for name, names in BUILTIN_PARAMETERS.items()
    }


@cache
def quick_start_tasks() -> dict[str, TaskDefinition]:
    """The tasks of the quick-start catalog by their names without the catalog's."""
    return {
        name: _definition(name, Origin.QUICK_START, names, frozenset((_QUICK_START_REQUIRED.get(name, ""),)))
        for name, names in QUICK_START_PARAMETERS.items()
    }


def may_run(definition: TaskDefinition, kind: Kind, section: str) -> bool:
    """Whether a file of ``kind`` can be meant to run a task of this name under ``section``.

    Standard users may run no built-in task as the system; and `winget` of the quick-start catalog, written without its
    catalog where that of Dev Box can run, is one that left out the `~/`.
    """
    is_users = kind is Kind.USER and section == "tasks"
    if definition.origin is Origin.QUICK_START:
        return is_users or f"~/{definition.name}" not in BUILTIN_PARAMETERS
    return not (is_users and definition.name.lower() in SYSTEM_TASKS)


def _definition(name: str, origin: Origin, names: tuple[str, ...], required: frozenset[str]) -> TaskDefinition:
    parameters = {
        parameter: Parameter(
            parameter,
            "boolean" if parameter in _BOOLEANS else "string",
            parameter in required,
            "false" if parameter in _BOOLEANS else _DEFAULTS.get(parameter),
        )
        for parameter in names
    }
    return TaskDefinition(name, origin, parameters)
