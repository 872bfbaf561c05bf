from __future__ import annotations

import io
import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import GOOD, lint
from devbox_lint.diagnostics import Related, Severity, Span
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import Run
from devbox_lint.reports.text import text_report, write_coloured, write_plain
from devbox_lint.source import SourceFile
from reports.reporting import diagnostic, fix, result, run


def plain(report: Run, encoding: str = "utf-8") -> str:
    stream = io.StringIO()
    write_plain(text_report(report, encoding), stream)
    return stream.getvalue()


def source_part(marked: str) -> str:
    """The source lines of the report of one diagnostic, with their underlines."""
    lines = plain(run(result(marked))).split("\n")
    return "\n".join(lines[3:-3])


def snapshot(text: str) -> str:
    return dedent(text).removeprefix("\n")


def test_a_diagnostic_has_its_rule_its_place_its_source_its_fix_and_its_page() -> None:
    report = run(
        result(
            '$schema: 1.0\nparameters:\n  pat: "{{«http://»v.vault.azure.net/secrets/x}}"\n',
            path="team/imagedefinition.yaml",
            help="write `https://`",
            fix=fix(Span(37, 44), "https://"),
            related=(Related(Span(0, 7), "declared here"),),
        )
    )

    assert plain(report) == snapshot(
        """
        DBX301 error[malformed-secret-uri]: the message
         --> team/imagedefinition.yaml:3:11
          |
        2 | parameters:
        3 |   pat: "{{http://v.vault.azure.net/secrets/x}}"
          |           ^^^^^^^
          |
          = help: write `https://`  [safe fix available: --fix]
          = note: team/imagedefinition.yaml:1:1: declared here
          = https://example.org/rules/dbx301

        """
    )


def test_line_numbers_of_different_length_are_aligned() -> None:
    assert source_part("\n" * 8 + "a: 1\nb: «2»\n") == snapshot(
        """
         9 | a: 1
        10 | b: 2
           |    ^
           |"""
    )


def test_an_unsafe_fix_names_both_options() -> None:
    report = run(result("a: «b»", help="write c", fix=fix(Span(3, 4), "c", safe=False)))

    assert "= help: write c  [unsafe fix available: --fix --unsafe-fixes]" in plain(report)


def test_wide_characters_and_tabs_before_the_span_move_the_underline_as_a_terminal_does() -> None:
    assert source_part("a: 中文 😀 «é😀x» b\n") == snapshot(
        """
        1 | a: 中文 😀 é😀x b
          |            ^^^^
          |"""
    )
    assert source_part("\ta:\t«b»\n") == snapshot(
        """
        1 |     a:  b
          |         ^
          |"""
    )


def test_combining_characters_take_no_column() -> None:
    assert source_part("e\u0301e\u0301 «x»\n").split("\n")[1] == "  |    ^"


def test_carriage_returns_are_not_shown() -> None:
    assert source_part("a: 1\r\nb: «2»\r\n") == "1 | a: 1\n2 | b: 2\n  |    ^\n  |"


def test_each_line_of_a_short_span_is_underlined_without_its_indentation() -> None:
    assert source_part("a:\n  «b:\n\n    c: 1\n  d»: 2\n") == snapshot(
        """
        1 | a:
        2 |   b:
          |   ^^
        3 |
        4 |     c: 1
          |     ^^^^
        5 |   d: 2
          |   ^
          |"""
    )


def test_of_a_long_span_the_first_line_is_shown() -> None:
    assert source_part("a: «1\n2\n3\n4\n5»\n") == "1 | a: 1\n  |    ^\n  | ... to line 5\n  |"


def test_a_span_that_ends_with_a_line_break_does_not_reach_into_the_next_line() -> None:
    assert source_part("«a: 1\n»b: 2\n") == "1 | a: 1\n  | ^^^^\n  |"


def test_an_empty_span_at_the_end_of_the_file_is_shown_as_one_column() -> None:
    assert source_part("# nothing\n«»") == "1 | # nothing\n2 |\n  | ^\n  |"


@pytest.mark.parametrize("marked", ["«»", "\ufeff«»", "«\n»", "«\r»\n", "a«\n»"])
def test_next_to_nothing_can_be_shown(marked: str) -> None:
    assert "^" in source_part(marked)


def test_a_long_line_is_cut_around_the_span() -> None:
    first, second, _ = source_part("x: " + "abcdefg " * 40 + "«HERE»" + " 中文" * 400 + "\n").split("\n")

    assert first.startswith("1 | …abcdefg")
    assert first.endswith("…")
    assert first.index("HERE") == second.index("^^^^")
    assert len(first) < 170


