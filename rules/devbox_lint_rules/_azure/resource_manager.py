"""The Resource Manager: its addresses, its lists, and what its refusals mean."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from devbox_lint_rules._azure.bodies import at, error_code, objects_at, pages
from devbox_lint_rules._azure.clouds import Audience
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.unanswered import UnansweredError


class RefusedFilterError(UnansweredError):
    """A list does not take the filter that it was asked with."""


class ResourceManager:
    """Calls of the control plane, all of which read; a path begins with a slash and has no query."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._host = connection.cloud.resource_manager

    def get(self, path: str, version: str, **filters: str) -> Reply:
        """The answer for a resource or a list, whatever its status, but for a refused sign-in."""
        reply = self._connection.ask(self._url(path, version, filters), Audience.RESOURCE_MANAGER)
        return self._with_sign_in(reply)

    def post(self, path: str, version: str, body: object) -> Reply:
        """The answer to a question that is put as an object."""
        return self._with_sign_in(self._connection.ask(self._url(path, version, {}), Audience.RESOURCE_MANAGER, body))

    def items(self, what: str, help_text: str, path: str, version: str, **filters: str) -> list[dict[str, Any]]:
        """The objects of a list, of all its pages; ``what`` names it where it cannot be read."""
        url = self._url(path, version, filters)
        first = self.get(path, version, **filters)
        if first.status == 400 and filters:
            raise RefusedFilterError(f"Azure refused the filter for {what} ({error_code(first) or 400})")
        if first.status != 200:
            raise refusal(first, what, help_text)
        encoded = _encoded(path)
        found = []
        for body in pages(self._connection, url, Audience.RESOURCE_MANAGER, first, encoded):
            if not isinstance(at(body, "value"), list):
                raise UnansweredError(f"Azure gave no list of {what}")
            found.extend(objects_at(body, "value"))
        return found

    def _url(self, path: str, version: str, filters: dict[str, str]) -> str:
        query = "".join(f"&${name}={quote(value, safe='')}" for name, value in filters.items())
        return f"https://{self._host}{_encoded(path)}?api-version={version}{query}"

    def _with_sign_in(self, reply: Reply) -> Reply:
        if reply.status == 401:
            if asks_for_claims(reply):
                raise claims_challenge("the Resource Manager", self._host)
            code = error_code(reply)
            if code == "InvalidAuthenticationTokenTenant":
                raise UnansweredError(
                    "the subscription belongs to another tenant than the sign-in",
                    "sign in to its tenant",
                )
            raise UnansweredError(f"the Resource Manager refused the sign-in ({code or reply.status})", "az login")
        return reply


def asks_for_claims(reply: Reply) -> bool:
    """Whether an answer demands a token with other claims, as Conditional Access makes it.

    https://learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    challenge = reply.headers.get("www-authenticate", "").lower()
    return "insufficient_claims" in challenge or "claims=" in challenge


def claims_challenge(who: str, host: str) -> UnansweredError:
    """What to do where ``who`` demands another sign-in for a token for ``host``."""
    return UnansweredError(
        f"{who} asks for another sign-in, which a Conditional Access policy requires",
        f"az login --scope https://{host}/.default",
    )


def refusal(reply: Reply, what: str, help_text: str | None = None) -> UnansweredError:
    """What a failed answer means; ``what`` is a noun phrase for what was asked for."""
    code = error_code(reply)
    if reply.status == 403:
        return UnansweredError(f"you may not read {what} ({code or reply.status})", help_text)
    if reply.status == 429:
        return UnansweredError("Azure asks to be left alone for a while (429)", "try again later")
    if 300 <= reply.status < 400:
        return UnansweredError(f"the request for {what} was redirected, which is not followed")
    return UnansweredError(f"Azure gave no answer on {what} ({code or reply.status})")


def _encoded(path: str) -> str:
    return quote(path, safe="/()~")
