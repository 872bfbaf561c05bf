"""What settings and the command line make of the rules: which run on a file, and how much their findings weigh.

The command line wins: with ``--select`` what the settings say of rules does not count, and ``--ignore`` and
``--extend-select`` are asked after the settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.diagnostics import Severity
from devbox_lint.errors import SettingsError, UsageError
from devbox_lint.files.exclusion import path_from
from devbox_lint.pipeline import EffectiveSettings
from devbox_lint.rule import AnyRule
from devbox_lint.run.selection import find, select, unknown_rule, weights
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.settings.model import Settings

if TYPE_CHECKING:
    from devbox_lint.files.gitignore import IgnorePatterns
    from devbox_lint.settings.toml_positions import Path

OFF = "off"


class SettingsByPath:
    """Gives the effective settings of each file; paths are as they are shown.

    ``select``, ``extend_select`` and ``ignore`` are the words for rules on the command line; ``catalog_of`` gives the
    tasks for the paths of task catalogs, and without ``heed_comments`` no comment suppresses anything. Each method
    raises :class:`SettingsError` for a word in the settings that stands for no rule, and :class:`UsageError` for one on
    the command line, or where no rule is left.
    """

    __slots__ = ("_by_file", "_by_folder", "_catalog_of", "_chosen", "_files", "_heed_comments", "_rules")

    def __init__(
        self,
        files: SettingsFiles,
        rules: Sequence[AnyRule],
        select: Sequence[str] | None = None,
        extend_select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        catalog_of: Callable[[tuple[str, ...]], Catalog] = lambda _: STANDARD,
        heed_comments: bool = True,
    ) -> None:
        self._files = files
        self._rules = rules
        self._chosen = (select, extend_select, ignore)
        self._catalog_of = catalog_of
        self._heed_comments = heed_comments
        self._by_file: dict[str, _OfFile] = {}
        self._by_folder: dict[str, _OfFile] = {}

    def prepare(self, paths: Iterable[str]) -> None:
        """Look at the settings of all files, so that what is wrong with one is said before anything is checked.

        Raises UnreadableFileError for a task catalog, too.
        """
        for folder in dict.fromkeys(os.path.dirname(path) for path in paths):
            self._catalog_of(self._of(folder).settings.task_catalogs)

    def at(self, path: str) -> EffectiveSettings:
        """What applies to the file at ``path``, which need not exist."""
        folder, name = os.path.split(path)
        of_file = self._of(folder)
        settings = of_file.settings
        return EffectiveSettings(
            of_file.rules_for(os.path.join(os.path.abspath(folder), name)),
            of_file.severities,
            self._catalog_of(settings.task_catalogs),
            settings.baseline,
            settings.azure,
            self._heed_comments,
            settings.require_reason,
            of_file.unasked,
        )

    @property
    def all_rules(self) -> Sequence[AnyRule]:
        """All rules there are, selected or not."""
        return self._rules

    def baseline(self, path: str) -> str | None:
        """The baseline for the file at ``path``, absolute."""
        return self._of(os.path.dirname(path)).settings.baseline

    @property
    def have_baselines(self) -> bool:
        """Whether the settings looked at so far name one."""
        return any(of_file.settings.baseline for of_file in self._by_file.values())

    def _of(self, folder: str) -> _OfFile:
        of_file = self._by_folder.get(folder)
        if of_file is None:
            file = self._files.file_for(os.path.abspath(folder))
            if file not in self._by_file:
                self._by_file[file] = _OfFile(self._rules, self._files.read(file), *self._chosen)
            of_file = self._by_folder[folder] = self._by_file[file]
        return of_file


class _OfFile:
    """What one settings file, or none, and the command line say to all files that the settings hold for."""

    __slots__ = ("_ignored", "_rules", "_without", "settings", "severities", "unasked")

    def __init__(
        self,
        rules: Sequence[AnyRule],
        settings: Settings,
        chosen: Sequence[str] | None,
        extended: Sequence[str],
        ignored: Sequence[str],
    ) -> None:
        for keys, word in _words(settings):
            if not find(rules, word):
                raise _error(settings, keys, str(unknown_rule(rules, word)), of_key=keys[0] == "severities")
        labels = _closest(rules, settings)
        self.settings = settings
        #: What the settings make of a rule's severity, by its code.
        self.severities = {code: Severity[label.upper()] for code, label in labels.items() if label != OFF}
        settled = _settled(rules, settings, labels) if settings.path and chosen is None else None
        self._rules = select(rules, chosen, extended, ignored, settled)
        words = (*(chosen or ()), *extended, *(settings.select or ()), *settings.extend_select)
        #: The codes of the rules whose fixes nobody has asked for.
        self.unasked = frozenset(rule.code for rule in self._rules if not rule.repairs) - weights(rules, words).keys()
        self._ignored = list(_ignored(rules, settings))
        self._without: dict[frozenset[str], tuple[AnyRule, ...]] = {}

    def rules_for(self, path: str) -> tuple[AnyRule, ...]:
        """The rules that run on the file at ``path``, which is absolute."""
        if not self._ignored:
            return self._rules
        inside = path_from(self.settings.folder, path)
        ignored = frozenset[str]().union(*(codes for pattern, codes in self._ignored if pattern.covers(inside, False)))
        rules = self._without.get(ignored)
        if rules is None:
            rules = self._without[ignored] = tuple(rule for rule in self._rules if rule.code not in ignored)
        return rules


def _ignored(rules: Sequence[AnyRule], settings: Settings) -> Iterator[tuple[IgnorePatterns, frozenset[str]]]:
    """The patterns of files, each with the codes of the rules that are left out there."""
    if settings.per_file_ignores:
        # Imported here: most settings have none.
        from devbox_lint.files.gitignore import IgnorePatterns

        for pattern, words in settings.per_file_ignores:
            yield IgnorePatterns([pattern]), frozenset(weights(rules, words))


def _settled(rules: Sequence[AnyRule], settings: Settings, labels: Mapping[str, str]) -> list[AnyRule]:
    """The rules that run by the settings alone."""
    try:
        selected = select(rules, settings.select, settings.extend_select, settings.ignore)
    except UsageError as error:
        raise _error(settings, (), str(error)) from None
    return [rule for rule in selected if labels.get(rule.code) != OFF]


def _error(settings: Settings, keys: Path, message: str, of_key: bool = False) -> SettingsError:
    # Imported here: what was read once needs no reader.
    from devbox_lint.settings.reader import error_in

    return error_in(settings, keys, message, of_key)


def _words(settings: Settings) -> Iterator[tuple[Path, str]]:
    """All words for rules in the settings, and where each stands."""
    for key, words in (
        ("select", settings.select or ()),
        ("extend-select", settings.extend_select),
        ("ignore", settings.ignore),
    ):
        for index, word in enumerate(words):
            yield (key, index), word
    for pattern, words in settings.per_file_ignores:
        for index, word in enumerate(words):
            yield ("per-file-ignores", pattern, index), word
    for word, _ in settings.severities:
        yield ("severities", word), word


def _closest(rules: Sequence[AnyRule], settings: Settings) -> dict[str, str]:
    """The label of the closest word under ``severities`` for each rule that has one."""
    labels: dict[str, str] = {}
    closest: dict[str, int] = {}
    for word, label in settings.severities:
        for code, weight in weights(rules, [word]).items():
            if weight >= closest.get(code, weight):
                closest[code] = weight
                labels[code] = label
    return labels
