"""What `check` is asked for, and the words that the command line takes."""

from __future__ import annotations

from devbox_lint.diagnostics import Severity
from devbox_lint.startup import NamedTuple

COMMANDS = (
    "check",
    "clean",
    "completion",
    "config",
    "export",
    "init",
    "report",
    "rule",
    "rules",
    "schema",
    "server",
    "tasks",
)
KINDS = ("imagedefinition", "user", "task", "script", "configuration")
SCHEMAS = ("imagedefinition", "user", "task", "configuration", "settings", "report")
SHELLS = ("bash", "zsh", "fish", "powershell")
FORMATS = (
    "text",
    "concise",
    "json",
    "json-v1",
    "sarif",
    "github",
    "azure",
    "gitlab",
    "junit",
    "rdjson",
    "html",
    "markdown",
)


class RunOptions(NamedTuple):
    """What one run of `check` is asked for: each option by its name, as `devbox-lint check --help` explains them.

    ``paths`` are as they were written, none for the working directory; ``output`` has pairs of a format and a path.
    ``output_format`` is empty where none is given: then the pipeline that it runs in decides.
    """

    paths: tuple[str, ...] = ()
    add_ignores: bool = False
    azure: tuple[str, ...] = ()
    baseline: str | None = None
    color: str = "auto"
    config: str | None = None
    diff: bool = False
    exclude: tuple[str, ...] = ()
    exit_zero: bool = False
    explain_access: bool = False
    extend_select: tuple[str, ...] = ()
    fail_on: str | None = None
    fix: bool = False
    ignore: tuple[str, ...] = ()
    isolated: bool = False
    force_write: bool = False
    kind: str | None = None
    no_cache: bool = False
    no_ignores: bool = False
    online: bool = False
    online_strict: bool = False
    output: tuple[tuple[str, str], ...] = ()
    output_format: str = ""
    quiet: bool = False
    reason: str | None = None
    select: tuple[str, ...] | None = None
    severity: str = "info"
    show_files: bool = False
    statistics: bool = False
    stdin_filename: str | None = None
    strict_baseline: bool = False
    task_catalog: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    watch: bool = False
    write_baseline: bool = False

    @property
    def reads_input(self) -> bool:
        """Whether the text to check is on standard input."""
        return self.stdin_filename is not None or "-" in self.paths

    @property
    def asks_azure(self) -> bool:
        """Whether the rules that ask Azure are to ask."""
        return self.online or self.online_strict

    @property
    def repairs(self) -> bool:
        """Whether fixes are made, or shown."""
        return self.fix or (self.diff and not self.add_ignores)

    @property
    def writes(self) -> bool:
        """Whether the files that are checked may be written."""
        return (self.fix or self.add_ignores) and not self.diff

    @property
    def least_severity(self) -> Severity:
        """The severity from which on findings are shown."""
        return Severity[self.severity.upper()]
