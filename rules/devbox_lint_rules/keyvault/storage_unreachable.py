"""DBX516: a storage account that is not there, takes no keys, or lets nobody in."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._answers import StorageAnswer, StorageNetwork
from devbox_lint_rules.keyvault._commands import make_container
from devbox_lint_rules.keyvault._needs import NEEDED, Resource
from devbox_lint_rules.keyvault._principal_questions import Aspect, PrincipalQuestion
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
_ID = f"{_GROUP}/Microsoft.Storage/storageAccounts/stcontoso"
_QUESTION = PrincipalQuestion(Aspect.STORAGE, resource="stcontoso", part="tools")
_OPEN = StorageAnswer(True, _ID, seen="Enabled", has_container=True)
_PLAIN = _FILE.replace("«", "").replace("»", "")


class StorageUnreachable(OnlineRule):
    """
    A storage account that a script uses as a service principal does not exist, lets nobody in through the network, or
    takes no account keys while the command uses one; or it has no container of the name.

    A dev box is none of the services that an account may trust. Where an account lets in some networks, that is told as
    not checked: whether dev boxes are in one of them, Azure does not say.

    Why: The command fails when the dev box is set up, whatever roles the service principal has.

    Fix: Correct the name, let in the network that the dev boxes are in, or add `--auth-mode login`. A container is made
    by the command that the finding shows.
    """

    code = "DBX516"
    name = "storage-unreachable"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    see = ("DBX515",)
    references = (
        "https://learn.microsoft.com/azure/storage/common/storage-network-security",
        "https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="No storage account in the world has this name.",
            answers=((_QUESTION, StorageAnswer(False)),),
        ),
        Example(
            USER,
            _FILE,
            says="The account denies by default, and no network is let in.",
            answers=((_QUESTION, _OPEN._replace(network=StorageNetwork.CLOSED)),),
        ),
        Example(
            IMAGE,
            _LOGIN + "        «az storage blob list» --account-name stcontoso --container-name tools\n",
            says="The account takes no keys.",
            answers=((_QUESTION._replace(by_key=True), _OPEN._replace(takes_keys=False)),),
        ),
        Example(
            USER,
            _PLAIN.replace("tools", "«tools»"),
            says="The account has no such container.",
            answers=((_QUESTION, _OPEN._replace(has_container=False)),),
        ),
        Example(
            USER,
            _FILE,
            says="Public network access is disabled, and there is no private endpoint.",
            answers=((_QUESTION, _OPEN._replace(network=StorageNetwork.CLOSED, seen="Disabled")),),
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            _PLAIN,
            says="The account is open to all networks, and has the container.",
            answers=((_QUESTION, _OPEN),),
        ),
        Example(
            IMAGE,
            _PLAIN,
            says="The account takes no keys, and none is used.",
            answers=((_QUESTION, _OPEN._replace(takes_keys=False)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for one in use_places(context):
            if NEEDED[one.need].resource is not Resource.STORAGE_ACCOUNT:
                continue
            question = PrincipalQuestion(Aspect.STORAGE, resource=one.resource, part=one.part, by_key=one.by_key)
            yield Asked(question, one.span, one.span, context.kind)
            if one.by_key:
                yield Asked(question, one.command_span, one.span, context.kind, _COMMAND)
            if one.part:
                yield Asked(question, one.part_span, one.span, context.kind, _CONTAINER)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, StorageAnswer) or not isinstance(question, PrincipalQuestion):
            return
        account = f"storage account `{question.resource}`"
        if asked.number == _CONTAINER:
            if answer.has_container is False:
                yield Finding(
                    asked.span,
                    f"{account} has no container `{question.part}`: correct the name, or make it",
                    make_container(question.resource, question.part),
                )
        elif asked.number == _COMMAND:
            if answer.exists and not answer.takes_keys:
                yield Finding(
                    asked.span,
                    f"{account} takes no account keys, and this command uses one: add `--auth-mode login`",
                )
        elif not answer.exists:
            yield Finding(asked.span, f"there is no storage account `{question.resource}`: correct the name")
        elif answer.network is StorageNetwork.CLOSED:
            disabled = answer.seen.lower() == "disabled"
            why = "public network access is disabled" if disabled else "its firewall denies by default"
            yield Finding(
                asked.span,
                f"{account} lets no network in ({why}), and trusts no dev box: let in the network of the dev boxes",
            )
        elif answer.network is StorageNetwork.SOME:
            yield NotMade(
                f"{account} lets in some networks only, and it is not known whether dev boxes are in one of them",
                "compare its networking page with the network connections of the dev center",
            )


#: The numbers of the places where a command stands and where a container is named.
_COMMAND, _CONTAINER = 1, 2
