"""One state of one document as its author thinks of it, and what stands at a place of it."""

from __future__ import annotations

from functools import cached_property

from devbox_lint.credentials.masking import Mask, mask_of_document
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.model import Customization, Task
from devbox_lint.references.expressions import Reference
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence


class Spot(NamedTuple):
    """What stands at a place: the innermost key or value, and all that it is in.

    ``path`` leads from the root to it: keys, and indexes from 0; a key's own name is its last part. ``entry`` is the
    innermost entry, ``scalar`` the key or value itself, ``task`` the task's entry around it. ``is_parameter`` says
    that the entry is one of that task's parameters.
    """

    path: tuple[str | int, ...] = ()
    ancestors: tuple[Node, ...] = ()
    entry: Entry | None = None
    scalar: Scalar | None = None
    on_key: bool = False
    task: Task | None = None
    is_parameter: bool = False


class View:
    """One state of one document that is a customization file."""

    def __init__(self, customization: Customization, catalog: Catalog) -> None:
        self.customization = customization
        self.catalog = catalog

    @property
    def source(self) -> SourceFile:
        """The text."""
        return self.customization.document.source

    @cached_property
    def mask(self) -> Mask:
        """What must not be shown of it."""
        return mask_of_document(self.customization.document)

    def at(self, offset: int) -> Spot:
        """What stands at an offset of the text; the end of a word still belongs to it."""
        spot = _walk(self.customization.root, offset)
        for task in (*self.customization.tasks, *self.customization.examples):
            if any(node is task.node for node in spot.ancestors):
                is_parameter = bool(spot.ancestors) and spot.ancestors[-1] is task.parameters
                return spot._replace(task=task, is_parameter=is_parameter)
        return spot

    def reference_at(self, offset: int) -> Reference | None:
        """The ``{{...}}`` at an offset."""
        for reference in self.customization.references:
            span = reference.span
            if span.start <= offset <= span.end:
                return reference
        return None


def _walk(root: Node | None, offset: int) -> Spot:
    spot = Spot()
    node = root
    while True:
        match node:
            case Scalar():
                return spot._replace(scalar=node)
            case Mapping():
                step = _entry_at(node, offset)
                if step is None:
                    return spot._replace(ancestors=(*spot.ancestors, node))
                name = step.name or ""
                on_key = _holds(step.key, offset)
                spot = Spot((*spot.path, name), (*spot.ancestors, node), step, on_key=on_key)
                node = step.key if on_key else step.value
            case Sequence():
                found = next((index for index, item in enumerate(node.items) if _holds(item, offset)), None)
                ancestors = (*spot.ancestors, node)
                if found is None:
                    return spot._replace(ancestors=ancestors)
                spot = Spot((*spot.path, found), ancestors, spot.entry)
                node = node.items[found]
            case _:
                return spot


def _entry_at(mapping: Mapping, offset: int) -> Entry | None:
    for entry in mapping.entries:
        if _holds(entry.key, offset) or _holds(entry.value, offset):
            return entry
    return None


def _holds(node: Node, offset: int) -> bool:
    return node.start <= offset <= node.end
