"""A run over one file: order, severities, and rules that fail."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.engine import check
from devbox_lint.rule import IMAGE, TASK, USER, Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules.structure.missing_image import MissingImage
from devbox_lint_rules.syntax.duplicate_key import DuplicateKey


class Broken(Rule):
    code = "DBX998"
    name = "broken"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterator[Finding]:
        yield Finding(Span(0, 1), "the first")
        raise RuntimeError("secret text")


class Informative(Rule):
    code = "DBX997"
    name = "informative"
    severity = Severity.ERROR
    severities = {USER: Severity.INFO}
    kinds = frozenset((IMAGE, USER))

    def check(self, context: Context) -> Iterator[Finding]:
        yield Finding(Span(2, 2), "x")


def test_a_rule_that_raises_loses_only_its_own_findings() -> None:
    result = check(SourceFile("x", "a: 1\na: 2\n"), (Broken(), MissingImage(), DuplicateKey()), Kind.IMAGE)

    assert [item.code for item in result.diagnostics] == ["DBX000", "DBX101", "DBX998", "DBX004"]
    assert "DBX998" in result.diagnostics[0].message
    assert "secret text" not in result.diagnostics[0].message
    assert "secret text" in result.crashes[0]


def test_the_kind_decides_which_rules_run_and_how_much_they_weigh() -> None:
    source = SourceFile("x", "a: 1\n")

    assert [(d.code, d.severity) for d in check(source, (Informative(),), USER).diagnostics] == [
        ("DBX997", Severity.INFO)
    ]
    assert [d.severity for d in check(source, (Informative(),), IMAGE).diagnostics] == [Severity.ERROR]
    assert check(source, (Informative(),), TASK).diagnostics == ()


def test_a_file_that_is_not_ours_has_no_diagnostics() -> None:
    result = check(SourceFile("deploy.yaml", "apiVersion: v1\nkind: Pod\n"), (Informative(),))

    assert (result.kind, result.diagnostics) == (None, ())
