"""Which task an entry means, and what is certain of the parameters that it gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from devbox_lint.customization.builtin_tasks import builtin_tasks, quick_start_tasks
from devbox_lint.customization.model import Task
from devbox_lint.customization.schema import MERGE
from devbox_lint.customization.task_definition import Origin, Parameter, TaskDefinition
from devbox_lint.diagnostics import Related
from devbox_lint.rule import Context
from devbox_lint.spelling import near_misses
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, resolve
from devbox_lint_rules.structure._misplaced_parameters import slid_in, slid_out, task_keys

REFERENCE = "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations"
CATALOG = "https://github.com/microsoft/devcenter-catalog"

_BUILT_IN = {
    "~/winget": "winget",
    "~/powershell": "powershell",
    "~/gitclone": "gitclone",
    "__intrinsic_winget__": "winget",
    "__intrinsic_powershell__": "powershell",
    "__intrinsic_gitclone__": "gitclone",
}
# The quick-start catalog's tasks that do what a built-in one does.
_QUICK_START = {"winget": "winget", "powershell": "powershell", "git-clone": "gitclone", "gitclone": "gitclone"}
# What forks of the quick-start catalog add to its tasks.
_OF_FORKS = frozenset(("runAsUser",))
_MEANT = {
    "winget": {
        "configure": "configurationFile",
        "url": "downloadUrl",
        "configurationUrl": "downloadUrl",
        "install": "package",
        "id": "package",
        "packageId": "package",
        "packageName": "package",
    },
    "powershell": {
        "inlineScript": "command",
        "scriptBlock": "command",
        "scriptPath": "script",
        "file": "script",
        "filePath": "script",
        "arguments": "scriptArgs",
        "args": "scriptArgs",
        "executionPolicy": "scriptExecutionPolicy",
    },
    "choco": {
        "install": "package",
        "name": "package",
        "packageVersion": "version",
        "params": "switches",
        "args": "switches",
        "arguments": "switches",
        "options": "switches",
        "id": "package",
        "packageId": "package",
        "packageName": "package",
    },
    "install-vs-extension": {
        "extension": "marketplaceItemName",
        "extensionId": "marketplaceItemName",
        "extensionName": "marketplaceItemName",
        "itemName": "marketplaceItemName",
        "id": "marketplaceItemName",
        "name": "marketplaceItemName",
    },
    "gitclone": {
        "repository": "repositoryUrl",
        "repo": "repositoryUrl",
        "repoUrl": "repositoryUrl",
        "url": "repositoryUrl",
        "cloneUrl": "repositoryUrl",
        "cloneUri": "repositoryUrl",
        "destination": "directory",
        "targetDirectory": "directory",
        "path": "directory",
        "token": "pat",
    },
}


class Unknown(NamedTuple):
    """A parameter that no definition of its task has; ``meant`` are those it may stand for.

    ``close`` says that they are so by their spelling. ``definition`` is the first that lacks it.
    """

    key: Scalar
    value: Node
    meant: tuple[str, ...]
    close: bool
    definition: TaskDefinition


class Argument(NamedTuple):
    """A parameter that is given and declared: its key, its value, and the declarations, one for each definition."""

    key: Scalar
    value: Node
    declarations: tuple[Parameter, ...]


def task_name(task: Task) -> str:
    """The task's name; empty where it has none, or one that is known only when the task runs."""
    name = task.name.value.strip() if task.name is not None else ""
    return "" if "{{" in name else name


def builtin_of(context: Context, task: Task, in_catalogs: bool = False) -> str:
    """``winget``, ``powershell`` or ``gitclone`` where the entry runs that task, else nothing.

    A name without prefix counts where nothing else defines it, with ``in_catalogs`` also after a catalog's name.
    """
    name = task_name(task).lower()
    known = _BUILT_IN.get(name)
    if known is not None:
        return known
    if name == "~/git-clone":
        return "gitclone"  # what is wrong with its values is so before and after its name is mended
    meant = _QUICK_START.get(name.rpartition("/")[2] if in_catalogs else name, "")
    if not meant or name.startswith("~"):
        return ""
    definitions = definitions_of(context, task) or (builtin_tasks()[f"~/{meant}"],)
    if not all(item.origin in (Origin.QUICK_START, Origin.BUILT_IN) for item in definitions):
        return ""
    names = _OF_FORKS.union(*(item.parameters for item in definitions))
    # With a parameter that Microsoft's task has not, it is another one.
    return meant if task.parameters is None or names.issuperset(task.parameters.names) else ""


def is_builtin(task: Task) -> bool:
    """Whether the entry names a built-in task by its own name."""
    return task_name(task).lower() in _BUILT_IN


