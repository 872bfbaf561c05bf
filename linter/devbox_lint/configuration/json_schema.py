"""What is known of resources as JSON Schema: for editors, and for `devbox-lint schema configuration`."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from devbox_lint.configuration.resources import AS_OF, Resource, find_resource, known_modules

_TYPES = {
    "text": ["string", "number", "boolean"],
    "boolean": ["boolean", "integer"],
    "integer": ["integer", "string"],
    "list": ["array", "string", "number"],
    "map": "object",
}
# A resource of DSC v3 itself takes text only as text: a number is refused.
_NATIVE_TYPES = {"text": "string", "boolean": "boolean", "integer": "integer", "list": "array", "map": "object"}


def resource_names(is_v3: bool) -> list[str]:
    """The resources that a unit may name, those of DSC v3 itself only in its own shape, where they come first."""
    modules = sorted(known_modules(), key=lambda module: not module.is_native)
    return [f"{module.name}/{name}" for module in modules for name in module.resources if is_v3 or not module.is_native]


def settings_schema(resource: Resource) -> dict[str, Any]:
    """The schema of the settings of a resource; the names are as the resource writes them."""
    types = _NATIVE_TYPES if resource.is_native else _TYPES
    properties: dict[str, Any] = {}
    for setting in resource.settings.values():
        described: dict[str, Any] = {
            "title": setting.name,
            "description": f"A setting of {resource.full_name}, as of {AS_OF}.",
        }
        if setting.type in types:
            described["type"] = types[setting.type]
        if setting.words:
            described["type"] = "string"
            described["enum"] = list(setting.words)
        properties[setting.name] = described
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    needed = [setting.name for setting in resource.settings.values() if setting.is_needed]
    if needed and resource.is_native:
        # The names of all others may be in any case, which a schema cannot say.
        schema["required"] = needed
    return schema


def with_resources(base: dict[str, Any]) -> dict[str, Any]:
    """The schema of configurations with the settings of each known resource."""
    schema = deepcopy(base)
    for definition, key, holder, is_v3 in (
        ("unit", "resource", "settings", False),
        ("resource", "type", "properties", True),
    ):
        unit = schema["$defs"][definition]
        names = resource_names(is_v3)
        unit["properties"][key]["examples"] = names
        conditions = []
        for name in names:
            resource = find_resource(name)
            if resource is not None and not resource.is_open:
                conditions.append(
                    {
                        "if": {"properties": {key: {"enum": [name]}}, "required": [key]},
                        "then": {"properties": {holder: settings_schema(resource)}},
                    }
                )
        unit["allOf"] = conditions
    return schema
