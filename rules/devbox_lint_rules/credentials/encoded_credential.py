"""DBX406: {'a': ''}a secret in base64."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import ALL_FILES, IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.credentials._secrets import change, secrets_of


def _encoded(before: str, secret: str, after: str = "") -> str:
    """Base64 with the characters marked that hold the secret."""
    text = b64encode(f"{before}{secret}{after}".encode()).decode()
    start, end = len(before) * 8 // 6, -(-len(before + secret) * 8 // 6)
    return f"{text[:start]}«{text[start:end]}»{text[end:]}"


_PAIR = _encoded("user:", "MadeUp-Passw0rd")
_CONFIGURATION = _encoded(
    "properties:\n  resources:\n    - resource: User\n      settings:\n        password: ", "MadeUp-Passw0rd", "\n"
)
_HARMLESS = b64encode(
    b"properties:\n  resources:\n    - resource: Git.Git\n      settings:\n        password: $(x)\n"
).decode()
_PLACEHOLDER = b64encode(b"user:password").decode()


class EncodedCredential(Rule):
    """
    Base64 holds a secret: a token, a key, `user:password`, or an inline configuration with one of them in it.

    Why: Base64 hides nothing: whoever can read the file or its history can decode it with one command.

    Fix: Change the secret. Store the encoded new one in a key vault, and write
    `"{{https://VAULT.vault.azure.net/secrets/NAME}}"` in its place; in a configuration, take it from a variable
    or from a parameter.
    """

    code = "DBX406"
    name = "encoded-credential"
    severity = Severity.ERROR
    kinds = ALL_FILES
    see = ("DBX402", "DBX404")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            USER,
            f"tasks:\n  - name: t\n    parameters:\n      repoSecretBase64: {_PAIR}\n",
        ),
        Example(
            IMAGE,
            f"tasks:\n  - name: ~/winget\n    parameters:\n      inlineConfigurationBase64: {_CONFIGURATION}\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: t\n    parameters:\n"
            "      repoSecret: '{{https://kv-contoso.vault.azure.net/secrets/repo-secret}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n"
            f"      inlineConfigurationBase64: {_HARMLESS}\n      secretBase64: {_PLACEHOLDER}\n"
            "      image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for secret in secrets_of(context, SecretKind.ENCODED):
            yield Finding(
                secret.span,
                f"{secret.place} holds {secret.description}, which anyone can decode: take it from a key vault",
                change(context),
                severity=secret.severity,
            )
