"""Who is in an organization of the fake Azure DevOps: its graph of members, and what each is entitled to."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import Any, cast

from fake_azure.clouds import DEVOPS_HOST
from fake_azure.devops import GroupType, Level, Member, Organization, listed, refused
from fake_azure.messages import Request, Response
from fake_azure.tenants import Principal
from fake_azure.vaults import made_guid

_KINDS = {"ServicePrincipal": ("servicePrincipal", "aadsp"), "User": ("user", "aad"), "Group": ("group", "aadgp")}
_LISTS = {"serviceprincipals": "ServicePrincipal", "users": "User", "groups": "Group"}
#: https://github.com/MicrosoftDocs/azure-devops-docs, docs/organizations/billing: what levels are called.
_LEVELS = {
    "none": "",
    "stakeholder": "Stakeholder",
    "express": "Basic",
    "advanced": "Basic + Test Plans",
    "professional": "Visual Studio Professional",
    "earlyAdopter": "Early Adopter",
}
_GROUPS = {
    "projectReader": "Readers",
    "projectContributor": "Contributors",
    "projectAdministrator": "Project Administrators",
    "projectStakeholder": "Readers",
    "custom": "Downloaders",
}


def answer(organization: Organization, request: Request, member: Member | None, rest: str) -> Response:
    rest = rest.removeprefix("_apis/")
    if member is None or not member.sees_members:
        text = (
            "Access Denied: the user needs the following permission(s) on the resource /Users to perform this action:"
            " Read user properties and attributes."
        )
        return refused(organization, 403, text, "AccessCheckException")
    if request.host.startswith("vsaex."):
        return _entitlements(organization, request, rest)
    return _graph(organization, request, rest.removeprefix("graph/"))


def descriptor(organization: Organization, principal: Principal) -> str:
    """What the graph calls one; what it holds is not the storage key, though it looks so."""
    text = made_guid(organization.name, "descriptor", principal.id)
    return f"{_KINDS[principal.type][1]}.{_encoded(text)}"


def storage_key(organization: Organization, principal: Principal) -> str:
    return made_guid(organization.name, "storage key", principal.id)


def _graph(organization: Organization, request: Request, rest: str) -> Response:
    if rest in _LISTS and request.method == "GET":
        chosen = [one for one in organization.members.values() if one.principal.type == _LISTS[rest]]
        found = [_subject(organization, one.principal) for one in chosen]
        if rest == "groups" and "aadgp" not in request.query.get("subjectTypes", "aadgp"):
            found = []
        return listed(organization, request, found)
    if rest.startswith("groups/vssgp."):
        return _group(organization, rest.removeprefix("groups/vssgp."))
    match = re.fullmatch(r"(storagekeys|memberships|membershipstates)/([a-z]+\.[A-Za-z0-9]+)", rest)
    one = _by_descriptor(organization, match[2]) if match else None
    if match is None or one is None:
        return refused(organization, 404, "VS860016: Could not find the subject.", "GraphSubjectNotFoundException")
    if match[1] == "storagekeys":
        return Response(200, {"value": storage_key(organization, one.principal)}, organization.headers())
    if match[1] == "memberships":
        groups = [*one.groups, *(f"{project}/{_GROUPS[group]}" for project, group in one.projects.items())]
        member = descriptor(organization, one.principal)
        found = [{"containerDescriptor": f"vssgp.{_encoded(group)}", "memberDescriptor": member} for group in groups]
        return listed(organization, request, found, header=False)
    return Response(200, {"active": one.active and one.entitled}, organization.headers())


def _group(organization: Organization, text: str) -> Response:
    """A group of Azure DevOps, in a project or in the organization itself."""
    name = base64.b64decode(text + "==").decode()
    project, _, own = name.rpartition("/")
    known = organization.project_of(project) if project else None
    of_organization = f"vstfs:///Framework/IdentityDomain/{made_guid(organization.name, 'domain')}"
    domain = f"vstfs:///Classification/TeamProject/{organization.project_id(known)}" if known else of_organization
    body = {
        "subjectKind": "group",
        "displayName": own,
        "domain": domain,
        "origin": "vsts",
        "descriptor": f"vssgp.{text}",
    }
    return Response(200, body, organization.headers())


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


def _by_descriptor(organization: Organization, text: str) -> Member | None:
    return next((one for one in organization.members.values() if descriptor(organization, one.principal) == text), None)


def _subject(organization: Organization, principal: Principal) -> dict[str, Any]:
    assert organization.tenant
    kind = _KINDS[principal.type][0]
    of_application = {"applicationId": principal.client_id} if kind == "servicePrincipal" else {}
    name = f"{principal.name}@{organization.tenant.name}.onmicrosoft.com" if kind == "user" else principal.id
    return {
        "subjectKind": kind,
        **of_application,
        "domain": organization.tenant.id,
        "principalName": name,
        "mailAddress": name if kind == "user" else None,
        "origin": "aad",
        "originId": principal.id,
        "displayName": principal.name,
        "descriptor": descriptor(organization, principal),
    }


def _entitlements(organization: Organization, request: Request, rest: str) -> Response:
    collection, _, key = rest.partition("/")
    if collection not in ("serviceprincipalentitlements", "userentitlements"):
        return refused(organization, 404, "The controller for the path was not found.", "HttpException")
    if request.method == "POST" and not key:
        return _add(organization, request, collection)
    wanted = "ServicePrincipal" if collection.startswith("service") else "User"
    one = next(
        (
            member
            for member in organization.members.values()
            if storage_key(organization, member.principal) == key and member.principal.type == wanted
        ),
        None,
    )
    if one is None or not one.entitled:
        text = f"User {key} does not exist in the organization."
        return refused(organization, 404, text, "MemberEntitlementNotFoundException")
    if request.method == "PATCH":
        for operation in request.json():
            _change(organization, one, operation)
    elif request.method != "GET":
        return refused(organization, 405, "The requested resource does not support it.", "HttpException")
    return Response(200, _entitlement(organization, one), organization.headers())


def _add(organization: Organization, request: Request, collection: str) -> Response:
    """https://learn.microsoft.com/rest/api/azure/devops/memberentitlementmanagement/service-principal-entitlements/add."""
    body = request.json()
    subject = body.get("servicePrincipal" if collection.startswith("service") else "user", {})
    assert organization.tenant
    principal = organization.tenant.principals.get(str(subject.get("originId")).lower())
    if principal is None or subject.get("origin") != "aad":
        errors = [{"key": 5030, "value": "Failed to create service principal with object ID"}]
        return Response(200, {"isSuccess": False, "operationResult": {"errors": errors}}, organization.headers())
    member = organization.members.get(principal.id) or organization.add(principal)
    member.level, member.active, member.entitled = cast("Level", body["accessLevel"]["accountLicenseType"]), True, True
    for one in body.get("projectEntitlements", ()):
        _put(organization, member, one)
    return Response(200, {"isSuccess": True, "operationResult": {"errors": []}}, organization.headers())


