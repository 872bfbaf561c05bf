"""DBX225: a name that no task can have, or nearly that of one that everybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.builtin_tasks import likely_parameters
from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.spelling import edits, near_misses
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Mapping, Scalar, resolve
from devbox_lint_rules.tasks._entries import REFERENCE, task_name

_FORM = lazy(r"(?:[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*", re.ASCII)
#: Longer names, in characters, are sentences.
_LONGEST = 63
# What other systems, and the service's own early names, put before the name of a built-in task.
_PREFIXED = lazy(r"(?:[@$#%&!]+[\w-]*|~+[\w-]+|intrinsics?|primitives?|built-?ins?)[/\\:.]+([A-Za-z-]+)", re.IGNORECASE)
# `PowerShell@2`, `actions/checkout@v4`: a task of a pipeline.
_OF_PIPELINE = lazy(r"(?:[\w.-]+/)?([\w.-]+)@v?[0-9][\w.]*")
_KNOWN = {
    "winget": "~/winget",
    "powershell": "~/powershell",
    "gitclone": "~/gitclone",
    "git-clone": "git-clone",
    "choco": "choco",
    "install-vs-extension": "install-vs-extension",
}
_OTHERWISE = {"pwsh": "~/powershell", "checkout": "~/gitclone"}
# What a task takes tells which one it is.
_BY_PARAMETERS = (
    ("repositoryUrl", "~/gitclone"),
    ("marketplaceItemName", "install-vs-extension"),
    ("ignoreChecksums", "choco"),
    ("package", "~/winget"),
    ("configurationFile", "~/winget"),
    ("inlineConfigurationBase64", "~/winget"),
    ("downloadUrl", "~/winget"),
    ("command", "~/powershell"),
    ("script", "~/powershell"),
)
_CHARACTERS = "a task's name has letters, digits, `-`, `_` and `.`, after a catalog's name and a slash"


#: What a slip leaves at either end of a name.
_MARKS = " :;,.-\"'`"


class TaskNameForm(Rule):
    """
    The `name` of an entry is one that no task can have: a label for people, `$primitives/powershell`, a task of
    another system. Or it is one letter from a built-in task or one of Microsoft's quick-start catalog, and in no
    catalog that is known.

    Why: The service looks for a task of that name, does not find it, and the customization fails with
    `TaskNotFound`.

    Fix: Write the name of the task, `~/winget`, `~/powershell` and `~/gitclone` for the built-in ones, and a text
    for people as `displayName`.

    Unsafe because: which task is meant follows from what is written beside it.
    """

    code = "DBX225"
    name = "task-name-form"
    severity = Severity.ERROR
    yields_to = ("DBX201",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX201", "DBX202", "DBX203")
    references = (REFERENCE,)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: «Install VS Code»\n    parameters:\n      package: Microsoft.VisualStudioCode\n"
            "  - name: '«@intrinsic/powershell»'\n    parameters:\n      command: Get-Date\n",
            "tasks:\n  - name: ~/winget\n    displayName: Install VS Code\n    parameters:\n"
            "      package: Microsoft.VisualStudioCode\n"
            "  - name: '~/powershell'\n    parameters:\n      command: Get-Date\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: «wignet»\n    parameters:\n      package: Git.Git\n  - name: tools/«powershel»\n"
            "  - name: «PowerShell@2»\n",
            "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n  - name: tools/powershell\n"
            "  - name: ~/powershell\n",
        ),
        Example(USER, "userTasks:\n  - name: «Set up: everything!»\n  - name: «a/b/c»\n"),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "  - name: my-catalog/install.tool\n  - name: winget-package\n  - name: powershell-runas\n"
            "  - name: install-vs-extensions\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: wingets\n",
            path="web/imagedefinition.yaml",
            beside=(("tasks/wingets/task.yaml", "$schema: 1.0\nname: wingets\ncommand: ./run.ps1\n"),),
        ),
        Example(
            USER,
            "tasks:\n  - name: <the task>\n  - name: '{{task}}'\n  - name:\n  - name: ~/gitclon\n"
            "  - name: Install Git\n    type: ~/winget\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            name = task_name(task)
            if not name or name[0] == "~" or name[:12].upper() == "__INTRINSIC_":
                continue
            if is_placeholder(name) or task.name is None:
                continue
            definitions = context.definitions(name)
            own = any(item.place is not None for item in definitions)
            if len(name) > _LONGEST or not _FORM.fullmatch(name) or (_PREFIXED.fullmatch(name) and not own):
                finding = _wrong_form(context, task, task.name, name)
            else:
                # A near miss of a task of the repository's own has a rule of its own.
                last = name.rpartition("/")[2]
                known = definitions or near_misses(last, context.catalog.defined_names(context.source.path))
                finding = None if known else _near_miss(task.name, name)
            if finding is not None:
                yield finding


def _near_miss(scalar: Scalar, name: str) -> Finding | None:
    last = name.rpartition("/")[2]
    meant = _meant(last)
    if meant is None:
        return None
    if "/" in name:
        meant = meant.rpartition("/")[2]
    start = scalar.value.index(name) + len(name) - len(last)
    span = scalar.span_of(start, start + len(last))
    fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
    return Finding(span, f"unknown task `{last}`: write `{meant}`", fix=fix)


def _meant(name: str) -> str | None:
    """The known task that a slip makes this name of; one that differs in a digit or an `s` is another task."""
    word = name.lower()
    if any(character.isdigit() for character in word) or word.endswith("s"):
        return None
    otherwise = _OTHERWISE.get(word)
    if otherwise is not None:
        return otherwise
    word = word.replace("_", "-")
    distances = {known: edits(word, known, 1) for known in near_misses(word, _KNOWN)}
    swapped = [known for known in distances if sorted(known) == sorted(word)]
    nearest = min(distances, key=lambda known: distances[known], default=None)
    if nearest is None or (distances[nearest] > 1 and not swapped):
        return None
    return _KNOWN[nearest]


def _wrong_form(context: Context, task: Task, scalar: Scalar, name: str) -> Finding | None:
    start = scalar.value.index(name)
    span = scalar.span_of(start, start + len(name))
    shown = name if len(name) <= 40 else f"{name[:40]}…"
    match = _PREFIXED.fullmatch(name) or _OF_PIPELINE.fullmatch(name)
    without = name.strip(_MARKS)
    own = match[1].lower() if match is not None else without.lower() if without != name else ""
    meant = _KNOWN.get(own) or (_meant(own) if own else None)
    if meant is not None:
        fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
        return Finding(span, f"no task can be called `{shown}`: write `{meant}`", fix=fix)
    if "\\" in name and _FORM.fullmatch(name.replace("\\", "/")):
        meant = name.replace("\\", "/")
        fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
        return Finding(span, f"a slash stands between a catalog and its task: write `{meant}`", fix=fix)
    if any(_is_task(entry.value) for entry in task.node.entries if entry.name in ("type", "uses", "task")):
        return None  # the task stands under another key, of which another rule says so
    meant = _by_parameters(task) or _by_first_word(name)
    if not any(character.isspace() for character in name):
        return Finding(span, f"no task can be called `{shown}`: {_CHARACTERS}")
    if meant is None:
        return Finding(span, f"`{shown}` is a label: write the task's name, and the label as `displayName`")
    labelled = "displayName" in task.node.names
    words = f"write `{meant}`" if labelled else f"write `{meant}`, and the label as `displayName`"
    message = f"`{shown}` is a label and no task's name: {words}"
    return Finding(span, message, fix=_fix(context, task, scalar, span, meant, labelled))


def _is_task(node: object) -> bool:
    return isinstance(node, Scalar) and bool(likely_parameters(node.value))


def _by_parameters(task: Task) -> str | None:
    holder: Mapping = task.parameters or task.node
    names = holder.names
    return next((meant for parameter, meant in _BY_PARAMETERS if parameter in names), None)


def _by_first_word(name: str) -> str | None:
    first, _, rest = name.lower().partition(" ")
    return _KNOWN.get(f"{first}-{rest}") or _KNOWN.get(first) or _OTHERWISE.get(first)


def _fix(context: Context, task: Task, scalar: Scalar, span: Span, meant: str, labelled: bool) -> Fix | None:
    """The name, and the label on a line after it, written as it was."""
    source = context.source
    line = source.text.find("\n", scalar.end)
    written = source.text[scalar.start : scalar.end]
    entry = task.node.entry("name")
    if labelled:
        return Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
    if entry is None or resolve(entry.value) is not scalar or task.node.flow or line < 0 or "\n" in written:
        return None
    if source.text[scalar.end : line].strip():
        return None
    ending = "\r\n" if source.text[line - 1] == "\r" else "\n"
    label = Edit(Span(line + 1, line + 1), f"{' ' * task.node.column}displayName: {written}{ending}")
    whole = Edit(Span(scalar.start, scalar.end), meant)
    return Fix(f"write `{meant}`, and the label as `displayName`", (whole, label), safe=False)
