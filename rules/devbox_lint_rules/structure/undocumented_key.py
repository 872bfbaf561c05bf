"""DBX117: keys that the service's model has and its documentation does not."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping


class UndocumentedKey(Rule):
    """
    A key that is in the service's model and not in the format's reference: `extends` in an image definition,
    `condition` in a task entry, `required` for a parameter of an image definition.

    Why: Nobody has promised what the key does, and it can change without notice.

    Fix: Keep it only if you have seen it work. Name an `image` instead of `extends`; test the condition inside
    the task's own command; leave out `required`, as each parameter of an image definition has a default.
    """

    code = "DBX117"
    name = "undocumented-key"
    severity = Severity.INFO
    needs = ("extends", "required", "condition")
    kinds = frozenset((IMAGE, USER))
    see = ("DBX105", "DBX114")
    references = (
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
        "https://github.com/Azure/azure-rest-api-specs/tree/main/specification/devcenter",
    )
    bad = (
        Example(IMAGE, "name: web\n«extends»:\n  imageDefinition: base\n"),
        Example(USER, "tasks:\n  - name: ~/winget\n    «condition»: always\n"),
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\nparameters:\n  branch:\n    type: string\n"
            "    default: main\n    «required»: false\n",
        ),
    )
    good = (
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n", shown=False),
        Example(USER, "tasks:\n  - name: install\n    parameters:\n      condition: new\n      extends: x\n"),
        Example(USER, "extends: base\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        if context.kind is IMAGE and customization.root is not None:
            for span in _places(customization.root, "extends"):
                yield Finding(span, "`extends` is not documented: name an `image`, or be ready for a change")
            for declaration in customization.declarations:
                if declaration.node is not None and declaration.section == "parameters":
                    for span in _places(declaration.node, "required"):
                        yield Finding(
                            span,
                            "`required` is not documented in image definitions: leave it out, as each parameter"
                            " has a default",
                        )
        for task in customization.tasks:
            for span in _places(task.node, "condition"):
                yield Finding(span, "`condition` is not documented: test it inside the task's own command")


def _places(mapping: Mapping, name: str) -> list[Span]:
    return [entry.key.span for entry in mapping.entries if entry.name == name]
