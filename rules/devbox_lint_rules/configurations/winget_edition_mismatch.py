"""DBX822: components for another edition of Visual Studio than the one that is installed."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Scalar
from devbox_lint_rules.configurations._units import CREATE, is_absent, packages_of, units_of

_PACKAGE = lazy(r"(?i)Microsoft\.VisualStudio\.20[0-9]{2}\.(Community|Professional|Enterprise|BuildTools)(?:-Preview)?")
_PRODUCT = lazy(r"(?i)Microsoft\.VisualStudio\.Product\.(Community|Professional|Enterprise|BuildTools)")
_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_PROFESSIONAL = (
    "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
    "      settings: {id: Microsoft.VisualStudio.2022.Professional, source: winget}\n"
)
_VS = (
    "    - resource: Microsoft.VisualStudio.DSC/VSComponents\n      directives: {{securityContext: elevated}}\n"
    "      settings:\n        productId: {}\n        channelId: VisualStudio.17.Release\n        components: [a]\n"
)


class WingetEditionMismatch(Rule):
    """
    The components are for one edition of Visual Studio, and the file installs another.

    Why: The edition that the components are for is not there, so they are not installed.

    Fix: Write the `productId` of the edition that is installed.

    Unsafe because: the other edition may be the one that is meant.
    """

    code = "DBX822"
    name = "winget-edition-mismatch"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/microsoft/VisualStudioDSC")
    see = ("DBX810", "DBX815")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_PROFESSIONAL}{_VS.format('«Microsoft.VisualStudio.Product.Community»')}",
            f"{_HEAD}{_PROFESSIONAL}{_VS.format('Microsoft.VisualStudio.Product.Professional')}",
        ),
    )
    good = (
        Example(CONFIGURATION, f"{_HEAD}{_PROFESSIONAL}{_VS.format('Microsoft.VisualStudio.Product.Professional')}"),
        Example(CONFIGURATION, f"{_HEAD}{_VS.format('Microsoft.VisualStudio.Product.Community')}"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        products = [
            (product, match[1])
            for unit in units_of(context)
            if unit.full_name.lower() == "microsoft.visualstudio.dsc/vscomponents"
            and (product := unit.text("productid")) is not None
            and (match := _PRODUCT.fullmatch(product.value.strip())) is not None
        ]
        if not products:
            return
        installed: dict[str, Scalar] = {}
        for unit, package in packages_of(context):
            match = _PACKAGE.fullmatch(package.value.strip())
            if match is not None and not is_absent(unit):
                installed.setdefault(match[1].lower(), package)
        if len(installed) != 1:
            return
        ((edition, package),) = installed.items()
        for product, wanted in products:
            if wanted.lower() == edition:
                continue
            match = _PACKAGE.fullmatch(package.value.strip())
            right = f"Microsoft.VisualStudio.Product.{match[1] if match else edition}"
            fix = None
            if product.style not in (LITERAL, FOLDED):
                fix = Fix(f"write `{right}`", (Edit(product.span, right),), safe=False)
            yield Finding(
                product.span,
                f"the file installs another edition, with `{package.value}`: write `{right}`",
                None,
                fix,
                (Related(package.span, "it is installed here"),),
            )
