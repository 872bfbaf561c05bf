"""DBX816: a package without the source that has it."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import Unit
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_rules.configurations._edits import put
from devbox_lint_rules.configurations._units import CREATE, folded_finding, is_absent, packages_of
from devbox_lint_rules.tasks.store_package import STORE_ID

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"


class WingetMissingSource(Rule):
    """
    A package does not say which source it is from.

    Why: winget searches all sources then: one that is broken, or whose agreement nobody accepted, lets the unit fail,
    and `winget configure validate` warns.

    Fix: Write `source: winget`, or `msstore` for an id of the Microsoft Store.
    """

    code = "DBX816"
    name = "winget-missing-source"
    severity = Severity.INFO
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/winget-cli/issues/4921")
    see = ("DBX814", "DBX815")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: «Git.Git»\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: 9P7KNL5RWT25}\n",
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: Git.Git\n"
            "        source: winget\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
            "      settings: {id: 9P7KNL5RWT25, source: msstore}\n",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
            "      settings: {id: Git.Git, Source: winget}\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
            "      settings: {id: Contoso.App_8wekyb3d8bbwe, Ensure: Absent}\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        found: list[tuple[Unit, Scalar]] = []
        for unit, package in packages_of(context):
            if not _has_source(unit) and not is_absent(unit) and "_" not in package.value:
                found.append((unit, package))
        if not found:
            return
        edits = [_edit(context, unit, package) for unit, package in found]
        made: tuple[Edit, ...] = tuple(edit for edit in edits if edit is not None)
        sources = {_source(package) for _, package in found}
        written = " or ".join(f"`source: {source}`" for source in sorted(sources, reverse=True))
        fix = Fix(f"write {written}", made) if len(made) == len(found) else None
        yield folded_finding(
            [package.span for _, package in found],
            f"no `source` for `{found[0][1].value}`: write {written}",
            f"{{}} packages without `source`: write {written}",
            "and here",
            fix,
        )


def _has_source(unit: Unit) -> bool:
    """Whether a setting is the source, or was meant to be."""
    names = [] if unit.settings is None else unit.settings.names
    return any(name.lower() == "source" or near_misses(name.lower(), ("source",)) for name in names)


def _source(package: Scalar) -> str:
    return "msstore" if STORE_ID.fullmatch(package.value.strip()) else "winget"


def _edit(context: Context, unit: Unit, package: Scalar) -> Edit | None:
    settings = unit.settings
    return put(context.source, settings, ("source",), _source(package)) if isinstance(settings, Mapping) else None
