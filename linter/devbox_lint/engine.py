"""Runs rules on one file: text in, diagnostics out. Knows no rule by name, reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from devbox_lint.customization.kinds import Kind, classify
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import Diagnostic, Severity, Span
from devbox_lint.rule import DOCUMENTATION, Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint.suppressions import MARKER, find_suppressions
from devbox_lint.yaml.parse import parse

INTERNAL_ERROR = "DBX000"


class FileResult(NamedTuple):
    """What a run says of one file.

    ``kind`` is None for a file that is not ours, which has no diagnostics. ``crashes`` are the tracebacks of
    rules that raised; the file then has a DBX000 for each.
    """

    source: SourceFile
    kind: Kind | None
    diagnostics: tuple[Diagnostic, ...] = ()
    crashes: tuple[str, ...] = ()


def check(source: SourceFile, rules: Iterable[Rule], kind: Kind | None = None, pure: bool = False) -> FileResult:
    """Run ``rules`` on ``source``; ``kind`` None lets name and content decide, ``pure`` avoids the C parser.

    Diagnostics are sorted by place, then code, and suppressed ones are left out. Never raises because of
    what the file holds.
    """
    document = parse(source, pure)
    kind = kind or classify(source.path, document)
    if kind is None:
        return FileResult(source, None)
    context = Context(Customization(document, kind))
    diagnostics: list[Diagnostic] = []
    crashes: list[str] = []
    judges: list[Rule] = []
    ran: set[str] = set()
    for rule in rules:
        if kind not in rule.kinds:
            continue
        ran.update((rule.code, rule.name))
        if rule.about_suppressions:
            judges.append(rule)
        else:
            diagnostics.extend(_run(rule, context, crashes))
    if MARKER in source.text:
        suppressions = find_suppressions(document)
        diagnostics = [item for item in diagnostics if not suppressions.silence(item, source)]
        context = context._replace(suppressions=suppressions, ran=frozenset(ran))
        for rule in judges:
            diagnostics.extend(item for item in _run(rule, context, crashes) if not suppressions.silence(item, source))
    diagnostics.sort(key=_order)
    return FileResult(source, kind, tuple(diagnostics), tuple(crashes))


def _run(rule: Rule, context: Context, crashes: list[str]) -> Iterator[Diagnostic]:
    try:
        for finding in rule.check(context):
            yield Diagnostic(
                rule.code,
                rule.name,
                finding.severity or rule.severity_in(context.kind),
                finding.span,
                finding.message,
                rule.url,
                finding.help or (finding.fix.message if finding.fix else None),
                finding.fix,
                finding.related,
            )
    except Exception as error:  # noqa: BLE001 - one rule's bug must not hide the others' findings
        # Imported here: only a bug needs it.
        import traceback

        crashes.append(traceback.format_exc())
        yield Diagnostic(
            INTERNAL_ERROR,
            "internal-error",
            Severity.ERROR,
            Span(0, 0),
            f"the rule {rule.code} failed on this file ({type(error).__name__}): this is a bug of devbox-lint,"
            " please report it with the file's structure",
            f"{DOCUMENTATION}dbx000-internal-error.md",
        )


def _order(diagnostic: Diagnostic) -> tuple[int, int, str]:
    return (diagnostic.span.start, diagnostic.span.end, diagnostic.code)
