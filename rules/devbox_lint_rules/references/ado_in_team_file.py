"""DBX307: a token of Azure DevOps asked for in a team file."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references


class AdoInTeamFile(Rule):
    """
    An image definition asks for a token of Azure DevOps with `{{ado://ORGANIZATION}}`.

    Why: The token is exchanged for the sign-in of the user whose dev box it is. A team file is built into an
    image before there is a user, so the service does it for user customizations only.

    Fix: Store a personal access token in a key vault and write
    `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`, or move the task into a user customization.
    """

    code = "DBX307"
    name = "ado-in-team-file"
    severity = Severity.ERROR
    needs = ("{{",)
    kinds = frozenset((IMAGE,))
    see = ("DBX306", "DBX309")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: '«{{ado://contoso}}»'\n",
        ),
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: ./get.ps1 -Token «{{ ado }}»\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    description: was {{ado://contoso}}\n    parameters:\n"
            '      pat: "{{https://kv1.vault.azure.net/secrets/pat}}"\n',
            shown=False,
        ),
        Example(
            IMAGE,
            "parameters:\n  ado:\n    type: string\n    default: a\n"
            "tasks:\n  - name: t\n    parameters:\n      a: '{{ado}}'\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for _, reference in resolved_references(context, declared=True):
            ado = reference.ado
            if reference.kind is not ReferenceKind.ADO or ado is None:
                continue
            if ado.is_bare and any(item.name.value.lower() == "ado" for item in context.customization.declarations):
                continue
            # A malformed one is reported as such, once, with the same help.
            if ado.is_well_formed or ado.is_bare:
                yield Finding(
                    reference.span,
                    "`ado://` works in user customizations only: take the token from a key vault,"
                    " `{{https://VAULT.vault.azure.net/secrets/NAME}}`",
                )
