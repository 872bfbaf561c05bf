"""The fake Azure DevOps: which organizations there are, the directory behind each, and what is in their projects.

Shapes are those of https://github.com/MicrosoftDocs/vsts-rest-api-specs; what is refused is worded as the service does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from fake_azure.clouds import DEVOPS_AUDIENCE, DEVOPS_HOST
from fake_azure.messages import Request, Response
from fake_azure.tenants import Principal, Tenant
from fake_azure.vaults import made_guid

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

#: What a job's own token is for, and where it is exchanged for one of a service connection.
JOB_AUDIENCE = "azure-pipelines"
OIDC = "_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken"
CONNECTION = "0f0f0f0f-1111-2222-3333-444444444444"
NO_DIRECTORY = "00000000-0000-0000-0000-000000000000"
Level = Literal["none", "stakeholder", "express", "advanced", "professional", "earlyAdopter"]
#: What a project's own groups are called in an entitlement.
GroupType = Literal["projectReader", "projectContributor", "projectAdministrator", "projectStakeholder", "custom"]
#: How many a page of a list has.
PAGE = 50


@dataclass(eq=False)
class Member:
    """Somebody in an organization: a user, a service principal, or a group of Microsoft Entra ID."""

    principal: Principal
    level: Level = "express"
    #: Project -> the group of it.
    projects: dict[str, GroupType] = field(default_factory=dict)
    #: Groups of the organization itself.
    groups: tuple[str, ...] = ("Project Collection Valid Users",)
    #: Known to the organization, and no member of it any more.
    active: bool = True
    #: Whether there is an entitlement; an application that was only materialized has none.
    entitled: bool = True
    #: Whether it may see who is in the organization.
    sees_members: bool = True
    #: Whether it may read feeds, and the projects that it may not see.
    reads_feeds: bool = True
    hidden: frozenset[str] = frozenset()


@dataclass(eq=False)
class Organization:
    """An organization with the directory behind it, None for one of Microsoft accounts."""

    name: str
    tenant: Tenant | None = None
    #: Project -> its repositories.
    repositories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Project and repository -> its branches; a repository that is not in it has `main`.
    branches: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    tags: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    #: Repositories that nobody can clone.
    disabled: frozenset[str] = frozenset()
    #: Project -> its feeds; those of the organization are below the empty name.
    feeds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: The projects that anyone may read.
    public: frozenset[str] = frozenset()
    #: The application of the service connection that its jobs have.
    connected: Principal | None = None
    #: How it answers who has not signed in: 302, 401, or 203 with a page.
    anonymous: int = 302
    members: dict[str, Member] = field(default_factory=dict)

    def add(self, principal: Principal, level: Level = "express", **properties: Any) -> Member:
        """Make one a member."""
        self.members[principal.id] = Member(principal, level, **properties)
        return self.members[principal.id]

    def project_id(self, project: str) -> str:
        return made_guid(self.name, "project", project)

    def project_of(self, name: str) -> str | None:
        """The project of a name, in whichever letters, or of an id."""
        return next(
            (one for one in self.projects if name.lower() in (one.lower(), self.project_id(one))),
            None,
        )

    @property
    def projects(self) -> tuple[str, ...]:
        return tuple(sorted({*self.repositories, *(one for one in self.feeds if one)}))

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("X-VSS-ResourceTenant", self.tenant.id if self.tenant else NO_DIRECTORY), ("X-VSS-E2EID", "1"))


def answer(azure: FakeAzure, request: Request) -> Response:
    from fake_azure import devops_members

    path = request.path.strip("/")
    name = request.host.split(".")[0] if request.host.endswith(".visualstudio.com") else path.split("/")[0]
    rest = path.removeprefix(f"{name}/").removeprefix("DefaultCollection/")
    organization = azure.organizations.get(name.lower())
    if organization is None:
        return Response(404, b"<html><title>The resource cannot be found.</title></html>", content_type="text/html")
    if request.method == "POST" and rest == f"web/{OIDC}":
        return _federated_token(organization, request)
    repository = _REPOSITORY.fullmatch(rest)
    is_public = repository is not None and repository["project"] in organization.public
    if request.token is None and not is_public:
        return _sign_in(organization)
    member = _member(organization, request)
    if member is None and not is_public:
        return _not_authorized(organization, request)
    if request.host.startswith(("vssps.", "vsaex.")):
        return devops_members.answer(organization, request, member, rest)
    if request.host.startswith("feeds."):
        return _feeds(organization, member, rest)
    if rest == "_apis/connectionData":
        body = {"instanceId": organization.name, "authenticatedUser": {"isActive": True}}
        return Response(200, body, organization.headers())
    if rest.startswith("_apis/projects"):
        return _projects(organization, request, member, rest.removeprefix("_apis/projects").strip("/"))
    return _repositories(organization, request, member, repository)


def _member(organization: Organization, request: Request) -> Member | None:
    """The member whose token it is; one for another service or of another directory is nobody's."""
    token = request.token
    if token is None or token.audience != DEVOPS_AUDIENCE:
        return None
    if organization.tenant is None or token.tenant != organization.tenant.id:
        return None
    member = organization.members.get(token.object_id)
    return member if member is not None and member.active and member.entitled else None


