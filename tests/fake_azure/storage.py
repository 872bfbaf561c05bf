"""Storage accounts and container registries as they are declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class StorageAccount:
    """A storage account as ARM knows it; None leaves a property out."""

    name: str
    group_scope: str
    location: str = "westeurope"
    public_network_access: str | None = "Enabled"
    default_action: str = "Allow"
    #: Addresses and subnets that the firewall lets in, and connections from private networks.
    addresses: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    private_endpoints: tuple[str, ...] = ()
    shared_key: bool | None = None
    public_blobs: bool = False
    containers: set[str] = field(default_factory=lambda: {"tools"})

    @property
    def id(self) -> str:
        return f"{self.group_scope}/providers/Microsoft.Storage/storageAccounts/{self.name}"

    def container_id(self, name: str) -> str:
        """The scope of a container for role assignments."""
        return f"{self.id}/blobServices/default/containers/{name}"

    def resource(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            "provisioningState": "Succeeded",
            "primaryEndpoints": {"blob": f"https://{self.name}.blob.core.windows.net/"},
            "allowBlobPublicAccess": self.public_blobs,
            "minimumTlsVersion": "TLS1_2",
            "networkAcls": {
                "bypass": "AzureServices",
                "defaultAction": self.default_action,
                "ipRules": [{"value": one, "action": "Allow"} for one in self.addresses],
                "virtualNetworkRules": [{"id": one, "action": "Allow", "state": "Succeeded"} for one in self.subnets],
            },
            "privateEndpointConnections": [
                {"name": one, "properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}}
                for one in self.private_endpoints
            ],
        }
        if self.public_network_access is not None:
            given["publicNetworkAccess"] = self.public_network_access
        if self.shared_key is not None:
            given["allowSharedKeyAccess"] = self.shared_key
        return {
            "sku": {"name": "Standard_LRS", "tier": "Standard"},
            "kind": "StorageV2",
            "id": self.id,
            "name": self.name,
            "type": "Microsoft.Storage/storageAccounts",
            "location": self.location,
            "tags": {},
            "properties": given,
        }


@dataclass(eq=False)
class Registry:
    """A container registry as ARM knows it."""

    name: str
    group_scope: str
    location: str = "westeurope"
    #: `AbacRepositoryPermissions` where roles of data count.
    mode: str = "LegacyRegistryPermissions"

    @property
    def id(self) -> str:
        return f"{self.group_scope}/providers/Microsoft.ContainerRegistry/registries/{self.name}"

    def resource(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": "Microsoft.ContainerRegistry/registries",
            "location": self.location,
            "sku": {"name": "Premium", "tier": "Premium"},
            "properties": {
                "loginServer": f"{self.name.lower()}.azurecr.io",
                "provisioningState": "Succeeded",
                "publicNetworkAccess": "Enabled",
                "roleAssignmentMode": self.mode,
            },
        }
