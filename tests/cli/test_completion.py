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


def needs(*shells: str) -> pytest.MarkDecorator:
    """Skip a test where none of these shells is; bash of Windows is another system's."""
    is_there = any(shutil.which(shell) for shell in shells) and (os.name != "nt" or "pwsh" in shells)
    return pytest.mark.skipif(not is_there, reason=f"there is no {shells[0]}")


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


@pytest.fixture
def program(folder: Path) -> Path:
    """A folder with devbox-lint as a program in it, and what a shell finds files in."""
    if os.name == "nt":
        (folder / "devbox-lint.cmd").write_text(f'@set PYTHONPATH={ROOTS}\n@"{sys.executable}" -m devbox_lint %*\n')
        return folder
    (folder / "devbox-lint").write_text(
        f"#!/bin/sh\nexec env PYTHONPATH='{ROOTS}' '{sys.executable}' -m devbox_lint \"$@\"\n"
    )
    (folder / "devbox-lint").chmod(0o755)
    return folder


def in_shell(folder: Path, *command: str) -> str:
    """What a shell prints that finds devbox-lint in its folder."""
    variables = environment(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}", HOME=str(folder))
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=60)
    return done.stdout


@needs("bash")
def test_bash_completes(program: Path) -> None:
    script = """
        eval "$(devbox-lint completion bash)"
        COMP_LINE="devbox-lint check --sta" COMP_POINT=23 COMP_WORDS=(devbox-lint check --sta) COMP_CWORD=2 COMP_TYPE=9
        _python_argcomplete devbox-lint --sta check
        printf '<%s>' "${COMPREPLY[@]}"
        complete -p devbox-lint
    """
    found = in_shell(program, "bash", "-c", script)

    assert found.startswith("<--statistics")
    assert "_python_argcomplete devbox-lint" in found


@needs("fish")
def test_fish_completes(program: Path) -> None:
    script = (
        "devbox-lint completion fish | source; complete -C 'devbox-lint check --sta'; complete -C 'devbox-lint wor'"
    )

    assert [line.split("\t")[0] for line in in_shell(program, "fish", "-N", "-c", script).splitlines()] == [
        "--statistics",
        "workload.yaml",
    ]


@needs("zsh")
def test_zsh_completes(program: Path) -> None:
    # What a person types goes to a terminal of zsh's own, and what it makes of it comes from there.
    script = r"""
        zmodload zsh/zpty
        zpty asked zsh -f -i
        zpty -w asked 'PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D'
        zpty -w asked 'eval "$(devbox-lint completion zsh)"; print re""ady'
        zpty -r -m asked seen '*ready*'
        zpty -w -n asked $'print -r -- is devbox-lint\C-a\C-kdevbox-lint check --sta\t\C-aprint -r -- made \n'
        zpty -r -m asked seen '*made*
*made devbox-lint*
*'
        print -r -- $seen
    """
    assert "made devbox-lint check --statistics" in in_shell(program, "zsh", "-f", "-c", script)


@needs("pwsh", "powershell")
def test_powershell_completes(program: Path) -> None:
    script = (
        "devbox-lint completion powershell | Out-String | Invoke-Expression;"
        " (TabExpansion2 'devbox-lint check --sta' 23).CompletionMatches.CompletionText"
    )
    shell = "pwsh" if shutil.which("pwsh") else "powershell"

    assert "--statistics" in in_shell(program, shell, "-NoProfile", "-Command", script)


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
