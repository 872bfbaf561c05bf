"""Settings of units against what their resources have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.resources import Resource
from devbox_lint.configuration.units import Unit
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import Entry
from devbox_lint_rules.configurations._keys import place_of
from devbox_lint_rules.configurations._units import COMMON_SETTINGS

_MERGE = "<<"
# Names that people write for others which no slip of the hand explains.
_OTHER_NAMES = {"featurename": "name", "packageid": "id", "packageidentifier": "id", "extensionname": "name"}

#: Settings of which a resource needs one; VSComponents throws without both (microsoft/winget-dsc).
_ONE_OF = {"microsoft.visualstudio.dsc/vscomponents": ("components", "vsConfigFile")}


def unknown_settings(unit: Unit, resource: Resource) -> Iterator[Entry]:
    """The entries of a unit's settings that its resource does not have."""
    if resource.is_open or unit.settings is None:
        return
    for entry in unit.settings.entries:
        name = entry.name
        if name is None or name == _MERGE or "{" in name or name.lower() in COMMON_SETTINGS:
            continue
        known = resource.settings.get(name.lower())
        if known is not None and (not resource.is_native or known.name == name):
            continue
        # What belongs beside the settings is another rule's.
        if known is None and place_of(unit, name) is not None:
            continue
        yield entry


def meant_setting(unit: Unit, resource: Resource, entry: Entry) -> str | None:
    """The setting that an unknown one was meant to be, where that is certain and not there already."""
    name = (entry.name or "").lower()
    same = resource.settings.get(name)
    there = {other.name.lower() for other in (unit.settings.entries if unit.settings else ()) if other.name}
    if same is not None:
        # In another case, which counts for a resource of DSC v3.
        exact = unit.settings.entry(same.name) if unit.settings is not None else None
        return same.name if exact is None else None
    other = resource.settings.get(_OTHER_NAMES.get(name, ""))
    close = [other.name] if other is not None else near_misses(name, [item.name for item in resource.settings.values()])
    if len(close) != 1 or close[0].lower() in there:
        return None
    # PowerShell's resources know their settings in any case, and most files begin them with small letters.
    starts_small = not resource.is_native and (entry.name or "")[:1].islower() and close[0][1:2].islower()
    return f"{close[0][0].lower()}{close[0][1:]}" if starts_small else close[0]


def needed_settings(unit: Unit, resource: Resource) -> str:
    """The settings that the unit lacks and must have, as a phrase; those that are written otherwise are not missing."""
    there = {(entry.name or "").lower() for entry in (unit.settings.entries if unit.settings is not None else ())}
    there.update((meant_setting(unit, resource, entry) or "").lower() for entry in unknown_settings(unit, resource))
    lacking = [setting for key, setting in resource.settings.items() if setting.is_needed and key not in there]
    names = [f"`{setting.name}`" for setting in lacking]
    either = _ONE_OF.get(resource.full_name.lower(), ())
    if either and not there.intersection(name.lower() for name in either):
        names.append(" or ".join(f"`{name}`" for name in either))
    return " and ".join(names)
