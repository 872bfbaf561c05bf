"""What the commands of scripts need: rights on storage accounts, registries and vaults, and the roles that give them.

The operations are those of https://learn.microsoft.com/azure/role-based-access-control/permissions/storage and
https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-directory-reference, the
roles those of https://learn.microsoft.com/azure/role-based-access-control/built-in-roles.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from devbox_lint_rules.keyvault._grants import SECRET_VALUE, SECRETS_USER, Right

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_REGISTRY = "Microsoft.ContainerRegistry/registries"
_BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


class Resource(Enum):
    """The kinds of resources that scripts use, in words."""

    STORAGE_ACCOUNT = "storage account"
    REGISTRY = "container registry"
    VAULT = "key vault"


class Needed(NamedTuple):
    """A right on a resource of a kind, and the built-in role, by its id, that gives it and little else."""

    resource: Resource
    right: Right
    role: str


class Need(Enum):
    """What a command does, in words that end a sentence."""

    READ_BLOBS = "read blobs"
    WRITE_BLOBS = "write blobs"
    DELETE_BLOBS = "delete blobs"
    PULL = "pull images"
    READ_SECRET = "read the secret"


NEEDED = {
    Need.READ_BLOBS: Needed(
        Resource.STORAGE_ACCOUNT, Right((f"{_BLOBS}/read",)), "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    ),
    Need.WRITE_BLOBS: Needed(
        Resource.STORAGE_ACCOUNT, Right((f"{_BLOBS}/write", f"{_BLOBS}/add/action")), _BLOB_CONTRIBUTOR
    ),
    Need.DELETE_BLOBS: Needed(Resource.STORAGE_ACCOUNT, Right((f"{_BLOBS}/delete",)), _BLOB_CONTRIBUTOR),
    Need.PULL: Needed(
        Resource.REGISTRY, Right((f"{_REGISTRY}/pull/read",), is_data=False), "7f951dda-4ed3-4680-a7ca-43fe172d538d"
    ),
    Need.READ_SECRET: Needed(Resource.VAULT, SECRET_VALUE, SECRETS_USER),
}
#: What pulling images needs of a registry in which roles count for single repositories, where AcrPull has no effect:
#: https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions.
PULL_FROM_REPOSITORIES = Needed(
    Resource.REGISTRY, Right((f"{_REGISTRY}/repositories/content/read",)), "b93aa761-3e63-49ed-ac28-beffa264f7ac"
)
#: What looking up the keys of a storage account needs.
KEYS = Needed(
    Resource.STORAGE_ACCOUNT,
    Right(("Microsoft.Storage/storageAccounts/listkeys/action",), is_data=False),
    "81a9662b-bebf-436f-a333-f67b29880f12",
)
