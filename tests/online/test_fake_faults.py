"""Each fault of the fake is what Microsoft's pipeline takes it for."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from azure.core.exceptions import (
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)

from fake_azure import FakeAzure
from fake_azure.client import ARM, Arm
from fake_azure.faults import Kind, portal, redirected, throttled
from fake_azure.roles import READER
from fake_azure.tenants import Principal, Tenant

pytestmark = pytest.mark.slow

HOST = "management.azure.com"


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("unresolved", ServiceRequestError, "502"),
        ("refused", ServiceResponseError, "Connection aborted"),
        ("expired", ServiceRequestError, "certificate has expired"),
        ("untrusted", ServiceRequestError, "unable to get local issuer certificate|self-signed"),
        ("wrong-name", ServiceRequestError, "Hostname mismatch|doesn't match"),
        # urllib3 words it like a proxy that is away, also when the tunnel stood.
        ("reset", (ServiceRequestError, ServiceResponseError), "Remote end closed|reset by peer"),
        ("half", IncompleteReadError, "IncompleteRead"),
        ("hang", ServiceResponseError, "timed out"),
    ],
)
def test_a_connection_fails(
    azure: FakeAzure,
    contoso: Tenant,
    arm: Arm,
    kind: Kind,
    error: type[Exception] | tuple[type[Exception], ...],
    words: str,
) -> None:
    fault = azure.fault(kind, HOST)

    with pytest.raises(error, match=words):
        arm("/tenants", api_version="2022-12-01")
    assert fault.count == 1


def test_a_slow_body_comes_in_the_end(azure: FakeAzure, contoso: Tenant, arm: Arm) -> None:
    azure.fault("slow", HOST, seconds=0.3)
    start = time.monotonic()

    assert arm("/tenants", api_version="2022-12-01")[0] == 200
    assert time.monotonic() - start > 0.25


def test_other_answers_come_as_often_as_was_said(azure: FakeAzure, contoso: Tenant, arm: Arm) -> None:
    for response in (throttled(3), redirected("https://evil.example/"), portal()):
        azure.fault("answer", HOST, "/tenants", response=response, times=1)

    codes = [arm("/tenants", api_version="2022-12-01")[0] for _ in range(4)]

    assert codes == [429, 302, 200, 200]
    assert "evil.example" not in azure.tunnels


def test_every_request_is_on_record(azure: FakeAzure, contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    contoso.assign(verifier, READER, contoso.scope)
    arm("/subscriptions", api_version="2022-12-01")

    last = azure.requests[-1]
    assert f"GET {ARM}/subscriptions?api-version=2022-12-01" == last.question
    assert "authorization" in last.headers
    assert last.token
    assert (ARM, contoso.id, verifier.id) == (last.token.audience, last.token.tenant, last.token.object_id)
    assert {"login.microsoftonline.com", HOST} == set(azure.tunnels)


@pytest.mark.parametrize(
    ("kind", "seen"), [("", "401"), ("unresolved", "-2"), ("refused", "-3"), ("expired", "expired")]
)
def test_a_program_without_a_proxy_finds_the_fake_by_name(azure: FakeAzure, kind: Kind, seen: str) -> None:
    vault = azure.tenant().vault("kv-contoso")
    if kind:
        azure.fault(kind, vault.host)
    program = (
        "import urllib.request, sys\n"
        f"try: urllib.request.urlopen('{vault.uri}/secrets/x/versions?api-version=2025-07-01')\n"
        "except OSError as error: print(error)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], env=azure.direct(), capture_output=True, text=True, timeout=30
    )

    assert seen in done.stdout + done.stderr
    assert [vault.host] == azure.tunnels
