"""The reports that GitLab, reviewdog and whatever reads JUnit take."""

from __future__ import annotations

import json
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

import made_up_tokens as made_up
from devbox_lint.diagnostics import Edit, Failure, Fix, Related, Severity, Span
from devbox_lint.reports.github import github_report
from devbox_lint.reports.gitlab import gitlab_report
from devbox_lint.reports.junit import junit_report
from devbox_lint.reports.model import Run
from devbox_lint.reports.rdjson import rdjson_report
from devbox_lint.results import FileResult
from reports.reporting import URL, diagnostic, fix, result, run

FAILED = (Failure("cannot read `b.yaml`: gone", "b.yaml"),)


@pytest.fixture(autouse=True)
def _outside_of_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestGitlab:
    def test_a_problem_has_a_path_lines_and_a_severity(self) -> None:
        report = run(
            result("«a»: 1\n", "./x/../ä.yaml"),
            result("a\n«b\n»", severity=Severity.WARNING),
            result("«a\nb»", severity=Severity.INFO),
        )
        found = json.loads(gitlab_report(report))

        assert [problem["severity"] for problem in found] == ["major", "minor", "info"]
        assert [problem["location"] for problem in found] == [
            {"path": "ä.yaml", "lines": {"begin": 1, "end": 1}},
            {"path": "imagedefinition.yaml", "lines": {"begin": 2, "end": 2}},
            {"path": "imagedefinition.yaml", "lines": {"begin": 1, "end": 2}},
        ]
        assert found[0]["check_name"] == "DBX301 malformed-secret-uri"
        assert found[0]["description"] == "the message"

    def test_no_two_problems_have_the_same_fingerprint(self) -> None:
        report = Run((result("«a» «a»\n«a»\n«a» b\n"), result("«a»", "c.yaml")), failures=FAILED * 2)

        names = [problem["fingerprint"] for problem in json.loads(gitlab_report(report))]
        assert len(set(names)) == len(names) == 7

    def test_what_could_not_be_done_is_critical(self) -> None:
        (only,) = json.loads(gitlab_report(Run((), failures=FAILED)))

        assert (only["severity"], only["check_name"]) == ("critical", "run-failure")
        assert only["location"]["path"] == "b.yaml"

    def test_a_run_that_finds_nothing_is_an_empty_list(self) -> None:
        assert gitlab_report(run(result("a"))) == "[]"


class TestReviewdog:
    def only(self, *results: FileResult) -> dict:
        text = rdjson_report(Run(results))
        assert text.isascii()
        (only,) = json.loads(text)["diagnostics"]
        return only

    def test_columns_count_bytes(self) -> None:
        only = self.only(result("ä😀: «b😀»\n", help="write c"))

        assert only == {
            "message": "the message\nhelp: write c",
            "location": {
                "path": "imagedefinition.yaml",
                "range": {"start": {"line": 1, "column": 9}, "end": {"line": 1, "column": 14}},
            },
            "severity": "ERROR",
            "code": {"value": "DBX301", "url": URL},
        }

    def test_a_fix_of_one_edit_is_a_suggestion(self) -> None:
        one = self.only(result("ä «b»\n", fix=fix(Span(2, 3), "ç")))
        two = self.only(result("ä «b»\n", fix=Fix("x", (Edit(Span(0, 1), "a"), Edit(Span(2, 3), "c")))))

        assert one["suggestions"] == [
            {"range": {"start": {"line": 1, "column": 4}, "end": {"line": 1, "column": 5}}, "text": "ç"}
        ]
        assert "suggestions" not in two

    def test_a_suggestion_does_not_print_a_secret(self) -> None:
        token = made_up.github(random.Random(1))
        marked = f"tasks:\n  - name: t\n    parameters:\n      «pasword»: {token}\n"

        assert "suggestions" not in self.only(result(marked, fix=fix(Span(0, 1), token)))

    def test_related_places_are_named(self) -> None:
        only = self.only(result("a «b»", related=(Related(Span(0, 1), "here"), Related(Span(0, 1), "there", "x.yaml"))))

        assert [place["message"] for place in only["related_locations"]] == ["here", "there"]
        assert only["related_locations"][1]["location"] == {"path": "x.yaml"}

    def test_what_could_not_be_done_is_an_error_without_a_range(self) -> None:
        (only,) = json.loads(rdjson_report(Run((), failures=FAILED)))["diagnostics"]

        assert only["severity"] == "ERROR"
        assert only["location"] == {"path": "b.yaml"}


