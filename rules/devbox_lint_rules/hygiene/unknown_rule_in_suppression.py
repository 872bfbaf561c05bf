"""DBX902: a suppression that names no rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, Context, Example, Rule

if TYPE_CHECKING:
    from devbox_lint.suppressions import Suppression


class UnknownRuleInSuppression(Rule):
    """
    A comment `# devbox-lint: ...` names a rule that does not exist, or names none.

    Why: It silences nothing, and looks as if it did.

    Fix: Write the code or the name of the rule in brackets: `# devbox-lint: ignore[DBX101]`.
    """

    code = "DBX902"
    name = "unknown-rule-in-suppression"
    group = "hygiene"
    severity = Severity.WARNING
    about_suppressions = True
    fixable = "sometimes"
    bad = (
        Example(
            IMAGE,
            "name: web # devbox-lint: ignore[«mising-image»]\n",
            "name: web # devbox-lint: ignore[missing-image]\n",
        ),
        Example(IMAGE, "name: web # devbox-lint: ignore[«E501»]\n"),
        Example(IMAGE, "name: web «# devbox-lint: disable=DBX101»\n"),
    )
    good = (
        Example(IMAGE, "name: web # devbox-lint: ignore[DBX101, missing-name] a reason\n"),
        Example(IMAGE, "name: web # we run devbox-lint: it is good\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if context.suppressions is None:
            return
        # Imported here: the registry imports this module.
        from devbox_lint_rules import ALL_RULES

        known = {name for rule in ALL_RULES for name in (rule.code, rule.name)}
        for item in context.suppressions.items:
            if not item.is_well_formed:
                yield from _malformed(item)
                continue
            for name in item.names:
                if name.text not in known:
                    yield _unknown(name.text, name.span, known)


def _malformed(item: Suppression) -> Iterator[Finding]:
    text = item.comment.text.rstrip()
    yield Finding(
        Span(item.comment.span.start, item.comment.span.start + len(text)),
        "this comment silences nothing: name the rules in brackets, as in `# devbox-lint: ignore[DBX101]`",
    )


def _unknown(text: str, span: Span, known: set[str]) -> Finding:
    import difflib

    near = difflib.get_close_matches(text, sorted(known), n=1, cutoff=0.8)
    if near and (text.startswith("DBX") and text[3:].isdigit()):
        # Codes are near each other by nature: no guess which one was meant.
        near = []
    if not near:
        return Finding(span, f"no rule is called `{text}`: `devbox-lint rules` lists them")
    return Finding(
        span,
        f"no rule is called `{text}`: did you mean `{near[0]}`?",
        fix=Fix(f"write `{near[0]}`", (Edit(span, near[0]),)),
    )
