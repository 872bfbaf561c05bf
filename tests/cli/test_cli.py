"""The command line as a process: what is checked, which rules, and the other commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import (
    BAD,
    FINE,
    GOOD,
    NO_IMAGE,
    ONLY,
    environment,
    lint,
    team_folder,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return team_folder(tmp_path)


class TestWhatIsChecked:
    @pytest.mark.parametrize("arguments", [(), (".",), ("check",), ("check", "."), ("bad", "good"), (BAD, FINE)])
    def test_check_is_the_default_command_and_this_folder_the_default_path(
        self, folder: Path, arguments: tuple[str, ...]
    ) -> None:
        result = lint(folder, *arguments, *ONLY, "--output-format", "concise")

        assert result.code == 1
        assert result.out.splitlines() == [
            f"{BAD}:1:1: error: DBX101 missing-image: no `image`: a team file must name the image it starts from",
            "1 error in 1 of 2 files",
        ]
        assert result.err == ""

    def test_options_may_stand_between_paths(self, folder: Path) -> None:
        assert lint(folder, BAD, "--fail-on", "never", FINE, "-q").code == 0

    def test_after_two_dashes_everything_is_a_path(self, folder: Path) -> None:
        (folder / "--fix.yaml").write_text(NO_IMAGE)

        result = lint(folder, *ONLY, "--kind", "imagedefinition", "--", "--fix.yaml")

        assert result.code == 1
        assert "--fix.yaml:1:1" in result.out

    def test_a_clean_run_says_so(self, folder: Path) -> None:
        assert lint(folder, FINE, *ONLY) == (0, "no problems found in 1 file\n", "")

    def test_a_folder_without_files_of_ours_is_no_error_but_said(self, tmp_path: Path) -> None:
        (tmp_path / "playbook.yaml").write_text("- hosts: all\n  tasks: []\n")

        assert lint(tmp_path) == (0, "", "devbox-lint: no Dev Box customization files found in .\n")

    def test_a_named_file_that_is_not_ours_is_not_checked_and_that_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "playbook.yaml").write_text("- hosts: all\n  tasks: []\n")

        result = lint(tmp_path, "playbook.yaml")

        assert result.code == 0
        assert result.out == ""
        assert "playbook.yaml is no Dev Box customization file" in result.err
        assert "--kind" in result.err

    def test_under_pre_commit_files_that_are_not_ours_are_nothing_to_speak_of(self, tmp_path: Path) -> None:
        (tmp_path / "playbook.yaml").write_text("- hosts: all\n  tasks: []\n")

        assert lint(tmp_path, "playbook.yaml", PRE_COMMIT="1") == (0, "", "")

    def test_a_kind_makes_any_named_file_ours(self, tmp_path: Path) -> None:
        (tmp_path / "playbook.yaml").write_text("hosts: all\n")

        assert lint(tmp_path, "playbook.yaml", "--kind", "imagedefinition", *ONLY).code == 1
        assert lint(tmp_path, "playbook.yaml", "--kind", "task", *ONLY).code == 0

    def test_excluded_files_are_left_out_also_where_they_are_named(self, folder: Path) -> None:
        assert lint(folder, ".", *ONLY, "--exclude", "bad").code == 0
        assert lint(folder, BAD, FINE, *ONLY, "--exclude", "bad/").code == 0
        assert lint(folder, ".", *ONLY, "--exclude", "x", "--exclude", "good").code == 1

    def test_it_is_said_that_a_named_file_is_excluded(self, folder: Path) -> None:
        one = f"devbox-lint: note: {BAD} is excluded, so nothing was checked\n"
        assert lint(folder, BAD, *ONLY, "--exclude", "bad") == (0, "", one)
        all_of_them = "devbox-lint: note: all of the files are excluded, so nothing was checked\n"
        assert lint(folder, BAD, FINE, *ONLY, "--exclude", "*.yaml") == (0, "", all_of_them)

    def test_a_file_named_twice_is_reported_once(self, folder: Path) -> None:
        assert lint(folder, BAD, ".", BAD, *ONLY, "--output-format", "concise").out.count("DBX101") == 1


class TestStandardInput:
    def test_a_dash_reads_it(self, tmp_path: Path) -> None:
        result = lint(tmp_path, "-", *ONLY, "--kind", "imagedefinition", stdin=NO_IMAGE)

        assert result.code == 1
        assert " --> <stdin>:1:1\n" in result.out

    @pytest.mark.parametrize("dash", [("-",), ()])
    def test_its_name_is_given_by_an_option(self, tmp_path: Path, dash: tuple[str, ...]) -> None:
        result = lint(tmp_path, *dash, "--stdin-filename", "a/imagedefinition.yaml", *ONLY, stdin=NO_IMAGE)

        assert result.code == 1
        assert " --> a/imagedefinition.yaml:1:1\n" in result.out

    def test_what_is_not_ours_is_said(self, tmp_path: Path) -> None:
        result = lint(tmp_path, "-", stdin="- hosts: all\n")

        assert result.code == 0
        assert "the text on standard input is no Dev Box customization file" in result.err

    @pytest.mark.parametrize("arguments", [("-", "a.yaml"), ("a.yaml", "--stdin-filename", "b.yaml")])
    def test_it_stands_alone(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        assert lint(tmp_path, *arguments, stdin=GOOD).code == 2

    def test_with_fix_the_text_comes_out_and_the_report_on_the_other_stream(self, tmp_path: Path) -> None:
        text = NO_IMAGE.replace("\n", "\r\n").encode()

        result = lint(tmp_path, "-", "--fix", *ONLY, "--kind", "imagedefinition", stdin=text)

        assert result.code == 1
        assert result.out == text.decode()
        assert "DBX101" in result.err

    @pytest.mark.parametrize("text", [b"- hosts: all\n", b"", b"\xff\xfe-\x00", b"a: \xe9\x00"])
    def test_with_fix_what_is_not_ours_comes_out_as_it_was(self, tmp_path: Path, text: bytes) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "devbox_lint", "-", "--fix"],
            cwd=tmp_path,
            env=environment(),
            input=text,
            capture_output=True,
        )

        assert done.returncode == 0
        assert done.stdout == text

    def test_what_is_excluded_is_not_checked(self, tmp_path: Path) -> None:
        arguments = ("-", "--stdin-filename", "a/imagedefinition.yaml", *ONLY, "--exclude")

        assert lint(tmp_path, *arguments, "a/", stdin=NO_IMAGE) == (0, "", "")
        assert lint(tmp_path, *arguments, "b/", stdin=NO_IMAGE).code == 1


class TestRules:
    def test_selecting_and_ignoring(self, folder: Path) -> None:
        assert lint(folder, BAD, "--select", "missing-image").code == 1
        assert lint(folder, BAD, "--select", "DBX1", "--fail-on", "error").code == 1
        assert "DBX101" not in lint(folder, BAD, "--ignore", "missing-image").out
        assert "DBX101" not in lint(folder, BAD, "--ignore", "DBX0,DBX10", "--ignore", "DBX9").out

    @pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
    def test_an_unknown_rule_is_a_usage_error_with_the_near_miss(self, folder: Path, option: str) -> None:
        result = lint(folder, option, "missing-imgae")

        assert result == (
            2,
            "",
            f"devbox-lint: error: unknown rule `missing-imgae` in {option}: did you mean `missing-image`?\n",
        )


class TestOtherCommands:
    def test_the_version(self, tmp_path: Path) -> None:
        from devbox_lint import __version__

        assert lint(tmp_path, "--version") == (0, f"devbox-lint {__version__}\n", "")

    @pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("check", "--help"), ("rule", "-h"), ("--fix", "-h")])
    def test_help_is_no_error(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        # Python 3.14 would colour it.
        result = lint(tmp_path, *arguments, FORCE_COLOR="1")

        assert result.code == 0
        assert result.out.lower().startswith("usage: devbox-lint")
        assert result.err == ""

    def test_a_rule_is_explained_by_code_and_by_name(self, tmp_path: Path) -> None:
        by_code, by_name = lint(tmp_path, "rule", "dbx101"), lint(tmp_path, "rule", "missing-image")

        assert by_code == by_name
        assert by_code.code == 0
        lines = by_code.out.splitlines()
        assert lines[0] == "DBX101 missing-image"
        for heading in (
            "Severity: error",
            "Why is this bad?",
            "Use instead",
            "Bad (image definition):",
            "Good (image definition):",
        ):
            assert heading in lines
        assert lines[lines.index("    $schema: 1.0") + 1] == "    ^^^^^^^"

    def test_rules_as_data(self, tmp_path: Path) -> None:
        (rule,) = json.loads(lint(tmp_path, "rule", "DBX101", "--output-format", "json").out)

        assert rule["code"] == "DBX101"
        assert rule["severities"] == {"imagedefinition": "error"}
        assert rule["what"].startswith("An image definition has neither")
        assert rule["why"].startswith("The image is")
        assert rule["fix"].startswith("Add")
        assert not any("«" in example["text"] for example in rule["bad"])

    def test_every_rule_can_be_explained(self, tmp_path: Path) -> None:
        from devbox_lint_rules import every_rule

        result = lint(tmp_path, "rule", "ALL")

        assert result.code == 0
        assert all(f"{rule.code} {rule.name}" in result.out.splitlines() for rule in every_rule())

    def test_all_rules_are_listed_in_three_formats(self, tmp_path: Path) -> None:
        from devbox_lint_rules import every_rule

        codes = [rule.code for rule in every_rule()]
        text, markdown, as_json = (
            lint(tmp_path, "rules", "--output-format", name).out for name in ("text", "markdown", "json")
        )

        assert [line.split()[0] for line in text.splitlines()] == codes
        assert [line.split("]")[0][3:] for line in markdown.splitlines()[2:]] == codes
        assert [rule["code"] for rule in json.loads(as_json)] == codes

    @pytest.mark.parametrize("kind", ["imagedefinition", "user", "task", "configuration"])
    def test_the_schema_of_each_kind_is_json(self, tmp_path: Path, kind: str) -> None:
        result = lint(tmp_path, "schema", kind)

        assert result.code == 0
        assert "$schema" in json.loads(result.out)


def test_a_file_is_checked_without_what_only_other_runs_need(folder: Path) -> None:
    program = (
        "import sys; from devbox_lint.cli.main import run; import devbox_lint.__main__;"
        "run(['--select', 'DBX101', 'bad']); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment(), capture_output=True)

    loaded = set(done.stderr.decode().split())
    assert "devbox_lint.engine" in loaded
    slow = {"dataclasses", "difflib", "importlib.resources", "inspect", "jsonschema", "logging", "pygls", "rich"}
    assert loaded & slow == set()


def test_a_suppression_ends_after_its_last_day(tmp_path: Path) -> None:
    text = NO_IMAGE.replace("1.0", "1.0 # devbox-lint: ignore[DBX101] until={}")
    (tmp_path / "imagedefinition.yaml").write_text(text.format("2999-12-31"), encoding="utf-8")

    assert lint(tmp_path, *ONLY, "--extend-select", "DBX901").code == 0

    (tmp_path / "imagedefinition.yaml").write_text(text.format("2020-01-01"), encoding="utf-8")

    result = lint(tmp_path, *ONLY, "--extend-select", "DBX901", "--output-format", "concise")
    assert result.code == 1
    assert "DBX101" in result.out
    assert "this suppression ended with 2020-01-01" in result.out
