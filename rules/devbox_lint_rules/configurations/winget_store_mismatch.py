"""DBX814: an id of one source with the name of another."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.yaml.nodes import FOLDED, LITERAL
from devbox_lint_rules.configurations._units import CREATE, is_absent, packages_of
from devbox_lint_rules.tasks.store_package import STORE_ID

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_UNIT = "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {{id: {}, source: {}}}\n"


class WingetStoreMismatch(Rule):
    """
    A package of the Microsoft Store is looked for in `winget`, or one of `winget` in the store.

    Why: Each source has its own ids, so nothing is found.

    Fix: Write `source: msstore` for an id such as `9P7KNL5RWT25`, and `source: winget` for one such as `Git.Git`.
    """

    code = "DBX814"
    name = "winget-store-mismatch"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX216", "DBX816")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('9P7KNL5RWT25', '«winget»')}{_UNIT.format('Git.Git', '«msstore»')}",
            f"{_HEAD}{_UNIT.format('9P7KNL5RWT25', 'msstore')}{_UNIT.format('Git.Git', 'winget')}",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('9P7KNL5RWT25', 'msstore')}{_UNIT.format('Git.Git', 'contoso')}"
            f"{_UNIT.format('Contoso.App_8wekyb3d8bbwe', 'msstore')}",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for unit, package in packages_of(context):
            source = unit.text("source")
            if source is None or is_absent(unit):
                continue
            is_of_store = STORE_ID.fullmatch(package.value.strip()) is not None
            word = source.value.strip().lower()
            is_of_winget = "." in package.value and "_" not in package.value and "\\" not in package.value
            right = "msstore" if is_of_store and word == "winget" else None
            right = right or ("winget" if is_of_winget and word == "msstore" else None)
            if right is None:
                continue
            fix = None
            if source.style not in (LITERAL, FOLDED):
                fix = Fix(f"write `{right}`", (Edit(source.span, right),))
            yield Finding(source.span, f"`{package.value}` is not an id of `{source.value}`: write `{right}`", fix=fix)
