"""What a run leaves out: patterns of the command line from the working directory, those of settings from their file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from devbox_lint.settings.files import SettingsFiles

if TYPE_CHECKING:
    from devbox_lint.files.gitignore import IgnorePatterns


class Exclusion:
    """Patterns as in `.gitignore`: what stands in a folder is left out by the settings that hold for that folder."""

    __slots__ = ("_excluded", "_files", "_here", "_of_settings")

    def __init__(self, exclude: Sequence[str], files: SettingsFiles) -> None:
        self._here = os.getcwd()
        # On Windows a shell completes paths with backslashes; settings are read on other systems, too.
        self._excluded = _patterns([pattern.replace(os.sep, "/") for pattern in exclude])
        self._files = files
        self._of_settings: dict[str, IgnorePatterns | None] = {"": None}

    def in_folder(self, folder: str) -> list[tuple[IgnorePatterns, str]]:
        """The patterns for what stands in ``folder``, each with that folder's path as they count it.

        ``folder`` is absolute; its path has `/` between the names and, unless it is empty, one at the end.
        """
        found = []
        if self._excluded is not None:
            found.append((self._excluded, _as_folder(path_from(self._here, folder))))
        settings, patterns = self._settled(folder)
        if patterns is not None:
            found.append((patterns, _as_folder(path_from(os.path.dirname(settings), folder))))
        return found

    def covers(self, path: str) -> bool:
        """Whether what is at ``path``, absolute and named by the person, or a folder it is in is left out."""
        if self._excluded is not None:
            from_here = path_from(self._here, path)
            if from_here and self._excluded.covers(from_here, os.path.isdir(path)):
                return True
        inner = path
        while True:
            folder, name = os.path.split(inner)
            settings, patterns = self._settled(folder)
            if patterns is not None:
                inside = _as_folder(path_from(os.path.dirname(settings), folder)) + name
                if patterns.ignores(inside, name, inner != path or os.path.isdir(path)):
                    return True
            if folder in ("", inner) or not self._files.goes_on(folder):
                return False
            inner = folder

    def _settled(self, folder: str) -> tuple[str, IgnorePatterns | None]:
        """The settings file for what stands in a folder, and its patterns."""
        path = self._files.file_for(folder)
        if path not in self._of_settings:
            self._of_settings[path] = _patterns(self._files.read(path).exclude)
        return path, self._of_settings[path]


def path_from(base: str, absolute: str) -> str:
    """``absolute`` from the folder ``base`` on, with `/`; without its start alone where it lies elsewhere."""
    prefix = os.path.join(base, "")
    # Of `C:` and `c:`, which are the same, a person writes one and the system the other.
    is_inside = os.path.normcase(os.path.join(absolute, "")).startswith(os.path.normcase(prefix))
    inside = absolute[len(prefix) :] if is_inside else os.path.splitdrive(absolute)[1]
    return inside.replace(os.sep, "/").strip("/")


def _as_folder(path: str) -> str:
    return path and path + "/"


def _patterns(exclude: Sequence[str]) -> IgnorePatterns | None:
    if not exclude:
        return None
    # Imported here: most runs leave nothing out.
    from devbox_lint.files.gitignore import IgnorePatterns

    return IgnorePatterns(pattern.removeprefix("./") for pattern in exclude)
