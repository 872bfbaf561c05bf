"""The Resource Manager's vaults, deleted vaults and secrets, the last without their values."""

from __future__ import annotations

from typing import Any

from fake_azure.messages import Response, arm_error
from fake_azure.roles import VAULTS
from fake_azure.routes import GROUP, SUBSCRIPTION, Call, Routes
from fake_azure.vaults import Vault

ROUTES = Routes()
_PROVIDER = "providers/Microsoft.KeyVault"
_VAULT = f"{GROUP}/{_PROVIDER}/vaults/{{name}}"


def _scope(call: Call, group: str, name: str) -> str:
    return f"{call.tenant.group_scope(group)}/{_PROVIDER}/vaults/{name}"


def _find(call: Call, group: str, name: str) -> Vault | None:
    vault = call.tenant.vaults.get(name.lower())
    return vault if vault and not vault.deleted and vault.resource_group.lower() == group.lower() else None


def _missing(group: str, name: str) -> Response:
    return arm_error(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.KeyVault/vaults/{name}' under resource group '{group}' was not found. For more "
        "details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


@ROUTES.on("GET", _VAULT)
def vault(call: Call, subscription: str, group: str, name: str) -> Response:
    if refused := call.refusal(f"{VAULTS}/read", _scope(call, group, name)):
        return refused
    found = _find(call, group, name)
    return Response(200, found.resource()) if found else _missing(group, name)


@ROUTES.on("PUT", _VAULT)
@ROUTES.on("PATCH", _VAULT)
def change_vault(call: Call, subscription: str, group: str, name: str) -> Response:
    if refused := call.refusal(f"{VAULTS}/write", _scope(call, group, name)):
        return refused
    given = call.request.json().get("properties", {})
    found = call.tenant.vaults.get(name.lower())
    if found is None:
        return _missing(group, name)
    if given.get("createMode") == "recover":
        found.deleted = None
        return Response(200, found.resource())
    _change(found, given)
    return Response(200, found.resource())


def _change(found: Vault, given: dict[str, Any]) -> None:
    found.rbac = given.get("enableRbacAuthorization", found.rbac)
    found.public_network_access = given.get("publicNetworkAccess", found.public_network_access)
    rules = given.get("networkAcls") or {}
    found.bypass = rules.get("bypass", found.bypass)
    found.default_action = rules.get("defaultAction", found.default_action)
    if "accessPolicies" in given:
        found.policies = {
            one["objectId"]: tuple(one["permissions"].get("secrets") or ()) for one in given["accessPolicies"]
        }


def _visible(call: Call) -> list[Vault]:
    return [one for one in call.tenant.vaults.values() if not one.deleted and call.may(f"{VAULTS}/read", one.id)]


@ROUTES.on("GET", f"{SUBSCRIPTION}/{_PROVIDER}/vaults")
def vaults(call: Call, subscription: str) -> Response:
    return call.page([one.resource() for one in _visible(call)])


@ROUTES.on("GET", f"{SUBSCRIPTION}/resources")
def resources(call: Call, subscription: str) -> Response:
    """The list in which the Azure CLI looks up a vault's resource group; its filter is by type."""
    keys = ("id", "name", "type", "location", "tags")
    return call.page([{key: one.resource()[key] for key in keys} for one in _visible(call)])


@ROUTES.on("GET", f"{_VAULT}/secrets/{{secret}}")
def secret(call: Call, subscription: str, group: str, name: str, secret: str) -> Response:
    scope = _scope(call, group, name)
    if refused := call.refusal(f"{VAULTS}/secrets/read", f"{scope}/secrets/{secret}"):
        return refused
    found = _find(call, group, name)
    if found is None:
        return _missing(group, name)
    one = found.secrets.get(secret.lower())
    if one is None or one.deleted:
        return arm_error(404, "SecretNotFound", f"A secret with (name/id) {secret} was not found in this key vault.")
    current = one.versions[-1]
    return Response(
        200,
        {
            "id": one.id,
            "name": one.name,
            "type": "Microsoft.KeyVault/vaults/secrets",
            "location": found.location,
            "properties": {
                "attributes": current.attributes(),
                **({"contentType": one.content_type} if one.content_type else {}),
                "secretUri": one.uri,
                "secretUriWithVersion": f"{one.uri}/{current.id}",
            },
        },
    )


def _deleted(one: Vault) -> dict[str, Any]:
    return {
        "id": f"{one.tenant.scope}/{_PROVIDER}/locations/{one.location}/deletedVaults/{one.name}",
        "name": one.name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": {
            "vaultId": one.id,
            "location": one.location,
            "tags": {},
            "deletionDate": "2026-01-01T00:00:00Z",
            "scheduledPurgeDate": one.deleted,
        },
    }


@ROUTES.on("GET", f"{SUBSCRIPTION}/{_PROVIDER}/deletedVaults")
def deleted_vaults(call: Call, subscription: str) -> Response:
    if refused := call.refusal("Microsoft.KeyVault/deletedVaults/read", call.tenant.scope):
        return refused
    return call.page([_deleted(one) for one in call.tenant.vaults.values() if one.deleted])


@ROUTES.on("GET", f"{SUBSCRIPTION}/{_PROVIDER}/locations/{{location}}/deletedVaults/{{name}}")
def deleted_vault(call: Call, subscription: str, location: str, name: str) -> Response:
    if refused := call.refusal("Microsoft.KeyVault/locations/deletedVaults/read", call.tenant.scope):
        return refused
    found = call.tenant.vaults.get(name.lower())
    if found is None or not found.deleted or found.location.lower() != location.lower():
        return arm_error(404, "DeletedVaultNotFound", f"The specified deleted vault '{name}' does not exist.")
    return Response(200, _deleted(found))


@ROUTES.on("POST", f"{SUBSCRIPTION}/{_PROVIDER}/checkNameAvailability")
def check_name(call: Call, subscription: str) -> Response:
    if refused := call.refusal("Microsoft.KeyVault/checkNameAvailability/read", call.tenant.scope):
        return refused
    name = call.request.json().get("name", "")
    if name.lower() not in call.tenant.vaults:
        return Response(200, {"nameAvailable": True})
    message = f"The name '{name}' is already in use."
    return Response(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})
