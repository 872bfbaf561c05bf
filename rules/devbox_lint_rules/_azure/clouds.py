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
#: All hosts of Azure DevOps, which is in the public cloud alone: https://learn.microsoft.com/rest/api/azure/devops.
DEV_OPS_HOSTS = frozenset((DEV_OPS_HOST, "vssps.dev.azure.com", "vsaex.dev.azure.com", "feeds.dev.azure.com"))
#: The public source of WinGet: https://learn.microsoft.com/windows/package-manager/winget/source.
PACKAGES_HOST = "cdn.winget.microsoft.com"
#: What a token for Azure DevOps is asked for, in place of an address:
#: https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity.
_DEV_OPS = "499b84ac-1321-427f-aa17-267ca6975798"


class Audience(Enum):
    """Whom a token is for."""

    RESOURCE_MANAGER = "resource manager"
    VAULT = "vault"
    DEV_CENTER = "dev center"
    GRAPH = "graph"
    DEV_OPS = "dev ops"


class Cloud(NamedTuple):
    """One cloud by its hosts, in lower case.

    ``authority`` is the host that signs in, ``authorities`` are all that a vault may name as its own; ``vault_suffix``
    is without a dot before it, and so is ``storage_suffix``. ``graph`` is empty where the cloud's is not known.
    """

    authority: str
    authorities: frozenset[str]
    resource_manager: str
    vault_suffix: str
    graph: str = ""
    storage_suffix: str = ""
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
            case Audience.GRAPH:
                return f"https://{self.graph}/.default"
            case Audience.DEV_OPS:
                return f"{_DEV_OPS}/.default"


#: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers
#: and https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud; Graph's hosts are those of
#: https://learn.microsoft.com/graph/deployments. Vaults of long standing name the authority by its older host.
_CLOUDS = {
    "public": Cloud(
        "login.microsoftonline.com",
        frozenset(("login.microsoftonline.com", "login.windows.net")),
        "management.azure.com",
        "vault.azure.net",
        "graph.microsoft.com",
        "core.windows.net",
    ),
    "china": Cloud(
        "login.chinacloudapi.cn",
        frozenset(("login.chinacloudapi.cn", "login.partner.microsoftonline.cn")),
        "management.chinacloudapi.cn",
        "vault.azure.cn",
        "microsoftgraph.chinacloudapi.cn",
        "core.chinacloudapi.cn",
    ),
    "usgov": Cloud(
        "login.microsoftonline.us",
        frozenset(("login.microsoftonline.us",)),
        "management.usgovcloudapi.net",
        "vault.usgovcloudapi.net",
        "graph.microsoft.us",
        "core.usgovcloudapi.net",
    ),
}


def cloud_of(setting: str | Endpoints) -> Cloud:
    """The cloud that the settings name, or the one with the endpoints that they give."""
    if isinstance(setting, str):
        return _CLOUDS[setting]
    authority = urlsplit(setting.authority).netloc.lower()
    manager = urlsplit(setting.resource_manager).netloc.lower()
    return Cloud(authority, frozenset((authority,)), manager, setting.vault_suffix.lower(), is_listed=False)
