"""DBX601: quotes around a placeholder that the service quotes itself."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.powershell import RegionKind, region_at
from devbox_lint.references.expressions import Reference, ReferenceKind
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint_rules.definitions._command import command_of, expressions, is_placeholder


class QuotedPlaceholder(Rule):
    """
    A placeholder in a task definition's `command` stands in quotes: `'{{x}}'` or `"{{x}}"`.

    Why: The service puts each value into single quotes itself. Within quotes of your own the value ends the
    string where it begins, and what is in it becomes code: `''a b''` is two words.

    Fix: Write the placeholder bare: `-Package {{package}}`.
    """

    code = "DBX601"
    name = "quoted-placeholder"
    severity = Severity.WARNING
    kinds = frozenset((TASK,))
    see = ("DBX602", "DBX710")
    references = (
        "https://github.com/microsoft/devcenter-catalog/pull/34",
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
    )
    bad = (
        Example(
            TASK,
            "name: install\ncommand: ./a.ps1 -Package «'{{package}}'» -Version «\"{{ version }}\"» -Log {{log}}\n",
            "name: install\ncommand: ./a.ps1 -Package {{package}} -Version {{ version }} -Log {{log}}\n",
        ),
        Example(
            TASK,
            'name: run\ncommand: "powershell -Command \\"& «\'{{script}}\'» -A\\""\n',
            'name: run\ncommand: "powershell -Command \\"& {{script}} -A\\""\n',
        ),
        Example(
            TASK,
            "name: run\ncommand: '«''{{script}}''» -A'\n",
            "name: run\ncommand: '{{script}} -A'\n",
        ),
        Example(TASK, "name: run\ncommand: \"«'{{script}}'»\"\n"),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: ./install.ps1 -Package {{package}} -Log {{log}}\n"
            "parameters:\n  package:\n    type: string\n  log:\n    type: string\n",
        ),
        Example(TASK, "name: install\ncommand: ./install.ps1 -Pat {{ pat }} -Package {{package}}\n", shown=False),
        Example(TASK, 'name: run\ncommand: "{{command}}"\n', shown=False),
        Example(
            TASK, "name: wait\ncommand: |\n  # not '{{minutes}}'\n  Write-Host 'for {{minutes}} minutes'\n", shown=False
        ),
        Example(TASK, "name: say\ncommand: Write-Host ('a '{{name}}' b')\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        command = command_of(context.customization)
        if command is None or "{{" not in command.value:
            return
        value = command.value
        for reference in expressions(context.customization, command):
            if not is_placeholder(reference):
                continue
            start, end = reference.start - 1, reference.end + 1
            if start < 0 or value[start] not in "'\"" or value[end - 1 : end] != value[start]:
                continue
            if not _opens(value, start, reference):
                continue
            span = command.span_of(start, end)
            bare = value[reference.start : reference.end]
            fix = None
            inside = command.span_of(reference.start, reference.end)
            # Alone it may have been meant as text, not as a command.
            if value.strip() != value[start:end]:
                text = context.source.text[inside.start : inside.end]
                fix = Fix("remove the quotes", (Edit(span, text),))
            what = f"`{bare}`" if reference.kind is ReferenceKind.PARAMETER and "\n" not in bare else "this placeholder"
            yield Finding(span, f"the service quotes {what} itself: write it without quotes", fix=fix)


def _opens(value: str, start: int, reference: Reference) -> bool:
    """Whether the quote at ``start`` opens a string, and does not close one."""
    region = region_at(value, reference.start)
    if region.kind is RegionKind.COMMENT or region.kind is RegionKind.CODE:
        return False
    if region.kind is RegionKind.STRING and region.start == start:
        return region.end == reference.end + 1
    # Quotes of the other kind in a longer string: the inner script's own.
    if value[region.start] == value[start]:
        return False
    return value.count(value[start], region.start + 1, start) % 2 == 0
