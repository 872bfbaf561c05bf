"""The same work on parts of a long list, in several processes where that pays.

A forked process starts in three milliseconds and has all modules loaded already; a pool of the standard library
takes twenty times that, and thirty where processes are spawned. Where there is no fork, one process does it all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Fewer items than this are done sooner by one process: measured with files of one to three kilobytes.
LEAST_FOR_TWO = 200
#: More processes than this wait for the disk and for each other.
MOST_PROCESSES = 8


def in_parts(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item], begun: Callable[[], None] | None = None
) -> list[Result]:
    """``work`` on consecutive parts of ``items``; the results in the order of the parts.

    ``begun`` is called here once all processes are started.

    What ``work`` changes in its process is lost, but for its result, which must be picklable. A part whose
    process dies is done again here, so an error is raised where it can be seen.
    """
    count = min(_processors(), MOST_PROCESSES, len(items) * 2 // LEAST_FOR_TWO)
    if count < 2 or not hasattr(os, "fork"):
        if begun is not None:
            begun()
        return [work(items)]
    size = -(-len(items) // count)
    parts = [items[start : start + size] for start in range(0, len(items), size)]
    sys.stdout.flush()
    sys.stderr.flush()
    others = [_start(work, part) for part in parts[1:]]
    if begun is not None:
        begun()
    results = [work(parts[0])]
    for (process, stream), part in zip(others, parts[1:], strict=True):
        answer = _answer(process, stream)
        results.append(work(part) if answer is None else answer[0])
    return results


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(work: Callable[[Sequence[Item]], Result], part: Sequence[Item]) -> tuple[int, int]:
    """Fork a process that does one part: its number, and the end of the pipe that its result comes through."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    code = 1
    try:
        # Imported here: most runs are of one process.
        import pickle

        os.close(reading)
        data = pickle.dumps(work(part), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        # Nothing of the parent's may be flushed or cleaned up twice.
        os._exit(code)


def _answer(process: int, reading: int) -> tuple[Any] | None:
    """What a process sent, None where it died before it had."""
    import pickle

    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(process, 0)
    if status != 0:
        return None
    # The bytes are our own, from a process forked a moment ago.
    return (pickle.loads(data),)  # noqa: S301
