"""A rule is loaded for the files that may have what it finds; these are all that have."""

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.rule import RuleEntry
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from support import Files, each_corpus, unmark

#: All rules, each looking at every file.
EAGER = tuple(rule._replace(needs=None) for rule in RULES)


def both(source: SourceFile, kind: Kind | None = None) -> tuple[object, object]:
    first, second = (check(source, rules, kind, today="2026-12-01", causes_only=False) for rules in (RULES, EAGER))
    return first.diagnostics, second.diagnostics


@each_corpus
def test_what_a_rule_needs_is_in_every_file_in_which_it_finds_something(files: Files) -> None:
    for file in files:
        found, there = both(SourceFile.from_bytes(file.original, file.data))
        assert found == there, file.path


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.asks], ids=lambda rule: rule.code)
def test_what_a_rule_needs_is_in_its_examples(rule: RuleEntry) -> None:
    for example in rule.load().bad:
        data = example.data if example.data is not None else unmark(example.text)[0].encode()
        found, there = both(SourceFile.from_bytes(example.path or "", data), example.kind)
        assert found == there


@pytest.mark.parametrize(
    "command", ["\\x69wr https://example.com/a -OutFile a", "iw\\\n        r https://example.com/a -OutFile a"]
)
def test_escapes_hide_nothing_from_a_rule(command: str) -> None:
    text = f'userTasks:\n  - name: ~/powershell\n    parameters:\n      command: "{command}"\n'
    found, there = both(SourceFile("workload.yaml", text))

    assert found == there
    assert "DBX709" in str(there)
