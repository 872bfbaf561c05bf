"""`check --online --explain-access`: who needs what on which resource, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import lint
from fake_azure import FakeAzure
from fake_azure.offences import offences, repeated, secrets_in
from situations.how_to import EXAMPLES, HowTo
from situations.stage import TEAM, USER, Outcome, Stage

pytestmark = pytest.mark.slow

SECRET = "the secret `pat` of key vault `kv-contoso`"


@pytest.fixture
def stage(azure: FakeAzure, tmp_path: Path) -> Stage:
    return Stage(azure, tmp_path)


def _states(outcome: Outcome) -> set[tuple[str, str, str, str]]:
    access: list[dict[str, Any]] = json.loads(outcome.out)["access"]
    return {(one["identity"], one["resource"], one["needs"], one["state"]) for one in access}


def test_each_identity_of_a_user_file_has_its_rows(stage: Stage) -> None:
    stage.take(stage.ada)

    outcome = stage.check(USER, "--explain-access")

    assert outcome.codes == "DBX507"
    assert _states(outcome) == {
        ("the managed identity of project `web`", SECRET, "Key Vault Secrets User", "granted"),
        ("the managed identity of project `web`", SECRET, "Key Vault Reader", "granted"),
        ("the managed identity of dev center `center`", SECRET, "Key Vault Secrets User", "granted"),
        (f"the consumer {stage.ada.id}", SECRET, "Key Vault Secrets User", "missing"),
    }
    assert json.loads(stage.check(USER).out)["access"] == []


def test_people_see_a_table_for_each_file(stage: Stage) -> None:
    stage.take(stage.ada)

    text = stage.check(USER, "--explain-access", "--output-format", "text").out
    page = stage.check(USER, "--explain-access", "--output-format", "markdown").out

    lines = [" ".join(line.split()) for line in text.partition("access that user.yaml needs\n")[2].splitlines()]
    assert lines[1] == "secret pat of key vault kv-contoso"
    assert lines[3:7] == [
        "managed identity of project web has Key Vault Secrets User",
        "has Key Vault Reader",
        "managed identity of dev center center has Key Vault Secrets User",
        f"consumer {stage.ada.id} lacks Key Vault Secrets User",
    ]
    assert text.endswith("\n1 warning in 1 file\n")
    assert "### Access that `user.yaml` needs\n\n| Identity | secret `pat` of key vault `kv-contoso` |\n" in page
    assert "| managed identity of project `web` | ✅ Key Vault Secrets User<br>✅ Key Vault Reader |\n" in page
    assert f"| consumer {stage.ada.id} | ❌ Key Vault Secrets User |" in page


def test_what_nobody_says_is_unknown_and_why(stage: Stage) -> None:
    stage.contoso.roles.assignments.clear()

    outcome = stage.check(TEAM, "--explain-access")

    (access,) = json.loads(outcome.out)["access"]
    assert (access["identity"], access["state"]) == ("the identity of the project", "unknown")
    assert access["reason"]


def test_a_vault_with_access_policies_has_their_row(stage: Stage) -> None:
    stage.vault.rbac = False

    assert _states(stage.check(TEAM, "--explain-access")) == {
        ("the identity of the project", "key vault `kv-contoso`", "an access policy with Get", "missing")
    }


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_how_to_has_its_service_principal_in_the_table(azure: FakeAzure, tmp_path: Path, example: str) -> None:
    commands, steps = EXAMPLES[example]
    how_to = HowTo(Stage(azure, tmp_path), commands)
    for step in steps:
        step.mend(how_to)
    azure.requests.clear()

    outcome = how_to.check("--explain-access")

    states = _states(outcome)
    assert {state for *_, state in states} == {"granted"}, states
    who = f"the service principal `{how_to.deployer.client_id}`"
    assert {resource for identity, resource, _, _ in states if identity == who}, states
    assert repeated(azure) == offences(azure) == []
    assert secrets_in(azure, outcome.out + outcome.err) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--explain-access",), "add `--online`"),
        (("--online", "--explain-access", "--output-format", "sarif"), "text, json and markdown"),
        (("--online", "--explain-access", "--statistics"), "text, json and markdown"),
    ],
)
def test_where_there_is_nothing_to_show_it_is_refused(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = lint(tmp_path, "check", *words)

    assert done.code == 2
    assert said in done.err
