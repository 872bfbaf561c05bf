"""The report for people: each diagnostic with its source lines, plain or in colour, in the same layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from devbox_lint.diagnostics import Diagnostic
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import Excerpts, Run, counted, excerpts, filename, place, related_place
from devbox_lint.results import FileResult
from devbox_lint.startup import NamedTuple


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


#: How many other places of a finding are listed.
_PLACES = 5
#: From this many on, findings that say the same are shown as one.
_SAME = 3
#: One line of output: pieces of text, each with the name of its style, which an address to go to may follow.
Line = list[tuple[str, str]]

#: The styles by name, in the words of rich.
STYLES = {
    "": "",
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "code": "bold",
    "frame": "blue",
    "help": "green",
    "dim": "dim",
    "added": "green",
    "removed": "red",
}


def text_report(run: Run, encoding: str = "utf-8", links: bool = False) -> Iterator[Line]:
    """All diagnostics, each followed by an empty line.

    What is found three times or more in the same words is shown once, with all its places. With ``links`` the code
    leads to the page of the rule; without, the page's address has a line of its own.
    """
    alike: dict[tuple[object, ...], list[tuple[FileResult, Diagnostic]]] = {}
    for result in run.results:
        for diagnostic in result.diagnostics:
            alike.setdefault(_what_is_said(diagnostic), []).append((result, diagnostic))
    for result in run.results:
        if not result.diagnostics:
            continue
        shown = excerpts(result)
        for diagnostic in result.diagnostics:
            group = alike[_what_is_said(diagnostic)]
            if len(group) < _SAME:
                yield from _diagnostic(run, result, diagnostic, shown, encoding, links)
                yield []
            elif group[0][1] is diagnostic and group[0][0] is result:
                yield from _diagnostic(run, result, diagnostic, shown, encoding, links, group[1:])
                yield []


def _what_is_said(diagnostic: Diagnostic) -> tuple[object, ...]:
    """What a person reads of a finding, but for its place."""
    fix = diagnostic.fix
    is_safe = None if fix is None else fix.safe
    return (diagnostic.code, diagnostic.severity, diagnostic.message, diagnostic.help, is_safe)


def write_plain(lines: Iterable[Line], stream: TextIO) -> None:
    """Write lines without colour."""
    stream.writelines("".join([piece for piece, _ in line]) + "\n" for line in lines)


def write_coloured(lines: Iterable[Line], stream: TextIO) -> None:
    """Write lines in colour; whether the environment wants that was decided before."""
    # Importing rich takes longer than checking a hundred files.
    from rich.console import Console
    from rich.segment import Segment, Segments
    from rich.style import Style

    console = Console(
        file=stream,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        highlight=False,
        markup=False,
    )
    styles = {name: Style.parse(words) if words else None for name, words in STYLES.items()}

    def style(name: str) -> Style | None:
        kept, _, address = name.partition(" ")
        return Style.parse(f"{STYLES[kept]} link {address}") if address else styles[kept]

    segments: list[Segment] = []
    for line in lines:
        segments.extend(Segment(piece, style(name)) for piece, name in line)
        segments.append(Segment("\n"))
        if len(segments) > 1000:
            # Each call costs a tenth of a millisecond, so not one for each line.
            console.print(Segments(segments), soft_wrap=True, end="")
            segments = []
    console.print(Segments(segments), soft_wrap=True, end="")


def _diagnostic(
    run: Run,
    result: FileResult,
    diagnostic: Diagnostic,
    shown: Excerpts,
    encoding: str,
    links: bool,
    again: Sequence[tuple[FileResult, Diagnostic]] = (),
) -> Iterator[Line]:
    def clean(words: str) -> str:
        return neutralise(shown.conceal(words), encoding)

    # Imported here: a clean run shows nothing.
    from devbox_lint.reports.snippet import snippet

    source = result.source
    lines = list(snippet(source, diagnostic.span, shown, encoding))
    margin = " " * max(len(str(line.number or "")) for line in lines)
    severity = diagnostic.severity.label
    row, column, _, _ = place(source, diagnostic.span)
    yield [
        (diagnostic.code, f"code {diagnostic.url}" if links else "code"),
        (" ", ""),
        (f"{severity}[{diagnostic.name}]", severity),
        (": ", ""),
        (clean(diagnostic.message), "code"),
    ]
    yield [(f"{margin}--> ", "frame"), (f"{neutralise(filename(source), encoding)}:{row}:{column}", "")]
    yield [(f"{margin} |", "frame")]
    for line in lines:
        gutter = str(line.number or "").rjust(len(margin)) + " |"
        yield [(gutter, "frame"), (f" {line.text}" if line.text else "", "")]
        if line.length:
            yield [(f"{margin} |", "frame"), (" " * (line.column + 1), ""), ("^" * line.length, severity)]
    if not links or again or diagnostic.help or diagnostic.related:
        yield [(f"{margin} |", "frame")]
    if diagnostic.help:
        yield [
            (f"{margin} = ", "frame"),
            ("help", "help"),
            (f": {clean(diagnostic.help)}", ""),
            (_available(diagnostic), "dim"),
        ]
    for related in diagnostic.related:
        if related.same:
            continue
        path, at = related_place(run, result, related)
        where = neutralise(path, encoding) + (f":{at.row}:{at.column}" if at else "")
        yield [(f"{margin} = ", "frame"), ("note", "info"), (f": {where}: {clean(related.message)}", "")]
    others = [place(source, span) for span in diagnostic.places[1:]]
    if others:
        where = ", ".join(f"{row}:{column}" for row, column, _, _ in others[:_PLACES])
        more = f" and {len(others) - _PLACES} more" if len(others) > _PLACES else ""
        yield [(f"{margin} = ", "frame"), ("note", "info"), (f": also at {where}{more}", "")]
    if again:
        yield [(f"{margin} = ", "frame"), ("note", "info"), (f": the same in {counted(len(again), 'more place')}:", "")]
        for other, same in again:
            row, column, _, _ = place(other.source, same.span)
            yield [(f"{margin}   ", ""), (f"{neutralise(filename(other.source), encoding)}:{row}:{column}", "")]
    if not links:
        yield [(f"{margin} = ", "frame"), (diagnostic.url, "dim")]


def _available(diagnostic: Diagnostic) -> str:
    if diagnostic.fix is None:
        return ""
    if diagnostic.fix.safe:
        return "  [safe fix available: --fix]"
    return "  [unsafe fix available: --fix --unsafe-fixes]"
