"""DBX903: a file for a service that ends."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping

_EXPORT = (
    "`devbox-lint export FILE` writes a WinGet configuration from it; Microsoft's way on is Windows 365:"
    " https://learn.microsoft.com/azure/dev-box/dev-box-retirement-guide"
)


class Retirement(Rule):
    """
    The file is for Microsoft Dev Box, which retires on 18 September 2028. The rule is off unless it is selected, and
    then says so once in each file.

    Why: Until then the work has to move; Microsoft names Windows 365 as the replacement, and there is no automated
    migration. A list of the files that are concerned is where a plan starts.

    Fix: Plan where the work of this file goes. `devbox-lint export FILE` writes a WinGet configuration that does what
    a team file or user customization does, and says of each entry what could not go.
    """

    code = "DBX903"
    name = "retirement"
    severity = Severity.INFO
    tag = "deprecated"
    default = False
    see = ("DBX904",)
    references = (
        "https://learn.microsoft.com/azure/dev-box/dev-box-retirement-guide",
        "https://learn.microsoft.com/windows-365/enterprise/migration-to-windows365",
    )
    bad = (
        Example(IMAGE, "«name»: web\nimage: gallery/web@1.0.0\n"),
        Example(USER, "# mine\n«tasks»:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"),
        Example(TASK, "«name»: build\ncommand: dir\n"),
    )
    good = (Example(USER, "# nothing is in this file\n"),)

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.document.root
        if isinstance(root, Mapping) and root.entries:
            yield Finding(
                root.entries[0].key.span,
                "Microsoft Dev Box retires on 18 September 2028: plan where the work of this file goes",
                _EXPORT if context.kind is not TASK else None,
            )
