"""DBX506: a project whose identity may not read the secrets of its files."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Access, Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import AccessAnswer, Outcome, ProjectAnswer, Standing
from devbox_lint_rules.keyvault._commands import give_identity
from devbox_lint_rules.keyvault._grants import READER, SECRETS_USER
from devbox_lint_rules.keyvault._places import secret_places
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.keyvault._roles import access_to_secret, judge_standing

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{https://kv-contoso.vault.azure.net/secrets/«pat»}}'\n"
)
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/contoso/providers"
_VAULT = f"{_GROUP}/Microsoft.KeyVault/vaults/kv-contoso"
_QUESTION = AzureQuestion(Topic.PROJECT_ACCESS, "kv-contoso", "vault.azure.net", "pat")
_HAS = Standing(
    "the managed identity of project `web`",
    "33333333-3333-3333-3333-333333333333",
    "ServicePrincipal",
    Outcome.GRANTED,
)
_LACKS = _HAS._replace(outcome=Outcome.MISSING)


class ProjectRoleMissing(OnlineRule):
    """
    The managed identity of the dev center project may not read a secret that a file refers to: it has no role that
    allows it, a deny assignment takes it away, or the project has no managed identity.

    A team file needs Key Vault Secrets User on the vault or the secret. A user file needs Key Vault Reader as well.
    Every role counts whose permissions hold what these two give, built in or custom, on the vault or above it, also
    through a group. Owner and Contributor hold nothing of it.

    Why: The service reads the secrets of a customization as the project. Key Vault answers it `ForbiddenByRbac`, and
    the customization stops at that reference.

    Fix: Run the command that the finding shows. It takes some minutes until a new role counts, and many hours where it
    comes through a group.
    """

    code = "DBX506"
    name = "project-role-missing"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX507", "DBX508")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The identity of the project is Contributor of the vault, and nothing else.",
            answers=((_QUESTION, AccessAnswer(_VAULT, (_LACKS._replace(others=("Contributor",)),), (_LACKS,))),),
        ),
        Example(
            USER,
            _FILE,
            says="The identity of the project has Key Vault Secrets User and not Key Vault Reader.",
            answers=((_QUESTION, AccessAnswer(_VAULT, (_HAS,), (_LACKS,))),),
        ),
        Example(
            IMAGE,
            _FILE,
            says="The project has no managed identity.",
            answers=(
                (
                    AzureQuestion(Topic.PROJECT),
                    ProjectAnswer(f"{_GROUP}/Microsoft.DevCenter/projects/web", "web", ()),
                ),
            ),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The identity of the project has Key Vault Secrets User.",
            answers=((_QUESTION, AccessAnswer(_VAULT, (_HAS,), (_LACKS,))),),
        ),
        Example(
            USER,
            _FILE.replace("«", "").replace("»", ""),
            says="The identity of the project has both roles.",
            answers=((_QUESTION, AccessAnswer(_VAULT, (_HAS,), (_HAS,))),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for number, place in enumerate(secret_places(context)):
            if number == 0:
                yield Asked(AzureQuestion(Topic.PROJECT), place.secret_span, place.whole, context.kind)
            yield place.ask(Topic.PROJECT_ACCESS, context)

    def access(self, asked: Asked, answer: object) -> Iterator[Access]:
        users, readers = (answer.users, answer.readers) if isinstance(answer, AccessAnswer) else ((), ())
        roles = ((SECRETS_USER, users), *(((READER, readers),) if asked.kind is USER else ()))
        return access_to_secret(asked.question, answer, Topic.PROJECT_ACCESS, "the identity of the project", *roles)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if isinstance(answer, ProjectAnswer):
            if not answer.principals:
                yield Finding(
                    asked.span,
                    f"project `{answer.name}` has no managed identity, as which it could read secrets: give it one",
                    give_identity(answer.id),
                )
        elif isinstance(answer, AccessAnswer) and isinstance(question, AzureQuestion):
            on = f"key vault `{question.vault}`"
            for standing in answer.users:
                yield from judge_standing(standing, SECRETS_USER, on, answer.scope, asked.span)
            for standing in answer.readers if asked.kind is USER else ():
                yield from judge_standing(standing, READER, on, answer.scope, asked.span)
