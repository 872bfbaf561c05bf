"""DBX106: a value of the wrong shape."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import name_of_mapping
from devbox_lint.customization.schema import Violation
from devbox_lint.diagnostics import Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import ProblemKind
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence

_WORDS = {
    "object": "a mapping of keys to values",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
}


class WrongType(Rule):
    """
    A value has another shape than its key takes: a list where a mapping belongs, text where a list belongs.

    Why: The service cannot read the value, and rejects the file when it is synchronised or uploaded.

    Fix: Write the shape that the message names. The parameters of a task are a mapping, `package: Git.Git`,
    without dashes; tasks are a list, each with a dash.
    """

    code = "DBX106"
    name = "wrong-type"
    severity = Severity.ERROR
    yields_to = ("DBX002", "DBX204")
    see = ("DBX002", "DBX105", "DBX118")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      - «package»: Git.Git\n      - version: '1.0'\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      version: '1.0'\n",
        ),
        Example(
            USER,
            "tasks:\n  «name»: ~/winget\n  parameters:\n    package: Git.Git\n  name: team/deploy\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n  - name: team/deploy\n",
        ),
        Example(IMAGE, "name: web\n«tasks»:\n  winget: Git.Git\nuserTasks:\n  - «~/winget»\n"),
        Example(USER, "tasks:\n  - name: ~/winget\n    parameters: «Git.Git»\n"),
        Example(TASK, "name: install\nkeywords: «git»\nrebootRequired: «maybe»\n"),
        Example(TASK, "name: «[install]»\nparameters:\n  package: «string»\n"),
        Example(USER, "«- name: ~/winget»\n- name: ~/winget\n"),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"),
        Example(TASK, "name: install\nkeywords: [git]\nrebootRequired: true\ncommand: git --version\n"),
        Example(
            USER,
            "name: 1.0\ntasks:\n  - name: ~/winget\n    parameters:\n      version: 2\n      package: true\n",
            shown=False,
        ),
        Example(TASK, "name: install\ntimeout: '30'\nrebootRequired: yes\nparameters:\n", shown=False),
        Example(USER, "tasks:\n  - name: ~/winget\n    timeout: 60m\n", shown=False),
        Example(USER, "tasks:\n  - name: clone\n    parameters:\n      pat: {{pat}}\n", shown=False),
        Example(IMAGE, "image: {gallery: contoso, name: web}\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.SHAPE and problem.repair:
                fix = Fix(problem.repair, problem.edits) if problem.certain else None
                yield Finding(problem.span, problem.message, fix=fix, related=problem.related)
        for violation in context.customization.violations:
            if violation.keyword != "type":
                continue
            name = violation.path[-1] if violation.path else None
            if name == "timeout" and isinstance(violation.node, Scalar):
                continue  # what a timeout must be has its own rule
            if name == "image" and isinstance(violation.node, Mapping) and name_of_mapping(violation.node):
                continue  # the name in parts, of which another rule says how to write it
            yield _finding(context.source, violation)


def _finding(source: SourceFile, violation: Violation) -> Finding:
    node = violation.node
    key = violation.key
    expected = _WORDS[violation.expected[0]] if len(violation.expected) == 1 else "a single value"
    shape = _shape(node)
    line_end = source.line_end(source.position(node.start).line)
    span = Span(node.start, max(node.start, min(node.end, line_end)))
    if key is None:
        what = "list item" if violation.path else "whole file"
        message = f"expected {expected} as the {what}, found {shape}"
    elif isinstance(node, Mapping | Sequence) and not node.flow:
        # The value has many lines and no head of its own: its key stands for it.
        span = key.span
        message = f"expected {expected} for `{key.value}`, found {shape}"
    else:
        message = f"expected {expected} for `{key.value}`, found {shape}"
    return Finding(span, message, _help(violation))


def _help(violation: Violation) -> str | None:
    path = violation.path
    if path and path[-1] == "parameters" and isinstance(violation.node, Sequence):
        return "remove the dashes, so that each parameter is a key of `parameters`"
    if len(path) == 2 and path[0] in ("parameters", "inputs", "variables"):
        return "a declaration is a mapping with a `type`; other keys belong further left"
    if len(path) == 2 and violation.key is None and isinstance(violation.node, Scalar):
        return "write `name:` before a task's name"
    return None


def _shape(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    data = node.data if isinstance(node, Scalar) else None
    if isinstance(data, str):
        return "text"
    return "`true` or `false`" if isinstance(data, bool) else "a number"
