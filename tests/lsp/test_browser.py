"""The server in Pyodide under Node.js: it says of files what the command line says. CI installs what it needs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import CORPUS

TOP = Path(__file__).parent.parent.parent
#: Where lines end for the language server protocol.
LINE_BREAK = re.compile("\r\n|\n|\r")
BROWSER = TOP / "lsp" / "browser"


#: So many of the real files, where they are, beside those of this repository.
MOST_REAL = 150


@pytest.mark.slow
def test_the_server_in_a_browser_finds_what_the_command_line_finds(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        assert os.environ.get("CI") != "true", "no npm"
        pytest.skip("npm is not installed")
    workspace = tmp_path / "workspace"
    for source in (TOP / "tests" / "corpus", TOP / "examples"):
        shutil.copytree(source, workspace / source.name)
    copy_real_files(workspace / "real")
    write_odd_files(workspace / "odd")
    page = tmp_path / "browser"
    shutil.copytree(BROWSER, page, ignore=shutil.ignore_patterns("node_modules"))
    bundle = tmp_path / "devbox-lint.zip"
    subprocess.run((sys.executable, TOP / "tools" / "browser_bundle.py", bundle), check=True, stdout=subprocess.DEVNULL)
    subprocess.run(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"), cwd=page, check=True)
    # What is served is compiled, so that the same is tried.
    served = tmp_path / "served"
    subprocess.run(("node", "build.mjs", bundle, served), cwd=page, check=True)
    findings = tmp_path / "findings.json"
    findings.write_text(json.dumps({"folder": str(workspace), "files": found_in(workspace)}), "utf-8")
    environment = {**os.environ, "DEVBOX_LINT_SERVED": str(served), "DEVBOX_LINT_FINDINGS": str(findings)}
    done = subprocess.run(
        ("npm", "test", "--silent"), cwd=page, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert sum(path.stat().st_size for path in served.glob("**/*.zip")) < 7_000_000


def copy_real_files(folder: Path) -> None:
    """Real files, evenly drawn from all of them, each in a folder of its own with its name."""
    real = sorted(path for path in CORPUS.glob("**/*") if path.suffix in (".yaml", ".yml", ".winget"))
    for number, path in enumerate(real[:: max(1, len(real) // MOST_REAL)]):
        (folder / str(number)).mkdir(parents=True)
        shutil.copy(path, folder / str(number) / path.name)


def write_odd_files(folder: Path) -> None:
    """The bad examples as Windows and other tongues write them."""
    source = TOP / "examples" / "bad"
    for path in source.glob("**/*.yaml"):
        text = path.read_text("utf-8")
        told = text.replace("name: ", "name: \N{GRINNING FACE}\u00fc", 1)
        for name, data in {
            "crlf": text.replace("\n", "\r\n").encode(),
            "bom": text.encode("utf-8-sig"),
            "both": told.replace("\n", "\r\n").encode("utf-8-sig"),
            "tongues": re.sub("(?m)^( *[a-z]+): (?=[a-z~])", "\\1: \N{GRINNING FACE} ", text).encode(),
        }.items():
            place = folder / name / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def found_in(workspace: Path) -> dict[str, list[tuple[str, int, int]]]:
    """What the command line finds in each file that an editor can open, by code and place, both from 0, in UTF-16."""
    command = (sys.executable, "-m", "devbox_lint", "check", "--no-cache", "--output-format", "json", ".")
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
    lines: dict[str, list[str]] = {}
    for path in workspace.glob("**/*"):
        if path.suffix in (".yaml", ".yml", ".winget") and path.is_file() and not path.name.startswith("."):
            with contextlib.suppress(UnicodeDecodeError):
                lines[path.relative_to(workspace).as_posix()] = LINE_BREAK.split(path.read_bytes().decode("utf-8-sig"))
    found: dict[str, list[tuple[str, int, int]]] = {name: [] for name in lines}
    for each in json.loads(done.stdout)["diagnostics"]:
        name = Path(os.path.relpath(workspace / each["filename"], workspace)).as_posix()
        row, column = each["location"]["row"] - 1, each["location"]["column"] - 1
        if name in found:
            before = lines[name][row][:column] if row < len(lines[name]) else ""
            found[name].append((each["code"], row, len(before.encode("utf-16-le", "surrogatepass")) // 2))
    return found
