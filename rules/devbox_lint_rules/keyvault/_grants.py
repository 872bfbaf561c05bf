"""Who may do what: role definitions, role assignments and deny assignments, as Azure evaluates them.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions has how permissions are matched, and
https://learn.microsoft.com/azure/role-based-access-control/deny-assignments what denies. Ids and operations are
compared in lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from devbox_lint_rules.keyvault._answers import Outcome

READ_VALUE = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
READ_METADATA = "Microsoft.KeyVault/vaults/secrets/readMetadata/action"
#: What Key Vault Reader allows on the resource itself and a role for values alone does not.
_READ_RESOURCE = ("Microsoft.KeyVault/vaults/secrets/read", "Microsoft.Authorization/roleAssignments/read")

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
READER = "21090545-7ca7-4776-b22c-e363652d74d2"
#: Key Vault Reader and the built-in roles that hold all that it does: Secrets Officer and Administrator.
_AS_READER = frozenset((READER, "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "00482a5a-887f-4fb3-b363-3b7fe8e74483"))

#: The principal of a deny assignment that stands for everybody.
_EVERYBODY = "00000000-0000-0000-0000-000000000000"
#: The type of a principal whose members nobody here knows.
_GROUP = "group"


class Permission(NamedTuple):
    """One entry of a role definition's or deny assignment's permissions."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    def covers_data(self, operation: str) -> bool:
        """Whether it holds a data operation."""
        return _any(self.data_actions, operation) and not _any(self.not_data_actions, operation)

    def covers(self, operation: str) -> bool:
        """Whether it holds an operation of the control plane."""
        return _any(self.actions, operation) and not _any(self.not_actions, operation)


class Role(NamedTuple):
    """A role definition, built in or custom; ``id`` is the last part of its resource id."""

    id: str
    name: str
    permissions: tuple[Permission, ...]


class Assignment(NamedTuple):
    """A role assignment; ``role`` is the id of a role, ``principal`` may be a group that one is in.

    ``scope`` is the resource id that the role is assigned at.
    """

    role: str
    principal: str
    principal_type: str
    conditional: bool = False
    scope: str = ""


class Denial(NamedTuple):
    """A deny assignment: who it is for, by object id and type in lower case, who not, and what it denies.

    ``scope`` is a resource id; where ``for_children`` is not set, it holds for that resource alone. ``assigned`` says
    that Azure listed it as one for the principal that is asked about, directly or through a group.
    """

    name: str
    scope: str
    permissions: tuple[Permission, ...]
    principals: tuple[tuple[str, str], ...]
    excluded: tuple[tuple[str, str], ...]
    for_children: bool = True
    assigned: bool = False


class Verdict(NamedTuple):
    """The outcome for one principal; ``others`` names the roles that do not help, ``denied_by`` what denies."""

    outcome: Outcome
    others: tuple[str, ...] = ()
    denied_by: str = ""


class Right(NamedTuple):
    """What somebody needs: one of the operations, which are of data or else of the control plane."""

    operations: tuple[str, ...]
    is_data: bool = True

    def is_in(self, permission: Permission) -> bool:
        """Whether a permission holds one of the operations."""
        covers = permission.covers_data if self.is_data else permission.covers
        return any(covers(operation) for operation in self.operations)

    def is_denied_by(self, permission: Permission) -> bool:
        """Whether a deny assignment's permission holds all of them."""
        covers = permission.covers_data if self.is_data else permission.covers
        return all(covers(operation) for operation in self.operations)


#: What reading the value of a secret needs.
SECRET_VALUE = Right((READ_VALUE,))
_METADATA = Right((READ_METADATA,))


def may(
    right: Right,
    principal: str,
    assignments: Sequence[Assignment],
    roles: Mapping[str, Role],
    denials: Iterable[Denial],
) -> Verdict:
    """Whether ``principal`` has a right, with the role assignments that it has, directly or not."""

    def helps(role: Role) -> bool:
        return any(map(right.is_in, role.permissions))

    return _verdict(principal, assignments, roles, denials, helps, right)


def may_read_vault(
    principal: str,
    assignments: Sequence[Assignment],
    roles: Mapping[str, Role],
    denials: Iterable[Denial],
) -> Verdict:
    """Whether ``principal`` may read what Key Vault Reader may, by one role or by several together."""

    def helps(role: Role) -> bool:
        return role.id in _AS_READER

    verdict = _verdict(principal, assignments, roles, (), helps, _METADATA)
    if verdict.outcome is Outcome.MISSING:
        held = [role for assignment in assignments if (role := roles.get(assignment.role)) is not None]
        certain = [role for a in assignments if not a.conditional and (role := roles.get(a.role)) is not None]
        for of, outcome in ((certain, Outcome.GRANTED), (held, Outcome.CONDITIONAL)):
            if _reads_vault(of):
                verdict = Verdict(outcome)
                break
    return verdict if verdict.outcome is Outcome.MISSING else _denied(principal, denials, _METADATA) or verdict


def _reads_vault(roles: Iterable[Role]) -> bool:
    permissions = [permission for role in roles for permission in role.permissions]
    return any(permission.covers_data(READ_METADATA) for permission in permissions) and all(
        any(permission.covers(operation) for permission in permissions) for operation in _READ_RESOURCE
    )


def _verdict(
    principal: str,
    assignments: Sequence[Assignment],
    roles: Mapping[str, Role],
    denials: Iterable[Denial],
    helps: Callable[[Role], bool],
    right: Right,
) -> Verdict:
    helping = [a for a in assignments if a.role in roles and helps(roles[a.role])]
    if not helping:
        others = {roles[a.role].name: None for a in assignments if a.role in roles}
        return Verdict(Outcome.MISSING, tuple(others))
    denied = _denied(principal, denials, right)
    if denied is not None:
        return denied
    return Verdict(Outcome.CONDITIONAL if all(a.conditional for a in helping) else Outcome.GRANTED)


def _denied(principal: str, denials: Iterable[Denial], right: Right) -> Verdict | None:
    """What the deny assignments make of it, None where they leave it alone."""
    unclear: Verdict | None = None
    for denial in denials:
        named, excluded = dict(denial.principals), dict(denial.excluded)
        if principal in excluded or not any(map(right.is_denied_by, denial.permissions)):
            continue
        if denial.assigned or principal in named or _EVERYBODY in named:
            if _GROUP not in excluded.values():
                return Verdict(Outcome.DENIED, denied_by=denial.name)
        elif _GROUP not in named.values():
            continue
        unclear = Verdict(Outcome.UNCLEAR, denied_by=denial.name)
    return unclear


def _any(patterns: Iterable[str], operation: str) -> bool:
    return any(matches(pattern, operation) for pattern in patterns)


def matches(pattern: str, operation: str) -> bool:
    """Whether a pattern of a permission matches an operation: ``*`` is any text, also with slashes in it.

    Time is linear in the product of the lengths: a stranger's custom role may be full of stars.
    """
    pattern, operation = pattern.strip().lower(), operation.lower()
    at = star = -1
    index = position = 0
    while index < len(operation):
        if position < len(pattern) and pattern[position] == "*":
            star, at = position, index
            position += 1
        elif position < len(pattern) and pattern[position] == operation[index]:
            position += 1
            index += 1
        elif star >= 0:
            at += 1
            position, index = star + 1, at
        else:
            return False
    return not pattern[position:].strip("*")
