"""The command `check`: what is checked, what is printed, and the exit code.

Neither the parser nor the rules are loaded where the cache knows all files.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO, cast

from devbox_lint.diagnostics import Severity
from devbox_lint.errors import UsageError
from devbox_lint.reports.terminal import CLEAN, DEBUG, FAILED, FOUND, encoding, say, wants_colour, wants_links
from devbox_lint.run.options import RunOptions

if TYPE_CHECKING:
    from devbox_lint.cache.past_runs import PastRun
    from devbox_lint.online import ResolverFor
    from devbox_lint.rule import AnyRule
    from devbox_lint.run.checked import Checked
    from devbox_lint.run.request import Request
    from devbox_lint.settings.files import SettingsFiles

#: The formats that say nothing of the rules that ran.
_WITHOUT_RULES = ("text", "concise", "json-v1")
#: The formats that can show who may do what.
_EXPLAINING = {"text", "json", "markdown"}
#: The formats that say of each finding what kind of rule it is from.
_OF_ALL_RULES = ("json",)


def check(
    options: RunOptions, all_rules: Callable[[], Sequence[AnyRule]], load_azure: Callable[[], ResolverFor]
) -> int:
    """Check, fix or compare what the options name, report, and give the exit code."""
    if not options.output_format:
        options = options._replace(output_format=_own_format(options))
    _refuse_contradictions(options)
    if options.watch:
        # Imported here: few runs go on.
        from devbox_lint.cli.watch import watch

        return watch(options, lambda once: check(once, all_rules, load_azure))
    past = _past_run(options)
    known = past.recall() if past is not None else None
    if known is not None:
        printed, code = known
        sys.stdout.write(printed)
        return code
    # Imported here: what was printed before needs nothing of it, and all of it takes a seventh of that time.
    from devbox_lint.cli.output import print_diff, print_failures, print_files, print_notes, report
    from devbox_lint.run.checked import Checked
    from devbox_lint.run.request import Request

    request = Request(options)
    if request.is_answered and _needs_no_rules(options):
        checked = Checked()
        checked.complete(request.recalled, request.files)
        if options.output_format in _OF_ALL_RULES:
            checked.rules = all_rules()
    else:
        from devbox_lint.run.run import run

        checked = run(request, all_rules(), load_azure)
    written: _Copied | None = None
    if options.show_files:
        print_files(checked, options.output_format)
    elif options.diff:
        print_diff(options, checked)
    else:
        files = (file.path for file in request.files)
        stream: TextIO = sys.stderr if options.reads_input and options.writes else sys.stdout
        if past is not None and request.is_answered and _says_all(request, checked):
            written = _Copied(stream)
            stream = cast("TextIO", written)
        report(options, checked, files, request.today, stream)
    if not options.quiet and not os.environ.get("PRE_COMMIT"):
        for note in (*request.notes, *checked.notes):
            say(note)
        print_notes(options, checked)
    print_failures(checked)
    if os.environ.get(DEBUG):
        sys.stderr.writelines(crash for result in checked.results for crash in result.crashes)
    code = exit_code(options, checked, request.settings)
    if past is not None and written is not None and request.cache is not None:
        past.keep(request.cache.ground(request.files), "".join(written.texts), code)
    return code


class _Copied:
    """A stream, and all that is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.texts: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        self.texts.append(text)
        return self._stream.write(text)

    def writelines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.write(text)


def _own_format(options: RunOptions) -> str:
    """The format where none is given: that of the log of the pipeline that this runs in."""
    if options.statistics or options.show_files or options.watch:
        return "text"
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "azure" if os.environ.get("TF_BUILD") == "True" else "text"


def _past_run(options: RunOptions) -> PastRun | None:
    """The last run that was asked the same, None for runs of which none is kept: those that write, or ask somebody.

    A run over named files is soon checked, and there are many such: hooks name what was changed.
    """
    if options.no_cache or not _needs_no_rules(options) or options.task_catalog or options.reads_input:
        return None
    if options.repairs or options.add_ignores or options.asks_azure or not all(map(os.path.isdir, options.paths)):
        return None
    from devbox_lint.cache.past_runs import PastRun
    from devbox_lint.cache.place import cache_folder, distrust

    folder = cache_folder()
    if not folder or distrust(folder):
        return None
    coloured = wants_colour(options.color, sys.stdout)
    looks = (encoding(sys.stdout), coloured, wants_links(sys.stdout, coloured), _repository(options))
    return PastRun(folder, repr((*options, time.strftime("%Y-%m-%d"), *looks)))


