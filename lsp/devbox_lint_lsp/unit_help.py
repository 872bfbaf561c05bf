"""What is known of the units of a WinGet configuration where somebody writes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devbox_lint.configuration.json_schema import resource_names, settings_schema
from devbox_lint.configuration.resources import MACHINE_UNLESS_SAID, Resource, find_module, find_resource
from devbox_lint.configuration.units import Configuration
from devbox_lint.yaml.nodes import Mapping
from devbox_lint_lsp.document_view import Spot

#: The key, beside those of JSON Schema, with values that are known where others are allowed.
KNOWN_VALUES = "knownValues"
#: Values of the schema that winget knows and always fails with.
UNSUPPORTED = frozenset(("restricted",))
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


def with_directives(full_name: str, spot: Spot, configuration: Configuration) -> str | None:
    """The name of a resource with the lines that its unit lacks to use it; None where it cannot be used there.

    The lines stand where the unit's keys do.
    """
    resource = find_resource(full_name)
    unit = spot.ancestors[-1] if spot.ancestors else None
    if resource is None or not isinstance(unit, Mapping) or not _takes_settings(resource, unit):
        return full_name if resource is None else None
    module = find_module(resource.module)
    is_v3 = spot.path[-1] == "type"
    if is_v3 and configuration.uses_dscv3 and not resource.is_native:
        return None
    lacking = []
    if module is not None and module.is_prerelease and not is_v3:
        lacking.append("allowPrerelease: true")
    is_elevated = resource.is_elevated or resource.full_name.lower() in MACHINE_UNLESS_SAID
    if is_elevated and "resources" in spot.path and not configuration.is_first_schema:
        lacking.append("securityContext: elevated")
    if not lacking:
        return full_name
    holders = ("metadata", "winget") if is_v3 else ("directives",)
    if unit.flow or holders[0] in unit.names:
        return None
    head = "".join(f"\n{' ' * (2 * depth)}{name}:" for depth, name in enumerate(holders))
    return full_name + head + "".join(f"\n{' ' * (2 * len(holders))}{line}" for line in lacking)


def _takes_settings(resource: Resource, unit: Mapping) -> bool:
    """Whether a resource has all the settings of a unit."""
    settings = unit.mapping("settings") or unit.mapping("properties")
    known = {setting.name if resource.is_native else setting.name.lower() for setting in resource.settings.values()}
    return (
        settings is None
        or resource.is_open
        or all((name if resource.is_native else name.lower()) in known for name in settings.names)
    )


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
