"""What Azure says of service principals, of their passwords, and of what their scripts use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devbox_lint.online import NotMade
from devbox_lint.settings.model import AzureSettings
from devbox_lint_rules._azure.directory import Password
from devbox_lint_rules._azure.principals import weigh
from devbox_lint_rules._azure.resolver import AzureResolver, Known
from devbox_lint_rules.keyvault._answers import (
    CredentialAnswer,
    Outcome,
    PrincipalAnswer,
    PrincipalState,
    RightAnswer,
    StorageAnswer,
    StorageNetwork,
)
from devbox_lint_rules.keyvault._needs import Need
from devbox_lint_rules.keyvault._principal_questions import Aspect, PrincipalQuestion
from fake_azure import FakeAzure
from fake_azure.offences import offences, repeated
from fake_azure.roles import ACR_PULL, BLOB_READER, CONTRIBUTOR, READER, REPOSITORY_READER, SECRETS_USER, VAULT_READER
from fake_azure.tenants import Principal, Tenant
from situations.principals import Deployment
from situations.stage import TEAM, Stage

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


@pytest.fixture
def deployer(contoso: Tenant, verifier: Principal) -> Principal:
    verifier.reads_directory = True
    for role in (READER, VAULT_READER):
        contoso.assign(verifier, role, contoso.scope)
    one = contoso.application("deployer")
    one.password()
    return one


def ask(contoso: Tenant, *questions: Known) -> list[object]:
    project = f"{contoso.group_scope()}/providers/Microsoft.DevCenter/projects/web"
    answers = AzureResolver(AzureSettings(project=project)).resolve(questions)
    return [answers[question] for question in questions]


def right(deployer: Principal, resource: str, part: str = "", need: Need = Need.READ_BLOBS) -> PrincipalQuestion:
    return PrincipalQuestion(Aspect.RIGHT, deployer.client_id, resource=resource, part=part, need=need)


def state(contoso: Tenant, deployer: Principal, tenant: str = "") -> object:
    (answer,) = ask(contoso, PrincipalQuestion(Aspect.PRINCIPAL, deployer.client_id, tenant))
    return answer


def test_a_principal_is_found_by_the_id_of_its_application(contoso: Tenant, deployer: Principal) -> None:
    found = PrincipalAnswer(PrincipalState.FOUND, "deployer", True, contoso.id)

    assert state(contoso, deployer) == found
    assert state(contoso, deployer, contoso.id) == found
    assert state(contoso, deployer, "contoso.onmicrosoft.com") == found


def test_the_states_of_a_principal(azure: FakeAzure, contoso: Tenant, deployer: Principal) -> None:
    fabrikam = azure.tenant("fabrikam")

    def what(tenant: str = "") -> PrincipalState | str:
        answer = state(contoso, deployer, tenant)
        return answer.state if isinstance(answer, PrincipalAnswer) else type(answer).__name__

    assert what(fabrikam.id) is PrincipalState.ELSEWHERE
    assert what("nobody.onmicrosoft.com") is PrincipalState.NO_TENANT
    deployer.single_tenant = False
    assert what(fabrikam.id) == "NotMade"
    deployer.has_principal = False
    assert what() is PrincipalState.WITHOUT_PRINCIPAL
    deployer.is_registered = False
    assert what() is PrincipalState.MISSING
    assert offences(azure) == []


def test_who_may_not_read_the_directory_is_told_which_right_is_missing(
    contoso: Tenant, verifier: Principal, deployer: Principal
) -> None:
    verifier.reads_directory = False

    answer = state(contoso, deployer)

    assert isinstance(answer, NotMade)
    assert "Authorization_RequestDenied" in answer.reason
    assert "Application.Read.All" in (answer.help or "")


@pytest.mark.parametrize(
    ("passwords", "stored", "expected"),
    [
        ([], None, CredentialAnswer(0)),
        ([(-10, 300)], None, CredentialAnswer(1)),
        ([(-10, 300)], -5, CredentialAnswer(1)),
        ([(-10, -1)], -5, CredentialAnswer(1, expired_on="2026-05-31")),
        ([(-90, -50), (-10, -1)], None, CredentialAnswer(2, expired_on="2026-05-31")),
        ([(-10, 10)], -5, CredentialAnswer(1, expires_on="2026-06-11")),
        ([(-10, 300)], -20, CredentialAnswer(1, secret_of="2026-05-12", password_of="2026-05-22")),
        # The secret may hold the older of two.
        ([(-30, 300), (-10, 300)], -20, CredentialAnswer(2)),
        ([(-30, 10), (-10, 300)], -20, CredentialAnswer(2, expires_on="2026-06-11")),
        ([(-30, -1), (-10, 300)], -20, CredentialAnswer(2, secret_of="2026-05-12", password_of="2026-05-22")),
        ([(None, None)], -20, CredentialAnswer(1)),
    ],
)
def test_passwords_are_weighed_by_their_days(
    passwords: list[tuple[int | None, int | None]], stored: int | None, expected: CredentialAnswer
) -> None:
    given = [Password(*(None if one is None else day(one) for one in pair)) for pair in passwords]

    assert weigh(given, None if stored is None else day(stored), NOW) == expected


def test_a_storage_account_is_described(azure: FakeAzure, contoso: Tenant, deployer: Principal) -> None:
    account = contoso.storage_account("stweb")
    there = PrincipalQuestion(Aspect.STORAGE, resource="stweb", part="tools")
    gone = PrincipalQuestion(Aspect.STORAGE, resource="stwbe")

    assert ask(contoso, there, gone) == [
        StorageAnswer(True, account.id, seen="Enabled", has_container=True), StorageAnswer(False)
    ]  # fmt: skip
    account.public_network_access, account.shared_key = "Disabled", False
    account.containers.clear()
    assert ask(contoso, there) == [
        StorageAnswer(True, account.id, StorageNetwork.CLOSED, "Disabled", takes_keys=False, has_container=False)
    ]
    account.private_endpoints = ("one",)
    (answer,) = ask(contoso, there)
    assert isinstance(answer, StorageAnswer)
    assert answer.network is StorageNetwork.SOME
    assert offences(azure) == []


def test_an_account_of_another_tenant_is_not_called_missing(
    azure: FakeAzure, contoso: Tenant, deployer: Principal
) -> None:
    azure.tenant("fabrikam").storage_account("stweb")

    (answer,) = ask(contoso, PrincipalQuestion(Aspect.STORAGE, resource="stweb"))

    assert isinstance(answer, NotMade)
    assert answer.help == "ask for the role Reader on the storage account"


def test_rights_are_judged_on_each_kind_of_resource(azure: FakeAzure, contoso: Tenant, deployer: Principal) -> None:
    account, registry = contoso.storage_account("stweb"), contoso.registry("contoso")
    vault = contoso.vault("kv-contoso")
    secret = vault.secret("password")
    wanted = [
        right(deployer, "stweb", "tools"),
        right(deployer, "contoso", need=Need.PULL),
        right(deployer, "kv-contoso", "password", Need.READ_SECRET),
    ]

    def outcomes() -> list[Outcome]:
        return [answer.standing.outcome for answer in ask(contoso, *wanted) if isinstance(answer, RightAnswer)]

    assert outcomes() == [Outcome.MISSING] * 3
    contoso.assign(deployer, CONTRIBUTOR, contoso.scope)
    # Contributor may pull images, and read no data.
    assert outcomes() == [Outcome.MISSING, Outcome.GRANTED, Outcome.MISSING]
    registry.mode = "AbacRepositoryPermissions"
    contoso.assign(deployer, ACR_PULL, registry)
    assert outcomes() == [Outcome.MISSING] * 3
    contoso.assign(deployer, BLOB_READER, account.container_id("tools"))
    contoso.assign(deployer, REPOSITORY_READER, registry)
    contoso.assign(deployer, SECRETS_USER, secret)
    assert outcomes() == [Outcome.GRANTED] * 3
    assert offences(azure) == []


def test_each_question_is_one_request(azure: FakeAzure, contoso: Tenant, deployer: Principal) -> None:
    contoso.storage_account("stweb")
    questions = [
        PrincipalQuestion(aspect, deployer.client_id, contoso.id, None, "stweb", "tools", need, by_key)
        for aspect in Aspect
        for need in (Need.READ_BLOBS, Need.WRITE_BLOBS)
        for by_key in (False, True)
    ]

    ask(contoso, *questions)

    assert repeated(azure) == []


def test_a_password_that_expires_soon_is_told_with_its_day(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    one = Deployment(stage).give(BLOB_READER)
    one.deployer.passwords.clear()
    one.deployer.password("2023-11-01", 10)

    (found,) = stage.check(TEAM).findings

    assert (found.code, found.severity) == ("DBX514", "warning")
    assert f"expires on {datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}" in found.message
    assert "--append" in (found.help or "")
