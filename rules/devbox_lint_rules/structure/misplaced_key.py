"""DBX119: a task's parameter beside ``parameters`` instead of inside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Span
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Entry, Mapping, Scalar
from devbox_lint_rules.structure._lines import Lines, entry_lines, line_after, move_into
from devbox_lint_rules.structure._misplaced_parameters import misplaced_parameters, parameters_of


class MisplacedKey(Rule):
    """
    A task's parameter stands in the entry itself, not under `parameters`.

    Why: The service passes to a task only what is under `parameters`. A key beside it is unknown, so the
    task runs without the value, or the file is rejected.

    Fix: Put the key under `parameters`, two columns deeper.
    """

    code = "DBX119"
    name = "misplaced-key"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX002", "DBX105", "DBX204")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "tasks:\n- name: git-clone\n  description: Clone this repository\n  parameters:\n"
            "  «command»: MyCommand -MyParam 'x'\n",
            "tasks:\n- name: git-clone\n  description: Clone this repository\n  parameters:\n"
            "    command: MyCommand -MyParam 'x'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    «command»: |\n      Get-Date\n\n      Get-Item .\n"
            "    timeout: 60\n    workingDirectory: C:\\Work # here\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        Get-Date\n\n"
            "        Get-Item .\n      workingDirectory: C:\\Work # here\n    timeout: 60\n",
        ),
        Example(
            USER,
            "userTasks:\r\n  - name: ~/winget\r\n    «package»: Git.Git\r\n    parameters:\r\n"
            '        version: "1.0.0"\r\n\r\n    downloadUrl: https://contoso.com/x.yaml',
            'userTasks:\r\n  - name: ~/winget\r\n    parameters:\r\n        version: "1.0.0"\r\n\r\n'
            "        downloadUrl: https://contoso.com/x.yaml\r\n        package: Git.Git",
        ),
        Example(USER, "tasks:\n  - {name: ~/winget, «package»: Git.Git}\n"),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n    «package»: Git.Git\n",
        ),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"),
        Example(USER, "tasks:\n  - name: install\n    package: Git.Git\n", shown=False),
        Example(USER, "tasks:\n  - name: install\n    parameters:\n    descripton: tools\n", shown=False),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    runAsUser: true\n    parameters:\n      package: Git.Git\n",
            shown=False,
        ),
        Example(USER, "tasks:\n  - name: ~/winget\n    parameters:\nuserTasks: []\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            entries = misplaced_parameters(task)
            if not entries:
                continue
            parameters = parameters_of(task)
            spans = [entry.key.span for entry in entries]
            shown = [f"`{entry.name}`" for entry in entries]
            names = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
            is_one = len(entries) == 1
            yield Finding(
                spans[0],
                f"{names} {'is a parameter' if is_one else 'are parameters'} of the task:"
                f" put {'it' if is_one else 'them'} under `parameters`",
                f"indent {'it so that it stands' if is_one else 'them so that they stand'} under `parameters`",
                _fix(context, task, entries),
                related=tuple(Related(span, "here too") for span in spans[1:]),
                covers=(*spans[1:], *((parameters.key.span,) if parameters is not None else ())),
            )


def _is_empty(entry: Entry) -> bool:
    return isinstance(entry.value, Scalar) and entry.value.is_null


class _Place(NamedTuple):
    """Where parameters go: before which line, how many columns deeper than the entry's own keys.

    ``head`` is text to put before them, ``taken`` the parameters that are there, ``erase`` an edit that must
    be made as well.
    """

    line: int
    width: int
    head: str = ""
    taken: Collection[str] = ()
    erase: Edit | None = None


def _fix(context: Context, task: Task, entries: list[Entry]) -> Fix | None:
    source = context.source
    blocks = [lines for entry in entries if (lines := entry_lines(source, entry)) is not None]
    names = [entry.name or "" for entry in entries]
    if len(blocks) < len(entries) or len(set(names)) < len(names) or task.node.flow:
        return None
    if any(_keeps_blank_lines(source, entry) or _is_empty(entry) for entry in entries):
        return None
    place = _place(context, task, blocks[0])
    if place is None or not set(names).isdisjoint(place.taken):
        return None
    edits = move_into(source, blocks, place.line, place.width, place.head)
    if place.erase is not None:
        edits = (place.erase, *edits)
    listed = ", ".join(f"`{name}`" for name in names)
    return Fix(f"move {listed} under `parameters`", edits)


def _place(context: Context, task: Task, first: Lines) -> _Place | None:
    source = context.source
    column = source.position(task.node.start).column
    parameters = parameters_of(task)
    if parameters is None:
        return _Place(first.first, _step(context), f"{' ' * column}parameters:{source.newline}")
    line = line_after(source, parameters)
    if line is None:
        return None
    value = parameters.value
    if isinstance(value, Scalar) and value.is_null:
        erase = Edit(Span(parameters.key.end, value.end), ":") if value.end > value.start else None
        return _Place(line, _step(context), erase=erase)
    if isinstance(value, Mapping) and value.entries and not value.flow:
        if _keeps_blank_lines(source, value.entries[-1]):
            return None
        width = source.position(value.start).column - column
        return _Place(line, width, taken=value.names) if width > 0 else None
    return None


def _step(context: Context) -> int:
    """How many columns the file puts parameters deeper than their task's other keys; two where it has none."""
    for task in context.customization.tasks:
        parameters = task.parameters
        if parameters is not None and not parameters.flow and not task.node.flow:
            position = context.source.position
            width = position(parameters.start).column - position(task.node.start).column
            if 1 <= width <= 8:
                return width
    return 2


def _keeps_blank_lines(source: SourceFile, entry: Entry) -> bool:
    """Whether the value is a block that ends with blank lines, or lines of blanks, which do not move with it."""
    value = entry.value
    if not isinstance(value, Scalar) or value.style not in (LITERAL, FOLDED):
        return False
    return value.value.rstrip("\n") != value.value.rstrip() or "+" in source.text[value.start : value.start + 3]
