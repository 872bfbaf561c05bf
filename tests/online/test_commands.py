"""The commands that findings print are run by the real Azure CLI, and what they were for is mended then."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from fake_azure import FakeAzure
from fake_azure.roles import OWNER, VAULT_ADMINISTRATOR
from situations import CASES, Situation
from situations.how_to import EXAMPLES, HowTo
from situations.stage import TEAM, Found, Outcome, Stage

AZ = os.environ.get("DEVBOX_LINT_AZ", "")
if not AZ:
    pytest.skip("DEVBOX_LINT_AZ names no Azure CLI: nox -s azure_cli installs and names one", allow_module_level=True)

_COMMAND = re.compile(r"az (?:(?!, or (?:az|on) ).)+")


class Operator:
    """Somebody who may do everything, signed in to the Azure CLI."""

    def __init__(self, azure: FakeAzure, stage: Stage, folder: Path) -> None:
        one = stage.contoso.application("operator")
        for role in (OWNER, VAULT_ADMINISTRATOR):
            stage.contoso.assign(one, role, stage.contoso.scope)
        for organization in azure.organizations.values():
            organization.add(one)
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
            **azure.environment(),
            "AZURE_CONFIG_DIR": str(folder),
            "AZURE_CORE_COLLECT_TELEMETRY": "no",
            "AZURE_CORE_NO_COLOR": "yes",
        }
        self.run("az", "login", "--service-principal", "-u", one.client_id, "-p", one.secret, "-t", stage.contoso.id)

    def run(self, *words: str) -> str:
        """What a command prints."""
        done = subprocess.run([AZ, *words[1:]], env=self._environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout


def _commands(finding: Found) -> list[list[str]]:
    """The commands of a finding; what begins with a condition is for another case than that of the situation."""
    text = finding.help or ""
    return [shlex.split(command) for command in _COMMAND.findall(text)] if text.startswith("az ") else []


_WITH_FINDINGS = [pytest.param(s, n, id=f"{n}: {s.says}") for s, n in CASES if s.expected(n)]


@pytest.mark.parametrize(("situation", "name"), _WITH_FINDINGS)
def test_what_a_command_is_for_is_mended_when_it_has_run(
    azure: FakeAzure, tmp_path: Path, situation: Situation, name: str
) -> None:
    stage = Stage(azure, tmp_path)
    situation.arrange(stage)
    before = stage.check(name, *situation.arguments)
    with_commands = [one for one in before.findings if _commands(one) and one.code != "DBX590"]
    if not with_commands:
        pytest.skip("no command repairs this")
    operator = Operator(azure, stage, tmp_path / "az")
    stage.azure.faults.clear()
    # Where there are several ways, the first is the one that is advised.
    for finding in with_commands:
        operator.run(*_commands(finding)[0])

    after = stage.check(name, *situation.arguments)

    assert not {one.message for one in with_commands} & _messages(after)


def _messages(outcome: Outcome) -> set[str]:
    return {one.message for one in outcome.findings}


def test_a_deleted_secret_comes_back(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    stage.secret.deleted = True
    (finding,) = (one for one in stage.check(TEAM).findings if one.code == "DBX503")
    operator = Operator(azure, stage, tmp_path / "az")

    operator.run(*shlex.split((finding.help or "").removeprefix("if it was deleted: ").partition(", else:")[0]))

    assert stage.check(TEAM).codes == ""


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_how_to_becomes_right_by_what_is_printed_alone(azure: FakeAzure, tmp_path: Path, example: str) -> None:
    how_to = HowTo(Stage(azure, tmp_path), EXAMPLES[example][0])
    operator = Operator(azure, how_to.stage, tmp_path / "az")
    path = tmp_path / "password"
    path.write_text("something")
    seen: list[str] = []

    while (found := how_to.check().findings) and len(seen) < 12:
        seen.append(" ".join(sorted({one.code for one in found})))
        for finding in found:
            _follow(how_to, operator, finding, path)

    assert found == (), seen


def _follow(how_to: HowTo, operator: Operator, finding: Found, path: Path) -> None:
    """Do what a finding says: run its command, or those that it names one after the other, or change the file."""
    if "add `--auth-mode login`" in finding.message:
        how_to.mode = " `\n          --auth-mode login"
    elif "did you mean `tools`" in finding.message:
        how_to.feed = "tools"
    commands = _commands(finding)
    if commands:
        operator.run(*commands[0])
    elif finding.code == "DBX503":
        store = (finding.help or "").partition(", else: ")[2]
        operator.run(*shlex.split(store.replace("PATH", str(path))))
    elif finding.code == "DBX514":
        make, store = re.findall(r"`(az [^`]+)`", finding.help or "")
        path.write_text(json.loads(operator.run(*shlex.split(make)))["password"])
        operator.run(*shlex.split(store.replace("PATH", str(path))))
