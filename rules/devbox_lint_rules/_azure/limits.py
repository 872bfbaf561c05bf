"""How much a run may ask and how long, however many settings its files have."""

from __future__ import annotations

import threading
import time

#: How many times as long as one answer a whole run may take.
RUN_LIMIT = 12


class Limits:
    """What a run has asked so far, and since when; each method may be called from any thread.

    The files of a run may have settings of their own, and each of these could start to count anew: a stranger's
    folders would decide then how much is asked.
    """

    __slots__ = ("_began", "_count", "_lock")

    def __init__(self) -> None:
        self._began: float | None = None
        self._count = 0
        self._lock = threading.Lock()

    def seconds_left(self, timeout: float) -> float:
        """How long the run may still take where one answer may take ``timeout`` seconds."""
        with self._lock:
            now = time.monotonic()
            if self._began is None:
                self._began = now
            return self._began + timeout * RUN_LIMIT - now

    def take(self, most: int) -> bool:
        """Whether there may be one more request, where ``most`` are allowed; it counts then."""
        with self._lock:
            may = self._count < most
            self._count += may
            return may
