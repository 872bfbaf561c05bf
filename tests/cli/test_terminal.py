"""What a person sees in a terminal: links, groups, lists of files, runs that go on, and what was meant."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from command_line import BAD, FINE, NO_IMAGE, ONLY, environment, in_terminal, lint, team_folder

LINK = re.compile(r"\x1b\]8;[^;\x1b]*;([^\x1b]*)\x1b\\(.*?)\x1b\]8;;\x1b\\")
PAGE = "https://github.com/devbox-lint/devbox-lint/blob/main/docs/rules/dbx101-missing-image.md"
posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return team_folder(tmp_path)


@posix
class TestLinks:
    @pytest.mark.parametrize(
        "variables",
        [
            {"TERM": "xterm-256color", "WT_SESSION": "1"},
            {"TERM": "xterm-256color", "VTE_VERSION": "7006"},
            {"TERM": "xterm-kitty"},
            {"TERM": "xterm", "TERM_PROGRAM": "vscode"},
            {"TERM": "xterm", "FORCE_HYPERLINK": "1"},
        ],
        ids=str,
    )
    def test_the_code_leads_to_the_page_of_the_rule(self, folder: Path, variables: dict[str, str]) -> None:
        _, written = in_terminal(folder, *ONLY, **variables)

        ((address, words),) = LINK.findall(written)
        assert address == PAGE
        assert "DBX101" in words
        assert written.count(PAGE) == 1

    @pytest.mark.parametrize(
        "variables",
        [
            {"TERM": "xterm-256color"},
            {"TERM": "dumb", "WT_SESSION": "1"},
            {"TERM": "xterm", "WT_SESSION": "1", "NO_COLOR": "1"},
            {"TERM": "xterm", "WT_SESSION": "1", "FORCE_HYPERLINK": "0"},
            {"TERM": "xterm", "WT_SESSION": "1", "CI": "true"},
            {"TERM": "xterm", "WT_SESSION": "1", "TMUX": "/tmp/x"},
            {"TERM": "xterm", "VTE_VERSION": "4205"},
            {"TERM": "xterm", "VTE_VERSION": "new"},
        ],
        ids=str,
    )
    def test_elsewhere_the_address_has_a_line(self, folder: Path, variables: dict[str, str]) -> None:
        _, written = in_terminal(folder, *ONLY, **variables)

        assert "\x1b]8;" not in written
        assert written.count(PAGE) == 1

    def test_a_pipe_gets_none(self, folder: Path) -> None:
        assert "\x1b]8;" not in lint(folder, *ONLY, "--color", "always", WT_SESSION="1").out

    def test_what_one_terminal_showed_is_not_kept_for_another(self, folder: Path) -> None:
        kept = {"DEVBOX_LINT_CACHE_DIR": str(folder / "cache"), "TERM": "xterm"}
        for _ in range(3):
            assert LINK.search(in_terminal(folder, *ONLY, **kept, WT_SESSION="1")[1])
            assert not LINK.search(in_terminal(folder, *ONLY, **kept)[1])


def test_what_is_found_again_and_again_is_shown_once_with_all_its_places(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / name).mkdir()
        (tmp_path / name / "imagedefinition.yaml").write_text(NO_IMAGE)

    done = lint(tmp_path, *ONLY)

    assert done.out.count("DBX101 error") == 1
    places = [os.path.join(name, "imagedefinition.yaml") + ":1:1" for name in "abcd"]
    lines = [line.strip() for line in done.out.splitlines()]
    assert f"--> {places[0]}" in lines
    at = lines.index("= note: the same in 3 more places:")
    assert lines[at + 1 : at + 4] == places[1:]
    assert lines[-1] == "4 errors in 4 files"
    # Two are soon read, and other words are something else.
    assert lint(tmp_path, *ONLY, "a", "b").out.count("DBX101 error") == 2


class TestShowFiles:
    def test_the_files_of_ours_are_listed(self, folder: Path) -> None:
        (folder / "other.yaml").write_text("kind: Deployment\n")

        assert lint(folder, "--show-files") == (0, f"{BAD}\n{FINE}\n", "")
        assert lint(folder, "check", "--show-files", "bad").out == f"{BAD}\n"

    def test_as_json_with_their_kinds(self, folder: Path) -> None:
        done = lint(folder, "--show-files", "--output-format", "json")

        assert json.loads(done.out) == [
            {"filename": BAD, "kind": "imagedefinition"},
            {"filename": FINE, "kind": "imagedefinition"},
        ]

    def test_what_cannot_be_read_is_said(self, folder: Path) -> None:
        done = lint(folder, "--show-files", "bad", "nowhere")

        assert (done.code, done.out) == (2, f"{BAD}\n")
        assert "nowhere" in done.err

    @pytest.mark.parametrize(
        "other",
        [("--fix",), ("--diff",), ("--watch",), ("--statistics",), ("--online",), ("--output-format", "sarif")],
        ids=str,
    )
    def test_it_stands_alone(self, folder: Path, other: tuple[str, ...]) -> None:
        done = lint(folder, "--show-files", *other)

        assert (done.code, done.out) == (2, "")
        assert "--show-files" in done.err


class TestFormatOfThePipeline:
    @pytest.mark.parametrize(
        ("variables", "begins"),
        [
            ({}, "DBX101 error[missing-image]"),
            ({"GITHUB_ACTIONS": "true"}, "::error file=bad/imagedefinition.yaml"),
            ({"TF_BUILD": "True"}, "##vso[task.logissue type=error"),
            ({"GITHUB_ACTIONS": "false"}, "DBX101 error"),
        ],
    )
    def test_the_log_is_in_its_own_form(self, folder: Path, variables: dict[str, str], begins: str) -> None:
        assert lint(folder, *ONLY, **variables).out.startswith(begins)
        # Also where nothing but a path is given.
        assert begins[:7] in lint(folder, "bad", **variables).out

    def test_a_format_that_is_given_wins(self, folder: Path) -> None:
        done = lint(folder, *ONLY, "--output-format", "text", GITHUB_ACTIONS="true")

        assert done.out.startswith("DBX101 error")

    def test_what_no_log_has_a_form_for_is_text(self, folder: Path) -> None:
        assert lint(folder, *ONLY, "--statistics", GITHUB_ACTIONS="true").out.startswith("1  DBX101")
        assert lint(folder, "--show-files", "bad", GITHUB_ACTIONS="true").out == f"{BAD}\n"


class TestWhatWasMeant:
    @pytest.mark.parametrize(
        ("word", "meant"),
        [
            ("help", "`devbox-lint --help`"),
            ("version", "`devbox-lint --version`"),
            ("lint", "`devbox-lint check`"),
            ("explain", "`devbox-lint rule RULE`"),
            ("chekc", "the command `check`"),
            ("schemas", "the command `schema`"),
        ],
    )
    def test_of_an_unknown_command(self, tmp_path: Path, word: str, meant: str) -> None:
        done = lint(tmp_path, word)

        assert (done.code, done.out) == (2, "")
        assert f"did you mean {meant}?" in done.err

    def test_a_file_of_that_name_is_a_file(self, folder: Path) -> None:
        (folder / "bad").rename(folder / "lint")

        assert lint(folder, "lint", *ONLY).code == 1

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--output-format", "jsn"), "`jsn` is no choice here: did you mean `json`?"),
            (("--output-format", "xyzzy"), "`xyzzy` is no choice here: write one of text, concise,"),
            (("--severity", "warn"), "did you mean `warning`?"),
            (("--fail-on", "errors"), "did you mean `error`?"),
            (("--kind", "imagedefinitions"), "did you mean `imagedefinition`?"),
            (("--color", "allways"), "did you mean `always`?"),
            (("--output", "sariff:x"), "`sariff` is not a format: did you mean `sarif`?"),
            (("schema", "setings"), "did you mean `settings`?"),
            (("completion", "powershel"), "did you mean `powershell`?"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_of_a_wrong_choice(self, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
        done = lint(tmp_path, *arguments)

        assert (done.code, done.out) == (2, "")
        assert said in done.err


def test_the_summary_counts_what_was_not_checked(folder: Path) -> None:
    (folder / "other.yaml").write_text("kind: Deployment\n")

    done = lint(folder, *ONLY, "other.yaml", "good")

    assert done.out == "no problems found in 1 file; 1 not checked\n"


@posix
class TestWatch:
    def test_a_change_is_checked_again_until_it_is_interrupted(self, folder: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "devbox_lint", *ONLY, "--watch", "--output-format", "concise"],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")))  # type: ignore[union-attr] # it is there
        reader.start()
        try:
            assert _comes(lines, "watching", 1)
            (folder / FINE).write_text(NO_IMAGE)
            assert _comes(lines, "watching", 2)
            (folder / "devbox-lint.toml").write_text("ignore = [")
            assert _comes(lines, "devbox-lint.toml", 1)
            (folder / "devbox-lint.toml").unlink()
            assert _comes(lines, "watching", 3)
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(30)
            reader.join(30)
        assert code == 0
        runs = "".join(lines).split("devbox-lint: watching for changes; Ctrl+C ends it\n")
        assert [run.count("DBX101") for run in runs] == [1, 2, 2, 0]
        assert "Traceback" not in "".join(lines)

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            (("--fix",), "leave `--fix` out"),
            (("--output-format", "sarif"), "text and concise"),
            (("-",), "not at standard input"),
        ],
        ids=str,
    )
    def test_what_it_cannot_do_is_said(self, folder: Path, other: tuple[str, ...], said: str) -> None:
        done = lint(folder, "--watch", *other)

        assert (done.code, done.out) == (2, "")
        assert said in done.err


def _comes(lines: list[str], words: str, times: int) -> bool:
    """Whether lines with these words come ``times`` times, before a test is given up."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if sum(words in line for line in list(lines)) >= times:
            return True
        time.sleep(0.05)
    return False
