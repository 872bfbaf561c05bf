"""Dev centers and projects as they are declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_azure.tenants import Principal, Tenant

WINDOWS_11 = "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"


def _identity(tenant: Tenant, system: Principal | None, assigned: Sequence[Principal]) -> dict[str, Any]:
    kinds = [*(["SystemAssigned"] if system else []), *(["UserAssigned"] if assigned else [])]
    if not kinds:
        return {}
    scope = f"{tenant.group_scope()}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    given: dict[str, Any] = {"type": ", ".join(kinds), "tenantId": tenant.id}
    if system:
        given["principalId"] = system.id
    if assigned:
        given["userAssignedIdentities"] = {
            f"{scope}/{one.name.replace(' ', '-')}": {"principalId": one.id, "clientId": one.client_id or one.id}
            for one in assigned
        }
    return {"identity": given}


@dataclass(eq=False)
class DevCenter:
    """A dev center with the images of its galleries: gallery name -> image names."""

    name: str
    tenant: Tenant
    resource_group: str = "platform"
    region: str = "westeurope"
    identity: Principal | None = None
    user_identities: Sequence[Principal] = ()
    galleries: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"default": (WINDOWS_11,)})
    #: The versions of each image.
    versions: tuple[str, ...] = ("1.0.0",)

    @property
    def id(self) -> str:
        return f"{self.tenant.group_scope(self.resource_group)}/providers/Microsoft.DevCenter/devcenters/{self.name}"

    @property
    def host(self) -> str:
        return f"{self.tenant.id}-{self.name.lower()}.{self.region}.{self.tenant.cloud.dev_center}"

    def resource(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": "microsoft.devcenter/devcenters",
            "location": self.region,
            **_identity(self.tenant, self.identity, self.user_identities),
            "properties": {"provisioningState": "Succeeded", "devCenterUri": f"https://{self.host}/"},
        }


@dataclass(eq=False)
class Project:
    """A project, with what it knows of images, image definitions and tasks."""

    name: str
    center: DevCenter
    resource_group: str = "platform"
    identity: Principal | None = None
    user_identities: Sequence[Principal] = ()
    #: Catalog name -> names of its image definitions.
    definitions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: The tasks that may be used, as ``catalog/task``; None is all.
    tasks: frozenset[str] | None = None
    #: Task name -> code and message with which the service rejects it.
    rejected: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: How often a validation is asked for before it has ended.
    polls: int = 1
    #: What it says of its own address, where that is not the truth.
    address: str | None = None

    @property
    def tenant(self) -> Tenant:
        return self.center.tenant

    @property
    def id(self) -> str:
        return f"{self.tenant.group_scope(self.resource_group)}/providers/Microsoft.DevCenter/projects/{self.name}"

    @property
    def images(self) -> tuple[str, ...]:
        """The names by which the service lists its images."""
        galleries = ((f"~gallery~{g}~{image}") for g, names in self.center.galleries.items() for image in names)
        catalogs = (f"~catalog~{c}~{image}" for c, names in self.definitions.items() for image in names)
        return (*galleries, *catalogs)

    def resource(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "type": "microsoft.devcenter/projects",
            "location": self.center.region,
            **_identity(self.tenant, self.identity, self.user_identities),
            "properties": {
                "provisioningState": "Succeeded",
                "devCenterId": self.center.id,
                "devCenterUri": self.address or f"https://{self.center.host}/",
                "displayName": self.name,
            },
        }
