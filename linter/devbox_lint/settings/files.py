"""Which settings file holds for which file: the nearest one, from the file's own folder upwards.

The search ends with the folder that has `.git` in it: what lies above a repository is not the project's, and on a
shared machine may be anybody's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from devbox_lint.errors import UsageError
from devbox_lint.settings import TABLE
from devbox_lint.settings.boundary import is_top

if TYPE_CHECKING:
    from devbox_lint.settings.model import Settings

#: The names of settings files; of several in one folder the first counts.
NAMES = (".devbox-lint.toml", "devbox-lint.toml", "pyproject.toml")


class SettingsFiles:
    """The settings of a run; each file is read once.

    ``given`` is the one file that holds for all, where the person named one, and ``trusted`` says that the operator
    did; ``isolated`` reads none, and ``audit`` takes of a repository's own file only what leaves nothing out.
    ``operator`` is what the operator says of Azure, whatever stands in a file.
    """

    __slots__ = ("_audit", "_given", "_isolated", "_of_files", "_of_folders", "_operator", "_trusted")

    def __init__(
        self,
        given: str | None = None,
        isolated: bool = False,
        operator: Mapping[str, object] | None = None,
        trusted: bool = True,
        audit: bool = False,
    ) -> None:
        if given is not None and isolated:
            raise UsageError("`--config` names a settings file and `--isolated` reads none: take one of them")
        self._given = None if given is None else os.path.abspath(given)
        self._isolated = isolated
        self._operator = operator
        self._audit = audit
        self._trusted = given is not None and trusted
        self._of_folders: dict[str, str] = {}
        self._of_files: dict[str, Settings] = {}

    def of(self, path: str) -> Settings:
        """The settings for the file at ``path``, which need not exist; raises :class:`SettingsError`."""
        return self.read(self.file_for(os.path.abspath(os.path.dirname(path))))

    @property
    def are_any(self) -> bool:
        """Whether there is a settings file for anything that was asked so far."""
        return self._given is not None or any(self._of_folders.values())

    @property
    def read_so_far(self) -> list[str]:
        """The settings files that were read, with those that they extend."""
        return [file for path, settings in self._of_files.items() if path for file in (path, *settings.extended)]

    def goes_on(self, folder: str) -> bool:
        """Whether the settings for ``folder`` may stand above it, or have something to say there."""
        if self._isolated or not self.file_for(folder):
            return False
        if self._given is not None:
            return folder != os.path.dirname(self._given)
        return not is_top(folder)

    def same(self, folder: str, parent: str) -> None:
        """Take note that ``folder`` has no settings file of its own, nor `.git`, as its listing showed."""
        if parent in self._of_folders:
            self._of_folders[folder] = self._of_folders[parent]

    def file_for(self, folder: str) -> str:
        """The settings file that applies in ``folder``, both absolute; empty if there is none."""
        if self._isolated:
            return ""
        if self._given is not None:
            return self._given
        passed: list[str] = []
        found: str | None = None
        while found is None:
            found = self._of_folders.get(folder)
            if found is not None:
                break
            passed.append(folder)
            found = settings_file_in(folder)
            parent = os.path.dirname(folder)
            if found is None and (parent == folder or is_top(folder)):
                found = ""
            folder = parent
        for folder in passed:
            self._of_folders[folder] = found
        return found

    def read(self, path: str) -> Settings:
        """The settings in the file at ``path``, those without any file where it is empty."""
        settings = self._of_files.get(path)
        if settings is None:
            if path:
                from devbox_lint.settings.reader import read_settings

                settings = read_settings(path, self._trusted)
                if self._audit and not self._trusted:
                    settings = settings.for_audit()
            else:
                from devbox_lint.settings.model import STANDARD_SETTINGS

                settings = STANDARD_SETTINGS
            if self._operator:
                from devbox_lint.settings.operator import with_operator

                settings = settings._replace(azure=with_operator(settings.azure, self._operator))
            self._of_files[path] = settings
        return settings


def settings_file_in(folder: str) -> str | None:
    """The settings file in a folder itself; None where it has none."""
    for name in NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and (name != "pyproject.toml" or _may_have_settings(path)):
            return path
    return None


def _may_have_settings(path: str) -> bool:
    """Whether a pyproject.toml has a table of ours; most have not, and are not parsed."""
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    if TABLE.encode() not in data:
        return False
    from devbox_lint.settings.reader import has_table

    return has_table(data)
