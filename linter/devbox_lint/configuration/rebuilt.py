"""Units of a configuration that is there, made anew for another one, in either shape."""

from __future__ import annotations

from devbox_lint.configuration.resources import find_module, find_resource
from devbox_lint.configuration.units import Unit, configuration_in, type_of
from devbox_lint.configuration.writing import Made, Value
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence, resolve
from devbox_lint.yaml.parse import parse

#: Deeper settings are no settings of a resource.
_DEEPEST = 20
_NATIVE = {
    "microsoft.winget.dsc/wingetpackage": "Microsoft.WinGet/Package",
    "psdscresources/script": "Microsoft.DSC.Transitional/PowerShellScript",
}


def rebuilt_units(text: str, is_old: bool) -> tuple[list[Made] | None, list[str]]:
    """The units of a configuration of schema 0.1 or 0.2, and what stays behind; None where it cannot be read."""
    document = parse(SourceFile("inline.winget", text))
    configuration = configuration_in(Customization(document, Kind.CONFIGURATION))
    if document.problems or configuration.holder is None or configuration.is_v3:
        return None, []
    notes: list[str] = []
    made: list[Made] = []
    for unit in configuration.units:
        if unit.section != "resources":
            notes.append("its assertions stay behind: one that fails would stop the whole file")
            continue
        new = _unit(unit, is_old, len(made) + 1)
        if new is None:
            notes.append(f"its resource `{unit.full_name or 'without a name'}` has no form in this shape")
        else:
            made.append(new)
    return made, list(dict.fromkeys(notes))


def _unit(unit: Unit, is_old: bool, number: int) -> Made | None:
    full_name = unit.full_name
    if not full_name or "/" not in full_name:
        return None
    settings: dict[str, Value] = {}
    for entry in unit.settings.entries if unit.settings is not None else ():
        value = plain_value(entry.value)
        if entry.name is not None and value is not None:
            settings[entry.name] = value
    resource = full_name
    if not is_old:
        native = _NATIVE.get(full_name.lower())
        module = find_module(full_name.partition("/")[0])
        if native is None or module is None:
            return None
        known = find_resource(native)
        names = {name: setting.name for name, setting in known.settings.items()} if known is not None else {}
        settings = {names[key.lower()]: value for key, value in settings.items() if key.lower() in names}
        resource = native
    description = unit.directives.scalar("description") if unit.directives is not None else None
    prerelease = unit.directives.scalar("allowPrerelease") if unit.directives is not None else None
    package = unit.text("id")
    name = unit.id.value if unit.id is not None else package.value if package is not None else f"unit-{number}"
    return Made(
        name,
        resource,
        settings,
        description.value if description is not None else "",
        unit.context is not None and unit.context.value.lower() == "elevated",
        prerelease is not None and prerelease.value.lower() == "true",
        tuple(item.value for item in unit.dependencies),
    )


def plain_value(node: Node, depth: int = 0) -> Value | None:
    """A value as winget reads it; None for what is too deep, ``depth`` levels down already."""
    node = resolve(node)
    if isinstance(node, Scalar):
        kind = type_of(node)
        if kind == "boolean":
            return node.value.lower() == "true"
        return int(node.value, 0) if kind == "integer" and not node.value.lstrip("+-").startswith("0") else node.value
    if depth > _DEEPEST:
        return None
    if isinstance(node, Sequence):
        items = [plain_value(item, depth + 1) for item in node.items]
        return [item for item in items if item is not None]
    if isinstance(node, Mapping):
        found = {entry.name: plain_value(entry.value, depth + 1) for entry in node.entries if entry.name is not None}
        return {name: value for name, value in found.items() if value is not None}
    return None
