"""DBX809: a resource that its module does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.resources import AS_OF, find_module, find_resource, known_modules, successor_of
from devbox_lint.configuration.units import Unit
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint_rules.configurations._units import CREATE, severity_of, units_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_MOST_LOOKED_UP = 50


class WingetUnknownResource(Rule):
    """
    A unit names a resource that its module has no more, or never had.

    Why: `winget configure validate` finds no fault with it, and the unit fails when it is applied: "The configuration
    unit was not in the module as expected". A machine that has an old version of the module may still have it.

    Fix: Write the resource that the module has now. The known ones are those of August 2026; of modules that are not
    known nothing is said.
    """

    code = "DBX809"
    name = "winget-unknown-resource"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (
        CREATE,
        "https://github.com/microsoft/winget-cli/issues/4509",
        "https://github.com/microsoft/winget-dsc",
    )
    see = ("DBX811", "DBX821")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.WinGet.DSC/WinGetSources»\n"
            "      settings: {Name: contoso, Argument: 'https://contoso.com'}\n",
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetSource\n"
            "      settings: {Name: contoso, Argument: 'https://contoso.com'}\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.WinGet.DSC/WinGetPackges»\n      settings: {{id: Git.Git}}\n",
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {{id: Git.Git}}\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.Windows.Developer/HideFileExtensions»\n"
            "      directives: {allowPrerelease: true}\n      settings: {Ensure: Absent}\n",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: microsoft.winget.dsc/wingetpackage\n      settings: {{id: Git.Git}}\n"
            "    - resource: Contoso.Tools/Thing\n    - resource: Script\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        looked_up = 0
        for unit in units_of(context):
            full_name = unit.full_name
            if unit.resource is None or "/" not in full_name or find_resource(full_name) is not None:
                continue
            looked_up += 1
            if looked_up <= _MOST_LOOKED_UP:
                yield from _unknown(unit, full_name, unit.resource.span)


def _unknown(unit: Unit, full_name: str, span: Span) -> Iterator[Finding]:
    successor = successor_of(full_name)
    module_name, _, name = full_name.partition("/")
    if successor is not None:
        message = f"`{full_name}` is no more: write `{successor.full_name}`"
        fix = _fix(unit, successor.full_name) if successor.is_same else None
        if not successor.is_same:
            other = find_resource(successor.full_name)
            known = ", ".join(f"`{setting.name}`" for setting in other.settings.values()) if other is not None else ""
            message = f"`{full_name}` is no more: `{successor.full_name}` does it, with other settings"
            yield Finding(span, message, f"its settings are {known}", severity=severity_of(unit, Severity.ERROR))
            return
        yield Finding(span, message, fix=fix, severity=severity_of(unit, Severity.ERROR))
        return
    module = find_module(module_name)
    if module is None:
        yield from _unknown_module(unit, module_name, name, span)
        return
    if not module.is_complete:
        return
    meant = near_misses(name, module.resources)
    message = f"as of {AS_OF} `{module.name}` has no resource `{name}`"
    severity = severity_of(unit, Severity.WARNING)
    if len(meant) == 1:
        right = f"{module.name}/{meant[0]}"
        yield Finding(span, f"{message}: write `{right}`", fix=_fix(unit, right), severity=severity)
    else:
        yield Finding(
            span, message, f"it has {', '.join(f'`{other}`' for other in module.resources)}", severity=severity
        )


def _unknown_module(unit: Unit, module: str, name: str, span: Span) -> Iterator[Finding]:
    """A module whose name is all but that of a known one, which has the resource."""
    meant = near_misses(module, [known.name for known in known_modules()])
    if len(meant) == 1 and find_resource(f"{meant[0]}/{name}") is not None:
        right = f"{meant[0]}/{name}"
        message = f"no module `{module}` is known that has `{name}`: write `{right}`"
        yield Finding(span, message, fix=_fix(unit, right, safe=False), severity=Severity.WARNING)


def _fix(unit: Unit, right: str, *, safe: bool = True) -> Fix | None:
    value = unit.resource
    if value is None or "/" not in value.value or value.style in ("|", ">"):
        return None
    return Fix(f"write `{right}`", (Edit(value.span_of(0, len(value.value)), right),), safe)
