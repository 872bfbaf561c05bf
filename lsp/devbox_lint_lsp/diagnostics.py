"""Diagnostics: sent when documents change, or given when the client asks, one of the two for each client."""

from __future__ import annotations

from lsprotocol import types

from devbox_lint_lsp.analysis import Analysis
from devbox_lint_lsp.messages import NAME
from devbox_lint_lsp.server import Server


def register(server: Server) -> None:
    """Add the feature to the server."""
    pushed = _Pushed(server)
    server.on_change.append(pushed.heard)
    server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=NAME),
    )(_pulled)


async def _pulled(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    analysis = await ls.analyst.analyse(params.text_document.uri)
    if analysis is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    if params.previous_result_id == analysis.identifier:
        return types.RelatedUnchangedDocumentDiagnosticReport(analysis.identifier)
    _log_crashes(ls, analysis)
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

    async def _push(self, uri: str) -> None:
        server = self._server
        try:
            analysis = await server.analyst.analyse(uri)
        finally:
            self._under_way.discard(uri)
        if analysis is not None:
            _log_crashes(server, analysis)
            server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, analysis.diagnostics, analysis.document.version)
            )


def _log_crashes(server: Server, analysis: Analysis) -> None:
    for crash in analysis.result.crashes:
        server.log(crash, types.MessageType.Error)
