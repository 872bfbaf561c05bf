"""DBX807: a dependency written for `dsc`, which winget does not resolve."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import V3_SCHEMA, folded
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import FOLDED, LITERAL
from devbox_lint_rules.configurations._units import CREATE_V3, configuration_of, ids_of, winget_reads

_RESOURCE_ID = lazy(r"\s*\[\s*resourceId\(\s*'[^']*'\s*,\s*'([^']*)'\s*\)\s*\]\s*")
_PLAIN = lazy(r"[A-Za-z][\w.-]*(?: [\w.-]+)*")
_HEAD = f"$schema: {V3_SCHEMA}\nmetadata: {{winget: {{processor: dscv3}}}}\nresources:\n"
_GIT = "  - name: Git\n    type: Microsoft.WinGet/Package\n    properties: {id: Git.Git, source: winget}\n"
_CLI = "  - name: GitHub\n    type: Microsoft.WinGet/Package\n    properties: {id: GitHub.cli, source: winget}\n"


class WingetResourceIdFunction(Rule):
    """
    `dependsOn` calls the function `resourceId`.

    Why: `dsc` resolves it, and even demands it; winget takes the text for a name and does not find it (0x8A15C007).

    Fix: Write the plain name of the unit.
    """

    code = "DBX807"
    name = "winget-resource-id-function"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE_V3, "https://github.com/microsoft/winget-cli/issues/5906")
    see = ("DBX802",)
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_GIT}{_CLI}    dependsOn:\n      - «\"[resourceId('Microsoft.WinGet/Package','Git')]\"»\n",
            f"{_HEAD}{_GIT}{_CLI}    dependsOn:\n      - Git\n",
        ),
        Example(CONFIGURATION, f"{_HEAD}{_GIT}    dependsOn: [«\"[resourceId('a/b', 'Other')]\"»]\n"),
    )
    good = (
        Example(CONFIGURATION, f"{_HEAD}{_GIT}{_CLI}    dependsOn: [Git]\n"),
        Example(
            CONFIGURATION,
            f"$schema: https://aka.ms/dsc/schemas/v3/bundled/config/document.json\nresources:\n{_GIT}{_CLI}"
            "    dependsOn: [\"[resourceId('Microsoft.WinGet/Package','Git')]\"]\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        if not configuration.is_v3 or not winget_reads(context):
            return
        ids = ids_of(context)
        for unit in configuration.units:
            for item in unit.dependencies:
                match = _RESOURCE_ID.fullmatch(item.value)
                if match is None:
                    continue
                target = ids.get(folded(match[1]))
                fix = None
                message = "winget does not resolve `resourceId`: write the name of a unit"
                if target is not None and target.id is not None:
                    name = target.id.value
                    message = f"winget does not resolve `resourceId`: write `{name}`"
                    if item.style not in (LITERAL, FOLDED) and _PLAIN.fullmatch(name):
                        fix = Fix(f"write `{name}`", (Edit(item.span, name),))
                yield Finding(item.span, message, "write the plain name", fix)
