"""The fake Microsoft Graph: of which type the object of an id is, which the Azure CLI asks where it is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_azure.messages import Request, Response

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

HOST = "graph.microsoft.com"
_TYPES = {"User": "user", "Group": "group", "ServicePrincipal": "servicePrincipal"}


def answer(azure: FakeAzure, request: Request) -> Response:
    token = request.token
    if token is None or token.audience != f"https://{HOST}":
        return Response(401, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token is empty."}})
    if request.method != "POST" or request.path != "/v1.0/directoryObjects/getByIds":
        return Response(404, {"error": {"code": "Request_ResourceNotFound", "message": "The fake does not know this."}})
    tenant = azure.tenant_of(token.tenant)
    assert tenant
    found = (tenant.principals.get(oid.lower()) for oid in request.json()["ids"])
    items = [{"@odata.type": f"#microsoft.graph.{_TYPES[one.type]}", "id": one.id} for one in found if one]
    return Response(200, {"value": items})
