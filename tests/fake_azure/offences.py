"""What must never be sent, whatever Azure says: found in the record of a fake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from fake_azure.clouds import DEVOPS_AUDIENCE, DEVOPS_HOST, DEVOPS_HOSTS
from fake_azure.devops import JOB_AUDIENCE
from fake_azure.fake import FakeAzure
from fake_azure.graph import HOST as GRAPH_HOST
from fake_azure.messages import Request
from fake_azure.package_source import HOST as PACKAGES_HOST

#: A secret's value is at its name, or at its name and a version; the list of versions has none.
_VALUE = re.compile(r"/(?:deleted)?secrets/[^/]+(?:/(?!versions$)[^/]+)?/?", re.IGNORECASE)
#: What is asked with a body: for tokens, of the Resource Graph, for a name, for groups, and to validate tasks.
_POSTED = re.compile(
    r"/[^/]+/oauth2/v2\.0/token"
    r"|/providers/Microsoft\.ResourceGraph/resources"
    r"|/subscriptions/[^/]+/providers/Microsoft\.(?:KeyVault|Storage)/checkNameAvailability"
    r"|/projects/[^/]+/customizationTasks:validateGroup"
    r"|/v1\.0/directoryObjects/[0-9a-f-]{36}/checkMemberGroups"
    r"|/[^/]+/[^/]+/_apis/distributedtask/.+/oidctoken",
    re.IGNORECASE,
)


def offences(azure: FakeAzure) -> list[str]:
    """All that was sent and must not be, in words."""
    return [words for request in azure.requests for words in _of(azure, request)] + [
        f"a connection to {host}" for host in azure.tunnels if not _is_microsofts(azure, host)
    ]


def _of(azure: FakeAzure, request: Request) -> Iterator[str]:
    vault = azure.vault_at(request.host)
    if vault and _VALUE.fullmatch(unquote(request.path)):
        yield f"{request.question} asks for a secret's value"
    if request.method != "GET" and not (request.method == "POST" and _POSTED.fullmatch(request.path)):
        yield f"{request.question} may change something"
    token = request.token
    if token is None:
        return
    if not _belongs(azure, token.audience, request.host):
        yield f"{request.question} got a token for {token.audience}"
    if vault and token.tenant != vault.tenant.id:
        yield f"{request.question} got a token of another tenant"
    if vault and vault.challenge and token.tenant not in vault.challenge:
        yield f"{request.question} got a token although the vault says it is another tenant's"


def _belongs(azure: FakeAzure, audience: str, host: str) -> bool:
    if audience == JOB_AUDIENCE:
        return host == DEVOPS_HOST
    if audience == DEVOPS_AUDIENCE:
        return host in DEVOPS_HOSTS
    if audience == f"https://{GRAPH_HOST}":
        return host == GRAPH_HOST
    for cloud in azure.clouds:
        if audience == f"https://{cloud.vaults}":
            return host.endswith(f".{cloud.vaults}")
        if audience in cloud.arm_audiences:
            return host == cloud.management
        if audience == f"https://{cloud.dev_center}" and host.endswith(f".{cloud.dev_center}"):
            return True
    return False


def _is_microsofts(azure: FakeAzure, host: str) -> bool:
    return (
        host == PACKAGES_HOST
        or host in (*DEVOPS_HOSTS, GRAPH_HOST)
        or any(
            host in (*cloud.login, cloud.management) or host.endswith((f".{cloud.vaults}", f".{cloud.dev_center}"))
            for cloud in azure.clouds
        )
    )


def secrets_in(azure: FakeAzure, text: str) -> list[str]:
    """What must be in no output: tokens, what applications sign in with, and values of secrets."""
    tenants = azure.tenants
    values = [
        version.value
        for tenant in tenants
        for vault in tenant.vaults.values()
        for secret in vault.secrets.values()
        for version in secret.versions
    ]
    people = [one for tenant in tenants for one in tenant.principals.values()]
    kept = [*azure.tokens, *values, *(one.secret for one in people), *(one.federated_token for one in people)]
    return [one for one in kept if one and one in text]


def repeated(azure: FakeAzure) -> list[str]:
    """The questions that were asked more than once; tokens apart, and polls for the end of an operation."""
    asked = [one.question for one in azure.requests if one.method == "GET" and "/operationstatuses/" not in one.path]
    return sorted({one for one in asked if asked.count(one) > 1})
