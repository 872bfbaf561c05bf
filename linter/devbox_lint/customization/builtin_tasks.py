"""The parameters of the tasks that every project can have: the built-in ones, and Microsoft's quick-start catalog."""

from __future__ import annotations

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
