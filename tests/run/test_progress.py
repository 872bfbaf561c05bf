"""The bar for a run that takes long."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import GOOD, NO_IMAGE, environment, read_terminal

pytestmark = pytest.mark.slow

pty = pytest.importorskip("pty")

_RUN = "import devbox_lint.run.progress as p; p.DELAY = {0}; from devbox_lint.__main__ import main; main()"


def on_a_terminal(folder: Path, *arguments: str, delay: float = 0.0, **variables: str) -> tuple[int, str, str]:
    """The exit code, standard output, and what a terminal gets on standard error."""
    ours, theirs = pty.openpty()
    # A file and no pipe: nobody reads it until the end.
    written = folder / "report"
    with written.open("wb") as report:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN.format(delay), "check", "--no-cache", *arguments],
            cwd=folder,
            env=environment(**{"TERM": "xterm", "COLUMNS": "80", **variables}),
            stdout=report,
            stderr=theirs,
        )
    os.close(theirs)
    shown = read_terminal(ours)
    return process.wait(), written.read_text("utf-8"), shown.decode()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    for number in range(600):
        path = tmp_path / f"{number:03}" / "imagedefinition.yaml"
        path.parent.mkdir()
        path.write_text(f"# {number}\n{NO_IMAGE}" + "# filler: for a run that takes a while\n" * 100, encoding="utf-8")
    return tmp_path


def test_a_long_run_has_a_bar_that_counts_all_processes_and_goes_away(many: Path) -> None:
    code, out, shown = on_a_terminal(many, "--output-format", "concise", "--select", "DBX101")

    assert code == 1
    assert out.count("DBX101") == 600
    counts = [int(count) for count in re.findall(r"(\d+)/600", shown)]
    assert counts
    assert counts == sorted(counts)
    assert max(counts) <= 600
    # The line is cleared and the cursor back.
    assert shown.rstrip("\r").endswith(("\x1b[2K", "\x1b[?25h"))


@pytest.mark.parametrize(("arguments", "delay"), [(("--quiet",), 0.0), ((), 60.0)])
def test_a_short_run_or_a_quiet_one_has_none(many: Path, arguments: tuple[str, ...], delay: float) -> None:
    _, _, shown = on_a_terminal(many, *arguments, "--output-format", "concise", delay=delay)

    assert "/600" not in shown


def test_a_dumb_terminal_has_none(many: Path) -> None:
    assert "/600" not in on_a_terminal(many, TERM="dumb")[2]


def test_one_file_has_none(tmp_path: Path) -> None:
    (tmp_path / "imagedefinition.yaml").write_text(GOOD, encoding="utf-8")

    assert on_a_terminal(tmp_path, "imagedefinition.yaml")[2] == ""


def test_where_there_is_no_terminal_rich_is_not_loaded(many: Path) -> None:
    program = (
        "import sys, devbox_lint.run.progress as p; p.DELAY = 0; from devbox_lint.cli.main import run;"
        "run(['check', '--no-cache', '-q']); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=many, env=environment(), capture_output=True)

    assert (done.stdout.splitlines()[-1], done.stderr) == (b"False", b"")
