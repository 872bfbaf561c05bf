"""DBX811: a module of which there are prereleases alone."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.resources import find_module
from devbox_lint.configuration.units import Unit, is_literal
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.configurations._edits import put
from devbox_lint_rules.configurations._units import CREATE, folded_finding, unit_span, units_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"


class WingetMissingPrerelease(Rule):
    """
    A unit uses a module of which the PowerShell Gallery has prereleases alone, and does not allow one.

    Why: winget does not find the module on a machine that does not have it: "needs prerelease". All modules of
    winget-dsc are prereleases but Microsoft.WinGet.DSC.

    Fix: Write `allowPrerelease: true` under `directives`.
    """

    code = "DBX811"
    name = "winget-missing-prerelease"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/winget-dsc")
    see = ("DBX809",)
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.Windows.Developer/EnableDarkMode»\n      directives:\n"
            "        description: Dark mode\n      settings: {Ensure: Present}\n"
            "    - resource: Microsoft.Windows.Developer/ShowSecondsInClock\n      directives:\n"
            "        allowPrerelease: false\n      settings: {Ensure: Present}\n",
            f"{_HEAD}    - resource: Microsoft.Windows.Developer/EnableDarkMode\n      directives:\n"
            "        description: Dark mode\n        allowPrerelease: true\n      settings: {Ensure: Present}\n"
            "    - resource: Microsoft.Windows.Developer/ShowSecondsInClock\n      directives:\n"
            "        allowPrerelease: true\n      settings: {Ensure: Present}\n",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.Windows.Developer/EnableDarkMode\n"
            "      directives: {allowPrerelease: true}\n      settings: {Ensure: Present}\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git}\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        units = [unit for unit in units_of(context) if not unit.is_v3 and _lacks_it(unit)]
        if not units:
            return
        edits = [put(context.source, unit.node, ("directives", "allowPrerelease"), "true") for unit in units]
        made: tuple[Edit, ...] = tuple(edit for edit in edits if edit is not None)
        fix = Fix("write `allowPrerelease: true`", made) if len(made) == len(units) else None
        yield folded_finding(
            [unit_span(unit) for unit in units],
            f"`{units[0].full_name.partition('/')[0]}` has prereleases alone: write `allowPrerelease: true`",
            "{} units use modules that have prereleases alone: write `allowPrerelease: true`",
            "and here",
            fix,
        )


def _lacks_it(unit: Unit) -> bool:
    module = find_module(unit.full_name.partition("/")[0])
    if module is None or not module.is_prerelease:
        return False
    # A key in the wrong place is another rule's.
    holders = [unit.node, *([unit.settings] if unit.settings is not None else ())]
    if any(name.lower() == "allowprerelease" for holder in holders for name in holder.names):
        return False
    if unit.directives is None:
        return True
    if any(name.lower() == "allowprerelease" for name in unit.directives.names if name != "allowPrerelease"):
        return False
    value = unit.directives.get("allowPrerelease")
    return value is None or (isinstance(value, Scalar) and is_literal(value) and value.value.lower() != "true")
