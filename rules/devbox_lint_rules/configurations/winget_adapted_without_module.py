"""DBX821: a resource of a PowerShell module that nothing installs."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.resources import find_module
from devbox_lint.configuration.units import V3_SCHEMA
from devbox_lint.diagnostics import Finding, Related, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint_rules.configurations._units import CREATE_V3, configuration_of, unit_span

_HEAD = f"$schema: {V3_SCHEMA}\nmetadata: {{winget: {{processor: dscv3}}}}\nresources:\n"
_CLONE = (
    "  - name: Clone\n    type: {}GitDsc/GitClone{}\n"
    "    properties: {{HttpsUrl: 'https://github.com/contoso/web', RootDirectory: 'C:\\'}}\n"
)


class WingetAdaptedWithoutModule(Rule):
    """
    A configuration with the processor `dscv3` uses a resource of a PowerShell module, and no unit installs the module.

    Why: With this processor winget installs no modules: the resource is not found on a machine without it. Modules
    that winget's PowerShell engine installed are not found either.

    Fix: Put a `Microsoft.DSC.Transitional/RunCommandOnSet` unit before it that runs `Install-PSResource` in `pwsh`,
    and depend on it.
    """

    code = "DBX821"
    name = "winget-adapted-without-module"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE_V3, "https://github.com/microsoft/winget-cli/issues/5700")
    see = ("DBX806", "DBX809")
    bad = (
        Example(CONFIGURATION, _HEAD + _CLONE.format("«", "»") + _CLONE.format("", "").replace("Clone", "Other", 1)),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}  - name: Module\n    type: Microsoft.DSC.Transitional/RunCommandOnSet\n    properties:\n"
            "      executable: pwsh\n      arguments: [-Command, 'Install-PSResource GitDsc -Prerelease']\n"
            + _CLONE.format("", ""),
        ),
        Example(CONFIGURATION, f"$schema: {V3_SCHEMA}\nresources:\n{_CLONE.format('', '')}"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        if not configuration.is_v3 or not configuration.uses_dscv3:
            return
        text = context.source.text.lower()
        modules: dict[str, list[Span]] = {}
        for unit in configuration.units:
            name = unit.full_name.partition("/")[0]
            module = find_module(name)
            if module is not None and not module.is_native:
                modules.setdefault(module.name, []).append(unit_span(unit))
        installs = any(word in text for word in ("install-psresource", "install-module", "save-psresource"))
        for name, spans in modules.items():
            if installs and _is_named_elsewhere(text, name.lower()):
                continue
            yield Finding(
                spans[0],
                f"no unit installs the module `{name}`, and winget does not with this processor",
                f"run `Install-PSResource -Name {name}` in a unit before it, and depend on that",
                related=tuple(Related(span, "used here too") for span in spans[1:]),
            )


def _is_named_elsewhere(text: str, module: str) -> bool:
    """Whether the module is named without a resource after it, as in the command that installs it."""
    at = text.find(module)
    while at >= 0:
        if text[at + len(module) : at + len(module) + 1] != "/":
            return True
        at = text.find(module, at + 1)
    return False
