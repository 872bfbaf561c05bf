"""Key vaults: whether they exist, how they grant access, and who may reach them."""

from __future__ import annotations

import errno
import re
import socket
from typing import Any, NamedTuple

from devbox_lint_rules._azure.bodies import (
    error_code,
    object_id_at,
    objects_at,
    text_at,
    texts_at,
)
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import ResourceManager, refusal
from devbox_lint_rules._azure.resources import Resources, ResourceType, ids_by_name
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import NetworkAnswer, VaultAnswer, VaultState

#: https://learn.microsoft.com/rest/api/keyvault: control plane versions before this one end in February 2027.
VAULT_API = "2026-02-01"
SECRET_API = "2025-07-01"

_CHALLENGE = re.compile(r'(authorization|authorization_uri|resource)="?([^",\s]{1,300})"?')
_TENANT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NO_SUCH_NAME = frozenset(
    number for name in ("EAI_NONAME", "EAI_NODATA") if isinstance(number := getattr(socket, name, None), int)
)


class Vault(NamedTuple):
    """What the Resource Manager knows of a vault; ``properties`` are as it gave them."""

    id: str
    location: str
    properties: dict[str, Any]

    @property
    def tenant(self) -> str:
        """The tenant that it trusts."""
        return object_id_at(self.properties, "tenantId")

    @property
    def uses_roles(self) -> bool:
        """Whether roles count; without the property it is access policies that do."""
        return self.properties.get("enableRbacAuthorization") is True

    @property
    def has_policies(self) -> bool:
        """Whether it has any access policy."""
        return bool(objects_at(self.properties, "accessPolicies"))

    @property
    def policy_readers(self) -> frozenset[str]:
        """The object ids of those whom access policies let read secrets; any of them may be a group."""
        return frozenset(
            object_id_at(policy, "objectId")
            for policy in objects_at(self.properties, "accessPolicies")
            # A policy for an application on behalf of a user is not one for either alone.
            if not text_at(policy, "applicationId")
            and {item.lower() for item in texts_at(policy, "permissions", "secrets")} & {"get", "all"}
        )

    @property
    def network(self) -> NetworkAnswer:
        """Who may reach it: https://learn.microsoft.com/azure/key-vault/general/network-security."""
        seen = text_at(self.properties, "publicNetworkAccess") or "Enabled"
        denies = text_at(self.properties, "networkAcls", "defaultAction").lower() == "deny"
        bypass = text_at(self.properties, "networkAcls", "bypass") or "AzureServices"
        trusts = bypass.lower() == "azureservices"
        if seen.lower() not in ("enabled", "disabled"):
            return NetworkAnswer(False, trusts, True, seen if seen.isalnum() and len(seen) < 60 else "unknown")
        disabled = seen.lower() == "disabled"
        return NetworkAnswer(not (denies or disabled), trusts, False, seen, denies)


