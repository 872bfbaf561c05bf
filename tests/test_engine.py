"""A run over one file: order, severities, and rules that fail."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.given_files import GivenFiles
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Span
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.rule import IMAGE, TASK, USER, Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules.structure.missing_image import MissingImage
from devbox_lint_rules.syntax.document_limits import DocumentLimits
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
    source = SourceFile("deploy.yaml", "apiVersion: v1\nkind: Pod\n")

    assert check(source, (Informative(),)) == (source, None, (), (), None)


class Fixing(Rule):
    code = "DBX996"
    name = "fixing"
    severity = Severity.WARNING

    def check(self, context: Context) -> Iterator[Finding]:
        fix = Fix("write `b`", (Edit(Span(0, 1), "b"),))
        related = (Related(Span(1, 2), "beside"),)
        yield Finding(Span(0, 1), "an a", fix=fix, related=related)
        yield Finding(Span(1, 2), "a colon", "remove it", fix)


def test_a_diagnostic_has_all_that_the_finding_and_its_rule_say() -> None:
    url = "https://github.com/devbox-lint/devbox-lint/blob/main/docs/rules/dbx996-fixing.md"
    fix = Fix("write `b`", (Edit(Span(0, 1), "b"),))
    related = (Related(Span(1, 2), "beside"),)

    assert check(SourceFile("x", "a: 1\n"), (Fixing(),), IMAGE).diagnostics == (
        ("DBX996", "fixing", Severity.WARNING, Span(0, 1), "an a", url, "write `b`", fix, related),
        ("DBX996", "fixing", Severity.WARNING, Span(1, 2), "a colon", url, "remove it", fix, ()),
    )


def test_a_bug_of_ours_is_told_with_the_rule_and_where_to_read_of_it() -> None:
    first, *_ = check(SourceFile("x", "a: 1\n"), (Broken(),), IMAGE).diagnostics

    assert first == (
        "DBX000",
        "internal-error",
        Severity.ERROR,
        Span(0, 0),
        "the rule DBX998 failed on this file (RuntimeError): this is a bug of devbox-lint,"
        " please report it with the file's structure",
        "https://github.com/devbox-lint/devbox-lint/blob/main/docs/rules/dbx000-internal-error.md",
        None,
        None,
        (),
    )


class Knowing(Rule):
    code = "DBX995"
    name = "knowing"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterator[Finding]:
        found = ", ".join(definition.name for definition in context.definitions("install"))
        yield Finding(Span(0, 0), f"{found} of {context.today}")


class Heading(Rule):
    code = "DBX994"
    name = "heading"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterator[Finding]:
        if not context.source.text.startswith("#"):
            yield Finding(Span(0, 0), "no heading", fix=Fix("insert one", (Edit(Span(0, 0), "# a\n"),)))


def test_a_rule_is_told_what_the_run_knows() -> None:
    catalog = Catalog(GivenFiles({"install/task.yaml": "name: install\ncommand: x\n"}))
    source = SourceFile("imagedefinition.yaml", "name: web\n")
    found = check(source, (Knowing(),), IMAGE, catalog=catalog, today="2026-11-23").diagnostics
    fixed = fix_source(source, (Knowing(), Heading()), IMAGE, catalog=catalog, today="2026-11-23")

    assert [item.message for item in found] == ["install of 2026-11-23"]
    assert (fixed.source.text, fixed.applied) == ("# a\nname: web\n", 1)
    assert [item.message for item in fixed.result.diagnostics] == ["install of 2026-11-23"]


def test_what_is_found_in_a_file_with_a_secret_comes_with_what_covers_it() -> None:
    text = "name: web\ntasks:\n- name: t\n  parameters:\n    password: Zq7-vW9x!\n"
    found = check(SourceFile("x", text), (Informative(),), IMAGE)

    assert found.mask is not None
    assert found.mask.spans == (Span(text.index("Zq7"), len(text) - 1),)
    assert check(SourceFile("x", text), (), IMAGE).mask is None


def test_of_a_file_that_is_too_long_only_that_is_said() -> None:
    source = SourceFile("x", "a: b\n" + "# c\n" * 250_000)
    found = check(source, (Informative(), DocumentLimits()), IMAGE)

    assert (found.source.path, found.source.text) == ("x", "")
    assert [(item.code, item.message) for item in found.diagnostics] == [
        ("DBX012", "the file has more than 1,000,000 characters and is not checked: make it smaller"),
        ("DBX997", "x"),
    ]
