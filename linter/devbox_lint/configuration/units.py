"""A WinGet configuration as its author thinks of it: units with ids, settings and directives.

The view is lenient: whatever is missing or of the wrong type is None or left out, and rules say so. Keys are as winget
reads them, in their own case alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from devbox_lint.customization.model import Customization
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import PLAIN, Entry, Mapping, Node, Scalar, Sequence, items_of, resolve

#: The one address by which winget knows a file of the DSC v3 shape.
V3_SCHEMA = "https://raw.githubusercontent.com/PowerShell/DSC/main/schemas/2023/08/config/document.json"

_SECTIONS = ("assertions", "parameters", "resources")
# What stands for a value that is put in before the file is used.
_TEMPLATE = lazy(r"\$?\{\{|\{[0-9]+\}|<[A-Za-z][\w .-]*>|\$\([\w.]+\)|%%|__[A-Z][A-Z_]*__|#\{")
_INTEGER = lazy(r"[-+]?(?:0[xX][0-9a-fA-F]+|[0-9]+)")


class Unit(NamedTuple):
    """One resource, assertion or reported unit.

    ``resource`` is the value of ``resource``, of ``type`` in the DSC v3 shape; ``id`` that of ``id`` or ``name``;
    ``settings`` are the ``properties`` there and ``directives`` the ``metadata``. ``number`` counts from 0 in its
    section; ``group`` is the unit that it is a part of.
    """

    node: Mapping
    section: str
    number: int
    is_v3: bool
    resource: Scalar | None
    id: Scalar | None
    settings: Mapping | None
    directives: Mapping | None
    group: Mapping | None = None

    @property
    def full_name(self) -> str:
        """``Module/Resource`` as it is written, with the module that a directive may name; empty where unknown."""
        if self.resource is None or not is_literal(self.resource):
            return ""
        name = self.resource.value.strip()
        if "/" not in name and self.directives is not None:
            module = self.directives.scalar("module")
            return f"{module.value.strip()}/{name}" if module is not None else name
        return name

    @property
    def is_pinned(self) -> bool:
        """Whether it asks for another version of its module than the newest."""
        return self.directives is not None and any(
            self.directives.scalar(name) is not None for name in ("version", "maxVersion")
        )

    @property
    def context(self) -> Scalar | None:
        """The value of ``securityContext`` that winget reads."""
        holder = self.directives
        if self.is_v3 and holder is not None:
            holder = holder.mapping("winget") or holder
        return holder.scalar("securityContext") if holder is not None else None

    def setting(self, name: str) -> Entry | None:
        """The entry of a setting, in any case; for a native resource of DSC v3 others are another rule's."""
        for entry in self.settings.entries if self.settings is not None else ():
            if entry.name is not None and entry.name.lower() == name:
                return entry
        return None

    def text(self, name: str) -> Scalar | None:
        """The value of a setting, in any case, where it is a scalar that is not null."""
        entry = self.setting(name)
        value = None if entry is None else resolve(entry.value)
        return value if isinstance(value, Scalar) and not value.is_null else None

    @property
    def dependencies(self) -> list[Scalar]:
        """The items of ``dependsOn``."""
        return [item for item in items_of(self.node.get("dependsOn")) if isinstance(item, Scalar)]


class Configuration(NamedTuple):
    """The typed view of one file.

    ``holder`` is the mapping with the sections: ``properties``, or the root in the DSC v3 shape. ``is_part`` says that
    the file is but a part of a configuration, which something puts together.
    """

    root: Mapping | None
    holder: Mapping | None
    is_v3: bool
    is_part: bool
    units: tuple[Unit, ...]

    @property
    def version(self) -> Scalar | None:
        """The value of ``configurationVersion``."""
        return self.holder.scalar("configurationVersion") if self.holder is not None and not self.is_v3 else None

    @property
    def uses_dscv3(self) -> bool:
        """Whether winget has it applied by DSC v3, which finds no modules by itself."""
        metadata = self.root.mapping("metadata") if self.root is not None else None
        winget = metadata.mapping("winget") if metadata is not None else None
        processor = winget.get("processor") if winget is not None else None
        if isinstance(processor, Mapping):
            processor = processor.get("identifier")
        return isinstance(processor, Scalar) and processor.value.lower() == "dscv3"

    @property
    def is_first_schema(self) -> bool:
        """Whether it is of schema 0.1, which has no ``securityContext``."""
        return self.version is not None and self.version.value.startswith("0.1")


# Many rules ask for the units of one file after another.
@lru_cache(maxsize=1)
def configuration_in(customization: Customization) -> Configuration:
    """The configuration that a file is."""
    document = customization.document
    root = customization.root
    if root is None:
        node = None if document.root is None else resolve(document.root)
        if isinstance(node, Sequence):
            return Configuration(None, None, False, True, tuple(_units(node, "resources", False)))
        return Configuration(None, None, False, False, ())
    holder = root.mapping("properties")
    schema = root.scalar("$schema")
    is_v3 = schema is not None and schema.value == V3_SCHEMA
    is_v3 = is_v3 or (holder is None and "properties" not in root.names and _has_types(root))
    if is_v3:
        holder = root
    is_part = holder is None and set(root.names) <= {"resources", "assertions"}
    units: list[Unit] = []
    for section in _SECTIONS if not is_v3 else ("resources",):
        node = (holder or root).get(section)
        if node is not None:
            units.extend(_units(node, section, is_v3))
    return Configuration(root, holder, is_v3, is_part, tuple(units))


def _has_types(root: Mapping) -> bool:
    names = root.names
    if "$schema" in names or "metadata" in names:
        return True
    return any(isinstance(item, Mapping) and "type" in item.names for item in items_of(root.get("resources")))


def _units(node: Node, section: str, is_v3: bool, group: Mapping | None = None) -> Iterator[Unit]:
    for number, item in enumerate(items_of(node)):
        if not isinstance(item, Mapping):
            continue
        if not is_v3:
            yield Unit(
                item, section, number, False, item.scalar("resource"), item.scalar("id"), item.mapping("settings"),
                item.mapping("directives"),
            )  # fmt: skip
            continue
        settings = item.mapping("properties")
        unit = Unit(
            item, section, number, True, item.scalar("type"), item.scalar("name"), settings, item.mapping("metadata"),
            group,
        )  # fmt: skip
        yield unit
        inner = settings.get("resources") if settings is not None and group is None else None
        if inner is not None and _is_group(unit):
            yield from _units(inner, section, True, item)


def _is_group(unit: Unit) -> bool:
    if unit.full_name.lower().startswith("microsoft.dsc/"):
        return True
    flag = unit.directives.scalar("isGroup") if unit.directives is not None else None
    return flag is not None and flag.value.lower() == "true"


def is_literal(scalar: Scalar) -> bool:
    """Whether a value is what it says, and not a place that is filled before the file is used."""
    value = scalar.value
    return len(value) > 1_000 or _TEMPLATE.search(value) is None


def type_of(scalar: Scalar) -> str:
    """What winget reads a scalar as: ``boolean``, ``integer`` or ``text``, for dates and fractions too."""
    if scalar.style != PLAIN or scalar.tag is not None:
        return "text"
    if scalar.value.lower() in ("true", "false"):
        return "boolean"
    return "integer" if _INTEGER.fullmatch(scalar.value) else "text"


def folded(name: str) -> str:
    """An id as winget compares it: after Unicode normalisation, and without regard to case."""
    if name.isascii():
        return name.lower()
    # Imported here: few ids need it.
    from unicodedata import normalize

    return normalize("NFC", name).casefold()
