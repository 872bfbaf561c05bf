"""DBX308: a token for another organization than the one that is cloned from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.credentials.tokens import may_be_shown
from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.references._values import resolved_references

_REPOSITORY = (
    r"(?i)\s*https?://(?:[^\s/@]*@)?(?:dev\.azure\.com/([A-Za-z0-9-]+)(?=[/?#\s]|\Z)"
    r"|([A-Za-z0-9-]+)\.visualstudio\.com(?=[/:?#\s]|\Z))"
)


class AdoOrganizationMismatch(Rule):
    """
    `{{ado://ORGANIZATION}}` names another organization than the `repositoryUrl` of the same task.

    Why: The token is good for the organization it is asked for. The one that holds the repository refuses
    it, and the clone fails.

    Fix: Name the organization of the repository: `dev.azure.com/ORGANIZATION` or
    `ORGANIZATION.visualstudio.com`.
    """

    code = "DBX308"
    name = "ado-organization-mismatch"
    severity = Severity.WARNING
    needs = ("{{",)
    kinds = frozenset((USER,))
    see = ("DBX306", "DBX309", "DBX512")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: '{{ado://«fabrikam»}}'\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{ ado://«my-ado-org» }}'\n"
            "      repositoryUrl: https://my-ad-org.visualstudio.com/DefaultCollection/web/_git/web\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://contoso@dev.azure.com/Contoso/web/_git/web\n"
            "      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n      pat: '{{ado://fabrikam}}'\n"
            "  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/{{org}}/web/_git/web\n      pat: '{{ado://fabrikam}}'\n"
            "  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://myazdo.visualstudio.com/a/_git/b\n      pat: '{{ado://YOUR_ORG_NAME}}'\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context):
            ado = reference.ado
            if value.task is None or reference.kind is not ReferenceKind.ADO or ado is None:
                continue
            if not ado.is_well_formed or is_placeholder(ado.organization.text):
                continue
            url = value.task.parameter("repositoryUrl")
            found = organization_of_repository(url) if url is not None else None
            if url is None or found is None or is_placeholder(found[0]):
                continue
            name, start, end = found
            if name.lower() != ado.organization.text.lower():
                place = f"`{name}`" if may_be_shown(name) else "another one"
                yield Finding(
                    value.scalar.span_of(ado.organization.start, ado.organization.end),
                    f"the repository belongs to the organization {place}: a token for any other is refused",
                    related=(Related(url.span_of(start, end), "the organization of the repository"),),
                )


def organization_of_repository(url: Scalar) -> tuple[str, int, int] | None:
    """The organization of Azure Repos in a URL with its offsets in the value, None where it is not certain."""
    match = re.match(_REPOSITORY, url.value)
    if match is None:
        return None
    group = 1 if match.group(1) is not None else 2
    return match.group(group), match.start(group), match.end(group)
