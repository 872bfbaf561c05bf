"""A page to look at: one file that needs no network, for a run or for the runs over many repositories.

Without script it is whole; the script in it filters. A policy in the page allows its own style and script alone.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import groupby

from devbox_lint.reports.markup import Markup, link, plain, tag, text
from devbox_lint.reports.model import PROJECT, TOOL, Run, counted
from devbox_lint.reports.outcome import (
    SEVERITIES,
    Found,
    Outcome,
    code_parts,
    lines_of,
    outcome_of,
    rule_counts,
    worst_first,
)
from devbox_lint.reports.trend import Trend, change_words, trend_of

#: The most names of repositories in one line.
_NAMES = 20
_SIGNS = {"+": "added", "-": "removed"}


def html_report(run: Run) -> str:
    """The page of one run, in ASCII."""
    outcome = outcome_of(run)
    return _page([outcome], None, len(run.results) == 0)


def html_overview(outcomes: Sequence[Outcome], before: Sequence[Outcome]) -> str:
    """The page of runs over many repositories, in ASCII, with what has changed since those of ``before``."""
    return _page(outcomes, trend_of(outcomes, before) if before else None, False)


def _page(outcomes: Sequence[Outcome], trend: Trend | None, is_empty: bool) -> str:
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    allowed = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    one = outcomes[0] if len(outcomes) == 1 else None
    title = (
        (f"{TOOL}: {one.name or one.url}" if one.name or one.url else f"{TOOL} report")
        if one
        else f"{TOOL}: {len(outcomes)} repositories"
    )
    head = (
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>"
    )
    body = "\n".join(
        (
            tag("a", "Skip to the findings", class_="skip", href="#findings"),
            tag("header", tag("h1", title), *_about(outcomes)),
            "<main>",
            *_overview(outcomes, trend, is_empty),
            *_tables(outcomes, trend),
            *_findings(outcomes),
            "</main>",
            tag(
                "footer",
                "Made by ",
                link(TOOL, PROJECT),
                ". Columns count code points from 1. Secrets are covered with *.",
            ),
        )
    )
    end = f"<script>{script}</script>\n</body>\n</html>"
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n{end}'


def _asset(name: str) -> str:
    return (files("devbox_lint.reports") / name).read_text("utf-8")


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def _about(outcomes: Sequence[Outcome]) -> Iterator[Markup]:
    dates = sorted({outcome.date for outcome in outcomes if outcome.date})
    versions = sorted({outcome.version for outcome in outcomes if outcome.version})
    parts: list[str] = []
    if dates:
        parts.append(dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}")
    parts.append(f"{TOOL} {', '.join(versions)}")
    if len(outcomes) == 1 and outcomes[0].revision:
        parts.append(f"commit {outcomes[0].revision[:12]}")
    yield tag("p", " · ".join(parts), class_="soft")


def _overview(outcomes: Sequence[Outcome], trend: Trend | None, is_empty: bool) -> Iterator[str]:
    tiles: list[tuple[str, int, str]] = []
    if len(outcomes) > 1:
        tiles.append(("repositories", len(outcomes), ""))
    tiles += [
        (_plural(severity, count), count, severity)
        for severity in SEVERITIES
        for count in (sum(outcome.count(severity) for outcome in outcomes),)
    ]
    sums: tuple[tuple[str, int], ...] = (
        ("files checked", sum(len(outcome.files) for outcome in outcomes)),
        ("fixable with --fix", sum(found.fix == "safe" for outcome in outcomes for found in outcome.found)),
        ("suppressed by comments", sum(outcome.suppressed for outcome in outcomes)),
        ("in the baseline", sum(outcome.known for outcome in outcomes)),
        ("not checked", sum(len(outcome.unchecked) for outcome in outcomes)),
        ("failures", sum(len(outcome.failures) for outcome in outcomes)),
    )
    tiles += [(words, number, "error" if words == "failures" and number else "") for words, number in sums]
    items = [
        tag("li", tag("b", f"{number:,}"), words, class_=class_ or None)
        for words, number, class_ in tiles
        if number or words != "in the baseline"
    ]
    yield tag("h2", "Overview")
    yield tag("ul", *items, class_="tiles")
    for title, class_, lines in (
        ("Not complete: this failed", "notice failed", lines_of(outcomes, lambda outcome: outcome.failures)),
        ("Not checked, so neither right nor wrong", "notice", lines_of(outcomes, lambda outcome: outcome.unchecked)),
    ):
        if lines:
            inner = tag("ul", *(tag("li", _words(line)) for line in lines))
            yield tag(
                "details",
                tag("summary", f"{title} ({len(lines)})"),
                inner,
                class_=class_,
                open="" if len(lines) < 10 else None,
            )
    if is_empty:
        yield tag("p", "No Dev Box customization files were found.")
    if trend is not None:
        yield from _trend(trend)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _trend(trend: Trend) -> Iterator[Markup]:
    yield tag("h2", "Since the run before")
    lines = [f"{counted(trend.new, 'new finding')}, {trend.gone} gone, {trend.stayed} still there"]
    for names, words in ((trend.added, "new"), (trend.missing, "without a report this time")):
        if names:
            shown = ", ".join(names[:_NAMES]) + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")
            lines.append(f"{counted(len(names), 'repository', 'repositories')} {words}: {shown}")
    yield tag("ul", *(tag("li", line) for line in lines))


def _tables(outcomes: Sequence[Outcome], trend: Trend | None) -> Iterator[Markup]:
    if len(outcomes) > 1:
        yield tag("h2", f"Repositories ({len(outcomes):,})")
        yield _repositories(outcomes, trend)
    found = [item for outcome in outcomes for item in outcome.found]
    if not found:
        return
    yield tag("h2", f"Rules ({len({(item.code, item.severity) for item in found}):,})")
    yield _rules(outcomes, trend)
    if len(outcomes) == 1:
        yield tag("h2", f"Files with findings ({len({item.path for item in found}):,})")
        yield _files(outcomes[0])


def _repositories(outcomes: Sequence[Outcome], trend: Trend | None) -> Markup:
    titles = ["Repository", *(f"{severity}s".capitalize() for severity in SEVERITIES)]
    titles += ["Change"] if trend else []
    titles += ["Files", "Suppressed", "Not checked", "Failures"]
    rows = []
    for at, outcome in sorted(enumerate(outcomes), key=lambda each: worst_first(each[1])):
        numbers = [_number(outcome.count(severity)) for severity in SEVERITIES]
        if trend:
            numbers.append(_change(trend.of_repository(outcome.name)))
        numbers += [
            _number(len(outcome.files)),
            _number(outcome.suppressed + outcome.known),
            _number(len(outcome.unchecked)),
            _number(len(outcome.failures), "worse"),
        ]
        name = tag("a", outcome.name, href=f"#r{at}") if outcome.found else text(outcome.name)
        rows.append(tag("tr", tag("th", name, scope="row"), *numbers))
    return _table("The repositories, those with most errors first", titles, rows)


def _rules(outcomes: Sequence[Outcome], trend: Trend | None) -> Markup:
    titles = ["Rule", "Severity", "Findings", *(["Change"] if trend else []), "Fixable"]
    titles.append("Files" if len(outcomes) == 1 else "Repositories")
    rows = []
    for each in rule_counts(outcomes):
        found = each.found
        to_findings = tag(
            "a",
            f"{each.number:,}",
            href="#findings",
            data_show=found.code,
            aria_label=f"{each.number} of {found.code}: show them",
        )
        cells = [tag("td", _badge(found.severity)), tag("td", to_findings, class_="number")]
        if trend:
            cells.append(_change(trend.of_rule(each.rule)))
        cells += [_number(each.fixable), _number(len(each.places))]
        rows.append(tag("tr", tag("th", link(f"{found.code} {found.name}", found.url), scope="row"), *cells))
    return _table("The rules that found something", titles, rows, ("Rule", "Severity"))


def _files(outcome: Outcome) -> Markup:
    counts: dict[str, Counter[str]] = {path: Counter() for path in outcome.files}
    for found in outcome.found:
        counts.setdefault(found.path, Counter())[found.severity] += 1
    anchors = {path: f"f{at}" for at, path in enumerate(dict.fromkeys(found.path for found in outcome.found))}
    order = sorted(anchors, key=lambda path: (*(-counts[path][severity] for severity in SEVERITIES), path))
    rows = [
        tag(
            "tr",
            tag("th", tag("a", path, href=f"#{anchors[path]}"), scope="row"),
            *(_number(counts[path][severity]) for severity in SEVERITIES),
        )
        for path in order
    ]
    table = _table(
        "The files with findings, those with most errors first",
        ["File", *(f"{severity}s".capitalize() for severity in SEVERITIES)],
        rows,
    )
    clean = len(outcome.files) - len(anchors)
    more = tag("p", f"Nothing was found in {counted(clean, 'other file')}.", class_="soft") if clean > 0 else Markup("")
    return Markup(table + more)


def _table(caption: str, titles: Sequence[str], rows: Iterable[Markup], words: Sequence[str] = ()) -> Markup:
    heads = (
        tag("th", title, scope="col", class_=None if number == 0 or title in words else "number")
        for number, title in enumerate(titles)
    )
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), aria_label=caption)
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _number(number: int, class_: str = "") -> Markup:
    shown = f"{number:,}" if number else "–"
    return tag("td", shown, class_=f"number {class_}".strip() if number else "number soft")


def _change(change: int | None) -> Markup:
    class_ = "" if not change else " worse" if change > 0 else " better"
    return tag("td", change_words(change), class_=f"number{class_ or ' soft'}")


def _badge(severity: str) -> Markup:
    return tag("span", severity, class_=f"badge {severity}")


def _findings(outcomes: Sequence[Outcome]) -> Iterator[str]:
    found = [item for outcome in outcomes for item in outcome.found]
    yield tag("h2", f"Findings ({len(found):,})", id="findings", tabindex="-1")
    if not found:
        yield tag("p", "Nothing was found.")
        return
    yield _filters(found)
    if len(outcomes) == 1:
        yield from _of_files(outcomes[0], "h3")
        return
    for at, outcome in enumerate(outcomes):
        if outcome.found:
            counts = ", ".join(
                counted(outcome.count(severity), severity) for severity in SEVERITIES if outcome.count(severity)
            )
            summary = tag("summary", outcome.name, tag("span", f" · {counts}", class_="soft"))
            yield tag(
                "details",
                summary,
                Markup("\n".join(_of_files(outcome, "h3", f"r{at}"))),
                class_="group",
                data_group="",
                id=f"r{at}",
            )


def _filters(found: Sequence[Found]) -> Markup:
    rules = sorted({(item.code, item.name) for item in found})
    options = (
        tag("option", "all rules", value=""),
        *(tag("option", f"{code} {name}", value=code) for code, name in rules),
    )
    boxes = (
        Markup(f'<label><input type="checkbox" name="severity" value="{severity}" checked> {severity}</label>')
        for severity in SEVERITIES
    )
    return Markup(
        '<form hidden aria-label="Filter the findings">'
        '<label class="field">Words <input type="search" name="words" autocomplete="off"></label>'
        f'<label class="field">Rule <select name="rule">{"".join(options)}</select></label>'
        f"<fieldset><legend>Severity</legend>{''.join(boxes)}"
        '<label><input type="checkbox" name="fixable"> only with a fix</label></fieldset>'
        '<output id="shown" class="soft" aria-live="polite"></output></form>'
    )


def _of_files(outcome: Outcome, heading: str, prefix: str = "") -> Iterator[str]:
    for at, (path, items) in enumerate(groupby(outcome.found, key=lambda item: item.path)):
        articles = (_article(outcome, item) for item in items)
        name = f"{prefix}f{at}"
        yield tag("div", tag(heading, path, id=name), Markup("\n".join(articles)), data_group="")


def _article(outcome: Outcome, found: Found) -> Markup:
    where = f"line {found.row}, column {found.column}" + (
        f", and {counted(found.places - 1, 'more place')}" if found.places > 1 else ""
    )
    parts = [
        tag(
            "p",
            _badge(found.severity),
            " ",
            link(f"{found.code} {found.name}", found.url),
            " ",
            tag("span", link(where, _address(outcome, found)), class_="soft"),
        ),
        tag("p", _words(found.message), class_="what"),
    ]
    if found.source:
        parts.append(
            tag(
                "pre",
                *(_line(line) for line in found.source),
                tabindex="0",
                role="group",
                aria_label=f"{found.path}, line {found.row}",
            )
        )
    if found.help:
        parts.append(tag("p", tag("b", "Help: "), _words(found.help)))
    if found.fix:
        words = "Safe fix: --fix makes it" if found.fix == "safe" else "Unsafe fix: --fix --unsafe-fixes makes it"
        if found.change:
            lines = (tag("span", f"{sign} {line}", class_=_SIGNS.get(sign)) for sign, line in found.change)
            parts.append(
                tag(
                    "details",
                    tag("summary", words),
                    tag("pre", *lines, tabindex="0", role="group", aria_label="What the fix changes"),
                )
            )
        else:
            parts.append(tag("p", words, class_="soft"))
    return tag(
        "article", *parts, class_=found.severity, data_severity=found.severity, data_rule=found.code, data_fix=found.fix
    )


def _line(line: tuple[int, str, str, str]) -> Markup:
    number, before, marked, after = line
    content = [before, *([tag("mark", marked)] if marked else []), after]
    return tag("span", tag("i", str(number)), *content)


def _words(message: str) -> Markup:
    """A message, what stands in its grave accents as code."""
    return Markup(
        "".join(tag("code", plain(part)) if is_code else plain(part) for part, is_code in code_parts(message))
    )


def _address(outcome: Outcome, found: Found) -> str | None:
    """Where the line is shown by the service that the repository is on; None where that is not known."""
    from urllib.parse import quote

    if outcome.url.startswith("https://github.com/") and outcome.revision.isalnum():
        return f"{outcome.url}/blob/{outcome.revision}/{quote(found.path)}#L{found.row}"
    return None
