"""A fake Azure per test, and the calls of one who is signed in to it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from azure.identity import ClientSecretCredential

from fake_azure import FakeAzure
from fake_azure.client import Arm, caller
from fake_azure.tenants import Principal, Tenant

#: What an environment may hold that decides where calls go and who makes them.
_SETTINGS = ("AZURE_", "ARM_", "MSI_", "IDENTITY_", "HTTP", "NO_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_")


@pytest.fixture(autouse=True)
def nobody_is_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(_SETTINGS):
            monkeypatch.delenv(name)


@pytest.fixture
def azure() -> Iterator[FakeAzure]:
    """Azure with nothing in it."""
    with FakeAzure() as fake:
        yield fake


@pytest.fixture
def contoso(azure: FakeAzure, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """A tenant whose application `verifier` is signed in."""
    tenant = azure.tenant("contoso")
    for name, value in azure.environment(tenant.application("verifier")).items():
        monkeypatch.setenv(name, value)
    return tenant


@pytest.fixture
def verifier(contoso: Tenant) -> Principal:
    found = contoso.where(lambda one: one.name == "verifier")
    assert found
    return found


@pytest.fixture
def credential(contoso: Tenant, verifier: Principal) -> ClientSecretCredential:
    return ClientSecretCredential(contoso.id, verifier.client_id, verifier.secret)


@pytest.fixture
def arm(credential: ClientSecretCredential) -> Arm:
    """Calls of the Resource Manager by the verifier."""
    return caller(credential)