def _repository(options: RunOptions) -> object:
    """What the environment says of the repository, where the report quotes that."""
    if options.output_format not in _OF_ALL_RULES:
        return None
    from devbox_lint.reports.ci_environment import provenance

    return provenance(os.environ)


def _says_all(request: Request, checked: Checked) -> bool:
    """Whether the report is all that there is to say."""
    return bool(checked.results) and not (request.notes or checked.notes or checked.strangers or checked.failures)


def exit_code(options: RunOptions, checked: Checked, settings: SettingsFiles) -> int:
    """2 for a run that is not complete, 1 for one that found something severe enough, else 0."""
    if checked.failed:
        return FAILED
    if options.show_files:
        return CLEAN
    if options.diff:
        found = bool(checked.changes)
    else:
        found = any(
            _fails(item.severity, options.fail_on or settings.of(result.source.path).fail_on)
            for result in checked.results
            # Repairing what a baseline records turns no run red: what is said of one is a note.
            if result.kind is not None or options.strict_baseline
            for item in result.diagnostics
        )
    return FOUND if found and not options.exit_zero else CLEAN


def _fails(severity: Severity, fail_on: str) -> bool:
    return fail_on != "never" and severity >= Severity[fail_on.upper()]


def _needs_no_rules(options: RunOptions) -> bool:
    if options.output or options.baseline or options.write_baseline or options.reason is not None:
        return False
    return options.output_format in (*_WITHOUT_RULES, *_OF_ALL_RULES)


def _refuse_contradictions(options: RunOptions) -> None:
    if options.show_files:
        _refuse(options, "--show-files", "lists what would be checked", watch="--watch", statistics="--statistics")
        if options.output_format not in ("text", "json"):
            raise UsageError("`--show-files` lists files, as text or as JSON")
    if options.watch:
        _refuse(options, "--watch", "shows what is found, again and again")
        if options.reads_input:
            raise UsageError("`--watch` looks at files, and not at standard input")
        if options.output_format not in ("text", "concise"):
            raise UsageError("`--watch` is for people: its formats are text and concise")
    if "-" in options.paths and len(options.paths) > 1:
        raise UsageError("`-` stands alone: standard input cannot be checked together with files")
    if options.stdin_filename is not None and options.paths not in ((), ("-",)):
        raise UsageError("`--stdin-filename` names the text on standard input, so no file can stand beside it")
    if options.no_ignores and (options.baseline or options.write_baseline or options.add_ignores):
        raise UsageError("`--no-ignores` shows what baselines and comments suppress: leave the options for these out")
    if options.diff and options.output:
        raise UsageError("`--diff` shows changes instead of a report, so there is nothing for `--output` to write")
    if options.diff and options.asks_azure:
        raise UsageError("`--diff` shows repairs, and Azure has none for the files: leave `--online` out")
    if options.explain_access:
        _refuse_to_explain(options)
    if options.statistics and options.output_format not in ("text", "concise", "json", "json-v1"):
        raise UsageError(f"`--statistics` counts, and there is no place for that in the format {options.output_format}")
    files = [os.path.realpath(path) for _, path in options.output]
    for (_, path), file in zip(options.output, files, strict=True):
        if files.count(file) > 1:
            raise UsageError(f"`--output` names `{path}` twice: give each report a file of its own")


def _refuse_to_explain(options: RunOptions) -> None:
    """Raise UsageError where nobody is asked who may do what, or nobody would see the answer."""
    if not options.asks_azure:
        raise UsageError("`--explain-access` shows what Azure says: add `--online`")
    if options.statistics or not {options.output_format, *(name for name, _ in options.output)} & _EXPLAINING:
        raise UsageError("`--explain-access` has a place in the formats text, json and markdown alone")


def _refuse(options: RunOptions, option: str, does: str, **more: str) -> None:
    """Raise UsageError where an option stands beside one that writes something, or asks somebody."""
    others = {
        "fix": "--fix",
        "diff": "--diff",
        "add_ignores": "--add-ignores",
        "write_baseline": "--write-baseline",
        "online": "--online",
        "online_strict": "--online-strict",
        "output": "--output",
        **more,
    }
    for name, other in others.items():
        if getattr(options, name):
            raise UsageError(f"`{option}` {does}: leave `{other}` out")
