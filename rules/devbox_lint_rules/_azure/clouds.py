"""The clouds: where each one signs in, where its Resource Manager is, and what its vaults are called.

Nothing but these decides where a request goes; a file only says which vault of the chosen cloud it means.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple
from urllib.parse import urlsplit

from devbox_lint.settings.model import Endpoints

#: Hosts of dev centers end in this, in every cloud that has dev centers.
DEV_CENTER_SUFFIX = ".devcenter.azure.com"
DEV_OPS_HOST = "dev.azure.com"


class Audience(Enum):
    """Whom a token is for."""

    RESOURCE_MANAGER = "resource manager"
    VAULT = "vault"
    DEV_CENTER = "dev center"


class Cloud(NamedTuple):
    """One cloud by its hosts, in lower case.

    ``authority`` is the host that signs in, ``authorities`` are all that a vault may name as its own; ``vault_suffix``
    is without a dot before it.
    """

    authority: str
    authorities: frozenset[str]
    resource_manager: str
    vault_suffix: str
    #: Whether Microsoft's own list of clouds has it, which a sign-in looks up.
    is_listed: bool = True

    def scope(self, audience: Audience) -> str:
        """What to ask a token for. A vault is never asked which one it wants."""
        match audience:
            case Audience.RESOURCE_MANAGER:
                return f"https://{self.resource_manager}/.default"
            case Audience.VAULT:
                return f"https://{self.vault_suffix}/.default"
            case Audience.DEV_CENTER:
                return "https://devcenter.azure.com/.default"


#: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers
#: and https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud. Vaults of long standing name
#: the authority by its older host.
_CLOUDS = {
    "public": Cloud(
        "login.microsoftonline.com",
        frozenset(("login.microsoftonline.com", "login.windows.net")),
        "management.azure.com",
        "vault.azure.net",
    ),
    "china": Cloud(
        "login.chinacloudapi.cn",
        frozenset(("login.chinacloudapi.cn", "login.partner.microsoftonline.cn")),
        "management.chinacloudapi.cn",
        "vault.azure.cn",
    ),
    "usgov": Cloud(
        "login.microsoftonline.us",
        frozenset(("login.microsoftonline.us",)),
        "management.usgovcloudapi.net",
        "vault.usgovcloudapi.net",
    ),
}


def cloud_of(setting: str | Endpoints) -> Cloud:
    """The cloud that the settings name, or the one with the endpoints that they give."""
    if isinstance(setting, str):
        return _CLOUDS[setting]
    authority = urlsplit(setting.authority).netloc.lower()
    manager = urlsplit(setting.resource_manager).netloc.lower()
    return Cloud(authority, frozenset((authority,)), manager, setting.vault_suffix.lower(), False)
