from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from devbox_lint.credentials.detector import Secret
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.credentials.masking import Mask
from devbox_lint.diagnostics import Failure, Related, Severity, Span
from devbox_lint.reports.concise import concise_report
from devbox_lint.reports.diff import diff_report
from devbox_lint.reports.json_report import json_lines, json_statistics, json_text
from devbox_lint.reports.json_v1 import json_v1_report
from devbox_lint.reports.model import Excerpts, Run, summary
from devbox_lint.reports.text import statistics_report
from devbox_lint.source import SourceFile
from reports.reporting import URL, diagnostic, fix, result, run

WARNING, INFO = Severity.WARNING, Severity.INFO


def test_a_concise_line_is_one_that_problem_matchers_know() -> None:
    report = run(result("a: «1»\nb: «2»\n", fix=fix(Span(3, 4), "2")), result("«x»", "b.yaml", severity=INFO))

    assert list(concise_report(report)) == [
        "imagedefinition.yaml:1:4: error: DBX301 malformed-secret-uri: the message [*]",
        "imagedefinition.yaml:2:4: error: DBX301 malformed-secret-uri: the message [*]",
        "b.yaml:1:1: info: DBX301 malformed-secret-uri: the message",
    ]


def test_an_unsafe_fix_has_no_star() -> None:
    report = run(result("a: «1»\n", fix=fix(Span(3, 4), "2", safe=False)))

    assert "[*]" not in next(concise_report(report))


def test_a_file_name_cannot_begin_a_command() -> None:
    lines = list(concise_report(run(result("«a»", "::error::x.yaml"), result("«a»", " ::\n##vso[x].yaml"))))

    assert lines == [
        ":\\x3aerror::x.yaml:1:1: error: DBX301 malformed-secret-uri: the message",
        " :\\x3a\\n#\\x23vso[x].yaml:1:1: error: DBX301 malformed-secret-uri: the message",
    ]


def test_the_old_json_has_rows_and_columns_from_1_in_code_points() -> None:
    report = run(
        result(
            "a: 😀é «b»\r\nc: «1\r\n2»\r\n",
            "tëam.yaml",
            help="write c",
            fix=fix(Span(6, 7), "ç", safe=False),
            related=(Related(Span(9, 10), "here"), Related(Span(0, 1), "there", "other.yaml")),
        )
    )

    written = json_v1_report(report)

    assert written.isascii()
    first, second = json.loads(written)
    assert first == {
        "code": "DBX301",
        "name": "malformed-secret-uri",
        "severity": "error",
        "message": "the message",
        "help": "write c",
        "filename": "tëam.yaml",
        "kind": "imagedefinition",
        "location": {"row": 1, "column": 7},
        "end_location": {"row": 1, "column": 8},
        "url": URL,
        "fix": {
            "applicability": "unsafe",
            "message": "write it right",
            "edits": [
                {
                    "location": {"row": 1, "column": 7},
                    "end_location": {"row": 1, "column": 8},
                    "content": "ç",
                }
            ],
        },
        "related": [
            {
                "message": "here",
                "filename": "tëam.yaml",
                "location": {"row": 2, "column": 1},
                "end_location": {"row": 2, "column": 2},
            },
            {"message": "there", "filename": "other.yaml", "location": None, "end_location": None},
        ],
    }
    assert second["location"] == {"row": 2, "column": 4}
    assert second["end_location"] == {"row": 3, "column": 2}


def test_the_old_json_says_what_could_not_be_done() -> None:
    failed = Run(run(result("«a»")).results, failures=(Failure("cannot read `##[x]\x1b`", "##[x]\x1b"),))

    written = json_v1_report(failed)

    assert "##" not in written
    first, second = json.loads(written)
    assert (first["code"], first["name"], first["severity"]) == (None, "run-failure", "error")
    assert (first["message"], first["filename"], first["location"]) == (
        "cannot read `#\\x23[x]\\x1b`",
        "##[x]\x1b",
        None,
    )
    assert second["code"] == "DBX301"


@given(st.one_of(st.text(), st.lists(st.sampled_from(["#", "##", "\\", '"', "[", "u0023"])).map("".join)))
@example("\\###[x")
def test_json_is_exact_and_no_log_takes_it_for_a_command(text: str) -> None:
    written = json_text({text: [text]})

    assert json.loads(written) == {text: [text]}
    assert written.isascii()
    assert written.isprintable()
    assert "##" not in written
    assert json.loads(json_lines([text, text])) == [text, text]


def test_the_old_json_of_nothing_is_an_empty_list() -> None:
    assert json_v1_report(run()) == "[]"
    assert json_v1_report(run(result("a: 1\n"))) == "[]"


