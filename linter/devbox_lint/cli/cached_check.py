"""The command `check` for what the cache knows: where that is all, neither the parser nor the rules are loaded."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Failure, Severity
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.discovery import Candidate, Discovery, discover
from devbox_lint.reports.terminal import CLEAN, FAILED, FOUND
from devbox_lint.results import Checked, FileResult
from devbox_lint.run.options import COMMANDS
from devbox_lint.settings.files import SettingsFiles

if TYPE_CHECKING:
    from devbox_lint.cache.lookup import Cache
    from devbox_lint.rule import AnyRule
    from devbox_lint.run.online_step import Azure
    from devbox_lint.run.options import Options


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


#: Fewer files than this are checked sooner than looked up.
LEAST_FILES = 2
#: The formats that say nothing of the rules that ran.
_WITHOUT_RULES = ("text", "concise", "json")


class Recalled:
    """The files of a run, and what the cache knows of them: nothing where it is not to be used."""

    __slots__ = ("cache", "discovery", "left", "results", "settings", "today")

    def __init__(self, options: Options) -> None:
        self.today = time.strftime("%Y-%m-%d")
        self.settings = SettingsFiles(options.config, options.isolated)
        self.discovery: Discovery = requested(options, self.settings)
        self.results: dict[str, FileResult] = {}
        self.cache = _cache(options, self)
        if self.cache is not None:
            for path, named in self.discovery:
                result = self.cache.recall(path, named)
                if result is not None:
                    self.results[path] = result
        #: The files to check.
        self.left: list[Candidate] = [file for file in self.discovery if file.path not in self.results]

    def complete(self, checked: Checked) -> None:
        """Add what is known to what was checked, and keep that for the next run."""
        if self.cache is not None:
            checked.join(self.results, self.discovery)
            self.cache.add(checked.to_keep)
        checked.failures.extend(self.discovery.unreadable)

    @property
    def is_all(self) -> bool:
        """Whether there is nothing to do but to report."""
        return bool(self.results) and not self.left and self.cache is not None and not self.cache.needs_more


def check(options: Options, rules: Callable[[], Sequence[AnyRule]], load_azure: Callable[[], Azure]) -> int:
    """Check files and report, and give the exit code; ``rules`` gives all there are."""
    recalled = None if _is_of_another_kind(options) else Recalled(options)
    is_simple = options.output_format in _WITHOUT_RULES and not (
        options.output or options.baseline or options.write_baseline
    )
    if recalled is None or not is_simple or not recalled.is_all:
        from devbox_lint.cli.check import check_command

        return check_command(options, rules(), load_azure, recalled)
    from devbox_lint.cli.output import print_failures, print_notes, report

    checked = Checked()
    recalled.complete(checked)
    report(options, checked, (), sys.stdout)
    if not options.quiet and not os.environ.get("PRE_COMMIT"):
        print_notes(options, checked, False)
    print_failures(checked)
    return _exit_code(options, checked, recalled.settings)


def _is_of_another_kind(options: Options) -> bool:
    """Whether files are written, or read from elsewhere, or somebody else is asked about them."""
    return bool(
        options.fix
        or options.diff
        or options.add_ignores
        or options.online
        or options.online_strict
        or options.stdin_filename is not None
        or "-" in options.words
    )


def _cache(options: Options, run: Recalled) -> Cache | None:
    if options.no_cache or len(run.discovery) < LEAST_FILES:
        return None
    # Imported here: it takes longer than to check a few files.
    from devbox_lint.cache.lookup import Cache
    from devbox_lint.cache.place import cache_folder

    folder = cache_folder()
    if not folder:
        return None
    paths = [candidate.path for candidate in run.discovery]
    chosen = repr((options.select, options.extend_select, options.ignore))
    return Cache(folder, run.settings, paths, run.today, chosen, options.kind or "", options.task_catalog)


def _exit_code(options: Options, checked: Checked, settings: SettingsFiles) -> int:
    if checked.failed:
        return FAILED
    found = any(
        _fails(item.severity, options.fail_on or settings.of(result.source.path).fail_on)
        for result in checked.results
        for item in result.diagnostics
    )
    return FOUND if found and not options.exit_zero else CLEAN


def _fails(severity: Severity, fail_on: str) -> bool:
    return fail_on != "never" and severity >= Severity[fail_on.upper()]
