"""DBX513: a service principal that cannot sign in, because it is not there, or disabled."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._answers import PrincipalAnswer, PrincipalState
from devbox_lint_rules.keyvault._commands import enable_principal, make_principal
from devbox_lint_rules.keyvault._principal_questions import Aspect, PrincipalQuestion
from devbox_lint_rules.keyvault._signed_in import principals

_APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
_OURS, _THEIRS = "11111111-1111-1111-1111-111111111112", "22222222-2222-2222-2222-222222222223"
_FILE = (
    "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
    f"        az login --service-principal --username «{_APP}» `\n"
    "          --password {{https://kv-contoso.vault.azure.net/secrets/password}} --tenant contoso.com\n"
)
_QUESTION = PrincipalQuestion(Aspect.PRINCIPAL, _APP, "contoso.com")
_FOUND = PrincipalAnswer(PrincipalState.FOUND, "DevBoxCustomizations", True, _OURS)
_OF_TENANT = _FILE.replace("«", "").replace("»", "").replace("contoso.com", "«contoso.com»")


class ServicePrincipalMissing(OnlineRule):
    """
    The service principal that a script signs in does not exist in the tenant that the script signs in to, or it is
    disabled; or there is no such tenant.

    Why: `az login` and `Connect-AzAccount` fail when the dev box is set up, and so does all that follows.

    Fix: Write the `appId` and the `tenant` that `az ad sp create-for-rbac` printed. Where the finding shows a command,
    run that.
    """

    code = "DBX513"
    name = "service-principal-missing"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    see = ("DBX514", "DBX719")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/graph/api/serviceprincipal-get",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The tenant has no application with this id.",
            answers=((_QUESTION, PrincipalAnswer(PrincipalState.MISSING, tenant=_OURS)),),
        ),
        Example(
            USER,
            _FILE,
            says="The tenant has the application, and no service principal of it.",
            answers=((_QUESTION, PrincipalAnswer(PrincipalState.WITHOUT_PRINCIPAL, tenant=_OURS)),),
        ),
        Example(
            SCRIPT,
            f"az login --service-principal -u «{_APP}» -p $env:SP -t contoso.com\n",
            says="The service principal is disabled.",
            answers=((_QUESTION, _FOUND._replace(enabled=False)),),
        ),
        Example(
            IMAGE,
            _OF_TENANT,
            says="There is no tenant with this domain.",
            answers=((_QUESTION, PrincipalAnswer(PrincipalState.NO_TENANT, tenant="contoso.com")),),
        ),
        Example(
            TASK,
            f"name: a\ncommand: az login --service-principal -u {_APP} -p $env:SP -t «{_THEIRS}»\n",
            says="The service principal is one of the project's tenant alone.",
            answers=(
                (
                    _QUESTION._replace(tenant=_THEIRS),
                    PrincipalAnswer(PrincipalState.ELSEWHERE, "DevBoxCustomizations", True, _OURS),
                ),
            ),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The service principal exists and is enabled.",
            answers=((_QUESTION, _FOUND),),
        ),
        Example(
            SCRIPT,
            "az login --service-principal -u $app -p $env:SP -t contoso.com\naz login --identity\n"
            "az login --service-principal -u 00000000-0000-0000-0000-000000000000 -p $env:SP -t contoso.com\n",
            says="Nothing is asked: whose application it is, the script does not tell.",
            shown=False,
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for one in principals(context):
            question = PrincipalQuestion(Aspect.PRINCIPAL, one.application, one.tenant)
            yield Asked(question, one.span, one.span, context.kind)
            if one.tenant:
                yield Asked(question, one.tenant_span, one.span, context.kind, _TENANT)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, PrincipalAnswer) or not isinstance(question, PrincipalQuestion):
            return
        message = (_of_tenant if asked.number == _TENANT else _of_application)(question, answer)
        if message is not None:
            yield Finding(asked.span, *message)


#: The number of the place where a script names the tenant.
_TENANT = 1


def _of_application(question: PrincipalQuestion, answer: PrincipalAnswer) -> tuple[str, str | None] | None:
    application = question.application
    match answer.state:
        case PrincipalState.MISSING:
            return f"tenant {answer.tenant} has no application `{application}`: write the `appId` of one", None
        case PrincipalState.WITHOUT_PRINCIPAL:
            return (
                f"tenant {answer.tenant} has the application `{application}` and no service principal of it: make one",
                make_principal(application),
            )
        case PrincipalState.FOUND if not answer.enabled:
            return (
                f"the service principal `{answer.name}` is disabled, so it cannot sign in: enable it",
                enable_principal(application),
            )
    return None


def _of_tenant(question: PrincipalQuestion, answer: PrincipalAnswer) -> tuple[str, str | None] | None:
    match answer.state:
        case PrincipalState.NO_TENANT:
            return f"there is no tenant `{question.tenant}`: write the id or the domain of one", None
        case PrincipalState.ELSEWHERE:
            return (
                f"the service principal `{answer.name}` is one of tenant {answer.tenant} alone, and the script signs in"
                f" to another: write {answer.tenant}",
                None,
            )
    return None