def test_the_old_json_of_a_clean_standard_input_has_a_name() -> None:
    (only,) = json.loads(json_v1_report(run(result("«a»", ""))))

    assert only["filename"] == "<stdin>"
    assert only["fix"] is None
    assert only["help"] is None


def test_statistics_put_the_most_frequent_first() -> None:
    text = "a: 1\n"
    several = [diagnostic(Span(0, 1), code="DBX107", name="missing-schema-version")] * 9
    several += [diagnostic(Span(0, 1), fix=fix(Span(0, 1), "b"))] * 12
    report = run(result(text)._replace(diagnostics=tuple(several)))

    assert statistics_report(report) == [
        "12  DBX301  [*]  malformed-secret-uri",
        " 9  DBX107       missing-schema-version",
    ]
    assert json.loads(json_statistics(report)) == [
        {"code": "DBX301", "name": "malformed-secret-uri", "count": 12, "fixable": 12},
        {"code": "DBX107", "name": "missing-schema-version", "count": 9, "fixable": 0},
    ]


def test_the_summary_counts_severities_files_and_fixes() -> None:
    clean = result("a: 1\n")
    errors = result("«a»: «b» «c»", fix=fix(Span(0, 1), "b"))
    warning = result("«a»", severity=WARNING, fix=fix(Span(0, 1), "b", safe=False))
    infos = result("«a» «b»", severity=INFO)

    assert summary(run(errors, warning, infos, clean, clean)) == (
        "3 errors, 1 warning, 2 infos in 3 of 5 files; 3 fixable with --fix (1 more with --unsafe-fixes)"
    )
    assert summary(run(warning)) == "1 warning in 1 file; 1 fixable with --fix --unsafe-fixes"
    assert summary(run(clean, clean)) == "no problems found in 2 files"
    assert summary(run(clean, applied=2)) == "2 fixed; no problems left in 1 file"
    assert summary(run(infos, applied=2)) == "2 fixed; 2 infos in 1 file"
    assert summary(run(clean, hidden=2)) == "2 below --severity not shown"
    failed = Run(run(clean).results, failures=(Failure("cannot read `x`", "x"),))
    assert summary(failed) == "no problems found in 1 file; not complete: 1 failure"
    assert summary(Run((), failures=failed.failures)) == "not complete: 1 failure"


def test_a_diff_shows_the_change_with_three_lines_around_it() -> None:
    before = result("".join(f"line {number}\n" for number in range(9)))
    after = SourceFile("imagedefinition.yaml", before.source.text.replace("line 4", "line\tfour"))

    assert [text for line in diff_report(before, after) for text, _ in line] == [
        "--- imagedefinition.yaml",
        "+++ imagedefinition.yaml",
        "@@ -2,7 +2,7 @@",
        " line 1",
        " line 2",
        " line 3",
        "-line 4",
        "+line\tfour",
        " line 5",
        " line 6",
        " line 7",
    ]


def test_a_diff_keeps_carriage_returns_and_tells_of_a_missing_line_break() -> None:
    before = result("a: 1\r\nb: 2")

    lines = diff_report(before, SourceFile("", "a: 1\r\nb: 3"))

    assert [line[0][0] for line in lines][2:] == [
        "@@ -1,2 +1,2 @@",
        " a: 1\r",
        "-b: 2",
        "\\ No newline at end of file",
        "+b: 3",
        "\\ No newline at end of file",
    ]


def test_a_diff_is_harmless() -> None:
    before = result("  ::error::x\n\x1b[2J\n##[x]\n", "##vso[a].yaml")

    lines = [line[0][0] for line in diff_report(before, SourceFile("", before.source.text + "\x00\n"))]

    assert lines[0] == "--- #\\x23vso[a].yaml"
    assert lines[3:] == ["   :\\x3aerror::x", " \\x1b[2J", " #\\x23[x]", "+\\x00"]


def test_excerpts_cover_secrets_wherever_they_are_quoted() -> None:
    text = "pat: hunter22\nkey: |\n  -----BEGIN\n  abcdef\nend: 1\n"
    secrets = [
        Secret(SecretKind.PARAMETER, span, "a secret", "here", text[span.start : span.end])
        for span in (Span(5, 13), Span(23, 42))
    ]
    shown = Excerpts(SourceFile("", text), Mask(text, secrets))

    assert [shown.line(number) for number in range(5)] == [
        "pat: ********",
        "key: |",
        "  **********",
        "********",
        "end: 1",
    ]
    assert shown.text(Span(0, 13)) == "pat: ********"
    assert shown.conceal("use `'hunter22'`, abcdef") == "use `'********'`, ******"
