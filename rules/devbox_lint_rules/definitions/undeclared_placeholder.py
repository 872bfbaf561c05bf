"""DBX602: a placeholder that no parameter stands for."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.tokens import may_be_shown
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import RegionKind, region_at
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint_rules.definitions._command import command_of, expressions, has_readable_parameters


class UndeclaredPlaceholder(Rule):
    """
    The `command` of a task definition has `{{x}}`, and no parameter `x` is declared.

    Why: The service has no value for it, so the command gets the text `{{x}}` itself, which PowerShell
    takes for nested script blocks.

    Fix: Declare it under `parameters`, or write the name of a declared one.
    """

    code = "DBX602"
    name = "undeclared-placeholder"
    severity = Severity.ERROR
    kinds = frozenset((TASK,))
    see = ("DBX311", "DBX601", "DBX603")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "name: install\ncommand: ./install.ps1 -Package «{{pakage}}»\nparameters:\n  package:\n    type: string\n",
        ),
        Example(TASK, "name: install\ncommand: |\n  # {{note}}\n  ./install.ps1 -Package '«{{ package }}»'\n"),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: ./install.ps1 -Package {{ Package }}\nparameters:\n  package:\n    type: string\n",
            shown=False,
        ),
        Example(TASK, "name: legacy\ncommand: ./a.ps1 -A {{a}}\ninputs:\n  a:\n    type: string\n", shown=False),
        Example(TASK, "name: list\ncommand: docker ps --format '{{.Names}}' --filter '{{name}}'\n", shown=False),
        Example(TASK, "name: template\ncommand: |\n  Set-Content a.hbs @'\n  Hello {{name}}\n  '@\n"),
        Example(TASK, "name: choco\ncommand: ./a.ps1 {{#if force}}--force{{/if}}\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        command = command_of(customization)
        if command is None or "{{" not in command.value or not has_readable_parameters(customization):
            return
        references = expressions(customization, command)
        if any(reference.kind is ReferenceKind.UNKNOWN for reference in references):
            return  # a template of another language
        declared = [declaration.name.value for declaration in customization.declarations]
        known = {name.lower() for name in declared}
        for reference in references:
            name = reference.text
            if name.lower() in known or reference.kind is not ReferenceKind.PARAMETER:
                continue
            if region_at(command.value, reference.start).kind in (RegionKind.COMMENT, RegionKind.HERE_STRING):
                continue
            shown = f"`{name}`" if may_be_shown(name) else "of that name"
            close = near_misses(name, declared)
            yield Finding(
                reference.span,
                f"no parameter {shown} is declared: "
                + (f"did you mean `{{{{{close[0]}}}}}`?" if len(close) == 1 else "declare it under `parameters`"),
            )
