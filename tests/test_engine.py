"""A run over one file: order, severities, and rules that fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Span
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.results import FileResult
from devbox_lint.rule import IMAGE, TASK, USER, Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules.structure.missing_image import MissingImage
from devbox_lint_rules.syntax.document_limits import DocumentLimits
from devbox_lint_rules.syntax.duplicate_key import DuplicateKey
from doubles import GivenFiles


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

    assert check(source, (Informative(),)) == FileResult(source, None)


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
        ("DBX996", "fixing", Severity.WARNING, Span(0, 1), "an a", url, "write `b`", fix, related, None),
        ("DBX996", "fixing", Severity.WARNING, Span(1, 2), "a colon", url, "remove it", fix, (), None),
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
        None,
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


def _finds(rule_code: str, *spans: Span, covers: tuple[Span, ...] = (), yields: tuple[str, ...] = ()) -> Rule:
    """A rule that finds these places in every file."""

    class Finds(Rule):
        code = rule_code
        name = rule_code.lower()
        severity = Severity.WARNING
        yields_to = yields

        def check(self, context: Context) -> Iterator[Finding]:
            for span in spans:
                yield Finding(span, "x", covers=covers)

    return Finds()


def _found(*rules: Rule, text: str = "a: 1\nb: 2\n") -> list[tuple[str, int]]:
    result = check(SourceFile("x", text), rules, IMAGE)
    assert not result.crashes
    return [(item.code, item.span.start) for item in result.diagnostics]


@pytest.mark.parametrize(
    ("cause", "consequence", "is_silent"),
    [
        (Span(2, 4), Span(2, 4), True),
        (Span(2, 4), Span(3, 6), True),
        (Span(2, 4), Span(0, 9), True),
        (Span(0, 9), Span(2, 4), True),
        (Span(2, 4), Span(4, 6), False),
        (Span(4, 6), Span(2, 4), False),
        (Span(2, 4), Span(4, 4), True),
        (Span(2, 4), Span(2, 2), True),
        (Span(2, 4), Span(5, 5), False),
        (Span(3, 3), Span(2, 4), True),
        (Span(4, 4), Span(2, 4), True),
        (Span(5, 5), Span(2, 4), False),
        (Span(3, 3), Span(3, 3), True),
    ],
)
def test_a_rule_is_silent_where_the_finding_of_one_it_yields_to_is(
    cause: Span, consequence: Span, is_silent: bool
) -> None:
    stronger = _finds("DBX901", Span(20, 21), cause)
    weaker = _finds("DBX902", consequence, yields=("DBX900", "DBX901"))

    found = _found(stronger, weaker)

    assert ("DBX902" not in dict(found)) == is_silent
    assert [code for code, _ in found].count("DBX901") == 2


def test_the_order_of_the_rules_does_not_count_and_only_those_that_run_do() -> None:
    stronger = _finds("DBX901", Span(0, 1))
    weaker = _finds("DBX902", Span(0, 1), Span(5, 6), yields=("DBX901",))

    assert _found(weaker, stronger) == _found(stronger, weaker) == [("DBX901", 0), ("DBX902", 5)]
    assert _found(weaker) == [("DBX902", 0), ("DBX902", 5)]


def test_a_consequence_of_a_consequence_is_silent_too() -> None:
    first = _finds("DBX901", Span(0, 2))
    second = _finds("DBX902", Span(1, 4), yields=("DBX901",))
    third = _finds("DBX903", Span(3, 4), yields=("DBX902",))

    assert _found(third, second, first) == [("DBX901", 0)]
    assert _found(third, second) == [("DBX902", 1)]


def test_a_finding_covers_more_than_its_own_place_where_it_says_so() -> None:
    stronger = _finds("DBX901", Span(0, 1), covers=(Span(5, 9),))
    weaker = _finds("DBX902", Span(2, 3), Span(6, 7), yields=("DBX901",))

    assert _found(stronger, weaker) == [("DBX901", 0), ("DBX902", 2)]


def test_a_suppressed_finding_keeps_its_consequences_silent() -> None:
    stronger = _finds("DBX901", Span(0, 1))
    weaker = _finds("DBX902", Span(0, 1), yields=("DBX901",))

    assert _found(stronger, weaker, text="a: 1 # devbox-lint: ignore[DBX901]\nb: 2\n") == []


def test_many_findings_yield_in_linear_time() -> None:
    spans = [Span(index, index + 1) for index in range(20_000)]
    stronger = _finds("DBX901", *spans)
    weaker = _finds("DBX902", *spans, Span(20_000, 20_001), yields=("DBX901",))

    assert len(_found(stronger, weaker, text="a" * 20_000)) == 20_001
