"""The command line where findings are to stay: comments that are written for them, and baselines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from command_line import BAD, FINE, GOOD, NO_IMAGE, ONLY, lint, team_folder

COMMENT = "# devbox-lint: ignore[missing-image]"


def test_comments_are_written_and_then_there_is_nothing_to_say(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)

    result = lint(folder, "check", *ONLY, "--add-ignores", "--reason", "the base team adds it")

    assert result.code == 0
    assert result.err == "devbox-lint: suppressed 1 problem in 1 file\n"
    text = (folder / BAD).read_text(encoding="utf-8")
    assert text == NO_IMAGE.replace("1.0\n", f"1.0  {COMMENT} the base team adds it\n")
    again = lint(folder, "check", *ONLY)
    assert (again.code, again.out) == (0, "no problems found in 2 files; 1 suppressed by comments\n")


def test_a_diff_shows_the_comments_and_writes_none(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)

    result = lint(folder, "check", *ONLY, "--add-ignores", "--diff")

    assert result.code == 1
    assert f"+$schema: 1.0  {COMMENT}" in result.out
    assert "--add-ignores would suppress 1 problem in 1 file" in result.err
    assert (folder / BAD).read_text(encoding="utf-8") == NO_IMAGE


def test_standard_input_becomes_standard_output_with_comments(tmp_path: Path) -> None:
    result = lint(
        tmp_path, "check", "--add-ignores", "--stdin-filename", "imagedefinition.yaml", stdin=NO_IMAGE.encode()
    )

    assert (result.code, result.out) == (0, NO_IMAGE.replace("1.0\n", f"1.0  {COMMENT}\n"))


def test_what_is_not_shown_is_not_suppressed(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    (folder / BAD).write_text("name: web\n", encoding="utf-8")

    lint(folder, "check", "--select", "DBX101,DBX107", "--add-ignores", "--severity", "error")

    text = (folder / BAD).read_text(encoding="utf-8")
    assert text == f"name: web  {COMMENT}\n"


def test_a_file_that_cannot_be_parsed_takes_no_comments_and_says_so(tmp_path: Path) -> None:
    text = NO_IMAGE.replace("    parameters:", "   parameters:")
    (tmp_path / "imagedefinition.yaml").write_text(text, encoding="utf-8")

    result = lint(tmp_path, "check", "--add-ignores", "--output-format", "concise")

    assert result.code == 1
    assert (
        "imagedefinition.yaml is no valid YAML, so no comments were written into it: repair it first, or record it"
        in result.err
    )
    assert "DBX101" in result.out
    assert (tmp_path / "imagedefinition.yaml").read_text(encoding="utf-8") == text


def test_unused_and_unknown_suppressions_are_not_suppressed_but_reported(tmp_path: Path) -> None:
    text = NO_IMAGE.replace("1.0\n", "1.0 # devbox-lint: ignore[missing-image, no-tasks, DBX1]\n")
    (tmp_path / "imagedefinition.yaml").write_text(text, encoding="utf-8")

    result = lint(tmp_path, "check", "--add-ignores", "--output-format", "concise")

    assert result.code == 1
    assert "DBX901" in result.out
    assert "DBX902" in result.out
    assert (tmp_path / "imagedefinition.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--reason", "why"), "`--reason` goes with `--add-ignores`"),
        (("--add-ignores", "--fix"), "run `--fix` first and `--add-ignores` then"),
        (("--write-baseline",), "`--write-baseline` needs a file to write"),
        (("--baseline", "x", "--write-baseline", "--diff"), "stands without `--diff` and `--add-ignores`"),
        (("--add-ignores", "--reason", "a\nb"), "`--reason` takes a text of one line"),
        (("--add-ignores", "--reason", "a ##vso[x]"), "`--reason` takes a text of one line"),
        (("--add-ignores", "--reason", "until=2020-01-01"), "a day to come as in 2027-01-31"),
        (("--add-ignores", "--reason", "until=soon"), "a day to come as in 2027-01-31"),
        (("--add-ignores", "--reason", "# devbox-lint: ignore[DBX101]"), "`--reason` takes a text of one line"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    folder = team_folder(tmp_path)

    result = lint(folder, "check", *arguments)

    assert result.code == 2
    assert said in result.err
    assert (folder / BAD).read_text(encoding="utf-8") == NO_IMAGE


KNOWN = ("--baseline", "known.jsonl")
ALSO = ("--select", "DBX101,DBX108,DBX901")


def entries(folder: Path) -> list[str]:
    lines = (folder / "known.jsonl").read_text(encoding="utf-8").splitlines()
    return [f"{entry['path']} {entry['code']} {entry['count']}" for entry in map(json.loads, lines)]


def test_what_a_baseline_records_is_not_reported_until_there_is_more(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)

    written = lint(folder, *ALSO, *KNOWN, "--write-baseline")

    assert (written.code, written.err) == (0, "devbox-lint: recorded 1 problem in known.jsonl\n")
    assert written.out == "no new problems found in 2 files; 1 in the baseline not shown\n"
    assert entries(folder) == ["bad/imagedefinition.yaml DBX101 1"]
    (folder / BAD).write_text("# new\n" + NO_IMAGE, encoding="utf-8")
    assert lint(folder, *ALSO, *KNOWN).code == 0
    (folder / "new.yaml").write_text(NO_IMAGE, encoding="utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "imagedefinition.yaml").write_text(NO_IMAGE, encoding="utf-8")

    result = lint(folder, *ALSO, *KNOWN, "--output-format", "concise")

    assert result.code == 1
    assert [line.split(":")[0] for line in result.out.splitlines() if "DBX101" in line] == [
        str(Path("more", "imagedefinition.yaml"))
    ]


def test_an_entry_in_vain_is_reported_at_its_line_and_removed_by_a_fix(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    lint(folder, *ALSO, *KNOWN, "--write-baseline")
    (folder / BAD).write_text(NO_IMAGE.replace("name: web", "name: web\nimage: a/b@1.0.0"), encoding="utf-8")

    result = lint(folder, *ALSO, *KNOWN, "--output-format", "concise")
    strict = lint(folder, *ALSO, *KNOWN, "--output-format", "concise", "--strict-baseline")

    assert (result.code, strict.code) == (0, 1)
    assert result.out.startswith("known.jsonl:1:1: info: ")
    assert strict.out.startswith("known.jsonl:1:1: error: ")
    assert lint(folder, *ALSO, *KNOWN, "--fail-on", "info").code == 0
    assert lint(folder, "--select", "DBX101", *KNOWN, "--strict-baseline").code == 1
    assert "DBX901" in result.out
    assert "`DBX101` is recorded here for `bad/imagedefinition.yaml`, and not found any more" in result.out
    for output in ("text", "json", "sarif", "github", "azure", "gitlab", "junit", "rdjson"):
        assert lint(folder, *ALSO, *KNOWN, "--output-format", output).code == 0
    assert lint(folder, *ALSO, *KNOWN, "--diff").out.startswith("--- known.jsonl\n+++ known.jsonl\n")
    fixed = lint(folder, *ALSO, *KNOWN, "--fix")
    assert (fixed.code, fixed.out) == (0, "1 fixed; no problems left in 2 files\n")
    assert entries(folder) == []


def test_repairing_what_is_recorded_turns_no_run_red(tmp_path: Path) -> None:
    # The repair of one puts another key first, which is where the other is told.
    text = "name: web\ndescription: x\ntasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
    folder = team_folder(tmp_path)
    (folder / BAD).write_text(text, encoding="utf-8")
    lint(folder, *KNOWN, "--write-baseline")
    before = entries(folder)
    assert {"bad/imagedefinition.yaml DBX101 1", "bad/imagedefinition.yaml DBX107 1"} <= set(before)
    (folder / BAD).write_text('$schema: "1.0"\n' + text, encoding="utf-8")

    result = lint(folder, *KNOWN, "--output-format", "json")

    assert result.code == 0, result.out
    assert "DBX101" not in [item["code"] for item in json.loads(result.out)["diagnostics"]]
    assert lint(folder, *KNOWN, "--write-baseline").code == 0
    assert len(entries(folder)) == len(before) - 1


def test_what_a_run_does_not_look_at_is_neither_judged_nor_lost(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    (folder / FINE).write_text(NO_IMAGE, encoding="utf-8")
    lint(folder, *ALSO, *KNOWN, "--write-baseline")
    (folder / FINE).write_text(GOOD, encoding="utf-8")
    both = ["bad/imagedefinition.yaml DBX101 1", "good/imagedefinition.yaml DBX101 1"]

    assert lint(folder, *ALSO, *KNOWN, BAD).code == 0
    assert lint(folder, "--select", "DBX108,DBX901", *KNOWN).code == 0
    assert lint(folder, *ALSO, *KNOWN, "--write-baseline", BAD).code == 0
    assert lint(folder, "--select", "DBX108,DBX901", *KNOWN, "--write-baseline").code == 0
    assert entries(folder) == both

    assert lint(folder, *ALSO, *KNOWN, FINE, "--strict-baseline").code == 1
    assert lint(folder, *ALSO, *KNOWN, "--write-baseline").code == 0
    assert entries(folder) == both[:1]


def test_an_entry_for_a_file_that_is_gone_is_reported_whatever_is_looked_at(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    lint(folder, *ALSO, *KNOWN, "--write-baseline")
    (folder / BAD).unlink()

    result = lint(folder, *ALSO, *KNOWN, FINE)

    assert result.code == 0
    assert "for `bad/imagedefinition.yaml`, and not found any more" in result.out


def test_the_settings_name_the_baseline_and_its_paths_start_from_its_folder(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    (folder / "devbox-lint.toml").write_text(
        'select = ["DBX101", "DBX901"]\nbaseline = "lint/known.jsonl"\n', encoding="utf-8"
    )
    (folder / "lint").mkdir()

    missing = lint(folder)
    written = lint(folder, "--write-baseline")

    assert missing.code == 2
    assert "there is no baseline" in missing.err
    assert written.code == 0
    line = (folder / "lint" / "known.jsonl").read_text(encoding="utf-8")
    assert json.loads(line)["path"] == "../bad/imagedefinition.yaml"
    assert lint(folder / "bad").code == 0
    assert lint(folder, "--isolated").code == 1

    (folder / "bad" / "imagedefinition.yaml").unlink()
    assert lint(folder, "--output-format", "concise").out.startswith(f"{os.path.join('lint', 'known.jsonl')}:1:1: ")


def test_comments_are_written_only_for_what_no_baseline_records(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    lint(folder, *ALSO, *KNOWN, "--write-baseline")
    (folder / FINE).write_text(NO_IMAGE, encoding="utf-8")

    result = lint(folder, *ALSO, *KNOWN, "--add-ignores")

    assert result.code == 0
    assert (folder / BAD).read_text(encoding="utf-8") == NO_IMAGE
    assert COMMENT in (folder / FINE).read_text(encoding="utf-8")


def test_a_baseline_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = team_folder(tmp_path)
    (folder / "known.jsonl").write_text("\n<<<<<<< HEAD\n", encoding="utf-8")

    result = lint(folder, *KNOWN)

    assert result.code == 2
    assert "known.jsonl:2: this is not a baseline entry" in result.err
    assert lint(folder, "--baseline", "none.jsonl").code == 2
    assert lint(folder, "--baseline", ".").code == 2
