"""Which keys of a task stand beside ``parameters`` instead of inside it, or outside of their task."""

from __future__ import annotations

from functools import cache

from devbox_lint.customization.builtin_tasks import likely_parameters
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization, Task
from devbox_lint.customization.schema import MERGE, load_schema
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, resolve

#: Keys of an entry that are no task's parameters, so that they cannot belong under `parameters`.
SLIDING = frozenset(("displayName", "timeout", "parameters"))
#: Keys that people write to choose who runs a task; the section does that.
RUN_AS = frozenset(("runAs", "runAsUser"))


@cache
def task_keys() -> frozenset[str]:
    """The keys that a task entry can have, legacy and undocumented ones included."""
    return frozenset(load_schema(Kind.IMAGE)["$defs"]["task"]["properties"])


# Keys of the file that a task entry cannot hold: bad-indentation moves them out, unless they hold one value.
_SLID_IN = frozenset(("tasks", "userTasks", "image", "buildProperties"))


@cache
def root_keys() -> frozenset[str]:
    """The keys that only the top of a file can have."""
    properties = {*load_schema(Kind.IMAGE)["properties"], *load_schema(Kind.USER)["properties"]}
    return frozenset(properties) - task_keys()


def misplaced_parameters(task: Task) -> list[Entry]:
    """The entry's keys that certainly belong under ``parameters``, in the order of the file.

    They are parameters that a task of this name takes, or stand after a ``parameters`` with nothing in it.
    """
    keys = task_keys()
    unknown = [entry for entry in task.node.entries if isinstance(entry.key, Scalar) and entry.key.value not in keys]
    node = task.node
    if not unknown or task.section == "examples" or node.entry(MERGE) is not None:
        return []
    taken = {name.lower() for name in likely_parameters(task.name.value)} if task.name is not None else set()
    parameters = parameters_of(task)
    empty = parameters is not None and _is_empty(parameters.value)
    found: list[Entry] = []
    for entry in unknown:
        name = entry.name or ""
        after_empty = empty and parameters is not None and entry.key.start > parameters.key.start
        after_empty = after_empty and name not in RUN_AS and name != MERGE
        if name.lower() in taken or (after_empty and name not in root_keys() and not near_misses(name, keys)):
            found.append(entry)
    return found


def parameters_of(task: Task) -> Entry | None:
    """The entry's ``parameters``, or what they were called in the preview."""
    return task.node.entry("parameters") or task.node.entry("inputs")


def slid_in(task: Task) -> list[Entry]:
    """The keys of the file that slid into the entry with their lines, which bad-indentation speaks of."""
    return [entry for entry in task.node.entries if entry.name in _SLID_IN and not isinstance(entry.value, Scalar)]


def slid_among_parameters(task: Task) -> Entry | None:
    """The key of the entry that slid in among its parameters, which bad-indentation speaks of.

    Only the last one can slide without taking others along; a catalog task may well have a parameter `timeout`.
    """
    parameters = resolve(entry.value) if (entry := task.node.entry("parameters")) is not None else None
    if not isinstance(parameters, Mapping) or parameters.flow or len(parameters.entries) < 2:
        return None
    last = parameters.entries[-1]
    if last.name not in SLIDING or last.name in task.node.names:
        return None
    builtin = task.name is not None and task.name.value.startswith("~/")
    return last if builtin or last.name != "timeout" else None


def are_tasks(node: Node) -> bool:
    """Whether a list holds nothing but tasks: as a value of ``parameters``, bad-indentation speaks of it."""
    return (
        isinstance(node, Sequence)
        and bool(node.items)
        and all(
            isinstance(item, Mapping)
            and (name := item.scalar("name")) is not None
            and (name.value.startswith("~/") or "parameters" in item.names or "displayName" in item.names)
            for item in node.items
        )
    )


def slid_out(customization: Customization) -> list[tuple[Entry, Task]]:
    """The keys at the top of a file that belong to the last task above them, which they slid out of."""
    root = customization.root
    found: list[tuple[Entry, Task]] = []
    task: Task | None = None
    for entry in root.entries if root is not None and customization.kind is not Kind.TASK else ():
        name = entry.name or ""
        if name in ("tasks", "userTasks"):
            task = next((task for task in reversed(customization.tasks) if task.section == name), None)
            items = resolve(entry.value)
            if (
                task is not None
                and isinstance(items, Sequence)
                and not any(item is task.node for item in items.items[-1:])
            ):
                task = None
        elif task is not None and _belongs(task, name, entry.value):
            found.append((entry, task))
        else:
            task = None
    return found


def _belongs(task: Task, name: str, value: Node) -> bool:
    if task.node.get(name) is not None and not _is_empty(task.node.get(name)):
        return False
    if name == "parameters":
        # At the top of an image definition `parameters` are declared, and each declaration is a mapping.
        return isinstance(value, Mapping) and any(isinstance(item.value, Scalar) for item in value.entries)
    if name in ("displayName", "timeout", "condition"):
        return isinstance(value, Scalar)
    taken = likely_parameters(task.name.value) if task.name is not None else ()
    return name.lower() in {parameter.lower() for parameter in taken}


def _is_empty(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.is_null
