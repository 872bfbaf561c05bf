"""Role assignments, role definitions and deny assignments, as far as one may see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from devbox_lint_rules._azure.bodies import at, object_id_at, objects_at, text_at, texts_at
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import RefusedFilterError, ResourceManager, refusal
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import Outcome, Standing
from devbox_lint_rules.keyvault._grants import (
    Assignment,
    Denial,
    Permission,
    Right,
    Role,
    Verdict,
    may,
    may_read_vault,
)

_API = "2022-04-01"
_ELIGIBLE_API = "2020-10-01"
_AUTHORIZATION = "providers/Microsoft.Authorization"
GROUP = "Group"
_ROLE_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class Someone(NamedTuple):
    """Who is asked about: ``who`` in words, the object id, and its type where it is known."""

    who: str
    principal: str
    type: str = ""


class Roles:
    """Who has which roles on resources of one kind, each list of a run read once.

    ``what`` is what the resources are, as ``vault``; ``reader`` is the role that whoever asks needs on them.
    """

    def __init__(self, manager: ResourceManager, memory: Memory, what: str, reader: str) -> None:
        self._manager = manager
        self._memory = memory
        self._what = what
        self._help = f"ask for the role {reader} on the {what}"

    def may(self, someone: Someone, right: Right, resource: str, part: str) -> Standing:
        """Whether someone has a right on a part of a resource, by roles on either or above; both are resource ids."""
        if not someone.type:
            # The filter for what is assigned to somebody takes users and identities, and refuses groups.
            direct = self._assigned_directly(part, someone.principal)
            someone = someone._replace(type=_type_of(someone.principal, direct))
            verdict = self._verdict(someone, right, [one for one in direct if _covers(one, part)], resource)
            if verdict.outcome is not Outcome.MISSING or someone.type == GROUP:
                return _standing(someone, verdict)
        try:
            verdict = self._inherited(someone, right, resource, part)
        except RefusedFilterError:
            if someone.type:
                raise
            # Nothing is assigned to it, and it is neither a user nor an identity.
            return _standing(someone._replace(type=GROUP), verdict)
        if verdict.outcome is Outcome.MISSING and self._is_eligible(someone, right, resource, part):
            return Standing(someone.who, someone.principal, someone.type, Outcome.MISSING, eligible=True)
        return _standing(someone, verdict)

    def _inherited(self, someone: Someone, right: Right, resource: str, part: str) -> Verdict:
        """What a user or an identity may by its own roles and those of its groups."""
        verdict = self._verdict(someone, right, self._assigned(resource, someone.principal), resource)
        if verdict.outcome in (Outcome.MISSING, Outcome.CONDITIONAL) and part != resource:
            # What is assigned on the part alone does not show at the whole.
            verdict = self._verdict(someone, right, self._assigned(part, someone.principal), resource)
        return verdict

    def reads_vault(self, someone: Someone, vault: str) -> Standing:
        """Whether someone may read the metadata of a vault, by roles on it or above."""
        assignments = self._assigned(vault, someone.principal)
        roles, unread = self._roles(assignments, vault)
        verdict = may_read_vault(someone.principal, assignments, roles, ())
        if verdict.outcome is Outcome.MISSING and unread:
            raise unread
        if verdict.outcome is Outcome.GRANTED:
            verdict = may_read_vault(someone.principal, assignments, roles, self._denials(someone, vault))
        return _standing(someone, verdict)

    def _verdict(self, someone: Someone, right: Right, assignments: Sequence[Assignment], resource: str) -> Verdict:
        roles, unread = self._roles(assignments, resource)
        verdict = may(right, someone.principal, assignments, roles, ())
        if verdict.outcome is Outcome.MISSING and unread:
            raise unread
        if verdict.outcome is Outcome.GRANTED:
            return may(right, someone.principal, assignments, roles, self._denials(someone, resource))
        return verdict

    def _roles(
        self, assignments: Iterable[Assignment], resource: str
    ) -> tuple[dict[str, Role], UnansweredError | None]:
        """The definitions of assigned roles, and why one of them could not be read."""
        roles: dict[str, Role] = {}
        unread: UnansweredError | None = None
        for role in {one.role: None for one in assignments}:
            try:
                roles[role] = self._role(role, resource)
            except UnansweredError as error:
                unread = error
        return roles, unread

    def _assigned(self, scope: str, principal: str) -> list[Assignment]:
        """What is assigned to a user or an identity at a scope or above it, also through groups."""
        filter_text = f"atScope() and assignedTo('{principal}')"
        return self._memory.get(("assigned", scope, principal), lambda: self._listed(scope, filter_text))

    def _assigned_directly(self, scope: str, principal: str) -> list[Assignment]:
        filter_text = f"principalId eq '{principal}'"
        return self._memory.get(("directly", scope, principal), lambda: self._listed(scope, filter_text))

    def _listed(self, scope: str, filter_text: str) -> list[Assignment]:
        path = f"{scope}/{_AUTHORIZATION}/roleAssignments"
        items = self._manager.items(
            f"the role assignments of the {self._what}", self._help, path, _API, filter=filter_text
        )
        found = []
        for item in items:
            properties = item.get("properties")
            role = text_at(properties, "roleDefinitionId").rpartition("/")[2].lower()
            if not _ROLE_ID.fullmatch(role):
                raise UnansweredError("a role assignment does not say of which role it is")
            found.append(
                Assignment(
                    role,
                    object_id_at(properties, "principalId"),
                    text_at(properties, "principalType"),
                    bool(text_at(properties, "condition").strip()),
                    text_at(properties, "scope"),
                )
            )
        return found

    def _role(self, role: str, resource: str) -> Role:
        return self._memory.get(("role", role, self._what), lambda: self._definition(role, resource))

    def _definition(self, role: str, resource: str) -> Role:
        """A role's definition as it shows at a resource, where one may see it, else as the directory has it."""
        reply = self._manager.get(f"{resource}/{_AUTHORIZATION}/roleDefinitions/{role}", _API)
        if reply.status != 200:
            reply = self._manager.get(f"/{_AUTHORIZATION}/roleDefinitions/{role}", _API)
        if reply.status != 200 or not isinstance(at(reply.body, "properties", "permissions"), list):
            raise refusal(reply, "a role definition", self._help)
        name = text_at(reply.body, "properties", "roleName") or "unnamed"
        return Role(role, name, _permissions(reply.body, "properties", "permissions"))

    def _denials(self, someone: Someone, resource: str) -> list[Denial]:
        principal = "" if someone.type == GROUP else someone.principal
        return self._memory.get(("denials", resource, principal), lambda: self._denied(resource, principal))

    def _denied(self, resource: str, principal: str) -> list[Denial]:
        """What denies somebody something on the parts of a resource; what is for one scope alone is for none of them.

        Of ``principal``, a user or an identity, Azure knows the groups; where it is empty, all deny assignments are
        listed: https://learn.microsoft.com/azure/role-based-access-control/deny-assignments-rest.
        """
        path = f"{resource}/{_AUTHORIZATION}/denyAssignments"
        filter_text = f"atScope() and assignedTo('{principal}')" if principal else "atScope()"
        items = self._manager.items(
            f"the deny assignments of the {self._what}", self._help, path, _API, filter=filter_text
        )
        return [
            Denial(
                text_at(item, "properties", "denyAssignmentName") or "unnamed",
                text_at(item, "properties", "scope"),
                _permissions(item, "properties", "permissions"),
                _principals(item, "principals"),
                _principals(item, "excludePrincipals"),
                assigned=bool(principal),
            )
            for item in items
            if at(item, "properties", "doNotApplyToChildScopes") is not True
        ]

    def _is_eligible(self, someone: Someone, right: Right, resource: str, part: str) -> bool:
        """Whether a person may activate a role that would do: https://learn.microsoft.com/rest/api/authorization.

        What is no person cannot: https://learn.microsoft.com/entra/id-governance/privileged-identity-management.
        """
        if someone.type == "ServicePrincipal":
            return False
        path = f"{part}/{_AUTHORIZATION}/roleEligibilityScheduleInstances"
        filter_text = f"atScope() and assignedTo('{someone.principal}')"
        try:
            items = self._manager.items("eligible roles", self._help, path, _ELIGIBLE_API, filter=filter_text)
            ids = {text_at(item, "properties", "roleDefinitionId").rpartition("/")[2].lower() for item in items}
            held = [Assignment(role, someone.principal, "") for role in ids if _ROLE_ID.fullmatch(role)]
            roles, _ = self._roles(held, resource)
        except UnansweredError:
            # It would only explain what is missing.
            return False
        return may(right, someone.principal, held, roles, ()).outcome is Outcome.GRANTED


