"""DBX804: a key in the wrong place or case."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import Configuration, Unit
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import Entry, Mapping, Scalar
from devbox_lint_rules.configurations._edits import move
from devbox_lint_rules.configurations._keys import (
    DIRECTIVES,
    OF_DSC,
    UNIT_KEYS,
    UNIT_KEYS_V3,
    in_own_case,
    of_other_shape,
    place_of,
)
from devbox_lint_rules.configurations._units import CREATE, configuration_of, units_of
from devbox_lint_rules.structure._lines import line_after

_SECTIONS = ("configurationVersion", "assertions", "parameters", "resources")
_ROOT_V3 = ("$schema", "metadata", "parameters", "variables", "resources")
#: What is lost with these changes what is applied.
_WEIGHTY = frozenset(
    (
        "configurationversion",
        "dependson",
        "settings",
        "securitycontext",
        "resource",
        "resources",
        "assertions",
        "properties",
    )
)
_OTHER_NAMES = {"minimumversion": "minVersion", "maximumversion": "maxVersion", "elevated": "securityContext"}
_MOST_LOOKED_UP = 50


class WingetMisplacedKey(Rule):
    """
    A key of a unit stands one level too deep or not deep enough, or is in another case than winget knows it:
    `dependsOn` under `directives`, `allowPrerelease` beside it, `DependsOn`.

    Why: winget looks for the keys that it knows, in their own case and place, and ignores all others without a word:
    the dependency, the settings or the elevation is lost.

    Fix: Move the key to where winget looks for it, or write it as winget does.
    """

    code = "DBX804"
    name = "winget-misplaced-key"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX801", "DBX808")
    bad = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: GitDsc/GitClone\n      directives:\n        description: Clone\n"
            "        allowPrerelease: true\n        «dependsOn»:\n          - git\n"
            "      settings: {HttpsUrl: 'https://github.com/contoso/web', RootDirectory: 'C:\\'}\n",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: GitDsc/GitClone\n      directives:\n        description: Clone\n"
            "        allowPrerelease: true\n      dependsOn:\n        - git\n"
            "      settings: {HttpsUrl: 'https://github.com/contoso/web', RootDirectory: 'C:\\'}\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.Windows.Developer/EnableDarkMode\n      «allowPrerelease»: true\n"
            "      directives:\n        description: Dark\n      settings: {Ensure: Present}\n",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.Windows.Developer/EnableDarkMode\n"
            "      directives:\n        description: Dark\n        allowPrerelease: true\n"
            "      settings: {Ensure: Present}\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      «DependsOn»: [git]\n      «setings»:\n"
            "        id: GitHub.cli\n",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      dependsOn: [git]\n      settings:\n"
            "        id: GitHub.cli\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  Resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git}\n".replace(
                "Resources", "«Resources»"
            ),
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git}\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: WinGetPackage\n      id: git\n      directives:\n        «id»: Install Git\n"
            "        module: Microsoft.WinGet.DSC\n      settings: {id: Git.Git}\n",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: WinGetPackage\n      id: git\n      directives:\n        description: Install Git\n"
            "        module: Microsoft.WinGet.DSC\n      settings: {id: Git.Git}\n",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      note: tools\n"
            "      directives: {description: Git, team: web}\n      settings: {id: Git.Git, dependsOn: x}\n".replace(
                ", dependsOn: x", ""
            ),
        ),
        Example(
            CONFIGURATION,
            "resources:\n  - name: Git\n    type: Microsoft.WinGet/Package\n    condition: '[true]'\n"
            "    properties: {id: Git.Git}\n",
            path="tools.winget",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        found: dict[str, list[Finding]] = {}
        for finding in self._each(context):
            found.setdefault(finding.message, []).append(finding)
        for same in found.values():
            yield _together(same)

    def _each(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        if configuration.is_part:
            return
        yield from _of_file(configuration)
        looked_up = 0
        for unit in units_of(context):
            for entry in unit.node.entries:
                looked_up += entry.name not in (UNIT_KEYS_V3 if unit.is_v3 else UNIT_KEYS)
                yield from _beside(context, unit, entry, looked_up <= _MOST_LOOKED_UP)
            if unit.directives is not None and not unit.is_v3:
                for entry in unit.directives.entries:
                    yield from _in_directives(context, unit, entry)
            for entry in unit.settings.entries if unit.settings is not None else ():
                place = place_of(unit, entry.name or "")
                if place is not None:
                    yield _to(context, unit, entry, place, "settings" if not unit.is_v3 else "properties")


def _together(same: list[Finding]) -> Finding:
    """One finding for a mistake that is made again and again."""
    first = same[0]
    if len(same) == 1:
        return first
    edits = tuple(edit for finding in same if finding.fix is not None for edit in finding.fix.edits)
    is_whole = first.fix is not None and all(finding.fix is not None for finding in same)
    return first._replace(
        message=f"{first.message} ({len(same)} times in this file)",
        fix=first.fix._replace(edits=edits) if first.fix is not None and is_whole else None,
        related=tuple(Related(finding.span, "and here") for finding in same[1:]),
    )


def _of_file(configuration: Configuration) -> Iterator[Finding]:
    root, holder = configuration.root, configuration.holder
    if configuration.is_v3 and root is not None:
        yield from _renamed(root, _ROOT_V3)
    elif root is not None:
        if holder is None:
            yield from _renamed(root, ("properties",))
        else:
            yield from _renamed(holder, _SECTIONS)
            for entry in root.entries:
                if entry.name in _SECTIONS and entry.name not in holder.names:
                    yield _of_properties(entry)


def _of_properties(entry: Entry) -> Finding:
    return Finding(
        entry.key.span,
        f"winget ignores `{entry.name}` here: move it under `properties`",
        "indent it so that it stands under `properties`",
        severity=_severity(entry.name or ""),
    )


def _renamed(mapping: Mapping, known: tuple[str, ...]) -> Iterator[Finding]:
    names = set(mapping.names)
    for entry in mapping.entries[:_MOST_LOOKED_UP]:
        name = entry.name
        if name is None or name in known:
            continue
        meant = near_misses(name, known)
        if len(meant) == 1 and meant[0] not in names:
            yield _rename(entry, meant[0])


def _rename(entry: Entry, meant: str) -> Finding:
    return Finding(
        entry.key.span,
        f"winget ignores `{entry.name}`: write `{meant}`",
        fix=Fix(f"write `{meant}`", (Edit(entry.key.span, meant),)),
        severity=_severity(meant),
    )


def _severity(name: str) -> Severity:
    return Severity.ERROR if name.lower() in _WEIGHTY else Severity.WARNING


def _beside(context: Context, unit: Unit, entry: Entry, is_looked_up: bool) -> Iterator[Finding]:
    """What is wrong with a key of the unit itself."""
    name = entry.name
    own = UNIT_KEYS_V3 if unit.is_v3 else UNIT_KEYS
    if name is None or name in own or name == "<<" or (unit.is_v3 and name.lower() in OF_DSC):
        return
    exact = in_own_case(name, own)
    shape = of_other_shape(unit, name)
    if shape is not None:
        yield _rename(entry, shape)
        return
    if name in ("assertions", "resources") and not unit.is_v3:
        yield _of_properties(entry)
        return
    if exact is None and not unit.is_v3:
        directive = in_own_case(name, DIRECTIVES)
        if directive is not None:
            yield _to(context, unit, entry, "directives", "")
            return
    if unit.is_v3 and name.lower() == "securitycontext":
        yield _to(context, unit, entry, "metadata", "")
        return
    meant = [exact] if exact is not None else near_misses(name, own) if is_looked_up else []
    if len(meant) == 1 and meant[0] not in unit.node.names:
        yield _rename(entry, meant[0])


def _in_directives(context: Context, unit: Unit, entry: Entry) -> Iterator[Finding]:
    name = entry.name
    if name is None or name in DIRECTIVES or unit.directives is None:
        return
    key = in_own_case(name, UNIT_KEYS)
    if key is not None and key != "directives":
        yield _to(context, unit, entry, "unit", "directives")
        return
    meant = in_own_case(name, DIRECTIVES) or _OTHER_NAMES.get(name.lower())
    if meant is None or meant in unit.directives.names:
        return
    if meant == "securityContext" and name.lower() == "elevated":
        value = entry.value
        if isinstance(value, Scalar) and value.value.lower() == "true":
            whole = Span(entry.key.start, value.end)
            text = "securityContext: elevated"
            fix = Fix(f"write `{text}`", (Edit(whole, text),))
            yield Finding(entry.key.span, f"winget ignores `{name}`: write `{text}`", fix=fix)
        return
    yield _rename(entry, meant)


def _to(context: Context, unit: Unit, entry: Entry, place: str, where: str) -> Finding:
    """A key that belongs elsewhere: in the unit itself, or under its directives or metadata."""
    name = entry.name or ""
    beside = f" under `{where}`" if where else " here"
    if place == "unit" and in_own_case(name, unit.node.names) is not None:
        return _second(unit, entry, f"winget ignores `{name}`{beside}, and the unit has its own")
    if place == "unit":
        exact = in_own_case(name, UNIT_KEYS_V3 if unit.is_v3 else UNIT_KEYS) or name
        message = f"winget ignores `{name}`{beside}: move it out, beside `{'type' if unit.is_v3 else 'resource'}`"
        edits = _out(context, unit, entry, where, exact)
        fix = Fix(f"move `{exact}` out of `{where}`", edits) if edits else None
    else:
        exact = in_own_case(name, DIRECTIVES) or name
        whole = "`metadata.winget`" if place == "metadata" else "`directives`"
        message = f"winget ignores `{name}`{beside}: move it under {whole}"
        edits = _into_directives(context, unit, entry, exact) if place == "directives" and not where else None
        fix = Fix(f"move `{exact}` under {whole}", edits) if edits else None
    return Finding(entry.key.span, message, f"move `{exact}` to where winget reads it", fix, severity=_severity(exact))


def _second(unit: Unit, entry: Entry, message: str) -> Finding:
    """A key that the unit has where it belongs, too."""
    severity = _severity(entry.name or "")
    if entry.name == "id" and unit.directives is not None and "description" not in unit.directives.names:
        fix = Fix("write `description`", (Edit(entry.key.span, "description"),))
        return Finding(entry.key.span, f"{message}: write `description`", fix=fix, severity=severity)
    return Finding(entry.key.span, f"{message}: remove it", "remove it, or join the two", severity=severity)


def _out(context: Context, unit: Unit, entry: Entry, where: str, exact: str) -> tuple[Edit, ...] | None:
    source = context.source
    holder = unit.node.entry(where)
    if holder is None or not isinstance(holder.value, Mapping) or holder.value.flow or unit.node.flow:
        return None
    by = unit.node.column - holder.value.column
    line = line_after(source, holder)
    if exact in unit.node.names or exact != entry.name or by >= 0 or line is None or len(holder.value.entries) < 2:
        return None
    return move(source, entry, line, by)


def _into_directives(context: Context, unit: Unit, entry: Entry, exact: str) -> tuple[Edit, ...] | None:
    source = context.source
    if exact != entry.name or unit.node.flow:
        return None
    holder = unit.node.entry("directives")
    if holder is None:
        first = source.position(entry.key.start).line
        head = f"{' ' * unit.node.column}directives:{source.newline}"
        return move(source, entry, first, 2, head)
    directives = holder.value
    if not isinstance(directives, Mapping) or directives.flow or exact in directives.names:
        return None
    line = line_after(source, holder)
    by = directives.column - unit.node.column
    return move(source, entry, line, by) if line is not None and by > 0 else None
