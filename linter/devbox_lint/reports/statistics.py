"""How often each rule found something."""

from __future__ import annotations

from collections import Counter

from devbox_lint.records import NamedTuple
from devbox_lint.reports import Run


class Statistic(NamedTuple):
    """How often a rule found something; ``fixable`` says how many of the findings ``--fix`` repairs."""

    findings: int
    code: str
    name: str
    fixable: int


def statistics(run: Run) -> list[Statistic]:
    """One for each rule that found something, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    fixable: Counter[tuple[str, str]] = Counter()
    for result in run.results:
        for diagnostic in result.diagnostics:
            rule = diagnostic.code, diagnostic.name
            counts[rule] += 1
            fixable[rule] += bool(diagnostic.fix and diagnostic.fix.safe)
    return [
        Statistic(count, *rule, fixable[rule])
        for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def statistics_report(run: Run) -> list[str]:
    """A line for each rule, with ``[*]`` where ``--fix`` repairs at least one of its findings."""
    rows = statistics(run)
    width = max((len(str(row.findings)) for row in rows), default=0)
    return [f"{row.findings:>{width}}  {row.code}  {'[*]' if row.fixable else '   '}  {row.name}" for row in rows]
