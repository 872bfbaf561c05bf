from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up_tokens as made_up
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Failure, Finding, Fix, Related, Severity, Span
from devbox_lint.engine import check
from devbox_lint.reports.ci_environment import automation_details, provenance
from devbox_lint.reports.fingerprints import fingerprints
from devbox_lint.reports.model import Run
from devbox_lint.reports.sarif import sarif_report, utf16_units
from devbox_lint.results import FileResult
from devbox_lint.rule import Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES, every_rule
from reports.reporting import fix, result

RULES = tuple(rule for rule in RULES if rule.code in ("DBX107", "DBX301", "DBX401"))
AZURE = {
    "TF_BUILD": "True",
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/contoso/",
    "SYSTEM_TEAMPROJECTID": "2b4a9a5e-2a0e-4a1e-9f7f-3f6f4a1b2c3d",
    "SYSTEM_DEFINITIONID": "12",
    "BUILD_DEFINITIONNAME": "Dev boxes",
    "SYSTEM_PHASEID": "6f1b9c1e-2a0e-4a1e-9f7f-3f6f4a1b2c3d",
    "SYSTEM_PHASENAME": "Lint",
    "BUILD_SOURCEBRANCH": "refs/heads/über #1",
    "BUILD_BUILDID": "345",
    "BUILD_REPOSITORY_URI": "https://contoso:token@dev.azure.com/contoso/Web/_git/site",
    "BUILD_SOURCEVERSION": "0123456789012345678901234567890123456789",
}


@pytest.fixture(autouse=True)
def _outside_of_any_repository_and_pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)


def log_of(*results: FileResult, failures: tuple[Failure, ...] = ()) -> dict:
    text = sarif_report(Run(results, failures=failures, rules=RULES))
    assert text.isascii()
    (only,) = json.loads(text)["runs"]
    return only


