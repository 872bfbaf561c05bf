"""What settings and the command line make of the rules: which run on a file, and how much their findings weigh.

The command line wins: with ``--select`` what the settings say of rules does not count, and ``--ignore`` and
``--extend-select`` are asked after the settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from devbox_lint.customization.catalog import Catalog
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.errors import SettingsError, UsageError
from devbox_lint.files.exclusion import path_from
from devbox_lint.files.gitignore import IgnorePatterns
from devbox_lint.rule import AnyRule
from devbox_lint.run.run import Plan
from devbox_lint.run.selection import find, select, unknown_rule, weights
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.settings.model import STANDARD_SETTINGS, AzureSettings, Settings
from devbox_lint.settings.toml_positions import Path
from devbox_lint.startup import NamedTuple

OFF = "off"


class Choice(NamedTuple):
    """The words for rules on a command line."""

    select: Sequence[str] | None = None
    extend_select: Sequence[str] = ()
    ignore: Sequence[str] = ()


NO_CHOICE = Choice()


class Policy:
    """What holds for all files with the same settings.

    Raises :class:`SettingsError` for a word in the settings that stands for no rule, and :class:`UsageError` for one
    on the command line, or where no rule is left.
    """

    __slots__ = ("_ignored", "_of_file", "rules", "settings", "severities")

    def __init__(
        self, rules: Sequence[AnyRule], settings: Settings = STANDARD_SETTINGS, choice: Choice = NO_CHOICE
    ) -> None:
        for keys, word in _words(settings):
            if not find(rules, word):
                raise _error(settings, keys, str(unknown_rule(rules, word)), of_key=keys[0] == "severities")
        labels = _closest(rules, settings)
        self.settings = settings
        #: What the settings make of a rule's severity, by its code.
        self.severities = {code: Severity[label.upper()] for code, label in labels.items() if label != OFF}
        self.rules = select(
            rules,
            choice.select,
            choice.extend_select,
            choice.ignore,
            _settled(rules, settings, labels) if settings.path and choice.select is None else None,
        )
        self._ignored = [
            (IgnorePatterns([pattern]), frozenset(weights(rules, words)))
            for pattern, words in settings.per_file_ignores
        ]
        self._of_file: dict[frozenset[str], tuple[AnyRule, ...]] = {}

    def rules_for(self, path: str) -> tuple[AnyRule, ...]:
        """The rules that run on the file at ``path``, which is absolute."""
        if not self._ignored:
            return self.rules
        inside = path_from(self.settings.folder, path)
        ignored = frozenset[str]().union(*(codes for pattern, codes in self._ignored if pattern.covers(inside, False)))
        rules = self._of_file.get(ignored)
        if rules is None:
            rules = self._of_file[ignored] = tuple(rule for rule in self.rules if rule.code not in ignored)
        return rules

    def weighed(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Diagnostics with the severities that the settings give them."""
        severities = self.severities
        if not any(item.code in severities for item in diagnostics):
            return diagnostics
        return tuple(item._replace(severity=severities.get(item.code, item.severity)) for item in diagnostics)


def _settled(rules: Sequence[AnyRule], settings: Settings, labels: Mapping[str, str]) -> list[AnyRule]:
    """The rules that run by the settings alone."""
    try:
        selected = select(rules, settings.select, settings.extend_select, settings.ignore)
    except UsageError as error:
        raise _error(settings, (), str(error)) from None
    return [rule for rule in selected if labels.get(rule.code) != OFF]


def _error(settings: Settings, keys: Path, message: str, of_key: bool = False) -> SettingsError:
    # Imported here: what was read once needs no reader.
    from devbox_lint.settings.reader import error_at

    return error_at(settings.path, keys, message, of_key)


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


class Plans:
    """The plans for files that have settings; made only where there are any.

    ``catalog_of`` gives the tasks for the paths of task catalogs. Paths are as they are shown.
    """

    __slots__ = ("_by_file", "_by_folder", "_catalog_of", "_choice", "_files", "_rules")

    def __init__(
        self,
        files: SettingsFiles,
        rules: Sequence[AnyRule],
        choice: Choice,
        catalog_of: Callable[[tuple[str, ...]], Catalog],
    ) -> None:
        self._files = files
        self._rules = rules
        self._choice = choice
        self._catalog_of = catalog_of
        self._by_file: dict[str, Policy] = {}
        self._by_folder: dict[str, Policy] = {}

    def prepare(self, paths: Iterable[str]) -> None:
        """Look at the settings of all files, so that what is wrong with one is said before anything is checked.

        Raises :class:`SettingsError`, and UnreadableFileError for a task catalog.
        """
        for folder in dict.fromkeys(os.path.dirname(path) for path in paths):
            self._catalog_of(self._policy(folder).settings.task_catalogs)

    def settle(self, plan: Plan, path: str) -> Plan:
        """The plan for the file at ``path``, made of the one for all."""
        folder, name = os.path.split(path)
        policy = self._policy(folder)
        return plan._replace(
            rules=policy.rules_for(os.path.join(os.path.abspath(folder), name)),
            catalog=self._catalog_of(policy.settings.task_catalogs),
            weigh=policy.weighed if policy.severities else None,
        )

    @property
    def have_baselines(self) -> bool:
        """Whether the settings looked at so far name one."""
        return any(policy.settings.baseline for policy in self._by_file.values())

    def baseline(self, path: str) -> str | None:
        """The baseline for the file at ``path``, absolute."""
        return self._policy(os.path.dirname(path)).settings.baseline

    def fail_on(self, path: str) -> str:
        """The severity from which on a finding in the file at ``path`` fails the run, or `never`."""
        return self._policy(os.path.dirname(path)).settings.fail_on

    def azure(self, path: str) -> AzureSettings:
        """What the online rules need to know for the file at ``path``."""
        return self._policy(os.path.dirname(path)).settings.azure

    def _policy(self, folder: str) -> Policy:
        policy = self._by_folder.get(folder)
        if policy is None:
            file = self._files.file_for(os.path.abspath(folder))
            if file not in self._by_file:
                self._by_file[file] = Policy(self._rules, self._files.read(file), self._choice)
            policy = self._by_folder[folder] = self._by_file[file]
        return policy
