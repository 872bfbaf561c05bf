"""The documentation of the rules, made from the rules themselves: for people, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from devbox_lint.customization.kinds import Kind
from devbox_lint.escaping import neutralise
from devbox_lint.rule import AnyRule, Example, Rule, RuleEntry

WIDTH = 88
KIND_NAMES = {
    Kind.IMAGE: "image definition",
    Kind.USER: "user customization",
    Kind.TASK: "task definition",
    Kind.SCRIPT: "script",
    Kind.CONFIGURATION: "WinGet configuration",
}
_FIXES = {
    "safe": "safe, applied by --fix",
    "unsafe": "unsafe, applied by --fix --unsafe-fixes",
    "sometimes": "for some findings",
    None: "none",
}


class Parts(NamedTuple):
    """The docstring of a rule: a line for a paragraph, empty lines between; ``unsafe`` says why a fix is not safe."""

    what: str
    why: str
    fix: str
    unsafe: str


def describe(entry: RuleEntry) -> dict[str, object]:
    """Everything that is said of a rule, as plain data."""
    rule = entry.load()
    said = parts(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "group": rule.group,
        "severities": {kind.value: rule.severity_in(kind).label for kind in kinds(rule)},
        "default": rule.default,
        "online": rule.asks,
        "fixable": entry.fixable,
        "since": rule.since,
        "what": said.what,
        "why": said.why,
        "fix": said.fix,
        "unsafe": said.unsafe or None,
        "see": list(rule.see),
        "url": rule.url,
        "references": list(rule.references),
        "bad": [_example(example) for example in rule.bad if example.shown],
        "good": [_example(example) for example in rule.good if example.shown],
    }


def page(entry: RuleEntry) -> Iterator[str]:
    """The lines of a rule's documentation for a terminal."""
    rule = entry.load()
    said = parts(rule)
    yield f"{rule.code} {rule.name}"
    yield ""
    yield f"Severity: {_severities(rule)}" + ("" if rule.default else ", only where selected")
    if rule.asks:
        yield "Asks:     Azure, only with --online"
    yield f"Files:    {', '.join(KIND_NAMES[kind] for kind in kinds(rule))}"
    yield f"Fix:      {_FIXES[entry.fixable]}"
    yield f"Since:    {rule.since}"
    headings = ("", "Why is this bad?", "Use instead", "Fix safety")
    for heading, paragraphs in zip(headings, said, strict=True):
        if paragraphs:
            yield ""
        if heading and paragraphs:
            yield heading
        for paragraph in paragraphs.split("\n\n"):
            yield from textwrap.wrap(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
    for example in rule.bad:
        if example.shown:
            yield from _shown(f"Bad ({_called(example)}):", example.text)
            yield from _beside(example)
            if example.fixed is not None:
                yield from _shown("After the fix:", example.fixed)
    for example in rule.good:
        if example.shown:
            yield from _shown(f"Good ({_called(example)}):", example.text)
            yield from _beside(example)
    yield ""
    if rule.see:
        yield f"Related rules: {', '.join(rule.see)}"
    for reference in (*rule.references, rule.url):
        yield f"See {reference}"


def table(rules: Sequence[RuleEntry]) -> Iterator[str]:
    """One line for each rule, for a terminal."""
    rows = [_row(rule) for rule in rules]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def markdown_table(rules: Sequence[RuleEntry]) -> Iterator[str]:
    """The same as a table in Markdown, with links to the pages."""
    yield "| Code | Name | Severity | Files | Fix | What it finds |"
    yield "|---|---|---|---|---|---|"
    for rule in rules:
        code, name, severity, files, fix, what = _row(rule)
        cells = (f"[{code}]({rule.url})", f"`{name}`", severity, files, fix, what.replace("|", "\\|"))
        yield f"| {' | '.join(cells)} |"


def parts(rule: Rule) -> Parts:
    """The parts of a rule's docstring, each by the word that it starts with."""
    found: dict[str, list[str]] = {"": [], "Why:": [], "Fix:": [], "Unsafe because:": []}
    current = found[""]
    for block in textwrap.dedent(rule.__doc__ or "").strip().split("\n\n"):
        paragraph = " ".join(block.split())
        for start, paragraphs in found.items():
            if start and paragraph.startswith(start):
                current = paragraphs
                paragraph = paragraph.removeprefix(start).lstrip()
        if paragraph:
            current.append(paragraph)
    return Parts(*("\n\n".join(paragraphs) for paragraphs in found.values()))


def kinds(rule: AnyRule) -> list[Kind]:
    """The kinds of file that a rule looks at, in one order for all rules."""
    return [kind for kind in Kind if kind in rule.kinds]


def _row(entry: RuleEntry) -> tuple[str, ...]:
    rule = entry.load()
    severity = _severities(rule) if rule.default else f"{_severities(rule)} (off)"
    files = ", ".join(kind.value for kind in kinds(rule))
    return rule.code, rule.name, severity, files, entry.fixable or "-", parts(rule).what.split("\n\n")[0]


def _severities(rule: Rule) -> str:
    """``error``, or ``error, info in user`` where kinds of file differ."""
    differing = [
        f"{rule.severity_in(kind).label} in {kind.value}"
        for kind in kinds(rule)
        if rule.severity_in(kind) != rule.severity
    ]
    if len(differing) == len(rule.kinds):
        return ", ".join(differing)
    return ", ".join([rule.severity.label, *differing])


def _called(example: Example) -> str:
    return example.path or KIND_NAMES[example.kind]


def _example(example: Example) -> dict[str, object]:
    lines = [line for line, _ in _marked(example.text)]
    return {
        "kind": example.kind.value,
        "path": example.path,
        "text": "\n".join(lines),
        "fixed": example.fixed,
        "beside": dict(example.beside),
        **({"azure": example.says} if example.says else {}),
    }


def _beside(example: Example) -> Iterator[str]:
    for path, text in example.beside:
        yield from _shown(f"With {path}:", text)
    if example.says:
        yield ""
        yield from textwrap.wrap(f"What Azure says: {example.says}", WIDTH)


def _shown(heading: str, marked: str) -> Iterator[str]:
    yield ""
    yield heading
    yield ""
    for line, spans in _marked(marked.removesuffix("\n")):
        # Tabs and invisible characters are what some rules are about: they are shown as escapes.
        yield f"    {neutralise(line)}".rstrip()
        underline = _underline(line, spans)
        if underline:
            yield f"    {underline}"


def _underline(line: str, spans: Iterable[tuple[int, int]]) -> str:
    underline = ""
    for start, end in spans:
        before = len(neutralise(line[:start]))
        length = len(neutralise(line[:end])) - before
        underline = underline.ljust(before) + "^" * max(length, 1)
    return underline


def _marked(text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The lines of an example without its marks, each with the columns that are marked."""
    inside = False
    for marked in text.split("\n"):
        spans: list[tuple[int, int]] = []
        line = ""
        start = 0
        for character in marked:
            if character == "«":
                inside = True
                start = len(line)
            elif character == "»":
                inside = False
                spans.append((start, len(line)))
            else:
                line += character
        if inside:
            spans.append((start, len(line)))
        yield line, spans
