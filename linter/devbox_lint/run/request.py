"""What a run is about: its options, the settings files, the files to check, and what the cache knows of them.

Imports neither the parser nor the rules: where the cache knows all files, neither is loaded.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Failure
from devbox_lint.errors import UnreadableFileError, UsageError
from devbox_lint.files.discovery import Candidate, Discovery, discover
from devbox_lint.results import FileResult
from devbox_lint.run.options import COMMANDS, RunOptions
from devbox_lint.settings.files import SettingsFiles

if TYPE_CHECKING:
    from devbox_lint.cache.lookup import Cache

#: What other programs call our commands.
_OTHERS = {
    "help": "--help",
    "version": "--version",
    "lint": "check",
    "run": "check",
    "fix": "check --fix",
    "format": "check --fix",
    "diff": "check --diff",
    "watch": "check --watch",
    "explain": "rule RULE",
    "list": "rules",
    "linter": "rules",
    "settings": "config",
    "lsp": "server",
    "cache": "clean",
}
#: Fewer files than this are checked sooner than looked up.
LEAST_FILES = 2


class Request:
    """One run: ``files`` are those to check, in the order of the report, and ``recalled`` what the cache says of some.

    Raises :class:`SettingsError`, and UsageError for options that contradict each other.
    """

    __slots__ = ("cache", "files", "notes", "options", "recalled", "settings", "today")

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        #: The date as ISO 8601 writes it, in the time of the place.
        self.today = time.strftime("%Y-%m-%d")
        self.settings = SettingsFiles(options.config, options.isolated, _operator(options), audit=options.no_ignores)
        self.files = Discovery() if options.reads_input else requested(options, self.settings)
        self.recalled: dict[str, FileResult] = {}
        #: What to say after the report.
        self.notes: list[str] = []
        self.cache = self._cache()
        if self.cache is not None:
            for path, named in self.files:
                result = self.cache.recall(path, named)
                if result is not None:
                    self.recalled[path] = result

    @property
    def left(self) -> list[Candidate]:
        """The files that the cache does not know."""
        return [file for file in self.files if file.path not in self.recalled]

    @property
    def is_answered(self) -> bool:
        """Whether the cache says all that there is to say of the files."""
        return self.cache is not None and not self.cache.needs_more and bool(self.recalled) and not self.left

    def _cache(self) -> Cache | None:
        options = self.options
        if options.no_cache or len(self.files) < LEAST_FILES:
            return None
        if options.repairs or options.add_ignores or options.asks_azure:
            # Files are written, or somebody else is asked about them.
            return None
        # Imported here: it takes longer than to check a few files.
        from devbox_lint.cache.lookup import Cache
        from devbox_lint.cache.place import cache_folder, distrust

        folder = cache_folder()
        reason = distrust(folder) if folder else ""
        if reason:
            self.notes.append(f"note: the cache folder `{folder}` is not used: {reason}")
        if not folder or reason:
            return None
        paths = [candidate.path for candidate in self.files]
        chosen = repr((options.select, options.extend_select, options.ignore, options.no_ignores))
        return Cache(folder, self.settings, paths, self.today, chosen, options.kind or "", options.task_catalog)


def _operator(options: RunOptions) -> dict[str, object] | None:
    """What the operator says of Azure, where it is asked."""
    if not options.asks_azure:
        if options.azure:
            raise UsageError("`--azure` says how Azure is asked, and goes with `--online`")
        return None
    # Imported here: most runs ask nobody.
    from devbox_lint.settings.operator import operator_settings

    return operator_settings(options.azure)


def requested(options: RunOptions, settings: SettingsFiles) -> Discovery:
    """The files to check; one path that is not there does not hide the others."""
    paths = options.paths or (".",)
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
    other = _OTHERS.get(path.lower())
    if other is not None:
        return f" (did you mean `devbox-lint {other}`?)"
    # Imported here: most paths are there.
    from devbox_lint.spelling import nearest

    meant = nearest(path, COMMANDS)
    return f" (did you mean the command {meant}?)" if meant else ""
