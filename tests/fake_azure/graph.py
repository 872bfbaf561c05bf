"""The fake Microsoft Graph: objects by their ids, service principals and applications by the application's id.

The shapes and errors are those of https://learn.microsoft.com/graph/api/serviceprincipal-get,
https://learn.microsoft.com/graph/api/application-get and https://learn.microsoft.com/graph/errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fake_azure.messages import Request, Response
from fake_azure.tenants import Principal, Tenant

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

HOST = "graph.microsoft.com"
_TYPES = {"User": "user", "Group": "group", "ServicePrincipal": "servicePrincipal"}
_BY_APPLICATION = re.compile(r"/v1\.0/(servicePrincipals|applications)\(appId='([0-9a-fA-F-]{36})'\)")
_BY_ID = re.compile(r"/v1\.0/(servicePrincipals|applications)/([0-9a-fA-F-]{36})(/addPassword)?")
_OBJECT = re.compile(r"/v1\.0/directoryObjects/([0-9a-fA-F-]{36})")
_GROUPS = re.compile(r"/v1\.0/directoryObjects/([0-9a-fA-F-]{36})/checkMemberGroups")
_FILTER = re.compile(r"appId eq '([0-9a-fA-F-]{36})'|servicePrincipalNames/any\(c: ?c eq '([0-9a-fA-F-]{36})'\)")


def answer(azure: FakeAzure, request: Request) -> Response:
    token = request.token
    if token is None or token.audience != f"https://{HOST}":
        return error(401, "InvalidAuthenticationToken", "Access token is empty.")
    tenant = azure.tenant_of(token.tenant)
    assert tenant
    caller = tenant.principals[token.object_id]
    if request.path == "/v1.0/directoryObjects/getByIds" and request.method == "POST":
        found = (tenant.principals.get(oid.lower()) for oid in request.json()["ids"])
        items = [_typed(one) for one in found if one]
        return Response(200, {"value": items})
    if (match := _GROUPS.fullmatch(request.path)) and request.method == "POST":
        return _groups(tenant, caller, match[1].lower(), request.json()["groupIds"])
    if (match := _OBJECT.fullmatch(request.path)) and request.method == "GET":
        one = tenant.principals.get(match[1].lower()) if caller.reads_directory else None
        if not caller.reads_directory:
            return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        return Response(200, _typed(one)) if one is not None else _not_found(match[1])
    if match := _BY_APPLICATION.fullmatch(request.path):
        if request.method == "GET":
            return _object(tenant, caller, request, match[1], match[2].lower())
        return error(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    if request.path in ("/v1.0/servicePrincipals", "/v1.0/applications"):
        return _collection(tenant, caller, request)
    if match := _BY_ID.fullmatch(request.path):
        one = tenant.where(lambda one: match[2].lower() in (one.id, _application_id(one)))
        return _of_object(tenant, one, request, match[1], match[3]) if one else _not_found(match[2])
    return error(404, "Request_ResourceNotFound", "The fake does not know this.")


def _typed(one: Principal) -> dict[str, str]:
    return {"@odata.type": f"#microsoft.graph.{_TYPES[one.type]}", "id": one.id}


def _groups(tenant: Tenant, caller: Principal, identity: str, groups: list[str]) -> Response:
    """https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups."""
    if not caller.reads_directory:
        return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    if len(groups) > 20:
        return error(400, "Request_BadRequest", "The number of values in groupIds exceeds the maximum of 20.")
    if identity not in tenant.principals:
        return _not_found(identity)
    held = tenant.holders(identity) - {identity}
    return Response(200, {"value": [one for one in groups if one.lower() in held]})


def _collection(tenant: Tenant, caller: Principal, request: Request) -> Response:
    """What the Azure CLI looks up and makes: it knows filters by the application's id, and makes service principals."""
    kind = request.path.rpartition("/")[2]
    if request.method == "POST":
        one = tenant.where(lambda one: one.client_id == request.json().get("appId"))
        if one is None or not one.is_registered:
            return error(400, "Request_BadRequest", "The appId does not refer to a valid application object.")
        one.has_principal = True
        return Response(201, _shown(tenant, one, kind))
    match = _FILTER.search(request.query.get("$filter", ""))
    client = (match[1] or match[2]).lower() if match else ""
    one = tenant.where(lambda one: one.client_id == client)
    is_there = one is not None and (one.has_principal if kind == "servicePrincipals" else one.is_registered)
    return Response(200, {"value": [_shown(tenant, one, kind)] if one and is_there else []})


def _of_object(tenant: Tenant, one: Principal, request: Request, kind: str, action: str | None) -> Response:
    """What the Azure CLI does with an object that it has looked up: reads it, enables it, gives it a password."""
    if request.method == "GET" and action is None:
        return Response(200, _shown(tenant, one, kind))
    if request.method == "PATCH" and action is None:
        one.enabled = request.json().get("accountEnabled", one.enabled)
        return Response(204)
    if request.method == "POST" and action is not None:
        given = one.password(0, 365)
        return Response(200, {**given.shown(), "secretText": f"CANARY-password-of-{one.name}"})
    return error(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")


def _application_id(one: Principal) -> str:
    """The object id of an application, which is not that of its service principal."""
    return f"{one.id[:-4]}aaaa" if one.client_id else ""


def _object(tenant: Tenant, caller: Principal, request: Request, kind: str, client: str) -> Response:
    if not caller.reads_directory and caller.client_id != client:
        return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    one = tenant.where(lambda one: bool(one.client_id) and one.client_id == client)
    is_application = kind == "applications"
    if one is None or not (one.is_registered and not one.owner if is_application else one.has_principal):
        return _not_found(f"{kind}(appId='{client}')")
    body = _shown(tenant, one, kind)
    names = request.query.get("$select", "").split(",")
    return Response(200, {name: value for name, value in body.items() if names == [""] or name in names})


def _shown(tenant: Tenant, one: Principal, kind: str) -> dict[str, Any]:
    audience = "AzureADMyOrg" if one.single_tenant else "AzureADMultipleOrgs"
    shared = {"appId": one.client_id, "displayName": one.name, "signInAudience": audience, "keyCredentials": []}
    if kind == "applications":
        passwords = [password.shown() for password in one.passwords]
        return {"id": _application_id(one), **shared, "passwordCredentials": passwords}
    return {
        "id": one.id,
        **shared,
        "accountEnabled": one.enabled,
        "appDisplayName": one.name,
        "appOwnerOrganizationId": one.owner or tenant.id,
        "servicePrincipalType": "Application",
        "passwordCredentials": [password.shown() for password in one.own_passwords],
    }


def _not_found(what: str) -> Response:
    message = f"Resource '{what}' does not exist or one of its queried reference-property objects are not present."
    return error(404, "Request_ResourceNotFound", message)


def error(status: int, code: str, message: str) -> Response:
    """An error as Microsoft Graph words it."""
    inner = {"date": "2026-01-01T00:00:00", "request-id": "00000000-0000-0000-0000-000000000000"}
    return Response(status, {"error": {"code": code, "message": message, "innerError": inner}})
