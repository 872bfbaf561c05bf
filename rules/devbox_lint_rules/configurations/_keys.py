"""The keys that winget knows, and where each belongs. It ignores all others without a word."""

from __future__ import annotations

from collections.abc import Iterable

from devbox_lint.configuration.resources import find_resource
from devbox_lint.configuration.units import Unit

#: In the shape of schema 0.1 and 0.2.
UNIT_KEYS = ("resource", "id", "dependsOn", "directives", "settings")
DIRECTIVES = ("description", "module", "version", "minVersion", "maxVersion", "allowPrerelease", "securityContext")
#: In the shape of DSC v3.
UNIT_KEYS_V3 = ("name", "type", "dependsOn", "properties", "metadata")
#: What `dsc` reads there and winget does not.
OF_DSC = frozenset(("condition", "copy", "requireversion", "directives"))


#: What a key of a unit is called in the other shape, and in this one.
_IN_OTHER_SHAPE = {"type": "resource", "properties": "settings"}
_IN_OTHER_SHAPE_V3 = {"resource": "type", "id": "name", "settings": "properties"}


def of_other_shape(unit: Unit, name: str) -> str | None:
    """The key that is meant by one of the other shape, where the unit has not got it."""
    meant = (_IN_OTHER_SHAPE_V3 if unit.is_v3 else _IN_OTHER_SHAPE).get(name)
    return meant if meant is not None and meant not in unit.node.names else None


def place_of(unit: Unit, name: str) -> str | None:
    """Where a key belongs that stands in another place of a unit: ``unit``, ``directives`` or ``metadata``, or None.

    A name that the unit's resource has as a setting belongs nowhere else.
    """
    lowered = name.lower()
    resource = find_resource(unit.full_name)
    if resource is not None and lowered in resource.settings:
        return None
    if unit.is_v3:
        return "unit" if lowered == "dependson" else "metadata" if lowered == "securitycontext" else None
    if lowered in ("dependson", "directives"):
        return "unit"
    return "directives" if lowered in ("allowprerelease", "securitycontext") else None


def in_own_case(name: str, known: Iterable[str]) -> str | None:
    """The key that ``name`` is but for its case."""
    lowered = name.lower()
    return next((key for key in known if key.lower() == lowered), None)
