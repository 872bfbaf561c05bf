"""Whole runs: what one printed holds as long as all that it looked at is as it was.

A run that the cache answers alone leaves a file with what it printed, its exit code, and the paths of all files and
folders that it looked at, with a hash of their states. The next run of the same options, in the same folder, on the
same day and by the same code, compares these and prints the same: it lists no folder, and reads no file. A folder
changes when something in it comes or goes, a file when it is written; what had changed just before the run is no ground
for keeping it, as it may change again without its times telling.

The file is written in one piece, with a hash over all of it: one that is cut off, or that another run replaces, is as
good as none. Only its owner may have written it, as with all that is in the folder of the cache.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable

from devbox_lint.cache.place import RUN, make, own_files, read_own, write_own
from devbox_lint.cache.stamp import blake2b, hash_of, stamp
from devbox_lint.startup import NamedTuple

#: What changed less than this before a run, in nanoseconds, may change again without its times telling.
FRESH = 2_000_000_000
#: More files of runs than this are not kept; the oldest go.
MOST_RUNS = 20
#: A longer file, in bytes, is neither written nor read.
LONGEST = 50_000_000
_DIGEST = 16


class Ground(NamedTuple):
    """What a run has looked at: files and folders whose states count, and paths of which counts that they are there."""

    states: tuple[str, ...]
    there: tuple[str, ...]


class PastRun:
    """The last run with the same request: ``asked`` says all that decides on it but files and code."""

    __slots__ = ("_folder", "_path", "_started")

    def __init__(self, folder: str, asked: str) -> None:
        self._folder = folder
        self._path = os.path.join(folder, hash_of(stamp(), os.getcwd(), asked).hexdigest()[:32] + RUN)
        self._started = time.time_ns()

    def recall(self) -> tuple[str, int] | None:
        """What it printed, and its exit code; None where something has changed since, or nothing is known."""
        try:
            data = read_own(self._path, LONGEST)
            if data is None or data[:_DIGEST] != _digest(data[_DIGEST:]):
                return None
            code, count, rest = data[_DIGEST:].split(b"\0", 2)
            number_of_states, number_of_there = map(int, count.split())
            *paths, state, printed = rest.split(b"\0", number_of_states + number_of_there + 1)
            names = [os.fsdecode(path) for path in paths]
            ground = Ground(tuple(names[:number_of_states]), tuple(names[number_of_states:]))
            if state != _state_of(ground, None):
                return None
            return printed.decode("utf-8", "surrogatepass"), int(code)
        except (OSError, ValueError):
            return None

    def keep(self, ground: Ground, printed: str, code: int) -> None:
        """Keep a run for the next one, where nothing that it looked at has just changed; else nothing happens."""
        state = _state_of(ground, self._started - FRESH)
        if state is None:
            return
        paths = [os.fsencode(path) for path in (*ground.states, *ground.there)]
        count = b"%d %d" % (len(ground.states), len(ground.there))
        rest = b"\0".join((b"%d" % code, count, *paths, state, printed.encode("utf-8", "surrogatepass")))
        if len(rest) > LONGEST - _DIGEST:
            return
        with contextlib.suppress(OSError):
            make(self._folder)
            write_own(self._path, _digest(rest) + rest)
            runs = [entry for entry in own_files(self._folder) if entry.name.endswith(RUN)]
            for entry in sorted(runs, key=lambda entry: entry.stat().st_mtime)[:-MOST_RUNS]:
                os.unlink(entry.path)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST).digest()


def _state_of(ground: Ground, oldest: int | None) -> bytes | None:
    """A hash of the states of all; None where something has changed after ``oldest``, where it is given."""
    states: list[object] = []
    for path in ground.states:
        try:
            status = os.stat(path)
        except OSError:
            states.append(None)
            continue
        if oldest is not None and max(status.st_mtime_ns, status.st_ctime_ns) > oldest:
            return None
        states.append((status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    states.extend(map(os.path.lexists, ground.there))
    return blake2b(repr(states).encode(), digest_size=_DIGEST).hexdigest().encode()


def ground_of(paths: Iterable[str], listed: Iterable[str], names: Iterable[str]) -> Ground:
    """What a run has looked at: the files among ``paths``, and the folders ``listed``, which are absolute.

    Above them the files called ``names`` count too, as settings and ignore files hold for what is below them, and
    whether a repository begins there. In folders that are listed such files are among the paths, if there are any.
    """
    passed = set(listed)
    states = dict.fromkeys((*paths, *passed))
    there: dict[str, None] = {}
    names = tuple(names)
    for path in list(states):
        folder = os.path.dirname(os.path.abspath(path))
        while folder not in passed:
            passed.add(folder)
            states.update(dict.fromkeys(os.path.join(folder, name) for name in names))
            there[os.path.join(folder, ".git")] = None
            folder = os.path.dirname(folder)
    return Ground(tuple(states), tuple(there))
