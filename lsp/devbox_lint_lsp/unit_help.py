"""What is known of the units of a WinGet configuration where somebody writes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devbox_lint.configuration.json_schema import resource_names, settings_schema
from devbox_lint.configuration.resources import find_resource
from devbox_lint.yaml.nodes import Mapping
from devbox_lint_lsp.document_view import Spot

#: The key, beside those of JSON Schema, with values that are known where others are allowed.
KNOWN_VALUES = "knownValues"
_HOLDERS = {"settings": "resource", "properties": "type"}


def unit_schema(spot: Spot, path: Sequence[str | int]) -> dict[str, Any] | None:
    """The schema of a unit's settings, or of what names its resource, at ``path``; None anywhere else.

    ``spot`` is where ``path`` begins or ends: the unit is one of its ancestors.
    """
    for index in range(1, len(path)):
        key = _HOLDERS.get(str(path[index]))
        if key is not None and isinstance(path[index - 1], int):
            full_name = _named(spot, key)
            resource = find_resource(full_name) if full_name else None
            if resource is None:
                return None
            schema: Any = settings_schema(resource)
            for step in path[index + 1 :]:
                properties = schema.get("properties", {})
                schema = properties.get(_written(properties, step))
                if schema is None:
                    return None
            return dict(schema)
    if len(path) > 1 and isinstance(path[-2], int) and path[-1] in ("resource", "type"):
        is_v3 = path[-1] == "type"
        return {
            "title": "Type" if is_v3 else "Resource",
            "description": "The module and the resource in it.",
            "type": "string",
            KNOWN_VALUES: resource_names(is_v3),
        }
    return None


def _named(spot: Spot, key: str) -> str:
    for node in reversed(spot.ancestors):
        if isinstance(node, Mapping):
            name = node.scalar(key)
            if name is None:
                continue
            directives = node.mapping("directives")
            module = directives.scalar("module") if directives is not None else None
            return f"{module.value}/{name.value}" if module is not None and "/" not in name.value else name.value
    return ""


def _written(properties: dict[str, Any], name: str | int) -> str:
    """A setting's own name for one in any case."""
    lowered = str(name).lower()
    return next((known for known in properties if known.lower() == lowered), "")
