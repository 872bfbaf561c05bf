"""DBX501: a key vault that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import VaultAnswer, VaultState
from devbox_lint_rules.keyvault._commands import recover_vault
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{https://«kv-contoso».vault.azure.net/secrets/pat}}'\n"
)
_QUESTION = AzureQuestion(Topic.VAULT, "kv-contoso", "vault.azure.net")


class VaultNotFound(OnlineRule):
    """
    A reference names a key vault that does not exist, or that is deleted.

    Azure is asked whether the name is taken, and DNS whether it has an address. A vault that only a private DNS knows
    has none for anybody else.

    Why: The customization stops at the first reference that cannot be resolved.

    Fix: Correct the name, create the vault, or recover it. Recovering a vault does not bring back its role assignments.
    """

    code = "DBX501"
    name = "vault-not-found"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    at_each_place = True
    see = ("DBX301", "DBX502", "DBX503")
    references = ("https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",)
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The name is not taken.",
            answers=((_QUESTION, VaultAnswer(VaultState.FREE)),),
        ),
        Example(
            USER,
            _FILE,
            says="The vault is among the deleted ones.",
            answers=((_QUESTION, VaultAnswer(VaultState.DELETED, location="westus", purged_on="2026-12-01")),),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The vault exists.",
            answers=((_QUESTION, VaultAnswer(VaultState.FOUND)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.VAULT)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, VaultAnswer) or not isinstance(question, AzureQuestion):
            return
        vault = question.vault
        match answer.state:
            case VaultState.FREE:
                yield Finding(asked.span, f"there is no key vault `{vault}`: correct the name, or create the vault")
            case VaultState.UNRESOLVED:
                yield Finding(
                    asked.span,
                    f"`{vault}.{question.domain}` has no address in DNS here: correct the name, or create the vault",
                    "a vault that only a private DNS knows cannot be found from here: check it from its own network",
                )
            case VaultState.DELETED:
                until = f" and can be recovered until {answer.purged_on}" if answer.purged_on else ""
                yield Finding(
                    asked.span,
                    f"key vault `{vault}` is deleted{until}: recover it and assign its roles again, or name another",
                    recover_vault(vault, answer.location),
                )
