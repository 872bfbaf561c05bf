"""What a run does with each file: the command line's part, the same for all, and that of the file's settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from devbox_lint.customization.catalog import Catalog
from devbox_lint.policy import Choice, Policy
from devbox_lint.rule import Rule
from devbox_lint.run import Plan
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.settings.model import AzureSettings


class Plans:
    """The plans for files that have settings; made only where there are any.

    ``catalog_of`` gives the tasks for the paths of task catalogs. Paths are as they are shown.
    """

    __slots__ = ("_by_file", "_by_folder", "_catalog_of", "_choice", "_files", "_rules")

    def __init__(
        self,
        files: SettingsFiles,
        rules: Sequence[Rule],
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
