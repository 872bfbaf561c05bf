"""DBX313: a reference where nothing resolves it."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping, Scalar, resolve

_OURS = frozenset((ReferenceKind.SECRET, ReferenceKind.ADO, ReferenceKind.PARAMETER, ReferenceKind.PLACEHOLDER))
_AT_ROOT = ("$schema", "name", "image")
_IN_TASK = ("name", "task", "displayName", "timeout", "condition")


class ReferenceOutsideParameters(Rule):
    """
    `{{...}}` stands in a key such as `name`, `image`, `displayName` or `timeout`.

    Why: References are resolved in the parameters of tasks. Nothing documents that they work elsewhere, and
    a name or an image with braces in it is not found.

    Fix: Write the value itself.
    """

    code = "DBX313"
    name = "reference-outside-parameters"
    severity = Severity.WARNING
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX310", "DBX311")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "name: web\nimage: gallery/«{{image}}»@1.0.0\nbuildProperties:\n  networkConnection: '«{{network}}»'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    displayName: Install «{{ package }}»\n    timeout: '«{{t}}»'\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "name: web\ndescription: '{{a}}'\nparameters:\n  a:\n    type: string\n    default: '{{b}}'\n"
            "tasks:\n  - name: ~/winget\n    description: installs {{a}}\n    parameters:\n"
            "      package: '{{a}}'\n",
        ),
        Example(USER, "name: '{{ .Values.name | quote }}'\ntasks:\n  - name: 'a {{'\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        root = customization.root
        if root is None or "{{" not in context.source.text:
            return
        places: dict[int, str] = {}
        for key in _AT_ROOT:
            _add(places, root, key)
        properties = root.mapping("buildProperties")
        if properties is not None:
            for name in properties.names:
                _add(places, properties, name)
        for task in customization.tasks:
            for key in _IN_TASK:
                _add(places, task.node, key)
        for reference in customization.references:
            place = places.get(id(reference.scalar))
            if place is not None and reference.kind in _OURS:
                yield Finding(
                    reference.span,
                    f"references are resolved in the parameters of tasks, not in `{place}`: write the value",
                )


def _add(places: dict[int, str], mapping: Mapping, key: str) -> None:
    entry = mapping.entry(key)
    node = resolve(entry.value) if entry is not None else None
    if isinstance(node, Scalar) and "{{" in node.value:
        places[id(node)] = key
