"""Vaults and secrets as they are declared."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from fake_azure.tenants import Tenant

DAY = 86_400
#: A day as ISO 8601 writes it, or a number of days from now.
When = str | int | None


def seconds(when: When) -> int | None:
    """Seconds since 1970."""
    if isinstance(when, str):
        return int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())
    return None if when is None else int(time.time()) + when * DAY


def made_guid(*words: str) -> str:
    """A GUID that is the same in each run."""
    return str(uuid5(NAMESPACE_URL, "/".join(words)))


@dataclass(eq=False)
class Version:
    """A version of a secret; times are seconds since 1970."""

    id: str
    value: str
    enabled: bool = True
    not_before: int | None = None
    expires: int | None = None
    created: int = 1_700_000_000

    def attributes(self) -> dict[str, Any]:
        times = {"nbf": self.not_before, "exp": self.expires}
        return {
            "enabled": self.enabled,
            **{name: value for name, value in times.items() if value is not None},
            "created": self.created,
            "updated": self.created,
        }


@dataclass(eq=False)
class Secret:
    """A secret; its last version is the current one."""

    name: str
    vault: Vault
    content_type: str | None = None
    deleted: bool = False
    versions: list[Version] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its scope for role assignments."""
        return f"{self.vault.id}/secrets/{self.name}"

    @property
    def uri(self) -> str:
        return f"{self.vault.uri}/secrets/{self.name}"

    def version(
        self, *, enabled: bool = True, not_before: When = None, expires: When = None, created: When = None
    ) -> Version:
        """Add a version, which is the current one then."""
        number = len(self.versions)
        guid = made_guid(self.vault.name, self.name, str(number)).replace("-", "")
        self.versions.append(
            Version(
                guid,
                f"CANARY-{guid}",
                enabled,
                seconds(not_before),
                seconds(expires),
                seconds(created) or 1_700_000_000 + number,
            )
        )
        return self.versions[-1]


@dataclass(eq=False)
class Vault:
    """A key vault as ARM knows it; None leaves a property out."""

    name: str
    tenant: Tenant
    resource_group: str
    location: str = "westeurope"
    rbac: bool | None = True
    public_network_access: str | None = None
    default_action: str | None = None
    bypass: str | None = None
    #: Addresses the firewall lets in, the verifier's own being 203.0.113.7.
    addresses: tuple[str, ...] = ()
    #: Object id -> permissions on secrets.
    policies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Soft-deleted: the date on which it is purged.
    deleted: str | None = None
    #: What it says of its tenant in the challenge, where that is not the truth.
    challenge: str | None = None
    secrets: dict[str, Secret] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.tenant.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.KeyVault/vaults/{self.name}"
        )

    @property
    def host(self) -> str:
        return f"{self.name.lower()}.{self.tenant.cloud.vaults}"

    @property
    def uri(self) -> str:
        return f"https://{self.host}"

    def secret(
        self,
        name: str,
        *,
        enabled: bool = True,
        not_before: When = None,
        expires: When = None,
        content_type: str | None = None,
        deleted: bool = False,
        versions: int = 1,
    ) -> Secret:
        """Add a secret, or put another in its place; all but its current version are enabled and have no times."""
        secret = Secret(name, self, content_type, deleted)
        for _ in range(versions - 1):
            secret.version()
        if versions:
            secret.version(enabled=enabled, not_before=not_before, expires=expires)
        self.secrets[name.lower()] = secret
        return secret

    def properties(self) -> dict[str, Any]:
        """What ARM says of it."""
        given: dict[str, Any] = {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": self.tenant.id,
            "vaultUri": f"{self.uri}/",
            "provisioningState": "Succeeded",
            "enableSoftDelete": True,
            "accessPolicies": [
                {"tenantId": self.tenant.id, "objectId": oid, "permissions": {"secrets": list(allowed)}}
                for oid, allowed in self.policies.items()
            ],
        }
        if self.rbac is not None:
            given["enableRbacAuthorization"] = self.rbac
        if self.public_network_access is not None:
            given["publicNetworkAccess"] = self.public_network_access
        if self.default_action is not None or self.bypass is not None:
            given["networkAcls"] = {
                "defaultAction": self.default_action or "Allow",
                **({} if self.bypass is None else {"bypass": self.bypass}),
                "ipRules": [{"value": one} for one in self.addresses],
                "virtualNetworkRules": [],
            }
        return given

    def resource(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": "Microsoft.KeyVault/vaults",
            "location": self.location,
            "tags": {},
            "properties": self.properties(),
        }
