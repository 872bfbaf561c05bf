"""What the rules of this group say of the secrets that one detector finds."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.detector import Secret, find_secrets
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.rule import Context

REFERENCE = "`{{https://VAULT.vault.azure.net/secrets/NAME}}`"
#: What to do with a token that someone else can take back.
REVOKE = (
    "revoke it first, then store a new one with `az keyvault secret set --vault-name VAULT --name NAME --value ...`"
    ' and write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`'
)
#: What to do with a secret that is changed, not revoked.
CHANGE = (
    "change it first, then store the new one with `az keyvault secret set --vault-name VAULT --name NAME --value ...`"
    ' and write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`'
)


def secrets_of(context: Context, kind: SecretKind) -> Iterator[Secret]:
    """The secrets of one kind in the file."""
    return (secret for secret in find_secrets(context.document) if secret.kind is kind)
