"""Reads what Azure answers, where anything may be missing, of another type, or in other letters than documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from devbox_lint_rules._azure.clouds import Audience
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.unanswered import UnansweredError

#: How many pages of a list are read.
_MOST_PAGES = 100
_ID = re.compile(r"/subscriptions/[0-9a-f-]{36}(?:/[A-Za-z0-9_.()~ -]{1,200}){1,20}", re.IGNORECASE)
_OBJECT_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_CODE = re.compile(r"[A-Za-z0-9_.]{1,80}")


def at(body: Any, *path: str) -> Any:
    """What stands in nested objects under these keys, None where something on the way is not there."""
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body


def text_at(body: Any, *path: str) -> str:
    """The same where it is text, else empty."""
    value = at(body, *path)
    return value if isinstance(value, str) else ""


def texts_at(body: Any, *path: str) -> tuple[str, ...]:
    """The texts of a list, none where it is no list."""
    value = at(body, *path)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def objects_at(body: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of a list, none where it is no list."""
    value = at(body, *path)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def object_id_at(body: Any, *path: str) -> str:
    """An object id in lower case, empty where there is none."""
    value = text_at(body, *path).strip().lower()
    return value if _OBJECT_ID.fullmatch(value) else ""


def resource_id_at(body: Any, *path: str) -> str:
    """A resource id, empty if there is none to ask for."""
    value = text_at(body, *path).strip().rstrip("/")
    return value if _ID.fullmatch(value) and ".." not in value else ""


def time_at(body: Any, *path: str) -> datetime | None:
    """A point of time that is given in seconds since 1970."""
    value = at(body, *path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def instant_at(body: Any, *path: str) -> datetime | None:
    """A point of time as ISO 8601 writes it, in UTC."""
    # Microsoft Graph gives seven digits of a second, of which Python reads six.
    match = _INSTANT.match(text_at(body, *path))
    try:
        return datetime.fromisoformat(match[0]).replace(tzinfo=UTC) if match is not None else None
    except ValueError:
        return None


def error_code(reply: Reply) -> str:
    """What an error calls itself: the inner code where there is one. Its message stays where it is."""
    code = text_at(reply.body, "error", "innererror", "code") or text_at(reply.body, "error", "code")
    return code if _CODE.fullmatch(code) else ""


def pages(connection: Connection, url: str, audience: Audience, first: Reply, path: str) -> Iterator[Any]:
    """The body of the first answer and those of the pages after it, all at ``path`` of the same host."""
    reply = first
    for _ in range(_MOST_PAGES):
        yield reply.body
        link = text_at(reply.body, "nextLink") or text_at(reply.body, "@odata.nextLink")
        if not link:
            return
        host = url.split("/")[2]
        rest = link.removeprefix(f"https://{host}:443").removeprefix(f"https://{host}")
        if not rest.startswith("/") or rest.partition("?")[0].lower() != path.lower():
            raise UnansweredError(f"`{host}` continued a list at another address")
        reply = connection.ask(f"https://{host}{rest}", audience)
        if reply.status != 200:
            raise UnansweredError(f"`{host}` broke off a list with status {reply.status}")
    raise UnansweredError("a list was too long")
