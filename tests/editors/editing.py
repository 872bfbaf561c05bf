"""What the tests of real editors share: a broken file, what the command line says of it, and the documented settings.

Each editor opens the file with the settings in docs/editors.md, tells which diagnostics it shows, repairs one by a
quick fix after an emoji, then all that can safely be repaired, and saves.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TOP = Path(__file__).parents[2]

#: Five mistakes that ``--fix`` repairs; those in the command stand after characters of one, two and four bytes.
BROKEN = """\
$schema: "1.0"
name: web-team
image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2
tasks:
  - name: ~/powershell
    description: Say hello
    parameters:
      command: Write-Host '🚀🎉 ß'; .\\deploy.ps1 -Password {{http://contoso-web.vaults.azure.net/secret/deploy}}
  - name: ~/gitclone
      description: Clone the site
    parameters:
      repositoryUrl: https://dev.azure.com/contoso/Web/_git/site
      pat: {{https://contoso-web.vault.azure.net/secrets/site-pat}}
"""

#: A file of another product with one of our names, and what would be a mistake in ours.
LOOKALIKE = """\
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: build
spec:
  params: []
  pat: {{https://contoso-web.vault.azure.net/secrets/site-pat}}
"""


class Place(NamedTuple):
    """A finding: line and columns from 0, in code points."""

    code: str
    line: int
    start: int
    end_line: int
    end: int


class Project:
    """A folder with the broken file and the look-alike, a devbox-lint on PATH, and no settings of the user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.broken = self.folder / "imagedefinition.yaml"
        self.lookalike = self.folder / "task.yaml"
        self.home = folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        (self.folder / ".git").mkdir()
        self.broken.write_text(BROKEN, "utf-8")
        self.lookalike.write_text(LOOKALIKE, "utf-8")
        self.program = command = folder / "bin" / "devbox-lint"
        command.parent.mkdir()
        roots = os.pathsep.join(str(TOP / root) for root in ("linter", "rules", "lsp"))
        command.write_text(f'#!/bin/sh\nPYTHONPATH={roots} exec {sys.executable} -m devbox_lint "$@"\n')
        command.chmod(0o755)
        self.environment = {
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm-256color",
        }
        #: What an editor sees of it, where that is less.
        self.shown = dict(self.environment)

    def devbox_lint(self, *arguments: str) -> str:
        """What the command line prints."""
        done = subprocess.run(
            ["devbox-lint", *arguments],
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment,
        )
        assert done.returncode < 2, done.stderr
        return done.stdout

    def findings(self) -> list[dict[str, Any]]:
        """What the command line finds in the broken file."""
        found: list[dict[str, Any]] = json.loads(
            self.devbox_lint("check", "--output-format", "json", str(self.broken))
        )["diagnostics"]
        return found

    def run(self, command: list[str], **more: str) -> dict[str, Any]:
        """Run an editor, whose script writes JSON where ``DRIVER_OUT`` says."""
        out = self.folder.parent / "out.json"
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                cwd=self.folder,
                env=self.environment | more | {"DRIVER_OUT": str(out)},
                timeout=60,
            )
        except subprocess.TimeoutExpired as stopped:
            pytest.fail(f"the editor did not end:\n{stopped.stdout!r}\n{stopped.stderr!r}")
        assert out.exists(), f"the editor wrote nothing:\n{done.stdout}\n{done.stderr}"
        told: dict[str, Any] = json.loads(out.read_text("utf-8"))
        assert "error" not in told, f"{told}\n{done.stdout}\n{done.stderr}"
        return told


def place(finding: dict[str, Any]) -> Place:
    """The place of a finding in the command line's JSON report."""
    start, end = finding["location"], finding["end_location"]
    return Place(finding["code"], start["row"] - 1, start["column"] - 1, end["row"] - 1, end["column"] - 1)


def repaired(text: str, finding: dict[str, Any]) -> str:
    """The text after the repair of one finding of the JSON report."""
    lines = text.splitlines(keepends=True)

    def offset(location: dict[str, int]) -> int:
        return sum(map(len, lines[: location["row"] - 1])) + location["column"] - 1

    for edit in sorted(finding["fix"]["edits"], key=lambda edit: offset(edit["location"]), reverse=True):
        text = text[: offset(edit["location"])] + edit["content"] + text[offset(edit["end_location"]) :]
    return text


def program(name: str, in_ci: bool = True) -> str:
    """The path of an editor; where it is missing, the test ends, in CI and in ``nox -s editors`` as failed."""
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed: no test of it"
        needed = (in_ci and os.environ.get("CI") == "true") or os.environ.get("DEVBOX_LINT_EDITORS") == "all"
        pytest.fail(message) if needed else pytest.skip(message)
    return found


def documented(marker: str) -> str:
    """The block of docs/editors.md after ``<!-- marker -->``."""
    text = (TOP / "docs" / "editors.md").read_text("utf-8")
    match = re.search(rf"<!-- {re.escape(marker)} -->\n+```[\w-]*\n(.*?\n)```\n", text, re.DOTALL)
    assert match is not None, f"docs/editors.md has no block after <!-- {marker} -->"
    return match[1]


def check_editor(
    project: Project, edit: Callable[[dict[str, Any]], dict[str, Any]], column: Callable[[str, int], int]
) -> None:
    """Have the editor do what all must do.

    ``edit`` is told how many findings there are, where the one is that it must repair first, and what that repair is
    called. It gives ``shown``, a list of code, line, column, line and column, ``lookalike``, the number of diagnostics
    there, ``first``, the text after the quick fix, and leaves the file as it is after all safe repairs. ``column``
    makes of the editor's columns in a line ones in code points.
    """
    findings = project.findings()
    chosen = next(finding for finding in findings if finding["message"].startswith("secrets are under"))
    text = BROKEN.splitlines()
    expected = repaired(BROKEN, chosen)
    at = place(chosen)
    told = edit(
        {
            "file": str(project.broken),
            "lookalike": str(project.lookalike),
            "findings": len(findings),
            "line": at.line,
            "before": text[at.line][: at.start],
            "title": chosen["fix"]["message"],
        }
    )

    shown = [
        Place(code, line, column(text[line], start), end_line, column(text[end_line], end))
        for code, line, start, end_line, end in told["shown"]
    ]
    assert sorted(shown) == sorted(map(place, findings))
    assert told["lookalike"] == 0
    assert told["first"] == expected

    left = project.broken.read_text("utf-8")
    project.broken.write_text(BROKEN, "utf-8")
    project.devbox_lint("check", "--fix", str(project.broken))
    assert left == project.broken.read_text("utf-8")
    assert left not in (BROKEN, expected)
