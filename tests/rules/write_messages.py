"""Writes `messages.txt`: what every rule says, word by word, of its own bad examples and of `MISTAKES`.

A change of words shows there as a difference to read; places alone are what the examples themselves state.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "rules")]

from mistakes import MISTAKES  # noqa: E402

from devbox_lint.diagnostics import Finding  # noqa: E402
from devbox_lint.rule import Rule  # noqa: E402
from devbox_lint.source import SourceFile  # noqa: E402
from devbox_lint_rules import every_rule  # noqa: E402
from support import findings, unmark  # noqa: E402

FILE = Path(__file__).parent / "messages.txt"


def said(rule: Rule, pure: bool = False) -> Iterator[str]:
    """The lines on one rule, read by the C parser or the pure one."""
    yield f"{rule.code} {rule.name}"
    for example in rule.bad:
        data = example.data if example.data is not None else unmark(example.text)[0].encode()
        yield from _lines(
            data, findings(rule, example.kind, data, example.path or "", pure, example.beside, example.answers)
        )
    for mistake in MISTAKES.get(rule.name, ()):
        yield f"  {mistake.text!r}"
        data = mistake.text.encode()
        yield from _lines(data, findings(rule, mistake.kind, data, mistake.path, pure, mistake.beside))
    # Where the rule says less it is not a part of what is written.
    yield ""


def _lines(data: bytes, found: list[Finding]) -> Iterator[str]:
    source = SourceFile.from_bytes("", data)
    for finding in found:
        start, end = (source.position(offset) for offset in finding.span)
        place = f"{start.line + 1}:{start.column + 1}-{end.line + 1}:{end.column + 1}"
        severity = f" ({finding.severity.name.lower()})" if finding.severity is not None else ""
        yield f"  {place}{severity} {finding.message!r}"
        if finding.help is not None:
            yield f"    help: {finding.help!r}"
        if finding.fix is not None:
            yield f"    {'safe' if finding.fix.safe is True else 'unsafe'} fix: {finding.fix.message!r}"
        for related in finding.related:
            yield f"    {related.path or 'here'} {related.span.start}-{related.span.end}: {related.message!r}"


def text() -> str:
    """All of it."""
    return "".join(f"{line}\n" for rule in every_rule() for line in said(rule))
