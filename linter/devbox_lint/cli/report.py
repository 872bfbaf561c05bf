"""The command `report`: the runs over many repositories on one page."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence

from devbox_lint.errors import DevboxLintError, UsageError
from devbox_lint.reports.model import counted
from devbox_lint.reports.outcome import SEVERITIES, Outcome, totals
from devbox_lint.reports.reading import read_outcomes
from devbox_lint.reports.terminal import CLEAN, FAILED, say
from devbox_lint.reports.trend import change_words, trend_of


def report_command(options: Namespace) -> int:
    """Write the page; the exit code is 2 where a report could not be read, else 0, also with findings."""
    if not options.words:
        raise UsageError("which reports? write the files that `check --output json:FILE` wrote, or their folder")
    paths = tuple(_files(options.words))
    earlier = tuple(_files(options.before))
    outcomes, before = read_outcomes(paths), read_outcomes(earlier)
    pages = _page(options.output_format, outcomes, before)
    if options.output is None:
        sys.stdout.write(pages)
    else:
        _write(options.output, pages, (*paths, *earlier))
    code = CLEAN
    # What could not be read, and not what failed in the runs: those have said so.
    for outcome in (*outcomes, *before):
        if not outcome.version:
            code = FAILED
            for failure in outcome.failures:
                say(f"error: {failure}")
    return code


def _page(form: str, outcomes: Sequence[Outcome], before: Sequence[Outcome]) -> str:
    match form:
        case "html":
            from devbox_lint.reports.html_report import html_overview

            return html_overview(outcomes, before) + "\n"
        case "markdown":
            from devbox_lint.reports.markdown import markdown_overview

            return markdown_overview(outcomes, before) + "\n"
        case _:
            return "".join(f"{line}\n" for line in _table(outcomes, before))


def _table(outcomes: Sequence[Outcome], before: Sequence[Outcome]) -> Iterator[str]:
    """A line for each repository, and one for all."""
    trend = trend_of(outcomes, before) if before else None
    width = max(len(outcome.name) for outcome in outcomes)
    for outcome in outcomes:
        counts = "  ".join(f"{counted(outcome.count(severity), severity):>12}" for severity in SEVERITIES)
        change = f"  {change_words(trend.of_repository(outcome.name)):>6}" if trend is not None else ""
        missing = len(outcome.failures)
        yield f"{outcome.name:<{width}}  {counts}{change}" + (f"  {counted(missing, 'failure')}" if missing else "")
    yield f"{totals(outcomes)} in {counted(len(outcomes), 'repository', 'repositories')}"
    if trend is not None:
        yield f"since the run before: {trend.new} new, {trend.gone} gone, {trend.stayed} still there"


def _files(words: Iterable[str]) -> Iterator[str]:
    """The files that are named, those in a folder, and those that a pattern means where no shell has asked it."""
    # Imported here, as all that a command needs.
    from glob import glob

    for word in words:
        if os.path.isdir(word):
            found = sorted(glob("**/*.json", root_dir=word, recursive=True))
            if not found:
                raise UsageError(f"there is no report in `{word}`: their names end in .json")
            yield from (os.path.join(word, path) for path in found)
        elif "*" in word and not os.path.exists(word):
            found = sorted(glob(word, recursive=True))
            if not found:
                raise UsageError(f"no file is called `{word}`")
            yield from found
        else:
            yield word


def _write(path: str, page: str, read: Iterable[str]) -> None:
    from devbox_lint.files.atomic_write import replace_content
    from devbox_lint.files.new_file import refusal

    reason = refusal(path, read)
    if reason:
        raise DevboxLintError(f"cannot write `{path}`: {reason}")
    try:
        replace_content(path, page.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise DevboxLintError(f"cannot write `{path}`: {error.strerror or error}") from None
