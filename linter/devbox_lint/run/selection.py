"""Which rules run: ``--select``, ``--ignore`` and ``--extend-select``, by code, prefix, name or ``ALL``."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TypeVar

from devbox_lint.errors import UsageError
from devbox_lint.rule import AnyRule, Rule, RuleEntry
from devbox_lint.startup import lazy

SomeRule = TypeVar("SomeRule", Rule, RuleEntry, AnyRule)

_PREFIX = lazy(r"DBX[0-9]{0,3}", re.IGNORECASE)
_ALL = 0
_ONE_RULE = 99


def select(
    rules: Sequence[AnyRule],
    chosen: Sequence[str] | None = None,
    extended: Sequence[str] = (),
    ignored: Sequence[str] = (),
    standard: Collection[AnyRule] | None = None,
) -> tuple[AnyRule, ...]:
    """The rules to run, in their order.

    ``chosen`` None stands for ``standard``, and that for the rules that are on by default; ``extended`` adds to it.
    Where a rule is both chosen and ignored the closer word counts (``DBX101`` before ``DBX1`` before ``ALL``), and
    with equally close ones it is ignored.
    """
    if chosen is not None:
        wanted = weights(rules, chosen, "--select")
    else:
        wanted = {rule.code: _ALL for rule in rules if (rule.default if standard is None else rule in standard)}
    for code, weight in weights(rules, extended, "--extend-select").items():
        wanted[code] = max(weight, wanted.get(code, _ALL))
    unwanted = weights(rules, ignored, "--ignore")
    selected = tuple(
        rule for rule in rules if rule.code in wanted and wanted[rule.code] > unwanted.get(rule.code, _ALL - 1)
    )
    if not selected:
        raise UsageError("no rule is left to run: what is selected is also ignored")
    return selected


def find(rules: Sequence[SomeRule], word: str) -> tuple[SomeRule, ...]:
    """The rules that ``word`` stands for: one for a code or a name, several for a prefix or ``ALL``."""
    if word.upper() == "ALL":
        return tuple(rules)
    if _PREFIX.fullmatch(word):
        return tuple(rule for rule in rules if rule.code.startswith(word.upper()))
    return tuple(rule for rule in rules if rule.name == word.lower())


def unknown_rule(rules: Sequence[AnyRule], word: str, place: str = "") -> UsageError:
    """The error for a word that stands for no rule, with the words that may have been meant."""
    from devbox_lint.spelling import nearest

    known = [name for rule in rules for name in (rule.code, rule.name)]
    meant = nearest(word, known)
    return UsageError(
        f"unknown rule `{word}`{place}: "
        + (f"did you mean {meant}?" if meant else "`devbox-lint rules` lists them all")
    )


def weights(rules: Sequence[AnyRule], words: Sequence[str], option: str = "") -> dict[str, int]:
    """For the code of each rule that ``words`` stand for, how close the closest of them is.

    ``option`` is what they were given to, for the error about a word that stands for none.
    """
    closest: dict[str, int] = {}
    for word in words:
        found = find(rules, word)
        if not found:
            raise unknown_rule(rules, word, f" in {option}")
        if word.upper() == "ALL":
            weight = _ALL
        elif len(found) == 1 and word.upper() in (found[0].code, found[0].name.upper()):
            weight = _ONE_RULE
        else:
            weight = len(word)
        for rule in found:
            closest[rule.code] = max(weight, closest.get(rule.code, weight))
    return closest
