"""Whatever is answered in Azure's place, tokens stay where they belong, and the run ends with a report."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_azure import FakeAzure
from fake_azure.faults import redirected, throttled
from fake_azure.messages import Response
from fake_azure.offences import offences, secrets_in
from fake_azure.roles import DEVCENTER_PROJECT_ADMIN
from situations.stage import TEAM, USER, Outcome, Stage, check

pytestmark = pytest.mark.slow

ARM = "management.azure.com"
EVIL = "evil.example"
PACKAGES = "cdn.winget.microsoft.com"
_CLONE = "  - name: ~/gitclone\n    parameters:\n      pat: '{{{{https://kv-{}.vault.azure.net/secrets/pat}}}}'\n"


@pytest.fixture
def stage(azure: FakeAzure, tmp_path: Path) -> Stage:
    return Stage(azure, tmp_path)


def _is_a_report(stage: Stage, outcome: Outcome) -> None:
    assert outcome.code in (0, 1), outcome.err
    assert "DBX000" not in outcome.out
    assert "which is a bug" not in outcome.out
    assert offences(stage.azure) == []
    assert secrets_in(stage.azure, outcome.out + outcome.err) == []


@pytest.mark.parametrize(
    "host", ["login.microsoftonline.com", ARM, "kv-contoso.vault.azure.net", "dev.azure.com", PACKAGES]
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(stage: Stage, host: str, status: int) -> None:
    stage.azure.fault("answer", host, response=redirected(f"https://{EVIL}/", status))
    stage.repository = "https://dev.azure.com/contoso-web/web/_git/site"
    stage.more = "  - name: ~/winget\n    parameters:\n      package: Git.Git\n"

    outcome = stage.check(USER)

    _is_a_report(stage, outcome)
    assert "DBX5" in outcome.codes


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (ARM, "*/roleAssignments"),
        (ARM, "*/denyAssignments"),
        (ARM, "*/images"),
        ("kv-contoso.vault.azure.net", "*/versions"),
    ],
)
@pytest.mark.parametrize("link", [f"https://{EVIL}/next", f"https://{ARM}@{EVIL}/", "http://management.azure.com/", 7])
def test_the_next_page_is_not_asked_of_another_host(stage: Stage, host: str, path: str, link: Any) -> None:
    old = stage.vault.secret("pat", versions=2).versions[0]
    stage.reference = f"{stage.secret.uri}/{old.id}"
    stage.azure.fault("answer", host, path, method="GET", response=Response(200, {"value": [], "nextLink": link}))

    _is_a_report(stage, stage.check(TEAM))


def test_a_list_without_an_end_ends(stage: Stage) -> None:
    path = f"{stage.vault.id}/providers/Microsoft.Authorization/roleAssignments"
    link = f"https://{ARM}{path}?api-version=2022-04-01&$skiptoken=1"
    stage.azure.fault("answer", ARM, "*/roleAssignments", response=Response(200, {"value": [], "nextLink": link}))

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert "DBX590" in outcome.codes
    assert len(stage.azure.requests) < 200


def test_a_dev_center_elsewhere_gets_no_token(stage: Stage) -> None:
    stage.project.address = f"https://{EVIL}/"
    stage.settings["validate-tasks"] = True

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert outcome.codes == "DBX590"


def test_an_operation_elsewhere_is_not_asked_for(stage: Stage) -> None:
    stage.settings["validate-tasks"] = True
    stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)
    place = f"https://{EVIL}/operationstatuses/1?api-version=2025-02-01"
    begun = Response(202, {"status": "NotStarted"}, (("Operation-Location", place), ("Location", place)))
    stage.azure.fault("answer", "*.devcenter.azure.com", "*:validateGroup", response=begun)

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert outcome.codes == "DBX590"


def test_tasks_are_not_sent_with_a_credential_among_them(stage: Stage) -> None:
    stage.settings["validate-tasks"] = True
    stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)
    stage.more = "  - name: ~/powershell\n    parameters:\n      command: $password = 'hunter2hunter2'\n"

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert outcome.codes == "DBX590"
    assert [one for one in stage.azure.requests if b"hunter2" in one.body] == []


def test_tasks_are_not_sent_unless_asked_for(stage: Stage) -> None:
    stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)

    _is_a_report(stage, stage.check(TEAM))
    assert not [host for host in stage.azure.tunnels if host.endswith("devcenter.azure.com")]


def test_a_stranger_does_not_choose_how_much_is_asked(stage: Stage) -> None:
    stage.settings["max-requests"] = 40
    stage.more = "".join(_CLONE.format(number) for number in range(500))

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert "DBX590" in outcome.codes
    assert len(stage.azure.requests) + len(stage.azure.tunnels) <= 90


def test_many_settings_files_do_not_multiply_what_is_asked(stage: Stage) -> None:
    for number in range(12):
        folder = stage.folder / f"folder-{number}"
        folder.mkdir()
        for index in range(8):
            stage.contoso.vault(f"kv-{number}-{index}").secret("pat")
        tasks = "".join(_CLONE.format(f"{number}-{index}") for index in range(8))
        (folder / "user.yaml").write_text(f"tasks:\n{tasks}")
        (folder / ".devbox-lint.toml").write_text(f"[azure]\nmax-requests = 20\ntimeout = {4 + number / 2}\n")

    outcome = check(stage.folder, stage.environment, "--kind", "user", *sorted(map(str, stage.folder.rglob("*.yaml"))))

    _is_a_report(stage, outcome)
    assert outcome.codes == "DBX590"
    asked = [one for one in stage.azure.requests if not one.host.startswith("login.")]
    assert len(asked) <= 20


@pytest.mark.parametrize("challenge", [f"https://{EVIL}/{{tenant}}", "https://login.microsoftonline.com/", "nonsense"])
def test_a_challenge_does_not_choose_where_one_signs_in(stage: Stage, challenge: str) -> None:
    stage.vault.challenge = challenge.format(tenant=stage.contoso.id)

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert [one for one in stage.azure.requests if one.token and "vault" in one.token.audience] == []


def test_the_names_that_azure_gives_do_no_harm_in_a_log(stage: Stage) -> None:
    stage.settings["validate-tasks"] = True
    stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)
    harm = "\x1b[31m\r\n::error::owned\n##vso[task.setvariable]x\u202e"
    stage.contoso.deny(harm, stage.vault, data_actions=("*",))
    stage.project.rejected["~/gitclone"] = ("Bad", harm)
    stage.write(TEAM)
    stage.write_settings()

    for form in ("text", "concise", "github", "json"):
        outcome = check(stage.folder, stage.environment, TEAM, "--output-format", form)
        assert "\x1b[31m" not in outcome.out
        assert "\u202e" not in outcome.out
        assert not [line for line in outcome.out.splitlines() if line.startswith(("::error::owned", "##vso["))]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b"{" * 200_000,
        b'{"value":' * 50_000,
        b"\xff\xfe\x00",
        b'"' + b"x" * 20_000_000 + b'"',
        b"1e999999",
    ],
    ids=["lists", "braces", "mappings", "bytes", "20 MB", "number"],
)
@pytest.mark.parametrize("host", [ARM, "kv-contoso.vault.azure.net"])
def test_a_monstrous_body_is_no_answer(stage: Stage, host: str, body: bytes) -> None:
    stage.azure.fault("answer", host, response=Response(200, body))

    outcome = stage.check(TEAM)

    _is_a_report(stage, outcome)
    assert outcome.codes or host != ARM


@pytest.mark.parametrize(
    "path",
    [
        "*/web",
        "*/center",
        "*/kv-contoso",
        "*/secrets/pat",
        "*/roleAssignments",
        "*/denyAssignments",
        "*/images",
        "*/resources",
    ],
)
@pytest.mark.parametrize("body", [{}, [], None, {"value": None}, {"value": {}}, b"<html>"], ids=repr)
def test_what_is_no_answer_blames_nobody(stage: Stage, path: str, body: Any) -> None:
    stage.azure.fault("answer", ARM, path, response=Response(200, body))

    outcome = stage.check(USER)

    _is_a_report(stage, outcome)
    assert outcome.codes in ("", "DBX590")


def test_nobody_waits_as_long_as_a_server_says(stage: Stage) -> None:
    stage.azure.fault("answer", ARM, response=throttled(86_400))

    _is_a_report(stage, stage.check(TEAM))


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
)


@st.composite
def _spoilt(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with one thing in it changed for something else."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(_spoilt(value[key]))}
    if isinstance(value, list) and value and draw(st.booleans()):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], draw(_spoilt(value[index])), *value[index + 1 :]]
    return draw(_JSON)


def _everything(azure: FakeAzure, folder: Path) -> Stage:
    """A stage on which all kinds of questions come up."""
    stage = Stage(azure, folder)
    stage.settings["validate-tasks"] = True
    stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)
    stage.contoso.deny("stack", stage.vault, stage.ada, data_actions=("*",))
    stage.reference = f"{stage.secret.uri}/{stage.vault.secret('pat', versions=2).versions[0].id}"
    stage.image = "our-gallery/base@1.0.0"
    stage.center.galleries["our-gallery"] = ("base",)
    return stage


@cache
def _answers() -> dict[tuple[str, str, str], Any]:
    """The body of each answer on that stage, by file, host and path."""
    found = {}
    for name in (TEAM, USER):
        with FakeAzure() as azure, TemporaryDirectory() as folder:
            _everything(azure, Path(folder)).check(name)
            for one in azure.requests:
                if not one.host.startswith("login."):
                    found[name, one.host, one.path] = azure.service(one.host).answer(azure, one).body
    return found


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_answer_of_another_form_is_no_crash(data: st.DataObject) -> None:
    name, host, path = data.draw(st.sampled_from(sorted(_answers())))
    body = data.draw(_spoilt(_answers()[name, host, path]))
    with FakeAzure() as azure, TemporaryDirectory() as folder:
        stage = _everything(azure, Path(folder))
        azure.fault("answer", host, path, response=Response(200, body))

        _is_a_report(stage, stage.check(name))
