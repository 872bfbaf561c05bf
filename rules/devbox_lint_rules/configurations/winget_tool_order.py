"""DBX818: a tool that is used before the unit that installs it."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import Unit, folded
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.configurations._edits import put
from devbox_lint_rules.configurations._units import CREATE, is_absent, packages_of, unit_span, units_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_CODE = (
    "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      id: code\n"
    "      settings: {id: Microsoft.VisualStudioCode, source: winget}\n"
)
#: The packages that bring the tool of a module, by the module in lower case.
_TOOLS = {
    "microsoft.vscode.dsc": (
        "Visual Studio Code",
        ("microsoft.visualstudiocode", "microsoft.visualstudiocode.insiders"),
    ),
    "gitdsc": ("Git", ("git.git", "microsoft.git")),
    "npmdsc": ("Node.js", ("openjs.nodejs", "openjs.nodejs.lts")),
    "yarndsc": ("Yarn", ("yarn.yarn",)),
    "pythonpip3dsc": ("Python", ()),
    "rustdsc": ("Rust", ("rustlang.rustup", "rustlang.rust.msvc")),
    "microsoft.dotnet.dsc": (".NET", ()),
}
_BEGINNINGS = {"pythonpip3dsc": "python.python.3", "microsoft.dotnet.dsc": "microsoft.dotnet.sdk"}


class WingetToolOrder(Rule):
    """
    A unit uses a tool that a unit after it installs: an extension before Visual Studio Code, a clone before Git.

    Why: winget applies the units of a file from the first to the last, so the tool is not there yet on a new machine.

    Fix: Put the unit that installs the tool first, or name it in `dependsOn`.

    Unsafe because: it changes the order in which units are applied.
    """

    code = "DBX818"
    name = "winget-tool-order"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/winget-dsc/issues/105")
    see = ("DBX802", "DBX821")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «Microsoft.VSCode.Dsc/VSCodeExtension»\n      directives:\n"
            f"        allowPrerelease: true\n      settings: {{Name: ms-python.python}}\n{_CODE}",
            f"{_HEAD}    - resource: Microsoft.VSCode.Dsc/VSCodeExtension\n      dependsOn: [code]\n      directives:\n"
            f"        allowPrerelease: true\n      settings: {{Name: ms-python.python}}\n{_CODE}",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_CODE}    - resource: Microsoft.VSCode.Dsc/VSCodeExtension\n"
            "      directives: {allowPrerelease: true}\n      settings: {Name: ms-python.python}\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: Microsoft.VSCode.Dsc/VSCodeExtension\n      dependsOn: [Code]\n"
            f"      directives: {{allowPrerelease: true}}\n      settings: {{Name: ms-python.python}}\n{_CODE}",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: GitDsc/GitConfigUserName\n      directives: {{allowPrerelease: true}}\n"
            "      settings: {UserName: Contoso}\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        users = [unit for unit in units_of(context) if _tool(unit) is not None and unit.section == "resources"]
        if not users:
            return
        packages = [(unit, package) for unit, package in packages_of(context) if not is_absent(unit)]
        for unit in users:
            tool = _tool(unit)
            if tool is None:
                continue
            bringing = [(other, package) for other, package in packages if _brings(tool, package)]
            if not bringing or any(other.node.start < unit.node.start for other, _ in bringing):
                continue
            if any(item.value.strip() for item in unit.dependencies):
                # What it depends on may bring the tool by another way.
                continue
            other, package = bringing[0]
            yield Finding(
                unit_span(unit),
                f"{_TOOLS[tool][0]} is installed only later, by `{package.value}`: put that unit first",
                "put the unit that installs it first, or name it in `dependsOn`",
                _fix(context, unit, other),
                (Related(package.span, "it is installed here"),),
            )


def _tool(unit: Unit) -> str | None:
    module = unit.full_name.partition("/")[0].lower()
    return module if module in _TOOLS else None


def _brings(tool: str, package: Scalar) -> bool:
    name = folded(package.value.strip())
    beginning = _BEGINNINGS.get(tool)
    return name in _TOOLS[tool][1] or (beginning is not None and name.startswith(beginning))


def _fix(context: Context, unit: Unit, other: Unit) -> Fix | None:
    if other.id is None or "dependsOn" in unit.node.names or not other.id.value.replace("-", "").isalnum():
        return None
    edit: Edit | None = put(context.source, unit.node, ("dependsOn",), f"[{other.id.value}]")
    return Fix(f"depend on `{other.id.value}`", (edit,), safe=False) if edit is not None else None
