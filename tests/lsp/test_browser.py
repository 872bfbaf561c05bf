"""The server in Pyodide under Node.js: it says of files what the command line says. CI installs what it needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent
BROWSER = TOP / "lsp" / "browser"


@pytest.mark.slow
def test_the_server_in_a_browser_finds_what_the_command_line_finds(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        assert os.environ.get("CI") != "true", "no npm"
        pytest.skip("npm is not installed")
    workspace = tmp_path / "workspace"
    for source in (TOP / "tests" / "corpus", TOP / "examples"):
        shutil.copytree(source, workspace / source.name)
    page = tmp_path / "browser"
    shutil.copytree(BROWSER, page, ignore=shutil.ignore_patterns("node_modules"))
    bundle = tmp_path / "devbox-lint.zip"
    subprocess.run((sys.executable, TOP / "tools" / "browser_bundle.py", bundle), check=True, stdout=subprocess.DEVNULL)
    subprocess.run(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"), cwd=page, check=True)
    findings = tmp_path / "findings.json"
    findings.write_text(json.dumps({"folder": str(workspace), "files": found_in(workspace)}), "utf-8")
    environment = {**os.environ, "DEVBOX_LINT_BUNDLE": str(bundle), "DEVBOX_LINT_FINDINGS": str(findings)}
    done = subprocess.run(
        ("npm", "test", "--silent"), cwd=page, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert bundle.stat().st_size < 3_000_000


def found_in(workspace: Path) -> dict[str, list[tuple[str, int, int]]]:
    """What the command line finds in each file that is UTF-8, by code and place, both from 0."""
    command = (sys.executable, "-m", "devbox_lint", "check", "--no-cache", "--output-format", "json", ".")
    done = subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    found: dict[str, list[tuple[str, int, int]]] = {
        path.relative_to(workspace).as_posix(): []
        for path in workspace.glob("examples/good/**/*.yaml")
        if is_plain(path.read_bytes()) and not path.name.startswith(".")
    }
    for each in report if isinstance(report, list) else report["diagnostics"]:
        name = Path(os.path.relpath(workspace / each["filename"], workspace)).as_posix()
        if is_plain((workspace / name).read_bytes()) and name.endswith((".yaml", ".winget")):
            place = each["location"]
            found.setdefault(name, []).append((each["code"], place["row"] - 1, place["column"] - 1))
    return found


def is_plain(data: bytes) -> bool:
    """Whether columns are the same in all encodings."""
    return data.isascii() and b"\r" not in data