def test_a_span_longer_than_the_report_is_cut_itself() -> None:
    first, second, _ = source_part("x: «" + "abcdefg " * 100_000 + "»\n").split("\n")

    assert first.startswith("1 | x: abcdefg")
    assert first.endswith("…")
    assert len(second) == len(first) - 1


def test_the_end_of_a_long_line_is_shown_whole() -> None:
    first, second, _ = source_part("a" * 5000 + "«b»").split("\n")

    assert first.endswith("ab")
    assert len(first) == len(second)


def test_text_of_the_file_is_harmless_and_still_underlined_exactly() -> None:
    report = run(result("x: \x1b[2J##vso[task.x]\u202e«y»\n", path="a\x1b[0m.yaml", message="`\x1b` ##[x]"))

    assert plain(report) == snapshot(
        r"""
        DBX301 error[malformed-secret-uri]: `\x1b` #\x23[x]
         --> a\x1b[0m.yaml:1:22
          |
        1 | x: \x1b[2J#\x23vso[task.x]\u202ey
          |                                 ^
          |
          = https://example.org/rules/dbx301

        """
    )


def test_an_encoding_that_lacks_characters_keeps_the_underline_exact() -> None:
    lines = plain(run(result("é中: «x»\n")), "ascii").split("\n")

    assert lines[3:5] == ["1 | \\xe9\\u4e2d: x", "  |             ^"]


def test_a_related_place_in_another_file_of_the_run_has_its_line() -> None:
    first = result("a: «1»\n", path="a.yaml", related=(Related(Span(4, 5), "there", "b.yaml"),))

    assert "= note: b.yaml:3:1: there" in plain(run(first, result("x:\n\n  y: 1\n", path="b.yaml")))
    assert "= note: b.yaml: there" in plain(run(first))


def test_colour_changes_nothing_but_the_colour() -> None:
    report = run(
        result("a: «[bold]:smile: 中»\n" + "x" * 300, help="b", fix=fix(Span(0, 1), "c")),
        result("b: «1»\nc: «2»", severity=Severity.INFO, related=(Related(Span(0, 1), "here"),)),
    )
    stream = io.StringIO()

    write_coloured(text_report(report), stream)

    assert "\x1b[1;31merror[malformed-secret-uri]\x1b[0m" in stream.getvalue()
    assert re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()) == plain(report)


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_its_word(severity: Severity) -> None:
    assert f"DBX301 {severity.label}[malformed-secret-uri]" in plain(run(result("«a»", severity=severity)))


def test_the_page_comes_last() -> None:
    item = diagnostic(Span(0, 1), help="do it", related=(Related(Span(0, 1), "here"),))
    report = run(result("a")._replace(diagnostics=(item,)))

    assert plain(report).rstrip().endswith("  = https://example.org/rules/dbx301")


WIDTHS = {"a": 1, "é": 1, "中": 2, "😀": 2, "\u0301": 0, "\x1b": 4, "\u202e": 6, " ": 1}


# Short enough that no line is cut.
WORDS = st.text("".join(WIDTHS), max_size=8)


@given(WORDS, WORDS.filter(bool), WORDS)
def test_the_underline_stands_under_the_span_and_nothing_else(before: str, marked: str, after: str) -> None:
    shown, underline = plain(run(result(f"{before}«{marked}»{after}."))).split("\n")[3:5]

    columns = [sum(WIDTHS[character] for character in part) for part in (before, marked)]
    assert shown == f"1 | {neutralise(before + marked + after)}."
    assert underline == "  | " + " " * columns[0] + "^" * max(columns[1], 1)


@given(st.text(), st.data())
def test_any_text_and_span_can_be_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    report = run(result("")._replace(source=SourceFile(text, text), diagnostics=(diagnostic(span, text),)))

    lines = plain(report).split("\n")

    assert any("^" in line for line in lines)
    assert lines[:-1] == [neutralise(line) for line in lines[:-1]]


@pytest.mark.parametrize("path", ["{}", "./{}", "{}/../{}", "{}//", "../repository/{}"])
def test_a_place_in_another_file_is_given_however_the_folder_is_written(tmp_path: Path, path: str) -> None:
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    for name in ("api", "web"):
        (repository / "catalog" / name).mkdir(parents=True)
        (repository / "catalog" / name / "imagedefinition.yaml").write_text(GOOD, "utf-8")

    result = lint(repository, "--select", "DBX115", path.format("catalog", "catalog"))

    assert len(re.findall(r"= note: .*catalog/(?:api|web)/imagedefinition\.yaml:2:7: the same name", result.out)) == 2
