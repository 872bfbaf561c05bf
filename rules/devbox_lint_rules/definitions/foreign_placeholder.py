"""DBX608: the placeholder of another language in a task definition's command."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Together
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint.yaml.nodes import PLAIN
from devbox_lint_rules.definitions._command import command_of
from devbox_lint_rules.definitions._foreign import Foreign, Form, blocks_end, foreign_placeholders

_CERTAIN = frozenset((Form.CASE, Form.HALF, Form.TRIPLE, Form.QUOTED, Form.OLD))

_OF_THE_PREVIEW = Together(
    "{count} parameters are written as `parameters('...')`, which the 2023 preview had: write `{{...}}`",
    "write `{{...}}`",
)


class ForeignPlaceholder(Rule):
    """
    The `command` of a task definition writes a declared parameter in another way than `{{x}}`: with a brace too
    few, in quotes inside the braces, as a block of Handlebars, or in the form of another product.

    Why: The service replaces `{{x}}` and nothing else, so PowerShell gets the text as it stands. Whether the
    case of a name matters is not documented.

    Fix: Write `{{x}}`, with the name as it is declared. For a condition give the script the value, and let it
    decide.

    Unsafe because: PowerShell reads `{x}`, `$(x)` and `$x` too, as something else.
    """

    code = "DBX608"
    name = "foreign-placeholder"
    severity = Severity.ERROR
    kinds = frozenset((TASK,))
    see = ("DBX311", "DBX602", "DBX603")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "name: choco\ncommand: ./choco.ps1 -Package {{package}} -IgnoreChecksums «{ignoreChecksums}}»\n"
            "parameters:\n"
            "  package:\n    type: string\n  ignoreChecksums:\n    type: boolean\n",
            "name: choco\ncommand: ./choco.ps1 -Package {{package}} -IgnoreChecksums {{ignoreChecksums}}\n"
            "parameters:\n"
            "  package:\n    type: string\n  ignoreChecksums:\n    type: boolean\n",
        ),
        Example(
            TASK,
            "name: choco\ncommand: ./choco.ps1 «{{#if force}}--force{{/if}}»\n"
            "parameters:\n  force:\n    type: boolean\n",
        ),
        Example(
            TASK,
            "name: install\ncommand: ./a.ps1 -A «{{'package'}}» -B «parameters('version')» -C «{{Source}}»\n"
            "parameters:\n"
            "  package:\n    type: string\n  version:\n    type: string\n  source:\n    type: string\n",
            "name: install\ncommand: ./a.ps1 -A {{package}} -B {{version}} -C {{source}}\n"
            "parameters:\n"
            "  package:\n    type: string\n  version:\n    type: string\n  source:\n    type: string\n",
        ),
        Example(
            TASK,
            "name: install\ncommand: ./a.ps1 -A «$(package)» -B «${version}» -C «$channel»\nparameters:\n"
            "  package:\n    type: string\n  version:\n    type: string\n  channel:\n    type: string\n",
            "name: install\ncommand: ./a.ps1 -A {{package}} -B {{version}} -C {{channel}}\nparameters:\n"
            "  package:\n    type: string\n  version:\n    type: string\n  channel:\n    type: string\n",
        ),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: |\n  $package = {{package}}\n  1..3 | ForEach-Object { ./a.ps1 -A $package }\n"
            "  # {{#if package}}\nparameters:\n  package:\n    type: string\n",
        ),
        Example(
            TASK,
            "name: template\ncommand: |\n  Set-Content a.hbs @'\n  {{#if name}}Hello {{'name'}}{{/if}}\n  '@\n"
            "  ./a.ps1 {{name}}\nparameters:\n  name:\n    type: string\n",
        ),
        Example(
            TASK,
            "name: run\ncommand: |\n  param($file)\n  ./a.ps1 $file $(Get-Date) %PATH% ${env:TEMP} {other}\n"
            "parameters:\n  file:\n    type: string\n",
        ),
        Example(
            TASK,
            "name: run\ncommand: |\n  $save = { ./a.ps1 {{x}} }\n  if ($x) { if (1) {save}}\n"
            "parameters:\n  save:\n    type: string\n  x:\n    type: string\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        command = command_of(customization)
        if command is None:
            return
        value = command.value
        for item in foreign_placeholders(customization, command):
            if item.form is Form.BLOCK:
                span = command.span_of(item.start, blocks_end(value, item.end))
                message = (
                    f"no blocks, as of Handlebars, are replaced: give the script `{{{{{item.name}}}}}` to decide by"
                )
                yield Finding(span, message)
                continue
            span = command.span_of(item.start, item.end)
            meant = f"{{{{{item.name}}}}}"
            # A value that starts with a brace wants quotes.
            needs_quotes = command.style == PLAIN and item.start == 0
            fix = None if needs_quotes else Fix(f"write `{meant}`", (Edit(span, meant),), item.form in _CERTAIN)
            severity = Severity.WARNING if item.form in (Form.CASE, Form.VARIABLE) else None
            message = f"{_what(item, value)}: write `{meant}`"
            together = _OF_THE_PREVIEW if item.form is Form.OLD else None
            yield Finding(span, message, fix=fix, severity=severity, together=together)


def _what(item: Foreign, value: str) -> str:
    written = value[item.start : item.end]
    if item.form is Form.CASE:
        return f"`{item.name}` is declared in another case"
    if item.form is Form.HALF:
        return f"`{written}` lacks a brace"
    if item.form is Form.TRIPLE:
        return f"`{written}` has a brace too many on either side"
    if item.form is Form.QUOTED:
        return "quotes inside the braces"
    if item.form is Form.VARIABLE:
        return f"`{written}` is a variable that nothing sets, and no parameter"
    return f"`{written}` is not a Dev Box placeholder"
