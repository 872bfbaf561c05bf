"""DBX810: a setting with a value that its resource does not take, or one that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.configuration.resources import Resource, Setting
from devbox_lint.configuration.units import Unit, is_literal, type_of
from devbox_lint.customization.scripts import CLASSIC_SCRIPT_RESOURCES
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Mapping, Node, Scalar, Sequence, resolve
from devbox_lint_rules.configurations._keys import of_other_shape
from devbox_lint_rules.configurations._settings import meant_setting, needed_settings, unknown_settings
from devbox_lint_rules.configurations._units import CREATE, known_units, severity_of, unit_span

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "$true": "true", "true": "true", "enabled": "true"}
_BOOLEANS |= {"present": "true", "absent": "false"}
_BOOLEANS |= {"no": "false", "off": "false", "n": "false", "$false": "false", "false": "false", "disabled": "false"}
# PowerShell makes a number of `50GB` too.
_NUMBER = lazy(r"[-+]?(?:0x[0-9a-f]+|[0-9]+(?:\.[0-9]+)?)(?:[kmgtp]b)?", re.IGNORECASE)
_KINDS = {"list": "a list", "map": "a mapping", "integer": "a whole number", "boolean": "`true` or `false`"}


class WingetSettingValue(Rule):
    """
    A setting has a value that its resource does not take: a word that is none of the known ones, text where `true` or
    `false` belongs, a number where a resource of DSC v3 takes text; or a setting is missing that must be there.

    Why: `winget configure validate` does not look at it, and the unit fails when it is applied. `yes` and `on` are
    text to winget.

    Fix: Write one of the words that the resource knows, or the setting that it needs.
    """

    code = "DBX810"
    name = "winget-setting-value"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/winget-dsc")
    see = ("DBX801", "DBX819")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
            "      settings: {id: Git.Git, Ensure: «Presnt», useLatest: «yes»}\n",
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
            "      settings: {id: Git.Git, Ensure: Present, useLatest: true}\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.Windows.Developer/Taskbar\n      directives: {{allowPrerelease: true}}\n"
            "      settings:\n        Alignment: «Center»\n        SearchboxMode: Hide\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.WinGet.DSC/WinGetPackage»\n      settings: {{source: winget}}\n",
        ),
        Example(
            CONFIGURATION,
            "resources:\n  - name: Node\n    type: Microsoft.WinGet/Package\n"
            "    properties: {id: OpenJS.NodeJS, version: «24»}\n",
            "resources:\n  - name: Node\n    type: Microsoft.WinGet/Package\n"
            "    properties: {id: OpenJS.NodeJS, version: '24'}\n",
            path="tools.winget",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
            "      settings: {id: Git.Git, version: 3.10, Ensure: present, useLatest: false}\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git, version: 24}\n"
            "    - resource: NpmDsc/NpmPackage\n      directives: {allowPrerelease: true}\n"
            "      settings: {Name: yarn, Arguments: --force, Global: 1}\n    - resource: StorageDsc/Disk\n"
            "      directives: {securityContext: elevated}\n      settings: {DiskId: 0, DriveLetter: E, Size: 50Gb}\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for unit, resource in known_units(context):
            yield from _values(context, unit, resource)
            yield from _missing(unit, resource)


def _values(context: Context, unit: Unit, resource: Resource) -> Iterator[Finding]:
    for entry in unit.settings.entries if unit.settings is not None else ():
        setting = resource.settings.get((entry.name or "").lower())
        if setting is None:
            continue
        value = resolve(entry.value)
        span = value.span if value.end > value.start else entry.key.span
        problem = _problem(setting, value, resource)
        if problem is None:
            continue
        meant = None
        if isinstance(value, Scalar):
            meant = _meant(setting, value, resource)
        if meant is None:
            yield Finding(
                span,
                f"`{setting.name}` of `{resource.full_name}` takes {problem}",
                f"write {problem}",
                severity=severity_of(unit, Severity.ERROR),
            )
            continue
        fix = None
        if isinstance(value, Scalar) and value.style not in (LITERAL, FOLDED) and entry.value is value:
            fix = Fix(f"write `{meant}`", (Edit(value.span, meant),))
        yield Finding(
            span,
            f"`{setting.name}` of `{resource.full_name}` takes {problem}: write `{meant}`",
            None,
            fix,
            severity=severity_of(unit, Severity.ERROR),
        )


def _problem(setting: Setting, value: Node, resource: Resource) -> str | None:
    """What the setting takes, where the value is something else."""
    if setting.type == "any":
        return None
    if isinstance(value, Scalar):
        if not is_literal(value) or value.style in (LITERAL, FOLDED):
            return None
        kind = type_of(value)
        if setting.words:
            words = [word.lower() for word in setting.words]
            if value.value.strip().lower() in words or (kind == "integer" and not resource.is_native):
                return None
            return " or ".join((", ".join(f"`{word}`" for word in setting.words[:-1]), f"`{setting.words[-1]}`"))
        if setting.type == "boolean":
            return _KINDS["boolean"] if kind == "text" or (kind == "integer" and resource.is_native) else None
        if setting.type == "integer":
            is_number = kind == "integer" or (not resource.is_native and _NUMBER.fullmatch(value.value.strip()))
            return None if is_number else _KINDS["integer"]
        if setting.type == "map":
            return _KINDS["map"]
        if setting.type == "text" and resource.is_native and kind != "text":
            return "text"
        return None
    if isinstance(value, Mapping):
        return _KINDS.get(setting.type, "text") if setting.type != "map" else None
    if isinstance(value, Sequence):
        # PowerShell joins a list of texts where one is wanted.
        return _KINDS[setting.type] if setting.type in ("map", "boolean", "integer") else None
    return None


def _meant(setting: Setting, value: Scalar, resource: Resource) -> str | None:
    text = value.value.strip()
    if setting.words:
        if set(setting.words) == {"Absent", "Present"} and text.lower() in _BOOLEANS:
            return "Present" if _BOOLEANS[text.lower()] == "true" else "Absent"
        close = near_misses(text, setting.words)
        return close[0] if len(close) == 1 else None
    if setting.type == "boolean":
        return _BOOLEANS.get(text.lower())
    if setting.type == "text" and resource.is_native:
        return f"'{value.value}'"
    return text if setting.type == "integer" and text.isdecimal() else None


def _missing(unit: Unit, resource: Resource) -> Iterator[Finding]:
    # The scripts of those have a rule of their own.
    if unit.full_name.lower() in CLASSIC_SCRIPT_RESOURCES or resource.is_open:
        return
    if unit.settings is not None and "<<" in unit.settings.names:
        return
    holder = "properties" if unit.is_v3 else "settings"
    if unit.settings is None and (holder in unit.node.names or _stands_elsewhere(unit, holder)):
        # What holds the settings is of the wrong kind, misspelt or misplaced, which is another rule's.
        return
    names = needed_settings(unit, resource)
    # Of one that is unknown the rule about it says what is missing.
    if names and not any(meant_setting(unit, resource, entry) is None for entry in unknown_settings(unit, resource)):
        first: Span = unit_span(unit)
        yield Finding(
            first,
            f"`{resource.full_name}` needs {names}",
            f"write {names} under `{'properties' if unit.is_v3 else 'settings'}`",
            severity=severity_of(unit, Severity.ERROR),
        )


def _stands_elsewhere(unit: Unit, holder: str) -> bool:
    names = [*unit.node.names, *(unit.directives.names if unit.directives is not None else ())]
    return any(holder in near_misses(name, (holder,)) or of_other_shape(unit, name) == holder for name in names[:20])
