"""One file of the cache: a line for each result, added at the end, the last one of a path counts.

A line has a checksum of its own. So a run that is killed in the middle of one, or two runs that add at once, can spoil
no more than a line, and a spoilt line is as good as none. Lines hold JSON: whoever can write the file cannot make the
program do anything but report what is not there.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from binascii import crc32
from collections.abc import Sequence
from typing import Any

from devbox_lint.cache.place import SUFFIX, make, own_files, read_own, without_links, write_own

#: A longer file, in bytes, is begun anew.
MAXIMUM_SIZE = 200_000_000
#: After how many seconds without use an entry is removed.
_KEPT = 30 * 24 * 3600
_DAY = 24 * 3600
_CHECKSUM = 8
_encoded = json.encoder.encode_basestring_ascii


class Store:
    """The results of one group of runs, by path; ``name`` has 32 hexadecimal digits."""

    __slots__ = ("_count", "_folder", "_lines", "_path", "_read")

    def __init__(self, folder: str, name: str) -> None:
        self._folder = folder
        self._path = os.path.join(folder, name + SUFFIX)
        self._lines: dict[bytes, bytes] = {}
        self._count = 0
        #: When it was last written to, None where there was nothing to read.
        self._read: float | None = None
        with contextlib.suppress(OSError):
            self._load()

    def _load(self) -> None:
        data = read_own(self._path, MAXIMUM_SIZE)
        if data is None:
            return
        self._read = os.stat(self._path).st_mtime
        lines = self._lines
        for line in data.split(b"\n"):
            end = line.find(b"\t", _CHECKSUM)
            if end > 0:
                lines[line[_CHECKSUM:end]] = line
                self._count += 1

    def get(self, path: str) -> Any:
        """What was kept for ``path``, None where there is nothing or it is spoilt."""
        key = _encoded(path).encode()
        line = self._lines.get(key)
        if line is None or line[:_CHECKSUM] != _checksum(line[_CHECKSUM:]):
            return None
        try:
            return json.loads(line[_CHECKSUM + len(key) + 1 :])
        except (ValueError, RecursionError):
            return None

    def add(self, lines: Sequence[bytes]) -> None:
        """Keep lines that :func:`line` has made; where that cannot be done nothing happens."""
        with contextlib.suppress(OSError):
            if not lines:
                if self._read is not None and self._read < time.time() - _DAY:
                    os.utime(self._path)
                return
            make(self._folder)
            if self._read is None or self._count + len(lines) > 2 * len(self._lines) + 1_000:
                self._write_anew(lines)
            else:
                # In one piece, and at the end wherever that is now.
                descriptor = without_links(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
                try:
                    os.write(descriptor, b"\n" + b"\n".join(lines) + b"\n")
                finally:
                    os.close(descriptor)

    def _write_anew(self, lines: Sequence[bytes]) -> None:
        if self._read is None:
            self._remove_what_is_old()
        for line in lines:
            self._lines[line[_CHECKSUM : line.index(b"\t", _CHECKSUM)]] = line
        write_own(self._path, b"\n".join(self._lines.values()) + b"\n")

    def _remove_what_is_old(self) -> None:
        oldest = time.time() - _KEPT
        for entry in own_files(self._folder):
            if entry.stat(follow_symlinks=False).st_mtime < oldest:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def line(path: str, value: object) -> bytes:
    """The line that keeps ``value``, which JSON can write, for ``path``."""
    rest = f"{_encoded(path)}\t{json.dumps(value, separators=(',', ':'))}".encode()
    return _checksum(rest) + rest


def _checksum(data: bytes) -> bytes:
    return b"%08x" % crc32(data)
