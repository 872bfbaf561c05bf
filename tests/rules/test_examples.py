"""Each rule's own examples: the bad ones give exactly the marked findings, the good ones none."""

from __future__ import annotations

import pytest

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.rule import Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES, every_rule
from doubles import GivenFiles
from support import TODAY, apply, findings, unmark

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


#: The rules that want what an excerpt leaves out.
LEFT_OUT_OF_EXCERPTS = {"missing-command", "missing-image", "missing-name", "missing-schema-version", "no-tasks"}


def _data(example: Example) -> bytes:
    return example.data if example.data is not None else unmark(example.text)[0].encode()


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_gives_the_marked_findings(rule: Rule, example: Example, pure: bool) -> None:
    text, spans = unmark(example.text)

    found = findings(rule, example.kind, _data(example), example.path or "", pure, example.beside, example.answers)

    assert [finding.span for finding in found] == spans, [(text[f.span.start : f.span.end], f.message) for f in found]


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_gives_nothing(rule: Rule, example: Example, pure: bool) -> None:
    assert findings(rule, example.kind, _data(example), example.path or "", pure, example.beside, example.answers) == []


@pytest.mark.parametrize(
    ("rule", "example"), [pytest.param(*item.values, id=item.id) for item in GOOD if item.values[1].shown]
)
def test_a_good_example_that_is_shown_is_good_for_every_rule(rule: Rule, example: Example) -> None:
    """Examples are excerpts, so that what is missing in them says nothing."""
    source = SourceFile.from_bytes(example.path or "", _data(example))
    catalog = Catalog(GivenFiles(dict(example.beside))) if example.beside else STANDARD

    found = check(source, [rule for rule in RULES if rule.default], example.kind, catalog=catalog, today=TODAY)

    wrong = {item.name for item in found.diagnostics if item.severity >= Severity.WARNING}
    assert wrong - LEFT_OUT_OF_EXCERPTS == set(), "show another one, or write `shown=False`"


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_the_fix_gives_the_stated_text_and_leaves_nothing_to_fix(rule: Rule, example: Example) -> None:
    text, _ = unmark(example.text)
    fixes = [
        f.fix for f in findings(rule, example.kind, _data(example), example.path or "", beside=example.beside) if f.fix
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


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)
def test_a_fix_that_is_not_safe_says_why(rule: Rule) -> None:
    said = [
        finding.fix.safe
        for example in rule.bad
        for finding in findings(
            rule, example.kind, _data(example), example.path or "", False, example.beside, example.answers
        )
        if finding.fix is not None
    ]

    assert ("Unsafe because:" in (rule.__doc__ or "")) == (False in said), "write a paragraph `Unsafe because:`"
