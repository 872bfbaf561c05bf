"""DBX507: people, or the dev center, who may not read a secret of a user customization."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Access, Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import USER, Context, Example
from devbox_lint_rules.keyvault._answers import AccessAnswer, Outcome, Standing
from devbox_lint_rules.keyvault._grants import SECRETS_USER
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.keyvault._roles import access_to_secret, judge_standing

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{https://kv-contoso.vault.azure.net/secrets/«pat»}}'\n"
)
_SECRET = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/contoso/providers/Microsoft.KeyVault"
    "/vaults/kv-contoso/secrets/pat"
)
_QUESTION = AzureQuestion(Topic.USER_ACCESS, "kv-contoso", "vault.azure.net", "pat")
_CENTER = Standing(
    "the managed identity of dev center `contoso`",
    "44444444-4444-4444-4444-444444444444",
    "ServicePrincipal",
    Outcome.MISSING,
)
_PERSON = Standing(
    "the consumer 55555555-5555-5555-5555-555555555555",
    "55555555-5555-5555-5555-555555555555",
    "User",
    Outcome.MISSING,
)


class UserRoleMissing(OnlineRule):
    """
    Somebody who must be able to read a secret of a user customization may not: the managed identity of the dev center,
    an admin, or a user or group that makes dev boxes.

    Who that is stands in the settings, as `consumers` and `admins` under `[azure]`; the dev center is always asked for.
    Every role counts whose permissions hold what Key Vault Secrets User gives, on the secret or above it, for users and
    identities also through a group. Whether one group is in another cannot be seen, so a group without a role of its
    own gives a warning.

    Why: The service reads the secrets of a user customization on behalf of its user, and checks the others too.

    Fix: Run the command that the finding shows. It takes some minutes until a new role counts.
    """

    code = "DBX507"
    name = "user-role-missing"
    severity = Severity.ERROR
    kinds = frozenset((USER,))
    see = ("DBX506", "DBX508")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
    )
    bad = (
        Example(
            USER,
            _FILE,
            says="The identity of the dev center has no role.",
            answers=((_QUESTION, AccessAnswer(_SECRET, (_CENTER,))),),
        ),
        Example(
            USER,
            _FILE,
            says="A consumer may activate the role and has not.",
            answers=((_QUESTION, AccessAnswer(_SECRET, (_PERSON._replace(eligible=True),))),),
        ),
    )
    good = (
        Example(
            USER,
            _FILE.replace("«", "").replace("»", ""),
            says="All of them have the role.",
            answers=(
                (
                    _QUESTION,
                    AccessAnswer(_SECRET, tuple(s._replace(outcome=Outcome.GRANTED) for s in (_CENTER, _PERSON))),
                ),
            ),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.USER_ACCESS)

    def access(self, asked: Asked, answer: object) -> Iterator[Access]:
        users = answer.users if isinstance(answer, AccessAnswer) else ()
        return access_to_secret(asked.question, answer, Topic.USER_ACCESS, "the consumers", (SECRETS_USER, users))

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if isinstance(answer, AccessAnswer) and isinstance(question, AzureQuestion):
            on = f"the secret `{question.secret}` of key vault `{question.vault}`"
            for standing in answer.users:
                yield from judge_standing(standing, SECRETS_USER, on, answer.scope, asked.span)
