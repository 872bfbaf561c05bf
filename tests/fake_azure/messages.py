"""Requests as the fake services see them, and their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Token:
    """An access token that the fake Entra ID issued."""

    audience: str
    tenant: str
    object_id: str
    application: str


@dataclass(frozen=True)
class Request:
    """One request that arrived through the tunnel or directly; the values of its headers are not kept."""

    host: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: frozenset[str]
    token: Token | None
    #: Whether there was an Authorization header, also one with a token of nobody's.
    authorized: bool
    body: bytes = field(repr=False)
    #: The query as it was sent.
    raw_query: str = ""

    @property
    def question(self) -> str:
        """What was asked, so that two equal ones are one asked twice."""
        return f"{self.method} https://{self.host}{self.path}{'?' if self.raw_query else ''}{self.raw_query}"

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, str]:
        from urllib.parse import parse_qsl

        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Response:
    """One answer; a body that is not bytes is sent as JSON."""

    status: int
    body: Any = b""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def arm_error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Response:
    """An error as the Resource Manager words it."""
    return Response(status, {"error": {"code": code, "message": message}}, headers)


def not_allowed() -> Response:
    return arm_error(405, "MethodNotAllowed", "The requested resource does not support the http method.")
