"""DBX309: a token of Azure DevOps asked for without its organization."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.tokens import may_be_shown
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references
from devbox_lint_rules.references.ado_organization_mismatch import organization_of_repository


class BareAdo(Rule):
    """
    `{{ado}}` asks for a token of Azure DevOps without naming the organization.

    Why: It is the form of early previews. The documentation names `{{ado://ORGANIZATION}}` today, so nothing
    says that the bare form still gives a token.

    Fix: Write `{{ado://ORGANIZATION}}`.
    """

    code = "DBX309"
    name = "bare-ado"
    severity = Severity.WARNING
    needs = ("{{",)
    kinds = frozenset((USER,))
    see = ("DBX306", "DBX307", "DBX308")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: '«{{ado}}»'\n",
        ),
        Example(USER, "tasks:\n  - name: t\n    parameters:\n      list:\n        - a\n        - x «{{ ado }}»\n"),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{ado://contoso}}'\n", shown=False),
        Example(
            USER,
            "parameters:\n  ado:\n    type: string\n    default: a\n"
            "tasks:\n  - name: t\n    description: '{{ado}}'\n    parameters:\n      a: '{{ado}}'\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context):
            if reference.kind is not ReferenceKind.ADO or reference.ado is None or not reference.ado.is_bare:
                continue
            if any(item.name.value.lower() == "ado" for item in context.customization.declarations):
                continue
            url = value.task.parameter("repositoryUrl") if value.task is not None else None
            found = organization_of_repository(url) if url is not None else None
            name = found[0] if found is not None and may_be_shown(found[0]) else "ORGANIZATION"
            yield Finding(
                reference.span,
                f"`{{{{ado}}}}` names no organization: write `{{{{ado://{name}}}}}`",
            )
