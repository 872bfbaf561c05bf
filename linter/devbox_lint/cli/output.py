"""What the command `check` prints: a report, a diff, and notes to the person."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from devbox_lint.diagnostics import Failure
from devbox_lint.reports.model import Run, counted, filename, left_unchecked, summary
from devbox_lint.reports.terminal import encoding, say, wants_colour, wants_links
from devbox_lint.run.checked import Checked
from devbox_lint.run.options import RunOptions

if TYPE_CHECKING:
    from devbox_lint.reports.text import Line


def write_files(outputs: Iterable[tuple[str, str]], run: Run, read: Iterable[str]) -> Iterator[Failure]:
    """Write each pair of a format and a path, in UTF-8, but not over what was ``read``; say what failed."""
    # Imported here: few runs write files.
    from devbox_lint.files.atomic_write import replace_content
    from devbox_lint.files.new_file import refusal
    from devbox_lint.reports.formats import render_file

    read = tuple(read)
    for name, path in outputs:
        reason = refusal(path, read)
        if reason:
            yield Failure(f"cannot write `{path}`: {reason}", path)
            continue
        data = "".join(render_file(name, run)).encode("utf-8", "backslashreplace")
        try:
            replace_content(path, data)
        except OSError as error:
            yield Failure(f"cannot write `{path}`: {error.strerror or error}", path)


#: How many file names a note lists.
_NAMES = 3


def report(options: RunOptions, checked: Checked, files: Iterable[str], today: str, stream: TextIO) -> None:
    """Write the report to ``stream``, and to the files that are asked for.

    ``files`` are those of the run, ``today`` its date, as ISO 8601 writes it.
    """
    checked.fold()
    results = tuple(checked.results_from(options.least_severity))
    hidden = sum(len(result.diagnostics) for result in checked.results) - sum(
        len(result.diagnostics) for result in results
    )
    run = Run(
        results,
        checked.applied,
        hidden,
        tuple(checked.failures),
        checked.rules,
        unchecked=left_unchecked(checked.results),
        strangers=checked.strangers,
        today=today,
        explains_access=options.explain_access,
    )
    if options.output:
        # Before the other report, whose reader may go away.
        read = (path for path in (*files, options.config, options.baseline, *options.task_catalog) if path)
        checked.failures.extend(write_files(options.output, run, read))
    _print_report(options, run, stream)


def _print_report(options: RunOptions, run: Run, stream: TextIO) -> None:
    lines: Iterable[Line]
    if options.statistics and options.output_format in ("json", "json-v1"):
        from devbox_lint.reports.json_report import json_statistics

        stream.write(json_statistics(run) + "\n")
        return
    if options.statistics:
        from devbox_lint.reports.text import statistics_report

        lines = ([(line, "")] for line in statistics_report(run))
    elif options.output_format != "text":
        from devbox_lint.reports.formats import LINES, render

        stream.writelines(render(options.output_format, run, encoding(stream)))
        if options.output_format not in LINES:
            return
        lines = ()
    else:
        from devbox_lint.reports.text import text_report

        links = wants_links(stream, wants_colour(options.color, stream))
        lines = text_report(run, encoding(stream), links)
    _write(lines, options, stream)
    if run.explains_access and options.output_format == "text":
        # Imported here: it takes rich, and few runs ask for it.
        from devbox_lint.reports.access import access_text

        stream.writelines(access_text(run, encoding(stream), wants_colour(options.color, stream)))
    if not options.quiet and run.results:
        _write([[(summary(run), "code")]], options, stream)


def print_diff(options: RunOptions, checked: Checked) -> None:
    """Show what would change."""
    from devbox_lint.engine import INTERNAL_ERROR
    from devbox_lint.escaping import neutralise
    from devbox_lint.reports.diff import diff_report

    for change in checked.changes:
        lines = diff_report(change.before, change.after, encoding(sys.stdout))
        _write(lines, options, sys.stdout)
    for result in checked.results:
        for item in result.diagnostics:
            if item.code == INTERNAL_ERROR:
                row = result.source.position(item.span.start).line + 1
                say(f"error: {neutralise(result.source.path)}:{row}: {item.message}")
    if not options.quiet and checked.results:
        option, does = ("--add-ignores", "suppress") if options.add_ignores else ("--fix", "repair")
        count, files = counted(checked.applied + checked.suppressed, "problem"), counted(len(checked.changes), "file")
        say(f"{option} would {does} {count} in {files}" if checked.changes else f"{option} would change nothing")


def _write(lines: Iterable[Line], options: RunOptions, stream: TextIO) -> None:
    from devbox_lint.reports.text import write_coloured, write_plain

    write = write_coloured if wants_colour(options.color, stream) else write_plain
    write(lines, stream)


def print_files(checked: Checked, form: str) -> None:
    """List the files of a run that are customization files, one a line; as JSON with what they are."""
    from devbox_lint.escaping import neutralise

    if form == "json":
        from devbox_lint.reports.json_report import json_text, kind_word

        listed = [{"filename": filename(result.source), "kind": kind_word(result)} for result in checked.results]
        sys.stdout.write(json_text(listed, 2) + "\n")
        return
    for result in checked.results:
        sys.stdout.write(neutralise(filename(result.source), encoding(sys.stdout)) + "\n")


def print_notes(options: RunOptions, checked: Checked) -> None:
    """Say that there was less to check than one may believe."""
    strangers = [path or "the text on standard input" for path in checked.strangers]
    if strangers:
        names = ", ".join(strangers[:_NAMES])
        if len(strangers) > _NAMES:
            names += f" and {len(strangers) - _NAMES} more"
        verb = "is no Dev Box customization file" if len(strangers) == 1 else "are no Dev Box customization files"
        say(f"note: {names} {verb} and {'was' if len(strangers) == 1 else 'were'} not checked; --kind says otherwise")
    elif not checked.results and not checked.failures and not options.reads_input:
        if options.paths and all(os.path.isfile(word) for word in options.paths):
            # Files that are named are looked at in any case, but for these.
            one = len(options.paths) == 1
            say(f"note: {f'{options.paths[0]} is' if one else 'all of the files are'} excluded, so nothing was checked")
        else:
            say(f"no Dev Box customization files found in {', '.join(options.paths or ('.',))}")


def print_failures(checked: Checked) -> None:
    """Say what could not be done."""
    for failure in checked.failures:
        say(f"error: {failure.message}")
