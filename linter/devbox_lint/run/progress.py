"""A bar on standard error for a run that takes long, where that is a terminal; it is gone when the run ends."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TextIO


@contextmanager
def progress_bar(what: str, stream: TextIO) -> Iterator[Callable[[int, int], None]]:
    """A bar on ``stream`` that is gone in the end; what it gives is told how many are done, and of how many."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell


#: After how many seconds a bar is shown: most runs are over by then.
DELAY = 1.0
_BETWEEN = 0.1


class Progress:
    """How many of ``total`` things are done, counted over this process and those that are forked from it.

    As a context manager it takes the bar away at the end, however that comes.
    """

    __slots__ = ("_ended", "_reading", "_thread", "_total", "_writing")

    def __init__(self, total: int) -> None:
        self._total = total
        self._reading, self._writing = os.pipe()
        # Whoever counts must never wait for the one who shows it.
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        os.close(self._reading)
        os.close(self._writing)

    def advance(self) -> None:
        """Count one more, in any of the processes."""
        try:
            os.write(self._writing, b".")
        except OSError:
            # Nobody reads, or not fast enough: a bar need not be exact.
            return

    def show(self) -> None:
        """Begin to show it, once all other processes are forked: a process with two threads must not be."""
        self._thread = threading.Thread(target=self._show, daemon=True)
        self._thread.start()

    def _show(self) -> None:
        if self._ended.wait(DELAY):
            return
        # Imported here: it takes longer than checking a hundred files.
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bar("checking", *columns, console=Console(file=sys.stderr), transient=True) as bar:
            task = bar.add_task("", total=self._total)
            while not self._ended.wait(_BETWEEN):
                bar.advance(task, self._counted())

    def _counted(self) -> int:
        """How many were counted since the last time."""
        try:
            return len(os.read(self._reading, 1_000_000))
        except BlockingIOError:
            return 0
