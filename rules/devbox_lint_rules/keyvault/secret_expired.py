"""DBX505: a secret whose time is over, or has not come yet."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import SecretAnswer
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = "tasks:\n  - name: ~/powershell\n    parameters:\n      command: C:\\dev\\a.ps1 -Token {{https://kv-contoso.vault.azure.net/secrets/%s}}\n"
_QUESTION = AzureQuestion(Topic.SECRET, "kv-contoso", "vault.azure.net", "pat")


class SecretExpired(OnlineRule):
    """
    A reference leads to a secret that has expired, or is not valid yet.

    Why: Key Vault gives it out all the same, but the token in it has most probably expired with it.

    Fix: Renew the token and add it as a new version, with a new date.
    """

    code = "DBX505"
    name = "secret-expired"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    at_each_place = True
    see = ("DBX315", "DBX503", "DBX504")
    references = ("https://learn.microsoft.com/azure/key-vault/secrets/about-secrets",)
    bad = (
        Example(
            IMAGE,
            _FILE % "«pat»",
            says="The secret expired on 31 August.",
            answers=((_QUESTION, SecretAnswer(True, expired_on="2026-08-31")),),
        ),
        Example(
            USER,
            _FILE % "«pat»",
            says="The secret is valid from next year on.",
            answers=((_QUESTION, SecretAnswer(True, valid_from="2027-01-01")),),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE % "pat",
            says="The secret has no date, or one that is far away.",
            answers=((_QUESTION, SecretAnswer(True)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.SECRET)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, SecretAnswer) or not isinstance(question, AzureQuestion) or not answer.exists:
            return
        secret = f"the secret `{question.secret}` in key vault `{question.vault}`"
        if answer.expired_on:
            yield Finding(asked.span, f"{secret} expired on {answer.expired_on}: renew what is in it")
        elif answer.valid_from:
            yield Finding(asked.span, f"{secret} is not valid before {answer.valid_from}: wait, or change its date")
