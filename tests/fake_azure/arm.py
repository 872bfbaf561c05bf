"""The fake Resource Manager: who calls, which tenant it is about, and which route answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_azure import arm_dev_centers, arm_roles, arm_storage, arm_vaults, resource_graph
from fake_azure.messages import Request, Response, Token, arm_error
from fake_azure.routes import API_VERSION, Call
from fake_azure.tenants import Tenant

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

_ROUTES = (arm_roles.ROUTES, arm_vaults.ROUTES, arm_dev_centers.ROUTES, arm_storage.ROUTES)


def answer(azure: FakeAzure, request: Request) -> Response:
    token = request.token
    cloud = azure.cloud_of(request.host)
    if token is None or token.audience not in cloud.arm_audiences:
        home = f"https://{cloud.login[0]}/"
        challenge = f'Bearer authorization_uri="{home}", error="invalid_token", error_description="It is invalid."'
        code = "InvalidAuthenticationToken" if request.authorized else "AuthenticationFailed"
        return arm_error(401, code, "Authentication failed.", ("WWW-Authenticate", challenge))
    if not API_VERSION.fullmatch(request.query.get("api-version", "")):
        return arm_error(
            400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required."
        )
    tenant = azure.tenant_of(token.tenant)
    assert tenant
    path = request.path.rstrip("/").lower()
    if path in ("/tenants", "/subscriptions"):
        return Response(200, {"value": [_tenant(tenant) if path == "/tenants" else _subscription(tenant)]})
    if path == "/providers/microsoft.resourcegraph/resources" and request.method == "POST":
        return resource_graph.answer(Call(tenant, request, token))
    return _below_a_subscription(azure, request, token, tenant)


def _below_a_subscription(azure: FakeAzure, request: Request, token: Token, tenant: Tenant) -> Response:
    words = request.path.split("/")
    subscription = words[2].lower() if len(words) > 2 and words[1].lower() == "subscriptions" else ""
    if subscription and subscription != tenant.subscription:
        if any(other.subscription == subscription for other in azure.tenants):
            message = (
                f"The access token is from the wrong issuer 'https://sts.windows.net/{tenant.id}/'. It must match the "
                "tenant associated with this subscription."
            )
            return arm_error(401, "InvalidAuthenticationTokenTenant", message)
        return arm_error(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")
    if request.path.rstrip("/").lower() == tenant.scope.lower():
        return Response(200, _subscription(tenant))
    for routes in _ROUTES:
        if found := routes.find(request.method, request.path.rstrip("/")):
            function, names = found
            return function(Call(tenant, request, token, tuple(azure.tenants)), **names)
    return arm_error(404, "InvalidResourceType", f"No registered resource provider was found for '{request.path}'.")


def _tenant(tenant: Tenant) -> dict[str, object]:
    return {
        "id": f"/tenants/{tenant.id}",
        "tenantId": tenant.id,
        "displayName": tenant.name,
        "tenantCategory": "Home",
        "defaultDomain": f"{tenant.name}.onmicrosoft.com",
    }


def _subscription(tenant: Tenant) -> dict[str, object]:
    return {
        "id": tenant.scope,
        "subscriptionId": tenant.subscription,
        "tenantId": tenant.id,
        "displayName": f"{tenant.name} subscription",
        "state": "Enabled",
        "authorizationSource": "RoleBased",
    }