def _not_authorized(organization: Organization, request: Request) -> Response:
    assert request.token
    text = f"TF400813: The user '{request.token.object_id}' is not authorized to access this resource."
    return refused(organization, 401, text, "UnauthorizedRequestException")


def refused(organization: Organization, status: int, text: str, kind: str) -> Response:
    """An error as the service words it: https://github.com/microsoft/azure-devops-python-api/issues/253."""
    body = {
        "$id": "1",
        "innerException": None,
        "message": text,
        "typeName": f"Microsoft.VisualStudio.Services.{kind}, Microsoft.VisualStudio.Services.WebApi",
        "typeKey": kind,
        "errorCode": 0,
        "eventId": 3000,
    }
    return Response(status, body, organization.headers())


def listed(
    organization: Organization, request: Request, items: Iterable[Any], size: int = PAGE, header: bool = True
) -> Response:
    """One page of a list, with the token of the next in a header."""
    found = list(items)
    start = int(request.query.get("continuationToken") or 0)
    page = found[start : start + size]
    more = start + size < len(found) and header
    token = (("X-MS-ContinuationToken", str(start + size)),) if more else ()
    return Response(200, {"count": len(page), "value": page}, (*organization.headers(), *token))


def _federated_token(organization: Organization, request: Request) -> Response:
    is_known = request.token is not None and request.token.audience == JOB_AUDIENCE
    if not is_known or organization.connected is None or request.query.get("serviceConnectionId") != CONNECTION:
        return Response(401, b"", content_type="text/plain")
    return Response(200, {"oidcToken": organization.connected.federated_token})


def _sign_in(organization: Organization) -> Response:
    headers = organization.headers()
    if organization.anonymous == 302:
        place = f"https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com&org={organization.name}"
        return Response(302, b"", (*headers, ("Location", place)))
    page = b"<html><title>Azure DevOps Services | Sign In</title></html>"
    return Response(organization.anonymous, page, headers, "text/html; charset=utf-8")


def _visible(organization: Organization, member: Member | None) -> tuple[str, ...]:
    return tuple(
        one
        for one in organization.projects
        if (member is not None and one not in member.hidden) or one in organization.public
    )


def _project(organization: Organization, member: Member | None, name: str) -> str | None:
    project = organization.project_of(name)
    return project if project in _visible(organization, member) else None


def _no_project(organization: Organization, name: str) -> Response:
    text = (
        f"TF200016: The following project does not exist: {name}. Verify that the name of the project is correct and"
        " that the project exists on the specified Azure DevOps Server."
    )
    return refused(organization, 404, text, "ProjectDoesNotExistWithNameException")


def _described(organization: Organization, project: str) -> dict[str, Any]:
    identity = organization.project_id(project)
    visibility = "public" if project in organization.public else "private"
    url = f"https://{DEVOPS_HOST}/{organization.name}/_apis/projects/{identity}"
    return {"id": identity, "name": project, "url": url, "state": "wellFormed", "visibility": visibility}


def _projects(organization: Organization, request: Request, member: Member | None, name: str) -> Response:
    if not name:
        size = int(request.query.get("$top") or PAGE)
        found = [_described(organization, one) for one in _visible(organization, member)]
        return listed(organization, request, found, size)
    project = _project(organization, member, name)
    if project is None:
        return _no_project(organization, name)
    return Response(200, _described(organization, project), organization.headers())


