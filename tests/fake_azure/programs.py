"""What stands in for other programs of the machine: the command ``az`` of a signed-in user, and the resolver."""

from __future__ import annotations

import json
import os
import sys
import time
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlsplit

from fake_azure import entra
from fake_azure.faults import TUNNEL
from fake_azure.messages import Response
from fake_azure.tenants import Principal

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

IDENTITY_HEADER = "identity-header-of-a-machine"
_AZ = """\
#!{python} -IS
import http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", {port})
connection.request("POST", "/az/{user}", json.dumps(sys.argv[1:]))
answer = connection.getresponse()
(sys.stdout if answer.status == 200 else sys.stderr).write(answer.read().decode())
sys.exit(answer.status != 200)
"""
_RESOLVER = """\
import http.client
import socket

_resolve = socket.getaddrinfo


def getaddrinfo(host, port, *rest, **named):
    if host in ("127.0.0.1", "localhost", None):
        return _resolve(host, port, *rest, **named)
    connection = http.client.HTTPConnection("127.0.0.1", {port})
    connection.request("GET", f"/resolve/{{host}}")
    status = connection.getresponse().status
    connection.close()
    if status == 200:
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", {port}))]
    if status == 404:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


socket.getaddrinfo = getaddrinfo
"""


def write_az(folder: Path, port: int, user: Principal) -> str:
    """Write the command and give a PATH with it."""
    folder.mkdir(exist_ok=True)
    (folder / "az").write_text(_AZ.format(python=sys.executable, port=port, user=user.id))
    (folder / "az").chmod(0o755)
    return os.pathsep.join((str(folder), "/usr/bin", "/bin"))


def write_resolver(folder: Path, port: int) -> str:
    """Write the module that Python imports at its start, and give the folder that belongs into PYTHONPATH."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_RESOLVER.format(port=port))
    return str(folder)


def answer(azure: FakeAzure, path: str, headers: Message, body: bytes) -> Response:
    """What these programs ask of the fake; nothing else comes to it without TLS."""
    if path.startswith("/identity/"):
        return _managed_identity(azure, urlsplit(path), headers)
    if path.startswith("/az/"):
        return _az(azure, path.removeprefix("/az/"), json.loads(body))
    host = path.removeprefix("/resolve/")
    fault = azure.faults.take(TUNNEL, host)
    azure.tunnels.append(host)
    if fault:
        return Response(404 if fault.kind == "unresolved" else 503)
    return Response(200 if azure.exists(host) else 404)


def _managed_identity(azure: FakeAzure, address: SplitResult, headers: Message) -> Response:
    """The token service that is on machines of Azure: https://learn.microsoft.com/azure/app-service/overview-managed-identity."""
    identity = address.path.rsplit("/", 1)[-1]
    tenant = next((one for one in azure.tenants if identity in one.principals), None)
    if tenant is None or headers["X-IDENTITY-HEADER"] != IDENTITY_HEADER:
        return Response(400, {"statusCode": 400, "message": "No Managed Identity found for specified ClientId."})
    audience = dict(parse_qsl(address.query))["resource"].removesuffix("/.default")
    token = entra.issue(azure, tenant, tenant.principals[identity], audience)
    until = str(int(time.time()) + entra.LIFETIME)
    return Response(200, {"access_token": token, "expires_on": until, "resource": audience, "token_type": "Bearer"})


def _az(azure: FakeAzure, user: str, words: list[str]) -> Response:
    azure.commands.append(" ".join(words))
    given = dict(zip(words[2::2], words[3::2], strict=False))
    tenant = next((one for one in azure.tenants if user in one.principals), None)
    if tenant is None or words[:2] != ["account", "get-access-token"]:
        return Response(400, b"ERROR: Please run 'az login' to setup account.")
    if azure.tenant_of(given.get("--tenant", tenant.id)) is not tenant:
        return Response(400, b"ERROR: AADSTS50020: User account does not exist in tenant.")
    audience = given.get("--resource") or given["--scope"].removesuffix("/.default")
    token = entra.issue(azure, tenant, tenant.principals[user], audience)
    until = int(time.time()) + entra.LIFETIME
    shown = {"accessToken": token, "expires_on": until, "subscription": tenant.subscription, "tenant": tenant.id}
    local = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.localtime(until))
    return Response(200, {**shown, "expiresOn": local, "tokenType": "Bearer"})
