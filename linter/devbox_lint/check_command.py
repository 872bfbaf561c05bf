"""The command `check`: which files, which report, which exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Severity
from devbox_lint.discovery import Candidate, Discovery, discover
from devbox_lint.errors import UnreadableFileError, UsageError
from devbox_lint.options import COMMANDS
from devbox_lint.reports import Run, counted, summary
from devbox_lint.repository import build_catalog
from devbox_lint.rule import Rule
from devbox_lint.run import Checked, Plan, run_files, run_source
from devbox_lint.selection import select
from devbox_lint.source import SourceFile
from devbox_lint.terminal import CLEAN, DEBUG, FAILED, FOUND, encoding, say, wants_colour

if TYPE_CHECKING:
    from devbox_lint.options import Options
    from devbox_lint.reports.text import Line

#: So many file names stand in a note.
_NAMES = 3


def check_command(options: Options, rules: Sequence[Rule]) -> int:
    """Check, fix or compare what the options name, report, and give the exit code."""
    selected = select(rules, options.select, options.extend_select or (), options.ignore or ())
    plan = Plan(
        selected,
        Kind(options.kind) if options.kind else None,
        options.fix or options.diff,
        options.unsafe_fixes,
        options.fix and not options.diff,
        today=time.strftime("%Y-%m-%d"),
    )
    if _reads_standard_input(options):
        checked = _check_standard_input(options, plan._replace(catalog=_catalog(options, ())))
        to = sys.stderr if plan.write else sys.stdout
    else:
        checked = _check_paths(options, plan)
        to = sys.stdout
    if options.diff:
        _print_diff(options, checked)
    else:
        _print_report(options, checked, to)
    if not options.quiet and not os.environ.get("PRE_COMMIT"):
        _print_notes(options, checked)
    for failure in checked.failures:
        say(f"error: {failure}")
    if os.environ.get(DEBUG):
        sys.stderr.writelines(crash for result in checked.results for crash in result.crashes)
    return _exit_code(options, checked)


def _exit_code(options: Options, checked: Checked) -> int:
    if checked.failed:
        return FAILED
    if options.diff:
        found = bool(checked.changes)
    else:
        worst = checked.worst()
        found = options.fail_on != "never" and worst is not None and worst >= _severity(options.fail_on)
    return FOUND if found and not options.exit_zero else CLEAN


def _severity(label: str) -> Severity:
    return Severity[label.upper()]


def _reads_standard_input(options: Options) -> bool:
    if "-" in options.words and len(options.words) > 1:
        raise UsageError("`-` stands alone: standard input cannot be checked together with files")
    if options.stdin_filename is not None and options.words not in ([], ["-"]):
        raise UsageError("`--stdin-filename` names the text on standard input, so no file can stand beside it")
    return options.words == ["-"] or options.stdin_filename is not None


def _check_standard_input(options: Options, plan: Plan) -> Checked:
    """Check the text on standard input; with --fix, write what it becomes to standard output."""
    if sys.stdin is None:
        raise UsageError("there is no standard input to read")
    data = sys.stdin.buffer.read()
    checked = Checked()
    name = options.stdin_filename or ""
    if not _is_excluded(name, options.exclude):
        run_source(SourceFile.from_bytes(name, data), True, plan._replace(write=False), checked)
    if plan.write:
        for change in checked.changes:
            data = change.after.encode(change.after.text)
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    return checked


def _is_excluded(path: str, patterns: Sequence[str]) -> bool:
    if not path or not patterns:
        return False
    try:
        return not len(discover([path], patterns))
    except UnreadableFileError:
        # No such file, and no pattern that would leave it out: it need not exist.
        return False


def _check_paths(options: Options, plan: Plan) -> Checked:
    paths = options.words or ["."]
    try:
        discovery = discover(paths, options.exclude)
    except UnreadableFileError:
        return _check_what_is_there(paths, options, plan)
    checked = run_files(discovery, plan._replace(catalog=_catalog(options, discovery)))
    checked.failures.extend(discovery.unreadable)
    return checked


def _catalog(options: Options, files: Iterable[Candidate]) -> Catalog:
    """The tasks that the run knows; says what of the given catalogs was not understood."""
    catalog, doubts = build_catalog(options.task_catalog, [candidate.path for candidate in files])
    for doubt in doubts:
        say(f"note: {doubt}")
    return catalog


def _check_what_is_there(paths: Sequence[str], options: Options, plan: Plan) -> Checked:
    """Look at the paths one by one: one that is not there must not hide the others."""
    discovery = Discovery()
    for path in paths:
        try:
            found = discover([path], options.exclude)
        except UnreadableFileError as error:
            discovery.unreadable.append(str(error) + (_command_meant(path) if path == paths[0] else ""))
            continue
        discovery.unreadable.extend(found.unreadable)
        for candidate in found:
            discovery.add(os.path.abspath(candidate.path), candidate.path, candidate.named)
    checked = run_files(discovery, plan._replace(catalog=_catalog(options, discovery)))
    checked.failures.extend(discovery.unreadable)
    return checked


def _command_meant(path: str) -> str:
    if path in COMMANDS:
        return f" (the command `{path}` comes before the options)"
    # Imported here: most paths are there.
    from devbox_lint.spelling import nearest

    meant = nearest(path, COMMANDS)
    return f" (did you mean the command {meant}?)" if meant else ""


def _print_report(options: Options, checked: Checked, stream: TextIO) -> None:
    results = tuple(checked.results_from(_severity(options.severity)))
    hidden = sum(len(result.diagnostics) for result in checked.results) - sum(
        len(result.diagnostics) for result in results
    )
    run = Run(results, checked.applied, hidden)
    if options.output_format == "json":
        stream.write(_json(run, options.statistics) + "\n")
        return
    lines: Iterable[Line]
    if options.statistics:
        from devbox_lint.reports.statistics import statistics_report

        lines = ([(line, "")] for line in statistics_report(run))
    elif options.output_format == "concise":
        from devbox_lint.reports.concise import concise_report

        lines = ([(line, "")] for line in concise_report(run, encoding(stream)))
    else:
        from devbox_lint.reports.text import text_report

        lines = text_report(run, encoding(stream))
    _write(lines, options, stream)
    if not options.quiet and run.results:
        _write([[(summary(run), "code")]], options, stream)


def _json(run: Run, only_statistics: bool) -> str:
    from devbox_lint.reports.json_report import json_report, json_statistics

    return json_statistics(run) if only_statistics else json_report(run)


def _print_diff(options: Options, checked: Checked) -> None:
    from devbox_lint.reports.diff import diff_report

    for change in checked.changes:
        lines = diff_report(change.before, change.after, encoding(sys.stdout))
        _write(lines, options, sys.stdout)
    if not options.quiet and checked.results:
        fixes, files = counted(checked.applied, "problem"), counted(len(checked.changes), "file")
        say(f"--fix would repair {fixes} in {files}" if checked.changes else "--fix would change nothing")


def _write(lines: Iterable[Line], options: Options, stream: TextIO) -> None:
    from devbox_lint.reports.text import write_coloured, write_plain

    write = write_coloured if wants_colour(options.color, stream) else write_plain
    write(lines, stream)


def _print_notes(options: Options, checked: Checked) -> None:
    """Say that there was less to check than one may believe."""
    strangers = [path or "the text on standard input" for path in checked.strangers]
    if strangers:
        names = ", ".join(strangers[:_NAMES])
        if len(strangers) > _NAMES:
            names += f" and {len(strangers) - _NAMES} more"
        verb = "is no Dev Box customization file" if len(strangers) == 1 else "are no Dev Box customization files"
        say(f"note: {names} {verb} and {'was' if len(strangers) == 1 else 'were'} not checked; --kind says otherwise")
    elif not checked.results and not checked.failures and not _reads_standard_input(options):
        say(f"no Dev Box customization files found in {', '.join(options.words or ['.'])}")
