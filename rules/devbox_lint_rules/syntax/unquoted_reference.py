"""DBX005: a value that starts with ``{{`` and has no quotes."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class UnquotedReference(Rule):
    """
    A value starts with `{{` and is not in quotes.

    Why: YAML reads a brace at the start of a value as a mapping, so `pat: {{https://...}}` either does not
    parse or becomes a mapping instead of the reference that the service would resolve.

    Fix: Put the whole value in quotes. Inside a longer text, as in `git clone {{url}}`, none are needed.
    """

    code = "DBX005"
    name = "unquoted-reference"
    severity = Severity.ERROR
    needs = ()
    see = ("DBX001", "DBX006", "DBX312")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://yaml.org/spec/1.2.2/#74-flow-collection-styles",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: «{{https://v.vault.azure.net/secrets/x}}»\n",
            'tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: "{{https://v.vault.azure.net/secrets/x}}"\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: a/b\n    parameters:\n      branch: «{{branch}}»/next # ours\n      url: «{{ url }}»\n",
            'tasks:\n  - name: a/b\n    parameters:\n      branch: "{{branch}}/next" # ours\n      url: "{{ url }}"\n',
        ),
    )
    good = (
        Example(USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{ado://org}}'\n", shown=False),
        Example(USER, "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        {{x}}\n"),
        Example(IMAGE, "tasks:\n  - name: clone\n    parameters: {branch: main}\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.REFERENCE and problem.repair:
                yield Finding(problem.span, problem.message, fix=Fix(problem.repair, problem.edits))
