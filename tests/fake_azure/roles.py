"""Role definitions, and who may do what by them: the fake's own judgement, which shares no code with the product."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True)
class Role:
    """A role definition with one set of permissions."""

    guid: str
    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    custom: bool = False

    def grants(self, operation: str, data: bool) -> bool:
        given, taken = (self.data_actions, self.not_data_actions) if data else (self.actions, self.not_actions)
        return any(matches(p, operation, data) for p in given) and not any(matches(p, operation, data) for p in taken)

    def permissions(self) -> dict[str, list[str]]:
        return {
            "actions": list(self.actions),
            "notActions": list(self.not_actions),
            "dataActions": list(self.data_actions),
            "notDataActions": list(self.not_data_actions),
        }


@cache
def _pattern(pattern: str, data: bool) -> re.Pattern[str]:
    # `Microsoft.KeyVault/vaults/*/read` lets Key Vault Reader read the vault itself: among the actions of the control
    # plane, `/*/` stands for a slash too.
    text = re.escape(pattern.strip()).replace(r"\*", ".*")
    return re.compile(text if data else text.replace("/.*/", "/(?:.*/)?"), re.IGNORECASE)


def matches(pattern: str, operation: str, data: bool) -> bool:
    return _pattern(pattern, data).fullmatch(operation) is not None


VAULTS = "Microsoft.KeyVault/vaults"
GET_SECRET = f"{VAULTS}/secrets/getSecret/action"
READ_METADATA = f"{VAULTS}/secrets/readMetadata/action"
_CONTROL = (
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
    "Microsoft.KeyVault/checkNameAvailability/read",
    "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.KeyVault/locations/*/read",
    f"{VAULTS}/*/read",
    "Microsoft.KeyVault/operations/read",
)

SECRETS_USER = Role(
    "4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", data_actions=(GET_SECRET, READ_METADATA)
)
VAULT_READER = Role(
    "21090545-7ca7-4776-b22c-e363652d74d2",
    "Key Vault Reader",
    _CONTROL,
    data_actions=(f"{VAULTS}/*/read", READ_METADATA),
)
SECRETS_OFFICER = Role(
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", _CONTROL, data_actions=(f"{VAULTS}/secrets/*",)
)
VAULT_ADMINISTRATOR = Role(
    "00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", _CONTROL, data_actions=(f"{VAULTS}/*",)
)
VAULT_CONTRIBUTOR = Role(
    "f25e0fa2-a7c8-4377-a976-54943a77a395",
    "Key Vault Contributor",
    ("Microsoft.Authorization/*/read", "Microsoft.KeyVault/*", "Microsoft.Resources/deployments/*"),
    ("Microsoft.KeyVault/locations/deletedVaults/purge/action",),
)
OWNER = Role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ("*",))
CONTRIBUTOR = Role(
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Contributor",
    ("*",),
    (
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
    ),
)
READER = Role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ("*/read",))
DEVCENTER_PROJECT_ADMIN = Role(
    "331c37c6-af14-46d9-b9f4-e1909e1b95a0",
    "DevCenter Project Admin",
    ("Microsoft.DevCenter/projects/read", "Microsoft.DevCenter/projects/*/read"),
    data_actions=("Microsoft.DevCenter/projects/*",),
)
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_DELEGATES = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
BLOB_READER = Role(
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Storage Blob Data Reader",
    (f"{_BLOBS}/read", _DELEGATES),
    data_actions=(f"{_BLOBS}/blobs/read",),
)
BLOB_CONTRIBUTOR = Role(
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Contributor",
    (f"{_BLOBS}/delete", f"{_BLOBS}/read", f"{_BLOBS}/write", _DELEGATES),
    data_actions=tuple(f"{_BLOBS}/blobs/{one}" for one in ("delete", "read", "write", "move/action", "add/action")),
)
BLOB_OWNER = Role(
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Owner",
    (f"{_BLOBS}/*", _DELEGATES),
    data_actions=(f"{_BLOBS}/blobs/*",),
)
KEY_OPERATOR = Role(
    "81a9662b-bebf-436f-a333-f67b29880f12",
    "Storage Account Key Operator Service Role",
    ("Microsoft.Storage/storageAccounts/listkeys/action", "Microsoft.Storage/storageAccounts/regeneratekey/action"),
)
ACR_PULL = Role(
    "7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", ("Microsoft.ContainerRegistry/registries/pull/read",)
)
REPOSITORY_READER = Role(
    "b93aa761-3e63-49ed-ac28-beffa264f7ac",
    "Container Registry Repository Reader",
    data_actions=(
        "Microsoft.ContainerRegistry/registries/repositories/content/read",
        "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
    ),
)
BUILT_IN = (
    BLOB_READER,
    BLOB_CONTRIBUTOR,
    BLOB_OWNER,
    KEY_OPERATOR,
    ACR_PULL,
    REPOSITORY_READER,
    SECRETS_USER,
    VAULT_READER,
    SECRETS_OFFICER,
    VAULT_ADMINISTRATOR,
    VAULT_CONTRIBUTOR,
    OWNER,
    CONTRIBUTOR,
    READER,
    DEVCENTER_PROJECT_ADMIN,
)


@dataclass(eq=False)
class Assignment:
    """A role given to a principal at a scope."""

    guid: str
    principal: str
    principal_type: str
    role: Role
    scope: str
    condition: str | None = None
    #: Given, but to be activated before it counts.
    eligible_only: bool = False


@dataclass(eq=False)
class Deny:
    """A deny assignment; no principals means everyone."""

    guid: str
    name: str
    scope: str
    principals: tuple[tuple[str, str], ...]
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    only_this_scope: bool = False

    def denies(self, holders: frozenset[str], operation: str, data: bool) -> bool:
        if any(oid in holders for oid, _ in self.excluded):
            return False
        if self.principals and not any(oid in holders for oid, _ in self.principals):
            return False
        given, taken = (self.data_actions, self.not_data_actions) if data else (self.actions, ())
        return any(matches(p, operation, data) for p in given) and not any(matches(p, operation, data) for p in taken)


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, and by what."""

    assignment: Assignment | None = None
    deny: Deny | None = None

    @property
    def allowed(self) -> bool:
        return self.assignment is not None and self.deny is None


