"""The keys of the 2023 preview, and what is written in their place."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Entry, Mapping

_IN_FILE = {"setupTasks": "tasks"}
_IN_TASK_FILE = {"inputs": "parameters"}
_IN_ENTRY = {"task": "name", "inputs": "parameters"}
_IN_DECLARATION = {"defaultValue": "default", "allowedValues": "allowed"}
#: What to write now for each legacy key; nothing takes the place of the two that are left out.
CURRENT = {**_IN_FILE, **_IN_TASK_FILE, **_IN_ENTRY, **_IN_DECLARATION}
REMOVED = {
    "hostInformation": "the dev box pool sets the size now, so remove it",
    "supportsHibernation": "the dev box pool sets hibernation now, so remove it",
}


class LegacyKey(NamedTuple):
    """A legacy key, the mapping it is in, and the key to write now; None where it is only to be removed."""

    mapping: Mapping
    entry: Entry
    current: str | None


def has_legacy_keys(customization: Customization) -> bool:
    """Whether the file has any key of the preview's format."""
    return next(legacy_keys(customization), None) is not None


def legacy_keys(customization: Customization) -> Iterator[LegacyKey]:
    """The legacy keys of a file, outer ones first."""
    root = customization.root
    if root is None:
        return
    is_task = customization.kind is Kind.TASK
    yield from _renamed(root, _IN_TASK_FILE if is_task else _IN_FILE)
    if not is_task:
        for entry in root.entries:
            if entry.name in REMOVED:
                yield LegacyKey(root, entry, None)
    for task in customization.tasks:
        yield from _renamed(task.node, _IN_ENTRY)
    for task in customization.examples:
        yield from _renamed(task.node, _IN_ENTRY)
    for declaration in customization.declarations:
        if declaration.node is not None and declaration.section != "variables":
            yield from _renamed(declaration.node, _IN_DECLARATION)


def _renamed(mapping: Mapping, names: dict[str, str]) -> Iterator[LegacyKey]:
    for entry in mapping.entries:
        current = names.get(entry.name or "")
        if current is not None:
            yield LegacyKey(mapping, entry, current)
