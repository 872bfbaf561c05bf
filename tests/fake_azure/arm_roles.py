"""The Resource Manager's role assignments, role definitions and deny assignments, with the filters it knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fake_azure.messages import Response, arm_error
from fake_azure.roles import BUILT_IN, Assignment, Deny, Role, is_within
from fake_azure.routes import Call, Routes

ROUTES = Routes()
_AUTHORIZATION = "providers/Microsoft.Authorization"
_ACTION = "Microsoft.Authorization"
_OF_PRINCIPAL = re.compile(r"(assignedto\(|principalid eq )'([0-9a-f-]{36})'\)?", re.IGNORECASE)


def _filter(call: Call, scope: str) -> Callable[[str, str], bool] | Response:
    """What the filter lets through: a test of a scope and a principal, or the refusal of a filter it does not know."""
    roles = call.tenant.roles
    at_scope = False
    holders: frozenset[str] | None = None
    text = call.request.query.get("$filter", "").strip()
    for part in re.split(r"\s+and\s+", text) if text else ():
        match = _OF_PRINCIPAL.fullmatch(part)
        if part.lower() == "atscope()":
            at_scope = True
        elif match and match[1].lower() == "assignedto(":
            one = call.tenant.principals.get(match[2].lower())
            if one is not None and one.type == "Group":
                # https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest: this filter
                # takes the object id of a user or a service principal.
                return arm_error(400, "InvalidFilter", "The filter assignedTo takes a user or a service principal.")
            # What is for everybody, whose principal is written as none, is for this one too.
            holders = call.tenant.holders(match[2].lower()) | {""}
        elif match:
            holders = frozenset((match[2].lower(),))
        else:
            return arm_error(400, "UnsupportedQuery", "The filter is not supported. Supported filters are atScope(), …")

    def passes(where: str, principal: str) -> bool:
        reached = roles.covers(where, scope) or (not at_scope and is_within(where, scope))
        return reached and (holders is None or principal in holders)

    return passes


def _shown(call: Call, one: Assignment) -> dict[str, Any]:
    prefix = one.scope.rstrip("/")
    # Below a subscription its definitions are named with it, above it without.
    home = call.tenant.scope if is_within(one.scope, call.tenant.scope) else ""
    return {
        "id": f"{prefix}/{_AUTHORIZATION}/roleAssignments/{one.guid}",
        "name": one.guid,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {
            "roleDefinitionId": f"{home}/{_AUTHORIZATION}/roleDefinitions/{one.role.guid}",
            "principalId": one.principal,
            "principalType": one.principal_type,
            "scope": one.scope,
            "condition": one.condition,
            "conditionVersion": "2.0" if one.condition else None,
            "createdOn": "2026-01-01T00:00:00.0000000Z",
            "updatedOn": "2026-01-01T00:00:00.0000000Z",
            "createdBy": None,
            "updatedBy": None,
            "delegatedManagedIdentityResourceId": None,
            "description": None,
        },
    }


def _assignments(call: Call, scope: str, eligible: bool) -> Response:
    if refused := call.refusal(f"{_ACTION}/roleAssignments/read", scope or "/"):
        return refused
    passes = _filter(call, scope)
    if isinstance(passes, Response):
        return passes
    found = [one for one in call.tenant.roles.assignments if one.eligible_only == eligible]
    return call.page([_shown(call, one) for one in found if passes(one.scope, one.principal)])


@ROUTES.on("GET", f"{{scope}}/{_AUTHORIZATION}/roleAssignments")
def role_assignments(call: Call, scope: str) -> Response:
    return _assignments(call, scope, eligible=False)


@ROUTES.on("GET", f"{{scope}}/{_AUTHORIZATION}/roleEligibilityScheduleInstances")
def eligible(call: Call, scope: str) -> Response:
    return _assignments(call, scope, eligible=True)


@ROUTES.on("PUT", f"{{scope}}/{_AUTHORIZATION}/roleAssignments/{{guid}}")
def assign(call: Call, scope: str, guid: str) -> Response:
    if refused := call.refusal(f"{_ACTION}/roleAssignments/write", scope):
        return refused
    given = call.request.json()["properties"]
    role = call.tenant.roles.definition(given["roleDefinitionId"].rsplit("/")[-1])
    principal = call.tenant.principals.get(given["principalId"])
    if role is None:
        return arm_error(
            404,
            "RoleDefinitionDoesNotExist",
            f"The specified role definition '{given['roleDefinitionId']}' does not exist.",
        )
    if principal is None or principal.type != given.get("principalType", principal.type):
        return arm_error(400, "PrincipalNotFound", f"Principal {given['principalId']} does not exist in the directory.")
    one = Assignment(guid, principal.id, principal.type, role, scope, given.get("condition"))
    call.tenant.roles.assignments.append(one)
    return Response(201, _shown(call, one))


def _definition(role: Role, scope: str) -> dict[str, Any]:
    return {
        "id": f"{scope}/{_AUTHORIZATION}/roleDefinitions/{role.guid}",
        "name": role.guid,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": role.name,
            "type": "CustomRole" if role.custom else "BuiltInRole",
            "description": "",
            "assignableScopes": [scope or "/"] if role.custom else ["/"],
            "permissions": [role.permissions()],
        },
    }


def _reader_of_definitions(call: Call, scope: str) -> Response | None:
    # Of the directory's root anyone may read the built-in roles.
    return call.refusal(f"{_ACTION}/roleDefinitions/read", scope) if scope else None


@ROUTES.on("GET", f"{{scope}}/{_AUTHORIZATION}/roleDefinitions/{{guid}}")
def role_definition(call: Call, scope: str, guid: str) -> Response:
    if refused := _reader_of_definitions(call, scope):
        return refused
    role = call.tenant.roles.definition(guid)
    if role is None or (role.custom and not scope):
        return arm_error(
            404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{guid}' does not exist."
        )
    return Response(200, _definition(role, scope))


@ROUTES.on("GET", f"{{scope}}/{_AUTHORIZATION}/roleDefinitions")
def role_definitions(call: Call, scope: str) -> Response:
    if refused := _reader_of_definitions(call, scope):
        return refused
    wanted = re.search(r"roleName eq '([^']+)'", call.request.query.get("$filter", ""))
    roles = (*BUILT_IN, *(call.tenant.roles.custom if scope else ()))
    return call.page([_definition(one, scope) for one in roles if not wanted or one.name.lower() == wanted[1].lower()])


def _denial(one: Deny) -> dict[str, Any]:
    everyone = ((("00000000-0000-0000-0000-000000000000", "SystemDefined"),)) if not one.principals else one.principals
    permissions = {
        "actions": list(one.actions),
        "notActions": [],
        "dataActions": list(one.data_actions),
        "notDataActions": list(one.not_data_actions),
    }
    return {
        "id": f"{one.scope}/{_AUTHORIZATION}/denyAssignments/{one.guid}",
        "name": one.guid,
        "type": "Microsoft.Authorization/denyAssignments",
        "properties": {
            "denyAssignmentName": one.name,
            "description": "",
            "permissions": [permissions],
            "scope": one.scope,
            "doNotApplyToChildScopes": one.only_this_scope,
            "principals": [{"id": oid, "type": kind} for oid, kind in everyone],
            "excludePrincipals": [{"id": oid, "type": kind} for oid, kind in one.excluded],
            "isSystemProtected": True,
        },
    }


@ROUTES.on("GET", f"{{scope}}/{_AUTHORIZATION}/denyAssignments")
def deny_assignments(call: Call, scope: str) -> Response:
    if refused := call.refusal(f"{_ACTION}/denyAssignments/read", scope):
        return refused
    passes = _filter(call, scope)
    if isinstance(passes, Response):
        return passes
    return call.page([_denial(one) for one in call.tenant.roles.denies if _passes_deny(passes, one)])


def _passes_deny(passes: Callable[[str, str], bool], one: Deny) -> bool:
    return any(passes(one.scope, oid) for oid in ([oid for oid, _ in one.principals] or [""]))
