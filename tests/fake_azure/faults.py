"""What can go wrong on the way, and which requests it befalls."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from threading import Lock
from typing import Literal

from fake_azure.messages import Response

Kind = Literal[
    # Before there is a connection: what a proxy answers for a name that does not resolve, and no answer at all.
    "unresolved",
    "refused",
    # The certificate shown.
    "expired",
    "untrusted",
    "wrong-name",
    # Instead of an answer.
    "reset",
    "half",
    "slow",
    "hang",
    "answer",
]
TUNNEL: tuple[Kind, ...] = ("unresolved", "refused")
CERTIFICATE: tuple[Kind, ...] = ("expired", "untrusted", "wrong-name")


@dataclass
class Fault:
    """A fault for the hosts, methods and paths that match, as often as ``times`` says, or always."""

    kind: Kind
    host: str = "*"
    path: str = "*"
    method: str = "*"
    times: int | None = None
    #: What is answered by the kind ``answer``, at once.
    response: Response = field(default_factory=lambda: Response(500))
    #: How long a ``slow`` body takes, and how long a ``hang`` lasts.
    seconds: float = 60.0
    #: The answers it spoilt.
    count: int = 0


class Faults:
    """The faults of one fake, the first that matches being the one that happens."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        self._faults.clear()

    def take(self, kinds: tuple[Kind, ...], host: str, method: str = "*", path: str = "*") -> Fault | None:
        """The fault that happens now, counted."""
        with self._lock:
            for fault in self._faults:
                if (
                    fault.kind in kinds
                    and fault.times != fault.count
                    and fnmatch(host, fault.host)
                    and (method == "*" or fnmatch(method, fault.method))
                    and (path == "*" or fnmatch(path, fault.path))
                ):
                    fault.count += 1
                    return fault
            return None


def throttled(seconds: int = 1) -> Response:
    """Too many requests; come again after some seconds."""
    error = {
        "error": {"code": "Throttled", "message": "Request was not processed because too many requests were received."}
    }
    return Response(429, error, (("Retry-After", str(seconds)),))


def redirected(location: str, status: int = 302) -> Response:
    return Response(status, b"", (("Location", location),), "text/html")


def portal() -> Response:
    """What a hotel's network answers to everything."""
    return Response(200, b"<html><body>Please sign in</body></html>", content_type="text/html")
