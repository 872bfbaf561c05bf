"""A process that takes itself to be on Windows: `python pretended_windows.py FOLDER WORD...` runs the command line.

What the linter asks of the system gets Windows' answers: paths by :mod:`ntpath`, drives that are folders of FOLDER (`c`
is `C:`), a console in code page 1252 with CRLF, no fork. The working directory is that of the process, below FOLDER.
What it cannot show: names in any case, files that are locked while they are open, the registry.
"""

from __future__ import annotations

import builtins
import io
import ntpath
import os
import pathlib
import posixpath
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

_DRIVE = re.compile(r"([A-Za-z]):(?=[\\/]|$)")
#: Those that take a path, with how many.
_TAKING = {
    **dict.fromkeys(("access", "chmod", "lstat", "mkdir", "open", "readlink", "rmdir", "stat", "unlink", "utime"), 1),
    **dict.fromkeys(("listdir", "makedirs", "remove"), 1),
    **dict.fromkeys(("rename", "replace"), 2),
}


class _Entry:
    """What a listing yields; its path has backslashes."""

    def __init__(self, entry: os.DirEntry[str], folder: str) -> None:
        self._entry = entry
        self.name = entry.name
        self.path = ntpath.join(folder, entry.name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)


class _Listing:
    def __init__(self, listing: Any, folder: str) -> None:
        self._listing = listing
        self._folder = folder

    def __enter__(self) -> Iterator[_Entry]:
        self._listing.__enter__()
        return iter(self)

    def __exit__(self, *error: object) -> None:
        self._listing.__exit__(*error)

    def __iter__(self) -> Iterator[_Entry]:
        return (_Entry(entry, self._folder) for entry in self._listing)


def _pretend(top: str) -> None:
    here = os.getcwd()

    def real(path: Any) -> Any:
        if not isinstance(path, str):
            return path
        drive = _DRIVE.match(path)
        if drive is not None:
            path = f"{top}/{drive[1].lower()}{path[2:]}"
        return path.replace("\\", "/")

    def taking(function: Callable[..., Any], count: int) -> Callable[..., Any]:
        def call(*words: Any, **options: Any) -> Any:
            return function(*map(real, words[:count]), *words[count:], **options)

        return call

    drive, _, rest = posixpath.relpath(here, top).partition("/")
    shown = f"{drive.upper()}:\\" + rest.replace("/", "\\")
    scandir = os.scandir
    for name, count in _TAKING.items():
        setattr(os, name, taking(getattr(os, name), count))
    setattr(builtins, "open", taking(open, 1))  # noqa: B010 - mypy would have it typed
    fake: dict[str, Any] = {
        "getcwd": lambda: shown,
        "scandir": lambda folder=".": _Listing(scandir(real(folder)), folder),
        "path": ntpath,
        "sep": "\\",
        "altsep": "/",
    }
    for name, value in fake.items():
        setattr(os, name, value)
    for name in ("fork", "sched_getaffinity"):
        if hasattr(os, name):
            delattr(os, name)
    setattr(pathlib, "Path", pathlib.PureWindowsPath)  # noqa: B010
    for name in ("stdout", "stderr"):
        raw = getattr(sys, name).detach()
        stream = io.TextIOWrapper(raw, encoding="cp1252", newline="\r\n", errors="strict")
        setattr(sys, name, stream)
        # Or it would be closed as soon as nobody holds it.
        setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    top, *words = sys.argv[1:]
    sys.argv[1:] = words
    # Those that look for modules have the system's own names for the rest of the process.
    import tempfile  # noqa: F401

    from devbox_lint.__main__ import main

    if "server" in words:
        import pygls

        pygls.IS_WIN = True
        import devbox_lint_lsp.main  # noqa: F401
    _pretend(os.path.abspath(top))
    main()
