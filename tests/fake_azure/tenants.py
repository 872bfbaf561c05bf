"""The declared state of the directory, the subscription and what is in it: a test writes it in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from fake_azure.clouds import PUBLIC, Cloud
from fake_azure.dev_centers import DevCenter, Project
from fake_azure.roles import Assignment, Deny, Role, Roles
from fake_azure.storage import Registry, StorageAccount
from fake_azure.vaults import Secret, Vault, When, made_guid, seconds

PrincipalType = Literal["User", "Group", "ServicePrincipal"]


@dataclass(eq=False)
class Principal:
    """A user, a group with its members, or the service principal of an application or managed identity."""

    id: str
    name: str
    type: PrincipalType
    members: list[Principal] = field(default_factory=list)
    #: For applications: what they sign in with.
    client_id: str = ""
    secret: str = ""
    federated_token: str = ""
    enabled: bool = True
    #: The tenant that an application is registered in where that is another one, and whether it is for that alone.
    owner: str = ""
    single_tenant: bool = True
    #: Passwords of the application and of the service principal itself.
    passwords: list[Password] = field(default_factory=list)
    own_passwords: list[Password] = field(default_factory=list)
    #: An application without a service principal has one of these two alone.
    is_registered: bool = True
    has_principal: bool = True
    #: Whether it may read applications and service principals, as users may by default.
    reads_directory: bool = False

    def password(self, start: When = "2023-11-14", end: When = 300) -> Password:
        """Add a password to the application."""
        self.passwords.append(Password(made_guid(self.id, str(len(self.passwords))), start, end))
        return self.passwords[-1]


@dataclass(eq=False)
class Password:
    """A password of an application as Microsoft Graph shows it, without the password."""

    id: str
    start: When
    end: When

    def shown(self) -> dict[str, Any]:
        return {
            "customKeyIdentifier": None,
            "displayName": "rbac",
            "endDateTime": _time(self.end),
            "hint": "CAN",
            "keyId": self.id,
            "secretText": None,
            "startDateTime": _time(self.start),
        }


def _time(when: When) -> str:
    at = seconds(when)
    return f"{datetime.fromtimestamp(at or 0, UTC):%Y-%m-%dT%H:%M:%S}.1234567Z"


@dataclass(eq=False)
class Tenant:
    """A directory with one subscription below one management group."""

    name: str
    cloud: Cloud = PUBLIC
    vaults: dict[str, Vault] = field(default_factory=dict)
    dev_centers: dict[str, DevCenter] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    storage: dict[str, StorageAccount] = field(default_factory=dict)
    registries: dict[str, Registry] = field(default_factory=dict)
    principals: dict[str, Principal] = field(default_factory=dict)
    roles: Roles = field(default_factory=Roles)

    def __post_init__(self) -> None:
        self.id = made_guid(self.name, "tenant")
        self.subscription = made_guid(self.name, "subscription")
        self.management_group = f"/providers/Microsoft.Management/managementGroups/{self.name}"
        self.roles.above[self.scope] = (self.management_group,)

    @property
    def scope(self) -> str:
        """The subscription as a scope."""
        return f"/subscriptions/{self.subscription}"

    def group_scope(self, resource_group: str = "platform") -> str:
        return f"{self.scope}/resourceGroups/{resource_group}"

    def _principal(self, name: str, kind: PrincipalType, members: Iterable[Principal] = ()) -> Principal:
        one = Principal(made_guid(self.name, kind, name), name, kind, list(members))
        self.principals[one.id] = one
        return one

    def user(self, name: str) -> Principal:
        one = self._principal(name, "User")
        one.reads_directory = True
        return one

    def group(self, name: str, *members: Principal) -> Principal:
        return self._principal(name, "Group", members)

    def identity(self, name: str) -> Principal:
        """A managed identity."""
        return self._principal(name, "ServicePrincipal")

    def application(self, name: str) -> Principal:
        """An application that can sign in with a secret or a federated token."""
        one = self._principal(name, "ServicePrincipal")
        one.client_id = made_guid(self.name, "client", name)
        one.secret = f"client-secret-of-{name}"
        one.federated_token = f"federated-token-of-{name}"
        return one

    def storage_account(self, name: str, resource_group: str = "platform", **properties: Any) -> StorageAccount:
        """A storage account; the properties are those of StorageAccount."""
        account = StorageAccount(name, self.group_scope(resource_group), **properties)
        self.storage[name] = account
        return account

    def registry(self, name: str, resource_group: str = "platform", **properties: Any) -> Registry:
        """A container registry; the properties are those of Registry."""
        registry = Registry(name, self.group_scope(resource_group), **properties)
        self.registries[name.lower()] = registry
        return registry

    def vault(self, name: str, resource_group: str = "platform", **properties: Any) -> Vault:
        """A vault; the properties are those of Vault."""
        vault = Vault(name, self, resource_group, **properties)
        self.vaults[name.lower()] = vault
        return vault

    def dev_center(self, name: str = "center", **properties: Any) -> DevCenter:
        """A dev center with a managed identity of its own, unless that is given."""
        properties.setdefault("identity", self.identity(f"dev center {name}"))
        center = DevCenter(name, self, **properties)
        self.dev_centers[name.lower()] = center
        return center

    def project(self, name: str = "web-team", center: DevCenter | None = None, **properties: Any) -> Project:
        """A project with a managed identity of its own, unless that is given."""
        center = center or next(iter(self.dev_centers.values()), None) or self.dev_center()
        properties.setdefault("identity", self.identity(f"project {name}"))
        project = Project(name, center, **properties)
        self.projects[name.lower()] = project
        return project

    def custom_role(self, name: str, **permissions: Any) -> Role:
        role = Role(made_guid(self.name, "role", name), name, custom=True, **permissions)
        self.roles.custom.append(role)
        return role

    def assign(
        self,
        principal: Principal,
        role: Role,
        scope: str | Vault | Secret | Project | DevCenter | StorageAccount | Registry,
        *,
        condition: str | None = None,
        eligible_only: bool = False,
    ) -> Assignment:
        """Give a role at a scope: an ARM id, or what has one."""
        where = scope if isinstance(scope, str) else scope.id
        guid = made_guid(principal.id, role.guid, where)
        one = Assignment(guid, principal.id, principal.type, role, where, condition, eligible_only)
        self.roles.assignments.append(one)
        return one

    def deny(
        self,
        name: str,
        scope: str | Vault | Secret | StorageAccount | Registry,
        *principals: Principal,
        excluded: Iterable[Principal] = (),
        **permissions: Any,
    ) -> Deny:
        """Deny actions at a scope to these, or to everyone."""
        one = Deny(
            made_guid(self.name, "deny", name),
            name,
            scope if isinstance(scope, str) else scope.id,
            tuple((one.id, one.type) for one in principals),
            excluded=tuple((one.id, one.type) for one in excluded),
            **permissions,
        )
        self.roles.denies.append(one)
        return one

    def holders(self, principal_id: str) -> frozenset[str]:
        """The ids for which a principal's assignments count: its own and those of its groups, at any depth."""
        found = {principal_id}
        grew = True
        while grew:
            groups = {
                one.id
                for one in self.principals.values()
                if one.id not in found and any(m.id in found for m in one.members)
            }
            found |= groups
            grew = bool(groups)
        return frozenset(found)

    def where(self, test: Callable[[Principal], bool]) -> Principal | None:
        return next((one for one in self.principals.values() if test(one)), None)
