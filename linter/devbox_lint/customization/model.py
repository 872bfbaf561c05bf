"""A customization file as its author thinks of it: tasks, parameters, references.

The view is lenient: whatever is missing or of the wrong type is None or left out, and rules say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from devbox_lint.customization.kinds import Kind
from devbox_lint.references.expressions import Reference, find_references
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Entry, Mapping, Scalar, items_of, resolve

if TYPE_CHECKING:
    from devbox_lint.customization.schema import Violation


class Task(NamedTuple):
    """One entry of ``tasks``, ``userTasks``, the legacy ``setupTasks``, or a task definition's examples.

    ``number`` counts from 0 in its section; ``name`` is the value of ``name`` or of the legacy ``task``,
    ``parameters`` the mapping under ``parameters`` or the legacy ``inputs``.
    """

    node: Mapping
    section: str
    number: int
    name: Scalar | None
    parameters: Mapping | None

    def parameter(self, name: str) -> Scalar | None:
        """The parameter's value where it is a scalar that is not null."""
        return self.parameters.scalar(name) if self.parameters is not None else None


class Declaration(NamedTuple):
    """A parameter or variable that a file declares; ``node`` is None where its definition is no mapping."""

    section: str
    name: Scalar
    node: Mapping | None


class Customization:
    """The typed view of one file."""

    __slots__ = ("_references", "_violations", "declarations", "document", "examples", "kind", "root", "tasks")

    def __init__(self, document: Document, kind: Kind) -> None:
        self.document = document
        self.kind = kind
        root = document.root
        self.root: Mapping | None = root if isinstance(root, Mapping) else None
        self._references: list[Reference] | None = None
        self._violations: tuple[Violation, ...] | None = None
        tasks: list[Task] = []
        declarations: list[Declaration] = []
        examples: list[Task] = []
        if self.root is not None and kind is not Kind.CONFIGURATION:
            sections = ("parameters", "inputs") if kind is Kind.TASK else ("parameters", "variables")
            for entry in self.root.entries:
                name = entry.name
                if name in ("tasks", "userTasks", "setupTasks") and kind is not Kind.TASK:
                    tasks.extend(_tasks(entry, name))
                elif name in sections:
                    declarations.extend(_declarations(entry, name))
                elif name == "documentation" and kind is Kind.TASK:
                    value = resolve(entry.value)
                    if isinstance(value, Mapping):
                        shown = value.entry("examples")
                        if shown is not None:
                            examples.extend(_tasks(shown, "examples"))
        #: The tasks that the service runs, in the order of the file.
        self.tasks: tuple[Task, ...] = tuple(tasks)
        #: The declared parameters and variables, in the order of the file.
        self.declarations: tuple[Declaration, ...] = tuple(declarations)
        #: The entries of ``documentation.examples`` of a task definition.
        self.examples: tuple[Task, ...] = tuple(examples)

    @property
    def references(self) -> list[Reference]:
        """All ``{{...}}`` in the file's scalars, in the order of the file."""
        if self._references is None:
            self._references = [
                reference
                for scalar in self.document.scalars
                if "{{" in scalar.value
                for reference in find_references(scalar)
            ]
        return self._references

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Where the file departs from the schema of its kind, in the order of the file."""
        if self._violations is None:
            from devbox_lint.customization.schema import find_violations

            self._violations = find_violations(self.document, self.kind)
        return self._violations


def _tasks(entry: Entry, section: str) -> list[Task]:
    tasks = []
    for index, node in enumerate(items_of(resolve(entry.value))):
        if isinstance(node, Mapping):
            tasks.append(
                Task(
                    node,
                    section,
                    index,
                    node.scalar("name") or node.scalar("task"),
                    node.mapping("parameters") or node.mapping("inputs"),
                )
            )
    return tasks


def _declarations(entry: Entry, section: str) -> list[Declaration]:
    value = resolve(entry.value)
    if not isinstance(value, Mapping):
        return []
    return [
        Declaration(section, item.key, node if isinstance(node := resolve(item.value), Mapping) else None)
        for item in value.entries
        if isinstance(item.key, Scalar)
    ]
