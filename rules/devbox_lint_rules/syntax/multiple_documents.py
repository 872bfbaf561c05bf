"""DBX009: more than one YAML document in a file."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class MultipleDocuments(Rule):
    """
    A second YAML document starts in the file.

    Why: Dev Box reads one document from a file; the rest is rejected or never run.

    Fix: Move the second document to a file in a folder of its own, or remove the `---` between them.
    """

    code = "DBX009"
    name = "multiple-documents"
    severity = Severity.ERROR
    needs = ()
    kinds = YAML_FILES
    see = ("DBX012",)
    references = ("https://yaml.org/spec/1.2.2/#92-streams",)
    bad = (
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\n«---»\nname: api\nimage: gallery/api@1.0.0\n"),
        Example(TASK, "---\nname: build\ncommand: make\n...\n«---»\nname: test\n"),
    )
    good = (
        Example(IMAGE, "---\nname: web\nimage: gallery/web@1.0.0\n...\n"),
        Example(TASK, "name: build\ncommand: |\n  ---\n  make\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.DOCUMENTS:
                yield Finding(problem.span, problem.message, problem.help)