def definitions_of(context: Context, task: Task) -> tuple[TaskDefinition, ...]:
    """What the entry's task may be.

    A task of the quick-start catalog may as well be the built-in one of that name, written without its prefix.
    """
    name = task_name(task)
    found = context.definitions(name) if name else ()
    if found and found[0].origin is Origin.QUICK_START:
        return _with_builtin(found[0].name)
    return found


@cache
def _with_builtin(name: str) -> tuple[TaskDefinition, ...]:
    """A task of the quick-start catalog, and the built-in one that does the same."""
    definition = quick_start_tasks()[name]
    builtin = builtin_tasks().get(f"~/{_QUICK_START.get(name)}")
    return (definition, builtin) if builtin is not None else (definition,)


def is_defined(context: Context, task: Task) -> bool:
    """Whether the task is defined in a file, and not known from Microsoft alone."""
    name = task_name(task)
    return bool(name) and any(item.place is not None for item in context.definitions(name))


def is_guess(definitions: tuple[TaskDefinition, ...]) -> bool:
    """Whether the definitions are those that a task of this name has in Microsoft's own catalog."""
    return any(item.origin is Origin.QUICK_START for item in definitions)


def unknown_parameters(context: Context, task: Task) -> list[Unknown]:
    """The parameters that the task certainly does not have."""
    parameters = task.parameters
    if parameters is None or not parameters.entries:
        return []
    definitions = definitions_of(context, task)
    if not definitions or not all(item.closed for item in definitions):
        return []
    # In the order of their declaration, in which they are also offered.
    known = dict.fromkeys(name for item in definitions for name in item.parameters)
    found: list[Unknown] = []
    for entry in parameters.entries:
        key = entry.key
        if not isinstance(key, Scalar) or key.value in known or key.value == MERGE or "{{" in key.value:
            continue
        name = key.value
        if any(name in item.mentioned for item in definitions):
            continue
        guess = is_guess(definitions)
        if guess and name in _OF_FORKS:
            continue
        close = tuple(near_misses(name, known))
        meant = close or _meant(task, name, resolve(entry.value), known)
        if meant or not guess:
            found.append(Unknown(key, entry.value, meant, bool(close), definitions[0]))
    return found


def _meant(task: Task, name: str, value: Node, known: Collection[str]) -> tuple[str, ...]:
    last = task_name(task).lower()
    own = last.rpartition("/")[2]
    kind = _BUILT_IN.get(last) or _QUICK_START.get(own, own)
    meant = _MEANT.get(kind, {}).get(name)
    if kind == "winget" and meant != "package" and task.parameters is not None and task.parameters.entry("package"):
        # Beside a package a configuration would be ignored.
        return ()
    if meant == "configurationFile" and isinstance(value, Scalar) and value.value.lower().startswith("http"):
        meant = "downloadUrl"
    return (meant,) if meant in known and meant is not None else ()


def given_names(context: Context, task: Task) -> set[str] | None:
    """The parameters that the entry gives, misspelt and misplaced ones included; None where not all is known."""
    node = task.node
    parameters = node.entry("parameters") or node.entry("inputs")
    if context.document.problems or MERGE in node.names:
        return None
    names: set[str] = set()
    if parameters is not None:
        value = resolve(parameters.value)
        if not isinstance(value, Mapping) or MERGE in value.names:
            return None
        names.update(value.names)
    # What stands beside `parameters` is misplaced, and its place is what is said of it.
    others = [item for item in node.entries if item.name not in task_keys()]
    if any(isinstance(resolve(item.value), Mapping) for item in others):
        # Most likely a misspelt `parameters`.
        return None
    names.update(item.name for item in others if item.name is not None)
    if slid_in(task) or any(other is task for _, other in slid_out(context.customization)):
        return None
    for unknown in unknown_parameters(context, task):
        names.update(unknown.meant)
    return names


def arguments(context: Context, task: Task) -> Iterator[Argument]:
    """The parameters that are given and that all definitions of the task declare."""
    if task.parameters is None:
        return
    definitions = definitions_of(context, task)
    if not definitions:
        return
    for entry in task.parameters.entries:
        name = entry.name
        declared = [item.parameters[name] for item in definitions if name is not None and name in item.parameters]
        if isinstance(entry.key, Scalar) and declared and (len(declared) == len(definitions) or is_guess(definitions)):
            yield Argument(entry.key, resolve(entry.value), tuple(declared))


def declared_here(definition: TaskDefinition | Parameter, what: str) -> tuple[Related, ...]:
    """The place of a declaration, where it is in a file of this run's repository."""
    place = definition.place
    if place is None or not place.span.end:
        return ()
    return (Related(place.span, what, place.path),)
