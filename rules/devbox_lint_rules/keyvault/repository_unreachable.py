"""DBX512: an Azure DevOps organization that is not there, or gives no tokens."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._answers import OrganizationAnswer
from devbox_lint_rules.keyvault._organization_places import organization_places
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_URL = "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://dev.azure.com/«contoso-dev»/web/_git/web\n"
_TOKEN = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{ado://«contoso-dev»}}'\n"
)
_QUESTION = AzureQuestion(Topic.ORGANIZATION, name="contoso-dev")
_OURS, _THEIRS = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


class RepositoryUnreachable(OnlineRule):
    """
    An Azure DevOps organization that a file or its script uses, or asks for a token, does not exist; or it cannot give
    the token, because it belongs to another tenant or to no tenant at all.

    The organization is asked without a sign-in. What is in it is another question, and needs one.

    Why: The clone fails. A token for `{{ado://...}}` is exchanged for the user's own, and that works within one tenant
    only.

    Fix: Correct the name. An organization of personal accounts can be connected to Microsoft Entra ID; for one of
    another tenant, take a token from a key vault.
    """

    code = "DBX512"
    name = "repository-unreachable"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    at_each_place = True
    see = ("DBX219", "DBX220", "DBX308", "DBX518")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/devops/organizations/accounts/connect-organization-to-azure-ad",
    )
    bad = (
        Example(
            IMAGE,
            _URL,
            says="There is no such organization.",
            answers=((_QUESTION, OrganizationAnswer(False)),),
        ),
        Example(
            USER,
            _TOKEN,
            says="The organization is one of personal accounts.",
            answers=((_QUESTION, OrganizationAnswer(True, "", _OURS)),),
        ),
        Example(
            USER,
            _TOKEN,
            says="The organization belongs to another tenant.",
            answers=((_QUESTION, OrganizationAnswer(True, _THEIRS, _OURS)),),
        ),
    )
    good = (
        Example(
            IMAGE,
            _URL.replace("«", "").replace("»", ""),
            says="The organization exists, and belongs to another tenant.",
            answers=((_QUESTION, OrganizationAnswer(True, _THEIRS, _OURS)),),
        ),
        Example(
            USER,
            _TOKEN.replace("«", "").replace("»", ""),
            says="The organization belongs to the tenant of the run.",
            answers=((_QUESTION, OrganizationAnswer(True, _OURS, _OURS)),),
            shown=False,
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for place in organization_places(context):
            question = AzureQuestion(Topic.ORGANIZATION, name=place.name)
            yield Asked(question, place.span, place.whole, context.kind)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, OrganizationAnswer) or not isinstance(question, AzureQuestion):
            return
        name = f"the Azure DevOps organization `{question.name}`"
        # The place of a token is the whole reference, that of an address its organization alone.
        for_token = asked.whole != asked.span
        if not answer.exists:
            yield Finding(asked.span, f"{name} does not exist: correct the name")
        elif for_token and not answer.tenant:
            yield Finding(
                asked.span,
                f"{name} is not connected to Microsoft Entra ID, so it gives no token: connect it, or take a token"
                " from a key vault",
            )
        elif for_token and answer.expected and answer.tenant != answer.expected:
            yield Finding(
                asked.span,
                f"{name} belongs to tenant {answer.tenant}, not to {answer.expected}, so it gives no token: take one"
                " from a key vault",
            )
