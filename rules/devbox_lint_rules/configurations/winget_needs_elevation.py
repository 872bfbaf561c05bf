"""DBX812: a unit that only an administrator can apply."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.followed import tasks_applying
from devbox_lint.configuration.resources import MACHINE_UNLESS_SAID, find_resource
from devbox_lint.configuration.units import Configuration, Unit
from devbox_lint.customization.scripts import users_of
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar, items_of, resolve
from devbox_lint_rules.configurations._edits import put
from devbox_lint_rules.configurations._units import CREATE, configuration_of, folded_finding, unit_span, units_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_DEVELOPER = (
    f"{_HEAD}    - resource: Microsoft.Windows.Developer/DeveloperMode\n      directives:\n"
    "        allowPrerelease: true\n      settings: {Ensure: Present}\n"
)
_MACHINE = lazy(r"(?i)\s*(?:Registry::)?(?:HKLM|HKEY_LOCAL_MACHINE)\b")
_REGISTRY = frozenset(
    ("psdscresources/registry", "xpsdesiredstateconfiguration/xregistry", "microsoft.windows/registry")
)


class WingetNeedsElevation(Rule):
    """
    A unit changes what only an administrator may, such as developer mode, a feature of Windows, components of Visual
    Studio or the registry of the machine, and does not ask for elevation.

    Why: Run by a user the unit fails; with `securityContext: elevated` winget (1.10 or later) asks once and applies
    all such units elevated. A configuration that is always run elevated, or by Dev Box as the system, needs it not: one
    that only `tasks` in the same folder or above apply is left alone.

    Fix: Write `securityContext: elevated` under `directives`, in the DSC v3 shape under `metadata`, `winget`.
    """

    code = "DBX812"
    name = "winget-needs-elevation"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/winget-dsc/pull/163")
    see = ("DBX813",)
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.Windows.Developer/DeveloperMode»\n      directives:\n"
            "        allowPrerelease: true\n      settings: {Ensure: Present}\n"
            "    - resource: PSDscResources/Registry\n"
            "      settings: {Key: 'HKLM:\\Software\\Contoso', ValueName: a, ValueData: b}\n",
            f"{_HEAD}    - resource: Microsoft.Windows.Developer/DeveloperMode\n      directives:\n"
            "        allowPrerelease: true\n        securityContext: elevated\n      settings: {Ensure: Present}\n"
            "    - resource: PSDscResources/Registry\n      directives:\n        securityContext: elevated\n"
            "      settings: {Key: 'HKLM:\\Software\\Contoso', ValueName: a, ValueData: b}\n",
        ),
        Example(
            CONFIGURATION,
            "resources:\n  - name: Long paths\n    type: «Microsoft.Windows/Registry»\n"
            "    properties: {keyPath: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\FileSystem'}\n",
            "resources:\n  - name: Long paths\n    type: Microsoft.Windows/Registry\n    metadata:\n      winget:\n"
            "        securityContext: elevated\n"
            "    properties: {keyPath: 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\FileSystem'}\n",
            path="long.winget",
        ),
        Example(
            CONFIGURATION,
            _DEVELOPER.replace(
                "Microsoft.Windows.Developer/DeveloperMode", "«Microsoft.Windows.Developer/DeveloperMode»"
            ),
            _DEVELOPER.replace("true\n", "true\n        securityContext: elevated\n"),
            path="team/dev.winget",
            beside=(
                ("team/dev.winget", _DEVELOPER),
                (
                    "team/imagedefinition.yaml",
                    "name: web\nimage: a/b\nuserTasks:\n  - name: ~/winget\n    parameters:\n"
                    "      configurationFile: dev.winget\n",
                ),
            ),
            shown=False,
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  assertions:\n"
            "    - resource: Microsoft.Windows.Developer/DeveloperMode\n"
            "      directives: {allowPrerelease: true}\n      settings: {Ensure: Present}\n  resources:\n"
            "    - resource: Microsoft.Windows.Developer/DeveloperMode\n"
            "      directives: {allowPrerelease: true, securityContext: Elevated}\n      settings: {Ensure: Present}\n"
            "    - resource: PSDscResources/Registry\n"
            "      settings: {Key: 'HKCU:\\Software\\Contoso', ValueName: a}\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.1.0\n  resources:\n"
            "    - resource: Microsoft.Windows.Developer/DeveloperMode\n"
            "      directives: {allowPrerelease: true}\n      settings: {Ensure: Present}\n",
        ),
        Example(
            CONFIGURATION,
            _DEVELOPER,
            path="team/dev.winget",
            beside=(
                ("team/dev.winget", _DEVELOPER),
                (
                    "team/imagedefinition.yaml",
                    "name: web\nimage: a/b\ntasks:\n  - name: ~/winget\n    parameters:\n      configurationFile:"
                    " C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\ours\\web\\dev.winget\n",
                ),
            ),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        if configuration.is_first_schema or _is_elevated_as_a_whole(configuration):
            return
        units = [unit for unit in units_of(context) if unit.section == "resources" and _lacks_it(unit)]
        if not units or _is_of_the_system(context):
            return
        path = ("metadata", "winget", "securityContext") if configuration.is_v3 else ("directives", "securityContext")
        edits = [put(context.source, unit.node, path, "elevated") for unit in units]
        made: tuple[Edit, ...] = tuple(edit for edit in edits if edit is not None)
        fix = Fix("write `securityContext: elevated`", made) if len(made) == len(units) else None
        yield folded_finding(
            [unit_span(unit) for unit in units],
            f"`{units[0].full_name}` needs an administrator here: write `securityContext: elevated`",
            "{} units need an administrator: write `securityContext: elevated`",
            "and here",
            fix,
        )


def _is_of_the_system(context: Context) -> bool:
    """Whether all tasks of the repository that apply the file are run by the system, which needs no elevation."""
    users = [users_of(task) for task in tasks_applying(context.source.path, context.catalog)]
    return bool(users) and all(is_system for is_system, _ in users)


def _is_elevated_as_a_whole(configuration: Configuration) -> bool:
    root = configuration.root
    metadata = root.mapping("metadata") if configuration.is_v3 and root is not None else None
    winget = metadata.mapping("winget") if metadata is not None else None
    return winget is not None and winget.scalar("securityContext") is not None


def _lacks_it(unit: Unit) -> bool:
    resource = find_resource(unit.full_name)
    if resource is None or unit.context is not None or unit.group is not None:
        return False
    # A key in the wrong place is another rule's.
    if any("securitycontext" in name.lower() or name.lower() == "elevated" for name in _names(unit)):
        return False
    return resource.is_elevated or _is_of_machine(unit)


def _names(unit: Unit) -> list[str]:
    holders = (unit.node, unit.directives, unit.settings)
    return [name for holder in holders if holder is not None for name in holder.names]


def _is_of_machine(unit: Unit) -> bool:
    name = unit.full_name.lower()
    if name in _REGISTRY:
        key = unit.text("key") or unit.text("keypath")
        return key is not None and _MACHINE.match(key.value) is not None
    if name in MACHINE_UNLESS_SAID:
        target = unit.setting("target")
        if target is None:
            # Both the process and the machine.
            return True
        value = resolve(target.value)
        words = [value] if isinstance(value, Scalar) else [item for item in items_of(value) if isinstance(item, Scalar)]
        return any(word.value.lower() == "machine" for word in words)
    return False
