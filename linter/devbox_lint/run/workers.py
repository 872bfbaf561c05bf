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
#: The items in one piece of the work: a process that has done one takes the next, so that all end together.
_PIECE = 50
#: The most pieces: their numbers must fit into a pipe.
_MOST_PIECES = 8_000
_NUMBER = 4


def in_parts(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item], begun: Callable[[], None] | None = None
) -> list[Result]:
    """``work`` on consecutive parts of ``items``; the results in the order of the parts.

    ``begun`` is called here once all processes are started.

    What ``work`` changes in its process is lost, but for its results, which must be picklable. What a process did
    that dies is done again here, so an error is raised where it can be seen.
    """
    count = min(_processors(), MOST_PROCESSES, len(items) * 2 // LEAST_FOR_TWO)
    if count < 2 or not hasattr(os, "fork"):
        if begun is not None:
            begun()
        return [work(items)]
    size = max(_PIECE, -(-len(items) // _MOST_PIECES))
    pieces = [items[start : start + size] for start in range(0, len(items), size)]
    numbers, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_NUMBER, "little") for number in range(len(pieces))))
    os.close(writing)
    sys.stdout.flush()
    sys.stderr.flush()
    others = [_start(work, pieces, numbers) for _ in range(count - 1)]
    if begun is not None:
        begun()
    done = _work_on(work, pieces, numbers)
    os.close(numbers)
    for process, stream in others:
        done.update(_answer(process, stream))
    return [done[number] if number in done else work(piece) for number, piece in enumerate(pieces)]


def _work_on(
    work: Callable[[Sequence[Item]], Result], pieces: Sequence[Sequence[Item]], numbers: int
) -> dict[int, Result]:
    """Work on pieces as long as the pipe gives numbers of such, of which each is read by one process."""
    done: dict[int, Result] = {}
    while number := os.read(numbers, _NUMBER):
        index = int.from_bytes(number, "little")
        done[index] = work(pieces[index])
    return done


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(work: Callable[[Sequence[Item]], Result], pieces: Sequence[Sequence[Item]], numbers: int) -> tuple[int, int]:
    """Fork a process that works on pieces: its number, and the end of the pipe that its results come through."""
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
        data = pickle.dumps(_work_on(work, pieces, numbers), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        # Nothing of the parent's may be flushed or cleaned up twice.
        os._exit(code)


def _answer(process: int, reading: int) -> dict[int, Any]:
    """What a process sent: the results by the numbers of the pieces, none where it died before it had."""
    import pickle

    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(process, 0)
    if status != 0:
        return {}
    # The bytes are our own, from a process forked a moment ago.
    results: dict[int, Any] = pickle.loads(data)  # noqa: S301
    return results
