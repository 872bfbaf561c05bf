"""DBX311: an expression of another product."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.credentials.names import is_token_name
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint_rules.references._values import Value, resolved_references, task_values

_MACRO = r"\s*\$\(([A-Za-z_][A-Za-z0-9_.-]*+)\)\s*"
# Begins at a word's start, so that a long word is read once and not from each of its letters.
_LAST_NAME = r"(?<![A-Za-z0-9_-])[0-9-]*+([A-Za-z_][A-Za-z0-9_-]*+)(?:'[ ]?\))?\Z"
# What shells and batch files expand; letters alone, so that no secret that begins with a `$` is meant.
_VARIABLE = r"\s*(\$env:[A-Za-z_]+|\$\{(?:env:)?[A-Za-z_]+\}|%[A-Za-z_]+%|\$[A-Z_]+)\s*"
_SECRET = r"(?i)secret|token|password|pat\b|vault"


class ForeignExpression(Rule):
    """
    A value uses the expressions of another product: `${{ x }}` and `{{ parameters.x }}` of pipelines and
    workflows, `$(x)` of Azure Pipelines.

    Why: Dev Box knows `{{x}}`, `{{https://...}}` and `{{ado://...}}` only. Anything else is passed on as it
    stands.

    Fix: Write `{{x}}` for a parameter, `{{https://VAULT.vault.azure.net/secrets/NAME}}` for a secret.
    """

    code = "DBX311"
    name = "foreign-expression"
    severity = Severity.WARNING
    needs = ("{{", "$", "%")
    # What is wrapped round an address is told with the address.
    yields_to = ("DBX304", "DBX306")
    kinds = frozenset((IMAGE, USER, TASK))
    see = ("DBX310", "DBX602")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "parameters:\n  branch:\n    type: string\n    default: main\n"
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      branch: «${{ parameters.branch }}»\n"
            "      directory: 'C:\\«{{variables.folder}}»'\n      pat: «$(AZURE_PAT)»\n",
        ),
        Example(
            TASK,
            "name: wsl\nparameters:\n  distro:\n    type: string\n"
            "command: |\n  ./a.ps1 -distro «${{ parameters.distro }}» -user «{{parameters.distro}}»\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web.git\n      pat: «$env:PAT»\n",
        ),
    )
    good = (
        Example(USER, "tasks:\n  - name: t\n    parameters:\n      path: $env:PATH\n      pat: $ecr3t\n", shown=False),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        Write-Host "$($x.Name) $(Get-Date)"\n        $(Get-Item a)\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        @'\n"
            "        run: echo ${{ secrets.TOKEN }}\n        '@ | Set-Content build.yml\n",
        ),
        Example(
            TASK,
            "name: wsl\nparameters:\n  distro:\n    type: string\n"
            "command: ./a.ps1 -distro {{ distro }} -now $(Get-Date) -x '${{ github.sha }}'\n",
        ),
        Example(USER, "tasks:\n  - name: t\n    description: ${{ x }}\n    parameters:\n      a: $env:USERNAME\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        text = context.source.text
        if "{{" in text:
            yield from _in_braces(context)
        if context.kind is TASK or ("$" not in text and "%" not in text):
            return
        for value in task_values(context.customization.tasks):
            if is_token_name(value.name):
                yield from _variable(value)
            if "$(" in value.scalar.value:
                match = None if value.is_script else re.fullmatch(_MACRO, value.scalar.value)
                if match is not None:
                    scalar = value.scalar
                    start = len(scalar.value) - len(scalar.value.lstrip())
                    span = scalar.span_of(start, len(scalar.value.rstrip()))
                    yield _finding(span, f"`$({match.group(1)})`", match.group(1), context)


def _variable(value: Value) -> Iterator[Finding]:
    match = re.fullmatch(_VARIABLE, value.scalar.value)
    if match is not None:
        yield Finding(
            value.scalar.span_of(*match.span(1)),
            f"nothing expands `{match[1]}` here: git gets these characters as its token: write"
            " `{{https://VAULT.vault.azure.net/secrets/NAME}}`",
        )


def _in_braces(context: Context) -> Iterator[Finding]:
    declared = {declaration.name.value.lower() for declaration in context.customization.declarations}
    root = context.customization.root
    command = root.scalar("command") if context.kind is TASK and root is not None else None
    if command is not None:
        found = [(True, item) for item in context.customization.references if item.scalar is command]
    else:
        found = [(value.is_script, item) for value, item in resolved_references(context)]
    for is_script, reference in found:
        if reference.kind is not ReferenceKind.FOREIGN:
            continue
        match = re.search(_LAST_NAME, reference.text)
        name = match.group(1) if match else ""
        # A script may write a workflow file; what names a parameter of this file is meant for us.
        if is_script and not reference.is_whole and name.lower() not in declared:
            continue
        yield _finding(reference.span, "this expression", name, context)


def _finding(span: Span, what: str, name: str, context: Context) -> Finding:
    declared = {item.name.value.lower(): item.name.value for item in context.customization.declarations}
    if name.lower() in declared:
        form = f"`{{{{{declared[name.lower()]}}}}}`"
    elif context.kind is TASK or (context.kind is IMAGE and not re.search(_SECRET, name)):
        form = "`{{NAME}}` for a parameter that the file declares"
    else:
        form = "`{{https://VAULT.vault.azure.net/secrets/NAME}}` for a secret"
    return Finding(span, f"{what} belongs to another product and is passed on literally: write {form}")
