"""Situations of what is in an organization of Azure DevOps, and of who is a member of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_azure.devops import Member, Organization
from fake_azure.messages import Response
from fake_azure.tenants import Principal
from situations.situation import Situation
from situations.stage import Stage

_ORGANIZATION = "https://dev.azure.com/contoso-web"
_SCRIPT = """\
  - name: ~/powershell
    parameters:
      command: |
        az login --service-principal -u {application} -p {{{{{secret}}}}} -t {tenant}
        {command}
        az logout
"""
_DOWNLOAD = "az artifacts universal download --feed tools --name cli --version 1.0.0 --path C:\\Tools"
OF_PROJECT = f"{_DOWNLOAD} --organization {_ORGANIZATION} --project web --scope project"
OF_ORGANIZATION = f"{_DOWNLOAD} --organization {_ORGANIZATION}"
CODE = f"az repos show --repository site --organization {_ORGANIZATION} --project web"
Change = Callable[[Stage, Organization], object]


def _me(stage: Stage, organization: Organization) -> Member:
    return organization.members[stage.verifier.id]


def _organization(stage: Stage) -> Organization:
    """An organization in which all is as it should be, for whoever checks."""
    organization = stage.azure.organization(
        "contoso-web",
        stage.contoso,
        repositories={"web": ("site",)},
        branches={("web", "site"): ("main", "release/1.0")},
        feeds={"web": ("tools",), "": ("shared",)},
    )
    organization.add(stage.verifier)
    return organization


def _clone(
    change: Change = lambda *_: None, branch: str = "main", path: str = "web/_git/site"
) -> Callable[[Stage], None]:
    """The files clone a repository."""

    def arrange(stage: Stage) -> None:
        stage.repository = f"{_ORGANIZATION}/{path}"
        stage.branch = branch
        change(stage, _organization(stage))

    return arrange


def downloader(stage: Stage) -> Principal:
    """The application whose service principal scripts sign in."""
    found = stage.contoso.where(lambda one: one.name == "downloader")
    assert found
    return found


def _script(command: str, change: Change = lambda *_: None, **member: Any) -> Callable[[Stage], None]:
    """The files run a script that signs a service principal in; ``member`` is what it is in the organization."""

    def arrange(stage: Stage) -> None:
        application = stage.contoso.application("downloader")
        application.password()
        stage.verifier.reads_directory = True
        stage.more = _SCRIPT.format(
            application=application.client_id, secret=stage.secret.uri, tenant=stage.contoso.id, command=command
        )
        organization = _organization(stage)
        if member:
            organization.add(application, **member)
        change(stage, organization)

    return arrange


def _token(change: Change) -> Callable[[Stage], None]:
    """A user's file takes a token from the organization."""

    def arrange(stage: Stage) -> None:
        stage.repository = f"{_ORGANIZATION}/web/_git/site"
        stage.reference = "ado://contoso-web"
        change(stage, _organization(stage))

    return arrange


def _with(**properties: Any) -> Change:
    def change(_: Stage, organization: Organization) -> None:
        for name, value in properties.items():
            setattr(organization, name, value)

    return change


def _as(**properties: Any) -> Change:
    """What the one who checks is, or may do."""

    def change(stage: Stage, organization: Organization) -> None:
        for name, value in properties.items():
            setattr(_me(stage, organization), name, value)

    return change


def _leave(stage: Stage, organization: Organization) -> None:
    del organization.members[stage.verifier.id]


def _answers(path: str, status: int, body: Any = b"<html>Sign In</html>") -> Change:
    kind = "application/json" if isinstance(body, dict) else "text/html"
    return lambda stage, _: stage.azure.fault(
        "answer", "*dev.azure.com", path, response=Response(status, body, content_type=kind)
    )


def _group(*names: str, reads_directory: bool = True) -> Change:
    """A group of Microsoft Entra ID is in the organization, with these in it, perhaps through another group."""

    def change(stage: Stage, organization: Organization) -> None:
        stage.verifier.reads_directory = reads_directory
        members = [one for one in stage.contoso.principals.values() if one.name in names]
        organization.add(stage.contoso.group("developers", stage.contoso.group("web developers", *members)))

    return change


def _ada(stage: Stage, organization: Organization) -> None:
    organization.add(stage.ada)


def _group_of_consumers(stage: Stage, organization: Organization) -> None:
    group = stage.contoso.group("developers", stage.ada)
    stage.settings["consumers"] = [group.id]
    organization.add(group)


def _reads_directory(stage: Stage, _: Organization) -> None:
    stage.verifier.reads_directory = True


def _other_group(stage: Stage, organization: Organization) -> None:
    _reads_directory(stage, organization)
    stage.settings["consumers"] = [stage.contoso.group("developers", stage.ada).id]


def _hides_members(stage: Stage, organization: Organization) -> None:
    _me(stage, organization).sees_members = False


