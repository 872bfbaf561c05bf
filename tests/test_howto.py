"""The YAML examples of Microsoft's how-to document, which the project began with, as they stand there."""

from __future__ import annotations

import re
import textwrap

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from support import SHARED

HOW_TO = SHARED / "reference" / "how-to-customizations-connect-resource-repository.md"
pytestmark = pytest.mark.skipif(not HOW_TO.is_file(), reason="the document is not at hand")

_FENCE = re.compile(r"^( *)```ya?ml\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def example(number: int) -> str:
    return [textwrap.dedent(match[2]) for match in _FENCE.finditer(HOW_TO.read_text(encoding="utf-8"))][number - 1]


def lint(text: str, name: str, pure: bool = False) -> tuple[SourceFile, list[Diagnostic]]:
    source = SourceFile(name, text)
    return source, list(check(source, [rule for rule in RULES if rule.default], pure=pure).diagnostics)


def places(source: SourceFile, diagnostics: list[Diagnostic], code: str) -> list[tuple[int, str]]:
    return [
        (source.position(item.span.start).line + 1, source.text[item.span.start : item.span.end])
        for item in diagnostics
        if item.code == code
    ]


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
def test_the_first_example_shows_all_its_mistakes_in_one_run(pure: bool) -> None:
    source, found = lint(example(1), "imagedefinition.yaml", pure)

    assert places(source, found, "DBX002") == [(5, "    ")]
    assert places(source, found, "DBX008") == [(7, "â€“")]
    assert {(7, "command")} & {*places(source, found, "DBX118"), *places(source, found, "DBX119")} or {
        (6, "parameters")
    } & {*places(source, found, "DBX118")}
    assert places(source, found, "DBX305") == [(7, "{{KEY_VAULT_SECRET_URI}}")]
    (indentation,) = [item for item in found if item.code == "DBX002"]
    assert indentation.fix is not None
    assert indentation.fix.safe


@pytest.mark.parametrize(
    ("number", "placeholder"), [(2, "{{KEY_VAULT_SECRET_URI}}"), (3, "YOUR_ORG_NAME")], ids=["vault", "ado"]
)
def test_the_second_and_third_example_leave_a_placeholder(number: int, placeholder: str) -> None:
    source, found = lint(example(number), "workload.yaml")

    ((line, text),) = places(source, found, "DBX305")
    assert line == 8
    assert placeholder in text
    assert [item.code for item in found if item.severity is Severity.ERROR] == ["DBX305"]


def test_the_fourth_example_has_no_error_but_its_operands() -> None:
    source, found = lint(example(4), "workload.yaml")

    assert {item.code for item in found if item.severity is Severity.ERROR} == {"DBX305"}
    assert [text for _, text in places(source, found, "DBX305")] == [
        "<appId>",
        "<tenantId>",
        "<storage_account_name>",
        "<container_name>",
        "<blob_name>",
        "<local_file_path>",
    ]
    assert places(source, found, "DBX301") == []


def test_the_first_example_is_a_team_file_by_its_content() -> None:
    assert check(SourceFile("x.yaml", example(1)), ()).kind is Kind.IMAGE
