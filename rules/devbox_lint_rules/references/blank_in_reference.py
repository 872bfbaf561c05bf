"""DBX317: blanks inside the braces of a reference to a secret."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references


class BlankInReference(Rule):
    """
    A reference to a secret has blanks inside its braces: `{{ https://... }}`.

    Why: Of two public definitions of one engineer, alike but for these blanks, only the one without them got its
    secret, and the repair was to remove them. No documentation shows blanks round an address. Parameters in
    `{{ x }}` are resolved.

    Fix: Remove the blanks.
    """

    code = "DBX317"
    name = "blank-in-reference"
    severity = Severity.WARNING
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX005", "DBX304")
    # What is wrapped round the braces is told with the address, and its repair takes the blanks along.
    yields_to = ("DBX304",)
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web.git\n"
            '      pat: "«{{ https://kv-web.vault.azure.net/secrets/pat }}»"\n',
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web.git\n"
            '      pat: "{{https://kv-web.vault.azure.net/secrets/pat}}"\n',
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login `\n          --password «{{https://kv-web.vault.azure.net/secrets/pw }}»\n",
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login `\n          --password {{https://kv-web.vault.azure.net/secrets/pw}}\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "parameters:\n  branch:\n    type: string\n    default: main\n"
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web.git\n"
            '      branch: "{{ branch }}"\n      pat: "{{https://kv-web.vault.azure.net/secrets/pat}}"\n',
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context, declared=True):
            if reference.kind is not ReferenceKind.SECRET:
                continue
            content = reference.content
            start, end = reference.start + 2, reference.end - 2
            blanks = [(first, last) for first, last in ((start, content.start), (content.end, end)) if first < last]
            if blanks:
                edits = tuple(Edit(value.scalar.span_of(first, last), "") for first, last in blanks)
                yield Finding(
                    reference.span,
                    "blanks inside the braces: write `{{https://...}}` without spaces, or it may not be resolved",
                    fix=Fix("remove the blanks", edits),
                )
