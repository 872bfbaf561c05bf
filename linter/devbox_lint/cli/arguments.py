"""What can be written on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn

from devbox_lint.errors import UsageError
from devbox_lint.run.options import COMMANDS, FORMATS, KINDS, RunOptions

HELP = """\
Usage: devbox-lint [COMMAND] [OPTIONS] ...

Checks Microsoft Dev Box customization files: image definitions (team customizations),
user customizations and task definitions.

Commands:
  check [PATH ...]   check files and folders; this is the default, and so is the path `.`
  clean              empty the cache
  completion SHELL   print the completion script for bash, zsh, fish or powershell
  config [PATH]      show the settings for a file or folder, and where each comes from
  export FILE ...    write WinGet configurations that do what customization files do
  init [FILE ...]    set a repository up, or start new files
  report FILE ...    put the JSON reports of many repositories on one page
  rule RULE ...      explain rules, by code or name
  rules              list all rules
  schema KIND        print the JSON Schema of a kind of files, of `settings`, or of a `report`
  server             serve an editor: diagnostics, fixes and more over the Language Server Protocol
  tasks [PATH ...]   list the known tasks and their parameters

`devbox-lint COMMAND --help` lists the options of a command.

Options:
  -h, --help         show this and stop
  -V, --version      show the version and stop

Examples:
  devbox-lint                              check everything below the current folder
  devbox-lint imagedefinition.yaml         check one file
  devbox-lint check --fix .                apply safe fixes
  devbox-lint check --diff .               show what --fix would do
  devbox-lint check --select DBX4,DBX301   run only these rules
  devbox-lint check --kind user my.yaml    state the kind of the file
  devbox-lint rule missing-image           explain a rule

Exit codes:
  0  nothing at or above the severity of --fail-on (`warning`, unless you say otherwise)
  1  there are findings
  2  the run failed: wrong usage, a file that cannot be read, or an internal error

Environment: NO_COLOR, FORCE_COLOR and TERM control colour; DEVBOX_LINT_DEBUG=1 shows the
tracebacks of internal errors; DEVBOX_LINT_CACHE_DIR sets the folder of the cache.
"""


_CHECK_EXAMPLES = """\
A PATH is a file, a folder, or `-` for standard input. Rules are written as a code (`DBX101`), the
beginning of one (`DBX1`), a name (`missing-image`) or `ALL`, several with commas between.

examples:
  devbox-lint check --fix --unsafe-fixes imagedefinition.yaml
  devbox-lint check --ignore DBX7,missing-name --exclude 'samples/**' .
  devbox-lint check --output-format github --output sarif:lint.sarif --output junit:lint.xml .
  git show HEAD:imagedefinition.yaml | devbox-lint check - --stdin-filename imagedefinition.yaml
"""


_COMPLETION_EXAMPLES = """\
examples:
  eval "$(devbox-lint completion bash)"                                        in ~/.bashrc, or zsh in ~/.zshrc
  devbox-lint completion fish | source                                         in ~/.config/fish/config.fish
  devbox-lint completion powershell | Out-String | Invoke-Expression           in $PROFILE
"""


_EXPORT_EXAMPLES = """\
The report goes to standard error. Nothing secret is written: an entry that needs a secret stays behind.

