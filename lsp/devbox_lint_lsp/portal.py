"""Addresses in the Azure portal."""

from __future__ import annotations

from devbox_lint.addresses import SecretUri

_PORTALS = {"public": "portal.azure.com", "china": "portal.azure.cn", "usgov": "portal.azure.us"}


def portal_link(secret: SecretUri) -> str | None:
    """Where the portal shows a secret; None for one that is not well formed, or of a cloud without a portal."""
    portal = _PORTALS.get(secret.cloud.name) if secret.cloud is not None else None
    well_formed = (
        portal is not None
        and secret.collection.text == "secrets"
        and all(_is_plain(part.text) for part in (secret.vault, secret.name))
        and (not secret.version or _is_plain(secret.version.text))
        and not (secret.port or secret.extra or secret.query or secret.private_link)
    )
    if not well_formed:
        return None
    version = f"/{secret.version.text}" if secret.version else ""
    uri = f"https://{secret.vault.text}.{secret.domain.text}/secrets/{secret.name.text}{version}"
    return f"https://{portal}/#asset/Microsoft_Azure_KeyVault/Secret/{uri}"


def _is_plain(name: str) -> bool:
    """Whether a name holds letters, digits and hyphens alone, so that it changes nothing around it."""
    return bool(name) and name.isascii() and name.replace("-", "").isalnum()
