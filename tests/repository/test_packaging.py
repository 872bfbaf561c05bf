"""How it gets to people without Python: the manifests, the container, and the words about them."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

TOP = Path(__file__).parent.parent.parent
CONTAINER = (TOP / "packaging" / "Containerfile").read_text("utf-8")


def test_the_manifests_name_the_archive_of_the_release(tmp_path: Path) -> None:
    archive = tmp_path / "devbox-lint-1.10.0-windows-x64.zip"
    archive.write_bytes(b"the archive")
    command = [sys.executable, str(TOP / "packaging" / "manifests.py"), "1.10.0", str(tmp_path), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)

    folder = tmp_path / "winget" / "d" / "DevboxLint" / "DevboxLint" / "1.10.0"
    texts = {path.name: YAML(typ="safe").load(path.read_text("utf-8")) for path in folder.iterdir()}
    scoop = json.loads((tmp_path / "scoop" / "devbox-lint.json").read_text("utf-8"))

    assert sorted(texts) == [f"DevboxLint.DevboxLint{part}.yaml" for part in (".installer", ".locale.en-US", "")]
    # A text: a number would be 1.1.
    assert {text["PackageVersion"] for text in texts.values()} == {"1.10.0"}
    (installer,) = texts["DevboxLint.DevboxLint.installer.yaml"]["Installers"]
    assert installer["InstallerSha256"] == hashlib.sha256(b"the archive").hexdigest().upper()
    assert installer["InstallerUrl"].endswith(f"/v1.10.0/{archive.name}")
    assert scoop["architecture"]["64bit"]["hash"] == installer["InstallerSha256"].lower()
    assert scoop["autoupdate"]["architecture"]["64bit"]["url"].count("$version") == 2


def test_the_container_is_of_one_base_by_its_digest_and_nobody_runs_in_it() -> None:
    bases = re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    users = re.findall(r"^USER (\S+)", CONTAINER, re.MULTILINE)

    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.[0-9]+-slim@sha256:[0-9a-f]{64}", bases[0])
    assert users == ["10001:10001"]


@pytest.mark.parametrize("line", [line for line in CONTAINER.splitlines() if " install " in line])
def test_the_container_installs_what_is_locked_alone(line: str) -> None:
    assert "--require-hashes" in line or "--no-deps --no-index" in line


def test_everything_that_the_container_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", CONTAINER, re.MULTILINE)

    assert copied
    assert [name for names in copied for name in names.split() if not (TOP / name).exists()] == []


def test_the_readme_names_the_package_of_the_manifests() -> None:
    assert "winget install DevboxLint.DevboxLint" in (TOP / "README.md").read_text("utf-8")
