"""Where a report or a baseline may be written: never through a link of a repository, nor in place of something else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from devbox_lint.settings.boundary import is_top


def refusal(path: str, taken: Iterable[str] = ()) -> str:
    """Why nothing is written to ``path``, in words that end a sentence; empty where it may be written.

    ``taken`` are files that the run reads.
    """
    absolute = os.path.abspath(path)
    link = _link_of_a_repository(absolute)
    if link:
        shown = "it" if link == absolute else f"`{os.path.relpath(link)}`"
        return f"{shown} is a link, which may be the repository's: name the file that it leads to"
    folder = os.path.dirname(absolute)
    if not os.path.isdir(folder):
        return f"there is no folder `{os.path.dirname(path)}`: create it first"
    try:
        status = os.stat(absolute)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return error.strerror or str(error)
    if stat.S_ISDIR(status.st_mode):
        return "it is a folder"
    if not stat.S_ISREG(status.st_mode):
        return "it is a pipe or a device: write to a file, or to standard output"
    if any(_is_same(status, other) for other in taken):
        return "this run reads it"
    return ""


def _link_of_a_repository(absolute: str) -> str:
    """The link on the way to a file that stands in the working directory or in a repository; empty without one.

    Whoever starts the run has made the other links, or knows the machine.
    """
    here = os.path.join(os.getcwd(), "")
    parts = absolute.split(os.sep)
    in_repository = False
    way = parts[0] + os.sep
    for part in parts[1:]:
        in_repository = in_repository or os.path.join(way, "").startswith(here) or is_top(way)
        way = os.path.join(way, part)
        if in_repository and os.path.islink(way):
            return way
    return ""


def _is_same(status: os.stat_result, path: str) -> bool:
    try:
        return os.path.samestat(status, os.stat(path))
    except OSError:
        return False
