"""The settings of a file as values; which words they may be is said in `keys`."""

from __future__ import annotations

import os.path

from devbox_lint.startup import NamedTuple


class Endpoints(NamedTuple):
    """Where a cloud of one's own answers.

    ``authority`` and ``resource_manager`` are addresses (`https://...`, no slash at the end), ``vault_suffix`` is what
    the hosts of its vaults end in, without a dot before it.
    """

    authority: str
    resource_manager: str
    vault_suffix: str


class AzureSettings(NamedTuple):
    """What the online rules need to know.

    ``project`` is the resource id of the dev center project, None where none is set. ``consumers`` and ``admins`` are
    object ids of those who use dev boxes and of those who build images. ``cloud`` is `public`, `china`, `usgov`, or
    the endpoints of another one. Like ``tenant`` and ``credential`` it is the operator's: they decide who gets a token.
    ``timeout`` is in seconds, for one answer; ``strict`` makes a check that could not be made a failure.
    """

    project: str | None = None
    tenant: str | None = None
    consumers: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    cloud: str | Endpoints = "public"
    credential: str = "default"
    timeout: float = 10.0
    concurrency: int = 8
    max_requests: int = 500
    strict: bool = False
    validate_tasks: bool = False


class Settings(NamedTuple):
    """What holds for a file; two files with equal settings can be checked alike.

    ``path`` is the settings file, absolute, and empty where there is none. Patterns are relative to its folder, as in
    `.gitignore`; the paths in ``task_catalogs`` and ``baseline`` are absolute. ``select`` None stands for the rules
    that are on by default. ``severities`` has the label of a severity, or `off`, for each word that stands for rules.
    """

    path: str = ""
    extended: tuple[str, ...] = ()
    required_version: str | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: str = "warning"
    task_catalogs: tuple[str, ...] = ()
    baseline: str | None = None
    require_reason: bool = False
    azure: AzureSettings = AzureSettings()

    @property
    def folder(self) -> str:
        """The folder of the settings file, absolute; empty where there is none."""
        return os.path.dirname(self.path)

    def for_audit(self) -> Settings:
        """The settings without what makes the linter quieter: a repository cannot leave out what it is audited for."""
        return self._replace(
            select=None,
            ignore=(),
            per_file_ignores=(),
            severities=(),
            exclude=(),
            fail_on="warning",
            baseline=None,
        )


#: What holds where no settings file is.
STANDARD_SETTINGS = Settings()
