"""What the rules of this group say of the secrets that one detector finds."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.detector import Secret, find_secrets
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.rule import Context

REFERENCE = "`{{https://VAULT.vault.azure.net/secrets/NAME}}`"
# From a file: what is typed after `--value` stays in the history of the shell.
_STORE = (
    "with `az keyvault secret set --vault-name VAULT --name NAME --file PATH`, delete that file,"
    ' and write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`'
)
#: What to do with a token that someone else can take back.
REVOKE = f"revoke it first, then store a new one {_STORE}"
#: What to do with a secret that is changed, not revoked.
CHANGE = f"revoke or change it first, then store the new one {_STORE}"


def secrets_of(context: Context, kind: SecretKind) -> Iterator[Secret]:
    """The secrets of one kind in the file."""
    return (secret for secret in find_secrets(context.document) if secret.kind is kind)
