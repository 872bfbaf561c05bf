"""The names of files as services know them that read reports: from the top of the repository."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from devbox_lint.reports.model import STANDARD_INPUT


def in_repository(path: str) -> str:
    """``path`` from the top of the repository, with ``/``; absolute where it lies outside.

    Where there is no repository, the working directory is the top, and an empty path is the top itself. Bytes of a
    name that are no UTF-8 are U+FFFD.
    """
    return os.fsencode(_from_top(path)[0]).decode("utf-8", "replace")


def uri(path: str) -> tuple[str, bool]:
    """``path`` as a URI with all that needs it percent-encoded, and whether it is relative to the repository's top."""
    from urllib.parse import quote

    shown, inside = _from_top(path)
    return (quote(os.fsencode(shown)) if inside else Path(shown).as_uri()), inside


def _from_top(path: str) -> tuple[str, bool]:
    if path in ("", STANDARD_INPUT):
        return path or os.curdir, True
    absolute = os.path.abspath(path)
    try:
        relative = os.path.relpath(absolute, _top(os.getcwd()))
    except ValueError:
        # Another drive.
        return absolute.replace(os.sep, "/"), False
    inside = relative.split(os.sep, 1)[0] != os.pardir
    return (relative if inside else absolute).replace(os.sep, "/"), inside


@lru_cache(maxsize=1)
def _top(here: str) -> str:
    folder = here
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return here
        folder = parent
    return folder