_REPOSITORY = re.compile(
    r"(?P<project>[^/]+)/_apis/git/repositories(?:/(?P<repository>[^/]+)(?P<refs>/refs)?)?", re.IGNORECASE
)


def _repositories(
    organization: Organization, request: Request, member: Member | None, match: re.Match[str] | None
) -> Response:
    if match is None:
        return refused(organization, 404, "The controller for the path was not found.", "HttpException")
    project = _project(organization, member, match["project"])
    if project is None:
        return _no_project(organization, match["project"])
    # https://learn.microsoft.com/azure/devops/organizations/security/stakeholder-access: no repositories, and no list.
    has_code = project in organization.public or (member is not None and member.level not in ("none", "stakeholder"))
    names = organization.repositories.get(project, ()) if has_code else ()
    if match["repository"] is None:
        return listed(organization, request, [_repository(organization, project, one) for one in names], header=False)
    name = next((one for one in names if one.lower() == match["repository"].lower()), None)
    if name is None:
        text = (
            f"TF401019: The Git repository with name or identifier {match['repository']} does not exist or you do not"
            " have permissions for the operation you are attempting."
        )
        return refused(organization, 404, text, "GitRepositoryNotFoundException")
    if match["refs"] is None:
        return Response(200, _repository(organization, project, name), organization.headers())
    begun = f"refs/{request.query.get('filter', '')}"
    branches = organization.branches.get((project, name), ("main",))
    names = [f"refs/heads/{one}" for one in branches]
    names += [f"refs/tags/{one}" for one in organization.tags.get((project, name), ())]
    found = [{"name": one, "objectId": "0" * 40} for one in names]
    return listed(organization, request, [one for one in found if one["name"].startswith(begun)])


def _repository(organization: Organization, project: str, name: str) -> dict[str, Any]:
    branches = organization.branches.get((project, name), ("main",))
    first = {"defaultBranch": f"refs/heads/{branches[0]}"} if branches else {}
    return {
        "id": made_guid(organization.name, "repository", project, name),
        "name": name,
        "project": _described(organization, project),
        **first,
        "isDisabled": name in organization.disabled,
        "remoteUrl": f"https://{organization.name}@{DEVOPS_HOST}/{organization.name}/{project}/_git/{name}",
    }


_FEEDS = re.compile(r"(?:(?P<project>[^/]+)/)?_apis/packaging/feeds(?:/(?P<feed>[^/]+))?", re.IGNORECASE)


def _feeds(organization: Organization, member: Member | None, rest: str) -> Response:
    match = _FEEDS.fullmatch(rest)
    if match is None:
        return refused(organization, 404, "The controller for the path was not found.", "HttpException")
    project = ""
    if match["project"] is not None:
        known = _project(organization, member, match["project"])
        if known is None:
            return _no_project(organization, match["project"])
        project = known
    reads = member is not None and member.reads_feeds
    names = organization.feeds.get(project, ())
    if match["feed"] is None:
        # Those of the organization are all that there are, also those of its projects.
        owners = [project] if project else sorted(organization.feeds)
        shown = [one for one in owners if not one or one in _visible(organization, member)]
        found = [_feed(organization, one, feed) for one in shown for feed in organization.feeds[one]] if reads else []
        return Response(200, {"count": len(found), "value": found}, organization.headers())
    name = next((one for one in names if one.lower() == match["feed"].lower()), None)
    if name is None:
        text = f"The feed with ID '{match['feed']}' doesn't exist."
        return refused(organization, 404, text, "FeedIdNotFoundException")
    if not reads:
        text = "User lacks permission to complete this action. You need to have 'ReadPackages'."
        return refused(organization, 403, text, "FeedNeedsPermissionsException")
    return Response(200, _feed(organization, project, name), organization.headers())


def _feed(organization: Organization, project: str, name: str) -> dict[str, Any]:
    of = {"project": {"id": organization.project_id(project), "name": project}} if project else {}
    return {"id": made_guid(organization.name, "feed", project, name), "name": name, **of, "upstreamEnabled": True}
