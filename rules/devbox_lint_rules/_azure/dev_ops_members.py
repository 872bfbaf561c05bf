"""Who is in an organization of Azure DevOps, with which access level, and in which groups.

docs/online-azure-devops.md has each call with its source, and what the documentation requires of a service principal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from devbox_lint_rules._azure.bodies import object_id_at, objects_at, text_at
from devbox_lint_rules._azure.clouds import DEV_OPS_HOST
from devbox_lint_rules._azure.dev_ops import DevOps
from devbox_lint_rules._azure.directory import Directory
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._organizations import (
    ApplicationAnswer,
    Consumer,
    ConsumersAnswer,
    DevOpsQuestion,
    Membership,
    Reach,
)

_GRAPH = f"vssps.{DEV_OPS_HOST}"
_ENTITLEMENTS = f"vsaex.{DEV_OPS_HOST}"
_PREVIEW = "7.1-preview.1"
_HELP = "ask an administrator of the organization: members are seen under Organization settings, Users"
_DESCRIPTOR = re.compile(r"[a-z]{2,10}\.[A-Za-z0-9_-]{1,400}")
#: The access levels without repositories: https://learn.microsoft.com/azure/devops/organizations/security/stakeholder-access.
_WITHOUT_CODE = frozenset(("none", "stakeholder"))
_READING = frozenset(("projectreader", "projectcontributor", "projectadministrator"))
_CLOSED = frozenset(("disabled", "deleted", "expired"))
#: Groups of an organization whose members read all projects, or none for being in it.
_ADMINISTRATORS = "project collection administrators"
_VALID_USERS = frozenset(("project collection valid users", "project valid users"))


class DevOpsMembers:
    """The members of the organizations of one run."""

    def __init__(self, dev_ops: DevOps, memory: Memory, directory: Directory) -> None:
        self._dev_ops = dev_ops
        self._memory = memory
        self._directory = directory

    def application(self, question: DevOpsQuestion, principal: str) -> ApplicationAnswer | None:
        """What the service principal of an application has; None where the project does not show itself.

        ``principal`` is its object id, empty where nobody says: then the organization's own list knows the application.
        """
        organization, project = question.organization, question.project
        body = self._dev_ops.project_body(organization, project) if project else None
        if project and body is None:
            return None
        identity = object_id_at(body, "id")
        is_public = text_at(body, "visibility").lower() == "public"
        one = self._service_principal(organization, question.application, principal)
        if one is None:
            may_come = self._comes_by_group(organization, principal) is not False
            return ApplicationAnswer(Membership.MISSING, principal, project=identity, may_come_by_group=may_come)
        descriptor = text_at(one, "descriptor")
        key, entitlement = self._entitlement(organization, descriptor)
        answer = ApplicationAnswer(
            Membership.MEMBER, object_id_at(one, "originId") or principal, key, _level(entitlement), project=identity
        )
        status = text_at(entitlement, "accessLevel", "status").lower()
        if entitlement is None or status in _CLOSED:
            return answer._replace(membership=Membership.DISABLED)
        level = text_at(entitlement, "accessLevel", "accountLicenseType").lower()
        answer = answer._replace(sees_code=is_public or level not in _WITHOUT_CODE)
        if not project or is_public:
            return answer
        reach, group = self._reach(organization, descriptor, entitlement, identity)
        may_come = reach is Reach.MISSING and self._comes_by_group(organization, answer.principal) is not False
        return answer._replace(reach=reach, group=group, may_come_by_group=may_come)

    def consumers(self, question: DevOpsQuestion, ids: Iterable[str]) -> ConsumersAnswer:
        """Whether users and groups, by their object ids, are members of an organization."""
        organization = question.organization
        users = self._memory.get(
            ("users", organization),
            lambda: frozenset(object_id_at(one, "originId") for one in self._subjects(organization, "users")),
        )
        return ConsumersAnswer(tuple(self._consumer(organization, one, users) for one in ids))

    def _consumer(self, organization: str, one: str, users: frozenset[str]) -> Consumer:
        if one.lower() in users:
            return Consumer(one, True)
        if one.lower() in self._entra_groups(organization):
            return Consumer(one, True)
        comes = self._comes_by_group(organization, one.lower())
        try:
            is_group = self._directory.is_group(one.lower()) if not comes else None
        except UnansweredError:
            is_group = None
        return Consumer(one, comes is True, comes is None, is_group)

    def _comes_by_group(self, organization: str, identity: str) -> bool | None:
        """Whether one is in a group of Microsoft Entra ID that is in an organization; None where nobody says."""
        groups = self._entra_groups(organization)
        if not groups:
            return False
        try:
            return bool(self._directory.groups_among(identity, groups)) if identity else None
        except UnansweredError:
            return None

    def _service_principal(self, organization: str, application: str, principal: str) -> dict[str, Any] | None:
        everybody = self._memory.get(
            ("service principals", organization), lambda: self._subjects(organization, "serviceprincipals")
        )
        for one in everybody:
            if object_id_at(one, "applicationId") == application or (
                principal and object_id_at(one, "originId") == principal
            ):
                return one if _DESCRIPTOR.fullmatch(text_at(one, "descriptor")) else None
        return None

    def _entra_groups(self, organization: str) -> frozenset[str]:
        """The groups of Microsoft Entra ID in an organization, by their object ids."""
        return self._memory.get(
            ("groups", organization),
            lambda: frozenset(
                identity
                for one in self._subjects(organization, "groups", subjectTypes="aadgp")
                if (identity := object_id_at(one, "originId"))
            ),
        )

    def _subjects(self, organization: str, kind: str, **filters: str) -> list[dict[str, Any]]:
        path = f"{organization}/_apis/graph/{kind}"
        what = f"the members of the organization `{organization}`"
        return self._dev_ops.items(path, what, organization, _GRAPH, _HELP, _PREVIEW, **filters)

    def _entitlement(self, organization: str, descriptor: str) -> tuple[str, Any]:
        """The key of a service principal, and what it is entitled to, None where that is nothing."""

        def ask() -> tuple[str, Any]:
            what = f"the members of the organization `{organization}`"
            path = f"{organization}/_apis/graph/storagekeys/{descriptor}"
            reply = self._dev_ops.get(path, what, organization, _GRAPH, _HELP)
            key = object_id_at(reply.body, "value") if reply is not None else ""
            if not key:
                raise UnansweredError("Azure DevOps does not say which entry of its users a service principal is")
            path = f"{organization}/_apis/serviceprincipalentitlements/{key}"
            what = f"the access levels in the organization `{organization}`"
            reply = self._dev_ops.get(path, what, organization, _ENTITLEMENTS, _HELP, _PREVIEW)
            return key, None if reply is None else reply.body

        return self._memory.get(("entitlement", organization, descriptor), ask)

    def _reach(self, organization: str, descriptor: str, entitlement: Any, project: str) -> tuple[Reach, str]:
        """Whether one is in a group that reads the project, and the name of a group of which that is not known."""
        unclear = ""
        for one in objects_at(entitlement, "projectEntitlements"):
            if object_id_at(one, "projectRef", "id") != project:
                continue
            if text_at(one, "group", "groupType").lower() in _READING:
                return Reach.READS, ""
            unclear = text_at(one, "group", "displayName") or "a group of its own"
        if unclear:
            return Reach.UNCLEAR, unclear
        return self._by_groups(organization, descriptor, project)

    def _by_groups(self, organization: str, descriptor: str, project: str) -> tuple[Reach, str]:
        """The same by the groups that one is in itself: an entitlement has those of projects alone."""
        path = f"{organization}/_apis/graph/memberships/{descriptor}"
        what = f"the groups of the organization `{organization}`"
        for one in self._dev_ops.items(path, what, organization, _GRAPH, _HELP, _PREVIEW, direction="up"):
            container = text_at(one, "containerDescriptor")
            if not _DESCRIPTOR.fullmatch(container):
                continue
            group = self._group(organization, container)
            name, domain = text_at(group, "displayName"), text_at(group, "domain").lower()
            if name.lower() == _ADMINISTRATORS:
                return Reach.READS, ""
            is_other_project = "/teamproject/" in domain and not domain.endswith(project)
            if name.lower() not in _VALID_USERS and not is_other_project:
                return Reach.UNCLEAR, name or "a group of its own"
        return Reach.MISSING, ""

    def _group(self, organization: str, descriptor: str) -> Any:
        def ask() -> Any:
            path = f"{organization}/_apis/graph/groups/{descriptor}"
            what = f"the groups of the organization `{organization}`"
            reply = self._dev_ops.get(path, what, organization, _GRAPH, _HELP, _PREVIEW)
            return None if reply is None else reply.body

        return self._memory.get(("group", organization, descriptor), ask)


def _level(entitlement: Any) -> str:
    """The access level as people know it: Basic is called express."""
    name = text_at(entitlement, "accessLevel", "licenseDisplayName") or text_at(
        entitlement, "accessLevel", "accountLicenseType"
    )
    return name if re.fullmatch(r"[\w][\w +-]{0,60}", name) else ""
