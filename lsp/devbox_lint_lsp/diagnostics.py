"""Diagnostics: sent when documents change, or given when the client asks, one of the two for each client."""

from __future__ import annotations

import contextlib

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from devbox_lint_lsp.client import SECTION
from devbox_lint_lsp.server import Server


def register(server: Server) -> None:
    """Add the feature to the server."""
    pushed = _Pushed(server)
    server.on_change.append(pushed.heard)
    server.on_refresh.append(pushed.all_again)
    server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier=SECTION),
    )(_pulled)


async def _pulled(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    analysis = await ls.analysis(params.text_document.uri)
    if analysis is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    if params.previous_result_id == analysis.identifier:
        return types.RelatedUnchangedDocumentDiagnosticReport(analysis.identifier)
    return types.RelatedFullDocumentDiagnosticReport(analysis.diagnostics, result_id=analysis.identifier)


class _Pushed:
    """Sends the diagnostics of each document; those of a state that is no longer the newest are never sent."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._under_way: set[str] = set()

    def heard(self, uri: str) -> None:
        """A document was opened, changed or closed."""
        server = self._server
        if server.client.pulls:
            return
        if server.documents.get(uri) is None:
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        elif uri not in self._under_way:
            # Else that goes on to the newest state.
            self._under_way.add(uri)
            server.in_background(self._push(uri))

    def all_again(self) -> None:
        """Something around all documents has changed."""
        server = self._server
        if not server.client.pulls:
            for document in server.documents:
                self.heard(document.uri)
        elif server.client.pulls_again:
            server.in_background(_ask_again(server))

    async def _push(self, uri: str) -> None:
        server = self._server
        try:
            analysis = await server.analysis(uri)
        finally:
            self._under_way.discard(uri)
        if analysis is not None:
            server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, analysis.diagnostics, analysis.document.version)
            )


async def _ask_again(server: Server) -> None:
    with contextlib.suppress(JsonRpcException):
        await server.workspace_diagnostic_refresh_async(None)
