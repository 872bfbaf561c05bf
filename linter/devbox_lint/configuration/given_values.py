"""The values that tasks are given, with the values of the file's own parameters in place, for a configuration."""

from __future__ import annotations

from devbox_lint.customization.model import Customization, Task
from devbox_lint.references.expressions import ReferenceKind, find_references
from devbox_lint.yaml.nodes import Scalar


class NotPossibleError(Exception):
    """An entry cannot go into a configuration; the text says why."""


class GivenValues:
    """What the tasks of a customization are given."""

    def __init__(self, customization: Customization) -> None:
        self._values = {
            declaration.name.value: (declaration.node.scalar("default") or declaration.node.scalar("value"))
            for declaration in customization.declarations
            if declaration.node is not None
        }

    def of(self, task: Task, name: str, notes: list[str]) -> str | None:
        """What a parameter is given, with the values of the file's own parameters in place."""
        value = task.parameter(name)
        return None if value is None else self._filled(value, name, notes)

    def _filled(self, value: Scalar, name: str, notes: list[str]) -> str:
        text = value.value
        if "{{" not in text:
            return text
        pieces: list[str] = []
        at = 0
        for reference in find_references(value):
            if reference.kind is ReferenceKind.SECRET:
                secret = reference.secret
                which = f" `{secret.name.text}`" if secret is not None and secret.name is not None else ""
                raise NotPossibleError(f"`{name}` needs the secret{which} of a key vault, which only Dev Box fetches")
            if reference.kind is ReferenceKind.ADO:
                raise NotPossibleError(f"`{name}` needs a token of Azure DevOps, which only Dev Box fetches")
            if reference.kind is not ReferenceKind.PARAMETER:
                continue
            known = self._values.get(reference.text)
            if known is None or reference.text not in self._values:
                raise NotPossibleError(f"the parameter `{reference.text}` has no value in the file")
            pieces.extend((text[at : reference.start], known.value))
            at = reference.end
            note = f"`{reference.text}` is written as its value in the file"
            if note not in notes:
                notes.append(note)
        return "".join((*pieces, text[at:]))
