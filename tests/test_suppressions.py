"""Which findings a comment suppresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Finding, Span
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.rule import Context
from devbox_lint.source import SourceFile
from devbox_lint.suppressions import find_suppressions
from devbox_lint.yaml.parse import parse
from devbox_lint_rules.hygiene.unknown_rule_in_suppression import UnknownRuleInSuppression
from devbox_lint_rules.hygiene.unused_suppression import UnusedSuppression
from devbox_lint_rules.structure.missing_image import MissingImage
from devbox_lint_rules.syntax.garbled_text import GarbledText
from devbox_lint_rules.syntax.unquoted_reference import UnquotedReference
from support import apply

RULES = (MissingImage(), UnquotedReference(), GarbledText())


class Dash(GarbledText):
    """Finds every dash, wherever it stands."""

    def check(self, context: Context) -> Iterator[Finding]:
        for match in re.finditer("–", context.source.text):
            yield Finding(Span(*match.span()), "a dash")


JUDGES = (MissingImage(), UnquotedReference(), Dash(), UnusedSuppression(), UnknownRuleInSuppression())


def codes(text: str, today: str | None = None) -> list[str]:
    return [item.code for item in check(SourceFile("", text), RULES, Kind.IMAGE, today=today).diagnostics]


def said(text: str, today: str | None = None) -> list[tuple[str, str]]:
    """The codes of what is said, suppressions included, each with the text that it points to."""
    found = check(SourceFile("", text), JUDGES, Kind.IMAGE, today=today).diagnostics
    return [(item.code, text[item.span.start : item.span.end]) for item in found]


@pytest.mark.parametrize(
    "text",
    [
        "name: web # devbox-lint: ignore[DBX101]\n",
        "name: web #devbox-lint:ignore[missing-image] a reason\r\n",
        "# devbox-lint: ignore[DBX005, DBX101]\n\n# more\nname: web\n",
        "name: web\nx: y\n# devbox-lint: ignore-file[missing-image]\n",
        "# devbox-lint: ignore-file[DBX101]\n---\nname: web\n",
        "name: web # ours # devbox-lint: ignore[DBX101] a reason\n",
        "name: web # devbox-lint: ignore[DBX005] # devbox-lint: ignore[DBX101]\n",
        "name: web # devbox-lint: ignore[dbx101]\n",
        "name: web # devbox-lint: ignore[Missing-Image]\n",
        "name: web # devbox-lint: ignore[DBX005 DBX101]\n",
        "name: web # devbox-lint: ignore[\tDBX101 ,] a reason until=2027-01-31\n",
        "name: 'web\n\n  team' # devbox-lint: ignore[DBX101]\n",
        "name: web\n  team # devbox-lint: ignore[DBX101]\n",
        "{name: web, # devbox-lint: ignore[DBX101]\n x: y}\n",
        "name: web # devbox-lint: ignore[DBX101]",
    ],
)
def test_a_named_rule_is_silent(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: web # devbox-lint: ignore[DBX102]\n",
        "name: web\nx: y # devbox-lint: ignore[DBX101]\n",
        "name: 'web # devbox-lint: ignore[DBX101]'\n",
        "name: web # devbox-lint: ignore DBX101\n",
        "name: web # devbox-lint: ignore[]\n",
        "name: web # devbox-lint: disable[DBX101]\n",
        "name: web # devbox-lint ignore[DBX101]\n",
        "name: web # devbox-lint: ignore[DBX1]\n",
        "name: web # devbox-lint: ignore[ALL]\n",
        "name: web # see `# devbox-lint: ignore[DBX101]`\n",
        "name: web # devbox-lint: ignore[DBX101] until=2027-02-30\n",
        "name: web # devbox-lint: ignore[DBX101] until=tomorrow\n",
        "name: web # devbox-lint: ignore[DBX101] until=20270101\n",
    ],
)
def test_anything_else_speaks(text: str) -> None:
    assert codes(text) == ["DBX101"]


def test_the_head_of_a_text_block_speaks_for_the_block() -> None:
    block = (
        "image: x\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: |{}\n        a\n        dir –Path\n"
    )

    assert codes(block.format("")) == ["DBX008"]
    assert codes(block.format(" # devbox-lint: ignore[DBX008]")) == []


def test_a_comment_inside_a_text_block_is_text() -> None:
    text = (
        "image: x\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
        "        # devbox-lint: ignore[DBX008]\n        dir –Path\n"
    )

    assert codes(text) == ["DBX008"]


def test_a_comment_inside_a_text_block_is_said_to_be_text() -> None:
    text = (
        "image: x\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
        "        # devbox-lint: ignore[DBX008] for now\n        dir –Path\n"
    )

    assert said(text) == [("DBX901", "# devbox-lint: ignore[DBX008]"), ("DBX008", "–")]


def test_a_comment_before_the_head_of_a_text_block_speaks_for_the_block() -> None:
    text = "image: x\n# devbox-lint: ignore[DBX008]\nx: >-\n  a\n\n  dir –Path\ny: 1\n"

    assert said(text) == []


def test_a_comment_before_a_text_of_several_lines_speaks_for_all_of_them() -> None:
    for value in ("'a\n  b\n\n  –Path'", '"a\n  b\n\n  –Path"', "a\n  b\n\n  –Path"):
        assert said(f"image: x\ncommand: {value}\n") == [("DBX008", "–")], value
        assert said(f"image: x\n# devbox-lint: ignore[DBX008]\ncommand: {value}\n") == [], value
        assert said(f"image: x\ncommand: {value} # devbox-lint: ignore[DBX008]\n") == [], value


def test_texts_that_share_a_line_are_spoken_for_together() -> None:
    assert said("image: x\na: ['b\n  –', 'c\n  d', e\n  f] # devbox-lint: ignore[DBX008]\n") == []


def test_a_comment_after_a_text_of_several_lines_does_not_speak_for_the_next_line() -> None:
    text = "image: x\na: 'b\n  c' # devbox-lint: ignore[DBX008]\ncommand: '–Path'\n"

    assert said(text) == [("DBX901", "DBX008"), ("DBX008", "–")]


def test_a_comment_on_its_own_line_speaks_for_the_comments_below_it() -> None:
    assert said("image: x\n# devbox-lint: ignore[DBX008]\n# dir –Path\nname: web\n") == []
    assert said("image: x\n# dir –Path # devbox-lint: ignore[DBX008]\nname: web\n") == []


def test_a_suppression_holds_through_its_last_day_and_no_longer() -> None:
    text = "name: web # devbox-lint: ignore[DBX101] the base team adds it until=2027-01-31.\n"

    assert said(text, "2026-11-23") == []
    assert said(text, "2027-01-31") == []
    assert said(text, "2027-02-01") == [("DBX101", "name"), ("DBX901", "until=2027-01-31.")]
    assert said(text) == []


def test_what_a_suppression_hid_to_its_last_day_is_named_for_a_repair_and_not_removed() -> None:
    text = "# devbox-lint: ignore[DBX101, DBX005] until=2020-01-01\nname: web\n"

    found = check(SourceFile("", text), JUDGES, Kind.IMAGE, today="2026-11-23").diagnostics

    assert [(item.code, item.message, item.fix is None) for item in found if item.code == "DBX901"] == [
        ("DBX901", "unused suppression: `DBX005` reports nothing here, so remove it", False),
        (
            "DBX901",
            "this suppression ended with 2020-01-01, and there is still something for `DBX101` to suppress: repair what"
            " is found, or set another day",
            True,
        ),
    ]


def test_an_ended_suppression_that_is_not_needed_is_removed() -> None:
    text = "image: x\nname: web # devbox-lint: ignore[DBX101] until=2020-01-01\n"

    found = check(SourceFile("", text), JUDGES, Kind.IMAGE, today="2026-11-23").diagnostics

    assert [(item.code, apply(text, item.fix.edits)) for item in found if item.fix] == [
        ("DBX901", "image: x\nname: web\n")
    ]


def test_a_rule_that_did_not_run_is_not_said_to_find_nothing() -> None:
    text = "name: web # devbox-lint: ignore[DBX101, DBX005]\n"

    found = check(SourceFile("", text), (UnquotedReference(), UnusedSuppression()), Kind.IMAGE).diagnostics

    assert [text[item.span.start : item.span.end] for item in found] == ["DBX005"]


def test_no_suppression_suppresses_what_is_said_of_itself() -> None:
    assert said("image: x\nname: web # devbox-lint: ignore[DBX005, DBX901]\n") == [
        ("DBX901", "DBX005"),
        ("DBX901", "DBX901"),
    ]
    assert said("image: x\n# devbox-lint: ignore[DBX901]\nname: web # devbox-lint: ignore[DBX005]\n") == []


def test_what_is_said_of_a_suppression_of_the_file_is_suppressed_by_another() -> None:
    one = "# devbox-lint: ignore-file[DBX901, DBX005]\n"
    assert said(f"image: x\n{one}") == [("DBX901", "DBX901"), ("DBX901", "DBX005")]
    assert said(f"image: x\n{one}# devbox-lint: ignore-file[DBX901, DBX101]\n") == []


def test_each_directive_of_a_comment_ends_where_the_next_begins() -> None:
    text = (
        "name: web # devbox-lint: ignore[DBX101] a until=2026-01-31  # devbox-lint: ignore[DBX005] b until=2027-01-31"
    )
    found = find_suppressions(parse(SourceFile("", text)))

    assert [(text[slice(*item.span)], item.until and item.until.day) for item in found.items] == [
        ("# devbox-lint: ignore[DBX101] a until=2026-01-31", "2026-01-31"),
        ("# devbox-lint: ignore[DBX005] b until=2027-01-31", "2027-01-31"),
    ]


@pytest.mark.parametrize("line", ["# devbox-lint: ignored[DBX008]", "# devbox-lint: ignore", "# devbox-lint: DBX008"])
def test_what_is_no_suppression_inside_a_text_block_is_not_told(line: str) -> None:
    text = f"image: x\ntasks:\n  - name: a\n    parameters:\n      command: |\n        {line}\n"

    assert said(text) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: web # devbox-lint ignore[DBX101]\n", "name: web # devbox-lint: ignore[DBX101]\n"),
        ("name: web # devbox-lint: ignore DBX101\n", "name: web # devbox-lint: ignore[DBX101]\n"),
        ("name: web # devbox-lint: ignore: DBX101 why\n", "name: web # devbox-lint: ignore[DBX101] why\n"),
        ("name: web # devbox-lint: ignore=DBX101\n", "name: web # devbox-lint: ignore[DBX101]\n"),
        ("name: web # devbox-lint: ignore(DBX101)\n", "name: web # devbox-lint: ignore[DBX101]\n"),
        ("name: web # devbox-lint: ignore[DBX101 why\n", "name: web # devbox-lint: ignore[DBX101] why\n"),
        ("# devbox-lint: ignore-file DBX101\nname: web\n", "# devbox-lint: ignore-file[DBX101]\nname: web\n"),
        ("image: x # devbox-lint: ignore[DBX101]", "image: x"),
        ("image: x\r\n# devbox-lint: ignore[DBX101]\r\nname: web\r\n", "image: x\r\nname: web\r\n"),
        ("image: x\n  # devbox-lint: ignore[DBX101, DBX005]", "image: x\n"),
        ("image: x # a # devbox-lint: ignore[DBX101] b\n", "image: x # a\n"),
        ("# a # devbox-lint: ignore[DBX101] b\nimage: x\n", "# a\nimage: x\n"),
    ],
)
def test_safe_fixes_delete_or_repair_just_that(before: str, after: str) -> None:
    assert fix_source(SourceFile("", before), JUDGES, Kind.IMAGE).source.text == after


@pytest.mark.slow
def test_ten_thousand_suppressions_and_findings_are_matched_one_by_one() -> None:
    text = "image: x\n" + "".join(
        f"k{number}: a–b # devbox-lint: ignore[DBX008]\nl{number}: |\n  a\n" for number in range(10_000)
    )

    assert said(text) == []


def test_a_comment_full_of_directives_is_read_once() -> None:
    assert said("image: x #" + " # devbox-lint: ignore[" * 20_000 + "\n")[0][0] == "DBX902"
