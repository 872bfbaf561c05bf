"""DBX515: a service principal that may not do what its script does."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Access, Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._answers import Outcome, RightAnswer, Standing
from devbox_lint_rules.keyvault._commands import create_assignment
from devbox_lint_rules.keyvault._needs import KEYS, NEEDED, Need, Resource
from devbox_lint_rules.keyvault._principal_questions import Aspect, PrincipalQuestion
from devbox_lint_rules.keyvault._roles import NAMES, access_of, judge_standing
from devbox_lint_rules.keyvault._signed_in import use_places

_APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
_LOGIN = (
    "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
    f"        az login --service-principal --username {_APP} `\n"
    "          --password {{https://kv-contoso.vault.azure.net/secrets/password}} --tenant contoso.com\n"
)
_FILE = (
    f"{_LOGIN}        az storage blob download --account-name «stcontoso» --container-name tools `\n"
    "          --name a.zip --file C:\\a.zip --auth-mode login\n"
)
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/contoso/providers"
_ACCOUNT = f"{_GROUP}/Microsoft.Storage/storageAccounts/stcontoso"
_REGISTRY = f"{_GROUP}/Microsoft.ContainerRegistry/registries/contoso"
_QUESTION = PrincipalQuestion(Aspect.RIGHT, _APP, "contoso.com", None, "stcontoso", "tools", Need.READ_BLOBS)
_HAS = Standing(
    "the service principal `DevBoxCustomizations`",
    "33333333-3333-3333-3333-333333333333",
    "ServicePrincipal",
    Outcome.GRANTED,
)
_LACKS = _HAS._replace(outcome=Outcome.MISSING)
_READS = RightAnswer(_ACCOUNT, NEEDED[Need.READ_BLOBS].role, _HAS)


class ResourceRoleMissing(OnlineRule):
    """
    The service principal that a script signs in has no role that allows what the script does then: to read or write
    blobs, to pull images of a container registry, to read the secret of a key vault.

    Every role counts whose permissions hold what the command needs, built in or custom, on the resource or above it,
    also through a group; of blobs, on the container as well. Owner and Contributor hold nothing of blobs and secrets.
    A command without `--auth-mode login` looks up the keys of the storage account, for which it needs another role.

    Why: The command fails when the dev box is set up, with `AuthorizationPermissionMismatch` or `Forbidden`.

    Fix: Run the command that the finding shows. It takes some minutes until a new role counts, and many hours where it
    comes through a group.
    """

    code = "DBX515"
    name = "resource-role-missing"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    # Where an account takes no keys, nobody need be able to look them up.
    yields_to = ("DBX516",)
    see = ("DBX506", "DBX513", "DBX516")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/storage/blobs/assign-azure-role-data-access",
        "https://learn.microsoft.com/azure/storage/blobs/authorize-data-operations-cli",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The service principal is Contributor of the storage account, and nothing else.",
            answers=((_QUESTION, _READS._replace(standing=_LACKS._replace(others=("Contributor",)))),),
        ),
        Example(
            USER,
            _LOGIN + "        «az storage blob upload» --account-name stcontoso -c tools -f C:\\a.zip\n",
            says="The service principal may write blobs, and not look up the account's keys.",
            answers=(
                (
                    _QUESTION._replace(need=Need.WRITE_BLOBS, by_key=True),
                    RightAnswer(_ACCOUNT, NEEDED[Need.WRITE_BLOBS].role, _HAS, _LACKS),
                ),
            ),
        ),
        Example(
            IMAGE,
            _LOGIN + "        az acr login --name «contoso»\n",
            says="The service principal has no role.",
            answers=(
                (
                    _QUESTION._replace(resource="contoso", part="", need=Need.PULL),
                    RightAnswer(_REGISTRY, NEEDED[Need.PULL].role, _LACKS),
                ),
            ),
        ),
        Example(
            USER,
            _LOGIN + "        «az storage blob download» --account-name stcontoso -c tools -n a.zip -f C:\\a.zip\n",
            says="The service principal has no role.",
            answers=(
                (
                    _QUESTION._replace(by_key=True),
                    _READS._replace(standing=_LACKS, keys=_LACKS),
                ),
            ),
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The service principal has Storage Blob Data Reader.",
            answers=((_QUESTION, _READS),),
        ),
        Example(
            IMAGE,
            _LOGIN + "        az storage blob download --account-name stcontoso -c tools -n a.zip -f C:\\a.zip\n",
            says="The service principal may look up the account's keys.",
            answers=((_QUESTION._replace(by_key=True), _READS),),
        ),
        Example(
            SCRIPT,
            "az login --identity\naz storage blob list --account-name stcontoso -c tools --auth-mode login\n"
            f"az login --service-principal -u {_APP} -p $env:SP -t contoso.com\naz logout\n"
            "az acr login -n contoso\n",
            says="Nothing is asked: the machine's own identity is signed in, or nobody.",
            shown=False,
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for one in use_places(context):
            principal = one.principal
            question = PrincipalQuestion(
                Aspect.RIGHT,
                principal.application,
                principal.tenant,
                None,
                one.resource,
                one.part,
                one.need,
                one.by_key,
            )
            yield Asked(question, one.command_span if one.by_key else one.span, one.span, context.kind)

    def access(self, asked: Asked, answer: object) -> Iterator[Access]:
        question = asked.question
        if not isinstance(question, PrincipalQuestion):
            return
        # By what the file says: whoever reads the table may not know the name.
        who, on = f"the service principal `{question.application}`", _resource_of(question)
        if isinstance(answer, NotMade):
            yield Access(who, on, NAMES[NEEDED[question.need].role], "unknown", answer.reason)
        elif isinstance(answer, RightAnswer):
            # Who may look up the keys needs nothing else.
            if answer.keys is not None:
                yield access_of(answer.keys, KEYS.role, on)._replace(identity=who)
            if answer.keys is None or answer.keys.outcome is Outcome.MISSING:
                yield access_of(answer.standing, answer.role, on)._replace(identity=who)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, RightAnswer) or not isinstance(question, PrincipalQuestion):
            return
        on = _resource_of(question)
        if answer.keys is None:
            yield from judge_standing(answer.standing, answer.role, on, answer.scope, asked.span)
        elif answer.keys.outcome is not Outcome.MISSING:
            yield from judge_standing(answer.keys, KEYS.role, on, answer.scope, asked.span)
        elif answer.standing.outcome is Outcome.MISSING:
            yield Finding(
                asked.span,
                f"{answer.keys.who} may neither look up the keys of {on} nor {question.need.value} as itself: add"
                f" `--auth-mode login`, and give it the role {NAMES[answer.role]}",
                create_assignment(answer.standing.principal, answer.standing.principal_type, answer.role, answer.scope),
            )
        else:
            yield Finding(
                asked.span,
                f"{answer.keys.who} may not look up the keys of {on}, as this command does: add `--auth-mode login`",
            )


def _resource_of(question: PrincipalQuestion) -> str:
    kind = NEEDED[question.need].resource
    on = f"{kind.value} `{question.resource}`"
    return f"the secret `{question.part}` of {on}" if kind is Resource.VAULT else on
