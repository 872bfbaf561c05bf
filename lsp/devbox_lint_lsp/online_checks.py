"""Checks that ask Azure: by a command, or where the user has set so when a document is opened or saved.

They never keep anyone waiting who types; the client shows how far they are, and can cancel them.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from devbox_lint.errors import DevboxLintError
from devbox_lint.pipeline import EffectiveSettings
from devbox_lint.settings.model import AzureSettings
from devbox_lint_lsp.client import SECTION
from devbox_lint_lsp.document_check import today
from devbox_lint_lsp.documents import OpenDocument
from devbox_lint_lsp.online import Asking
from devbox_lint_lsp.server import Server

#: The command that asks Azure about all open documents.
COMMAND = f"{SECTION}.checkOnline"
_TITLE = "Asking Azure"


def register(server: Server) -> None:
    """Add the feature to the server."""
    checks = _Checks(server)
    server.on_open_or_save.append(checks.heard)

    @server.command(COMMAND)
    async def asked_for() -> None:
        await checks.run([document.uri for document in server.documents], asked_for=True)


class _Checks:
    def __init__(self, server: Server) -> None:
        self._server = server

    def heard(self, uri: str) -> None:
        """A document was opened or saved."""
        if self._server.settings.online_checks and self._server.settings.enable:
            self._server.in_background(self.run([uri]))

    async def run(self, uris: Sequence[str], asked_for: bool = False) -> None:
        """Ask about documents and show what follows; who asked for it is told of trouble, else it is logged."""
        server = self._server
        asking = await self._asking(uris)
        if not asking:
            return
        token = await self._begin()
        cancelled = threading.Event()
        watched = server.work_done_progress.tokens.get(token) if token else None

        def is_cancelled() -> bool:
            return cancelled.is_set() or (watched is not None and watched.cancelled())

        def progress(done: int, of: int) -> None:
            server.protocol.loop.call_soon_threadsafe(self._report, token, done, of)

        trouble = ""
        try:
            await server.online.start(asking, today(), is_cancelled, progress)
        except DevboxLintError as error:
            trouble = str(error)
        except asyncio.CancelledError:
            # The request was cancelled; what runs in the thread sees it soon.
            cancelled.set()
            raise
        finally:
            self._end(token)
        if trouble and asked_for:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Error, trouble))
        elif trouble:
            server.log(trouble, types.MessageType.Warning)
        server.judge_again()

    async def _asking(self, uris: Sequence[str]) -> dict[AzureSettings, list[Asking]]:
        """The documents of ours, by the settings for Azure that hold for them."""
        server = self._server
        asking: dict[AzureSettings, list[Asking]] = {}
        for uri in uris:
            analysis = await server.analysis(uri)
            view = await server.view(uri)
            if analysis is not None and analysis.result.kind is not None and view is not None:
                settings = await server.worker.start(self._settings, analysis.document)
                if settings is not None:
                    customization = view.customization
                    one = Asking(customization.document, customization.kind, settings.rules)
                    asking.setdefault(settings.azure, []).append(one)
        return asking

    def _settings(self, document: OpenDocument) -> EffectiveSettings | None:
        return self._server.surroundings().settings_for(document)

    async def _begin(self) -> str | None:
        """A bar at the client that can be cancelled, where it shows any; its token."""
        server = self._server
        if not server.client.shows_progress:
            return None
        token = str(uuid.uuid4())
        try:
            await server.work_done_progress.create_async(token)
        except JsonRpcException:
            return None
        server.work_done_progress.begin(token, types.WorkDoneProgressBegin(_TITLE, cancellable=True, percentage=0))
        return token

    def _report(self, token: str | None, done: int, of: int) -> None:
        if token is not None and token in self._server.work_done_progress.tokens:
            value = types.WorkDoneProgressReport(message=f"{done} of {of}", percentage=100 * done // max(of, 1))
            self._server.work_done_progress.report(token, value)

    def _end(self, token: str | None) -> None:
        if token is not None:
            self._server.work_done_progress.tokens.pop(token, None)
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd())
