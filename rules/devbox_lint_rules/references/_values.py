"""The values that Dev Box resolves references in: the parameters of tasks, and what a file declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from devbox_lint.customization.model import Customization, Task
from devbox_lint.powershell import RegionKind, is_comment, region_at
from devbox_lint.references.expressions import Reference
from devbox_lint.rule import Context
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence, resolve

_ENTRY_KEYS = frozenset(
    ("name", "task", "displayName", "description", "timeout", "parameters", "inputs", "condition", "runAs")
)
_SCRIPTS = frozenset(("command", "commands", "script", "scripts", "inlinescript", "scriptblock"))


class Value(NamedTuple):
    """A scalar with the nearest key above it; ``task`` is None for the value of a declaration."""

    task: Task | None
    name: str
    scalar: Scalar

    @property
    def is_script(self) -> bool:
        """Whether the value is PowerShell, by the name of its parameter."""
        return self.name.lower() in _SCRIPTS


def task_values(tasks: Iterable[Task]) -> Iterator[Value]:
    """The scalars in the parameters of ``tasks``, each once, lists and mappings taken apart."""
    seen: set[int] = set()
    for task in tasks:
        # A key that an entry does not have is a parameter that slid out of `parameters`.
        stack: list[tuple[str, Node]] = [
            (entry.name or "", entry.value) for entry in reversed(task.node.entries) if entry.name not in _ENTRY_KEYS
        ]
        if task.parameters is not None:
            stack.append(("", task.parameters))
        while stack:
            name, node = stack.pop()
            node = resolve(node)
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Scalar):
                yield Value(task, name, node)
            elif isinstance(node, Mapping):
                stack.extend((entry.name or name, entry.value) for entry in reversed(node.entries))
            elif isinstance(node, Sequence):
                stack.extend((name, item) for item in reversed(node.items))


def declared_values(customization: Customization) -> Iterator[Value]:
    """What declared parameters and variables hold: each ``default`` and ``value`` that is a scalar."""
    for declaration in customization.declarations:
        if declaration.node is not None:
            for key in ("default", "value"):
                scalar = declaration.node.scalar(key)
                if scalar is not None:
                    yield Value(None, declaration.name.value, scalar)


def resolved_references(context: Context, declared: bool = False) -> tuple[tuple[Value, Reference], ...]:
    """The references in the parameters of tasks, those in a script's comments apart, in the order of the file.

    ``declared`` adds those in the values of declarations.
    """
    return _resolved(context.customization, declared) if "{{" in context.source.text else ()


# Most rules of this group ask for the same.
@lru_cache(maxsize=2)
def _resolved(customization: Customization, declared: bool) -> tuple[tuple[Value, Reference], ...]:
    values = {id(value.scalar): value for value in task_values(customization.tasks)}
    if declared:
        values.update((id(value.scalar), value) for value in declared_values(customization))
    found = []
    for reference in customization.references:
        value = values.get(id(reference.scalar))
        if value is not None and not (value.is_script and is_comment(value.scalar.value, reference.start)):
            found.append((value, reference))
    return tuple(found)


def is_in_text(value: Value, reference: Reference) -> bool:
    """Whether the reference is in a here-string of a script, which may be a template for another tool."""
    return value.is_script and region_at(value.scalar.value, reference.start).kind is RegionKind.HERE_STRING