class Vaults:
    """The vaults of one run, each looked up once.

    ``subscription`` is where deleted vaults and free names are asked for, empty where none is known.
    """

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

    def found(self, name: str) -> Vault | None:
        """What the Resource Manager knows of a vault, None where it shows none of this name."""
        return self._memory.get(("vault", name), lambda: self._found(name))

    def state(self, name: str) -> VaultAnswer:
        """Whether a vault exists, and in the right tenant."""
        return self._memory.get(("state", name), lambda: self._state(name))

    def host(self, name: str) -> str:
        """The host of a vault."""
        return f"{name}.{self._connection.cloud.vault_suffix}"

    def _found(self, name: str) -> Vault | None:
        identity = self._resources.id_of(ResourceType.VAULT, name)
        if not identity and self._subscription:
            # The graph learns of a new vault some minutes later than the Resource Manager.
            identity = self._memory.get("ids in subscription", self._ids_in_subscription).get(name, "")
        if not identity:
            return None
        reply = self._manager.get(identity, VAULT_API)
        if reply.status == 404:
            return None
        properties = reply.body.get("properties") if isinstance(reply.body, dict) else None
        if reply.status != 200 or not isinstance(properties, dict):
            raise refusal(reply, f"key vault `{name}`", _READER)
        return Vault(identity, text_at(reply.body, "location"), properties)

    def _ids_in_subscription(self) -> dict[str, str]:
        path = f"/subscriptions/{self._subscription}/providers/Microsoft.KeyVault/vaults"
        return ids_by_name(
            ResourceType.VAULT, self._manager.items("the vaults of the subscription", _READER, path, VAULT_API)
        )

    def _state(self, name: str) -> VaultAnswer:
        try:
            found, unseen = self.found(name), None
        except UnansweredError as error:
            found, unseen = None, error
        try:
            answer = self._by_address(name, quick=found is not None)
        except UnansweredError:
            if found is not None:
                return VaultAnswer(VaultState.FOUND, found.tenant)
            if unseen is None and self._is_free(name):
                return VaultAnswer(VaultState.FREE)
            raise
        if found is not None:
            # A private DNS may be the only one to know the vault that the Resource Manager shows.
            return VaultAnswer(VaultState.FOUND, found.tenant) if answer.state is VaultState.UNRESOLVED else answer
        deleted = self._deleted(name) if unseen is None else None
        if deleted is not None and answer.state is not VaultState.FOREIGN:
            return deleted
        if answer.state is VaultState.UNRESOLVED and unseen is None and self._is_free(name):
            return VaultAnswer(VaultState.FREE)
        return answer

    def _by_address(self, name: str, quick: bool) -> VaultAnswer:
        """What the vault itself says to somebody without a token: that it is there, and its tenant.

        A vault that the Resource Manager shows may be closed to this network: for its answer nobody waits long.
        """
        host = self.host(name)
        if not self._connection.has_proxy(host) and not resolves(host):
            manager = self._connection.cloud.resource_manager.partition(":")[0]
            if not self._memory.get("dns", lambda: resolves(manager)):
                raise UnansweredError("DNS knows no names of Azure here", "behind a proxy, set HTTPS_PROXY")
            return VaultAnswer(VaultState.UNRESOLVED)
        reply = self._connection.ask(f"https://{host}/secrets/none/versions?api-version={SECRET_API}", quick=quick)
        tenant, strangeness = self._challenge(reply)
        if strangeness:
            return VaultAnswer(VaultState.STRANGE, strangeness=strangeness)
        expected = self._tenant_of_run()
        if expected and tenant != expected:
            return VaultAnswer(VaultState.FOREIGN, tenant, expected)
        return VaultAnswer(VaultState.FOUND, tenant, expected)

    def _tenant_of_run(self) -> str:
        try:
            return self._connection.tokens.tenant()
        except UnansweredError:
            return ""

    def _challenge(self, reply: Reply) -> tuple[str, str]:
        """The tenant that an answer names, or what is strange about the answer."""
        if 300 <= reply.status < 400:
            return "", "it redirects to another address"
        if reply.status >= 500 or reply.status in (403, 408, 429):
            raise UnansweredError(f"the vault answered with status {reply.status} ({error_code(reply) or 'no code'})")
        challenge = dict(_CHALLENGE.findall(reply.headers.get("www-authenticate", "")[:2000]))
        if reply.status != 401 or not challenge:
            return "", f"it asks for no sign-in and answers with status {reply.status}"
        cloud = self._connection.cloud
        authority = challenge.get("authorization") or challenge.get("authorization_uri") or ""
        scheme, _, rest = authority.lower().partition("://")
        host, _, tenant = rest.partition("/")
        tenant = tenant.strip("/")
        if scheme != "https" or host not in cloud.authorities or not _TENANT.fullmatch(tenant):
            return "", "it asks to sign in somewhere else than the cloud does"
        if challenge.get("resource", "").rstrip("/").lower() != f"https://{cloud.vault_suffix}":
            return "", "it asks for a token for something else than a vault"
        return tenant, ""

    def _deleted(self, name: str) -> VaultAnswer | None:
        """A deleted vault that could be recovered; None where none is known, or nobody may say."""
        if not self._subscription:
            return None
        path = f"/subscriptions/{self._subscription}/providers/Microsoft.KeyVault/deletedVaults"
        try:
            items = self._memory.get("deleted", lambda: self._manager.items("deleted vaults", _READER, path, VAULT_API))
        except UnansweredError:
            return None
        for item in items:
            if text_at(item, "name").lower() == name:
                date = text_at(item, "properties", "scheduledPurgeDate")[:10]
                location = text_at(item, "properties", "location")
                return VaultAnswer(
                    VaultState.DELETED,
                    location=location if location.isalnum() else "",
                    purged_on=date if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date) else "",
                )
        return None

    def _is_free(self, name: str) -> bool:
        """Whether Azure says that no vault in the world has the name."""
        if not self._subscription:
            return False
        path = f"/subscriptions/{self._subscription}/providers/Microsoft.KeyVault/checkNameAvailability"
        try:
            reply = self._manager.post(path, VAULT_API, {"name": name, "type": "Microsoft.KeyVault/vaults"})
        except UnansweredError:
            return False
        return reply.status == 200 and isinstance(reply.body, dict) and reply.body.get("nameAvailable") is True


_READER = "ask for the role Key Vault Reader on the vault"


def resolves(host: str) -> bool:
    """Whether DNS has an address; raises where it gives no answer at all, which says nothing of the name."""
    try:
        socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NO_SUCH_NAME or error.errno == getattr(errno, "WSAHOST_NOT_FOUND", 11001):
            return False
        raise UnansweredError(f"DNS gave no answer for `{host}`") from None
    except (OSError, UnicodeError):
        raise UnansweredError(f"DNS gave no answer for `{host}`") from None
    return True
