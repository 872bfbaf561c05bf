"""What can be the answer to each question: facts that Azure gave, without any judgement on them.

A date is written as ``2026-08-31``, in UTC.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class VaultState(Enum):
    """What is known of a vault's existence."""

    FOUND = "found"
    #: Azure says that the name is free.
    FREE = "free"
    #: The name has no address in DNS.
    UNRESOLVED = "unresolved"
    DELETED = "deleted"
    #: It belongs to a tenant that is not the one of the run.
    FOREIGN = "foreign"
    #: Something answers, and not as a key vault does.
    STRANGE = "strange"


class VaultAnswer(NamedTuple):
    """Whether a vault exists.

    ``tenant`` is its own, ``expected`` the one of the run; ``location`` and ``purged_on`` are those of a deleted
    vault; ``strangeness`` says what is wrong with an answer.
    """

    state: VaultState
    tenant: str = ""
    expected: str = ""
    location: str = ""
    purged_on: str = ""
    strangeness: str = ""


class ModelAnswer(NamedTuple):
    """How a vault grants access: by roles, or by access policies.

    ``project`` is the object id of the project's identity, empty where none is known; ``project_may_get`` says whether
    an access policy lets it read secrets. ``has_policies`` says whether there is any access policy, and
    ``others_may_get`` whether one lets somebody else read secrets, who may be a group that the project is in.
    """

    uses_roles: bool
    project: str = ""
    project_may_get: bool = False
    has_policies: bool = False
    others_may_get: bool = False


class NetworkAnswer(NamedTuple):
    """Who may reach a vault through the network.

    ``seen`` is the public network access as the vault has it; ``denies`` says whether the firewall refuses by default.
    """

    is_open: bool
    trusts_services: bool
    in_perimeter: bool = False
    seen: str = ""
    denies: bool = False


class SecretAnswer(NamedTuple):
    """What is known of a secret without its value.

    ``exists`` is about the version where the question names one, and ``has_other_versions`` then says whether the
    secret itself is there. ``expired_on`` and ``valid_from`` are dates in the past and in the future, else empty.
    ``created`` is in seconds since 1970, 0 where it is not known.
    """

    exists: bool
    has_other_versions: bool = False
    enabled: bool = True
    expired_on: str = ""
    valid_from: str = ""
    created: float = 0.0


class ProjectAnswer(NamedTuple):
    """A dev center project; ``principals`` are the object ids of its identities, none where it has no identity."""

    id: str
    name: str
    principals: tuple[str, ...]


class Outcome(Enum):
    """Whether somebody may do something."""

    GRANTED = "granted"
    MISSING = "missing"
    DENIED = "denied"
    #: The only role that would do has a condition.
    CONDITIONAL = "conditional"
    #: A deny assignment names a group, and nobody says who is in it.
    UNCLEAR = "unclear"
    #: There is nobody: a resource without a managed identity, whose id stands for the principal's.
    NOBODY = "nobody"
    #: Nobody says who it is, or what it has; the reason stands in ``denied_by``.
    UNKNOWN = "unknown"


class Standing(NamedTuple):
    """Whether one principal has what a role would give.

    ``who`` is a noun phrase; ``principal_type`` is ``User``, ``Group``, ``ServicePrincipal``, or empty where nobody
    says. ``others`` are names of roles that the principal has and that do not help; ``denied_by`` names a deny
    assignment. ``eligible`` says that the principal may activate the role, which an unattended run does not do.
    """

    who: str
    principal: str
    principal_type: str
    outcome: Outcome
    others: tuple[str, ...] = ()
    denied_by: str = ""
    eligible: bool = False


class AccessAnswer(NamedTuple):
    """Who may read a secret.

    ``scope`` is the resource id that a missing role is to be given at. ``readers`` tells who may read the vault's
    metadata, as Key Vault Reader does, ``users`` who may read the secret's value.
    """

    scope: str
    users: tuple[Standing, ...]
    readers: tuple[Standing, ...] = ()


class ImageAnswer(NamedTuple):
    """Whether a project has an image, and the version asked for; ``names`` are those that it has."""

    exists: bool
    has_version: bool = True
    names: tuple[str, ...] = ()


class TaskError(NamedTuple):
    """What the service says against one task; ``number`` counts the tasks of the question from 0, -1 for none."""

    number: int
    message: str


class TasksAnswer(NamedTuple):
    """What the service says against tasks; nothing where it takes them."""

    errors: tuple[TaskError, ...]


class OrganizationAnswer(NamedTuple):
    """Whether an Azure DevOps organization exists.

    ``tenant`` is the tenant that it is connected to, empty for an organization of personal accounts; ``expected`` the
    tenant of the run, empty where it is not known.
    """

    exists: bool
    tenant: str = ""
    expected: str = ""


class PrincipalState(Enum):
    """What is known of a service principal's existence."""

    FOUND = "found"
    #: The tenant has neither a service principal nor an application of this id.
    MISSING = "missing"
    #: The tenant has the application, and no service principal of it.
    WITHOUT_PRINCIPAL = "without principal"
    #: There is no such tenant.
    NO_TENANT = "no tenant"
    #: It is of the tenant of the run and for that alone, and the script signs in to another one.
    ELSEWHERE = "elsewhere"


class PrincipalAnswer(NamedTuple):
    """Whether a service principal exists in the tenant that a script signs in to.

    ``name`` is its display name; ``tenant`` is the id of the tenant that it is in, or was looked for in.
    """

    state: PrincipalState
    name: str = ""
    enabled: bool = True
    tenant: str = ""


class CredentialAnswer(NamedTuple):
    """What is known of the passwords of a service principal without the passwords.

    ``passwords`` is their number. ``expired_on`` is the day on which the last of them expired, where all have;
    ``expires_on`` the day on which the last does that the secret may hold, where that is soon. ``secret_of`` is the day
    on which the secret got its value, where all passwords that are valid are newer than that, and ``password_of`` the
    day of the oldest of these.
    """

    passwords: int
    expired_on: str = ""
    expires_on: str = ""
    secret_of: str = ""
    password_of: str = ""


class StorageNetwork(Enum):
    """Who may reach a storage account through the network."""

    OPEN = "open"
    #: Some networks may, and whether dev boxes are in one of them is not known.
    SOME = "some"
    #: Nobody may.
    CLOSED = "closed"


class StorageAnswer(NamedTuple):
    """What is known of a storage account.

    ``seen`` is the public network access as the account has it. ``has_container`` is None where nobody says.
    """

    exists: bool
    id: str = ""
    network: StorageNetwork = StorageNetwork.OPEN
    seen: str = ""
    takes_keys: bool = True
    has_container: bool | None = None


class RightAnswer(NamedTuple):
    """Whether a service principal has the right that a command needs.

    ``role`` is the id of the role that is to be given where it is missing, at ``scope``. ``keys`` tells, of a command
    that looks up the keys of a storage account, whether the principal may do that; ``standing`` is about what the
    command does then.
    """

    scope: str
    role: str
    standing: Standing
    keys: Standing | None = None


class PackageAnswer(NamedTuple):
    """Whether WinGet's public source has a package, and the version asked for; ``newest`` is its newest version."""

    exists: bool
    has_version: bool = True
    id: str = ""
    newest: str = ""
