"""DBX803: two units with one id."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import Unit, folded, is_literal
from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint_rules.configurations._units import CREATE, units_of


class WingetDuplicateId(Rule):
    """
    Two units have the same id (`name` in the DSC v3 shape), assertions included, perhaps in another case.

    Why: winget refuses the whole file: "duplicate identifier" (0x8A15C006).

    Fix: Give each unit an id of its own, or leave out those that nothing depends on: an id is not needed.
    """

    code = "DBX803"
    name = "winget-duplicate-id"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX802",)
    bad = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      id: Git\n"
            "      settings: {id: Git.Git, source: winget}\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      id: «git»\n"
            "      settings: {id: GitHub.cli, source: winget}\n",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git, source: winget}\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git, source: winget}\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        known: dict[tuple[int, str], Unit] = {}
        for unit in units_of(context):
            if unit.id is None or not is_literal(unit.id):
                continue
            first = known.setdefault((id(unit.group), folded(unit.id.value)), unit)
            if first is not unit and first.id is not None:
                what = "name" if unit.is_v3 else "id"
                yield Finding(
                    unit.id.span,
                    f"another unit has the {what} `{first.id.value}`: give this one its own",
                    "rename one of them, and what depends on it",
                    related=(Related(first.id.span, "the first one"),),
                )
