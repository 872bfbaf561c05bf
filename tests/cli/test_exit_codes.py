"""The command line as a process: exit codes, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import (
    BAD,
    GOOD,
    NO_IMAGE,
    NO_NAME_IN_USER,
    ONLY,
    environment,
    lint,
    team_folder,
)
from devbox_lint.cli.arguments import command_line, run_options
from devbox_lint.cli.check import check
from devbox_lint.cli.main import azure
from devbox_lint.diagnostics import Finding, Span
from devbox_lint.rule import Context
from devbox_lint.run.options import RunOptions
from devbox_lint_rules.structure.missing_image import MissingImage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return team_folder(tmp_path)


def asked(*arguments: str) -> RunOptions:
    """What a command line of `check` asks for."""
    return run_options(command_line(arguments))


class Raises(MissingImage):
    """A rule with a bug."""

    code = "DBX199"

    def check(self, context: Context) -> Iterator[Finding]:
        raise ZeroDivisionError("a word of the file")


class Nowhere(int):
    """An offset that is neither before nor after any other."""

    def __lt__(self, other: int) -> bool:
        raise ZeroDivisionError("a word of the file")


class Breaks(MissingImage):
    """A rule with a bug where the engine expects none, on one of the files."""

    code = "DBX198"

    def check(self, context: Context) -> Iterator[Finding]:
        if "good" in context.source.path:
            for offset in range(2):
                yield Finding(Span(Nowhere(offset), offset), "here")


class TestExitCodes:
    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ((), 1),
            (("--fail-on", "error"), 1),
            (("--fail-on", "never"), 0),
            (("--exit-zero",), 0),
            (("--exit-zero", "no-such-file.yaml"), 2),
        ],
    )
    def test_what_was_found_decides(self, folder: Path, arguments: tuple[str, ...], code: int) -> None:
        assert lint(folder, ".", *ONLY, *arguments).code == code

    def test_information_fails_only_where_asked_for(self, tmp_path: Path) -> None:
        (tmp_path / "workload.yaml").write_text(NO_NAME_IN_USER)
        only = ("--select", "missing-name")

        assert lint(tmp_path, *only).code == 0
        assert lint(tmp_path, *only, "--fail-on", "info").code == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--nonsense",),
            ("--kind", "x"),
            ("--kind",),
            ("--select",),
            ("--select", ","),
            ("--fail-on", "fatal"),
            ("--output-format", "xml"),
            ("rule",),
            ("rule", "nonsense"),
            ("rule", "DBX101", "--nonsense"),
            ("rules", "DBX101"),
            ("schema",),
            ("schema", "x"),
            ("schema", "user", "task"),
            ("check", "--fix=yes"),
        ],
    )
    def test_wrong_usage_is_one_sentence(self, folder: Path, arguments: tuple[str, ...]) -> None:
        result = lint(folder, *arguments)

        assert result.code == 2
        assert result.out == ""
        assert result.err.startswith("devbox-lint: error: ")
        assert result.err.count("\n") == 1

    def test_a_mistyped_option_is_named_with_its_near_miss(self, tmp_path: Path) -> None:
        assert "did you mean `--select`" in lint(tmp_path, "--selct=DBX1").err

    def test_a_missing_file_does_not_hide_the_others(self, folder: Path) -> None:
        result = lint(folder, "nowhere/x.yaml", BAD, *ONLY)

        assert result.code == 2
        assert "DBX101" in result.out
        assert result.err == "devbox-lint: error: no such file or folder: `nowhere/x.yaml`\n"

    def test_a_mistyped_command_is_recognised(self, folder: Path) -> None:
        assert "did you mean the command `check`" in lint(folder, "chekc", ".").err

    @pytest.mark.skipif(sys.platform == "win32", reason="files have other permissions there")
    def test_an_unreadable_file_does_not_hide_the_others(self, folder: Path) -> None:
        if os.geteuid() == 0:
            # Root may read everything, so a link to itself stands in for what cannot be opened.
            os.symlink("devbox.yaml", folder / "devbox.yaml")
        else:
            (folder / "devbox.yaml").write_text(GOOD)
            (folder / "devbox.yaml").chmod(0)

        result = lint(folder, "devbox.yaml", BAD, *ONLY)

        assert result.code == 2
        assert "DBX101" in result.out
        assert "devbox.yaml" in result.err

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes break in other ways there")
    def test_a_reader_that_goes_away_is_no_traceback(self, tmp_path: Path) -> None:
        for number in range(300):
            (tmp_path / f"a{number}.imagedefinition.yaml").write_text(NO_IMAGE)
        process = subprocess.Popen(
            [sys.executable, "-m", "devbox_lint", *ONLY],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()

        assert process.stderr.read() == b""
        assert process.wait(60) == 2

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
    def test_a_full_disk_is_one_sentence(self, folder: Path) -> None:
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "devbox_lint", *ONLY],
                cwd=folder,
                env=environment(),
                stdout=full,
                stderr=subprocess.PIPE,
            )

        assert done.returncode == 2
        assert done.stderr == b"devbox-lint: error: the output: No space left on device\n"

    @pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
    def test_an_interruption_is_one_word(self, tmp_path: Path) -> None:
        said = tmp_path / "said"
        with (
            said.open("wb") as stream,
            subprocess.Popen(
                [sys.executable, "-v", "-m", "devbox_lint", "-", "--kind", "user"],
                cwd=tmp_path,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=stream,
            ) as process,
        ):
            # With -v it says what it imports; this is on the way to waiting for its input.
            while b"import 'devbox_lint.run.run'" not in said.read_bytes():
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 2

        assert b"devbox-lint: interrupted\n" in said.read_bytes()
        assert b"Traceback" not in said.read_bytes()

    def test_a_closed_standard_output_is_no_traceback(self, folder: Path) -> None:
        program = (
            "import sys; sys.stdout = None; sys.argv = ['devbox-lint', '--select', 'DBX101'];"
            "from devbox_lint.__main__ import main; sys.exit(main())"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment(), capture_output=True)

        assert done.returncode == 1
        assert done.stderr == b""

    def test_a_rule_that_raises_fails_the_run_and_hides_nothing(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(folder)

        code = check(
            asked("--output-format", "concise", "--fail-on", "never"), lambda: (Raises(), MissingImage()), azure
        )

        out, _ = capsys.readouterr()
        assert code == 2
        assert out.count("DBX000") == 2
        assert out.count("DBX101") == 1

    def test_a_file_that_breaks_the_engine_does_not_hide_the_others(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(folder)

        code = check(asked("--exit-zero"), lambda: (Breaks(), MissingImage()), azure)

        out, err = capsys.readouterr()
        assert code == 2
        assert "DBX101" in out
        assert "internal error (ZeroDivisionError at test_exit_codes.py:" in err
        assert err.count("\n") == 1

    def test_tracebacks_are_for_those_who_ask(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("DEVBOX_LINT_DEBUG", "1")

        code = check(asked(), lambda: (Raises(),), azure)

        assert code == 2
        assert "Traceback" in capsys.readouterr().err
