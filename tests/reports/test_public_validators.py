"""Each format is valid by a validator that others wrote: for the examples, clean, failed, hostile and real files.

SARIF by the program and the schema in npm's `@microsoft/sarif-multitool`; JUnit by the schema of Jenkins's xunit
plugin, GitLab's and reviewdog's by their own, which are not ours to distribute and stand beside the corpus.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from command_line import GOOD, ROOT, environment
from reports.test_sarif import AZURE
from support import SHARED, corpus, made_up
from test_hostile_content import hostile_folder

pytestmark = pytest.mark.slow

SCHEMAS = SHARED / "schemas"
needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas are not at hand")
#: The package with the program for Linux; that for all systems takes one of three by the system.
MULTITOOL = "@microsoft/sarif-multitool-linux@5.7.0"
#: Without the rule that asks the network for each address in a log; it gives notes alone.
OFFLINE = """\
<?xml version="1.0" encoding="utf-8"?>
<Properties>
  <Properties Key="SARIF2006.UrisShouldBeReachable.Options">
    <Property Key="RuleEnabled" Value="Disabled" />
  </Properties>
</Properties>
"""
FORMATS = ("sarif", "junit", "gitlab", "rdjson")
#: Of the real files one in this many is checked here.
EVERY = 12

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "contoso/web",
    "GITHUB_SHA": "0123456789012345678901234567890123456789",
    "GITHUB_REF": "refs/heads/main",
}


def lint(folder: Path, reports: Path, *arguments: str, **variables: str) -> None:
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:{reports}.{name}")]
    done = subprocess.run(
        [sys.executable, "-m", "devbox_lint", "--quiet", *arguments, *outputs],
        cwd=folder,
        env=environment(**variables),
        stdin=subprocess.PIPE,
        capture_output=True,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)


def real_files(folder: Path) -> Path:
    for number, file in enumerate((*made_up(), *corpus())):
        if number % EVERY == 0 and file.kind is not None:
            path = folder / str(number) / file.path.name
            path.parent.mkdir(parents=True)
            path.write_bytes(file.data)
    return folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reports of several runs: `NAME.pipeline.format`."""
    reports = tmp_path_factory.mktemp("reports")
    repository = tmp_path_factory.mktemp("repository")
    (repository / ".git").mkdir()
    shutil.copytree(ROOT / "examples", repository / "examples")
    if os.name == "posix":
        # What cannot be opened, also by root.
        (repository / "task.yaml").symlink_to("task.yaml")
    (repository / "one.yaml").write_text(GOOD)
    hostile = hostile_folder(tmp_path_factory.mktemp("hostile"))
    real = real_files(repository / "real")
    for pipeline, variables in (("github", GITHUB), ("azure", AZURE)):
        for name, folder, arguments in (
            ("found", repository, ("--select", "ALL", "examples")),
            ("clean", repository / "examples", ("good",)),
            ("nothing", repository, ("--exclude", "**", ".")),
            ("failed", repository, ("one.yaml", "no such file.yaml", "task.yaml", "--kind", "imagedefinition")),
            ("stdin", repository, ("-", "--kind", "user")),
            ("hostile", hostile, ("--select", "ALL", ".")),
            *((("real", real, (".",)),) if pipeline == "azure" and real.is_dir() else ()),
        ):
            lint(folder, reports / f"{name}.{pipeline}", *arguments, **variables)
    return reports


