"""A page for each rule, the table of them all, and that of their groups in README.md, from the rules themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import DOCUMENTATION
from devbox_lint.engine import INTERNAL_ERROR, check
from devbox_lint.escaping import neutralise
from devbox_lint.online import OnlineRule, questions_of, verify
from devbox_lint.reports.rule_docs import KIND_NAMES, kinds, markdown_table, parts
from devbox_lint.rule import Example, Rule, RuleEntry
from devbox_lint.source import SourceFile, is_script
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import RULES
from doubles import GivenFiles, StatedAnswers

TOP = Path(__file__).parent.parent
FOLDER = TOP / "docs" / "rules"
README = TOP / "README.md"
_MARKS = re.compile("[«»]")
#: Longer lines of examples are shown with their beginning and their end alone.
_LONGEST_LINE = 200
_FIXES = {
    "safe": "safe, made by `--fix`",
    "unsafe": "unsafe, made by `--fix --unsafe-fixes`",
    "sometimes": "for some findings",
    None: "none",
}
#: The day on which the examples are checked: any on which all of them show what they are to show.
TODAY = "2026-11-23"
_START = "<!-- groups: written by tools/generate.py -->\n"
_END = "\n<!-- /groups -->\n"
_INTERNAL_ERROR = f"""\
# internal-error ({INTERNAL_ERROR})

A rule of devbox-lint failed on this file. The other rules went on, and the exit code is 2.

## Why is this bad?

This is a bug of devbox-lint, and nothing is wrong with your file.

## What to do

Please report it with the code of the rule that the message names and the structure of your file, without its
secrets. Until it is fixed, leave the rule out with `--ignore`.
"""


def pages() -> dict[Path, str]:
    """The text of each page."""
    written = {FOLDER / f"{INTERNAL_ERROR.lower()}-internal-error.md": _INTERNAL_ERROR}
    for entry in RULES:
        written[FOLDER / entry.load().url.removeprefix(DOCUMENTATION)] = _text(_page(entry))
    written[FOLDER / "README.md"] = _text(_index())
    return written


def readme() -> str:
    """README.md with the table of the groups as it must be."""
    before, rest = README.read_text("utf-8").split(_START)
    return before + _START + "\n".join(_groups()) + _END + rest.split(_END)[1]


def _groups() -> Iterator[str]:
    """What the docstring of each group's package says of it."""
    yield "| Codes | Group | What they find |"
    yield "|---|---|---|"
    for code, group in sorted({(entry.code[:4], entry.group) for entry in RULES}):
        said = (import_module(f"devbox_lint_rules.{group}").__doc__ or "").strip().removesuffix(".")
        yield f"| {code}xx | {group} | {said} |"


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _index() -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield "Rules marked with (off) run only where `--extend-select` or `--select` names them, those of DBX5xx only with"
    yield "`--online`, since they [ask Azure](../online.md)."
    yield ""
    for line in markdown_table(RULES):
        yield line.replace(DOCUMENTATION, "")
    yield ""
    yield f"[{INTERNAL_ERROR}]({INTERNAL_ERROR.lower()}-internal-error.md) stands for a bug of devbox-lint itself."


def _page(entry: RuleEntry) -> Iterator[str]:
    rule = entry.load()
    what, why, instead, unsafe = parts(rule)
    severities = {rule.severity_in(kind) for kind in kinds(rule)}
    yield f"# {rule.name} ({rule.code})"
    yield from ("", what, "")
    yield "| Severity | Files | Fix | Since |"
    yield "|---|---|---|---|"
    severity = (
        rule.severity.label
        if len(severities) == 1
        else ", ".join(f"{rule.severity_in(kind).label} in {KIND_NAMES[kind]}s" for kind in kinds(rule))
    )
    off = "" if rule.default else ", only where selected"
    if rule.asks:
        off += ", only with `--online`"
    files = ", ".join(f"{KIND_NAMES[kind]}s" for kind in kinds(rule))
    yield f"| {severity}{off} | {files} | {_FIXES[entry.fixable]} | {rule.since} |"
    yield from ("", "## Why is this bad?", "", why)
    yield from ("", "## Example")
    for example in rule.bad:
        if example.shown:
            yield from _example(example)
            yield ""
            yield from _findings(rule, example)
            if example.fixed is not None:
                yield from ("", "After the fix:")
                yield from _code(example.fixed, example.kind is Kind.SCRIPT)
    yield from ("", "## Use instead", "", instead)
    for example in rule.good:
        if example.shown:
            yield from _example(example)
    if unsafe:
        yield from ("", "## Fix safety", "", f"`--fix` needs `--unsafe-fixes` too. {unsafe}")
    related = [one for one in RULES if one.code in (*rule.see, *rule.yields_to)]
    if related:
        yield from ("", "## Related rules", "")
        if rule.yields_to:
            yield f"Where {' or '.join(rule.yields_to)} finds the cause at the same place, this rule says nothing."
            yield ""
        for one in related:
            page = one.url.removeprefix(DOCUMENTATION)
            yield f"- [{one.name} ({one.code})]({page}): {parts(one.load()).what.split(chr(10))[0]}"
    yield from ("", "## Suppress it", "")
    yield f"`# devbox-lint: ignore[{rule.code}] reason` on the line or before it, or `--ignore {rule.code}`."
    if rule.references:
        yield from ("", "## References", "")
        yield from (f"- <{reference}>" for reference in rule.references)


def _example(example: Example) -> Iterator[str]:
    called = f"`{example.path}`" if example.path else KIND_NAMES[example.kind]
    called = called[0].upper() + called[1:]
    yield from ("", f"{called}:")
    yield from _code(_MARKS.sub("", example.text), example.kind is Kind.SCRIPT)
    for path, text in example.beside:
        yield from ("", f"with `{path}`:")
        yield from _code(text, is_script(path))
    if example.says:
        yield from ("", f"What Azure says: {example.says}")


def _code(text: str, of_script: bool = False) -> Iterator[str]:
    # Tabs and invisible characters are what some rules are about: they are shown as escapes.
    language = "powershell" if of_script else "yaml"
    yield from (
        "",
        f"```{language}",
        *(neutralise(_shortened(line)) for line in text.removesuffix("\n").split("\n")),
        "```",
    )


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:60]} … {line[-20:]}"


def _findings(rule: Rule, example: Example) -> Iterator[str]:
    data = example.data if example.data is not None else _MARKS.sub("", example.text).encode()
    source = SourceFile.from_bytes(example.path or "", data)
    catalog = Catalog(GivenFiles(dict(example.beside))) if example.beside else STANDARD
    result = check(source, RULES, example.kind, catalog=catalog, today=TODAY)
    if isinstance(rule, OnlineRule):
        questions = questions_of(parse(source), example.kind, RULES)
        (result,) = verify([(result, questions)], StatedAnswers(example.answers))
    for diagnostic in result.diagnostics:
        if diagnostic.code == rule.code:
            line, column = source.position(diagnostic.span.start)
            yield f"- {line + 1}:{column + 1} {diagnostic.severity.label}: {_prose(diagnostic.message)}"
            if isinstance(rule, OnlineRule) and diagnostic.help:
                yield f"  - help: `{diagnostic.help}`"


def _prose(message: str) -> str:
    """A message as Markdown: backticks stay, braces and angle brackets are not taken for anything else."""
    return re.sub(r"[<>*]", r"\\\g<0>", neutralise(message)) if "`" not in message else neutralise(message)
