"""What was asked once is not asked again in the same run; nothing of it is ever written anywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

Value = TypeVar("Value")


class Memory:
    """Values by their keys, each made once: who comes while it is being made waits for it, or for its error."""

    __slots__ = ("_futures", "_lock")

    def __init__(self) -> None:
        self._futures: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of ``key``, from ``make`` where nobody asked for it before; raises what ``make`` raised."""
        with self._lock:
            future = self._futures.get(key)
            is_first = future is None
            if future is None:
                future = self._futures[key] = Future()
        if is_first:
            try:
                future.set_result(make())
            except BaseException as error:  # noqa: BLE001 - it is raised again, here and for all who wait
                future.set_exception(error)
        value: Value = future.result()
        return value
