"""The declared state of the directory, the subscription and what is in it: a test writes it in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from fake_azure.clouds import PUBLIC, Cloud
from fake_azure.dev_centers import DevCenter, Project
from fake_azure.roles import Assignment, Deny, Role, Roles
from fake_azure.vaults import Secret, Vault, made_guid

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


@dataclass(eq=False)
class Tenant:
    """A directory with one subscription below one management group."""

    name: str
    cloud: Cloud = PUBLIC
    vaults: dict[str, Vault] = field(default_factory=dict)
    dev_centers: dict[str, DevCenter] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
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
        return self._principal(name, "User")

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
        scope: str | Vault | Secret | Project | DevCenter,
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
        scope: str | Vault | Secret,
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
