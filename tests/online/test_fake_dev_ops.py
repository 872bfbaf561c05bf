"""The services of Azure DevOps in the fake: projects, repositories and feeds, who is a member, and with what."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from fake_azure import FakeAzure
from fake_azure.client import caller
from fake_azure.devops import Member, Organization
from fake_azure.tenants import Principal, Tenant

AUDIENCE = "499b84ac-1321-427f-aa17-267ca6975798"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def organization(azure: FakeAzure, contoso: Tenant) -> Organization:
    return azure.organization(
        "contoso",
        contoso,
        repositories={"web": ("site",), "plan": ()},
        branches={("web", "site"): ("main", "release/1.0", "release/1.0-hotfix")},
        feeds={"": ("shared",), "web": ("tools",)},
    )


@pytest.fixture
def me(organization: Organization, verifier: Principal) -> Member:
    return organization.add(verifier)


@pytest.fixture
def ask(credential: ClientSecretCredential, me: Member) -> Ask:
    def ask(service: str, path: str, method: str = "GET", body: Any = None, **query: str) -> tuple[int, Any]:
        host = f"https://{service}.dev.azure.com" if service else "https://dev.azure.com"
        return caller(credential, host, AUDIENCE)(f"/contoso/{path}", method, body, api_version="7.1", **query)

    return ask


def test_what_one_may_not_see_looks_as_if_it_were_not_there(ask: Ask, me: Member) -> None:
    assert ask("", "_apis/projects/WEB")[1]["name"] == "web"
    me.hidden = frozenset(["web"])

    hidden = ask("", "_apis/projects/web")
    missing = ask("", "_apis/projects/wep")

    assert hidden[0] == missing[0] == 404
    assert hidden[1]["message"].replace("web", "wep") == missing[1]["message"]
    assert [one["name"] for one in ask("", "_apis/projects")[1]["value"]] == ["plan"]


def test_branches_are_found_by_how_they_begin(ask: Ask) -> None:
    _, body = ask("", "web/_apis/git/repositories/site/refs", filter="heads/release/1.0")

    assert [one["name"] for one in body["value"]] == ["refs/heads/release/1.0", "refs/heads/release/1.0-hotfix"]
    assert ask("", "web/_apis/git/repositories/site")[1]["defaultBranch"] == "refs/heads/main"


def test_a_stakeholder_sees_no_repository(ask: Ask, me: Member) -> None:
    me.level = "stakeholder"

    code, body = ask("", "web/_apis/git/repositories/site")

    assert (code, body["typeKey"]) == (404, "GitRepositoryNotFoundException")
    assert ask("", "_apis/projects/web")[0] == 200


def test_a_feed_is_in_its_project_or_in_the_organization(ask: Ask, me: Member) -> None:
    assert ask("feeds", "web/_apis/packaging/feeds/tools")[0] == 200
    assert ask("feeds", "_apis/packaging/feeds/shared")[0] == 200
    assert ask("feeds", "_apis/packaging/feeds/tools")[1]["typeKey"] == "FeedIdNotFoundException"
    me.reads_feeds = False
    assert ask("feeds", "_apis/packaging/feeds/shared")[1]["typeKey"] == "FeedNeedsPermissionsException"


def test_the_way_from_an_application_to_what_it_is_entitled_to(
    ask: Ask, contoso: Tenant, organization: Organization
) -> None:
    downloader = contoso.application("downloader")
    organization.add(downloader, "stakeholder", projects={"web": "projectReader"})
    _, listed = ask("vssps", "_apis/graph/serviceprincipals")
    one = next(one for one in listed["value"] if one["originId"] == downloader.id)

    _, key = ask("vssps", f"_apis/graph/storagekeys/{one['descriptor']}")
    _, entitlement = ask("vsaex", f"_apis/serviceprincipalentitlements/{key['value']}")

    assert one["applicationId"] == downloader.client_id
    # As in the documentation, what the descriptor holds is another id than the key.
    assert key["value"] not in base64.b64decode(one["descriptor"].partition(".")[2] + "==").decode()
    assert entitlement["accessLevel"]["accountLicenseType"] == "stakeholder"
    assert entitlement["projectEntitlements"][0]["group"] == {"groupType": "projectReader", "displayName": "Readers"}


def test_a_list_goes_on_at_the_token_in_a_header(
    azure: FakeAzure, ask: Ask, contoso: Tenant, organization: Organization
) -> None:
    for number in range(60):
        organization.add(contoso.application(f"app-{number}"))

    assert len(ask("vssps", "_apis/graph/serviceprincipals")[1]["value"]) == 50
    assert len(ask("vssps", "_apis/graph/serviceprincipals", continuationToken="50")[1]["value"]) == 11


def test_one_is_made_a_member_and_given_another_level(ask: Ask, contoso: Tenant, organization: Organization) -> None:
    downloader = contoso.application("downloader")
    given = {
        "accessLevel": {"accountLicenseType": "stakeholder"},
        "servicePrincipal": {"origin": "aad", "originId": downloader.id, "subjectKind": "servicePrincipal"},
    }
    assert ask("vsaex", "_apis/serviceprincipalentitlements", "POST", given)[1]["isSuccess"]
    _, listed = ask("vssps", "_apis/graph/serviceprincipals")
    one = next(one for one in listed["value"] if one["originId"] == downloader.id)
    _, key = ask("vssps", f"_apis/graph/storagekeys/{one['descriptor']}")
    project = organization.project_id("web")

    ask(
        "vsaex",
        f"_apis/serviceprincipalentitlements/{key['value']}",
        "PATCH",
        [
            {"op": "replace", "path": "/accessLevel", "value": {"accountLicenseType": "express"}},
            {
                "op": "add",
                "path": f"/projectEntitlements/{project}",
                "value": {"group": {"groupType": "projectReader"}, "projectRef": {"id": project}},
            },
        ],
    )

    member = organization.members[downloader.id]
    assert (member.level, member.projects) == ("express", {"web": "projectReader"})


def test_who_is_no_member_gets_nothing(ask: Ask, organization: Organization, verifier: Principal) -> None:
    del organization.members[verifier.id]

    for service, path in (("", "_apis/projects"), ("vssps", "_apis/graph/users"), ("feeds", "_apis/packaging/feeds")):
        code, body = ask(service, path)
        assert (code, body["typeKey"]) == (401, "UnauthorizedRequestException")


def test_who_may_not_see_members_is_told_so(ask: Ask, me: Member) -> None:
    me.sees_members = False

    code, body = ask("vssps", "_apis/graph/users")

    assert (code, body["typeKey"]) == (403, "AccessCheckException")
