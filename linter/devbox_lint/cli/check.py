"""The command `check`: which files, which report, which exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from devbox_lint.cli.cached_check import requested
from devbox_lint.cli.output import print_diff, print_failures, print_notes, report
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Severity
from devbox_lint.errors import UsageError
from devbox_lint.files.exclusion import Exclusion
from devbox_lint.files.task_catalog import build_catalog
from devbox_lint.reports.terminal import CLEAN, DEBUG, FAILED, FOUND, is_watched, say
from devbox_lint.results import Checked
from devbox_lint.rule import AnyRule
from devbox_lint.run.run import Plan, run_files, run_source
from devbox_lint.run.selection import select
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.source import SourceFile

if TYPE_CHECKING:
    from devbox_lint.cli.cached_check import Recalled
    from devbox_lint.run.baseline_step import FindingsThatStay
    from devbox_lint.run.effective import Plans
    from devbox_lint.run.online_step import Azure
    from devbox_lint.run.options import Options

#: The severity that fails a run where nobody says otherwise.
_FAIL_ON = "warning"


def check_command(
    options: Options, rules: Sequence[AnyRule], load_azure: Callable[[], Azure], recalled: Recalled | None = None
) -> int:
    """Check, fix or compare what the options name, report, and give the exit code.

    ``recalled`` is what the cache knows of the files, where it was asked.
    """
    _refuse_what_does_not_go_together(options)
    azure = load_azure() if options.online or options.online_strict else None
    selected = select(rules, options.select, options.extend_select or (), options.ignore or ())
    if azure is None and all(rule.asks for rule in selected):
        raise UsageError("the selected rules ask Azure, and do so only with `--online`")
    files = recalled.settings if recalled is not None else SettingsFiles(options.config, options.isolated)
    plan = Plan(
        selected,
        Kind(options.kind) if options.kind else None,
        options.fix or (options.diff and not options.add_ignores),
        options.unsafe_fixes,
        (options.fix or options.add_ignores) and not options.diff,
        today=recalled.today if recalled is not None else time.strftime("%Y-%m-%d"),
        watched=not options.quiet and is_watched(),
    )
    discovery = recalled.discovery if recalled is not None else None
    if recalled is None and not _reads_standard_input(options):
        discovery = requested(options, files)
    paths = [options.stdin_filename or ""] if discovery is None else [candidate.path for candidate in discovery]
    if discovery is None:
        files.file_for(os.path.abspath(os.path.dirname(paths[0])))
    plans = _plans(options, rules, files, paths)
    stay = _findings_that_stay(options, plans, paths)
    plan = _planned(options, plan, plans, () if discovery is None else paths)
    if stay is not None:
        plan = plan._replace(ignores=stay.ignores(plan.today))
    if discovery is None:
        checked = _check_standard_input(options, plan, files)
    elif recalled is not None:
        keep = recalled.cache.line if recalled.cache is not None else None
        checked = run_files(recalled.left, plan._replace(keep=keep))
        recalled.complete(checked)
    else:
        checked = run_files(discovery, plan)
        checked.failures.extend(discovery.unreadable)
    if azure is not None:
        from devbox_lint.run.online_step import ask_azure

        ask_azure(azure, checked, plan, plans, options.online_strict, not options.quiet)
    if stay is not None:
        stay.leave_out(checked, plan)
    if options.diff:
        print_diff(options, checked)
    else:
        to = sys.stderr if discovery is None and plan.write else sys.stdout
        report(options, checked, _ran(rules, selected, checked, azure is not None), to)
    if not options.quiet and not os.environ.get("PRE_COMMIT"):
        if stay is not None:
            stay.print_notes(checked)
        print_notes(options, checked, discovery is None)
    print_failures(checked)
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


def _plans(options: Options, rules: Sequence[AnyRule], files: SettingsFiles, paths: Sequence[str]) -> Plans | None:
    """The plans by settings for the files at ``paths``, None where there are no settings."""
    if not files.are_any:
        return None
    # Imported here: most runs have no settings.
    from devbox_lint.run.effective import Choice, Plans

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


def _findings_that_stay(options: Options, plans: Plans | None, paths: Sequence[str]) -> FindingsThatStay | None:
    """What comments and baselines make of what is found, None where neither is asked for."""
    asked = options.add_ignores or options.reason is not None or options.baseline or options.write_baseline
    if not asked and (plans is None or not plans.have_baselines):
        return None
    # Imported here: in most runs no finding is to stay.
    from devbox_lint.run.baseline_step import FindingsThatStay

    return FindingsThatStay(options, plans, paths)


def _planned(options: Options, plan: Plan, plans: Plans | None, paths: Iterable[str]) -> Plan:
    if plans is not None:
        return plan._replace(settle=plans.settle)
    return plan._replace(catalog=_catalog(options.task_catalog, paths))


def _catalog(given: Sequence[str], paths: Iterable[str]) -> Catalog:
    """The tasks that the run knows; says what of the given catalogs was not understood."""
    catalog, doubts = build_catalog(given, paths)
    for doubt in doubts:
        say(f"note: {doubt}")
    return catalog


def _ran(rules: Sequence[AnyRule], selected: Sequence[AnyRule], checked: Checked, asks: bool) -> list[AnyRule]:
    """The rules that the command line selects, and those that found something because settings select them."""
    codes = {rule.code for rule in selected}
    codes.update(diagnostic.code for result in checked.results for diagnostic in result.diagnostics)
    return [rule for rule in rules if rule.code in codes and (asks or not rule.asks)]
