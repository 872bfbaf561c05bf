"""DBX002: a line that does not line up with its siblings."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Finding, Fix, Related, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind
from devbox_lint.yaml.line_edits import entry_span, shift_lines
from devbox_lint.yaml.nodes import Entry, Scalar, Sequence, resolve
from devbox_lint_rules.structure._misplaced_parameters import (
    SLIDING,
    are_tasks,
    slid_among_parameters,
    slid_in,
    slid_out,
)


class BadIndentation(Rule):
    """
    A line does not line up with its siblings.

    Why: YAML knows what belongs together by columns alone. A line that stands between two columns makes the
    file unreadable; one that slid into a neighbour's column changes what the file means without a word: a
    task loses its parameters, a list its last task.

    Fix: Line the key or list item up with those it belongs to. The fix does so where only one repair is
    possible.
    """

    code = "DBX002"
    name = "bad-indentation"
    severity = Severity.ERROR
    kinds = YAML_FILES
    see = ("DBX003", "DBX011", "DBX013", "DBX106")
    references = (
        "https://yaml.org/spec/1.2.2/#61-indentation-spaces",
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n- name: git-clone\n«    »description: Clone this\n    parameters:\n      x: y\n",
            "tasks:\n- name: git-clone\n  description: Clone this\n  parameters:\n    x: y\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n« »- name: ~/powershell\n   parameters:\n     command: x\n",
            "tasks:\n  - name: ~/winget\n  - name: ~/powershell\n    parameters:\n      command: x\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n«      »displayName: Git\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n    displayName: Git\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n«    »userTasks:\n      - name: ~/winget\nname: web\n",
            "tasks:\n  - name: ~/winget\nuserTasks:\n  - name: ~/winget\nname: web\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n«parameters»:\n  package: Git.Git\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n«parameters»:\n  package: Git.Git\n  - name: a/b\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n  - name: a/b\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n« »command: npm ci\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: npm ci\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n«command»: npm ci\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: npm ci\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: a/b\n    parameters:\n      «- name: a/c\n        parameters:\n          x: y»\n",
        ),
    )
    good = (
        Example(IMAGE, "tasks:\n  - name: ~/winget\ntasks: []\n", shown=False),
        Example(IMAGE, "tasks:\n  - name: ~/winget\nparameters:\n  branch:\n    type: string\n", shown=False),
        Example(USER, "userTasks:\n- name: ~/winget\n  parameters:\n    package: Git.Git\n"),
        Example(USER, "userTasks:\n    - name: ~/winget\n      parameters:\n          package: Git.Git\n"),
        Example(TASK, "name: build\ncommand: make\nparameters:\n  timeout:\n    type: number\n"),
        Example(USER, "tasks:\n  - name: team/deploy\n    parameters:\n      timeout: 30\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.INDENTATION:
                fix = Fix(problem.repair, problem.edits) if problem.repair and problem.certain else None
                yield Finding(problem.span, problem.message, problem.help, fix, problem.related)
        for task in context.customization.tasks:
            yield from self._slid(context, task)
        stays: Task | None = None
        for entry, task in slid_out(context.customization):
            first = task.node.entries[0].key
            around: tuple[Span, ...] = ()
            column = context.source.position(first.start).column
            if entry.name not in SLIDING | {"condition"}:
                # A parameter: below the others, or below the key that has none.
                parameters = task.parameters.entries if task.parameters is not None else []
                last = task.node.entries[-1]
                if parameters:
                    column = context.source.position(parameters[0].key.start).column
                elif last.name == "parameters" and isinstance(last.value, Scalar) and last.value.is_null:
                    column += 2
                    around = (last.key.span,)
                else:
                    stays = task
                    continue
            moved = _moved(
                context,
                entry,
                column,
                f"`{entry.name}` is at the top of the file but belongs to the task above",
                Related(first.span, "the task that it belongs to"),
                around,
            )
            # Below one that stays at the top, none can be the task's.
            stays = task if moved.fix is None else stays
            yield moved._replace(fix=None) if stays is task else moved

    def _slid(self, context: Context, task: Task) -> Iterator[Finding]:
        """Keys of the entry inside its parameters, keys of the file inside the entry, tasks as parameters."""
        inside = slid_in(task)
        for entry in task.node.entries:
            name = entry.name
            root = context.customization.root
            if entry in inside and root is not None and name in root.names:
                yield Finding(
                    entry.key.span,
                    f"`{name}` is inside a task, and at the top of the file as well: move what is in it there",
                    covers=(Span(entry.key.start, entry.value.end),),
                )
            elif entry in inside:
                moved = _moved(context, entry, 0, f"`{name}` is inside a task but belongs at the top of the file", None)
                # Below it the list goes on, whose items would come to stand in another one.
                tasks = context.customization.tasks
                is_last = task is next(item for item in reversed(tasks) if item.section == task.section)
                yield moved if is_last else moved._replace(fix=None)
            elif name == "parameters":
                value = resolve(entry.value)
                if isinstance(value, Sequence) and are_tasks(value):
                    yield Finding(
                        value.span,
                        "these tasks are under `parameters` of another task: align their `-` with that of the"
                        " tasks they follow",
                        related=(Related(task.node.entries[0].key.span, "the task that they are in"),),
                        covers=(entry.key.span,),
                    )
                elif (last := slid_among_parameters(task)) is not None:
                    yield _moved(
                        context,
                        last,
                        context.source.position(entry.key.start).column,
                        f"`{last.name}` is among the parameters but belongs to the task",
                        Related(entry.key.span, "aligned with this"),
                    )


def _moved(
    context: Context, entry: Entry, column: int, message: str, related: Related | None, around: tuple[Span, ...] = ()
) -> Finding:
    source = context.source
    key = entry.key
    place = source.position(key.start)
    start = source.line_starts[place.line]
    alone = not source.text[start : key.start].strip(" ")
    fix = None
    lines = entry_span(source, entry)
    # What stands where only because an error in it was passed over may belong elsewhere.
    if alone and not any(lines.start <= problem.span.start < lines.end for problem in context.document.problems):
        fix = Fix(f"move it to column {column + 1}", shift_lines(source, lines, column - place.column))
    return Finding(
        Span(start, key.start) if alone and place.column else key.span,
        f"{message}: move it to column {column + 1}",
        fix=fix,
        related=(related,) if related else (),
        covers=(Span(key.start, entry.value.end), *around),
    )
