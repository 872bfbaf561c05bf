"""DBX114: keys of the 2023 preview."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.nodes import Entry, Mapping
from devbox_lint_rules.structure._lines import removal

_IN_FILE = {"setupTasks": "tasks"}
_IN_TASK_FILE = {"inputs": "parameters"}
_IN_ENTRY = {"task": "name", "inputs": "parameters"}
_IN_DECLARATION = {"defaultValue": "default", "allowedValues": "allowed"}
#: What to write now for each legacy key; nothing takes the place of the two that are left out.
CURRENT = {**_IN_FILE, **_IN_TASK_FILE, **_IN_ENTRY, **_IN_DECLARATION}
REMOVED = {
    "hostInformation": "the dev box pool sets the size now, so remove it",
    "supportsHibernation": "the dev box pool sets hibernation now, so remove it",
}


class LegacyKey(Rule):
    """
    A key of the 2023 preview: `setupTasks`, an entry's `task` or `inputs`, a task definition's `inputs`,
    `defaultValue`, `allowedValues`, `hostInformation`, `supportsHibernation`.

    Why: The format changed in January 2024. The old keys are in no documentation any more, and a file that
    has them is rejected or loses what they say.

    Fix: Write `tasks`, `name`, `parameters`, `default` and `allowed`; remove the other two, which are
    settings of the dev box pool now.
    """

    code = "DBX114"
    name = "legacy-key"
    severity = Severity.ERROR
    tag = "deprecated"
    references = (
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
        "https://github.com/microsoft/devcenter-catalog/commit/2582d9b",
    )
    bad = (
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\n«hostInformation»: general_i_8c32gb256ssd_v2\n"
            "«supportsHibernation»: true # always\n«setupTasks»:\n  - «task»: winget\n    «inputs»:\n"
            "      package: Git.Git\n",
            "name: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            TASK,
            "name: install\ncommand: ./install.ps1 {{package}}\n«inputs»:\n  package:\n    type: string\n"
            "    «defaultValue»: Git.Git\n    «allowedValues»: [Git.Git]\n"
            "documentation:\n  examples:\n    - «task»: install\n",
            "name: install\ncommand: ./install.ps1 {{package}}\nparameters:\n  package:\n    type: string\n"
            "    default: Git.Git\n    allowed: [Git.Git]\n"
            "documentation:\n  examples:\n    - name: install\n",
        ),
        Example(USER, "tasks:\n  - name: install\n    «task»: winget\n"),
    )
    good = (
        Example(USER, "tasks:\n  - name: winget\n    parameters:\n      task: build\n      inputs: none\n"),
        Example(TASK, "name: install\ncommand: ./install.ps1\nparameters:\n  inputs:\n    type: string\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for key in legacy_keys(context.customization):
            entry = key.entry
            name = entry.name or ""
            if key.current is None:
                edit = removal(context.source, entry)
                fix = Fix(f"remove `{name}`", (edit,)) if edit is not None else None
                yield Finding(entry.key.span, f"`{name}` is from the 2023 preview: {REMOVED[name]}", fix=fix)
                continue
            names = key.mapping.names
            if key.current in names:
                message = f"`{name}` is from the 2023 preview, and `{key.current}` is here too: keep only the latter"
                yield Finding(entry.key.span, message)
                continue
            fix = None
            if names.count(name) == 1:
                fix = Fix(f"rename `{name}` to `{key.current}`", (Edit(entry.key.span, key.current),))
            yield Finding(entry.key.span, f"`{name}` is from the 2023 preview: write `{key.current}` instead", fix=fix)


class _LegacyKey(NamedTuple):
    """A legacy key, the mapping it is in, and the key to write now; None where it is only to be removed."""

    mapping: Mapping
    entry: Entry
    current: str | None


def has_legacy_keys(customization: Customization) -> bool:
    """Whether the file has any key of the preview's format."""
    return next(legacy_keys(customization), None) is not None


def legacy_keys(customization: Customization) -> Iterator[_LegacyKey]:
    """The legacy keys of a file, outer ones first."""
    root = customization.root
    if root is None:
        return
    is_task = customization.kind is Kind.TASK
    yield from _renamed(root, _IN_TASK_FILE if is_task else _IN_FILE)
    if not is_task:
        for entry in root.entries:
            if entry.name in REMOVED:
                yield _LegacyKey(root, entry, None)
    for task in customization.tasks:
        yield from _renamed(task.node, _IN_ENTRY)
    for task in customization.examples:
        yield from _renamed(task.node, _IN_ENTRY)
    for declaration in customization.declarations:
        if declaration.node is not None and declaration.section != "variables":
            yield from _renamed(declaration.node, _IN_DECLARATION)


def _renamed(mapping: Mapping, names: dict[str, str]) -> Iterator[_LegacyKey]:
    for entry in mapping.entries:
        current = names.get(entry.name or "")
        if current is not None:
            yield _LegacyKey(mapping, entry, current)
