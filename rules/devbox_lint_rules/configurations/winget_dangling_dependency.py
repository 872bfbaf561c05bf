"""DBX802: a dependency on nothing, on itself, or in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from devbox_lint.configuration.units import Unit, folded, is_literal
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Scalar
from devbox_lint_rules.configurations._units import CREATE, ids_of, packages_of, units_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_UNIT = "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      id: {}\n      settings: {{id: {}, source: winget}}\n"
# To look for what was meant takes time for each name.
_MOST_LOOKED_UP = 20
#: More units of a circle are not named.
_MOST_SHOWN = 5


class WingetDanglingDependency(Rule):
    """
    `dependsOn` names no unit of the file, or the unit itself, or units that depend on each other in a circle; or an
    assertion depends on a resource, which is applied after it.

    Why: winget stops before it applies anything: "dependency not found" (0x8A15C007), or "dependency cycle"
    (0x8A15C00C). Names are compared without regard to case, and are those of units, not of packages.

    Fix: Write the `id` of a unit of the same file (its `name` in the DSC v3 shape), or remove the dependency.
    """

    code = "DBX802"
    name = "winget-dangling-dependency"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX803", "DBX807")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('git', 'Git.Git')}{_UNIT.format('code', 'Microsoft.VisualStudioCode')}"
            "      dependsOn:\n        - «gitt»\n",
            f"{_HEAD}{_UNIT.format('git', 'Git.Git')}{_UNIT.format('code', 'Microsoft.VisualStudioCode')}"
            "      dependsOn:\n        - git\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('pwsh', 'Microsoft.PowerShell')}{_UNIT.format('code', 'Microsoft.VisualStudioCode')}"
            '      dependsOn: [«"Microsoft.PowerShell"»]\n',
            f"{_HEAD}{_UNIT.format('pwsh', 'Microsoft.PowerShell')}{_UNIT.format('code', 'Microsoft.VisualStudioCode')}"
            '      dependsOn: ["pwsh"]\n',
        ),
        Example(CONFIGURATION, f"{_HEAD}{_UNIT.format('git', 'Git.Git')}      dependsOn: [«visualStudio», «git»]\n"),
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('a', 'Git.Git')}      dependsOn: [«b»]\n"
            f"{_UNIT.format('b', 'GitHub.cli')}      dependsOn: [a]\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  assertions:\n"
            "    - resource: Microsoft.Windows.Developer/OsVersion\n      dependsOn: [«git»]\n"
            f"      settings: {{MinVersion: 10.0.22000}}\n  resources:\n{_UNIT.format('git', 'Git.Git')}",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_UNIT.format('Git', 'Git.Git')}{_UNIT.format('code', 'Microsoft.VisualStudioCode')}"
            "      dependsOn: [git, '']\n",
        ),
        Example(CONFIGURATION, f"{_HEAD}{_UNIT.format('a', 'Git.Git')}      dependsOn: ['{{{{first}}}}']\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        units = [unit for unit in units_of(context) if unit.group is None]
        if not any(unit.dependencies for unit in units):
            return
        ids = ids_of(context)
        packages: dict[str, list[Unit]] = {}
        for unit, package in packages_of(context):
            packages.setdefault(folded(package.value), []).append(unit)
        looked_up = 0
        is_filled_later = any(unit.id is not None and not is_literal(unit.id) for unit in units)
        dangling = False
        for unit in units:
            for item in unit.dependencies:
                name = item.value
                if not name.strip() or not is_literal(item) or name.lstrip().startswith("["):
                    continue
                target = ids.get(folded(name))
                if target is None:
                    dangling = True
                    if not is_filled_later:
                        looked_up += 1
                        yield _missing(unit, item, ids if looked_up <= _MOST_LOOKED_UP else {}, packages)
                elif target.node is unit.node:
                    dangling = True
                    yield Finding(item.span, f"`{name}` depends on itself: remove it from `dependsOn`", "remove it")
                elif unit.section == "assertions" and target.section != "assertions":
                    message = f"an assertion depends on `{name}`, which is applied only after all assertions"
                    yield Finding(item.span, message, "remove it from `dependsOn`")
        if not dangling:
            yield from _circle(units, ids)


def _missing(unit: Unit, item: Scalar, ids: Mapping[str, Unit], packages: Mapping[str, list[Unit]]) -> Finding:
    name = item.value
    others = [other.id.value for other in ids.values() if other.id is not None and other.node is not unit.node]
    meant = near_misses(name, others)
    what = "name" if unit.is_v3 else "id"
    if len(meant) != 1:
        same = packages.get(folded(name), [])
        meant = [other.id.value for other in same if other.id is not None and other.node is not unit.node]
        if len(meant) != 1 or len(same) != 1:
            listed = f"no unit has the {what} `{name}`: name one of the file, or remove it"
            return Finding(item.span, listed, "name a unit of the file, or remove the dependency")
    fix = None
    if item.style not in (LITERAL, FOLDED) and "'" not in meant[0] and '"' not in meant[0] and "\\" not in meant[0]:
        fix = Fix(f"write `{meant[0]}`", (Edit(item.span_of(0, len(name)), meant[0]),))
    return Finding(item.span, f"no unit has the {what} `{name}`: write `{meant[0]}`", fix=fix)


def _circle(units: list[Unit], ids: Mapping[str, Unit]) -> Iterator[Finding]:
    """The first circle: what is left when, again and again, units without open dependencies are taken away."""
    left = {id(unit.node): unit for unit in units}
    targets = {
        key: {id(ids[folded(item.value)].node) for item in unit.dependencies if folded(item.value) in ids}
        for key, unit in left.items()
    }
    waiting: dict[int, list[int]] = {}
    for key, others in targets.items():
        for other in others:
            waiting.setdefault(other, []).append(key)
    open_ = {key: len(others) for key, others in targets.items()}
    free = [key for key, count in open_.items() if not count]
    while free:
        done = free.pop()
        left.pop(done, None)
        for key in waiting.get(done, ()):
            open_[key] -= 1
            if not open_[key]:
                free.append(key)
    if not left:
        return
    path: dict[int, int] = {}
    step = next(iter(left))
    while step not in path:
        path[step] = len(path)
        step = next(other for other in targets[step] if other in left)
    circle = list(path)[path[step] :]
    first = min(circle, key=lambda key: left[key].node.start)
    start = circle.index(first)
    circle = circle[start:] + circle[:start]
    places: list[Scalar] = []
    for key, following in zip(circle, [*circle[1:], circle[0]], strict=True):
        wanted = left[following]
        places.append(next(item for item in left[key].dependencies if ids[folded(item.value)].node is wanted.node))
    shown = [places[-1], *places] if len(places) <= _MOST_SHOWN else [places[-1], *places[:_MOST_SHOWN]]
    names = " -> ".join(f"`{item.value}`" for item in shown) + (" -> ..." if len(places) > _MOST_SHOWN else "")
    yield Finding(
        places[0].span,
        f"the units depend on each other in a circle: {names}",
        "remove one of these dependencies",
        related=tuple(Related(item.span, "depends on it") for item in places[1 : _MOST_SHOWN + 1]),
    )
