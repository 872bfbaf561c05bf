"""DBX504: a secret that is there and may not be read."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import SecretAnswer
from devbox_lint_rules.keyvault._commands import enable_secret
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_VERSION = "0123456789abcdef0123456789abcdef"
_FILE = "tasks:\n  - name: ~/powershell\n    parameters:\n      command: C:\\dev\\a.ps1 -Token {{https://kv-contoso.vault.azure.net/secrets/%s}}\n"
_QUESTION = AzureQuestion(Topic.SECRET, "kv-contoso", "vault.azure.net", "pat")


class SecretDisabled(OnlineRule):
    """
    A reference leads to a secret that is disabled: its newest version, or the version that is named.

    Why: Key Vault refuses to give out a disabled secret, whoever asks for it, and the customization
    stops at that reference.

    Fix: Enable it, or add a new version. Where a version is named, leave it out to read the newest.
    """

    code = "DBX504"
    name = "secret-disabled"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    at_each_place = True
    see = ("DBX315", "DBX503", "DBX505")
    references = ("https://learn.microsoft.com/azure/key-vault/secrets/about-secrets",)
    bad = (
        Example(
            USER,
            _FILE % "«pat»",
            says="The newest version of the secret is disabled.",
            answers=((_QUESTION, SecretAnswer(True, enabled=False)),),
        ),
        Example(
            IMAGE,
            _FILE % f"pat/«{_VERSION}»",
            says="This version is disabled.",
            answers=((_QUESTION._replace(version=_VERSION), SecretAnswer(True, enabled=False)),),
        ),
    )
    good = (Example(IMAGE, _FILE % "pat", says="The secret is enabled.", answers=((_QUESTION, SecretAnswer(True)),)),)

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.SECRET)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, SecretAnswer) or not isinstance(question, AzureQuestion):
            return
        if answer.exists and not answer.enabled:
            what = "this version" if question.version else "the newest version"
            yield Finding(
                asked.span,
                f"{what} of the secret `{question.secret}` in key vault `{question.vault}` is disabled: enable it, or"
                + (" leave the version out" if question.version else " add a new version"),
                enable_secret(question.vault, question.secret, question.version),
            )
