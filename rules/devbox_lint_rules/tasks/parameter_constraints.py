"""DBX224: a declaration that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.task_definition import Parameter, declared_parameter
from devbox_lint.diagnostics import Finding, Related, Severity, Span
from devbox_lint.rule import IMAGE, TASK, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_rules.tasks._values import complaint, fits_type, pattern_error

_TYPES = {"boolean": "`true` or `false`", "number": "a number"}


class ParameterConstraints(Rule):
    """
    What is declared of a parameter cannot all be true: a `minLength` over the `maxLength`, a `validationRegex`
    that is no regular expression, a `default` that is not among the allowed values or of another type.

    Why: Every value is refused, the default included, or the definition itself is when its catalog is synchronised, and
    no file can use the task.

    Fix: Mend the constraint, or the default.
    """

    code = "DBX224"
    name = "parameter-constraints"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, TASK))
    see = ("DBX207", "DBX223", "DBX606")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "name: clone\ncommand: ./x.ps1\nparameters:\n  branch:\n    type: string\n    allowed: [main, release]\n"
            "    default: «master»\n  name:\n    type: string\n    minLength: «10»\n    maxLength: 5\n"
            "  quiet:\n    type: boolean\n    default: '«maybe»'\n",
        ),
        Example(
            IMAGE,
            "parameters:\n  branch:\n    type: string\n    default: main\n    validationRegex: «'^(main|release$'»\n"
            "  name:\n    type: string\n    default: «Web»\n    validationRegex: ^[a-z]+$\n",
        ),
    )
    good = (
        Example(
            TASK,
            "name: clone\ncommand: ./x.ps1\nparameters:\n  branch:\n    type: string\n    required: true\n"
            "    default: ''\n    allowed: [main, release]\n    minLength: 4\n    maxLength: 10\n"
            "  name:\n    type: string\n    default: Main\n    validationRegex: '^(?<first>\\p{Lu})[a-z]+$'\n",
        ),
        Example(IMAGE, "parameters:\n  port:\n    type: number\n    default: '80'\n    allowed: [80, 443]\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for declaration in context.customization.declarations:
            if declaration.node is not None and declaration.section != "variables":
                yield from _contradictions(
                    declared_parameter(declaration.name.value, declaration.node), declaration.node
                )


def _contradictions(parameter: Parameter, node: Mapping) -> Iterator[Finding]:
    least, most = parameter.minimum_length, parameter.maximum_length
    shortest, longest = node.scalar("minLength"), node.scalar("maxLength")
    if least is not None and most is not None and least > most and shortest is not None and longest is not None:
        yield Finding(
            shortest.span,
            f"a `minLength` greater than `maxLength`, so that no value is allowed: write at most `{most}`",
            related=(Related(longest.span, "the greatest length"),),
        )
        return
    pattern = node.scalar("validationRegex")
    wrong = pattern_error(pattern.value) if pattern is not None else None
    if wrong is not None and pattern is not None:
        yield Finding(pattern.span, f"invalid regular expression: {wrong}")
    default = node.scalar("default") or node.scalar("defaultValue")
    # An empty default means: no default.
    if default is None or not default.value.strip() or "{{" in default.value:
        return
    if not fits_type(default.value, parameter.type):
        what = _TYPES.get(parameter.type or "", "")
        yield Finding(_value(default), f"the default of a {parameter.type} must be {what}")
        return
    said = complaint(default.value, parameter)
    if said is not None:
        yield Finding(_value(default), f"the default is not allowed by its own declaration: {said}")


def _value(scalar: Scalar) -> Span:
    return scalar.span_of(0, len(scalar.value))
