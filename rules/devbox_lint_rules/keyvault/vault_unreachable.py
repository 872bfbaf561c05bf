"""DBX502: an address of a vault where no vault answers that the dev center could use."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import VaultAnswer, VaultState
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{https://«kv-contoso».vault.azure.net/secrets/pat}}'\n"
)
_QUESTION = AzureQuestion(Topic.VAULT, "kv-contoso", "vault.azure.net")
_OURS, _THEIRS = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


class VaultUnreachable(OnlineRule):
    """
    The address of a vault has an answer, and not one that the dev center can use: the vault belongs to another tenant,
    or what answers is not a key vault.

    A vault says without a sign-in which tenant it belongs to. No token is sent to one of another tenant, nor to what
    does not answer as a vault does. Where nothing answers at all, nothing is known, and that is DBX590.

    Why: A managed identity can be given roles in its own tenant only. The name of a vault is unique in the world, so
    a wrong one may well belong to somebody else.

    Fix: Name a vault of the project's own tenant. If the vault is right, sign in to its tenant, or set `tenant`.
    """

    code = "DBX502"
    name = "vault-unreachable"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    at_each_place = True
    see = ("DBX303", "DBX501", "DBX509")
    references = ("https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses",)
    bad = (
        Example(
            USER,
            _FILE,
            says="The vault belongs to another tenant.",
            answers=((_QUESTION, VaultAnswer(VaultState.FOREIGN, _THEIRS, _OURS)),),
        ),
        Example(
            IMAGE,
            _FILE,
            says="The address redirects to another host.",
            answers=((_QUESTION, VaultAnswer(VaultState.STRANGE, strangeness="it redirects to another address")),),
        ),
    )
    good = (
        Example(
            USER,
            _FILE.replace("«", "").replace("»", ""),
            says="The vault belongs to the tenant of the run.",
            answers=((_QUESTION, VaultAnswer(VaultState.FOUND, _OURS, _OURS)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.VAULT)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, VaultAnswer) or not isinstance(question, AzureQuestion):
            return
        if answer.state is VaultState.FOREIGN:
            yield Finding(
                asked.span,
                f"key vault `{question.vault}` belongs to tenant {answer.tenant}, not to {answer.expected}: name a"
                " vault of the project's own tenant",
                f"if the vault is right: az login --tenant {answer.tenant}",
            )
        elif answer.state is VaultState.STRANGE:
            yield Finding(
                asked.span,
                f"`{question.vault}.{question.domain}` does not answer as a key vault does ({answer.strangeness}):"
                " correct the name",
            )
