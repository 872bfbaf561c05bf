"""The fake data plane of Key Vault: the challenge, the firewall, the roles, and the secrets behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from fake_azure.messages import Request, Response, Token
from fake_azure.roles import GET_SECRET, READ_METADATA, VAULTS
from fake_azure.vaults import Secret, Vault, Version

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

CALLER = "203.0.113.7"
PAGE = 25
_SECRET = re.compile(r"/secrets/(?P<name>[0-9A-Za-z-]{1,127})(?:/(?P<version>[0-9A-Za-z]+))?/?")
RECOVER_SECRET = f"{VAULTS}/secrets/recover/action"
SET_SECRET = f"{VAULTS}/secrets/setSecret/action"
LINK = "https://go.microsoft.com/fwlink/?linkid="


def answer(azure: FakeAzure, request: Request) -> Response:
    vault = azure.vault_at(request.host)
    if vault is None:
        return _error(404, "NotFound", "The resource was not found.")
    response = _answer(vault, request)
    common = (
        ("x-ms-keyvault-region", vault.location),
        ("x-ms-keyvault-service-version", "1.9.2500.1"),
        ("x-ms-keyvault-network-info", f"conn_type=Ipv4;addr={CALLER};act_addr_fam=InterNetwork;"),
        ("x-ms-request-id", str(uuid4())),
        ("Cache-Control", "no-cache"),
    )
    return Response(response.status, response.body, response.headers + common, response.content_type)


def _error(status: int, code: str, message: str, inner: str = "", *headers: tuple[str, str]) -> Response:
    error: dict[str, Any] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return Response(status, {"error": error}, headers)


def _answer(vault: Vault, request: Request) -> Response:
    token = request.token
    audience = f"https://{vault.tenant.cloud.vaults}"
    if token is None:
        authority = vault.challenge or f"https://{vault.tenant.cloud.login[0]}/{vault.tenant.id}"
        challenge = f'Bearer authorization="{authority}", resource="{audience}"'
        message = (
            "AKV10001: Token is invalid."
            if request.authorized
            else "AKV10000: Request is missing a Bearer or PoP token."
        )
        return _error(401, "Unauthorized", message, "", ("WWW-Authenticate", challenge))
    if token.audience != audience:
        return _error(401, "Unauthorized", f"AKV10022: Invalid audience. Expected {audience}, found: {token.audience}.")
    if token.tenant != vault.tenant.id:
        expected, found = (f"https://sts.windows.net/{one}/" for one in (vault.tenant.id, token.tenant))
        return _error(401, "Unauthorized", f"AKV10032: Invalid issuer. Expected one of {expected}, found {found}.")
    if "api-version" not in request.query:
        return _error(400, "BadParameter", "api-version must be specified")
    return _stopped_by_the_network(vault, token) or _secrets(vault, request, token)


def _stopped_by_the_network(vault: Vault, token: Token) -> Response | None:
    access = (vault.public_network_access or "Enabled").lower()
    place = f"Vault: {vault.name};location={vault.location}"
    caller = f"Caller: appid={token.application};oid={token.object_id};iss=https://sts.windows.net/{token.tenant}/"
    if access == "disabled":
        text = (
            "Public network access is disabled and request is not from a trusted service nor via an approved private "
            "link."
        )
        if (vault.bypass or "AzureServices") == "None":
            text = (
                "Connection is not an approved private link and caller was ignored because bypass is not set to "
                "'AzureServices' and PublicNetworkAccess is set to 'Disabled'."
            )
        return _error(403, "Forbidden", f"{text}\r\n{caller}\r\n{place}", "ForbiddenByConnection")
    if access != "enabled":
        text = "[ForbiddenByNsp (Forbidden)] The request was forbidden by NSP policy. Caller: name=KeyVault;"
        return _error(403, "Forbidden", text, "ForbiddenByNsp")
    if (vault.default_action or "Allow") == "Deny" and CALLER not in vault.addresses:
        text = "Client address is not authorized and caller is not a trusted service."
        return _error(
            403, "Forbidden", f"{text}\r\nClient address: {CALLER}\r\n{caller}\r\n{place}", "ForbiddenByFirewall"
        )
    return None


def _refusal(vault: Vault, token: Token, action: str, permission: str, scope: str) -> Response | None:
    caller = f"appid={token.application};oid={token.object_id};iss=https://sts.windows.net/{token.tenant}/"
    if vault.rbac is not True:
        holders = vault.tenant.holders(token.object_id)
        if any(
            permission in {p.lower() for p in vault.policies.get(one, ())} | {"all"} & set(vault.policies.get(one, ()))
            for one in holders
        ):
            return None
        text = (
            f"The user, group or application '{caller}' does not have secrets {permission} permission on key vault "
            f"'{vault.name};location={vault.location}'. For help resolving this issue, please see {LINK}2125287"
        )
        return _error(403, "Forbidden", text, "ForbiddenByPolicy")
    decision = vault.tenant.roles.decide(vault.tenant.holders(token.object_id), action, scope, data=True)
    if decision.allowed:
        return None
    text = (
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role "
        "definitions were changed recently, please observe propagation time.\r\n"
        f"Caller: {caller}\r\nAction: '{action}'\r\nResource: '{scope.lower()}'\r\n"
        f"Assignment: {decision.assignment.guid if decision.assignment else '(not found)'}\r\n"
        f"DenyAssignmentId: {decision.deny.guid if decision.deny else 'null'}\r\n"
        f"DecisionReason: '{'DeniedByDenyAssignment' if decision.deny else 'DeniedWithNoValidRBAC'}' \r\n"
        f"Vault: {vault.name};location={vault.location}\r\n"
    )
    return _error(403, "Forbidden", text, "ForbiddenByRbac")


def _secrets(vault: Vault, request: Request, token: Token) -> Response:
    path = request.path.rstrip("/")
    listing = path in ("/secrets", "/deletedsecrets")
    match = _SECRET.fullmatch(path)
    if request.method == "POST" and path.startswith("/deletedsecrets/") and path.endswith("/recover"):
        return _recover(vault, token, path.split("/")[2])
    if not listing and not match:
        return _error(404, "NotFound", "The requested path does not exist.")
    if listing:
        if refused := _refusal(vault, token, READ_METADATA, "list", vault.id):
            return refused
        gone = path == "/deletedsecrets"
        return _page(request, [_listed(one, gone) for one in vault.secrets.values() if one.deleted == gone])
    assert match
    name, version = match["name"], match["version"]
    secret = vault.secrets.get(name.lower())
    scope = f"{vault.id}/secrets/{name}"
    if version == "versions":
        if refused := _refusal(vault, token, READ_METADATA, "list", scope):
            return refused
        # A secret that is not there has no versions: that is no error to the service.
        # In which order they come nobody says: here by their ids, which tell nothing of their age.
        versions = [] if secret is None or secret.deleted else sorted(secret.versions, key=lambda one: one.id)
        return _page(request, [_version(secret, one) for one in versions if secret])
    action, permission = (SET_SECRET, "set") if request.method in ("PATCH", "PUT") else (GET_SECRET, "get")
    if refused := _refusal(vault, token, action, permission, scope):
        return refused
    if request.method == "PUT":
        made = secret or vault.secret(name, versions=0)
        return Response(200, _version(made, made.version(created=0)))
    found = None if secret is None or secret.deleted else _pick(secret, version)
    if secret is None or found is None:
        text = (
            f"A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you "
            "may be able to recover it using the correct recovery command. For help resolving this issue, please see "
            f"{LINK}2125182"
        )
        return _error(404, "SecretNotFound", text)
    if request.method == "PATCH":
        found.enabled = request.json().get("attributes", {}).get("enabled", found.enabled)
        return Response(200, _version(secret, found))
    if request.method != "GET":
        return _error(405, "MethodNotAllowed", "The method is not allowed.")
    if not found.enabled:
        return _error(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled")
    return Response(200, {"value": found.value, **_version(secret, found)})


def _recover(vault: Vault, token: Token, name: str) -> Response:
    if refused := _refusal(vault, token, RECOVER_SECRET, "recover", f"{vault.id}/secrets/{name}"):
        return refused
    secret = vault.secrets.get(name.lower())
    if secret is None or not secret.deleted:
        return _error(404, "SecretNotFound", f"A deleted secret with (name/id) {name} was not found in this key vault.")
    secret.deleted = False
    return Response(200, _version(secret, secret.versions[-1]))


def _pick(secret: Secret, version: str | None) -> Version | None:
    if version is None:
        return secret.versions[-1]
    return next((one for one in secret.versions if one.id == version.lower()), None)


def _version(secret: Secret | None, version: Version) -> dict[str, Any]:
    assert secret
    attributes = {**version.attributes(), "recoveryLevel": "Recoverable+Purgeable", "recoverableDays": 90}
    kind = {"contentType": secret.content_type} if secret.content_type else {}
    return {"id": f"{secret.uri}/{version.id}", "attributes": attributes, "tags": {}, **kind}


def _listed(secret: Secret, gone: bool) -> dict[str, Any]:
    deleted = {
        "recoveryId": f"{secret.vault.uri}/deletedsecrets/{secret.name}",
        "deletedDate": 1_760_000_000,
        "scheduledPurgeDate": 1_900_000_000,
    }
    return {"id": secret.uri, "attributes": secret.versions[-1].attributes(), **(deleted if gone else {})}


def _page(request: Request, items: list[dict[str, Any]]) -> Response:
    try:
        size = int(request.query.get("maxresults", str(PAGE)))
    except ValueError:
        size = 0
    if not 1 <= size <= PAGE:
        return _error(400, "BadParameter", "maxresults must be between 1 and 25")
    start = int(request.query.get("$skiptoken", "0"))
    link = None
    if start + size < len(items):
        query = urlencode({**request.query, "$skiptoken": str(start + size)})
        # The service names the port.
        link = f"https://{request.host}:443{request.path}?{query}"
    return Response(200, {"value": items[start : start + size], "nextLink": link})
