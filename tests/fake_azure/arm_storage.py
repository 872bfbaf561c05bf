"""The Resource Manager's storage accounts with their containers, and container registries."""

from __future__ import annotations

from typing import Any

from fake_azure.messages import Response, arm_error
from fake_azure.routes import GROUP, SUBSCRIPTION, Call, Routes
from fake_azure.storage import StorageAccount

ROUTES = Routes()
_STORAGE = "providers/Microsoft.Storage"
_ACCOUNTS = "Microsoft.Storage/storageAccounts"
_ACCOUNT = f"{GROUP}/{_STORAGE}/storageAccounts/{{name}}"
_CONTAINER = f"{_ACCOUNT}/blobServices/default/containers/{{container}}"
_REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/{{name}}"


def _missing(kind: str, group: str, name: str) -> Response:
    return arm_error(
        404,
        "ResourceNotFound",
        f"The Resource '{kind}/{name}' under resource group '{group}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )


def _account(call: Call, group: str, name: str, action: str) -> StorageAccount | Response:
    scope = f"{call.tenant.group_scope(group)}/{_STORAGE}/storageAccounts/{name}"
    if refused := call.refusal(f"{_ACCOUNTS}/{action}", scope):
        return refused
    found = call.tenant.storage.get(name.lower())
    return found if found and found.id.lower() == scope.lower() else _missing(_ACCOUNTS, group, name)


@ROUTES.on("GET", _ACCOUNT)
def account(call: Call, subscription: str, group: str, name: str) -> Response:
    found = _account(call, group, name, "read")
    return found if isinstance(found, Response) else Response(200, found.resource())


@ROUTES.on("GET", f"{SUBSCRIPTION}/{_STORAGE}/storageAccounts")
def accounts(call: Call, subscription: str) -> Response:
    seen = (one for one in call.tenant.storage.values() if call.may(f"{_ACCOUNTS}/read", one.id))
    return call.page([one.resource() for one in seen])


def _container(found: StorageAccount, name: str) -> dict[str, Any]:
    return {
        "id": found.container_id(name),
        "name": name,
        "type": f"{_ACCOUNTS}/blobServices/containers",
        "etag": '"0x8D5"',
        "properties": {"publicAccess": "None", "leaseState": "Available", "hasImmutabilityPolicy": False},
    }


@ROUTES.on("GET", _CONTAINER)
def container(call: Call, subscription: str, group: str, name: str, container: str) -> Response:
    found = _account(call, group, name, "blobServices/containers/read")
    if isinstance(found, Response):
        return found
    if container not in found.containers:
        return arm_error(404, "ContainerNotFound", "The specified container does not exist.")
    return Response(200, _container(found, container))


@ROUTES.on("PUT", _CONTAINER)
def make_container(call: Call, subscription: str, group: str, name: str, container: str) -> Response:
    found = _account(call, group, name, "blobServices/containers/write")
    if isinstance(found, Response):
        return found
    found.containers.add(container)
    return Response(201, _container(found, container))


@ROUTES.on("POST", f"{SUBSCRIPTION}/{_STORAGE}/checkNameAvailability")
def check_name(call: Call, subscription: str) -> Response:
    if refused := call.refusal("Microsoft.Storage/checknameavailability/read", call.tenant.scope):
        return refused
    name = call.request.json().get("name", "")
    if not any(name in tenant.storage for tenant in call.everywhere):
        return Response(200, {"nameAvailable": True})
    message = f"The storage account named {name} is already taken."
    return Response(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})


@ROUTES.on("GET", _REGISTRY)
def registry(call: Call, subscription: str, group: str, name: str) -> Response:
    kind = "Microsoft.ContainerRegistry/registries"
    scope = f"{call.tenant.group_scope(group)}/providers/{kind}/{name}"
    if refused := call.refusal(f"{kind}/read", scope):
        return refused
    found = call.tenant.registries.get(name.lower())
    return Response(200, found.resource()) if found else _missing(kind, group, name)
