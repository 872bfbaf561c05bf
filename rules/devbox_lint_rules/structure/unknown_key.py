"""DBX105: a key that the format does not know at its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from devbox_lint.customization.builtin_tasks import likely_parameters
from devbox_lint.customization.classification import holds_tasks
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import Violation, load_schema
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Together
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence
from devbox_lint_rules.structure._absence import SYNONYMS
from devbox_lint_rules.structure._legacy import CURRENT, REMOVED
from devbox_lint_rules.structure._misplaced_parameters import RUN_AS, root_keys

_FILES = {IMAGE: "an image definition", USER: "a user customization", TASK: "a task definition"}
_ENTRY, _PARAMETER, _VARIABLE = "a task entry", "a parameter", "a variable"
_LISTS = frozenset(("tasks", "userTasks", "allowed", "keywords", "examples"))
_SECTIONS = ("tasks", "userTasks")
_NEEDED = {IMAGE: "image", TASK: "command"}
_MAPPINGS = frozenset(("parameters", "variables", "buildProperties", "documentation", "extends"))

# What people write in an entry for a key whose name is too different to be a misspelling.
_MEANT = {
    "timeoutMinutes": "`timeout`, in seconds",
    "timeoutInMinutes": "`timeout`, in seconds",
    "timeoutSeconds": "`timeout`",
    "timeoutInSeconds": "`timeout`",
    "params": "`parameters`",
    "arguments": "`parameters`",
    "args": "`parameters`",
    "with": "`parameters`",
    "title": "`displayName`",
    "label": "`displayName`",
    "uses": "`name`",
    "catalogName": "the catalog before the task's name, `catalog/task`",
    "catalog": "the catalog before the task's name, `catalog/task`",
}


class UnknownKey(Rule):
    """
    A key is not one of those that the format knows at its place, often because it is misspelt.

    Why: The service does not say that it ignores a key, so what the key was meant to do does not happen, or
    the whole file is rejected when it is synchronised.

    Fix: Write the key that was meant, move the key to where it belongs, or remove it. Who runs a task is not
    a key but a section: `tasks` run as the system, `userTasks` as the user.

    Unsafe because: A fix that only guesses which key was meant may give the value to another one than its author had
    in mind.
    """

    code = "DBX105"
    name = "unknown-key"
    severity = Severity.WARNING
    yields_to = ("DBX002", "DBX104", "DBX119")
    see = ("DBX114", "DBX117", "DBX119", "DBX204")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            USER,
            "«$schmea»: 1.0\n«usertasks»:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
            "$schema: 1.0\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\n«buildPropertiess»:\n  networkConnection: build\ntasks:\n"
            "  - name: ~/winget\n    «paramaters»:\n      package: Git.Git\n",
            "name: web\nimage: gallery/web@1.0.0\nbuildProperties:\n  networkConnection: build\ntasks:\n"
            "  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\n«author»: me\n«maintainers»: [me]\n"),
        Example(USER, "tasks:\n  - name: ~/powershell\n    «runAs»: user\n    «timeoutMinutes»: 5\n"),
        Example(
            USER,
            "tasks:\n  - «~/winget»:\n      package: Git.Git\n"
            "  - name: Install Git\n    «type»: ~/winget\n    «displaName»: Git\n    displayName: Git\n",
        ),
        Example(
            IMAGE,
            "«schemaVersion»: '1.0'\nname: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n",
            "$schema: '1.0'\nname: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n",
        ),
        Example(
            USER,
            "«names»:\n  - name: choco\n    parameters:\n      package: git\n",
            "tasks:\n  - name: choco\n    parameters:\n      package: git\n",
        ),
    )
    good = (
        Example(IMAGE, "name: web\nextends:\n  imageDefinition: base\nbuildProperties:\n  networkConnection: x\n"),
        Example(USER, "setupTasks:\n  - task: winget\n    inputs:\n      any: x\n", shown=False),
        Example(USER, "tasks:\n  - &base\n    name: ~/winget\n  - <<: *base\n    timeout: 60\n", shown=False),
        Example(
            TASK, "name: install\ncommand: x\nparameters:\n  any:\n    type: string\n    defaultValue: x\n", shown=False
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for violation in context.customization.violations:
            if violation.keyword == "additionalProperties" and violation.key is not None:
                place = _place(context.kind, violation.path)
                start = f"unknown key `{_shown(violation.key.value)}` in {place}"
                finding = _finding(context.kind, start, place, violation, violation.key)
                yield finding._replace(together=Together(f"{start} ({{count}} times){finding.message[len(start) :]}"))


def _finding(kind: Kind, start: str, place: str, violation: Violation, key: Scalar) -> Finding:
    name = key.value
    if place == _ENTRY and name in RUN_AS:
        return Finding(
            key.span,
            f"{start}: `tasks` run as the system and `userTasks` as the user, so put the task under one of them",
        )
    close = _close(name, violation)
    synonym = ""
    if place == _FILES[kind]:
        synonym = SYNONYMS.get(name, "")
    elif place == _ENTRY:
        synonym = _MEANT.get(name, "").strip("`")
    if not close and synonym in violation.expected:
        close = [synonym]
    if place == _FILES[kind] and kind is not TASK and holds_tasks(violation.node) and not set(_SECTIONS) & set(close):
        sections = [section for section in _SECTIONS if section not in _names_beside(violation)]
        if sections:
            # Where no key is written there is nothing to rename.
            edits = (Edit(key.span, sections[0]),)
            fix = Fix(f"rename `{_shown(name)}` to `{sections[0]}`", edits, safe=False) if name else None
            return Finding(key.span, f"{start}: write `{sections[0]}`, as it holds tasks", fix=fix)
    there = violation.mapping.entry(close[0]) if len(close) == 1 and violation.mapping is not None else None
    if there is not None:
        message = f"{start}, and `{close[0]}` is there already: put what it holds there, or remove it"
        return Finding(key.span, message, related=(Related(there.key.span, f"`{close[0]}` stands here"),))
    if close and close[0] in REMOVED:
        return Finding(key.span, f"{start}: {REMOVED[close[0]]}")
    if close:
        message = f"{start}: write {' or '.join(f'`{choice}`' for choice in close)}"
        # Without what the file must have, it is rejected.
        severity = Severity.ERROR if place == _FILES[kind] and close == [_NEEDED.get(kind)] else None
        return Finding(key.span, message, fix=_fix(key, close, violation), severity=severity)
    meant = _MEANT.get(name) if place == _ENTRY else None
    if meant is None and place == _ENTRY and name == "type" and _is_task(violation.node):
        meant = "the task as `name`, and a text for people as `displayName`"
    if meant is not None:
        return Finding(key.span, f"{start}: write {meant}")
    elsewhere = _elsewhere(kind, name) if place == _FILES[kind] else None
    if elsewhere is not None:
        return Finding(key.span, f"{start}: it belongs in {elsewhere}")
    if place == _ENTRY and name in root_keys():
        return Finding(key.span, f"{start}: it belongs at the top of the file")
    if place == _ENTRY and name.startswith("~/"):
        return Finding(key.span, f"{start}: write `name: {_shown(name)}`, with what the task takes under `parameters`")
    if place == _ENTRY:
        return Finding(key.span, f"{start}: if the task takes it, put it under `parameters`, else remove it")
    known = ", ".join(f"`{choice}`" for choice in violation.expected if choice not in CURRENT and choice not in REMOVED)
    return Finding(key.span, f"{start}: remove it", f"the keys of {place} are {known}")


def _shown(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:40]}…"


def _place(kind: Kind, path: tuple[str | int, ...]) -> str:
    holder = path[:-1]
    if not holder:
        return _FILES[kind]
    if isinstance(holder[-1], int):
        return _ENTRY
    if holder[0] == "variables":
        return _VARIABLE
    return _PARAMETER if len(holder) == 2 else f"`{holder[0]}`"


def _close(name: str, violation: Violation) -> list[str]:
    """The keys that ``name`` may be a misspelling of, a current key in place of a legacy one."""
    close: list[str] = []
    for choice in near_misses(name, violation.expected):
        current = CURRENT.get(choice, choice)
        if current in violation.expected and current not in close:
            close.append(current)
    return close


def _names_beside(violation: Violation) -> list[str]:
    return violation.mapping.names if violation.mapping is not None else []


def _fix(key: Scalar, close: list[str], violation: Violation) -> Fix | None:
    names = _names_beside(violation)
    if len(close) > 1 or close[0] in names or names.count(key.value) != 1:
        return None
    value = violation.node
    if not _fits(value, close[0]) or " " in key.value or (isinstance(value, Scalar) and value.is_null):
        return None
    same = [name for name in names if name not in violation.expected and close == _close(name, violation)]
    if len(same) > 1:
        return None
    # Of one name in another's place only the version's has the same value for certain.
    safe = close == _close(key.value, violation) or close == ["$schema"]
    return Fix(f"rename `{key.value}` to `{close[0]}`", (Edit(key.span, close[0]),), safe)


def _fits(node: Node, name: str) -> bool:
    """Whether a value has the shape that the key ``name`` holds; else the likeness is an accident."""
    if isinstance(node, Scalar) and node.is_null:
        return True
    if name in _LISTS:
        return isinstance(node, Sequence)
    if name in _MAPPINGS:
        return isinstance(node, Mapping)
    return isinstance(node, Scalar)


def _is_task(node: Node) -> bool:
    return isinstance(node, Scalar) and bool(likely_parameters(node.value))


def _elsewhere(kind: Kind, name: str) -> str | None:
    return _homes().get(name) if name not in load_schema(kind)["properties"] else None


@cache
def _homes() -> dict[str, str]:
    """Where keys belong that one kind of file has at its top, or a task entry has."""
    homes: dict[str, str] = {}
    for kind in (TASK, IMAGE):
        homes |= dict.fromkeys(load_schema(kind)["properties"], _FILES[kind])
    homes |= dict.fromkeys(load_schema(USER)["properties"], f"{_FILES[IMAGE]} or {_FILES[USER]}")
    entry = load_schema(IMAGE)["$defs"]["task"]["properties"]
    homes |= {name: _ENTRY for name in ("displayName", "timeout", "condition") if name in entry}
    return {name: home for name, home in homes.items() if name not in CURRENT}
