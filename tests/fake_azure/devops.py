"""The fake Azure DevOps: which organizations there are, the directory behind each, and their repositories."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fake_azure.clouds import DEVOPS_AUDIENCE
from fake_azure.messages import Request, Response
from fake_azure.tenants import Principal, Tenant

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

#: What a job's own token is for, and where it is exchanged for one of a service connection.
JOB_AUDIENCE = "azure-pipelines"
OIDC = "_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken"
CONNECTION = "0f0f0f0f-1111-2222-3333-444444444444"
NO_DIRECTORY = "00000000-0000-0000-0000-000000000000"
_REPOSITORY = re.compile(r"(?P<project>[^/]+)/_apis/git/repositories/(?P<repository>[^/]+)")


@dataclass(eq=False)
class Organization:
    """An organization with the directory behind it, None for one of Microsoft accounts."""

    name: str
    tenant: Tenant | None = None
    #: Project -> its repositories.
    repositories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: The projects that anyone may read.
    public: frozenset[str] = frozenset()
    #: The application of the service connection that its jobs have.
    connected: Principal | None = None
    #: How it answers who has not signed in: 302, 401, or 203 with a page.
    anonymous: int = 302


def answer(azure: FakeAzure, request: Request) -> Response:
    path = request.path.strip("/")
    name = request.host.split(".")[0] if request.host.endswith(".visualstudio.com") else path.split("/")[0]
    rest = path.removeprefix(f"{name}/").removeprefix("DefaultCollection/")
    organization = azure.organizations.get(name.lower())
    if organization is None:
        return Response(404, b"<html><title>The resource cannot be found.</title></html>", content_type="text/html")
    tenant = organization.tenant
    headers = (("X-VSS-ResourceTenant", tenant.id if tenant else NO_DIRECTORY), ("X-VSS-E2EID", "1"))
    if request.method == "POST" and rest == f"web/{OIDC}":
        return _federated_token(organization, request)
    repository = _REPOSITORY.fullmatch(rest)
    public = repository is not None and repository["project"] in organization.public
    if request.token is None and not public:
        return _sign_in(organization, headers)
    if request.token and (
        request.token.audience != DEVOPS_AUDIENCE or tenant is None or request.token.tenant != tenant.id
    ):
        text = f"TF400813: The user '{request.token.object_id}' is not authorized to access this resource."
        return Response(401, text.encode(), headers, "text/plain; charset=utf-8")
    if rest == "_apis/connectionData":
        return Response(200, {"instanceId": organization.name, "authenticatedUser": {"isActive": True}}, headers)
    if rest == "_apis/projects":
        names = sorted(organization.repositories)
        return Response(200, {"count": len(names), "value": [{"name": one} for one in names]}, headers)
    return _repository(organization, repository, headers)


def _federated_token(organization: Organization, request: Request) -> Response:
    is_known = request.token is not None and request.token.audience == JOB_AUDIENCE
    if not is_known or organization.connected is None or request.query.get("serviceConnectionId") != CONNECTION:
        return Response(401, b"", content_type="text/plain")
    return Response(200, {"oidcToken": organization.connected.federated_token})


def _sign_in(organization: Organization, headers: tuple[tuple[str, str], ...]) -> Response:
    if organization.anonymous == 302:
        place = f"https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com&org={organization.name}"
        return Response(302, b"", (*headers, ("Location", place)))
    page = b"<html><title>Azure DevOps Services | Sign In</title></html>"
    return Response(organization.anonymous, page, headers, "text/html; charset=utf-8")


def _repository(
    organization: Organization, match: re.Match[str] | None, headers: tuple[tuple[str, str], ...]
) -> Response:
    if match and match["repository"] in organization.repositories.get(match["project"], ()):
        body: dict[str, Any] = {"id": match["repository"], "name": match["repository"], "isDisabled": False}
        return Response(200, body, headers)
    known = match is not None and match["project"] in organization.repositories
    name = match["repository" if known else "project"] if match else ""
    text = (
        f"TF401019: The Git repository with name or identifier {name} does not exist or you do not have permissions "
        "for the operation you are attempting."
        if known
        else f"TF200016: The following project does not exist: {name}. Verify that the name of the project is correct."
    )
    kind = "GitRepositoryNotFoundException" if known else "ProjectDoesNotExistWithNameException"
    return Response(404, {"$id": "1", "message": text, "typeKey": kind, "errorCode": 0, "eventId": 3000}, headers)
