"""What every rule says, word by word, of its own bad examples and of `MISTAKES`.

A change of words is a difference to read in `__snapshots__`; places alone are what the examples themselves state.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from devbox_lint.diagnostics import Finding
from devbox_lint.rule import Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules import every_rule
from support import findings, unmark

sys.path.append(str(Path(__file__).parent))

from mistakes import MISTAKES


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: f"{rule.code} {rule.name}")
def test_a_rule_says(rule: Rule, snapshot: SnapshotAssertion) -> None:
    assert "\n".join(_said(rule)) == snapshot


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)
def test_a_rule_says_the_same_with_the_pure_parser(rule: Rule) -> None:
    assert list(_said(rule, pure=True)) == list(_said(rule))


def test_mistakes_are_those_of_rules() -> None:
    assert MISTAKES.keys() <= {rule.name for rule in every_rule()}


def _said(rule: Rule, pure: bool = False) -> Iterator[str]:
    for example in rule.bad:
        data = example.data if example.data is not None else unmark(example.text)[0].encode()
        yield from _lines(
            data, findings(rule, example.kind, data, example.path or "", pure, example.beside, example.answers)
        )
    for mistake in MISTAKES.get(rule.name, ()):
        yield repr(mistake.text)
        data = mistake.text.encode()
        yield from _lines(data, findings(rule, mistake.kind, data, mistake.path, pure, mistake.beside))


def _lines(data: bytes, found: list[Finding]) -> Iterator[str]:
    source = SourceFile.from_bytes("", data)
    for finding in found:
        start, end = (source.position(offset) for offset in finding.span)
        place = f"{start.line + 1}:{start.column + 1}-{end.line + 1}:{end.column + 1}"
        severity = f" ({finding.severity.name.lower()})" if finding.severity is not None else ""
        yield f"{place}{severity} {finding.message!r}"
        if finding.help is not None:
            yield f"  help: {finding.help!r}"
        if finding.fix is not None:
            yield f"  {'safe' if finding.fix.safe is True else 'unsafe'} fix: {finding.fix.message!r}"
        for related in finding.related:
            yield f"  {related.path or 'here'} {related.span.start}-{related.span.end}: {related.message!r}"
