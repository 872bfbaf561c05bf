from __future__ import annotations

import pytest

from devbox_lint.errors import UsageError
from devbox_lint.rule import Rule
from devbox_lint.run.selection import find, select


def _rule(number: int, name_of_rule: str, on: bool = True) -> Rule:
    class Made(Rule):
        code = f"DBX{number}"
        name = name_of_rule
        default = on

    return Made()


RULES = (
    _rule(101, "missing-image"),
    _rule(102, "missing-name"),
    _rule(111, "malformed-image"),
    _rule(222, "missing-display-name", on=False),
    _rule(301, "malformed-secret-uri"),
)


def codes(chosen: list[str] | None = None, extended: tuple[str, ...] = (), ignored: tuple[str, ...] = ()) -> str:
    return " ".join(rule.code[3:] for rule in select(RULES, chosen, extended, ignored))


def test_the_rules_that_are_on_by_default_run_where_nothing_is_said() -> None:
    assert codes() == "101 102 111 301"


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("DBX101", "101"),
        ("dbx101", "101"),
        ("DBX1", "101 102 111"),
        ("DBX10", "101 102"),
        ("DBX", "101 102 111 222 301"),
        ("ALL", "101 102 111 222 301"),
        ("missing-image", "101"),
        ("missing-display-name", "222"),
    ],
)
def test_a_rule_is_chosen_by_code_prefix_name_or_all(word: str, found: str) -> None:
    assert codes([word]) == found


def test_chosen_rules_come_in_their_order_and_once() -> None:
    assert codes(["DBX3", "missing-image", "DBX101"]) == "101 301"


def test_extending_adds_to_the_default_or_to_what_is_chosen() -> None:
    assert codes(extended=("DBX222",)) == "101 102 111 222 301"
    assert codes(["DBX3"], extended=("DBX222",)) == "222 301"


def test_the_closer_word_counts() -> None:
    assert codes(["DBX1"], ignored=("DBX101",)) == "102 111"
    assert codes(["DBX101"], ignored=("DBX1",)) == "101"
    assert codes(["ALL"], ignored=("DBX1",)) == "222 301"
    assert codes(ignored=("DBX1", "malformed-secret-uri"), extended=("DBX11",)) == "111"
    assert codes(ignored=("ALL",), extended=("DBX301",)) == "301"


def test_a_prefix_of_a_single_rule_is_no_closer_than_its_letters() -> None:
    assert codes(["DBX11"], ignored=("DBX1",), extended=("DBX3",)) == "111 301"
    assert codes(["DBX1"], ignored=("DBX11",)) == "101 102"


def test_all_is_the_farthest_word() -> None:
    assert codes(["DBX"], ignored=("ALL",)) == "101 102 111 222 301"
    with pytest.raises(UsageError, match="no rule is left to run"):
        codes(["ALL"], ignored=("DBX",))


def test_of_two_equally_close_words_ignoring_counts() -> None:
    assert codes(ignored=("missing-image",), extended=("DBX101",)) == "102 111 301"
    assert codes(ignored=("DBX101",), extended=("missing-image",)) == "102 111 301"


def test_settings_may_stand_for_the_rules_that_are_on_by_default() -> None:
    assert [rule.code for rule in select(RULES, standard=(RULES[3], RULES[0]))] == ["DBX101", "DBX222"]
    assert [rule.code for rule in select(RULES, ["DBX3"], standard=RULES)] == ["DBX301"]


def test_no_rule_left_is_an_error() -> None:
    with pytest.raises(UsageError, match="no rule is left to run"):
        codes(["DBX101"], ignored=("DBX101",))


@pytest.mark.parametrize("word", ["missing-imag", "DBX9", "DBX1011", "X", "", "missing"])
def test_a_word_for_no_rule_is_an_error(word: str) -> None:
    with pytest.raises(UsageError, match="unknown rule"):
        codes([word])
    for option, chosen, extended, ignored in (
        ("--select", [word], (), ()),
        ("--extend-select", None, (word,), ()),
        ("--ignore", None, (), (word,)),
    ):
        with pytest.raises(UsageError, match=f"unknown rule `{word}` in {option}:"):
            codes(chosen, extended, ignored)


def test_the_near_misses_are_named() -> None:
    with pytest.raises(UsageError, match="did you mean `missing-image`"):
        codes(["missing-imag"])


def test_a_prefix_finds_several_rules() -> None:
    assert [rule.code for rule in find(RULES, "DBX10")] == ["DBX101", "DBX102"]
    assert find(RULES, "DBX9") == ()
