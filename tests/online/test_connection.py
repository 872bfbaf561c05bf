"""Where requests go, how many there are, and how long they take, whatever the other side answers."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from azure.core.exceptions import ServiceRequestError

from devbox_lint.online import NotMade
from devbox_lint.settings.model import AzureSettings, Endpoints
from devbox_lint_rules._azure.clouds import Audience, cloud_of
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resolver import AzureResolver
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import SecretAnswer, VaultAnswer, VaultState
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from fake_azure import FakeAzure
from fake_azure.faults import redirected, throttled
from fake_azure.messages import Response
from fake_azure.roles import READER, VAULT_READER
from fake_azure.tenants import Principal, Tenant

pytestmark = pytest.mark.slow

SUFFIX = "vault.azure.net"
SHORT = AzureSettings(timeout=1)
VAULT = f"https://kv-contoso.{SUFFIX}/secrets/none/versions"


@pytest.fixture
def connection(contoso: Tenant) -> Connection:
    contoso.vault("kv-contoso")
    return Connection(cloud_of("public"), SHORT)


def refused(call: Callable[[], object]) -> NotMade:
    with pytest.raises(UnansweredError) as caught:
        call()
    return caught.value.not_made


@pytest.mark.parametrize(
    ("url", "audience"),
    [
        ("http://management.azure.com/", Audience.RESOURCE_MANAGER),
        ("https://management.azure.com.evil.example/", Audience.RESOURCE_MANAGER),
        ("https://management.azure.com@evil.example/", Audience.RESOURCE_MANAGER),
        ("https://user:word@management.azure.com/", Audience.RESOURCE_MANAGER),
        ("https://management.azure.com:8443/", Audience.RESOURCE_MANAGER),
        ("https://kv-contoso.vault.azure.net/", Audience.RESOURCE_MANAGER),
        ("https://management.azure.com/", Audience.VAULT),
        ("https://vault.azure.net/", Audience.VAULT),
        ("https://a.kv1.vault.azure.net/", Audience.VAULT),
        ("https://kv-contoso.vault.azure.cn/", Audience.VAULT),
        ("https://kv-contoso.vault.azure.net.evil.example/", Audience.VAULT),
        ("https://evil.example\\.vault.azure.net/", Audience.VAULT),
        ("https://tenant-center.westeurope.devcenter.azure.com/", Audience.DEV_CENTER),
        ("https://management.azure.com/", None),
        ("https://evil.example/", None),
        ("https://evil.visualstudio.com/", None),
    ],
)
def test_other_hosts_are_never_asked(
    connection: Connection, azure: FakeAzure, url: str, audience: Audience | None
) -> None:
    assert refused(lambda: connection.ask(url, audience)).reason == "Azure named an address that is not its own"
    assert azure.tunnels == []


def test_a_redirect_is_an_answer_and_not_followed(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("answer", "kv-contoso.*", response=redirected("https://evil.example/"))

    assert connection.ask(VAULT).status == 302
    assert set(azure.tunnels) == {f"kv-contoso.{SUFFIX}"}


def test_no_password_of_the_machine_is_sent(
    connection: Connection, azure: FakeAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine kv-contoso.{SUFFIX} login me password not-for-you\n")
    monkeypatch.setenv("NETRC", str(netrc))

    connection.ask(VAULT)

    assert not azure.requests[-1].authorized


def test_cookies_are_not_kept(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("answer", "kv-contoso.*", response=Response(401, {}, (("Set-Cookie", "who=me; Path=/"),)))

    connection.ask(VAULT)
    connection.ask(VAULT)

    assert not any("cookie" in name.lower() for name in azure.requests[-1].headers)


def test_busy_servers_are_asked_again_as_they_say(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("answer", "kv-contoso.*", response=throttled(1), times=1)
    azure.fault("answer", "kv-contoso.*", response=Response(503), times=1)

    assert connection.ask(VAULT).status == 401
    assert len(azure.requests) == 3


def test_who_wants_to_be_left_alone_for_long_is(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("answer", "kv-contoso.*", response=throttled(3600))

    assert connection.ask(VAULT).status == 429
    assert len(azure.requests) == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("refused", "the connection to"),
        ("unresolved", "the proxy does not lead to"),
        ("expired", "the certificate of"),
        ("untrusted", "the certificate of"),
        ("wrong-name", "the certificate of"),
        ("hang", "did not answer within 1 seconds"),
        ("half", "broke off"),
    ],
)
def test_what_goes_wrong_is_said_without_the_words_of_an_error(
    connection: Connection, azure: FakeAzure, kind: Any, words: str
) -> None:
    azure.fault(kind, "kv-contoso.*")

    reason = refused(lambda: connection.ask(VAULT)).reason

    assert words in reason
    assert "http" not in reason.replace(f"kv-contoso.{SUFFIX}", "")


def test_a_connection_that_breaks_once_is_made_again(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("reset", "kv-contoso.*", times=1)
    azure.fault("half", "kv-contoso.*", times=1)

    assert connection.ask(VAULT).status == 401


def test_what_need_not_answer_is_asked_once(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("hang", "kv-contoso.*")

    assert "did not answer within 1 seconds" in refused(lambda: connection.ask(VAULT, quick=True)).reason
    assert len(azure.requests) <= 1
    assert azure.tunnels == [f"kv-contoso.{SUFFIX}"]


def test_a_slow_body_is_not_waited_for(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("slow", "kv-contoso.*", seconds=30)
    start = time.monotonic()

    refused(lambda: connection.ask(VAULT))

    assert time.monotonic() - start < 15


def test_a_host_that_was_not_there_twice_is_left_alone(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("refused", "kv-contoso.*")
    for _ in range(5):
        refused(lambda: connection.ask(VAULT))

    tunnels = len(azure.tunnels)
    refused(lambda: connection.ask(VAULT))

    assert len(azure.tunnels) == tunnels <= 4


def test_requests_are_counted_with_their_repetitions(contoso: Tenant, azure: FakeAzure) -> None:
    contoso.vault("kv-contoso")
    connection = Connection(cloud_of("public"), SHORT._replace(max_requests=2))
    azure.fault("answer", "kv-contoso.*", response=Response(503), times=1)

    assert connection.ask(VAULT).status == 401
    assert refused(lambda: connection.ask(VAULT)) == NotMade(
        "the limit of 2 requests was reached", "raise `max-requests`"
    )
    assert len(azure.requests) == 2


def test_a_long_body_is_not_read(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("answer", "kv-contoso.*", response=Response(200, b"[" + b" " * (9 << 20) + b"]"))

    assert "longer than 8 MB" in refused(lambda: connection.ask(VAULT)).reason


def test_a_body_that_is_no_json_is_none(connection: Connection, azure: FakeAzure) -> None:
    azure.fault("answer", "kv-contoso.*", response=Response(200, b"<html>", content_type="text/html"))

    assert isinstance(connection.ask(VAULT), Reply)
    assert connection.ask(VAULT).body is None


def test_clouds_of_ones_own_are_the_ones_that_are_set() -> None:
    own = Endpoints("https://Login.Example", "https://arm.example:30005", "vault.example")

    cloud = cloud_of(own)

    assert cloud.scope(Audience.RESOURCE_MANAGER) == "https://arm.example:30005/.default"
    assert cloud.scope(Audience.VAULT) == "https://vault.example/.default"
    assert cloud.authorities == {"login.example"}
    connection = Connection(cloud, SHORT)
    assert refused(lambda: connection.ask("https://kv1.vault.azure.net/", Audience.VAULT)).reason.startswith(
        "Azure named"
    )


def test_another_tenant_than_that_of_the_environment_is_not_signed_in_to(contoso: Tenant, azure: FakeAzure) -> None:
    other = azure.tenant("fabrikam")
    connection = Connection(cloud_of("public"), SHORT._replace(tenant=other.id))

    assert "another tenant" in refused(lambda: connection.tokens.get(Audience.RESOURCE_MANAGER)).reason
    assert azure.requests == []


def test_one_token_is_asked_for_each_audience(contoso: Tenant, azure: FakeAzure) -> None:
    connection = Connection(cloud_of("public"), SHORT)

    for _ in range(3):
        connection.tokens.get(Audience.RESOURCE_MANAGER)
        connection.tokens.get(Audience.VAULT)

    assert [request.method for request in azure.requests].count("POST") == 2
    assert connection.tokens.tenant() == contoso.id


def test_memory_makes_a_value_or_an_error_once() -> None:
    memory = Memory()
    made = []

    def fail() -> int:
        made.append(1)
        raise ServiceRequestError("no")

    for _ in range(2):
        with pytest.raises(ServiceRequestError):
            memory.get("key", fail)
    assert memory.get("other", lambda: 2) == memory.get("other", lambda: 3) == 2
    assert made == [1]


def question(topic: Topic, vault: str = "kv-contoso", **others: str) -> AzureQuestion:
    return AzureQuestion(topic, vault, SUFFIX, **others)


def test_an_answer_for_each_question_and_progress_to_the_end(contoso: Tenant, verifier: Principal) -> None:
    vault = contoso.vault("kv-contoso")
    vault.secret("pat")
    contoso.assign(verifier, VAULT_READER, vault)
    questions = [question(Topic.SECRET, secret=name) for name in ("pat", "none")] + [question(Topic.VAULT)]
    seen: list[tuple[int, int]] = []

    answers = AzureResolver(AzureSettings()).resolve(
        questions, progress=lambda done, all_of: seen.append((done, all_of))
    )

    assert answers == {
        questions[0]: SecretAnswer(True, created=1_700_000_000),
        questions[1]: SecretAnswer(False),
        questions[2]: VaultAnswer(VaultState.FOUND, contoso.id, contoso.id),
    }
    assert seen[-1] == (3, 3)


def test_a_run_that_is_cancelled_gives_back_what_it_has(contoso: Tenant, azure: FakeAzure) -> None:
    azure.fault("hang", seconds=5)
    start = time.monotonic()

    answers = AzureResolver(SHORT).resolve([question(Topic.VAULT)], cancel=lambda: True)

    assert answers == {}
    assert time.monotonic() - start < 3


def test_nothing_is_sent_after_the_end(connection: Connection, azure: FakeAzure) -> None:
    connection.stop()

    refused(lambda: connection.ask(VAULT))

    assert azure.tunnels == []


def test_a_run_ends_when_its_time_is_over(contoso: Tenant, azure: FakeAzure) -> None:
    azure.latency = 1.5
    questions = [question(Topic.VAULT, f"kv-{number}") for number in range(20)]
    start = time.monotonic()

    answers = AzureResolver(AzureSettings(timeout=0.2, concurrency=1)).resolve(questions)

    assert set(answers) == set(questions)
    assert all(isinstance(answer, NotMade) for answer in answers.values())
    assert time.monotonic() - start < 15


@pytest.mark.parametrize("is_azure_known", [True, False])
def test_a_dns_that_knows_nothing_of_azure_says_nothing_of_a_vault(
    contoso: Tenant, monkeypatch: pytest.MonkeyPatch, is_azure_known: bool
) -> None:
    def resolve(host: str, *_: object, **__: object) -> list[object]:
        if host == "management.azure.com" and is_azure_known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9))]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.delenv("https_proxy")

    answers = AzureResolver(AzureSettings()).resolve([question(Topic.VAULT)])

    wanted = VaultAnswer(VaultState.UNRESOLVED) if is_azure_known else NotMade("DNS knows no names of Azure here", ANY)
    assert answers == {question(Topic.VAULT): wanted}


@pytest.mark.parametrize("address", ["https://[", "https://a.devcenter.azure.com.evil.example/", "http://x", "\0"])
def test_a_project_with_another_address_gets_no_tasks(contoso: Tenant, azure: FakeAzure, address: str) -> None:
    verifier = next(one for one in contoso.principals.values() if one.name == "verifier")
    project = contoso.project("web-team", address=address)
    contoso.assign(verifier, READER, project)
    settings = AzureSettings(project=project.id, validate_tasks=True)
    tasks = AzureQuestion(Topic.TASKS, body='[{"name":"a/b"}]')

    answers = AzureResolver(settings).resolve([tasks])

    assert answers == {tasks: NotMade("the project does not say where its dev center answers")}
    assert not any("evil" in host or "devcenter" in host for host in azure.tunnels)


def test_questions_on_vaults_of_another_cloud_are_told_once(contoso: Tenant, azure: FakeAzure) -> None:
    of_china = [AzureQuestion(topic, "kv1", "vault.azure.cn") for topic in (Topic.VAULT, Topic.SECRET, Topic.MODEL)]

    answers = AzureResolver(SHORT).resolve(of_china)

    assert isinstance(answers[of_china[0]], NotMade)
    assert [answers[one] for one in of_china[1:]] == [None, None]
    assert azure.tunnels == []