class TestJUnit:
    def suites(self, report: Run) -> list[ElementTree.Element]:
        text = junit_report(report)
        assert text.isascii()
        return list(ElementTree.fromstring(text))

    def test_each_file_is_a_suite_and_each_diagnostic_a_test(self) -> None:
        two = result("«a» «b»", help="write c")._replace(crashes=())
        clean, found = self.suites(run(result("a", "a.yaml"), two))

        assert clean.attrib == {
            "name": "a.yaml", "tests": "1", "failures": "0", "errors": "0", "skipped": "0", "file": "a.yaml"
        }  # fmt: skip
        assert [case.get("name") for case in found] == [
            "DBX301 malformed-secret-uri",
            "DBX301 malformed-secret-uri (2)",
        ]
        (failure,) = found[1]
        assert failure.attrib == {"type": "error", "message": "the message"}
        assert failure.text == (f"imagedefinition.yaml:1:3: error: the message\nhelp: write c\n{URL}")

    def test_what_is_suppressed_is_counted_in_properties(self) -> None:
        found = result("«a» «b»")
        one, two = found.diagnostics
        (suite,) = self.suites(run(found._replace(diagnostics=(), suppressed=(one, two), recorded=(one,))))

        assert [dict(item.attrib) for item in suite.iter("property")] == [
            {"name": "suppressed.comments", "value": "2"},
            {"name": "suppressed.baseline", "value": "1"},
        ]
        assert [child.tag for child in suite] == ["properties", "testcase"]

    def test_only_what_fails_is_a_failure(self) -> None:
        several = (
            diagnostic(Span(0, 1), severity=Severity.WARNING),
            diagnostic(Span(0, 1), severity=Severity.INFO),
            diagnostic(Span(0, 1), code="DBX590", name="check-not-made", severity=Severity.INFO),
            diagnostic(Span(0, 1), code="DBX590", name="check-not-made"),
            diagnostic(Span(0, 1), code="DBX000", name="internal-error"),
        )
        (suite,) = self.suites(run(result("a")._replace(diagnostics=several)))

        assert [child.tag for case in suite for child in case] == [
            "failure",
            "system-out",
            "skipped",
            "failure",
            "error",
        ]
        assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
            "tests": "5", "failures": "2", "errors": "1", "skipped": "1"
        }  # fmt: skip

    def test_what_could_not_be_done_is_an_error(self) -> None:
        root = ElementTree.fromstring(junit_report(Run((), failures=FAILED)))

        assert (root.get("tests"), root.get("errors")) == ("1", "1")
        assert root[0].get("name") == "b.yaml"
        assert root[0][0][0].get("message") == "cannot read `b.yaml`: gone"

    def test_characters_that_xml_cannot_hold_are_escapes(self) -> None:
        (suite,) = self.suites(run(result("«a»", "\x01\ufffe.yaml", message="\x00\x1b\uffff]]><&")))

        assert suite.get("name") == "\\x01\\ufffe.yaml"
        assert suite[0][0].get("message") == "\\x00\\x1b\\uffff]]><&"


def test_a_failure_of_no_file_has_a_place_all_the_same() -> None:
    report = Run((), failures=(Failure("asking Azure: no network"),))

    assert json.loads(gitlab_report(report))[0]["location"]["path"] == "."
    assert json.loads(rdjson_report(report))["diagnostics"][0]["location"]["path"] == "."
    assert ElementTree.fromstring(junit_report(report))[0].get("name") == "."
    assert list(github_report(report)) == ["::error title=run-failure::asking Azure: no network"]