def _standing(someone: Someone, verdict: Verdict) -> Standing:
    return Standing(someone.who, someone.principal, someone.type, verdict.outcome, verdict.others, verdict.denied_by)


def _covers(one: Assignment, scope: str) -> bool:
    """Whether an assignment holds at ``scope``: the list of what is assigned directly has those below it too."""
    where = one.scope.rstrip("/").lower()
    return not where.startswith(f"{scope.lower()}/") and (
        scope.lower() == where or scope.lower().startswith(f"{where}/") or "/managementgroups/" in where
    )


def _type_of(principal: str, assignments: Iterable[Assignment]) -> str:
    types = (one.principal_type for one in assignments if one.principal == principal)
    return next((kind for kind in types if kind in ("User", "Group", "ServicePrincipal")), "")


def _permissions(body: Any, *path: str) -> tuple[Permission, ...]:
    return tuple(
        Permission(
            texts_at(item, "actions"),
            texts_at(item, "notActions"),
            texts_at(item, "dataActions"),
            texts_at(item, "notDataActions"),
        )
        for item in objects_at(body, *path)
    )


def _principals(item: dict[str, Any], key: str) -> tuple[tuple[str, str], ...]:
    return tuple((object_id_at(one, "id"), text_at(one, "type").lower()) for one in objects_at(item, "properties", key))