@pytest.fixture(scope="module")
def multitool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the validator's package."""
    if sys.platform != "linux":
        pytest.skip("the validator of SARIF is tried on Linux")
    npm = shutil.which("npm")
    if npm is None:
        # Where nobody looks at what was skipped, a validator that did not run must not pass for one that did.
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("there is no npm to get the validator of SARIF")
    folder = tmp_path_factory.mktemp("npm")
    command = [
        npm,
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        str(folder),
        MULTITOOL,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    package = folder / "node_modules" / "@microsoft" / "sarif-multitool-linux"
    (package / "Sarif.Multitool").chmod(0o755)
    return package


def validated(multitool: Path, logs: list[str], kinds: str, folder: Path) -> dict:
    """What the program has to say of logs. Its exit code is 0 whatever that is."""
    (folder / "offline.xml").write_text(OFFLINE)
    options = ("--rule-kind", kinds, "--level", "Error;Warning", "--config", "offline.xml")
    done = subprocess.run(
        [str(multitool / "Sarif.Multitool"), "validate", *logs, *options, "--output", "verdict.sarif"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert f"{len(logs)} files scanned" in done.stdout, done.stdout + done.stderr
    # Not said where one of its rules has failed.
    assert "Analysis completed successfully" in done.stdout, done.stdout + done.stderr
    (run,) = json.loads((folder / "verdict.sarif").read_text("utf-8-sig"))["runs"]
    return run


@pytest.mark.parametrize(("pipeline", "kinds"), [("github", "Sarif;Ghas"), ("azure", "Sarif;Ghas;Ado")])
def test_sarif_has_no_error_and_no_warning(
    multitool: Path, written: Path, tmp_path: Path, pipeline: str, kinds: str
) -> None:
    logs = sorted(str(path) for path in written.glob(f"*.{pipeline}.sarif"))
    assert len(logs) >= 6

    run = validated(multitool, logs, kinds, tmp_path)

    assert [(item["level"], item["ruleId"], item["message"], item["locations"]) for item in run["results"]] == []
    for invocation in run["invocations"]:
        assert invocation["executionSuccessful"]
        assert invocation.get("toolExecutionNotifications", []) == []


def test_the_validator_of_sarif_would_have_said_so(multitool: Path, written: Path, tmp_path: Path) -> None:
    log = json.loads((written / "found.azure.sarif").read_text())
    del log["runs"][0]["tool"]["driver"]["fullName"]
    (tmp_path / "broken.sarif").write_text(json.dumps(log))

    run = validated(multitool, ["broken.sarif"], "Sarif;Ghas;Ado", tmp_path)

    assert {(item["level"], item["ruleId"]) for item in run["results"]} == {("error", "GHAzDO1018")}


def test_sarif_is_valid_by_its_schema(multitool: Path, written: Path) -> None:
    validator = Draft202012Validator(json.loads((multitool / "sarif-2.1.0.json").read_text("utf-8-sig")))
    for path in written.glob("*.sarif"):
        if path.name.startswith("real"):
            # The program has read it; by the schema it would take a minute.
            continue
        assert errors(validator, json.loads(path.read_text("utf-8"))) == [], path.name


@needs_schemas
def test_junit_is_valid_by_the_schema_of_jenkins(written: Path) -> None:
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit-10.xsd")))
    for path in written.glob("*.junit"):
        schema.assertValid(etree.parse(str(path)))


@needs_schemas
def test_reviewdogs_format_is_valid_by_its_schema(written: Path) -> None:
    validator = Draft4Validator(json.loads((SCHEMAS / "DiagnosticResult.json").read_text("utf-8")))
    for path in written.glob("*.rdjson"):
        found = json.loads(path.read_text("utf-8"))
        assert errors(validator, found) == [], path.name
        assert all_relative(item["location"]["path"] for item in found["diagnostics"])


@needs_schemas
def test_gitlabs_format_is_valid_by_its_schema(written: Path) -> None:
    validator = Draft202012Validator(json.loads((SCHEMAS / "gitlab-codeclimate.item.json").read_text("utf-8")))
    for path in written.glob("*.gitlab"):
        found = json.loads(path.read_text("utf-8"))
        for item in found:
            assert errors(validator, item) == [], path.name
        assert all_relative(item["location"]["path"] for item in found)
        fingerprints = [item["fingerprint"] for item in found]
        assert len(set(fingerprints)) == len(fingerprints)


def test_every_run_has_something_to_validate(written: Path) -> None:
    sizes = {path.name: len(json.loads(path.read_text())) for path in written.glob("*.azure.gitlab")}
    assert sizes["found.azure.gitlab"] > 20
    assert sizes["hostile.azure.gitlab"] > 100
    assert sizes["failed.azure.gitlab"] >= 1
    assert sizes["clean.azure.gitlab"] == sizes["nothing.azure.gitlab"] == 0


def errors(validator: Any, value: object) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def all_relative(paths: Iterator[str]) -> bool:
    return all(not path.startswith(("/", "..", "./")) and "\\" not in path for path in paths)
