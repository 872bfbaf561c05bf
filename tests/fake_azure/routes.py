"""Which function answers which path of the Resource Manager."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fake_azure.messages import Request, Response, Token, arm_error

if TYPE_CHECKING:
    from fake_azure.tenants import Tenant

API_VERSION = re.compile(r"\d{4}-\d\d-\d\d(?:-preview)?")


@dataclass(frozen=True)
class Call:
    """One call of the Resource Manager by someone of the tenant it is about."""

    tenant: Tenant
    request: Request
    token: Token
    #: All tenants of Azure, for what is about names that are unique in the world.
    everywhere: tuple[Tenant, ...] = ()

    @property
    def holders(self) -> frozenset[str]:
        return self.tenant.holders(self.token.object_id)

    def may(self, action: str, scope: str) -> bool:
        return self.tenant.roles.decide(self.holders, action, scope).allowed

    def refusal(self, action: str, scope: str) -> Response | None:
        """403, worded as the Resource Manager words it, unless the caller may do this."""
        if self.may(action, scope):
            return None
        oid = self.token.object_id
        return arm_error(
            403,
            "AuthorizationFailed",
            f"The client '{self.token.application}' with object id '{oid}' does not have authorization to perform "
            f"action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please "
            "refresh your credentials.",
        )

    def page(self, items: list[Any], size: int = 50) -> Response:
        """One page of a list, with the link to the next."""
        start = int(self.request.query.get("$skiptoken", "0"))
        body: dict[str, Any] = {"value": items[start : start + size]}
        if start + size < len(items):
            query = urlencode({**self.request.query, "$skiptoken": str(start + size)})
            body["nextLink"] = f"https://{self.request.host}{self.request.path}?{query}"
        return Response(200, body)


Answer = Callable[..., Response]


class Routes:
    """Paths with ``{names}`` and what answers them; letters' case does not matter in ARM's paths."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Answer]] = []

    def on(self, method: str, template: str) -> Callable[[Answer], Answer]:
        # {scope} and {vault_id} may hold slashes.
        pattern = re.sub(r"\{(scope)\}", r"(?P<\1>.*)", template)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)

        def register(answer: Answer) -> Answer:
            self._routes.append((method, re.compile(pattern, re.IGNORECASE), answer))
            return answer

        return register

    def find(self, method: str, path: str) -> tuple[Answer, dict[str, str]] | None:
        for wanted, pattern, answer in self._routes:
            if wanted == method and (match := pattern.fullmatch(path)):
                return answer, match.groupdict()
        return None


SUBSCRIPTION = "/subscriptions/{subscription}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/{{group}}"
