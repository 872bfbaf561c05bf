"""DBX503: a secret, or a version of one, that its vault does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import SecretAnswer
from devbox_lint_rules.keyvault._commands import recover_secret, store_secret
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_VERSION = "0123456789abcdef0123456789abcdef"
_FILE = "tasks:\n  - name: ~/powershell\n    parameters:\n      command: C:\\dev\\a.ps1 -Token {{https://kv-contoso.vault.azure.net/secrets/%s}}\n"
_QUESTION = AzureQuestion(Topic.SECRET, "kv-contoso", "vault.azure.net", "pat")


class SecretNotFound(OnlineRule):
    """
    A reference names a secret, or a version of a secret, that the vault does not have.

    Only the attributes of the secret are asked for, never its value.

    Why: Key Vault answers `SecretNotFound`, and the customization stops at the first reference that cannot be resolved.

    Fix: Correct the name, create the secret, or recover it if it was deleted. Leave the version out to read the newest.
    """

    code = "DBX503"
    name = "secret-not-found"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    at_each_place = True
    see = ("DBX302", "DBX501", "DBX504", "DBX505")
    references = ("https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates",)
    bad = (
        Example(
            IMAGE,
            _FILE % "«pat»",
            says="The vault has no such secret.",
            answers=((_QUESTION, SecretAnswer(False)),),
        ),
        Example(
            USER,
            _FILE % f"pat/«{_VERSION}»",
            says="The secret has other versions.",
            answers=((_QUESTION._replace(version=_VERSION), SecretAnswer(False, True)),),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE % "pat",
            says="The vault has the secret.",
            answers=((_QUESTION, SecretAnswer(True)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.SECRET)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, SecretAnswer) or not isinstance(question, AzureQuestion) or answer.exists:
            return
        if answer.has_other_versions:
            yield Finding(
                asked.span,
                f"the secret `{question.secret}` of key vault `{question.vault}` has no version `{question.version}`:"
                " leave it out to read the newest",
            )
        else:
            yield Finding(
                asked.span,
                f"key vault `{question.vault}` has no secret `{question.secret}`: correct the name, or create it",
                f"if it was deleted: {recover_secret(question.vault, question.secret)}, else:"
                f" {store_secret(question.vault, question.secret)}",
            )