def _change(organization: Organization, member: Member, operation: dict[str, Any]) -> None:
    path = operation["path"]
    if path == "/accessLevel" and operation["op"] in ("add", "replace"):
        member.level = operation["value"]["accountLicenseType"]
    elif path.startswith("/projectEntitlements/") and operation["op"] in ("add", "replace"):
        _put(organization, member, operation["value"])


def _put(organization: Organization, member: Member, given: dict[str, Any]) -> None:
    project = organization.project_of(given["projectRef"]["id"])
    assert project, json.dumps(given)
    # A mapping of its own: several members may have been made from one.
    member.projects = {**member.projects, project: cast("GroupType", given["group"]["groupType"])}


def _entitlement(organization: Organization, member: Member) -> dict[str, Any]:
    key = "servicePrincipal" if member.principal.type == "ServicePrincipal" else "user"
    return {
        "id": storage_key(organization, member.principal),
        key: _subject(organization, member.principal),
        "accessLevel": {
            "licensingSource": "account",
            "accountLicenseType": member.level,
            "msdnLicenseType": "none",
            "licenseDisplayName": _LEVELS[member.level],
            "status": "active" if member.active else "disabled",
        },
        "projectEntitlements": list(_projects(organization, member)),
        "groupAssignments": [],
    }


def _projects(organization: Organization, member: Member) -> Iterable[dict[str, Any]]:
    for project, group in member.projects.items():
        yield {
            "projectRef": {"id": organization.project_id(project), "name": project},
            "group": {"groupType": group, "displayName": _GROUPS[group]},
            "projectPermissionInherited": "notInherited",
            "url": f"https://{DEVOPS_HOST}/{organization.name}",
        }
