"""DBX820: a version and the newest one at once."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint_rules.configurations._units import CREATE, packages_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_UNIT = "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {{id: Git.Git, source: winget, {}}}\n"


class WingetVersionAndLatest(Rule):
    """
    A package names a version and asks for the newest one too.

    Why: The newest one wins without a word, so the version in the file is not the one that machines get.

    Fix: Remove one of the two.
    """

    code = "DBX820"
    name = "winget-version-and-latest"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX227", "DBX815")
    bad = (Example(CONFIGURATION, _HEAD + _UNIT.format("version: «2.45.1», useLatest: true")),)
    good = (
        Example(CONFIGURATION, _HEAD + _UNIT.format("version: 2.45.1, useLatest: false")),
        Example(CONFIGURATION, _HEAD + _UNIT.format("UseLatest: true")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for unit, _ in packages_of(context):
            version, latest = unit.text("version"), unit.text("uselatest")
            if version is not None and latest is not None and latest.value.lower() == "true":
                yield Finding(
                    version.span,
                    "`useLatest: true` wins over this version: remove one of the two",
                    "remove `version` or `useLatest`",
                    related=(Related(latest.span, "the newest one is asked for here"),),
                )
