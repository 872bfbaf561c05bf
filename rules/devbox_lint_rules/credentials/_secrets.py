"""What the rules of this group say of the secrets that one detector finds."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.detector import Secret, find_secrets
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.rule import CONFIGURATION, Context

REFERENCE = "`{{https://VAULT.vault.azure.net/secrets/NAME}}`"
# From a file: what is typed after `--value` stays in the history of the shell.
_STORE = (
    "then store the new one with `az keyvault secret set --vault-name VAULT --name NAME --file PATH`, delete that file,"
    ' and write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`'
)
# WinGet resolves no references and has no store of its own.
_FETCH = (
    "then let a person sign in when the configuration is applied, or fetch the new one in its script with"
    " `az keyvault secret show --vault-name VAULT --name NAME --query value --output tsv`"
)


def revoke(context: Context) -> str:
    """What to do with a token that someone else can take back."""
    return f"revoke it first, {_FETCH if context.kind is CONFIGURATION else _STORE}"


def change(context: Context) -> str:
    """What to do with a secret that is changed, not revoked."""
    return f"revoke or change it first, {_FETCH if context.kind is CONFIGURATION else _STORE}"


def instead(context: Context) -> str:
    """What to write in the secret's place."""
    return "fetch it when the configuration is applied" if context.kind is CONFIGURATION else f"write {REFERENCE}"


def secrets_of(context: Context, kind: SecretKind) -> Iterator[Secret]:
    """The secrets of one kind in the file."""
    return (secret for secret in find_secrets(context.document) if secret.kind is kind)
