"""Where resources are: the ids of those with a name in the whole of Azure, looked up by the Resource Graph.

https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources: a query is sent as a POST,
reads only, and shows what the caller may read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from devbox_lint_rules._azure.bodies import at, objects_at, resource_id_at
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import ResourceManager, refusal

_API = "2024-04-01"
#: How many resources one query looks up.
_AT_ONCE = 100
#: A name that cannot end the text that it stands in.
_NAME = re.compile(r"[a-z0-9-]{1,90}")


class ResourceType(Enum):
    """The types whose names are the world's, as the Resource Graph writes them."""

    VAULT = "microsoft.keyvault/vaults"
    STORAGE_ACCOUNT = "microsoft.storage/storageaccounts"
    REGISTRY = "microsoft.containerregistry/registries"


class Resources:
    """The resources of one run by type and name, many of one type by one query."""

    def __init__(self, manager: ResourceManager, memory: Memory) -> None:
        self._manager = manager
        self._memory = memory
        self._wanted: dict[ResourceType, tuple[str, ...]] = {}

    def expect(self, kind: ResourceType, names: Iterable[str]) -> None:
        """The names in lower case that will be asked for, so that they can be looked up together."""
        self._wanted[kind] = tuple(sorted(set(names)))

    def id_of(self, kind: ResourceType, name: str) -> str:
        """The id of a resource, empty where none of this name shows itself; raises UnansweredError."""
        wanted = self._wanted.get(kind, ())
        number = wanted.index(name) // _AT_ONCE if name in wanted else 0
        at_once = wanted[number * _AT_ONCE : (number + 1) * _AT_ONCE] if name in wanted else (name,)
        return self._memory.get(("ids", kind, at_once), lambda: self._ids(kind, at_once)).get(name, "")

    def _ids(self, kind: ResourceType, names: Sequence[str]) -> dict[str, str]:
        """The ids of resources in all subscriptions that one may see."""
        listed = ", ".join(f"'{name}'" for name in names if _NAME.fullmatch(name))
        query = f"Resources | where type =~ '{kind.value}' and name in~ ({listed}) | project id, name"
        body = {"query": query, "options": {"resultFormat": "objectArray"}}
        reply = self._manager.post("/providers/Microsoft.ResourceGraph/resources", _API, body)
        if reply.status != 200 or not isinstance(at(reply.body, "data"), list):
            raise refusal(reply, "the Resource Graph")
        return ids_by_name(kind, objects_at(reply.body, "data"))


def ids_by_name(kind: ResourceType, items: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Ids by names in lower case, of what is of a type and has an id that could be asked for."""
    found = {}
    for item in items:
        identity = resource_id_at(item, "id")
        if f"/providers/{kind.value}/" in identity.lower():
            found[identity.rpartition("/")[2].lower()] = identity
    return found
