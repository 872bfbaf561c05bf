"""The Resource Manager's dev centers and projects, their images and image definitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_azure.dev_centers import DevCenter, Project
from fake_azure.messages import Response, arm_error
from fake_azure.routes import GROUP, SUBSCRIPTION, Call, Routes

ROUTES = Routes()
_PROVIDER = "providers/Microsoft.DevCenter"
_CENTER = f"{GROUP}/{_PROVIDER}/devcenters/{{name}}"
_PROJECT = f"{GROUP}/{_PROVIDER}/projects/{{name}}"


def _found(call: Call, group: str, name: str, kind: str, below: str = "") -> DevCenter | Project | Response:
    scope = f"{call.tenant.group_scope(group)}/{_PROVIDER}/{kind}/{name}"
    if refused := call.refusal(f"Microsoft.DevCenter/{kind}{below}/read", scope):
        return refused
    places: dict[str, Any] = {"devcenters": call.tenant.dev_centers, "projects": call.tenant.projects}
    one: DevCenter | Project | None = places[kind].get(name.lower())
    if one is None or one.resource_group.lower() != group.lower():
        message = f"The Resource 'Microsoft.DevCenter/{kind}/{name}' under resource group '{group}' was not found."
        return arm_error(404, "ResourceNotFound", message)
    return one


def _children(parent: str, kind: str, names: Iterable[str], **properties: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{parent}/{kind}/{name}",
            "name": name,
            "type": f"Microsoft.DevCenter/{kind}",
            "properties": {"provisioningState": "Succeeded", **properties},
        }
        for name in names
    ]


@ROUTES.on("GET", _CENTER)
def dev_center(call: Call, subscription: str, group: str, name: str) -> Response:
    found = _found(call, group, name, "devcenters")
    return found if isinstance(found, Response) else Response(200, found.resource())


@ROUTES.on("GET", _PROJECT)
def project(call: Call, subscription: str, group: str, name: str) -> Response:
    found = _found(call, group, name, "projects")
    return found if isinstance(found, Response) else Response(200, found.resource())


@ROUTES.on("PUT", _PROJECT)
@ROUTES.on("PATCH", _PROJECT)
def change_project(call: Call, subscription: str, group: str, name: str) -> Response:
    found = _found(call, group, name, "projects")
    if isinstance(found, Response):
        return found
    if refused := call.refusal("Microsoft.DevCenter/projects/write", found.id):
        return refused
    if "SystemAssigned" in ((call.request.json().get("identity") or {}).get("type") or "") and not found.identity:
        found.identity = call.tenant.identity(f"project {name}")
    return Response(200, found.resource())


@ROUTES.on("GET", f"{SUBSCRIPTION}/{_PROVIDER}")
def provider(call: Call, subscription: str) -> Response:
    """The types of resources and their versions, which the Azure CLI looks up where it is not told."""
    kinds = [
        {"resourceType": kind, "locations": [], "apiVersions": ["2025-02-01", "2024-02-01"]}
        for kind in ("projects", "devcenters")
    ]
    body = {"namespace": "Microsoft.DevCenter", "registrationState": "Registered", "resourceTypes": kinds}
    return Response(200, {"id": f"{call.tenant.scope}/{_PROVIDER}", **body})


@ROUTES.on("GET", f"{SUBSCRIPTION}/{_PROVIDER}/projects")
def projects(call: Call, subscription: str) -> Response:
    readable = (one for one in call.tenant.projects.values() if call.may("Microsoft.DevCenter/projects/read", one.id))
    return call.page([one.resource() for one in readable])


@ROUTES.on("GET", f"{_PROJECT}/images")
def project_images(call: Call, subscription: str, group: str, name: str) -> Response:
    found = _found(call, group, name, "projects", "/images")
    if isinstance(found, Response):
        return found
    assert isinstance(found, Project)
    return call.page(_children(found.id, "images", found.images))


@ROUTES.on("GET", f"{_PROJECT}/images/{{image}}/versions")
def project_image_versions(call: Call, subscription: str, group: str, name: str, image: str) -> Response:
    found = _found(call, group, name, "projects", "/images/versions")
    if isinstance(found, Response):
        return found
    assert isinstance(found, Project)
    if image.lower() not in (one.lower() for one in found.images):
        return arm_error(404, "ResourceNotFound", f"The image '{image}' was not found.")
    return call.page(_children(f"{found.id}/images/{image}", "versions", found.center.versions))


@ROUTES.on("GET", f"{_CENTER}/galleries/{{gallery}}/images/{{image}}/versions")
def gallery_image_versions(call: Call, subscription: str, group: str, name: str, gallery: str, image: str) -> Response:
    found = _found(call, group, name, "devcenters", "/galleries/images/versions")
    if isinstance(found, Response):
        return found
    assert isinstance(found, DevCenter)
    if image.lower() not in (one.lower() for one in found.galleries.get(gallery.lower(), ())):
        return arm_error(404, "ResourceNotFound", f"The image '{image}' was not found.")
    return call.page(_children(f"{found.id}/galleries/{gallery}/images/{image}", "versions", found.versions))


@ROUTES.on("GET", f"{_CENTER}/images")
def center_images(call: Call, subscription: str, group: str, name: str) -> Response:
    found = _found(call, group, name, "devcenters", "/images")
    if isinstance(found, Response):
        return found
    assert isinstance(found, DevCenter)
    images = (
        item
        for gallery, names in found.galleries.items()
        for item in _children(f"{found.id}/galleries/{gallery}", "images", names)
    )
    return call.page(list(images))


@ROUTES.on("GET", f"{_CENTER}/galleries/{{gallery}}/images")
def gallery_images(call: Call, subscription: str, group: str, name: str, gallery: str) -> Response:
    found = _found(call, group, name, "devcenters", "/galleries/images")
    if isinstance(found, Response):
        return found
    assert isinstance(found, DevCenter)
    if gallery.lower() not in found.galleries:
        return arm_error(404, "ResourceNotFound", f"The gallery '{gallery}' was not found.")
    names = found.galleries[gallery.lower()]
    return call.page(_children(f"{found.id}/galleries/{gallery}", "images", names))


@ROUTES.on("GET", f"{_PROJECT}/catalogs/{{catalog}}/imageDefinitions")
def image_definitions(call: Call, subscription: str, group: str, name: str, catalog: str) -> Response:
    found = _found(call, group, name, "projects", "/catalogs/imageDefinitions")
    if isinstance(found, Response):
        return found
    assert isinstance(found, Project)
    if catalog not in found.definitions:
        return arm_error(404, "ResourceNotFound", f"The catalog '{catalog}' was not found.")
    parent = f"{found.id}/catalogs/{catalog}"
    return call.page(_children(parent, "imageDefinitions", found.definitions[catalog], validationStatus="Succeeded"))
