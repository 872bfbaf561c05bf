"""The parts of the fake for which there is no library of Microsoft's, asked through its pipeline."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from azure.identity import ClientSecretCredential

from fake_azure import FakeAzure
from fake_azure.client import Arm, caller
from fake_azure.devops import NO_DIRECTORY
from fake_azure.roles import DEVCENTER_PROJECT_ADMIN, GET_SECRET, READER, SECRETS_USER, VAULT_READER
from fake_azure.tenants import Principal, Tenant

DEVOPS = "https://dev.azure.com"
DEVOPS_AUDIENCE = "499b84ac-1321-427f-aa17-267ca6975798"


def test_a_denial_and_its_exception_are_shown_and_hold(contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    vault = contoso.vault("kv-contoso")
    ada, bert = contoso.user("ada"), contoso.user("bert")
    contoso.assign(contoso.group("developers", ada, bert), SECRETS_USER, vault)
    contoso.deny("stack", vault, excluded=[bert], data_actions=("Microsoft.KeyVault/vaults/secrets/*",))
    contoso.assign(verifier, VAULT_READER, vault)

    path = f"{vault.id}/providers/Microsoft.Authorization/denyAssignments"
    _, body = arm(path, api_version="2022-04-01", **{"$filter": "atScope()"})

    shown = body["value"][0]["properties"]
    assert shown["principals"] == [{"id": NO_DIRECTORY, "type": "SystemDefined"}]
    assert [{"id": bert.id, "type": "User"}] == shown["excludePrincipals"]
    decided = [
        contoso.roles.decide(contoso.holders(one.id), GET_SECRET, vault.id, data=True).allowed for one in (ada, bert)
    ]
    assert decided == [False, True]


def test_a_role_definition_shows_what_it_grants(contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    vault = contoso.vault("kv-contoso")
    contoso.assign(verifier, VAULT_READER, vault)
    role = contoso.custom_role("All but values", data_actions=("*",), not_data_actions=("*/getSecret/action",))
    below = f"{vault.id}/providers/Microsoft.Authorization/roleDefinitions/{role.guid}"
    definition = f"/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER.guid}"

    assert arm(below, api_version="2022-04-01")[1]["properties"]["permissions"][0]["dataActions"] == ["*"]
    assert arm(definition, api_version="2022-04-01")[1]["properties"]["type"] == "BuiltInRole"
    # Key Vault Reader on a vault says nothing of the subscription's definitions.
    assert arm(contoso.scope + definition, api_version="2022-04-01")[0] == 403


def test_a_deleted_vault_is_found_among_the_deleted_ones_only(contoso: Tenant, verifier: Principal, arm: Arm) -> None:
    vault = contoso.vault("kv-contoso", deleted="2026-12-24T00:00:00Z")
    contoso.assign(verifier, READER, contoso.scope)

    assert arm(vault.id, api_version="2026-02-01")[0] == 404
    path = f"{contoso.scope}/providers/Microsoft.KeyVault"
    for rest in ("deletedVaults", "locations/westeurope/deletedVaults/kv-contoso"):
        _, body = arm(f"{path}/{rest}", api_version="2026-02-01")
        assert vault.deleted in str(body)
    given = {"name": "KV-contoso", "type": "Microsoft.KeyVault/vaults"}
    _, body = arm(f"{path}/checkNameAvailability", "POST", given, api_version="2026-02-01")
    assert body["reason"] == "AlreadyExists"


def test_a_scope_of_another_tenant_is_refused(azure: FakeAzure, contoso: Tenant, arm: Arm) -> None:
    code, body = arm(azure.tenant("fabrikam").vault("kv").id, api_version="2026-02-01")

    assert (code, body["error"]["code"]) == (401, "InvalidAuthenticationTokenTenant")


def test_the_service_validates_a_group_of_tasks(
    contoso: Tenant, verifier: Principal, credential: ClientSecretCredential
) -> None:
    project = contoso.project("web-team", tasks=frozenset(["catalog/choco"]), polls=2)
    project.rejected["catalog/choco"] = ("ParameterMissing", "the parameter package is missing")
    contoso.assign(verifier, DEVCENTER_PROJECT_ADMIN, project)
    call = caller(credential, f"https://{project.center.host}", "https://devcenter.azure.com")
    tasks = [{"name": "catalog/choco"}, {"name": "~/winget"}, {"name": "catalog/other"}]

    code, begun = call(
        "/projects/web-team/customizationTasks:validateGroup", "POST", {"tasks": tasks}, api_version="2025-02-01"
    )
    assert code == 202
    states = [call(begun["id"], api_version="2025-02-01")[1] for _ in range(3)]
    assert [one["status"] for one in states] == ["Running", "Running", "Succeeded"]
    errors = states[-1]["result"]["errors"]
    assert [one["details"][0]["code"] for one in errors] == ["ParameterMissing", "TaskDefinitionNotFound"]


@pytest.mark.parametrize("status", [302, 401, 203])
def test_an_organization_names_the_directory_behind_it(
    azure: FakeAzure, contoso: Tenant, status: int, credential: ClientSecretCredential
) -> None:
    azure.organization("contoso", contoso, anonymous=status)
    azure.organization("hobby", None, anonymous=status)

    assert (status, contoso.id) == _anonymous(f"{DEVOPS}/contoso/_apis/connectionData")
    assert (status, NO_DIRECTORY) == _anonymous(f"{DEVOPS}/hobby/_apis/connectionData")
    assert _anonymous(f"{DEVOPS}/nobody/_apis/connectionData") == (404, None)


def _anonymous(address: str) -> tuple[int, str | None]:
    response = requests.get(address, allow_redirects=False, timeout=5)
    return response.status_code, response.headers.get("X-VSS-ResourceTenant")


def test_a_repository_answers_those_of_its_directory(
    azure: FakeAzure, contoso: Tenant, verifier: Principal, credential: ClientSecretCredential
) -> None:
    azure.organization("contoso", contoso, repositories={"web": ("site",)}).add(verifier)
    azure.organization("fabrikam", azure.tenant("fabrikam"), repositories={"web": ("site",)})
    call = caller(credential, DEVOPS, DEVOPS_AUDIENCE)

    def ask(path: str) -> tuple[int, Any]:
        return call(path, api_version="7.1")

    assert ask("/contoso/web/_apis/git/repositories/site")[0] == 200
    assert "TF401019" in str(ask("/contoso/web/_apis/git/repositories/other"))
    assert "TF200016" in str(ask("/contoso/other/_apis/git/repositories/site"))
    assert "TF400813" in str(ask("/fabrikam/web/_apis/git/repositories/site"))
