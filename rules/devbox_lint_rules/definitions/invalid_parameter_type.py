"""DBX606: a type of parameter that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, Context, Example, Rule

_TYPES = frozenset(("string", "boolean", "number"))
_MEANT = {
    "int": "number",
    "integer": "number",
    "int32": "number",
    "int64": "number",
    "long": "number",
    "double": "number",
    "float": "number",
    "decimal": "number",
    "numeric": "number",
    "bool": "boolean",
    "str": "string",
    "text": "string",
}


class InvalidParameterType(Rule):
    """
    The `type` of a parameter or variable is not `string`, `boolean` or `number`.

    Why: There are no other types. `int`, `bool` and `array` are from the preview of 2023 or from other
    products, and a definition that has them is rejected.

    Fix: Write one of the three. A list has to be handed over as a string, for example with commas.
    """

    code = "DBX606"
    name = "invalid-parameter-type"
    severity = Severity.ERROR
    needs = ("type",)
    kinds = frozenset((IMAGE, TASK))
    see = ("DBX223", "DBX224")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "name: install\ncommand: ./a.ps1 {{a}} {{b}} {{c}}\nparameters:\n  a:\n    type: «int»\n"
            "  b:\n    type: '«bool»'\n  c:\n    type: «double» # seconds\n",
            "name: install\ncommand: ./a.ps1 {{a}} {{b}} {{c}}\nparameters:\n  a:\n    type: number\n"
            "  b:\n    type: 'boolean'\n  c:\n    type: number # seconds\n",
        ),
        Example(TASK, "name: install\ncommand: ./a.ps1 {{a}}\nparameters:\n  a:\n    type: «array»\n"),
        Example(
            IMAGE,
            "variables:\n  a:\n    type: «str»\n    value: b\n",
            "variables:\n  a:\n    type: string\n    value: b\n",
        ),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: ./a.ps1 {{a}} {{b}}\nparameters:\n  a:\n    type: number\n"
            "  b:\n    type: String\n  c:\n    type:\n",
            shown=False,
        ),
        Example(IMAGE, "tasks:\n  - name: catalog/task\n    parameters:\n      type: int\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for declaration in context.customization.declarations:
            kind = declaration.node.scalar("type") if declaration.node is not None else None
            if kind is None or not kind.value.strip() or "{{" in kind.value:
                continue
            value = kind.value
            word = value.strip().lower()
            if word in _TYPES:
                continue
            meant = _MEANT.get(word)
            span = kind.span_of(0, len(value))
            if meant is None:
                shown = f"`{value}`" if len(value) <= 40 and "\n" not in value else "this"
                yield Finding(span, f"{shown} is not a parameter type: write `string`, `boolean` or `number`")
            else:
                fix = Fix(f"write `{meant}`", (Edit(span, meant),))
                yield Finding(span, f"`{value}` is not a parameter type: write `{meant}`", fix=fix)
