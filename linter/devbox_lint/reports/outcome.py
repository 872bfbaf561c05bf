"""What a run found in one repository, as pages for people show it: from a run itself, or from its JSON report.

All texts are covered and harmless; a text from a JSON report is made harmless again, as anybody may have written that.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from devbox_lint import __version__
from devbox_lint.diagnostics import Diagnostic, Severity, Span
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import Excerpts, Run, counted, excerpts, filename, place
from devbox_lint.reports.paths import in_repository
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

SEVERITIES = tuple(severity.label for severity in sorted(Severity, reverse=True))
#: The lines of the file above and below what is shown of it.
_AROUND = 2
#: The most lines that are shown of a span, and of a fix.
_MOST_LINES = 12
_MOST_CHANGES = 40
#: A longer line is cut on both sides of what is found in it.
_LONGEST = 300
_BEFORE = 100


class SourceLine(NamedTuple):
    """A line of a file: what is found stands in ``marked``, between ``before`` and ``after``."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


class Found(NamedTuple):
    """A finding. ``fix`` is ``safe``, ``unsafe`` or empty, ``change`` what it does: lines, each with its sign.

    ``row`` and ``column`` count from 1; ``places`` says in how many places of the file it is.
    """

    code: str
    name: str
    severity: str
    message: str
    help: str
    url: str
    path: str
    row: int
    column: int
    places: int = 1
    fix: str = ""
    source: tuple[SourceLine, ...] = ()
    change: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same from run to run while lines come and go."""
        return (self.path, self.code, self.message)


class Outcome(NamedTuple):
    """A run over one repository; ``date`` as ISO 8601 writes it, empty texts for what is not known."""

    name: str
    files: tuple[str, ...]
    found: tuple[Found, ...]
    suppressed: int = 0
    known: int = 0
    unchecked: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    date: str = ""
    version: str = __version__
    url: str = ""
    revision: str = ""

    def count(self, severity: str) -> int:
        """How many findings have this severity."""
        return sum(found.severity == severity for found in self.found)


class RuleCount(NamedTuple):
    """What a rule found with one severity; ``found`` is the first of it, ``fixable`` counts what ``--fix`` repairs.

    ``places`` are the repositories with it, each with the file where only one repository is looked at.
    """

    found: Found
    number: int
    fixable: int
    places: frozenset[tuple[str, str]]

    @property
    def rule(self) -> tuple[str, str]:
        """Its code and severity."""
        return self.found.code, self.found.severity


def rule_counts(outcomes: Sequence[Outcome]) -> list[RuleCount]:
    """The rules that found something, by severity, those that found most first."""
    of_rules: dict[tuple[str, str], list[tuple[str, Found]]] = {}
    for outcome in outcomes:
        for found in outcome.found:
            of_rules.setdefault((found.code, found.severity), []).append((outcome.name, found))
    counts = [
        RuleCount(
            same[0][1],
            len(same),
            sum(found.fix == "safe" for _, found in same),
            frozenset((name, found.path if len(outcomes) == 1 else "") for name, found in same),
        )
        for same in of_rules.values()
    ]
    return sorted(counts, key=lambda each: (SEVERITIES.index(each.found.severity), -each.number, each.rule))


def worst_first(outcome: Outcome) -> tuple[int | str, ...]:
    """The key by which repositories are sorted: most errors, then most of what is less, then the name."""
    return (*(-outcome.count(severity) for severity in SEVERITIES), outcome.name)


def totals(outcomes: Sequence[Outcome]) -> str:
    """How many findings of each severity there are, in words."""
    return ", ".join(counted(sum(outcome.count(severity) for outcome in outcomes), severity) for severity in SEVERITIES)


def code_parts(message: str) -> list[tuple[str, bool]]:
    """The parts of a message, each with whether it stands in grave accents; none of it is where one is left open."""
    parts = message.split("`")
    return [(message, False)] if len(parts) % 2 == 0 else [(part, at % 2 == 1) for at, part in enumerate(parts)]


def lines_of(outcomes: Sequence[Outcome], lines: Callable[[Outcome], Iterable[str]]) -> list[str]:
    """What is said of each, with its name before where there are several."""
    several = len(outcomes) > 1
    return [f"{outcome.name}: {line}" if several else line for outcome in outcomes for line in lines(outcome)]


def outcome_of(run: Run) -> Outcome:
    """What is to be shown of a run, with the lines of its files."""
    from devbox_lint.reports.ci_environment import provenance

    found = provenance(os.environ) or {}
    return Outcome(
        "",
        tuple(neutralise(in_repository(filename(result.source))) for result in run.results),
        tuple(item for result in run.results if result.diagnostics for item in _found(result)),
        run.suppressed,
        run.known,
        tuple(_unchecked(run)),
        (
            *(neutralise(failure.message) for failure in run.failures),
            *(line for result in run.crashed for line in _lines_of(result)),
        ),
        run.today,
        __version__,
        neutralise(str(found.get("repositoryUri", ""))),
        neutralise(str(found.get("revisionId", ""))),
    )


def _unchecked(run: Run) -> Iterator[str]:
    for path in run.strangers:
        yield f"{neutralise(path) or 'standard input'}: not a Dev Box customization file"
    for result in run.unchecked:
        yield from _lines_of(result)


def _lines_of(result: FileResult) -> Iterator[str]:
    shown = excerpts(result)
    path = neutralise(in_repository(filename(result.source)))
    for diagnostic in result.diagnostics:
        row = place(result.source, diagnostic.span).row
        yield f"{path}:{row}: {neutralise(shown.conceal(diagnostic.message))}"


def _found(result: FileResult) -> Iterator[Found]:
    shown = excerpts(result)
    path = neutralise(in_repository(filename(result.source)))
    for diagnostic in result.diagnostics:
        row, column, _, _ = place(result.source, diagnostic.span)
        fix = diagnostic.fix
        yield Found(
            diagnostic.code,
            diagnostic.name,
            diagnostic.severity.label,
            neutralise(shown.conceal(diagnostic.message)),
            neutralise(shown.conceal(diagnostic.help)) if diagnostic.help else "",
            diagnostic.url,
            path,
            row,
            column,
            len(diagnostic.places),
            "" if fix is None else "safe" if fix.safe else "unsafe",
            tuple(_source(result.source, diagnostic.span, shown)),
            tuple(_change(result.source, diagnostic, shown)) if fix is not None else (),
        )


def _source(source: SourceFile, span: Span, shown: Excerpts) -> Iterator[SourceLine]:
    """The lines of a span, and some around them."""
    start, end = source.position(span.start), source.position(span.end)
    last, end_column = end
    if last > start.line and end_column == 0:
        last -= 1
        end_column = len(shown.line(last))
    cut = min(last, start.line + _MOST_LINES - 1)
    for number in range(max(start.line - _AROUND, 0), min(cut + _AROUND + 1, len(source.line_starts))):
        line = shown.line(number)
        if number < start.line or number > last:
            yield SourceLine(number + 1, neutralise_inside(line[:_LONGEST]) + ("…" if len(line) > _LONGEST else ""))
            continue
        first = start.column if number == start.line else len(line) - len(line.lstrip())
        until = end_column if number == last else len(line)
        # What is empty is shown as one column.
        until = max(until, first + 1)
        left = max(first - _BEFORE, 0) if len(line) > _LONGEST else 0
        right = max(left + _LONGEST, first + 1)
        yield SourceLine(
            number + 1,
            ("…" if left else "") + neutralise_inside(line[left:first]),
            neutralise_inside(line[first : min(until, right)]) or " ",
            neutralise_inside(line[until:right]) + ("…" if len(line) > right else ""),
        )


def neutralise_inside(line: str) -> str:
    """A part of a line, harmless, its tabs as blanks."""
    return neutralise(line.replace("\t", "    "))


def _change(source: SourceFile, diagnostic: Diagnostic, shown: Excerpts) -> Iterator[tuple[str, str]]:
    """The lines that a fix takes away and puts there; nothing where they cannot be shown without a secret."""
    # Imported here: it takes longer than a clean file to check.
    from difflib import unified_diff

    fix = diagnostic.fix
    if fix is None or not shown.may_show(fix):
        return
    first = source.line_starts[source.position(min(edit.span.start for edit in fix.edits)).line]
    last = source.line_end(source.position(max(edit.span.end for edit in fix.edits)).line)
    before = shown.whole[first:last]
    parts: list[str] = []
    at = first
    for span, content in sorted(fix.edits):
        parts += (shown.whole[at : span.start], content)
        at = span.end
    after = "".join((*parts, shown.whole[at:last]))
    changes = unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    for number, line in enumerate(changes):
        if number > _MOST_CHANGES:
            yield " ", "…"
            return
        if number >= 2:
            sign = line[0]
            if sign == "@":
                if number > 2:
                    yield " ", "…"
                continue
            yield sign, neutralise_inside(line[1 : _LONGEST + 1]) + ("…" if len(line) > _LONGEST else "")
