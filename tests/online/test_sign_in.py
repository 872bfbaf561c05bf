"""Whoever is signed in, and by whatever way, is the one who asks; and who is not is told so once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fake_azure import FakeAzure
from fake_azure.clouds import CHINA, US_GOVERNMENT, Cloud
from fake_azure.offences import offences, secrets_in
from fake_azure.roles import READER, VAULT_READER
from situations.stage import TEAM, USER, Outcome, Stage, check

Environment = Callable[[Stage], dict[str, str]]


def _by_command_line(stage: Stage) -> dict[str, str]:
    for role in (READER, VAULT_READER):
        stage.contoso.assign(stage.ada, role, stage.contoso.scope)
    return stage.azure.environment(PATH=stage.azure.command_line(stage.ada))


def _by_managed_identity(stage: Stage) -> dict[str, str]:
    agent = stage.contoso.identity("agent")
    for role in (READER, VAULT_READER):
        stage.contoso.assign(agent, role, stage.contoso.scope)
    stage.settings["credential"] = "managed-identity"
    return stage.azure.managed(agent)


SIGN_INS: dict[str, Environment] = {
    "secret": lambda stage: stage.azure.environment(stage.verifier),
    "federated token": lambda stage: stage.azure.federated(stage.verifier),
    "pipeline": lambda stage: stage.azure.pipeline(stage.verifier),
    "managed identity": _by_managed_identity,
    "command line": _by_command_line,
}


def _pinned(stage: Stage) -> None:
    """Let the file name an older version, for which the vault itself must be asked."""
    secret = stage.vault.secret("pat", versions=2)
    stage.reference = f"{secret.uri}/{secret.versions[0].id}"


def _checked(stage: Stage, name: str = USER) -> Outcome:
    outcome = stage.check(name)
    assert offences(stage.azure) == []
    assert secrets_in(stage.azure, outcome.out + outcome.err) == []
    return outcome


@pytest.mark.parametrize("way", SIGN_INS)
def test_each_way_to_sign_in_leads_to_answers(azure: FakeAzure, tmp_path: Path, way: str) -> None:
    stage = Stage(azure, tmp_path)
    _pinned(stage)
    stage.environment = SIGN_INS[way](stage)

    outcome = _checked(stage)

    assert (outcome.codes, outcome.code) == ("", 0), outcome.findings
    assert [one for one in azure.requests if one.path.endswith("/secrets/pat/versions") and one.token]


@pytest.mark.parametrize("way", SIGN_INS)
def test_a_vault_of_another_tenant_gets_no_token_by_any_way(azure: FakeAzure, tmp_path: Path, way: str) -> None:
    stage = Stage(azure, tmp_path)
    stage.reference = azure.tenant("fabrikam").vault("kv-fabrikam").secret("pat").uri
    stage.environment = SIGN_INS[way](stage)

    outcome = _checked(stage)

    assert outcome.codes == "DBX502"
    assert not [one for one in azure.requests if one.host.startswith("kv-fabrikam") and one.authorized]
    assert not [words for words in azure.commands if azure.tenants[1].id in words]


def _nobody(stage: Stage) -> None:
    stage.environment = stage.azure.environment(PATH="/nonexistent")


def _unknown_tenant(stage: Stage) -> None:
    stage.environment["AZURE_TENANT_ID"] = "99999999-0000-0000-0000-000000000000"


def _unknown_application(stage: Stage) -> None:
    stage.environment["AZURE_CLIENT_ID"] = "99999999-0000-0000-0000-000000000000"


def _guest(stage: Stage) -> None:
    """Signed in to another tenant than the settings name."""
    stage.environment = stage.azure.environment(stage.azure.tenant("fabrikam").application("guest"))
    stage.settings["tenant"] = stage.contoso.id


def _stranger(stage: Stage) -> None:
    """Signed in to another tenant than that of the project."""
    stage.environment = stage.azure.environment(stage.azure.tenant("fabrikam").application("stranger"))


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (_nobody, "nobody is signed in to Azure"),
        (_unknown_tenant, "Azure refused the sign-in"),
        (_unknown_application, "Azure refused the sign-in (AADSTS700016)"),
        (_guest, "tenant"),
        (_stranger, "another tenant"),
    ],
)
def test_a_sign_in_that_fails_is_told_with_its_reason(
    azure: FakeAzure, tmp_path: Path, arrange: Callable[[Stage], None], words: str
) -> None:
    stage = Stage(azure, tmp_path)
    arrange(stage)

    outcome = _checked(stage, TEAM)

    assert any(words in one.message for one in outcome.findings), outcome.findings
    assert "DBX590" in outcome.codes
    assert not [one for one in outcome.findings if one.code in ("DBX503", "DBX506", "DBX508", "DBX509", "DBX510")]


@pytest.mark.parametrize(("cloud", "name"), [(CHINA, "china"), (US_GOVERNMENT, "usgov")])
def test_another_cloud_of_microsofts_is_asked_at_its_own_hosts(
    azure: FakeAzure, tmp_path: Path, cloud: Cloud, name: str
) -> None:
    stage = Stage(azure, tmp_path, cloud)
    stage.settings["cloud"] = name
    _pinned(stage)

    outcome = _checked(stage)

    assert (outcome.codes, outcome.code) == ("", 0), outcome.findings
    assert set(azure.tunnels) == {cloud.login[0], cloud.management, stage.vault.host}


def test_a_vault_of_another_cloud_is_not_asked(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    stage.reference = "https://kv-contoso.vault.azure.cn/secrets/pat"

    outcome = _checked(stage, TEAM)

    assert outcome.codes == "DBX590"
    assert not [host for host in azure.tunnels if host.endswith("vault.azure.cn")]


OWN = Cloud(("login.contoso.example",), "arm.contoso.example", "vault.contoso.example")


def _own_cloud(stage: Stage) -> Path:
    path = stage.folder / "azure.toml"
    path.write_text(
        f'[azure]\nproject = "{stage.project.id}"\nconsumers = ["{stage.ada.id}"]\n[azure.cloud]\n'
        f'authority = "https://{OWN.login[0]}"\nresource-manager = "https://{OWN.management}"\n'
        f'vault-suffix = "{OWN.vaults}"\n'
    )
    return path


def test_a_cloud_of_ones_own_is_asked_where_a_person_names_the_file(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path, OWN)
    _pinned(stage)
    stage.write(USER)

    outcome = check(tmp_path, stage.environment, USER, "--kind", "user", "--config", str(_own_cloud(stage)))

    assert (outcome.codes, outcome.code) == ("", 0), (outcome.findings, outcome.err)
    assert set(azure.tunnels) == {OWN.login[0], OWN.management, stage.vault.host}


def test_a_repository_does_not_choose_the_cloud(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path, OWN)
    stage.write(USER)
    _own_cloud(stage).rename(tmp_path / ".devbox-lint.toml")

    outcome = check(tmp_path, stage.environment, USER, "--kind", "user")

    assert outcome.code == 2
    assert "--config" in outcome.err
    assert azure.tunnels == []


@pytest.mark.parametrize(
    "line",
    [
        'cloud = "china"',
        'tenant = "fabrikam.onmicrosoft.com"',
        'tenant = "FABRIKAM"',
        'credential = "managed-identity"',
        "validate-tasks = true",
        "max-requests = 100000",
        "timeout = 600",
    ],
)
def test_a_repository_does_not_send_a_token_elsewhere(azure: FakeAzure, tmp_path: Path, line: str) -> None:
    stage = Stage(azure, tmp_path)
    stage.write(TEAM)
    other = azure.tenant("fabrikam")
    line = line.replace("FABRIKAM", other.id)
    (tmp_path / ".devbox-lint.toml").write_text(f'[azure]\nproject = "{stage.project.id}"\n{line}\n')

    outcome = check(tmp_path, stage.environment, TEAM)

    assert outcome.code == 2
    assert "is for the operator to set" in outcome.err
    assert azure.tunnels == []


def test_what_the_operator_says_holds_whatever_a_repository_says_beside_it(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path, CHINA)
    _pinned(stage)
    stage.write(TEAM)
    stage.write_settings()

    outcome = check(tmp_path, stage.environment, TEAM, "--azure", "cloud=china")

    assert (outcome.codes, outcome.code) == ("", 0), (outcome.findings, outcome.err)
    assert set(azure.tunnels) == {CHINA.login[0], CHINA.management, stage.vault.host}
