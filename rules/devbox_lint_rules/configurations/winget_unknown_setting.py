"""DBX801: a setting that the resource does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.resources import AS_OF, Resource
from devbox_lint.configuration.units import Unit
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.yaml.nodes import Entry, Scalar
from devbox_lint_rules.configurations._settings import meant_setting, needed_settings, unknown_settings
from devbox_lint_rules.configurations._units import CREATE, known_units, severity_of

# Words for settings that many expect.
_NOTES = {
    "scope": "winget chooses the scope itself, and a configuration cannot",
    "silent": "winget installs silently unless `InstallMode` says otherwise: remove it",
    "override": "a configuration cannot pass arguments to an installer",
    "custom": "a configuration cannot pass arguments to an installer",
    "noupgrade": "without `UseLatest` an installed package stays as it is: remove it",
    "acceptpackageagreements": "`winget configure` asks once for the whole file: remove it",
    "acceptsourceagreements": "`winget configure` asks once for the whole file: remove it",
    "acceptagreements": "`winget configure` asks once for the whole file: remove it",
    "treatasarray": "it belongs under `arguments`, which may be a list instead",
    "branch": "write `ExtraArgs: [--branch, NAME]`",
}
_SWITCHES = frozenset(("enabled", "isenabled", "enable", "exist", "exists"))


class WingetUnknownSetting(Rule):
    """
    A unit has a setting that its resource does not have.

    Why: winget finds no fault with it, `winget configure validate` neither, and the unit fails when it is applied:
    "The property cannot be found on this object". Case does not matter, but for the resources of DSC v3 themselves.

    Fix: Write the setting that the resource has, or remove it. The known settings are those of August 2026; where a
    unit asks for another version of its module, this is but information.
    """

    code = "DBX801"
    name = "winget-unknown-setting"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/winget-cli/issues/5722")
    see = ("DBX804", "DBX810")
    bad = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: Git.Git\n"
            "        sorce: winget\n".replace("sorce", "«sorce»"),
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: Git.Git\n"
            "        source: winget\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: Git.Git\n"
            "        source: winget\n        «scope»: machine\n        «silent»: true\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.Windows.Developer/EnableLongPathSupport\n"
            "      directives: {allowPrerelease: true}\n      settings:\n        «Enabled»: true\n",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.Windows.Developer/EnableLongPathSupport\n"
            "      directives: {allowPrerelease: true}\n      settings:\n        Ensure: Present\n",
        ),
        Example(
            CONFIGURATION,
            "resources:\n  - name: Git\n    type: Microsoft.WinGet/Package\n    properties:\n      «Id»: Git.Git\n",
            "resources:\n  - name: Git\n    type: Microsoft.WinGet/Package\n    properties:\n      id: Git.Git\n",
            path="tools.winget",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {ID: Git.Git, useLatest: true}\n"
            "    - resource: Contoso.Tools/Thing\n      settings: {anything: true}\n",
        ),
        Example(CONFIGURATION, "- resource: Microsoft.WinGet.DSC/WinGetPackage\n  settings: {a: b}\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for unit, resource in known_units(context):
            for entry in unknown_settings(unit, resource):
                yield _finding(unit, resource, entry)


def _finding(unit: Unit, resource: Resource, entry: Entry) -> Finding:
    name = entry.name or ""
    severity = severity_of(unit, Severity.ERROR)
    meant = meant_setting(unit, resource, entry)
    message = f"unknown setting `{name}` of `{resource.full_name}`"
    if meant is not None:
        fix = Fix(f"write `{meant}`", (Edit(entry.key.span, meant),))
        return Finding(entry.key.span, f"{message}: write `{meant}`", fix=fix, severity=severity)
    needed = needed_settings(unit, resource)
    if needed:
        message += f", which needs {needed}"
    switch = _switch(unit, resource, entry)
    if switch is not None:
        span = Span(entry.key.start, entry.value.end)
        return Finding(
            entry.key.span,
            f"{message}: write `{switch}`",
            fix=Fix(f"write `{switch}`", (Edit(span, switch),)),
            severity=severity,
        )
    note = _NOTES.get(name.lower())
    if note is not None:
        return Finding(entry.key.span, f"{message}: {note}", "remove it", severity=severity)
    known = ", ".join(f"`{setting.name}`" for setting in resource.settings.values())
    return Finding(entry.key.span, message, f"as of {AS_OF} it has {known or 'no settings'}", severity=severity)


def _switch(unit: Unit, resource: Resource, entry: Entry) -> str | None:
    """``Ensure: Present`` for a switch of a resource that has nothing else, ``Exist: true`` where it has that."""
    value = entry.value
    exist = resource.settings.get("exist")
    if (entry.name or "").lower() == "ensure" and exist is not None and isinstance(value, Scalar):
        word = {"present": "true", "absent": "false"}.get(value.value.lower())
        return f"{exist.name}: {word}" if word is not None and unit.setting("exist") is None else None
    if (entry.name or "").lower() not in _SWITCHES or not isinstance(value, Scalar):
        return None
    if "ensure" not in resource.settings or unit.setting("ensure") is not None:
        return None
    words = {"true": "Present", "false": "Absent"}
    word = words.get(value.value.lower())
    return f"Ensure: {word}" if word is not None else None