def test_regions_count_code_units_and_name_what_they_are() -> None:
    run = log_of(result("a: 😀«b😀»\r\nc: «1\r\n2»"))

    assert run["columnKind"] == "utf16CodeUnits"
    first, second = (item["locations"][0]["physicalLocation"] for item in run["results"])
    assert first == {
        "artifactLocation": {"uri": "imagedefinition.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 9, "snippet": {"text": "b😀"}},
    }
    assert second["region"]["endLine"] == 3
    assert second["region"]["snippet"] == {"text": "1\r\n2"}


@given(st.text())
def test_code_units_are_those_of_utf_16(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_each_result_has_its_rule_and_all_rules_that_ran_are_described() -> None:
    run = log_of(result("«a»", severity=Severity.INFO))

    (only,) = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["DBX107", "DBX301", "DBX401"]
    assert (only["ruleId"], rules[only["ruleIndex"]]["id"], only["level"]) == ("DBX301", "DBX301", "note")
    assert rules[0]["name"] == "MissingSchemaVersion"
    assert all(rule["help"]["markdown"] and rule["fullDescription"]["text"] for rule in rules)
    assert [rule["id"] for rule in rules if "security-severity" in rule["properties"]] == ["DBX401"]


def test_descriptions_are_as_short_as_github_wants_them() -> None:
    (run,) = json.loads(sarif_report(Run((), rules=every_rule())))["runs"]

    rules = run["tool"]["driver"]["rules"]
    assert len(rules) > 100
    assert all(len(rule[key]["text"]) <= 1024 for rule in rules for key in ("shortDescription", "fullDescription"))
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in rules)


def test_a_run_that_finds_nothing_has_an_empty_list() -> None:
    run = log_of(result("a"))

    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_what_was_not_done_is_a_notification_and_the_run_no_success() -> None:
    (invocation,) = log_of(failures=(Failure("cannot read `a b.yaml`: gone", "a b.yaml"),))["invocations"]

    assert invocation["executionSuccessful"] is False
    (only,) = invocation["toolExecutionNotifications"]
    assert only == {
        "descriptor": {"id": "run-failure", "index": 0},
        "level": "error",
        "message": {"text": "cannot read `a b.yaml`: gone"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a%20b.yaml", "uriBaseId": "SRCROOT"}}}],
    }


def test_a_rule_that_fails_is_a_result_and_a_notification() -> None:
    class Raises(Rule):
        code, name, group, severity = "DBX101", "missing-image", "structure", Severity.ERROR

        def check(self, context: Context) -> list[Finding]:  # type: ignore[override]
            raise ZeroDivisionError

    run = log_of(check(SourceFile("imagedefinition.yaml", "name: a\n"), (Raises(),), Kind.IMAGE))

    (invocation,) = run["invocations"]
    (only,) = invocation["toolExecutionNotifications"]
    (found,) = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert invocation["executionSuccessful"] is False
    assert only["associatedRule"] == {"id": "DBX000", "index": 0}
    assert rules[found["ruleIndex"]]["id"] == "DBX000"


def test_a_check_that_was_not_made_is_a_notification_too() -> None:
    made = result("«a»", code="DBX590", name="check-not-made", severity=Severity.INFO)
    rule = type("CheckNotMade", (Rule,), {"code": "DBX590", "name": "check-not-made", "group": "online",
                                          "severity": Severity.INFO, "__doc__": "It was not made."})()  # fmt: skip
    (run,) = json.loads(sarif_report(Run((made,), rules=(rule,))))["runs"]

    (invocation,) = run["invocations"]
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["note"]
    assert len(run["results"]) == 1


def test_fixes_hold_their_edits_and_how_safe_they_are() -> None:
    several = Fix("write it right", (Edit(Span(0, 1), "😀"), Edit(Span(3, 4), "")), safe=False)
    (only,) = log_of(result("«a»: b", fix=several))["results"]

    (written,) = only["fixes"]
    assert written["properties"] == {"applicability": "unsafe"}
    assert written["description"] == {"text": "write it right"}
    (change,) = written["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "imagedefinition.yaml"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
            "insertedContent": {"text": "😀"},
        },
        {
            "deletedRegion": {"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 5},
            "insertedContent": {"text": ""},
        },
    ]


def test_a_fix_that_would_print_a_secret_is_left_out() -> None:
    token = made_up.github(random.Random(1))
    marked = f"tasks:\n  - name: t\n    parameters:\n      «pasword»: {token}\n"
    (only,) = log_of(result(marked, fix=fix(Span(0, 1), f"x {token}")))["results"]

    assert "fixes" not in only


def test_related_places_have_numbers_and_may_be_in_other_files() -> None:
    related = (Related(Span(0, 1), "here"), Related(Span(0, 1), "there", "sub/other.yaml"))
    (only,) = log_of(result("a «b»", related=related), result("x", "sub/other.yaml"))["results"]

    assert [place["id"] for place in only["relatedLocations"]] == [1, 2]
    assert [place["message"]["text"] for place in only["relatedLocations"]] == ["here", "there"]
    assert only["relatedLocations"][1]["physicalLocation"]["artifactLocation"]["uri"] == "sub/other.yaml"


def test_a_message_holds_no_link_and_a_snippet_nothing_that_is_not_seen() -> None:
    (only,) = log_of(result("«a\x1b[2J»", message="see [this](https://example.org)"))["results"]

    assert only["message"]["text"] == "see [this] (https://example.org)"
    assert "snippet" not in only["locations"][0]["physicalLocation"]["region"]


def test_snippets_and_messages_cover_secrets() -> None:
    token = made_up.github(random.Random(1))
    marked = f"tasks:\n  - name: t\n    parameters:\n      «password: {token}»\n"
    (only,) = log_of(result(marked, message=f"not {token}"))["results"]

    assert only["message"]["text"] == f"not {'*' * len(token)}"
    snippet = only["locations"][0]["physicalLocation"]["region"]["snippet"]["text"]
    assert snippet == f"password: {'*' * len(token)}"


class TestPaths:
    def test_they_are_from_the_top_of_the_repository_and_encoded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / ".git").mkdir()
        (tmp_path / "sub").mkdir()
        monkeypatch.chdir(tmp_path / "sub")

        found = log_of(*(result("«a»", path) for path in ("ä #1%.yaml", "../x:y/b.yaml", str(tmp_path / "c.yaml"))))

        locations = [item["locations"][0]["physicalLocation"]["artifactLocation"] for item in found["results"]]
        assert [location["uri"] for location in locations] == ["sub/%C3%A4%20%231%25.yaml", "x%3Ay/b.yaml", "c.yaml"]

    def test_what_lies_outside_is_absolute(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")

        (only,) = log_of(result("«a»", "../there/b.yaml"))["results"]

        location = only["locations"][0]["physicalLocation"]["artifactLocation"]
        assert location == {"uri": (tmp_path / "there" / "b.yaml").as_uri()}

    def test_standard_input_has_a_name(self) -> None:
        (only,) = log_of(result("«a»", ""))["results"]

        assert only["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%3Cstdin%3E"

    def test_bytes_that_are_no_text_are_encoded(self) -> None:
        (only,) = log_of(result("«a»", "\udcff.yaml"))["results"]

        assert only["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF.yaml"


class TestFingerprints:
    def names(self, marked: str, path: str = "a.yaml") -> list[str]:
        return fingerprints(result(marked), path)

    def test_they_stay_when_lines_are_added_elsewhere(self) -> None:
        assert self.names("a: «1»\nb: 2\n") == self.names("# new\n\n  a:   «1»\nc: 3\n")

    def test_each_is_another(self) -> None:
        names = self.names("a: «1»\na: «1» «2»\n«» «»") + self.names("a: «1»", "b.yaml")

        assert len(set(names)) == len(names) == 6

    def test_they_know_of_a_secret_no_more_than_its_length(self) -> None:
        one, other, longer = (
            f"tasks:\n  - name: t\n    parameters:\n      «password»: {secret}\n"
            for secret in ("Zq7-vW9x!", "7Zq-xvW9?", "Zq7-vW9x!!")
        )

        assert self.names(one) == self.names(other)
        assert self.names(one) != self.names(longer)


class TestPipelines:
    def test_an_azure_pipeline_is_named_by_all_that_advanced_security_asks_for(self) -> None:
        assert automation_details(AZURE) == {
            "id": "azuredevops/pipeline/build/contoso/2b4a9a5e-2a0e-4a1e-9f7f-3f6f4a1b2c3d/12/"
            "6f1b9c1e-2a0e-4a1e-9f7f-3f6f4a1b2c3d/refs/heads/%C3%BCber%20%231/345",
            "properties": {
                "azuredevops/pipeline/build/buildDefinitionId": "12",
                "azuredevops/pipeline/build/buildDefinitionName": "Dev boxes",
                "azuredevops/pipeline/build/phaseId": "6f1b9c1e-2a0e-4a1e-9f7f-3f6f4a1b2c3d",
                "azuredevops/pipeline/build/phaseName": "Lint",
            },
        }
        old = AZURE | {"SYSTEM_COLLECTIONURI": "https://contoso.visualstudio.com/"}
        assert automation_details(old) == automation_details(AZURE)

    @pytest.mark.parametrize("missing", [name for name in AZURE if not name.startswith(("BUILD_R", "BUILD_SOURCEV"))])
    def test_half_of_it_would_be_worse_than_nothing(self, missing: str) -> None:
        assert automation_details({**AZURE, missing: " " if missing != "TF_BUILD" else ""}) == {"id": "devbox-lint/"}

    @pytest.mark.parametrize(
        ("environment", "expected"),
        [
            (
                AZURE,
                ("https://dev.azure.com/contoso/Web/_git/site", AZURE["BUILD_SOURCEVERSION"], "refs/heads/über #1"),
            ),
            (
                {
                    "GITHUB_ACTIONS": "true",
                    "GITHUB_SERVER_URL": "https://github.com",
                    "GITHUB_REPOSITORY": "o/r",
                    "GITHUB_SHA": "1" * 40,
                    "GITHUB_REF": "refs/heads/main",
                },
                ("https://github.com/o/r", "1" * 40, "refs/heads/main"),
            ),
            (
                {
                    "GITLAB_CI": "true",
                    "CI_PROJECT_URL": "https://gitlab.com/o/r",
                    "CI_COMMIT_SHA": "2" * 40,
                    "CI_COMMIT_REF_NAME": "main",
                },
                ("https://gitlab.com/o/r", "2" * 40, "main"),
            ),
        ],
        ids=["azure", "github", "gitlab"],
    )
    def test_the_repository_is_named_without_credentials(
        self, environment: dict[str, str], expected: tuple[str, str, str]
    ) -> None:
        repository, commit, branch = expected
        assert provenance(environment) == {
            "repositoryUri": repository,
            "revisionId": commit,
            "branch": branch,
            "mappedTo": {"uriBaseId": "SRCROOT"},
        }

    def test_without_a_pipeline_nothing_is_said_of_the_repository(self) -> None:
        assert provenance({}) is None
        assert provenance({"GITHUB_ACTIONS": "true"}) is None
        assert "versionControlProvenance" not in log_of()
