"""The command `check`: which files, which report, which exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Failure, Severity
from devbox_lint.discovery import Candidate, Discovery, discover
from devbox_lint.errors import UnreadableFileError, UsageError
from devbox_lint.exclusion import Exclusion
from devbox_lint.options import COMMANDS
from devbox_lint.reports import Run, counted, summary
from devbox_lint.repository import build_catalog
from devbox_lint.rule import Rule
from devbox_lint.run import Checked, Plan, run_files, run_source
from devbox_lint.selection import select
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.source import SourceFile
from devbox_lint.terminal import CLEAN, DEBUG, FAILED, FOUND, encoding, say, wants_colour

if TYPE_CHECKING:
    from devbox_lint.asking import Azure
    from devbox_lint.options import Options
    from devbox_lint.plans import Plans
    from devbox_lint.reports.text import Line

#: The severity that fails a run where nobody says otherwise.
_FAIL_ON = "warning"
#: So many file names stand in a note.
_NAMES = 3


def check_command(options: Options, rules: Sequence[Rule], load_azure: Callable[[], Azure]) -> int:
    """Check, fix or compare what the options name, report, and give the exit code."""
    _refuse_what_does_not_go_together(options)
    azure = load_azure() if options.online or options.online_strict else None
    selected = select(rules, options.select, options.extend_select or (), options.ignore or ())
    if azure is None and all(rule.asks for rule in selected):
        raise UsageError("the selected rules ask Azure, and do so only with `--online`")
    files = SettingsFiles(options.config, options.isolated)
    plan = Plan(
        selected,
        Kind(options.kind) if options.kind else None,
        options.fix or options.diff,
        options.unsafe_fixes,
        options.fix and not options.diff,
        today=time.strftime("%Y-%m-%d"),
    )
    if _reads_standard_input(options):
        name = options.stdin_filename or ""
        files.file_for(os.path.abspath(os.path.dirname(name)))
        plans = _plans(options, rules, files, [name])
        checked = _check_standard_input(options, _planned(options, plan, plans, ()), files)
        to = sys.stderr if plan.write else sys.stdout
    else:
        discovery = _discovered(options, files)
        plans = _plans(options, rules, files, [candidate.path for candidate in discovery])
        checked = run_files(discovery, _planned(options, plan, plans, discovery))
        checked.failures.extend(discovery.unreadable)
        to = sys.stdout
    if azure is not None:
        from devbox_lint.asking import ask_azure

        ask_azure(azure, checked, plan, plans, options.online_strict, not options.quiet)
    if options.diff:
        _print_diff(options, checked)
    else:
        _report(options, checked, _ran(rules, selected, checked, azure), to)
    if not options.quiet and not os.environ.get("PRE_COMMIT"):
        _print_notes(options, checked)
    for failure in checked.failures:
        say(f"error: {failure.message}")
    if os.environ.get(DEBUG):
        sys.stderr.writelines(crash for result in checked.results for crash in result.crashes)
    return _exit_code(options, checked, plans)


def _refuse_what_does_not_go_together(options: Options) -> None:
    if options.diff and options.output:
        raise UsageError("`--diff` shows changes instead of a report, so there is nothing for `--output` to write")
    if options.diff and (options.online or options.online_strict):
        raise UsageError("`--diff` shows repairs, and Azure has none for the files: leave `--online` out")
    if options.statistics and options.output_format not in ("text", "concise", "json"):
        raise UsageError(f"`--statistics` counts, and there is no place for that in the format {options.output_format}")
    files = [os.path.realpath(path) for _, path in options.output or ()]
    for (_, path), file in zip(options.output or (), files, strict=True):
        if files.count(file) > 1:
            raise UsageError(f"`--output` names `{path}` twice: give each report a file of its own")


def _exit_code(options: Options, checked: Checked, plans: Plans | None) -> int:
    if checked.failed:
        return FAILED
    if options.diff:
        found = bool(checked.changes)
    elif plans is None or options.fail_on:
        found = _fails(checked.worst(), options.fail_on or _FAIL_ON)
    else:
        found = any(
            _fails(item.severity, plans.fail_on(result.source.path))
            for result in checked.results
            for item in result.diagnostics
        )
    return FOUND if found and not options.exit_zero else CLEAN


def _fails(worst: Severity | None, fail_on: str) -> bool:
    return fail_on != "never" and worst is not None and worst >= _severity(fail_on)


def _severity(label: str) -> Severity:
    return Severity[label.upper()]


def _reads_standard_input(options: Options) -> bool:
    if "-" in options.words and len(options.words) > 1:
        raise UsageError("`-` stands alone: standard input cannot be checked together with files")
    if options.stdin_filename is not None and options.words not in ([], ["-"]):
        raise UsageError("`--stdin-filename` names the text on standard input, so no file can stand beside it")
    return options.words == ["-"] or options.stdin_filename is not None


def _check_standard_input(options: Options, plan: Plan, files: SettingsFiles) -> Checked:
    """Check the text on standard input; with --fix, write what it becomes to standard output."""
    if sys.stdin is None:
        raise UsageError("there is no standard input to read")
    data = sys.stdin.buffer.read()
    checked = Checked()
    name = options.stdin_filename or ""
    if not name or not Exclusion(options.exclude, files).covers(os.path.abspath(name)):
        run_source(SourceFile.from_bytes(name, data), True, plan._replace(write=False), checked)
    if plan.write:
        for change in checked.changes:
            data = change.after.encode(change.after.text)
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    return checked


def _plans(options: Options, rules: Sequence[Rule], files: SettingsFiles, paths: Sequence[str]) -> Plans | None:
    """The plans by settings for the files at ``paths``, None where there are no settings."""
    if not files.are_any:
        return None
    # Imported here: most runs have no settings.
    from devbox_lint.plans import Plans
    from devbox_lint.policy import Choice

    catalogs: dict[tuple[str, ...], Catalog] = {}

    def catalog_of(given: tuple[str, ...]) -> Catalog:
        given = tuple(options.task_catalog) or given
        if given not in catalogs:
            catalogs[given] = _catalog(given, paths)
        return catalogs[given]

    choice = Choice(options.select, options.extend_select or (), options.ignore or ())
    plans = Plans(files, rules, choice, catalog_of)
    plans.prepare(paths)
    return plans


def _planned(options: Options, plan: Plan, plans: Plans | None, files: Iterable[Candidate]) -> Plan:
    if plans is not None:
        return plan._replace(settle=plans.settle)
    return plan._replace(catalog=_catalog(options.task_catalog, [candidate.path for candidate in files]))


def _catalog(given: Sequence[str], paths: Iterable[str]) -> Catalog:
    """The tasks that the run knows; says what of the given catalogs was not understood."""
    catalog, doubts = build_catalog(given, paths)
    for doubt in doubts:
        say(f"note: {doubt}")
    return catalog


def _discovered(options: Options, settings: SettingsFiles) -> Discovery:
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


def _report(options: Options, checked: Checked, rules: Sequence[Rule], stream: TextIO) -> None:
    results = tuple(checked.results_from(_severity(options.severity)))
    hidden = sum(len(result.diagnostics) for result in checked.results) - sum(
        len(result.diagnostics) for result in results
    )
    run = Run(results, checked.applied, hidden, tuple(checked.failures), rules)
    if options.output:
        # Imported here: most runs write no file. Before the other report: whoever reads that may go away.
        from devbox_lint.output_files import write_files

        checked.failures.extend(write_files(options.output, run))
    _print_report(options, run, stream)


def _ran(rules: Sequence[Rule], selected: Sequence[Rule], checked: Checked, azure: Azure | None) -> list[Rule]:
    """The rules that the command line selects, and those that found something because settings select them."""
    codes = {rule.code for rule in selected}
    codes.update(diagnostic.code for result in checked.results for diagnostic in result.diagnostics)
    rules = [rule for rule in rules if not rule.asks] if azure is None else azure.among(rules)
    return [rule for rule in rules if rule.code in codes]


def _print_report(options: Options, run: Run, stream: TextIO) -> None:
    lines: Iterable[Line]
    if options.statistics and options.output_format == "json":
        from devbox_lint.reports.json_report import json_statistics

        stream.write(json_statistics(run) + "\n")
        return
    if options.statistics:
        from devbox_lint.reports.statistics import statistics_report

        lines = ([(line, "")] for line in statistics_report(run))
    elif options.output_format != "text":
        from devbox_lint.reports.formats import LINES, render

        stream.writelines(render(options.output_format, run, encoding(stream)))
        if options.output_format not in LINES:
            return
        lines = ()
    else:
        from devbox_lint.reports.text import text_report

        lines = text_report(run, encoding(stream))
    _write(lines, options, stream)
    if not options.quiet and run.results:
        _write([[(summary(run), "code")]], options, stream)


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
