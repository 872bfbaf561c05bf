"""DBX223: a parameter or variable that is not completely declared."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.schema import load_schema
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint_rules.structure._absence import absent_in


class ParameterDeclaration(Rule):
    """
    A parameter of an image definition has no `type` or no `default`, or a variable no `type` or no `value`.

    Why: Both are required. Nobody is asked for a parameter's value when the image is built.

    Fix: Add the key that the message names.
    """

    code = "DBX223"
    name = "parameter-declaration"
    severity = Severity.ERROR
    yields_to = ("DBX002",)
    kinds = frozenset((IMAGE,))
    see = ("DBX224", "DBX310")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "parameters:\n  «branch»:\n    type: string\n  «quiet»: {}\nvariables:\n  «folder»:\n    value: C:\\dev\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "parameters:\n  branch:\n    type: string\n    default: main\n"
            "variables:\n  folder:\n    type: string\n    value: C:\\dev\n",
        ),
        Example(
            IMAGE,
            "parameters:\n  branch:\n    type: string\n    default: main\n  old:\n    type: string\n"
            "    defaultValue: x\nvariables:\n  folder:\n    type: string\n    value: C:\\dev\n",
            shown=False,
        ),
        Example(IMAGE, "parameters:\n  branch: main\n  other:\n    typ: string\n    default:\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        if not customization.declarations:
            return
        known = load_schema(IMAGE)["$defs"]
        for declaration in customization.declarations:
            if declaration.node is None:
                continue
            is_variable = declaration.section == "variables"
            keys = known["variable" if is_variable else "parameter"]["properties"]
            lacking = [
                words
                for words in (("type",), ("value",) if is_variable else ("default", "defaultValue"))
                if absent_in(context, declaration.node, keys, *words) is not None
            ]
            if lacking:
                words = " and no ".join(f"`{names[0]}`" for names in lacking)
                what = "variable" if is_variable else "parameter"
                yield Finding(
                    declaration.name.span,
                    f"the {what} `{declaration.name.value}` has no {words}: both keys are required",
                )
