"""The files that a command line names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Failure
from devbox_lint.discovery import Discovery, discover
from devbox_lint.errors import UnreadableFileError
from devbox_lint.options import COMMANDS
from devbox_lint.settings.files import SettingsFiles

if TYPE_CHECKING:
    from devbox_lint.options import Options


def requested(options: Options, settings: SettingsFiles) -> Discovery:
    """The files to check; one path that is not there does not hide the others."""
    paths = options.words or ["."]
    try:
        return discover(paths, options.exclude, settings=settings)
    except UnreadableFileError:
        pass
    discovery = Discovery()
    for path in paths:
        try:
            found = discover([path], options.exclude, settings=settings)
        except UnreadableFileError as error:
            meant = _command_meant(path) if path == paths[0] else ""
            discovery.unreadable.append(Failure(f"{error}{meant}", path))
            continue
        discovery.unreadable.extend(found.unreadable)
        for candidate in found:
            discovery.add(os.path.abspath(candidate.path), candidate.path, candidate.named)
    return discovery


def _command_meant(path: str) -> str:
    if path in COMMANDS:
        return f" (the command `{path}` comes before the options)"
    # Imported here: most paths are there.
    from devbox_lint.spelling import nearest

    meant = nearest(path, COMMANDS)
    return f" (did you mean the command {meant}?)" if meant else ""
