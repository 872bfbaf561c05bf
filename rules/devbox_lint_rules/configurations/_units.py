"""What the rules on WinGet configurations share: the units of a file, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devbox_lint.configuration.resources import Resource, find_resource
from devbox_lint.configuration.units import Configuration, Unit, configuration_in, folded, is_literal
from devbox_lint.diagnostics import Finding, Fix, Related, Severity, Span
from devbox_lint.rule import Context
from devbox_lint.yaml.nodes import Entry, Scalar

CREATE = "https://learn.microsoft.com/windows/package-manager/configuration/create"
CREATE_V3 = "https://learn.microsoft.com/windows/package-manager/configuration/create-v3"
CHECK = "https://learn.microsoft.com/windows/package-manager/configuration/check"

#: Settings that every resource of PowerShell has.
COMMON_SETTINGS = frozenset(("sid", "psdscrunascredential"))
#: The resources that install a package, in lower case.
PACKAGES = frozenset(("microsoft.winget.dsc/wingetpackage", "microsoft.winget/package"))
_FOLDERS = frozenset((".config", ".configuration", ".configurations", ".winget", "configurations"))


def configuration_of(context: Context) -> Configuration:
    """The configuration that the file is."""
    return configuration_in(context.customization)


def units_of(context: Context) -> tuple[Unit, ...]:
    """The units of the file; none for a part of a file, which is not judged alone."""
    configuration = configuration_in(context.customization)
    return () if configuration.is_part else configuration.units


def known_units(context: Context) -> Iterator[tuple[Unit, Resource]]:
    """The units whose resource is known, each with it."""
    for unit in units_of(context):
        resource = find_resource(unit.full_name)
        if resource is not None:
            yield unit, resource


def packages_of(context: Context) -> Iterator[tuple[Unit, Scalar]]:
    """The units that install a package, each with the package's id."""
    for unit in units_of(context):
        if unit.full_name.lower() in PACKAGES:
            package = unit.text("id")
            if package is not None and is_literal(package):
                yield unit, package


def is_absent(unit: Unit) -> bool:
    """Whether the unit takes something away instead of bringing it."""
    ensure, exists = unit.text("ensure"), unit.text("_exist")
    return (ensure is not None and ensure.value.lower() == "absent") or (
        exists is not None and exists.value.lower() == "false"
    )


def ids_of(context: Context) -> dict[str, Unit]:
    """The units by their ids as winget compares them, the first of several with one."""
    found: dict[str, Unit] = {}
    for unit in units_of(context):
        if unit.id is not None and unit.group is None:
            found.setdefault(folded(unit.id.value), unit)
    return found


def severity_of(unit: Unit, usual: Severity) -> Severity:
    """Less where the unit asks for another version of the module than the one whose settings are known."""
    return Severity.INFO if unit.is_pinned else usual


def winget_reads(context: Context) -> bool:
    """Whether it is certain that winget reads the file, and not `dsc` alone."""
    configuration = configuration_of(context)
    root = configuration.root
    metadata = root.mapping("metadata") if root is not None else None
    if metadata is not None and "winget" in metadata.names:
        return True
    path = context.source.path.replace("\\", "/").lower()
    return path.endswith(".winget") or path.rpartition("/")[0].rpartition("/")[2] in _FOLDERS


def unit_span(unit: Unit) -> Span:
    """What names the unit: its resource, or its first key."""
    if unit.resource is not None:
        return unit.resource.span
    first = unit.node.entries[0].key if unit.node.entries else unit.node
    return first.span


def folded_finding(spans: Sequence[Span], one: str, many: str, related: str, fix: Fix | None) -> Finding:
    """One finding for the same cause at several places; ``many`` is for more than one, with ``{}`` for their number."""
    message = one if len(spans) == 1 else many.format(len(spans))
    return Finding(spans[0], message, fix=fix, related=tuple(Related(span, related) for span in spans[1:]))


def first_entry(unit: Unit, *names: str) -> Entry | None:
    """The first of the unit's entries with one of these names."""
    return next((entry for entry in unit.node.entries if entry.name in names), None)
