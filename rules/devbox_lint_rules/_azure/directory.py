"""The directory: applications and service principals by the application's id, as Microsoft Graph shows them.

https://learn.microsoft.com/graph/api/serviceprincipal-get and https://learn.microsoft.com/graph/api/application-get.
Of a password its dates are read and nothing else, not even the hint, which is a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from devbox_lint_rules._azure.bodies import at, error_code, instant_at, object_id_at, objects_at, text_at, texts_at
from devbox_lint_rules._azure.clouds import Audience
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import asks_for_claims, claims_challenge, refusal
from devbox_lint_rules._azure.unanswered import UnansweredError

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_ISSUER = re.compile(r"https://[a-z0-9.-]+(?::[0-9]+)?/([0-9a-f-]{36})(?:/v2\.0)?/?")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)[a-z0-9][a-z0-9-]*+(?<!-)(?:\.[a-z0-9][a-z0-9-]*+(?<!-))++")
#: What says that there is no such tenant: https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
_NO_TENANT = 90002
#: So many groups are asked about at once, and altogether: those of an organization are few.
_GROUPS_AT_ONCE = 20
_MOST_GROUPS = 100
_NAME = re.compile(r"[\w][\w .()-]{0,79}")
_OF_PRINCIPAL = "id,displayName,accountEnabled,appOwnerOrganizationId,signInAudience,passwordCredentials"
_OF_APPLICATION = "id,passwordCredentials"
_HELP = "ask for Application.Read.All of Microsoft Graph, or the role Directory Readers of Microsoft Entra"


class Password(NamedTuple):
    """From when until when a password is valid; None where nobody says."""

    start: datetime | None
    end: datetime | None


class ServicePrincipal(NamedTuple):
    """A service principal: its object id and display name, the id of the tenant that its application is registered in.

    ``is_local`` says that the application is for that tenant alone.
    """

    id: str
    name: str
    is_enabled: bool
    owner: str
    is_local: bool
    passwords: tuple[Password, ...]


class Directory:
    """The directory of one run's tenant, of which each object is asked for once."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    def principal(self, application: str) -> ServicePrincipal | None:
        """The service principal of an application, None where the tenant has none; raises UnansweredError."""
        return self._memory.get(("principal", application), lambda: self._principal(application))

    def passwords(self, application: str) -> tuple[Password, ...] | None:
        """The passwords of an application, None where the tenant has no such application; raises UnansweredError."""
        return self._memory.get(("passwords", application), lambda: self._passwords(application))

    def is_group(self, identity: str) -> bool:
        """Whether an object is a group, by its object id; raises UnansweredError.

        https://learn.microsoft.com/graph/api/directoryobject-get
        """

        def ask() -> bool:
            host = self._host()
            reply = self._connection.ask(f"https://{host}/v1.0/directoryObjects/{identity}", Audience.GRAPH)
            kind = text_at(reply.body, "@odata.type")
            if reply.status != 200 or not kind:
                raise _refusal(reply, host)
            return kind == "#microsoft.graph.group"

        return self._memory.get(("is a group", identity), ask)

    def groups_among(self, identity: str, groups: Iterable[str]) -> frozenset[str]:
        """Those of ``groups``, all by their object ids, that an object is in, also through another group.

        Raises UnansweredError. What is asked by a POST here reads only:
        https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups.
        """
        wanted = sorted(set(groups))
        if len(wanted) > _MOST_GROUPS:
            raise UnansweredError(f"there are more than {_MOST_GROUPS} groups")
        found: set[str] = set()
        for start in range(0, len(wanted), _GROUPS_AT_ONCE):
            part = tuple(wanted[start : start + _GROUPS_AT_ONCE])
            found |= self._memory.get(("groups", identity, part), partial(self._groups_among, identity, part))
        return frozenset(found)

    def _groups_among(self, identity: str, groups: Sequence[str]) -> frozenset[str]:
        host = self._host()
        url = f"https://{host}/v1.0/directoryObjects/{identity}/checkMemberGroups"
        reply = self._connection.ask(url, Audience.GRAPH, {"groupIds": list(groups)})
        if reply.status == 404 and error_code(reply) == "Request_ResourceNotFound":
            return frozenset()
        if reply.status != 200 or not isinstance(at(reply.body, "value"), list):
            raise _refusal(reply, host)
        return frozenset(one.lower() for one in texts_at(reply.body, "value"))

    def tenant(self, name: str) -> str | None:
        """The id of the tenant with an id or a domain, None where there is none; no token is sent.

        https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
        """
        if _GUID.fullmatch(name) or _DOMAIN.fullmatch(name):
            return self._memory.get(("tenant", name), lambda: self._tenant(name))
        raise UnansweredError("the script names its tenant in a way that is not known")

    def _tenant(self, name: str) -> str | None:
        host = self._connection.cloud.authority
        reply = self._connection.ask(f"https://{host}/{name}/v2.0/.well-known/openid-configuration")
        issuer = _ISSUER.fullmatch(text_at(reply.body, "issuer").lower())
        if reply.status == 200 and issuer is not None:
            return issuer[1]
        codes = at(reply.body, "error_codes")
        if reply.status == 400 and isinstance(codes, list) and _NO_TENANT in codes:
            return None
        raise refusal(reply, f"the tenant `{name}`")

    def _principal(self, application: str) -> ServicePrincipal | None:
        body = self._object("servicePrincipals", application, _OF_PRINCIPAL)
        if body is None:
            return None
        identity = object_id_at(body, "id")
        if not identity:
            raise UnansweredError("Microsoft Graph gave a service principal without an id")
        name = text_at(body, "displayName")
        return ServicePrincipal(
            identity,
            name if _NAME.fullmatch(name) else application,
            body.get("accountEnabled") is not False,
            object_id_at(body, "appOwnerOrganizationId"),
            text_at(body, "signInAudience") == "AzureADMyOrg",
            _read(body),
        )

    def _passwords(self, application: str) -> tuple[Password, ...] | None:
        body = self._object("applications", application, _OF_APPLICATION)
        return None if body is None else _read(body)

    def _host(self) -> str:
        host = self._connection.cloud.graph
        if not host:
            raise UnansweredError("it is not known where Microsoft Graph is in this cloud")
        return host

    def _object(self, kind: str, application: str, properties: str) -> Mapping[str, Any] | None:
        host = self._host()
        url = f"https://{host}/v1.0/{kind}(appId='{application}')?$select={properties}"
        reply = self._connection.ask(url, Audience.GRAPH)
        if reply.status == 404 and error_code(reply) == "Request_ResourceNotFound":
            return None
        if reply.status != 200 or not isinstance(reply.body, dict):
            raise _refusal(reply, host)
        return reply.body


def _refusal(reply: Reply, host: str) -> UnansweredError:
    if reply.status == 401 and asks_for_claims(reply):
        return claims_challenge("Microsoft Graph", host)
    if reply.status == 401:
        return UnansweredError(f"Microsoft Graph refused the sign-in ({error_code(reply) or 401})", "az login")
    return refusal(reply, "applications in Microsoft Entra ID", _HELP)


def _read(body: Mapping[str, Any]) -> tuple[Password, ...]:
    return tuple(
        Password(instant_at(one, "startDateTime"), instant_at(one, "endDateTime"))
        for one in objects_at(body, "passwordCredentials")
    )
