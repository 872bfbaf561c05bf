"""Runs the engine on open documents, in one thread beside the event loop, always on their newest state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from lsprotocol import types

from devbox_lint.records import NamedTuple
from devbox_lint.results import FileResult
from devbox_lint_lsp.documents import Documents, OpenDocument

P = ParamSpec("P")
T = TypeVar("T")


class Analysis(NamedTuple):
    """What is said of one state of a document: by the engine, and the same for the client.

    ``identifier`` differs from that of every other analysis; ``face`` is what of the document counts for others, None
    where nothing does.
    """

    document: OpenDocument
    result: FileResult
    diagnostics: list[types.Diagnostic]
    identifier: str
    face: object = None


class Worker:
    """The one thread in which files are read, parsed and checked, one job after another."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "analysis")

    def start(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Do something when all that was started before is done; cancelling prevents it if it has not begun."""
        return asyncio.wrap_future(self._pool.submit(function, *args, **kwargs))


class _Job(NamedTuple):
    document: OpenDocument
    future: asyncio.Future[Analysis]


class Analyst:
    """The analyses of all open documents; ``examine`` makes one, in the worker's thread."""

    def __init__(self, worker: Worker, documents: Documents, examine: Callable[[OpenDocument], Analysis]) -> None:
        self._worker = worker
        self._documents = documents
        self._examine = examine
        self._jobs: dict[str, _Job] = {}

    def forget(self, uri: str | None = None) -> None:
        """Give up what is known of a document, or of all; who waits for it waits for its newest state.

        ``uri`` is as the open document has it.
        """
        keys = tuple(self._jobs) if uri is None else (uri,)
        for key in keys:
            job = self._jobs.pop(key, None)
            if job is not None:
                job.future.cancel()

    async def analyse(self, uri: str) -> Analysis | None:
        """What is to be said of the document as it is when this returns; None where it is not open."""
        while (document := self._documents.get(uri)) is not None:
            job = self._jobs.get(document.uri)
            if job is None or job.document is not document:
                self.forget(document.uri)
                job = self._jobs[document.uri] = _Job(document, self._worker.start(self._examine, document))
            try:
                # Several may wait for it, and one that gives up must not take it from the others.
                analysis = await asyncio.shield(job.future)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if job.future.cancelled() and not (task and task.cancelling()):
                    continue  # A newer state is there.
                raise
            if self._jobs.get(document.uri) is job:
                return analysis
        return None
