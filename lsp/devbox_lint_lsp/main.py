"""The server as a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import devbox_lint_lsp.quick_start  # noqa: F401 - before all that imports the types of the protocol
from devbox_lint.errors import UsageError
from devbox_lint.rule import AnyRule
from devbox_lint_lsp import (
    code_actions,
    code_lenses,
    completion,
    definition,
    diagnostics,
    document_commands,
    folding,
    hover,
    inlay_hints,
    links,
    online_checks,
    selection,
    symbols,
    typing_help,
    usages,
    watching,
    workspace_diagnostics,
    workspace_symbols,
)
from devbox_lint_lsp.connection import over_standard_streams, over_tcp
from devbox_lint_lsp.server import Server

if TYPE_CHECKING:
    from devbox_lint.online import ResolverFor

_FEATURES = (
    diagnostics,
    code_actions,
    hover,
    completion,
    symbols,
    usages,
    typing_help,
    links,
    definition,
    document_commands,
    online_checks,
    watching,
    workspace_diagnostics,
    workspace_symbols,
    folding,
    selection,
    inlay_hints,
    code_lenses,
)


def serve(rules: Callable[[], Sequence[AnyRule]], azure: Callable[[], ResolverFor], port: int | None = None) -> int:
    """Serve one client, over standard input and output or on a TCP port of this machine; the exit code.

    ``rules`` gives all rules, ``azure`` who asks Azure; it raises DevboxLintError where that cannot be.
    """
    protocol = with_features(Server(rules, azure)).protocol
    if port is None:
        return over_standard_streams(protocol)
    try:
        return over_tcp(protocol, port, _say_where)
    except OSError as error:
        raise UsageError(f"cannot listen on port {port}: {error.strerror or error}") from None


def with_features(server: Server, asks_azure: bool = True) -> Server:
    """The server, able to do all that it announces; without ``asks_azure`` it announces no online checks."""
    for feature in _FEATURES:
        if asks_azure or feature is not online_checks:
            feature.register(server)
    return server


def _say_where(port: int) -> None:
    sys.stderr.write(f"devbox-lint: listening on 127.0.0.1:{port}\n")
    sys.stderr.flush()
