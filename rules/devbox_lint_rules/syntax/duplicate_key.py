"""DBX004: the same key twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Related, Severity, Span
from devbox_lint.rule import IMAGE, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar


class DuplicateKey(Rule):
    """
    A mapping has the same key twice.

    Why: YAML forbids it. Some readers reject the file, others silently keep one of the two values, so a
    task, a parameter or a whole list of tasks is lost.

    Fix: Remove one of the two, or join their values: two `tasks:` become one list.
    """

    code = "DBX004"
    name = "duplicate-key"
    severity = Severity.ERROR
    kinds = YAML_FILES
    see = ("DBX105", "DBX221")
    references = ("https://yaml.org/spec/1.2.2/#nodes",)
    bad = (
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\n«name»: api\n"),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      «'package'»: GitHub.cli\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "  - name: ~/winget\n    parameters:\n      package: GitHub.cli\n",
        ),
        Example(USER, "tasks:\n  - name: ~/winget\n  - name: ~/winget\n", shown=False),
        Example(IMAGE, "name: web\nparameters:\n  <<: &a {}\n  <<: *a\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for node in context.document.mappings:
            if len({entry.name for entry in node.entries}) == len(node.entries):
                continue
            seen: dict[str, Span] = {}
            for entry in node.entries:
                key = entry.key
                if not isinstance(key, Scalar) or key.value == "<<":
                    continue
                first = seen.setdefault(key.value, key.span)
                if first != key.span:
                    yield Finding(
                        key.span,
                        f"duplicate key `{key.value}`: remove one, or merge their values",
                        related=(Related(first, "first here"),),
                    )
