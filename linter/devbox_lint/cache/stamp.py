"""What a result depends on apart from the files: the code that found it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

from devbox_lint import __version__

try:
    # Without hashlib, which loads OpenSSL: that takes longer than a hundred files to look up.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b", "hash_of", "stamp", "state_of"]

#: The packages that decide on what is found: ours, and the parser.
_PACKAGES = ("devbox_lint", "devbox_lint_rules", "_ruamel_yaml")


def stamp() -> str:
    """A text that changes with the code, with Python and with the parser."""
    parts = [__version__, repr(sys.version_info), sys.implementation.name]
    for package in _PACKAGES:
        spec = find_spec(package)
        if spec is None:
            continue
        folders = spec.submodule_search_locations
        parts.extend(_states(folders) if folders is not None else [state_of(spec.origin or "")])
    return "\n".join(parts)


def _states(folders: Iterable[str]) -> Iterator[str]:
    """The states of all modules in a package."""
    pending = list(folders)
    while pending:
        try:
            with os.scandir(pending.pop()) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".py", ".json", ".txt")):
                status = entry.stat()
                yield f"{entry.name} {status.st_size} {status.st_mtime_ns}"
            elif entry.name != "__pycache__" and entry.is_dir():
                pending.append(entry.path)


def state_of(path: str) -> str:
    """What changes when a file does: its length and its times; the same for all that are not there."""
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def hash_of(*parts: str) -> blake2b:
    """A hash of 32 bytes of the parts."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=32)
