"""DBX314: a file that the local tools cannot run as it is."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references


class NotResolvedLocally(Rule):
    """
    A file refers to a secret or to a token of Azure DevOps, which only the service resolves.

    Why: The Dev Box CLI and the extension for Visual Studio Code pass the reference on as it stands, so a
    task that works in the cloud fails on your own machine. People who then paste the secret in to try the
    task forget it there.

    Fix: Nothing needs changing. Test the file without the task, or in a dev box that the service sets up.
    """

    code = "DBX314"
    name = "not-resolved-locally"
    severity = Severity.INFO
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX310", "DBX316")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '«{{ado://contoso}}»'\n"
            "  - name: ~/gitclone\n    parameters:\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n        ./a.ps1\n"
            "        -Token «{{https://kv1.vault.azure.net/secrets/a}}»\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "parameters:\n  a:\n    type: string\n    default: b\n"
            "tasks:\n  - name: t\n    parameters:\n      a: '{{a}}'\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    description: '{{ado://contoso}}'\n    parameters:\n"
            "      command: |\n        # {{https://kv1.vault.azure.net/secrets/a}}\n        exit\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for _, reference in resolved_references(context):
            if reference.kind is ReferenceKind.SECRET or reference.kind is ReferenceKind.ADO:
                yield Finding(
                    reference.span,
                    "the Dev Box CLI and the editor extension do not resolve this: test the task in a dev box"
                    " that the service sets up",
                )
                return
