"""Microsoft's own libraries talk to the fake over the wire under Azure's own names, as they would to Azure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError
from azure.identity import (
    AzureCliCredential,
    AzurePipelinesCredential,
    ClientSecretCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)
from azure.keyvault.secrets import SecretClient

from fake_azure import FakeAzure
from fake_azure.client import ARM, Arm
from fake_azure.roles import CONTRIBUTOR, READER, SECRETS_USER, VAULT_READER
from fake_azure.tenants import Principal, Tenant


def secrets(credential: Any, name: str) -> SecretClient:
    return SecretClient(f"https://{name}.vault.azure.net", credential, retry_total=0)


def test_a_secrets_value_is_read_by_who_may(
    contoso: Tenant, verifier: Principal, credential: ClientSecretCredential
) -> None:
    secret = contoso.vault("kv-contoso").secret("pat")
    contoso.assign(verifier, SECRETS_USER, secret)

    assert secret.versions[-1].value == secrets(credential, "kv-contoso").get_secret("pat").value


def test_metadata_is_all_that_a_reader_sees(
    contoso: Tenant, verifier: Principal, credential: ClientSecretCredential
) -> None:
    vault = contoso.vault("kv-contoso")
    vault.secret("pat", versions=60, expires=-3)
    contoso.assign(verifier, VAULT_READER, vault)
    client = secrets(credential, "kv-contoso")

    versions = list(client.list_properties_of_secret_versions("pat"))

    assert len(versions) == 60
    with pytest.raises(HttpResponseError, match="getSecret") as refusal:
        client.get_secret("pat")
    assert refusal.value.error.innererror["code"] == "ForbiddenByRbac"  # type: ignore[union-attr, index]


def test_a_missing_secret_has_no_versions_and_no_value(
    contoso: Tenant, verifier: Principal, credential: ClientSecretCredential
) -> None:
    contoso.assign(verifier, SECRETS_USER, contoso.vault("kv-contoso"))
    client = secrets(credential, "kv-contoso")

    assert list(client.list_properties_of_secret_versions("nothing")) == []
    with pytest.raises(HttpResponseError, match=r"A secret with \(name/id\) nothing was not found") as missing:
        client.get_secret("nothing")
    assert missing.value.error.code == "SecretNotFound"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"rbac": None}, "ForbiddenByPolicy"),
        ({"default_action": "Deny"}, "ForbiddenByFirewall"),
        ({"public_network_access": "Disabled"}, "ForbiddenByConnection"),
        ({"public_network_access": "Disabled", "bypass": "None"}, "ForbiddenByConnection"),
        ({"public_network_access": "SecuredByPerimeter"}, "ForbiddenByNsp"),
    ],
)
def test_a_vault_refuses_with_its_inner_code(
    contoso: Tenant, verifier: Principal, credential: ClientSecretCredential, properties: Any, code: str
) -> None:
    vault = contoso.vault("kv-contoso", **properties)
    vault.secret("pat")
    contoso.assign(verifier, SECRETS_USER, vault)

    with pytest.raises(HttpResponseError) as refusal:
        list(secrets(credential, "kv-contoso").list_properties_of_secret_versions("pat"))
    assert code == refusal.value.error.innererror["code"]  # type: ignore[union-attr, index]


def test_a_disabled_secret_is_listed_but_not_read(
    contoso: Tenant, verifier: Principal, credential: ClientSecretCredential
) -> None:
    vault = contoso.vault("kv-contoso", rbac=False, policies={verifier.id: ("get", "list")})
    vault.secret("pat", enabled=False)
    client = secrets(credential, "kv-contoso")

    assert [one.enabled for one in client.list_properties_of_secret_versions("pat")] == [False]
    with pytest.raises(HttpResponseError, match="not allowed on a disabled secret"):
        client.get_secret("pat")


def test_another_tenants_vault_does_not_take_our_token(
    azure: FakeAzure, contoso: Tenant, credential: ClientSecretCredential
) -> None:
    azure.tenant("fabrikam").vault("kv-fabrikam").secret("pat")

    with pytest.raises(ClientAuthenticationError, match="not configured to acquire tokens for tenant"):
        list(secrets(credential, "kv-fabrikam").list_properties_of_secret_versions("pat"))
    assert not [one for one in azure.requests if one.host.startswith("kv-fabrikam") and one.token]


def test_a_vault_that_is_not_there_does_not_resolve(azure: FakeAzure, credential: ClientSecretCredential) -> None:
    with pytest.raises(ServiceRequestError, match="502"):
        list(secrets(credential, "kv-nowhere").list_properties_of_secret_versions("pat"))
    assert azure.tunnels == ["kv-nowhere.vault.azure.net"]


def test_a_wrong_secret_of_the_application_is_refused(contoso: Tenant, verifier: Principal) -> None:
    credential = ClientSecretCredential(contoso.id, verifier.client_id, "wrong")

    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        credential.get_token(f"{ARM}/.default")


def test_the_environment_and_a_federated_token_sign_in(
    azure: FakeAzure, contoso: Tenant, verifier: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert EnvironmentCredential().get_token(f"{ARM}/.default").token in azure.tokens
    monkeypatch.delenv("AZURE_CLIENT_SECRET")
    for name, value in azure.federated(verifier).items():
        monkeypatch.setenv(name, value)
    assert WorkloadIdentityCredential().get_token("https://vault.azure.net/.default").token in azure.tokens


def test_the_azure_cli_signs_a_user_in(azure: FakeAzure, contoso: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", azure.command_line(contoso.user("ada")))

    token = AzureCliCredential(tenant_id=contoso.id).get_token(f"{ARM}/.default").token

    assert contoso.user("ada").id == azure.tokens[token].object_id
    assert [f"account get-access-token --output json --resource {ARM} --tenant {contoso.id}"] == azure.commands


def test_a_job_of_azure_pipelines_and_a_machine_of_azure_sign_in(
    azure: FakeAzure, contoso: Tenant, verifier: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {**azure.pipeline(verifier), **azure.managed(contoso.identity("agent"))}
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    job = AzurePipelinesCredential(
        tenant_id=contoso.id,
        client_id=verifier.client_id,
        service_connection_id=given["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
        system_access_token=given["SYSTEM_ACCESSTOKEN"],
    )
    assert azure.tokens[job.get_token(f"{ARM}/.default").token].object_id == verifier.id
    token = ManagedIdentityCredential().get_token(f"{ARM}/.default").token
    assert azure.tokens[token].object_id == contoso.identity("agent").id


def test_arm_shows_a_vault_and_its_secret_without_the_value(contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    vault = contoso.vault("kv-contoso", rbac=None, default_action="Deny")
    secret = vault.secret("pat", expires=3)
    contoso.assign(verifier, VAULT_READER, vault)

    code, found = arm(vault.id, api_version="2026-02-01")
    assert (code, found["properties"]["networkAcls"]["defaultAction"]) == (200, "Deny")
    assert "enableRbacAuthorization" not in found["properties"]
    code, found = arm(secret.id, api_version="2026-02-01")
    assert (code, found["properties"]["attributes"]["enabled"]) == (200, True)
    assert secret.versions[-1].value not in json.dumps(found)
    assert arm(f"{vault.id}/secrets/other", api_version="2026-02-01")[0] == 404


def test_arm_refuses_who_may_not_read(contoso: Tenant, arm: Arm) -> None:
    code, body = arm(contoso.vault("kv-contoso").id, api_version="2026-02-01")

    assert (code, body["error"]["code"]) == (403, "AuthorizationFailed")


def test_assignments_are_found_at_and_above_a_scope_and_through_groups(
    contoso: Tenant, verifier: Principal, arm: Arm
) -> None:
    vault = contoso.vault("kv-contoso")
    secret = vault.secret("pat")
    user = contoso.user("ada")
    outer = contoso.group("everyone", contoso.group("developers", user))
    contoso.assign(outer, SECRETS_USER, contoso.management_group)
    contoso.assign(user, SECRETS_USER, secret)
    contoso.assign(user, CONTRIBUTOR, contoso.group_scope())
    contoso.assign(verifier, READER, contoso.scope)

    def names(scope: str, text: str) -> set[str]:
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments"
        code, body = arm(path, api_version="2022-04-01", **{"$filter": text})
        assert code == 200
        return {one["properties"]["scope"] for one in body["value"]}

    assert {contoso.management_group, contoso.group_scope()} == names(
        vault.id, f"atScope() and assignedTo('{user.id}')"
    )
    assert {contoso.management_group, contoso.group_scope(), secret.id} == names(vault.id, f"assignedTo('{user.id}')")
    assert {contoso.group_scope(), secret.id} == names(secret.id, f"principalId eq '{user.id}'")
    path = f"{secret.id}/providers/Microsoft.Authorization/roleAssignments"
    refused, _ = arm(path, api_version="2022-04-01", **{"$filter": f"assignedTo('{outer.id}')"})
    assert refused == 400


def test_the_resource_graph_finds_vaults_by_name(contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    for name in ("kv-one", "kv-two", "kv-three"):
        contoso.vault(name)
    contoso.project("web-team")
    contoso.assign(verifier, READER, contoso.scope)
    query = (
        "Resources | where (type =~ 'Microsoft.KeyVault/vaults' and name in~ ('KV-ONE', 'kv-three')) "
        "or type =~ 'microsoft.devcenter/projects' | project id, name, tenantId, properties"
    )

    code, found = arm(
        "/providers/Microsoft.ResourceGraph/resources", "POST", {"query": query}, api_version="2024-04-01"
    )

    assert code == 200
    assert [row["name"] for row in found["data"]] == ["kv-one", "kv-three", "web-team"]


def test_the_project_names_its_identity_and_its_images(contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    project = contoso.project("web-team")
    contoso.assign(verifier, READER, contoso.scope)

    _, found = arm(project.id, api_version="2025-02-01")
    assert project.identity
    assert project.identity.id == found["identity"]["principalId"]
    _, found = arm(f"{project.id}/images", api_version="2025-02-01")
    assert [one["name"] for one in found["value"]] == [
        "~gallery~default~microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"
    ]
