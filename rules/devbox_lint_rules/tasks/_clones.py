"""The tasks that clone a repository, and what their values say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Span
from devbox_lint.rule import Context
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Entry, Scalar, resolve
from devbox_lint_rules.tasks._entries import builtin_of

if TYPE_CHECKING:
    from collections.abc import Collection


# Where a clone goes that names no folder.
_WORKSPACES = "C:\\Workspaces"


class Clone(NamedTuple):
    """A repository, by its address and its name, and the ``folder`` in which the clone makes one of that name."""

    task: Task
    url: str
    name: str
    folder: str


def clones(context: Context) -> list[Clone] | None:
    """The clones that the tasks of a file make; None where one of them is not known in full."""
    found = []
    for task in context.customization.tasks:
        if task.name is None or "clone" not in task.name.value.lower():
            continue
        url, directory = task.parameter("repositoryUrl"), task.parameter("directory")
        folder = _WORKSPACES if directory is None else directory.value.strip()
        name = repository_name(url.value) if url is not None and _is_clone(context, task) else ""
        if url is None or not name or any(mark in url.value + folder for mark in "{}$%"):
            return None
        found.append(Clone(task, url.value.strip(), name, folder))
    return found


def clones_with(context: Context, names: Collection[str]) -> Iterator[tuple[Task, Entry, Scalar]]:
    """The parameters ``names`` of the clones by Microsoft's tasks, each with the text that is given for it."""
    for task in context.customization.tasks:
        for entry in task.parameters.entries if task.parameters is not None else ():
            if entry.name not in names:
                continue
            value = resolve(entry.value)
            if isinstance(value, Scalar) and not value.is_null and value.value.strip() and _is_clone(context, task):
                yield task, entry, value


def _is_clone(context: Context, task: Task) -> bool:
    return builtin_of(context, task, in_catalogs=True) == "gitclone"


def repository_name(url: str) -> str:
    """The name of the folder that git clones a repository into; empty where the URL does not tell."""
    path = url.strip().split("?", 1)[0].split("#", 1)[0].rstrip("/")
    name = path.rpartition("/")[2]
    if "%" in name:
        from urllib.parse import unquote

        name = unquote(name)
    return name[:-4] if name.lower().endswith(".git") else name


def inside(value: Scalar, text: str) -> Span:
    """The place of ``text``, a part of the value such as the value without blanks around it."""
    start = value.value.index(text)
    return value.span_of(start, start + len(text))