_READERS = {"web": "projectReader"}
REPOSITORIES = (
    Situation("the project, the repository and the branch are there", _clone()),
    Situation("the branch is there in other letters", _clone(branch="Main"), "DBX518", "DBX518"),
    Situation("the repository has no such branch", _clone(branch="mian"), "DBX518", "DBX518"),
    Situation("the repository has a branch that only begins so", _clone(branch="release"), "DBX518", "DBX518"),
    Situation("the repository has a tag of that name", _clone(_with(tags={("web", "site"): ("v1.0",)}), branch="v1.0")),
    Situation("the repository has no branches", _clone(_with(branches={("web", "site"): ()})), "DBX518", "DBX518"),
    Situation("the project has no such repository", _clone(path="web/_git/sites"), "DBX518", "DBX518"),
    Situation("the organization has no such project", _clone(path="webs/_git/site"), "DBX518", "DBX518"),
    Situation("the project is hidden from the verifier", _clone(_as(hidden=frozenset(["web"]))), "DBX518", "DBX518"),
    Situation(
        "the verifier is a Stakeholder, who sees no repositories", _clone(_as(level="stakeholder")), "DBX518", "DBX518"
    ),
    Situation("the repository is disabled", _clone(_with(disabled=frozenset(["site"]))), "DBX518", "DBX518"),
    Situation("the verifier is no member of the organization", _clone(_leave), "DBX590", "DBX590"),
    Situation(
        "Azure DevOps answers with a page to sign in",
        _clone(_answers("*/_apis/projects/*", 203)),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "the verifier may not read the project",
        _clone(_answers("*/_apis/projects/*", 403, {"typeKey": "AccessCheckException"})),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "the verifier may not read the branches",
        _clone(_answers("*/refs", 403, {"typeKey": "AccessCheckException"})),
        "DBX590",
        "DBX590",
    ),
)
FEEDS = (
    Situation("the feed is in the project", _script(OF_PROJECT, projects=_READERS)),
    Situation(
        "the feed is in the organization, and the script says the project",
        _script(OF_PROJECT, _with(feeds={"": ("tools",)}), projects=_READERS),
        "DBX518",
        "DBX518",
    ),
    Situation(
        "the feed is in the project, and the script does not say so",
        _script(OF_ORGANIZATION, projects=_READERS),
        "DBX518",
        "DBX518",
    ),
    Situation(
        "there is no such feed",
        _script(OF_PROJECT, _with(feeds={"web": ("tool",)}), projects=_READERS),
        "DBX518",
        "DBX518",
    ),
    Situation(
        "the verifier may not read the feed",
        _script(OF_PROJECT, _as(reads_feeds=False), projects=_READERS),
        "DBX590",
        "DBX590",
    ),
)
APPLICATIONS = (
    Situation("the service principal is no member of the organization", _script(OF_PROJECT), "DBX517", "DBX517"),
    Situation(
        "the service principal is no member of the organization, and in no group of Microsoft Entra ID that is one",
        _script(OF_PROJECT, _group("ada")),
        "DBX517",
        "DBX517",
    ),
    Situation(
        "the service principal is no member of the organization, and in a group of Microsoft Entra ID that is one",
        _script(OF_PROJECT, _group("downloader")),
        "DBX517",
        "DBX517",
    ),
    Situation(
        "the service principal is no member of the organization, and the verifier may not read the directory",
        _script(OF_PROJECT, _group("downloader", reads_directory=False)),
        "DBX517 DBX590",
        "DBX517 DBX590",
    ),
    Situation(
        "the service principal was materialized, and never added",
        _script(OF_PROJECT, entitled=False),
        "DBX517",
        "DBX517",
    ),
    Situation("the service principal was removed", _script(OF_PROJECT, active=False), "DBX517", "DBX517"),
    Situation(
        "the service principal is a Stakeholder in no group, and reads a repository",
        _script(CODE, level="stakeholder"),
        "DBX517",
        "DBX517",
    ),
    Situation(
        "the service principal is a Stakeholder and a Reader, and reads a repository",
        _script(CODE, level="stakeholder", projects=_READERS),
        "DBX517",
        "DBX517",
    ),
    Situation(
        "the service principal is a Stakeholder and a Reader, and downloads an artifact",
        _script(OF_PROJECT, level="stakeholder", projects=_READERS),
    ),
    Situation(
        "the service principal has Basic, and is in no group", _script(OF_PROJECT, level="express"), "DBX517", "DBX517"
    ),
    Situation(
        "the service principal has Basic, and is in no group but one of Microsoft Entra ID",
        _script(OF_PROJECT, _group("downloader"), level="express"),
        "DBX517",
        "DBX517",
    ),
    Situation(
        "the service principal has Basic, and is in a group that somebody made",
        _script(OF_PROJECT, projects={"web": "custom"}),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "the service principal is in the Readers of another project only",
        _script(OF_PROJECT, _with(repositories={"web": ("site",), "api": ()}), projects={"api": "projectReader"}),
        "DBX517",
        "DBX517",
    ),
    Situation(
        "the service principal is an administrator of the organization",
        _script(OF_PROJECT, groups=("Project Collection Administrators",)),
    ),
    Situation("the service principal is a Contributor", _script(CODE, projects={"web": "projectContributor"})),
    Situation(
        "the service principal is a Stakeholder, and the project is public",
        _script(CODE, _with(public=frozenset(["web"])), level="stakeholder"),
    ),
    Situation("the service principal has Basic, and is a Reader", _script(CODE, projects=_READERS)),
    Situation(
        "the verifier may not see the members",
        _script(OF_PROJECT, _hides_members, projects=_READERS),
        "DBX590",
        "DBX590",
    ),
)
CONSUMERS = (
    Situation("the consumer is a member", _token(_ada), None),
    Situation("the consumer is no member", _token(_reads_directory), None, "DBX517"),
    Situation("the consumers are a group that is no member", _token(_other_group), None, "DBX517"),
    Situation("the consumer is no member, and may be a group", _token(lambda *_: None), None, "DBX517"),
    Situation("the consumer is in a group of Microsoft Entra ID that is a member", _token(_group("ada")), None),
    Situation("the consumer is in no group of Microsoft Entra ID that is a member", _token(_group()), None, "DBX517"),
    Situation(
        "the consumer is no member, and the verifier may not see who is in a group",
        _token(_group("ada", reads_directory=False)),
        None,
        "DBX517",
    ),
    Situation("the consumers are a group that is a member", _token(_group_of_consumers), None),
    Situation("the verifier may not see the consumers", _token(_hides_members), None, "DBX590"),
)
