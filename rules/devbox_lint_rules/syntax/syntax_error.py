"""DBX001: text that YAML cannot parse."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class SyntaxError(Rule):  # noqa: A001 - the class is named after the rule
    """
    YAML cannot parse the file as it is written, or reads a slip such as `-name: x` as something else.

    Why: Dev Box rejects the whole file, and what follows the error is not even looked at. Here it is:
    the broken piece is set aside, so that one run shows all that is wrong.

    Fix: The message names the repair: a missing space after `-` or `:`, a dash too few or too many, a quote that
    is never closed, a value with `: ` in it that needs quotes. A fix moves all lines that belong together.
    """

    code = "DBX001"
    name = "syntax-error"
    severity = Severity.ERROR
    needs = ()
    # In quotes the value would be wrong as well, which is said of it.
    yields_to = ("DBX225", "DBX311")
    misread = True
    kinds = YAML_FILES
    see = ("DBX002", "DBX005", "DBX013")
    references = ("https://yaml.org/spec/1.2.2/",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package«:»\"Git.Git\"\n      version: '2'\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: \"Git.Git\"\n      version: '2'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  «-»name: ~/winget\n   parameters:\n     package: Git.Git\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    «- command»: npm ci\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: npm ci\n",
        ),
        Example(IMAGE, "name: web\ndescription: tools«:» all of them\nimage: gallery/web@1.0.0\n"),
        Example(TASK, "name: clean\ncommand: «'»Remove-Item x\nauthor: me\n"),
        Example(
            IMAGE,
            "name: web\n«<<<<<<< HEAD»\nimage: gallery/web@1.0.0\n=======\nimage: gallery/web@2.0.0\n>>>>>>> main\n",
        ),
        Example(TASK, "«param($x)»\nWrite-Host $x\n", path="task.yaml"),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        $text = @"\n«# Title»\n"@\n        $text\n',
        ),
    )
    good = (
        Example(IMAGE, "name: web\ndescription: 'tools: all of them'\nimage: gallery/web@1.0.0\n"),
        Example(IMAGE, "name: web\r\nimage: gallery/web@1.0.0"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.SYNTAX:
                fix = Fix(problem.repair, problem.edits) if problem.repair and problem.certain else None
                yield Finding(problem.span, problem.message, problem.help, fix, problem.related)
