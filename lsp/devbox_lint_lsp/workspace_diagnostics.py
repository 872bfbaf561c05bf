"""Diagnostics of the files in the workspace that are not open, for clients that ask for them."""

from __future__ import annotations

import os

from lsprotocol import types

from devbox_lint.files.discovery import may_be_ours
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint_lsp.conversion import uri_of
from devbox_lint_lsp.documents import OpenDocument
from devbox_lint_lsp.server import Server

_Report = types.WorkspaceDocumentDiagnosticReport


def register(server: Server) -> None:
    """Add the feature to the server."""
    workspace = _Workspace(server)

    # pygls writes on what it is given, and nothing can be written on a method.
    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def pulled(params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        return await workspace.pulled(params)


class _Known(NamedTuple):
    """What was said of a file, and of which state of it."""

    state: tuple[object, ...]
    identifier: str
    items: list[types.Diagnostic]


class _Workspace:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[str, _Known] = {}
        self._was_asked = False

    async def pulled(self, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        """A report on each file; where nothing is new the answer waits for something that is.

        Clients ask again as soon as they have the answer, and to walk through a repository every other second would
        be a waste.
        """
        server = self._server
        previous = {item.uri: item.value for item in params.previous_result_ids}
        while True:
            stirred = server.stirred
            reports: list[_Report] = []
            for path in await server.worker.start(self._paths):
                # One at a time, so that what is typed meanwhile is not kept waiting.
                reports.extend(await server.worker.start(self._on, path, previous))
            gone = set(previous) - {report.uri for report in reports}
            for uri in sorted(gone):
                if server.documents.get(uri) is None:
                    reports.append(types.WorkspaceFullDocumentDiagnosticReport(uri, []))
            is_first, self._was_asked = not self._was_asked, True
            if is_first or any(report.kind == "full" for report in reports):
                return types.WorkspaceDiagnosticReport(reports)
            await stirred.wait()

    def _paths(self) -> list[str]:
        return [found.path for found in self._server.surroundings().discovered()]

    def _on(self, path: str, previous: dict[str, str]) -> list[_Report]:
        """The report on a file; none on one that is open, cannot be read, or of which there is nothing to say."""
        server = self._server
        uri = uri_of(path)
        if server.documents.at(path) is not None:
            return []
        try:
            status = os.stat(path)
            state = (status.st_mtime_ns, status.st_size, server.generation)
            known = self._known.get(path)
            if known is None or known.state != state:
                known = self._known[path] = _Known(state, *self._examined(uri, path))
        except OSError:
            return []
        if previous.get(uri) == known.identifier:
            return [types.WorkspaceUnchangedDocumentDiagnosticReport(uri, known.identifier)]
        if known.items or uri in previous:
            return [types.WorkspaceFullDocumentDiagnosticReport(uri, known.items, result_id=known.identifier)]
        return []

    def _examined(self, uri: str, path: str) -> tuple[str, list[types.Diagnostic]]:
        with open(path, "rb") as stream:
            data = stream.read()
        if not may_be_ours(path, data):
            return "", []
        analysis = self._server.examine(OpenDocument(uri, None, path, SourceFile.from_bytes(path, data)))
        return analysis.identifier, analysis.diagnostics
