"""DBX118: a key with nothing in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from devbox_lint.credentials.names import is_token_name
from devbox_lint.customization.schema import load_schema
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Entry, Mapping, Scalar, Sequence
from devbox_lint_rules.structure._misplaced_parameters import task_keys

_SECTIONS = frozenset(("tasks", "userTasks", "setupTasks"))
_DECLARATIONS = frozenset(("parameters", "inputs", "variables"))
_CLOSED = frozenset(("buildProperties", "documentation"))
# Without these the file would be refused.
_NEEDED = frozenset(("name", "image", "command"))
# `default` and `value` are left out: with nothing in them they say that there is no value, and whether one is
# needed is another rule's subject.
_DECLARED = frozenset(("allowed", "description", "maxLength", "minLength", "required", "type", "validationRegex"))


class EmptyValue(Rule):
    """
    A key has nothing after its colon, or an item of a list nothing after its dash.

    Why: It was begun and not finished, or what belongs to it stands at the wrong depth. The service gets no
    value: a task runs without its parameters, or with an empty one.

    Fix: Give it a value, put what belongs to it two columns deeper, or remove it. An empty text is written
    `""`.
    """

    code = "DBX118"
    name = "empty-value"
    severity = Severity.WARNING
    # To rename or remove a legacy key is what is said of it; what is moved into an empty `parameters` fills it.
    yields_to = ("DBX002", "DBX114", "DBX119")
    see = ("DBX106", "DBX109")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(USER, "tasks:\n  - name: git-clone\n    parameters:\n      «repositoryUrl»:\n      directory: Z:\\\n"),
        Example(TASK, "name: install\ncommand: ./install.ps1\n«parameters»: # none yet\n"),
        Example(IMAGE, "name: web\n«image»: ~\ntasks:\n  - name: ~/winget\n  «-»\n"),
        Example(TASK, "name: install\nparameters:\n  package:\n    type: string\n    «description»:\n"),
        Example(IMAGE, "name: web\nbuildProperties:\n  «networkConnection»:\n«userTasks»:\n"),
    )
    good = (
        Example(USER, "name: ''\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: \"\"\n"),
        Example(TASK, "name: install\nparameters:\n  package:\n    type: string\n    default:\n"),
        Example(USER, "tasks: []\nnotes:\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        root = customization.root
        if root is None:
            return
        known = load_schema(context.kind)["properties"]
        for entry in root.entries:
            value = entry.value
            name = entry.name
            if name not in known:
                continue
            if isinstance(value, Scalar):
                if value.is_null:
                    yield _finding(entry, name in _NEEDED)
            elif name in _SECTIONS and isinstance(value, Sequence):
                yield from _items(context, value)
            elif name in _DECLARATIONS and isinstance(value, Mapping):
                yield from _empty(value)
            elif name in _CLOSED and isinstance(value, Mapping):
                yield from _empty(value, known[name]["properties"])
        for task in (*customization.tasks, *customization.examples):
            for entry in task.node.entries:
                value = entry.value
                if isinstance(value, Scalar) and value.is_null and entry.name in task_keys():
                    yield _finding(entry, entry.name == "name")
            if task.parameters is not None:
                yield from _empty(task.parameters)
                if task.section != "examples":
                    yield from _empty_tokens(task.parameters)
        for declaration in customization.declarations:
            if declaration.node is not None:
                yield from _empty(declaration.node, _DECLARED)


def _empty(mapping: Mapping, known: Collection[str] | None = None) -> Iterator[Finding]:
    """The keys of ``mapping`` with nothing in them; of ``known`` only, as unknown keys are said to be unknown."""
    for entry in mapping.entries:
        value = entry.value
        if isinstance(value, Scalar) and value.is_null and (known is None or entry.name in known):
            yield _finding(entry)


def _empty_tokens(mapping: Mapping) -> Iterator[Finding]:
    """Texts with nothing in them where a token belongs."""
    for entry in mapping.entries:
        value = entry.value
        if isinstance(value, Scalar) and value.style and not value.value.strip() and is_token_name(entry.name or ""):
            yield Finding(
                entry.key.span,
                f"`{entry.name}` is an empty text: git gets a token without a character: write"
                " `{{https://VAULT.vault.azure.net/secrets/NAME}}` or remove it",
            )


def _items(context: Context, sequence: Sequence) -> Iterator[Finding]:
    for item in sequence.items:
        if isinstance(item, Scalar) and item.is_null:
            dash = context.source.text.rfind("-", 0, item.start)
            yield Finding(
                item.span if item.end > item.start or sequence.flow else Span(dash, dash + 1),
                "an empty item: name a task here, or remove the dash",
            )


def _finding(entry: Entry, needed: bool = False) -> Finding:
    if is_token_name(entry.name or ""):
        return Finding(
            entry.key.span,
            f"`{entry.name}` is empty: git gets no token: write `{{{{https://VAULT.vault.azure.net/secrets/NAME}}}}` or"
            " remove it",
        )
    return Finding(entry.key.span, f"`{entry.name}` is empty: give it a value{'' if needed else ' or remove it'}")
