"""What a shell is answered when it asks how a command line may go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOTS, environment, lint
from devbox_lint.run.options import COMMANDS, FORMATS, SCHEMAS, SHELLS

needs_bash = pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="there is no bash")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "team").mkdir()
    (tmp_path / "workload.yaml").touch()
    return tmp_path


def answers(folder: Path, line: str) -> list[str]:
    answer = folder / "answer"
    variables = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "_ARGCOMPLETE_IFS": "\n",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    assert lint(folder, **variables) == (0, "", "")
    words = answer.read_text("utf-8").split("\n")
    answer.unlink()
    return [word.strip() for word in words if word]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("devbox-lint ", [*COMMANDS, "team/", "workload.yaml"]),
        ("devbox-lint ch", ["check"]),
        ("devbox-lint check ", ["team/", "workload.yaml"]),
        ("devbox-lint wor", ["workload.yaml"]),
        ("devbox-lint é w", ["workload.yaml"]),
        ("devbox-lint check --outp", ["--output-format", "--output"]),
        ("devbox-lint --output-format ", list(FORMATS)),
        ("devbox-lint check --output sa", ["sarif:"]),
        ("devbox-lint check --output sarif:wo", ["sarif:workload.yaml"]),
        ("devbox-lint --select DBX90", ["DBX901", "DBX902", "DBX903", "DBX904", "DBX905"]),
        ("devbox-lint --ignore DBX101,unused-s", ["DBX101,unused-suppression"]),
        ("devbox-lint rule missing-im", ["missing-image"]),
        ("devbox-lint rules ", []),
        ("devbox-lint rules --", ["--help", "--output-format"]),
        ("devbox-lint schema ", list(SCHEMAS)),
        ("devbox-lint completion ", list(SHELLS)),
    ],
)
def test_a_line_goes_on_with_what_may_stand_there(folder: Path, line: str, expected: list[str]) -> None:
    found = answers(folder, line)

    assert sorted(word for word in found if word != "answer") == sorted(expected)


@needs_bash
def test_bash_completes(folder: Path) -> None:
    (folder / "devbox-lint").write_text(
        f"#!/bin/sh\nexec env PYTHONPATH='{ROOTS}' '{sys.executable}' -m devbox_lint \"$@\"\n"
    )
    (folder / "devbox-lint").chmod(0o755)
    script = """
        PATH="$PWD:$PATH"
        eval "$(devbox-lint completion bash)"
        COMP_LINE="devbox-lint check --sta" COMP_POINT=23 COMP_WORDS=(devbox-lint check --sta) COMP_CWORD=2 COMP_TYPE=9
        _python_argcomplete devbox-lint --sta check
        printf '<%s>' "${COMPREPLY[@]}"
        complete -p devbox-lint
    """
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment(), capture_output=True, text=True, timeout=60
    )

    assert done.stdout.startswith("<--statistics"), done.stderr
    assert "_python_argcomplete devbox-lint" in done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_its_script(tmp_path: Path, shell: str) -> None:
    done = lint(tmp_path, "completion", shell)

    assert done.code == 0
    assert "devbox-lint" in done.out


@pytest.mark.parametrize("words", [(), ("cmd",), ("bash", "zsh")])
def test_another_shell_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = lint(tmp_path, "completion", *words)

    assert (done.code, done.out) == (2, "")
    assert "which shell? write one of `bash`, `zsh`, `fish`, `powershell`" in done.err
