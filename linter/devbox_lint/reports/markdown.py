"""A report in Markdown as GitHub and Azure DevOps show it: for job summaries and comments.

https://github.github.com/gfm/ says what is escaped, and how: every mark of punctuation may stand after a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from devbox_lint.reports.model import Run, counted, summary
from devbox_lint.reports.outcome import (
    SEVERITIES,
    Outcome,
    code_parts,
    lines_of,
    outcome_of,
    rule_counts,
    totals,
    worst_first,
)
from devbox_lint.reports.trend import Trend, change_words, trend_of
from devbox_lint.startup import lazy

_MARKS = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}
#: The most bytes of a report: GitHub takes a summary of 1 MiB from a step, and none that is longer.
LARGEST = 900_000
#: What Markdown reads as more than itself, in a line and at its start.
_SPECIAL = lazy(r"[\\`*_\[\]<>#|~&@$]|:(?=\S)|\A[-+=]")
_HARD_IN_CODE = lazy(r"[`|\\<>&\n]")


def markdown_report(run: Run) -> str:
    """The summary, the rules and the findings of one run, as many as there is room for."""
    outcome = outcome_of(run)
    lines = ["## devbox-lint", "", escaped(summary(run)) or "No Dev Box customization files were found."]
    lines += _what_is_missing([outcome])
    if outcome.found:
        lines += ["", *_rules([outcome], None), "", *_findings(outcome)]
    if run.explains_access:
        lines += _access(run)
    return "\n".join(_within(lines))


def markdown_overview(outcomes: Sequence[Outcome], before: Sequence[Outcome]) -> str:
    """A table of many repositories, one of the rules, and what has changed since the runs of ``before``."""
    trend = trend_of(outcomes, before) if before else None
    lines = [f"## devbox-lint: {counted(len(outcomes), 'repository', 'repositories')}", "", totals(outcomes)]
    if trend is not None:
        lines += ["", f"Since the run before: {trend.new} new, {trend.gone} gone, {trend.stayed} still there"]
        for words, names in (("New", trend.added), ("Without a report this time", trend.missing)):
            if names:
                lines += ["", f"{words}: {', '.join(map(escaped, names))}"]
    lines += _what_is_missing(outcomes)
    titles = ["Repository", "Errors", "Warnings", "Infos", *(["Change"] if trend else []), "Files", "Suppressed"]
    lines += ["", *_head(titles)]
    for outcome in sorted(outcomes, key=worst_first):
        cells = [escaped(outcome.name), *(str(outcome.count(severity)) for severity in SEVERITIES)]
        cells += [change_words(trend.of_repository(outcome.name))] if trend else []
        cells += [str(len(outcome.files)), str(outcome.suppressed + outcome.known)]
        lines.append(_row(cells))
    lines += ["", *_rules(outcomes, trend)]
    return "\n".join(_within(lines))


def _what_is_missing(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for title, said in (
        ("Not complete: this failed", lines_of(outcomes, lambda outcome: outcome.failures)),
        ("Not checked", lines_of(outcomes, lambda outcome: outcome.unchecked)),
    ):
        if said:
            yield ""
            yield f"### {title}"
            yield ""
            yield from (f"- {words(line)}" for line in said)


def _rules(outcomes: Sequence[Outcome], trend: Trend | None) -> Iterator[str]:
    counts = rule_counts(outcomes)
    if not counts:
        return
    yield from _head(["Rule", "Severity", "Findings", *(["Change"] if trend else []), "Fixable"])
    for each in counts:
        found = each.found
        change = [change_words(trend.of_rule(each.rule))] if trend else []
        cells = [_linked(f"{found.code} {found.name}", found.url), f"{_MARKS[found.severity]} {found.severity}"]
        yield _row([*cells, str(each.number), *change, str(each.fixable)])


def _findings(outcome: Outcome) -> Iterator[str]:
    yield from _head(["", "Place", "Finding", "Help"], 0)
    for found in outcome.found:
        where = code(f"{found.path}:{found.row}:{found.column}")
        said = f"{_linked(found.code, found.url)} {words(found.message)}"
        yield _row([_MARKS[found.severity], where, said, words(found.help)])


def _access(run: Run) -> Iterator[str]:
    """A table for each file: who needs what, in rows, on which resource, in columns."""
    from devbox_lint.reports.access import MARKS, access_of, title

    for each in access_of(run):
        yield from ("", f"### Access that {code(each.filename)} needs", "")
        yield from _head(["Identity", *(words(title(resource)) for resource in each.resources)], 0)
        for identity in each.identities:
            cells = (
                "<br>".join(f"{MARKS[item.state]} {words(said)}" for item, said in each.cell(identity, resource))
                for resource in each.resources
            )
            yield _row([words(title(identity)), *cells])


def _within(lines: Sequence[str]) -> Iterator[str]:
    """The lines that fit, and how many do not."""
    room = LARGEST
    for number, line in enumerate(lines):
        room -= len(line.encode("utf-8", "replace")) + 1
        if room < 0:
            yield ""
            yield f"There is no room for {counted(len(lines) - number, 'more line')}."
            return
        yield line


def _head(titles: Sequence[str], words_until: int = 1) -> Iterator[str]:
    yield _row(titles)
    yield (
        "|"
        + "|".join("---" if words_until == 0 or number < words_until else "--:" for number, _ in enumerate(titles))
        + "|"
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _linked(shown: str, address: str) -> str:
    is_plain = re.fullmatch(r"https?://[\w./#%?=&-]+", address, re.ASCII)
    return f"[{escaped(shown)}]({address})" if is_plain else escaped(shown)


def escaped(text: str) -> str:
    """A text that is shown as it is, in a paragraph and in a cell of a table."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def words(message: str) -> str:
    """A message, what stands in its grave accents as code."""
    return "".join(code(part) if is_code else escaped(part) for part, is_code in code_parts(message))


def code(text: str) -> str:
    """A text as code, in a paragraph and in a cell of a table."""
    if not text.strip() or _HARD_IN_CODE.search(text):
        # Marks that no span of code can hold in a table: each as what HTML calls it.
        return f"<code>{''.join(c if c.isalnum() or c in ' ' else f'&#{ord(c)};' for c in text)}</code>"
    return f"`{text}`"
