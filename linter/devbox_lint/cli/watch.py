"""Checks again whenever something changes, until it is interrupted.

It looks at the times of files, as that works on every system, in containers and on shares of the network. How long it
waits in between follows from how long a look takes, so that a large repository costs no more than a small one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from devbox_lint.errors import DevboxLintError
from devbox_lint.reports.terminal import CLEAN, is_watched, say
from devbox_lint.run.options import RunOptions
from devbox_lint.run.request import requested
from devbox_lint.settings.files import SettingsFiles

#: The seconds between two looks: at least this many, and this many times what a look takes.
_LEAST = 0.5
_TIMES = 20
#: The cursor to the upper left, and all below it away.
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def watch(options: RunOptions, check: Callable[[RunOptions], int]) -> int:
    """Check once, and again after each change; the exit code is 0 when it is interrupted.

    Raises DevboxLintError as ``check`` does in the first run; in later ones it is said, as whoever writes settings
    makes mistakes and mends them.
    """
    once = options._replace(watch=False)
    state: object = None
    try:
        while True:
            begun = time.monotonic()
            try:
                now = _state(once)
                took = time.monotonic() - begun
                if now != state:
                    _show(once, check, is_first=state is None)
                    state = now
            except DevboxLintError as error:
                if state is None:
                    raise
                took = 0.0
                if state != str(error):
                    state = str(error)
                    say(f"error: {error}")
            time.sleep(max(_LEAST, _TIMES * took))
    except KeyboardInterrupt:
        return CLEAN


def _show(once: RunOptions, check: Callable[[RunOptions], int], is_first: bool) -> None:
    if not is_first and sys.stdout.isatty() and is_watched():
        sys.stdout.write(_CLEAR)
    check(once)
    sys.stdout.flush()
    if not once.quiet:
        say("watching for changes; Ctrl+C ends it")


def _state(options: RunOptions) -> object:
    """What changes when anything does that a run looks at: the files, and what decides on them."""
    settings = SettingsFiles(options.config, options.isolated, audit=options.no_ignores)
    found = requested(options, settings)
    paths = [file.path for file in found]
    paths += found.deciding
    paths += [path for path in (options.config, options.baseline, *options.task_catalog) if path]
    return [(path, _stamp(path)) for path in paths], [failure.message for failure in found.unreadable]


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
