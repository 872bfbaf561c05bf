"""The action and the examples of docs/ci: valid by public schemas, and their steps run as a runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from command_line import NO_IMAGE, ROOT, ROOTS
from reports.runners import azure_command, commands
from reports.test_sarif import AZURE

CI = ROOT / "docs" / "ci"
#: Each is a command for a shell that takes an input for a part of its script.
INJECTIONS = ("$(touch injected)", "`touch injected`", '";touch injected;"', "';touch injected;'", "a&&touch injected")
GOOD = NO_IMAGE.replace("name: web\n", "name: site\nimage: gallery/site@1.0.0\n")
FOUND = ("bad/imagedefinition.yaml", "DBX101")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="the steps are for bash")]

#: devbox-lint of this checkout, for a shell; -P leaves the working directory out.
CHECKOUT = f"env PYTHONPATH='{ROOTS}' '{sys.executable}' -P -m devbox_lint"


def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def filled(value: str, inputs: Mapping[str, str]) -> str:
    """What a runner makes of `${{ name }}`."""
    return re.sub(r"\$\{\{ ([a-z_.]+) \}\}", lambda match: inputs[match[1]], value)


class Runner:
    """A folder with a repository, and what a runner gives to a step."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.workspace = folder / "work space"
        self.temporary = folder / "temp"
        for name, text in (("bad", NO_IMAGE), ("good", GOOD)):
            (self.workspace / name).mkdir(parents=True)
            (self.workspace / name / "imagedefinition.yaml").write_text(text)
        (self.workspace / ".git").mkdir()
        # What an attacker would have Python import.
        for module in ("venv", "pip", "devbox_lint", "ruamel"):
            (self.workspace / f"{module}.py").write_text("open('injected', 'w').close()\n")
        self.temporary.mkdir()
        kept = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PIP_", "SSL_", "PATH", "HOME", "http", "HTTP"))
        }
        self.environment = {**kept, **variables}

    def install(self) -> None:
        """Put a stand-in where the steps expect what they installed: the checkout itself."""
        target = self.temporary / "devbox-lint"
        target.mkdir(parents=True)
        (target / "devbox-lint").write_text(f'#!/bin/sh\nexec {CHECKOUT} "$@"\n')
        (target / "devbox-lint").chmod(0o755)

    def stand_in_for_pip(self) -> Path:
        """Make a Python that installs nothing; it writes into this file, a word in a line, what pip is asked for."""
        asked = self.temporary / "asked"
        program = f"""#!/bin/sh
if [ "$2" = -m ] && [ "$3" = pip ]; then printf '%s\\n' "$@" >> '{asked}'; exit 0; fi
exec '{sys.executable}' "$@"
"""
        folder = self.temporary / "stand-in"
        folder.mkdir()
        (folder / "python3").write_text(program)
        (folder / "python3").chmod(0o755)
        self.path = f"{folder}:/usr/bin:/bin"
        return asked

    def run(self, script: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        file = self.temporary / "step.sh"
        file.write_text(script)
        done = subprocess.run(
            # As GitHub runs `shell: bash`.
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(file)],
            cwd=self.workspace,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        assert not (self.workspace / "injected").exists()
        return done


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A repository with the checkout's own files to install, and its commit."""
    folder = tmp_path_factory.mktemp("origin")
    shutil.copytree(ROOT / "packaging", folder / "packaging")
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder))
    for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "all")):
        subprocess.run([*git, *words], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return str(folder), head.stdout.strip()


class TestAction:
    ACTION = read(ROOT / "action.yml")
    INSTALL, CHECK = ACTION["runs"]["steps"]

    @pytest.fixture(scope="class")
    @classmethod
    def runner(cls, tmp_path_factory: pytest.TempPathFactory) -> Runner:
        folder = tmp_path_factory.mktemp("github")
        summary = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
        runner = Runner(folder, {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(folder / "temp"), **summary})
        runner.install()
        return runner

    def check(self, runner: Runner, **inputs: str) -> subprocess.CompletedProcess[str]:
        given = {f"inputs.{name}": inputs.get(name, entry["default"]) for name, entry in self.ACTION["inputs"].items()}
        return runner.run(self.CHECK["run"], {name: filled(value, given) for name, value in self.CHECK["env"].items()})

    def test_no_expression_stands_in_a_script(self) -> None:
        assert all("${{" not in step["run"] and step["shell"] == "bash" for step in self.ACTION["runs"]["steps"])

    def test_it_installs_itself_annotates_and_fails(self, tmp_path: Path) -> None:
        runner = Runner(tmp_path, {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(tmp_path / "temp")})
        source = tmp_path / "the action"
        left_out = shutil.ignore_patterns(".venv", ".nox", ".git", "node_modules", "__pycache__", ".*_cache", "tests")
        shutil.copytree(ROOT, source, ignore=left_out)
        paths = {"github.action_path": str(source), "inputs.options": ""}
        done = runner.run(
            self.INSTALL["run"], {name: filled(value, paths) for name, value in self.INSTALL["env"].items()}
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr

        done = self.check(runner)

        assert done.returncode == 1, done.stderr
        (command, *_) = commands(done.stdout)
        assert (command.name, command.properties["file"]) == ("error", FOUND[0])
        assert command.properties["title"].startswith(FOUND[1])

    def test_the_page_of_the_run_has_the_findings(self, runner: Runner) -> None:
        summary = Path(runner.environment["GITHUB_STEP_SUMMARY"])
        summary.write_text("from another step\n")

        assert self.check(runner).returncode == 1

        assert summary.read_text("utf-8").startswith("from another step\n## devbox-lint\n")
        assert "`bad/imagedefinition.yaml:1:1`" in summary.read_text("utf-8")
        summary.write_text("")
        assert self.check(runner, options="--diff").returncode == 0
        assert self.check(runner, options="--select=NONE").returncode == 2
        assert summary.read_text() == ""

    def test_paths_and_options_are_lines(self, runner: Runner) -> None:
        assert self.check(runner, paths="good\n").returncode == 0
        done = self.check(runner, paths="good\r\nbad\n\n", options="--output=sarif:a b.sarif\r\n--fail-on=never\n")

        assert done.returncode == 0, done.stderr
        (run,) = json.loads((runner.workspace / "a b.sarif").read_text())["runs"]
        assert [item["ruleId"] for item in run["results"]][:1] == ["DBX101"]

    @pytest.mark.parametrize("text", INJECTIONS)
    def test_no_input_is_a_command(self, runner: Runner, text: str) -> None:
        assert self.check(runner, paths=text).returncode == 2
        assert self.check(runner, options=f"--exclude={text}").returncode == 1

    def test_a_path_is_no_option(self, runner: Runner) -> None:
        done = self.check(runner, paths="--exit-zero\nbad")

        assert done.returncode == 2
        assert "no such file or folder: `--exit-zero`" in done.stdout

    @pytest.mark.parametrize(
        ("options", "lock"),
        [("", "run"), ("--online", "azure"), ("--quiet\n--online-strict\n", "azure"), ("--exclude=a --online", "run")],
    )
    def test_what_asks_azure_is_installed_where_that_is_asked_for(
        self, tmp_path: Path, options: str, lock: str
    ) -> None:
        runner = Runner(tmp_path, {"GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(tmp_path / "temp")})
        asked = runner.stand_in_for_pip()

        done = runner.run(self.INSTALL["run"], {"SOURCE": str(ROOT), "OPTIONS": options, "PATH": runner.path})

        assert done.returncode == 0, done.stderr
        words = asked.read_text().splitlines()
        assert "--require-hashes" in words
        assert [word for word in words if word.startswith(str(ROOT))] == [f"{ROOT}/requirements/{lock}.txt"]

    def test_an_old_python_is_said(self, runner: Runner, tmp_path: Path) -> None:
        for name in ("python3", "python"):
            (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
            (tmp_path / name).chmod(0o755)
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = runner.run(self.INSTALL["run"], {"SOURCE": str(ROOT), "OPTIONS": "", "PATH": path})

        assert done.returncode == 2
        assert "actions/setup-python" in commands(done.stdout)[0].data


class TestAzure:
    TEMPLATE = read(CI / "azure-steps.yml")
    _, INSTALL, CHECK, *_ = TEMPLATE["steps"]

    @pytest.fixture(scope="class")
    @classmethod
    def runner(cls, tmp_path_factory: pytest.TempPathFactory) -> Runner:
        folder = tmp_path_factory.mktemp("azure")
        runner = Runner(folder, {**AZURE, "AGENT_TEMPDIRECTORY": str(folder / "temp")})
        runner.install()
        return runner

    def check(self, runner: Runner, **given: str) -> subprocess.CompletedProcess[str]:
        defaults = {f"parameters.{entry['name']}": str(entry["default"]) for entry in self.TEMPLATE["parameters"]}
        values = defaults | {f"parameters.{name}": value for name, value in given.items()}
        return runner.run(
            self.CHECK["bash"], {name: filled(value, values) for name, value in self.CHECK["env"].items()}
        )

    def test_no_expression_stands_in_a_script(self) -> None:
        assert not any("${{" in step["bash"] or "$(" in step["bash"] for step in (self.INSTALL, self.CHECK))

    def test_it_logs_issues_and_writes_what_is_published(self, runner: Runner) -> None:
        done = self.check(runner)

        assert done.returncode == 1, done.stderr
        command = azure_command(done.stdout.splitlines()[0])
        assert command is not None
        assert (command.name, command.properties["sourcepath"], command.properties["code"]) == ("task.logissue", *FOUND)
        upload = azure_command(done.stdout.splitlines()[-1])
        assert upload is not None
        assert upload.name == "task.uploadsummary"
        assert "`bad/imagedefinition.yaml:1:1`" in Path(upload.data).read_text("utf-8")
        published = re.findall(r"\$\(Agent\.TempDirectory\)/(\S+)", (CI / "azure-steps.yml").read_text("utf-8"))
        assert len(published) == 3
        paths = [runner.temporary / path for path in published]
        assert all(path.exists() for path in paths)
        (run,) = json.loads(paths[1].read_text())["runs"]
        assert run["automationDetails"]["id"].startswith("azuredevops/pipeline/build/contoso/")

    @pytest.mark.parametrize("text", INJECTIONS)
    def test_no_parameter_is_a_command(self, runner: Runner, text: str) -> None:
        assert self.check(runner, paths=text).returncode == 2
        assert self.check(runner, options=f"--exclude={text}").returncode == 1

    def install(self, folder: Path, commit: str, repository: str) -> tuple[Runner, subprocess.CompletedProcess[str]]:
        runner = Runner(folder, {**AZURE, "AGENT_TEMPDIRECTORY": str(folder / "temp")})
        runner.stand_in_for_pip()
        variables = {"LINT_REPOSITORY": repository, "LINT_COMMIT": commit, "LINT_OPTIONS": "", "PATH": runner.path}
        return runner, runner.run(self.INSTALL["bash"], variables)

    def test_the_commit_that_it_names_is_installed(self, tmp_path: Path, origin: tuple[str, str]) -> None:
        repository, commit = origin
        runner, done = self.install(tmp_path, commit, repository)

        assert done.returncode == 0, done.stderr
        words = (runner.temporary / "asked").read_text().splitlines()
        assert f"{runner.temporary}/devbox-lint-source/requirements/run.txt" in words
        assert (runner.temporary / "devbox-lint" / "devbox-lint").exists()

    @pytest.mark.parametrize(
        "commit", ["main", "v0.1.0", "$(touch injected)", "0" * 40, "--upload-pack=touch injected"]
    )
    def test_what_may_be_another_commit_tomorrow_is_refused(
        self, tmp_path: Path, origin: tuple[str, str], commit: str
    ) -> None:
        _, done = self.install(tmp_path, commit, origin[0])

        assert done.returncode != 0

    def test_a_repository_is_no_option(self, tmp_path: Path, origin: tuple[str, str]) -> None:
        _, done = self.install(tmp_path, origin[1], "--upload-pack=touch injected")

        assert done.returncode != 0


def test_the_script_for_gitlab_writes_what_its_artifacts_name(tmp_path: Path) -> None:
    job = read(CI / "gitlab.yml")["devbox-lint"]
    runner = Runner(tmp_path, {"GITLAB_CI": "true"})
    check = job["script"][-1].removeprefix("/tmp/devbox-lint/")
    script = f'devbox-lint() {{ {CHECKOUT} "$@"; }}\n{check}\n'

    done = runner.run(script, {})

    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"{FOUND[0]}:1:1: error: {FOUND[1]}")
    for name in job["artifacts"]["reports"].values():
        assert FOUND[1] in (runner.workspace / name).read_text()


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", "docs/ci/github.yml"),
        ("github-workflows", ".github/workflows/check.yml"),
        ("github-workflows", ".github/workflows/ci.yml"),
        ("github-workflows", ".github/workflows/release.yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/bug.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/idea.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/wrong-finding.yml"),
        ("azure-pipelines", "docs/ci/azure-pipelines.yml"),
        ("azure-pipelines", "docs/ci/azure-steps.yml"),
        ("gitlab-ci", "docs/ci/gitlab.yml"),
    ],
)
def test_each_is_valid_by_the_schema_of_its_service(schema: str, path: str, tmp_path: Path) -> None:
    text = (ROOT / path).read_text("utf-8")
    if path == "docs/ci/azure-steps.yml":
        # The schema knows no tasks of Advanced Security, and takes the default of a boolean as a text alone.
        text = text.replace("default: false", "default: 'false'").split("  - ${{ if")[0]
    (tmp_path / "example.yml").write_text(text, "utf-8")
    options = {
        "azure-pipelines": ("--data-transform", "azure-pipelines", "--regex-variant", "python"),
        "gitlab-ci": ("--data-transform", "gitlab-ci"),
    }
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.{schema}",
        *options.get(schema, ()),
    ]
    done = subprocess.run([*command, str(tmp_path / "example.yml")], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_names_all_inputs_and_parameters() -> None:
    page = (CI / "README.md").read_text("utf-8")
    for heading, file, section in (
        ("Input", "action.yml", "inputs"),
        ("Parameter", "docs/ci/azure-steps.yml", "parameters"),
    ):
        named = re.findall(r"^\| `(\w+)` \|", page.split(f"| {heading} |")[1].split("\n\n")[0], re.MULTILINE)
        declared = read(ROOT / file)[section]
        assert named == [entry if isinstance(entry, str) else entry["name"] for entry in declared]
