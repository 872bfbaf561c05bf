"""DBX207: a value that the parameter's declaration does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import REFERENCE, arguments, declared_here, is_defined
from devbox_lint_rules.tasks._values import complaint

_CLONE = (
    (
        "tasks/clone/task.yaml",
        "name: clone\ncommand: ./run.ps1 {{branch}} {{name}}\nparameters:\n  branch:\n    type: string\n"
        "    allowed: [main, release]\n  name:\n    type: string\n    validationRegex: ^[a-z-]+$\n    maxLength: 8\n",
    ),
)


class ParameterValue(Rule):
    """
    A value breaks what the task's definition says of the parameter: `allowed`, `validationRegex`, `minLength`
    or `maxLength`.

    Why: The service refuses the task.

    Fix: Give a value that is allowed; the message shows where the parameter is declared.
    """

    code = "DBX207"
    name = "parameter-value"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX206", "DBX224")
    references = (REFERENCE,)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: clone\n    parameters:\n      branch: «master»\n      name: '«Web»'\n"
            "  - name: my/clone\n    parameters:\n      name: «web-frontend»\n",
            path="web/imagedefinition.yaml",
            beside=_CLONE,
        ),
        Example(
            USER, "tasks:\n  - name: clone\n    parameters:\n      branch: «''»\n", path="workload.yaml", beside=_CLONE
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: clone\n    parameters:\n      branch: main\n      name: '{{name}}'\n"
            "  - name: clone\n    parameters:\n      name: web\n      branch:\n",
            path="web/imagedefinition.yaml",
            beside=_CLONE,
            shown=False,
        ),
        Example(USER, "tasks:\n  - name: clone\n    parameters:\n      branch: master\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.parameters is None or not is_defined(context, task):
                continue
            for argument in arguments(context, task):
                value = argument.value
                if not isinstance(value, Scalar) or value.is_null:
                    continue
                what, *others = argument.declarations
                wrong = complaint(value.value, what)
                # One definition of many may well accept it.
                if wrong is None or any(complaint(value.value, other) is None for other in others):
                    continue
                name = argument.key.value
                span = value.span_of(0, len(value.value)) if value.value else value.span
                yield Finding(
                    span,
                    f"not allowed for `{name}`: {wrong}",
                    related=declared_here(argument.declarations[0], f"`{name}` is declared here"),
                )
