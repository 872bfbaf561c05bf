"""The command of a task definition, and the placeholders in it."""

from __future__ import annotations

from devbox_lint.customization.model import Customization
from devbox_lint.references.expressions import Reference, ReferenceKind
from devbox_lint.yaml.nodes import Mapping, Scalar


def command_of(customization: Customization) -> Scalar | None:
    """The command that the task runs."""
    return customization.root.scalar("command") if customization.root is not None else None


def expressions(customization: Customization, command: Scalar) -> list[Reference]:
    """All ``{{...}}`` in a command."""
    if "{{" not in command.value:
        return []
    return [reference for reference in customization.references if reference.scalar is command]


def is_placeholder(reference: Reference) -> bool:
    """Whether an expression is a name, that of documentation included."""
    return reference.kind in (ReferenceKind.PARAMETER, ReferenceKind.PLACEHOLDER)


def has_readable_parameters(customization: Customization) -> bool:
    """Whether all declared parameters could be read: there are none, or a mapping holds them."""
    root = customization.root
    if root is None:
        return False
    for name in ("parameters", "inputs"):
        node = root.get(name)
        if node is None or isinstance(node, Mapping) or (isinstance(node, Scalar) and node.is_null):
            continue
        return False
    return True
