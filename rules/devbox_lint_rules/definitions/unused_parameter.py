"""DBX603: a declared parameter that the command does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.definitions._command import command_of, expressions
from devbox_lint_rules.definitions._foreign import foreign_placeholders

_NAME = lazy(r"[A-Za-z_][\w-]*+")
_OLD_FORM = lazy(r"parameters\(\s*+'([^'()]*+)'\s*+\)", re.IGNORECASE)


class UnusedParameter(Rule):
    """
    A parameter is declared, and the task definition's `command` does not use it.

    Why: A parameter reaches the task only through its placeholder in `command`. Whoever sets this one gets
    no effect and no error.

    Fix: Hand it on, as in `-Package {{package}}`, or remove it.
    """

    code = "DBX603"
    name = "unused-parameter"
    severity = Severity.INFO
    tag = "unnecessary"
    kinds = frozenset((TASK,))
    see = ("DBX602", "DBX608")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "name: install\ncommand: ./install.ps1 -Package {{package}}\n"
            "parameters:\n  package:\n    type: string\n  «version»:\n    type: string\n",
        ),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: ./install.ps1 -A {{ package }} -B {{force}}\n"
            "parameters:\n  package:\n    type: string\n  force:\n    type: boolean\n",
        ),
        Example(
            TASK,
            "name: choco\ncommand: ./choco.ps1 -IgnoreChecksums {ignoreChecksums}} {{#if force}}-f{{/if}}\n"
            "parameters:\n  ignoreChecksums:\n    type: boolean\n  force:\n    type: boolean\n",
            shown=False,
        ),
        Example(TASK, "name: old\ncommand: ./a.ps1 -A parameters('a')\ninputs:\n  a:\n    type: string\n", shown=False),
        Example(TASK, "name: slid\ncommand: ./a.ps1\nparameters:\n  examples:\n    - name: slid\n", shown=False),
        Example(TASK, "name: begun\nparameters:\n  a:\n    type: string\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        declarations = context.customization.declarations
        command = command_of(context.customization) if declarations else None
        if command is None or not command.value.strip():
            return
        value = command.value
        used = {match.group(1).lower() for match in _OLD_FORM.finditer(value)}
        for reference in expressions(context.customization, command):
            used.update(match.group().lower() for match in _NAME.finditer(value, reference.start, reference.end))
        # Of what is written in another way its own rule tells.
        used.update(item.name.lower() for item in foreign_placeholders(context.customization, command))
        for declaration in declarations:
            name = declaration.name.value
            # What is no declaration slid in from elsewhere.
            if not name or name.lower() in used or declaration.node is None:
                continue
            span = declaration.name.span_of(0, len(name))
            yield Finding(span, f"`command` does not use `{name}`: pass it on as `{{{{{name}}}}}`, or remove it")
