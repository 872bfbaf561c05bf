"""The fake Entra ID: discovery, and tokens for applications that sign in with a secret or a federated token."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fake_azure.clouds import DEVOPS_AUDIENCE
from fake_azure.messages import Request, Response, Token, not_allowed
from fake_azure.tenants import Principal, Tenant

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

LIFETIME = 3_600
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def answer(azure: FakeAzure, request: Request) -> Response:
    path = request.path.strip("/")
    if path == "common/discovery/instance":
        return _instances(azure, request)
    name, _, rest = path.partition("/")
    tenant = azure.tenant_of(name)
    if rest in ("v2.0/.well-known/openid-configuration", ".well-known/openid-configuration"):
        if tenant is None and name not in ("common", "organizations"):
            return _failed(400, "invalid_tenant", 90002, f"Tenant '{name}' not found.")
        return _configuration(request, tenant.id if tenant else name)
    if rest in ("oauth2/v2.0/token", "oauth2/token"):
        if request.method != "POST":
            return not_allowed()
        if tenant is None:
            return _failed(400, "invalid_request", 90002, f"Tenant '{name}' not found.")
        return _token(azure, request, tenant)
    return Response(404, b"", content_type="text/html")


def _instances(azure: FakeAzure, request: Request) -> Response:
    tenant = request.query.get("authorization_endpoint", "").split("/")[3:4]
    hosts = list(azure.cloud_of(request.host).login)
    return Response(
        200,
        {
            "tenant_discovery_endpoint": f"https://{request.host}/{''.join(tenant)}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": hosts[0], "preferred_cache": hosts[0], "aliases": hosts}],
        },
    )


def _configuration(request: Request, tenant: str) -> Response:
    base = f"https://{request.host}/{tenant}"
    return Response(
        200,
        {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "issuer": f"{base}/v2.0",
            "response_types_supported": ["code", "id_token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        },
    )


def _failed(status: int, error: str, code: int, message: str) -> Response:
    return Response(
        status,
        {
            "error": error,
            "error_description": f"AADSTS{code}: {message} Trace ID: {uuid4()} Correlation ID: {uuid4()}",
            "error_codes": [code],
            "timestamp": "2026-01-01 00:00:00Z",
            "trace_id": str(uuid4()),
            "correlation_id": str(uuid4()),
        },
    )


def _token(azure: FakeAzure, request: Request, tenant: Tenant) -> Response:
    form = request.form()
    if form.get("grant_type") != "client_credentials":
        return _failed(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    client = form.get("client_id", "")
    application = tenant.where(lambda one: bool(one.client_id) and one.client_id == client)
    if application is None:
        message = f"Application with identifier '{client}' was not found in the directory '{tenant.name}'."
        return _failed(400, "unauthorized_client", 700016, message)
    if "client_assertion" in form:
        if form.get("client_assertion_type") != ASSERTION or form["client_assertion"] != application.federated_token:
            return _failed(401, "invalid_client", 700213, "No matching federated identity record found.")
    elif form.get("client_secret") != application.secret:
        return _failed(401, "invalid_client", 7000215, "Invalid client secret provided.")
    audience = form.get("resource") or form.get("scope", "").split(" ")[0].removesuffix("/.default")
    if not azure.is_audience(audience.rstrip("/")):
        message = f"The resource principal named {audience} was not found in the tenant named {tenant.name}."
        return _failed(400, "invalid_resource", 500011, message)
    return Response(
        200,
        {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": issue(azure, tenant, application, audience.rstrip("/")),
        },
        (("Cache-Control", "no-store"),),
    )


def issue(azure: FakeAzure, tenant: Tenant, principal: Principal, audience: str) -> str:
    """A token in the form of a JWT whose signature nobody checks; the fake knows it by its text."""
    now = int(time.time())
    application = principal.client_id or "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{tenant.id}/",
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "appid": application,
        "oid": principal.id,
        "sub": principal.id,
        "tid": tenant.id,
        "ver": "1.0",
        "uti": str(uuid4()),
    }
    text = ".".join((_part({"typ": "JWT", "alg": "RS256"}), _part(claims), "c2lnbmF0dXJl"))
    azure.tokens[text] = Token(audience, tenant.id, principal.id, application)
    return text


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


AUDIENCES = ("https://devcenter.azure.com", DEVOPS_AUDIENCE, "https://graph.microsoft.com")
