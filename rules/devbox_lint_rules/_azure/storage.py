"""Storage accounts and container registries, as the Resource Manager has them; no key and no blob is ever asked for.

https://learn.microsoft.com/rest/api/storagerp/storage-accounts/get-properties,
https://learn.microsoft.com/rest/api/storagerp/blob-containers/get and
https://learn.microsoft.com/rest/api/storagerp/storage-accounts/check-name-availability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devbox_lint_rules._azure.bodies import at, error_code, objects_at, text_at
from devbox_lint_rules._azure.connection import Connection
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import ResourceManager, refusal
from devbox_lint_rules._azure.resources import Resources, ResourceType
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules._azure.vaults import resolves
from devbox_lint_rules.keyvault._answers import StorageAnswer, StorageNetwork

STORAGE_API = "2024-01-01"
REGISTRY_API = "2025-11-01"
READER = "ask for the role Reader on the storage account"


class Storage:
    """The storage accounts of one run; ``subscription`` is where free names are asked for, and may be empty."""

    def __init__(
        self,
        connection: Connection,
        manager: ResourceManager,
        memory: Memory,
        resources: Resources,
        subscription: str,
    ) -> None:
        self._connection = connection
        self._manager = manager
        self._memory = memory
        self._resources = resources
        self._subscription = subscription

    def account(self, name: str, container: str) -> StorageAnswer:
        """What is known of an account, and of a container in it where ``container`` is not empty."""
        identity = self.id_of(name)
        if identity is None:
            return StorageAnswer(False)
        properties = self._properties(identity, name)
        return StorageAnswer(
            True,
            identity,
            _network(properties),
            _word(text_at(properties, "publicNetworkAccess")) or "Enabled",
            properties.get("allowSharedKeyAccess") is not False,
            self._has_container(identity, container) if container else None,
        )

    def id_of(self, name: str) -> str | None:
        """The resource id of an account, None where there is none of this name in the world."""
        identity = self._resources.id_of(ResourceType.STORAGE_ACCOUNT, name)
        if identity:
            return identity
        if self._memory.get(("free account", name), lambda: self._is_free(name)):
            return None
        raise UnansweredError(f"you may not see storage account `{name}`", READER)

    def is_public(self, name: str) -> bool:
        """Whether the owner of an account may let everybody read blobs of it."""
        identity = self.id_of(name)
        return identity is not None and self._properties(identity, name).get("allowBlobPublicAccess") is True

    def _properties(self, identity: str, name: str) -> Mapping[str, Any]:
        return self._memory.get(("storage", name), lambda: self._read(identity, name))

    def _read(self, identity: str, name: str) -> Mapping[str, Any]:
        reply = self._manager.get(identity, STORAGE_API)
        properties = at(reply.body, "properties")
        if reply.status != 200 or not isinstance(properties, dict):
            raise refusal(reply, f"storage account `{name}`", READER)
        return properties

    def _has_container(self, identity: str, container: str) -> bool | None:
        path = f"{identity}/blobServices/default/containers/{container}"
        reply = self._memory.get(("container", path), lambda: self._manager.get(path, STORAGE_API))
        if reply.status == 404 and error_code(reply) == "ContainerNotFound":
            return False
        return True if reply.status == 200 else None

    def _is_free(self, name: str) -> bool:
        """Whether no storage account in the world has the name, as Azure says, or else DNS."""
        if self._subscription:
            path = f"/subscriptions/{self._subscription}/providers/Microsoft.Storage/checkNameAvailability"
            body = {"name": name, "type": "Microsoft.Storage/storageAccounts"}
            reply = self._manager.post(path, STORAGE_API, body)
            if reply.status == 200 and isinstance(at(reply.body, "nameAvailable"), bool):
                return bool(at(reply.body, "nameAvailable"))
        suffix = self._connection.cloud.storage_suffix
        host = f"{name}.blob.{suffix}"
        if not suffix or self._connection.has_proxy(host):
            return False
        return not resolves(host) and resolves(self._connection.cloud.resource_manager.partition(":")[0])


def _network(properties: Mapping[str, Any]) -> StorageNetwork:
    """Who may reach an account: https://learn.microsoft.com/azure/storage/common/storage-network-security.

    A dev box is none of the services that an account may trust.
    """
    seen = text_at(properties, "publicNetworkAccess").lower()
    denies = text_at(properties, "networkAcls", "defaultAction").lower() == "deny"
    if seen == "securedbyperimeter":
        return StorageNetwork.SOME
    if seen != "disabled" and not denies:
        return StorageNetwork.OPEN
    some = objects_at(properties, "privateEndpointConnections")
    if seen != "disabled":
        some += objects_at(properties, "networkAcls", "ipRules")
        some += objects_at(properties, "networkAcls", "virtualNetworkRules")
    return StorageNetwork.SOME if some else StorageNetwork.CLOSED


def _word(text: str) -> str:
    return text if text.isalnum() and len(text) < 60 else ""
