"""DBX902: a suppression that names no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import ALL_FILES, IMAGE, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules._registry import RULES

if TYPE_CHECKING:
    from devbox_lint.suppressions import Name, Suppression

_CODE = lazy(r"DBX[0-9]{3}", re.IGNORECASE)
_PREFIX = lazy(r"DBX[0-9]{0,2}|ALL|[*]", re.IGNORECASE)
#: Codes where a bracket with them should be.
_UNBRACKETED = lazy(r"[ \t]*+[:=([]?[ \t]*+(?P<codes>DBX[0-9]{3}(?:[ \t,]++DBX[0-9]{3})*+)\b[])]?")
#: A day that was certainly meant as the last.
_LAST_DAY = lazy(r"\buntil(?:[ \t]*+[:=][ \t]*+|[ \t]++)(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\b")


class UnknownRuleInSuppression(Rule):
    """
    A comment `# devbox-lint: ...` names a rule that does not exist, or names none, or cannot be understood for
    another reason: a missing colon or bracket, or a day that is not in the calendar.

    Why: It suppresses nothing, and looks as if it did: whoever reads the file takes the finding for known and accepted.

    Fix: Write the code or the name of the rule in brackets: `# devbox-lint: ignore[DBX101]`. A reason may follow, and
    the last day on which it holds: `# devbox-lint: ignore[DBX101] the base team adds it until=2027-01-31`.
    """

    code = "DBX902"
    name = "unknown-rule-in-suppression"
    severity = Severity.WARNING
    kinds = ALL_FILES
    about_suppressions = True
    see = ("DBX901",)
    bad = (
        Example(
            IMAGE,
            "name: web # devbox-lint: ignore[«mising-image»]\n",
            "name: web # devbox-lint: ignore[missing-image]\n",
        ),
        Example(IMAGE, "name: web # devbox-lint: ignore[«E501»]\n"),
        Example(IMAGE, "name: web # devbox-lint: ignore[«DBX1»]\n"),
        Example(IMAGE, "name: web «# devbox-lint: disable=all»\n"),
        Example(
            IMAGE,
            "name: web «# devbox-lint: ignore DBX101, DBX110 for now»\n",
            "name: web # devbox-lint: ignore[DBX101, DBX110] for now\n",
        ),
        Example(
            IMAGE,
            "name: web «# devbox-lint ignore[DBX101]»\n",
            "name: web # devbox-lint: ignore[DBX101]\n",
        ),
        Example(
            IMAGE,
            "name: web «# devbox-lint: ignore-next-line[DBX101]»\n",
        ),
        Example(IMAGE, "name: web # devbox-lint: ignore[DBX101] «until=2027-02-30»\n"),
        Example(
            IMAGE,
            "name: web # devbox-lint: ignore[DBX101] for now, «until: 2027-02-28»\n",
            "name: web # devbox-lint: ignore[DBX101] for now, until=2027-02-28\n",
        ),
        Example(IMAGE, "name: web # devbox-lint: ignore[DBX101] for now, «until: 2027-02-30»\n", shown=False),
    )
    good = (
        Example(IMAGE, "name: web # devbox-lint: ignore[DBX101, missing-name] a reason\n", shown=False),
        Example(IMAGE, "name: web # we run devbox-lint: it is good\n"),
        Example(IMAGE, "# devbox-lint checks this file\nname: web # devbox-lint ignores this\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if context.suppressions is None:
            return
        from devbox_lint.suppressions import Until

        known = {name for rule in RULES for name in (rule.code, rule.name)}
        for item in context.suppressions.items:
            reason = context.source.text[item.bracket : item.span.end]
            if not item.is_well_formed:
                yield _malformed(item, reason)
                continue
            for name in item.names:
                if name.text.upper() not in known and name.text.lower() not in known:
                    yield _unknown(name, known)
            day = None if item.until else _LAST_DAY.search(reason)
            if day:
                span = Span(item.bracket + day.start(), item.bracket + day.end())
                is_day = Until(day["day"], span).is_day
                right = f"until={day['day'] if is_day else '2027-01-31'}"
                yield Finding(
                    span,
                    "this sets no end date, so the comment never expires: write "
                    + (f"`{right}`" if is_day else f"a day of the calendar, as in `{right}`"),
                    fix=Fix(f"write `{right}`", (Edit(span, right),)) if is_day else None,
                )


def _malformed(item: Suppression, reason: str) -> Finding:
    from devbox_lint.suppressions import VERBS

    start = item.span.start
    if item.verb in VERBS and item.names and ":" not in item.separator:
        at = start + item.comment.text[start - item.comment.span.start :].index("devbox-lint") + len("devbox-lint")
        return Finding(
            item.span,
            "this comment suppresses nothing: a colon is missing after `devbox-lint`",
            fix=Fix("write the colon", (Edit(Span(at, at + len(item.separator)), ": "),)),
        )
    if item.verb in VERBS and item.names and item.until:
        return Finding(
            item.until.span,
            f"`{item.until.day}` is not a date, so this comment suppresses nothing: write year, month and day as in"
            " `until=2027-01-31`",
        )
    if item.lacks_reason and item.verb in VERBS and item.names:
        return Finding(
            item.span,
            "this comment suppresses nothing: the settings ask for a reason after the bracket",
            help="say why what is found may stay, or repair it",
        )
    codes = _UNBRACKETED.match(reason) if item.verb in VERBS and not item.names else None
    example = f"`# devbox-lint: {item.verb if item.verb in VERBS else 'ignore'}[DBX101]`"
    return Finding(
        item.span,
        f"this comment suppresses nothing: name the rules in brackets, as in {example}",
        fix=Fix(
            "put the codes in brackets",
            (Edit(Span(item.bracket, item.bracket + codes.end()), f"[{codes['codes']}]"),),
        )
        if codes and ":" in item.separator
        else None,
    )


def _unknown(name: Name, known: set[str]) -> Finding:
    import difflib

    text, span = name
    if _PREFIX.fullmatch(text):
        return Finding(
            span, f"`{text}` suppresses nothing: a comment names each rule, as in `DBX101` or `missing-image`"
        )
    # Codes are near each other by nature: no guess which one was meant.
    near = [] if _CODE.fullmatch(text) else difflib.get_close_matches(text.lower(), sorted(known), n=1, cutoff=0.8)
    if not near:
        return Finding(span, f"unknown rule `{text}`: `devbox-lint rules` lists them")
    return Finding(
        span,
        f"unknown rule `{text}`: did you mean `{near[0]}`?",
        fix=Fix(f"write `{near[0]}`", (Edit(span, near[0]),)),
    )
