"""Each rule's own examples: the bad ones give exactly the marked findings, the good ones none."""

from __future__ import annotations

import pytest

from devbox_lint.rule import Example, Rule
from devbox_lint_rules import RULES, every_rule
from support import apply, findings, unmark

BAD = [
    pytest.param(rule, example, id=f"{rule.code}-{index}")
    for rule in every_rule()
    for index, example in enumerate(rule.bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-{index}")
    for rule in every_rule()
    for index, example in enumerate(rule.good)
]


def _text(example: Example) -> str | bytes:
    return example.data if example.data is not None else unmark(example.text)[0]


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_gives_the_marked_findings(rule: Rule, example: Example, pure: bool) -> None:
    text, spans = unmark(example.text)

    found = findings(rule, example.kind, _text(example), example.path or "", pure, example.beside, example.answers)

    assert [finding.span for finding in found] == spans, [(text[f.span.start : f.span.end], f.message) for f in found]


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_gives_nothing(rule: Rule, example: Example, pure: bool) -> None:
    assert findings(rule, example.kind, _text(example), example.path or "", pure, example.beside, example.answers) == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_the_fix_gives_the_stated_text_and_leaves_nothing_to_fix(rule: Rule, example: Example) -> None:
    text, _ = unmark(example.text)
    fixes = [
        f.fix for f in findings(rule, example.kind, _text(example), example.path or "", beside=example.beside) if f.fix
    ]
    assert bool(fixes) == (example.fixed is not None)
    if example.fixed is None:
        return

    fixed = apply(text, [edit for fix in fixes for edit in fix.edits])

    assert fixed == example.fixed
    assert [f for f in findings(rule, example.kind, fixed, example.path or "", beside=example.beside) if f.fix] == []


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)
def test_a_rule_is_complete(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert rule.__doc__ is not None
    assert "Why:" in rule.__doc__
    assert "Fix:" in rule.__doc__
    assert set(rule.see) < {one.code for one in RULES} - {rule.code}
    assert any(example.shown for example in rule.bad)
    assert type(rule).__name__.lower() == rule.name.replace("-", "")


def test_rules_yield_to_rules_that_there_are_and_never_in_a_circle() -> None:
    yields = {rule.code: set(rule.yields_to) for rule in every_rule()}
    assert all(stronger in yields for codes in yields.values() for stronger in codes)

    # What yields to nothing that is left can be taken away, until there is nothing, or a circle.
    left = dict(yields)
    while free := [code for code, stronger in left.items() if not stronger & set(left)]:
        for code in free:
            del left[code]

    assert left == {}
