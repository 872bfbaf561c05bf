"""Words and fixes agree: who does what a message says, to the letter, does what its fix does."""

from __future__ import annotations

import re

import pytest

from devbox_lint.diagnostics import Finding
from devbox_lint.rule import Example, Rule
from devbox_lint_rules import every_rule
from support import apply, findings, unmark

_WRITE = re.compile(r"write `([^`]+)`(?! twice)")
_COLUMN = re.compile(r"to column (\d+)")
#: What stands for something that only the reader knows.
_LEFT_OPEN = re.compile(r"[A-Z]{4,}|\.\.\.|…")


def _cases() -> list[object]:
    cases = []
    for rule in every_rule():
        for number, example in enumerate(rule.bad):
            data = example.data if example.data is not None else unmark(example.text)[0].encode()
            try:
                text = data.decode("utf-8")
            except UnicodeError:
                continue
            found = findings(rule, example.kind, data, example.path or "", False, example.beside, example.answers)
            cases.extend(
                pytest.param(rule, example, text, finding, id=f"{rule.code}-{number}-{finding.span.start}")
                for finding in found
                if finding.fix is not None
            )
    return cases


@pytest.mark.parametrize(("rule", "example", "text", "finding"), _cases())
def test_a_fix_does_what_the_message_says(rule: Rule, example: Example, text: str, finding: Finding) -> None:
    assert finding.fix is not None
    fixed = apply(text, finding.fix.edits)
    lines = text.splitlines()
    touched = [line for line in fixed.splitlines() if line not in lines]
    for words in _WRITE.findall(finding.message):
        if not _LEFT_OPEN.search(words):
            assert any(words in line for line in touched), (words, touched)
    for column in _COLUMN.findall(finding.message):
        start = text.rfind("\n", 0, finding.span.end) + 1
        key = text[start:].partition("\n")[0].strip().partition(":")[0]
        assert re.search(rf"^ {{{int(column) - 1}}}{re.escape(key)}", fixed, re.MULTILINE)


@pytest.mark.parametrize(("rule", "example", "text", "finding"), _cases())
def test_a_fix_removes_its_finding(rule: Rule, example: Example, text: str, finding: Finding) -> None:
    assert finding.fix is not None
    fixed = apply(text, finding.fix.edits)
    left = findings(rule, example.kind, fixed, example.path or "", False, example.beside, example.answers)

    before = findings(rule, example.kind, text, example.path or "", False, example.beside, example.answers)
    assert len(left) < len(before)
