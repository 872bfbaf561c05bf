"""DBX815: a package by an id that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.package_ids import meant_package
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.configurations._units import CREATE, is_absent, packages_of
from devbox_lint_rules.tasks.store_package import STORE_ID

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_UNIT = "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {{id: {}, source: {}}}\n"
# A publisher, a dot and a name; ids of other kinds of packages have a backslash or an underscore.
_ID = lazy(r"[^\s,;:*?\"'<>|/]++")


class WingetPackageId(Rule):
    """
    A package has an id that is one letter off a known one, or one that it had before; or its id is not the shape of
    one, which has a publisher and a name with a dot between: `Git.Git`.

    Why: winget looks for the id alone, and the unit fails. An upper case letter for a lower case one is no mistake.

    Fix: Write the id that `winget search` shows. An id that is in no list is never called wrong.

    Unsafe because: the known ids are those of August 2026, and a package may be newer.
    """

    code = "DBX815"
    name = "winget-package-id"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    see = ("DBX215", "DBX814")
    references = (CREATE,)
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('«Microsoft.VisualStudio.Code»', 'winget')}{_UNIT.format('«Git.Gitt»', 'winget')}",
            f"{_HEAD}{_UNIT.format('Microsoft.VisualStudioCode', 'winget')}{_UNIT.format('Git.Git', 'winget')}",
        ),
        Example(CONFIGURATION, f"{_HEAD}{_UNIT.format('«vscode»', 'winget')}"),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('git.git', 'winget')}{_UNIT.format('Contoso.Tool', 'winget')}"
            f"{_UNIT.format('Git.Gitt', 'contoso')}{_UNIT.format('Python.Python.3.99', 'winget')}"
            f"{_UNIT.format('9P7KNL5RWT25', 'msstore')}",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for unit, package in packages_of(context):
            source = unit.text("source")
            match = unit.text("matchoption")
            if (source is not None and source.value.strip().lower() != "winget") or is_absent(unit):
                continue
            text = package.value.strip()
            if not text or STORE_ID.fullmatch(text) or (match is not None and "contains" in match.value.lower()):
                continue
            start = package.value.index(text)
            span = package.span_of(start, start + len(text))
            meant = meant_package(text)
            if meant is not None:
                fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
                yield Finding(span, f"no known package has the id `{text}`: write `{meant}`", fix=fix)
            elif "." not in text and "\\" not in text and _ID.fullmatch(text):
                yield Finding(
                    span,
                    "this is no WinGet id, which looks like `Git.Git`: write what `winget search` shows",
                    severity=Severity.INFO,
                )