examples:
  devbox-lint export imagedefinition.yaml > configuration.winget
  devbox-lint export --to dsc3 --output configurations/ team/*/imagedefinition.yaml workload.yaml
  devbox-lint export --output-format json workload.yaml
"""


_INIT_EXAMPLES = """\
Without FILE it looks at the repository and writes what is missing: settings, a pre-commit configuration, a pipeline
and a recommendation for VS Code. All is shown before it is written, and nothing that is there is overwritten.
With FILE it starts one, by its name: imagedefinition.yaml, workload.yaml, task.yaml or NAME.winget.

examples:
  devbox-lint init --dry-run
  devbox-lint init --ci azure
  devbox-lint init tasks/install-node/task.yaml
"""


_REPORT_EXAMPLES = """\
examples:
  devbox-lint report reports/
  devbox-lint report --output-format html --output overview.html reports/
  devbox-lint report --before last-week/ --output-format markdown this-week/*.json
"""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        # Of a fixed width: to ask the terminal, argparse imports half of what compresses files.
        super().__init__(prog, max_help_position=30, width=100)

    def _set_color(self, *_: object, **__: object) -> None:
        # Python 3.14 loads dataclasses and inspect for the colours of help, before it has read any option.
        self._theme = _NoColours()
        self._decolor = str


class _NoColours:
    def __getattr__(self, name: str) -> str:
        return ""


class Parser(argparse.ArgumentParser):
    """Options alone; what is not an option is left over, so that options may stand between paths."""

    def __init__(self, command: str, usage: str, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=f"devbox-lint {command}",
            usage=f"devbox-lint {command} {usage}",
            description=description,
            epilog=epilog,
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self.add_argument("-h", "--help", action="store_true", help="show this and stop")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see `{self.prog} --help`)")

    def parse(self, arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
        """The options, and what is not an option."""
        split = arguments.index("--") if "--" in arguments else len(arguments)
        options, rest = self.parse_known_args(arguments[:split])
        for word in rest:
            if word.startswith("-") and word != "-":
                self._unknown_option(word.split("=")[0])
        return options, [*rest, *arguments[split + 1 :]]

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        from devbox_lint.spelling import nearest

        choices = [str(choice) for choice in action.choices]
        meant = nearest(str(value), choices)
        hint = f"did you mean {meant}?" if meant else f"write one of {', '.join(choices)}"
        raise argparse.ArgumentError(action, f"`{value}` is no choice here: {hint}")

    def _unknown_option(self, word: str) -> None:
        from devbox_lint.spelling import nearest

        known = [option for action in self._actions for option in action.option_strings if len(option) > 2]
        meant = nearest(word, known)
        self.error(f"unknown option `{word}`" + (f": did you mean {meant}?" if meant else ""))


def command_line(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command line: ``command``, ``help`` and ``words``, and what the command itself takes."""
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help"):
        return argparse.Namespace(command="help", help=False, words=[])
    command = first if first in COMMANDS else "check"
    parser = parser_of(command)
    options, words = parser.parse(arguments[1 if first == command else 0 :])
    options.command = command
    options.words = words
    options.help = parser.format_help() if options.help else ""
    return options


def run_options(options: argparse.Namespace) -> RunOptions:
    """What the options of `check` ask for."""
    given = {name: value for name, value in vars(options).items() if name in RunOptions._fields and value is not None}
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return RunOptions(tuple(options.words))._replace(**{**given, **lists})


def parser_of(command: str) -> Parser:
    """The options that a command takes."""
    return _PARSERS[command]()


def _words(value: str) -> list[str]:
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not words:
        raise argparse.ArgumentTypeError("it names no rule")
    return words


def _output(value: str) -> tuple[str, str]:
    name, _, path = value.partition(":")
    if name not in FORMATS:
        from devbox_lint.spelling import nearest

        meant = nearest(name, FORMATS)
        if meant:
            raise argparse.ArgumentTypeError(f"`{name}` is not a format: did you mean {meant}?")
        raise argparse.ArgumentTypeError(f"`{name}` is not a format: write one of {', '.join(FORMATS)}, `:` and a file")
    if path in ("", "-"):
        raise argparse.ArgumentTypeError(f"write a file after `{name}:`; for standard output there is --output-format")
    return name, path


def _check() -> Parser:
    parser = Parser(
        "check", "[OPTIONS] [PATH ...]", "Check Dev Box customization files and WinGet configurations.", _CHECK_EXAMPLES
    )
    severities = ("info", "warning", "error")
    files = parser.add_argument_group("files")
    files.add_argument(
        "--kind",
        choices=KINDS,
        help="the kind of the named files; default: decided by name and content",
    )
    files.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="skip files and folders, even if named; a pattern as in .gitignore; may be repeated",
    )
    _add_task_catalog(files)
    files.add_argument("--stdin-filename", metavar="PATH", help="the name of the text on standard input")
    files.add_argument("--no-cache", action="store_true", help="neither use nor store results of earlier runs")
    _add_settings(parser)
    rules = parser.add_argument_group("rules")
    for option, words in (
        ("--select", "run only these rules"),
        ("--ignore", "do not run these rules"),
        ("--extend-select", "run these rules as well"),
    ):
        rules.add_argument(option, action="extend", type=_words, metavar="RULE[,RULE...]", help=words)
    online = parser.add_argument_group("Azure")
    online.add_argument(
        "--online", action="store_true", help="also ask Azure about vaults, secrets, roles and images; reads only"
    )
    online.add_argument(
        "--online-strict",
        action="store_true",
        help="like --online, and whatever could not be checked is an error",
    )
    online.add_argument(
        "--explain-access",
        action="store_true",
        help="with --online, also show who needs what on which resource, and what was found; in the formats text, json"
        " and markdown",
    )
    online.add_argument(
        "--azure",
        action="append",
        metavar="KEY=VALUE",
        help="how to ask, which a repository's settings cannot say: cloud, tenant, credential, timeout, concurrency,"
        " max-requests or validate-tasks; may be repeated",
    )
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--fix", action="store_true", help="apply safe fixes")
    fixes.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff, also apply fixes that may change the meaning"
    )
    fixes.add_argument(
        "--diff",
        action="store_true",
        help="show what --fix would change without writing; exit with 1 if anything would",
    )
    fixes.add_argument(
        "--force-write",
        action="store_true",
        help="with --fix or --add-ignores, also replace files that are read-only or have hard links",
    )
    known = parser.add_argument_group("suppressions and baselines")
    known.add_argument(
        "--add-ignores", action="store_true", help="write comments that suppress what is found; --diff shows them"
    )
    known.add_argument("--reason", metavar="TEXT", help="the reason given in these comments")
    known.add_argument("--baseline", metavar="FILE", help="report only findings that this file does not record")
    known.add_argument("--write-baseline", action="store_true", help="record the findings in the baseline")
    known.add_argument(
        "--strict-baseline",
        action="store_true",
        help="an entry of a baseline whose finding is gone is an error; otherwise it is a note that fails no run",
    )
    known.add_argument(
        "--no-ignores",
        action="store_true",
        help="for audits: no comment or baseline suppresses anything, and a repository's settings leave nothing out",
    )
    report = parser.add_argument_group("report")
    report.add_argument(
        "--output-format",
        choices=FORMATS,
        help="default: text; in GitHub Actions and Azure Pipelines that of their log",
    )
    report.add_argument(
        "--output",
        action="append",
        type=_output,
        metavar="FORMAT:FILE",
        help="also write a report to a file, in any of these formats; may be repeated",
    )
    report.add_argument("--statistics", action="store_true", help="show only the number of findings for each rule")
    report.add_argument(
        "--severity",
        choices=severities,
        default="info",
        help="the lowest severity to show; hidden findings still count for --fail-on",
    )
    report.add_argument(
        "--show-files", action="store_true", help="only list the files that are customization files, one a line"
    )
    report.add_argument("--watch", action="store_true", help="check again whenever a file changes; Ctrl+C ends it")
    report.add_argument("-q", "--quiet", action="store_true", help="print only diagnostics: no summary, no notes")
    _add_colour(report)
    result = parser.add_argument_group("exit code")
    result.add_argument(
        "--fail-on",
        choices=(*severities, "never"),
        help="exit with 1 for findings of this severity or above; default: from the settings, else warning",
    )
    result.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    return parser


def _add_settings(parser: Parser) -> None:
    settings = parser.add_argument_group("settings")
    settings.add_argument(
        "--config",
        metavar="FILE",
        help="use this settings file for all files; default: the nearest one at or above each file",
    )
    settings.add_argument("--isolated", action="store_true", help="read no settings file")


def _add_task_catalog(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--task-catalog",
        action="append",
        default=[],
        metavar="PATH",
        help="what `devbox customizations list-tasks` prints, as a file, or a folder with task definitions;"
        " may be repeated",
    )


def _add_colour(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default: auto (terminals only; honours NO_COLOR and FORCE_COLOR)",
    )
    group.add_argument("--no-color", action="store_const", const="never", dest="color", help="same as --color never")


def _completion() -> Parser:
    return Parser(
        "completion",
        "SHELL",
        "Print the completion script for bash, zsh, fish or powershell.",
        _COMPLETION_EXAMPLES,
    )


def _rule() -> Parser:
    parser = Parser("rule", "[OPTIONS] RULE ...", "Explain rules: by code, the beginning of a code, or name.")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    return parser


def _rules() -> Parser:
    parser = Parser("rules", "[OPTIONS]", "List all rules.")
    parser.add_argument("--output-format", choices=("text", "json", "markdown"), default="text", help="default: text")
    return parser


def _tasks() -> Parser:
    parser = Parser("tasks", "[OPTIONS] [PATH ...]", "List the tasks that files at these paths can use.")
    _add_task_catalog(parser.add_argument_group("files"))
    _add_settings(parser)
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    return parser


def _clean() -> Parser:
    return Parser("clean", "", "Empty the cache.")


def _config() -> Parser:
    parser = Parser("config", "[OPTIONS] [PATH]", "Show the settings for a file or folder, and where each comes from.")
    _add_settings(parser)
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    return parser


def _export() -> Parser:
    parser = Parser(
        "export",
        "[OPTIONS] FILE ...",
        "Write a WinGet configuration for each team file or user customization, and report what became of each entry.",
        _EXPORT_EXAMPLES,
    )
    files = parser.add_argument_group("files")
    files.add_argument("--kind", choices=KINDS[:2], help="the kind of the files; without it name and content decide")
    _add_task_catalog(files)
    parser.add_argument(
        "--to",
        choices=("winget", "dsc3"),
        default="winget",
        help="the shape: winget is schema 0.2, dsc3 that of DSC v3; default: winget",
    )
    parser.add_argument("--output", metavar="PATH", help="a file, or a folder for several; default: standard output")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    return parser


def _init() -> Parser:
    parser = Parser("init", "[OPTIONS] [FILE ...]", "Set a repository up, or start new files.", _INIT_EXAMPLES)
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask; only a terminal is asked at all")
    parser.add_argument(
        "--ci",
        choices=("github", "azure", "gitlab", "none"),
        help="the service to write a pipeline for; default: that of the remote, or whose files are there",
    )
    kinds = tuple(kind for kind in KINDS if kind != "script")
    parser.add_argument("--kind", choices=kinds, help="the kind of the new files; default: by their names")
    return parser


def _server() -> Parser:
    parser = Parser("server", "[OPTIONS]", "Serve an editor over the Language Server Protocol.")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="over standard input and output; this is the default")
    way.add_argument("--tcp", type=_port, metavar="PORT", help="one client, on this port of this machine; 0: any")
    return parser


def _port(value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(value)


def _report() -> Parser:
    parser = Parser(
        "report",
        "[OPTIONS] PATH ...",
        "Put the runs over many repositories on one page. A PATH is a report that `check --output json:FILE` wrote, or"
        " a folder of such.",
        _REPORT_EXAMPLES,
    )
    parser.add_argument(
        "--before",
        action="append",
        default=[],
        metavar="PATH",
        help="a report, or a folder of reports, of an earlier run, to show what has changed since; may be repeated",
    )
    parser.add_argument("--output", metavar="FILE", help="write the page to a file; default: standard output")
    parser.add_argument("--output-format", choices=("text", "html", "markdown"), default="text", help="default: text")
    return parser


def _schema() -> Parser:
    return Parser(
        "schema",
        "KIND",
        "Print the JSON Schema of `imagedefinition`, `user`, `task` or `configuration` files, of `settings`, or of the"
        " `report` that `check --output-format json` writes.",
    )


_PARSERS: dict[str, Callable[[], Parser]] = {
    "check": _check,
    "completion": _completion,
    "clean": _clean,
    "config": _config,
    "export": _export,
    "init": _init,
    "report": _report,
    "rule": _rule,
    "rules": _rules,
    "schema": _schema,
    "server": _server,
    "tasks": _tasks,
}
