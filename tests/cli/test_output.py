"""The command line as a process: reports, colour and fixes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import (
    BAD,
    FINE,
    NO_IMAGE,
    NO_NAME_IN_USER,
    ONLY,
    PRIVATE_LINK,
    PUBLIC,
    USER_WITH_IMAGE,
    environment,
    in_terminal,
    lint,
    team_folder,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return team_folder(tmp_path)


class TestReports:
    def test_json_is_alone_on_standard_output(self, folder: Path) -> None:
        result = lint(folder, *ONLY, "--output-format", "json")

        (only,) = json.loads(result.out)["diagnostics"]
        assert (only["code"], only["filename"], only["location"]) == ("DBX101", BAD, {"row": 1, "column": 1})

    def test_json_of_no_file_has_no_files(self, tmp_path: Path) -> None:
        report = json.loads(lint(tmp_path, "--output-format", "json").out)

        assert (report["version"], report["files"], report["diagnostics"]) == (2, [], [])
        assert json.loads(lint(tmp_path, "--output-format", "json-v1").out) == []

    def test_statistics_replace_the_diagnostics(self, folder: Path) -> None:
        result = lint(folder, *ONLY, "--statistics")

        assert result.code == 1
        assert result.out == "1  DBX101       missing-image\n1 error in 1 of 2 files\n"

    def test_quiet_leaves_nothing_but_diagnostics(self, folder: Path) -> None:
        assert lint(folder, FINE, *ONLY, "--quiet") == (0, "", "")
        assert lint(folder, "-q", *ONLY, "--output-format", "concise").out.count("\n") == 1

    def test_severities_that_are_not_shown_still_count(self, tmp_path: Path) -> None:
        (tmp_path / "workload.yaml").write_text(NO_NAME_IN_USER)
        options = ("--select", "DBX102", "--kind", "imagedefinition", "workload.yaml")

        assert lint(tmp_path, *options, "--severity", "error").out.startswith("DBX102 error")
        assert lint(tmp_path, "--select", "DBX102", "--severity", "error", "--fail-on", "info") == (
            1,
            "1 below --severity not shown\n",
            "",
        )

    @pytest.mark.parametrize(
        ("arguments", "variables", "coloured"),
        [
            ((), {}, False),
            (("--color", "always"), {}, True),
            (("--color", "always"), {"NO_COLOR": "1", "TERM": "dumb"}, True),
            ((), {"FORCE_COLOR": "1"}, True),
            ((), {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
            ((), {"FORCE_COLOR": ""}, False),
            ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ((), {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
            (("--no-color",), {"FORCE_COLOR": "1"}, False),
            (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ],
    )
    def test_colour_is_for_those_who_want_it(
        self, folder: Path, arguments: tuple[str, ...], variables: dict[str, str], coloured: bool
    ) -> None:
        result = lint(folder, *ONLY, *arguments, **variables)

        assert ("\x1b[" in result.out) == coloured

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
    @pytest.mark.parametrize(("variables", "coloured"), [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False)])
    def test_a_terminal_has_colour_unless_it_is_dumb(
        self, folder: Path, variables: dict[str, str], coloured: bool
    ) -> None:
        code, written = in_terminal(folder, *ONLY, **variables)

        assert code == 1
        assert ("\x1b[1;31m" in written) == coloured

    def test_a_terminal_without_these_characters_is_no_error(self, folder: Path) -> None:
        path = folder / "é中" / "imagedefinition.yaml"
        path.parent.mkdir()
        path.write_text("# 中\n" + NO_IMAGE.replace("web", "é"), encoding="utf-8")

        result = lint(folder, str(path.parent.name), *ONLY, PYTHONIOENCODING="ascii")

        assert result.code == 1
        assert "\\xe9\\u4e2d" in result.out

    @pytest.mark.skipif(sys.platform != "linux", reason="file names there are Unicode")
    def test_a_file_name_that_is_no_text_is_no_error(self, tmp_path: Path) -> None:
        name = os.fsdecode(b"\xff\x1b[31m.imagedefinition.yaml")
        (tmp_path / name).write_text(NO_IMAGE)

        text, as_json = lint(tmp_path, *ONLY), lint(tmp_path, *ONLY, "--output-format", "json")

        assert "\\udcff\\x1b[31m.imagedefinition.yaml" in text.out
        assert json.loads(as_json.out)["diagnostics"][0]["filename"] == name


class TestFixes:
    @pytest.fixture
    def team(self, tmp_path: Path) -> Path:
        path = tmp_path / "imagedefinition.yaml"
        path.write_bytes(PRIVATE_LINK)
        return path

    def test_safe_fixes_are_written_and_counted(self, team: Path) -> None:
        result = lint(team.parent, "--fix", "--select", "DBX303")

        assert result == (0, "1 fixed; no problems left in 1 file\n", "")
        assert team.read_bytes() == PUBLIC

    def test_what_fixes_leave_is_reported(self, team: Path) -> None:
        team.write_bytes(PRIVATE_LINK.replace(b"image:", b"picture:"))

        result = lint(team.parent, "--fix", "--select", "DBX303,DBX101")

        assert result.code == 1
        assert "DBX101" in result.out
        assert "DBX303" not in result.out
        assert result.out.endswith("\n1 fixed; 1 error in 1 file\n")

    def test_unsafe_fixes_are_made_only_where_asked_for(self, tmp_path: Path) -> None:
        path = tmp_path / "workload.yaml"
        path.write_text(USER_WITH_IMAGE)

        assert lint(tmp_path, "--fix", "--select", "DBX104").code == 1
        assert path.read_text() == USER_WITH_IMAGE
        assert lint(tmp_path, "--fix", "--unsafe-fixes", "--select", "DBX104").code == 0
        assert "image" not in path.read_text()

    def test_a_diff_writes_nothing_and_can_be_applied(self, team: Path) -> None:
        result = lint(team.parent, "--diff", "--fix", "--select", "DBX303")

        assert result.code == 1
        assert result.err == "devbox-lint: --fix would repair 1 problem in 1 file\n"
        assert team.read_bytes() == PRIVATE_LINK
        subprocess.run(
            ["git", "apply", "-p0", "-"], cwd=team.parent, input=result.out.encode(), env=environment(), check=True
        )
        assert team.read_bytes() == PUBLIC

    def test_without_a_fix_there_is_no_diff(self, folder: Path) -> None:
        result = lint(folder, "--diff", *ONLY)

        assert result == (0, "", "devbox-lint: --fix would change nothing\n")

    def test_standard_input_comes_out_fixed_or_as_a_diff(self, tmp_path: Path) -> None:
        arguments = ("-", "--stdin-filename", "imagedefinition.yaml", "--select", "DBX303")

        fixed = lint(tmp_path, *arguments, "--fix", stdin=PRIVATE_LINK)
        diff = lint(tmp_path, *arguments, "--diff", stdin=PRIVATE_LINK)

        assert fixed == (0, PUBLIC.decode(), "1 fixed; no problems left in 1 file\n")
        assert diff.code == 1
        assert diff.out.startswith("--- imagedefinition.yaml\n+++ imagedefinition.yaml\n")

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everything may be written")
    def test_a_file_that_cannot_be_written_keeps_its_findings(self, team: Path) -> None:
        team.parent.chmod(0o555)

        result = lint(team.parent, "--fix", "--select", "DBX303")

        assert result.code == 2
        assert "DBX303" in result.out
        assert "cannot write `imagedefinition.yaml`" in result.err