def is_within(scope: str, outer: str) -> bool:
    """Whether a scope is another one or below it, by their paths."""
    scope, outer = scope.lower().rstrip("/"), outer.lower().rstrip("/")
    return scope == outer or scope.startswith(f"{outer}/")


@dataclass
class Roles:
    """All assignments of a tenant."""

    #: The scopes above each subscription, by its scope.
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    denies: list[Deny] = field(default_factory=list)
    custom: list[Role] = field(default_factory=list)

    def covers(self, outer: str, scope: str) -> bool:
        """Whether what is given at ``outer`` holds at ``scope``."""
        if outer == "/" or is_within(scope, outer):
            return True
        return any(
            is_within(scope, subscription) and outer.lower() in (one.lower() for one in parents)
            for subscription, parents in self.above.items()
        )

    def definition(self, guid: str) -> Role | None:
        return next((role for role in (*BUILT_IN, *self.custom) if role.guid == guid.lower()), None)

    def decide(self, holders: frozenset[str], operation: str, scope: str, data: bool = False) -> Decision:
        """Judge an operation of one who is, with his groups, these ids."""
        assignment = next(
            (
                one
                for one in self.assignments
                if one.principal in holders
                and not one.eligible_only
                and one.role.grants(operation, data)
                and self.covers(one.scope, scope)
            ),
            None,
        )
        deny = next(
            (
                one
                for one in self.denies
                if one.denies(holders, operation, data)
                and (scope.lower() == one.scope.lower() if one.only_this_scope else self.covers(one.scope, scope))
            ),
            None,
        )
        return Decision(assignment, deny)
