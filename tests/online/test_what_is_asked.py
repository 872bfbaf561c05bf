"""What is asked follows from the rules that are on and from nothing else, however many ask at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fake_azure import FakeAzure
from fake_azure.messages import Request
from fake_azure.offences import offences, repeated
from fake_azure.roles import DEVCENTER_PROJECT_ADMIN
from situations.many import many
from situations.stage import TEAM, USER, Stage, check

pytestmark = pytest.mark.slow

Asks = Callable[[Request], bool]


@pytest.fixture
def stage(azure: FakeAzure, tmp_path: Path) -> Stage:
    """A stage on which each rule has something to ask."""
    stage = Stage(azure, tmp_path)
    azure.organization("contoso-web", stage.contoso, repositories={"web": ("site",)}).add(stage.verifier)
    stage.repository = "https://dev.azure.com/contoso-web/web/_git/site"
    stage.settings["validate-tasks"] = True
    stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)
    return stage


@pytest.mark.parametrize(
    ("ignored", "asks"),
    [
        ("DBX510", lambda one: "/images" in one.path),
        ("DBX511", lambda one: one.host.endswith(".devcenter.azure.com")),
        ("DBX512,DBX518", lambda one: one.host == "dev.azure.com"),
        ("DBX518", lambda one: "/_apis/projects" in one.path),
        ("DBX503,DBX504,DBX505,DBX507", lambda one: one.path.endswith("/secrets/pat")),
        ("DBX506,DBX507", lambda one: "/Microsoft.Authorization/" in one.path),
        ("DBX507", lambda one: "/devcenters/" in one.path),
    ],
)
def test_a_rule_that_is_off_asks_nothing(stage: Stage, ignored: str, asks: Asks) -> None:
    name = TEAM if ignored == "DBX510" else USER
    assert stage.check(name).codes == ""
    assert [one for one in stage.azure.requests if asks(one)]
    stage.azure.requests.clear()

    assert stage.check(name, "--ignore", ignored).codes == ""

    assert [one.question for one in stage.azure.requests if asks(one)] == []


def test_without_the_option_nothing_is_asked(stage: Stage) -> None:
    stage.write(TEAM)
    stage.write_settings()

    check(stage.folder, stage.environment, TEAM, online=False)

    assert stage.azure.tunnels == []


def test_a_file_without_references_asks_nothing(stage: Stage) -> None:
    (stage.folder / USER).write_text("tasks:\n  - name: ~/powershell\n    parameters:\n      command: whoami\n")
    stage.settings["validate-tasks"] = False
    stage.write_settings()

    check(stage.folder, stage.environment, USER, "--kind", "user")

    assert stage.azure.tunnels == []


@pytest.mark.parametrize("concurrency", [1, 32])
def test_how_many_ask_at_once_changes_no_answer(stage: Stage, concurrency: int) -> None:
    stage.take(stage.identity)
    stage.take(stage.ada)
    stage.secret.versions[-1].enabled = False
    stage.vault.default_action, stage.vault.bypass = "Deny", "None"
    expected = stage.check(USER)
    asked = sorted(one.question for one in stage.azure.requests)
    stage.azure.requests.clear()
    stage.azure.operations.clear()
    stage.settings["concurrency"] = concurrency

    assert stage.check(USER).findings == expected.findings
    assert sorted(one.question for one in stage.azure.requests) == asked


def test_more_vaults_than_one_query_holds_are_all_found(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    many(stage, files=26, vaults=130, secrets=130)

    outcome = check(tmp_path, stage.environment, ".")

    assert outcome.codes == "", outcome.findings[:3]
    assert repeated(azure) == []
    assert offences(azure) == []
    assert len([one for one in azure.requests if one.path.endswith("/resources")]) == 2


def test_what_was_not_checked_is_a_notification_of_the_run_in_sarif(stage: Stage) -> None:
    stage.azure.fault("unresolved")
    stage.write(TEAM)
    stage.write_settings()

    outcome = check(stage.folder, stage.environment, TEAM, "--output-format", "sarif")

    (run,) = json.loads(outcome.out)["runs"]
    words = [one["message"]["text"] for part in run["invocations"] for one in part["toolExecutionNotifications"]]
    assert any("not checked" in one for one in words)


def test_a_body_that_drips_is_not_waited_for(stage: Stage) -> None:
    stage.settings["timeout"] = 1
    stage.azure.fault("slow", "management.azure.com", "*/web", seconds=30)

    outcome = stage.check(TEAM)

    assert "DBX590" in outcome.codes
    assert "took longer than 1 seconds" in outcome.out
