"""The server inside another program, without a process, threads or streams of its own: in a browser, under Pyodide.

Azure is not asked from there, so that no command for it is announced, and nothing is kept in a cache. Files are those
that Python's own functions find.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from devbox_lint.errors import UsageError
from devbox_lint.online import ResolverFor
from devbox_lint.rule import AnyRule
from devbox_lint_lsp.connection import MAXIMUM_MESSAGE
from devbox_lint_lsp.document_check import InlineWorker
from devbox_lint_lsp.main import with_features
from devbox_lint_lsp.server import Server


def embed(rules: Callable[[], Sequence[AnyRule]], send: Callable[[str], object]) -> Callable[[str], None]:
    """Start a server on the running event loop; what it returns takes the client's messages, each a JSON text.

    ``send`` is called with each message to the client, a JSON text without header. Raises RuntimeError where no loop
    runs; what takes a message raises nothing, and passes one over that is longer than the server takes.
    """
    protocol = with_features(Server(rules, _no_azure, InlineWorker()), asks_azure=False).protocol
    protocol.speak_to(_Sender(send))

    def receive(message: str) -> None:
        body = message.encode("utf-8", "surrogatepass")
        if len(body) <= MAXIMUM_MESSAGE:
            protocol.receive(body)

    return receive


class _Sender:
    """Takes what the protocol writes, and hands on the bodies."""

    def __init__(self, send: Callable[[str], object]) -> None:
        self._send = send

    def write(self, data: bytes) -> None:
        """Hand on one message."""
        _, _, body = data.partition(b"\r\n\r\n")
        self._send(body.decode("utf-8"))

    def close(self) -> None:
        """There is nothing to close."""


def _no_azure() -> ResolverFor:
    raise UsageError("Azure cannot be asked from here: run `devbox-lint check --online` on the command line")
