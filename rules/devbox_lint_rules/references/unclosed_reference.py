"""DBX312: a reference without its closing braces."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references


class UnclosedReference(Rule):
    """
    A reference to a secret or to a token of Azure DevOps begins with `{{` and has no `}}`.

    Why: Without both pairs of braces nothing is resolved, and the text is passed on literally.

    Fix: Close it with `}}` right after the address.
    """

    code = "DBX312"
    name = "unclosed-reference"
    severity = Severity.ERROR
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX005", "DBX301", "DBX311")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '«{{https://kv1.vault.azure.net/secrets/pat»}'\n"
            '  - name: ~/gitclone\n    parameters:\n      pat: "«{{ado://contoso»"\n',
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n"
            '  - name: ~/gitclone\n    parameters:\n      pat: "{{ado://contoso}}"\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        az login `\n"
            "          --password «{{ https://kv1.vault.azure.net/secrets/pw» --tenant a\n        exit\n",
            fixed="tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        az login `\n"
            "          --password {{ https://kv1.vault.azure.net/secrets/pw}} --tenant a\n        exit\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    description: 'write {{ado://org'\n    parameters:\n"
            "      command: |\n        'a {{0} {1}' -f 1\n        if ($x) {{ Get-Item a }\n"
            "        # {{https://kv1.vault.azure.net/secrets/pw\n        '{{https://example.com/a'\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context, declared=True):
            if reference.kind is not ReferenceKind.UNCLOSED:
                continue
            scalar, end = value.scalar, reference.end
            missing = "}" if scalar.value.startswith("}", end) else "}}"
            yield Finding(
                reference.span,
                f"this reference has no `}}}}`: write `{missing}` after its address",
                fix=Fix(f"insert `{missing}`", (Edit(scalar.span_of(end, end), missing),)),
            )
