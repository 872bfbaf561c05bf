"""The hosts of the clouds: which service answers there and which audience its tokens have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cloud:
    """One of Microsoft's clouds, by the names of its hosts."""

    login: tuple[str, ...]
    management: str
    vaults: str
    dev_center: str = "devcenter.azure.com"

    @property
    def arm_audiences(self) -> tuple[str, ...]:
        # The older name of the Resource Manager's audience is what the Azure CLI asks for.
        return (
            f"https://{self.management}",
            self.management.replace("management.azure.com", "https://management.core.windows.net"),
        )


PUBLIC = Cloud(("login.microsoftonline.com", "login.windows.net"), "management.azure.com", "vault.azure.net")
CHINA = Cloud(
    ("login.chinacloudapi.cn", "login.partner.microsoftonline.cn"), "management.chinacloudapi.cn", "vault.azure.cn"
)
US_GOVERNMENT = Cloud(("login.microsoftonline.us",), "management.usgovcloudapi.net", "vault.usgovcloudapi.net")
CLOUDS = (PUBLIC, CHINA, US_GOVERNMENT)
DEVOPS_HOST = "dev.azure.com"
#: Where projects, members, entitlements and feeds are.
DEVOPS_HOSTS = (DEVOPS_HOST, *(f"{service}.{DEVOPS_HOST}" for service in ("vssps", "vsaex", "feeds")))
DEVOPS_AUDIENCE = "499b84ac-1321-427f-aa17-267ca6975798"
