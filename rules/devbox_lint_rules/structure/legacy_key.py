"""DBX114: keys of the 2023 preview."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Together
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.structure._legacy import REMOVED, legacy_keys
from devbox_lint_rules.structure._legacy import LegacyKey as Key
from devbox_lint_rules.structure._lines import removal


class LegacyKey(Rule):
    """
    A key of the 2023 preview: `setupTasks`, an entry's `task` or `inputs`, a task definition's `inputs`,
    `defaultValue`, `allowedValues`, `hostInformation`, `supportsHibernation`.

    Why: The format changed in January 2024. The old keys are in no documentation any more, and a file that
    has them is rejected or loses what they say.

    Fix: Write `tasks`, `name`, `parameters`, `default` and `allowed`; remove the other two, which are
    settings of the dev box pool now. A file has one finding for all its keys, and one fix renames them all.

    Unsafe because: Removing `hostInformation` or `supportsHibernation` drops what was chosen there, which
    somebody has to choose again for the pool.
    """

    code = "DBX114"
    name = "legacy-key"
    severity = Severity.ERROR
    tag = "deprecated"
    see = ("DBX105", "DBX107", "DBX204")
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
        Example(
            IMAGE,
            "tasks:\n  - «task»: ~/winget\n    name: Install git\n    parameters:\n      package: Git.Git\n",
            "tasks:\n  - name: ~/winget\n    displayName: Install git\n    parameters:\n      package: Git.Git\n",
            shown=False,
        ),
    )
    good = (
        Example(USER, "tasks:\n  - name: winget\n    parameters:\n      task: build\n      inputs: none\n"),
        Example(TASK, "name: install\ncommand: ./install.ps1\nparameters:\n  inputs:\n    type: string\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        keys = list(legacy_keys(context.customization))
        if not keys:
            return
        together = _together([(key.entry.name or "", key.current) for key in keys])
        for key in keys:
            entry = key.entry
            name = entry.name or ""
            span = entry.key.span
            if key.current is None:
                edit = removal(context.source, entry)
                fix = Fix(f"remove `{name}`", (edit,), safe=False) if edit is not None else None
                message = f"`{name}` is from the 2023 preview: {REMOVED[name]}"
                yield Finding(span, message, fix=fix, together=together)
                continue
            names = key.mapping.names
            labelled = _beside_label(key)
            if labelled is not None:
                yield labelled._replace(together=together)
                continue
            if key.current in names:
                message = f"`{name}` is from the 2023 preview, and `{key.current}` is there already: merge it into that"
                yield Finding(span, message, together=together)
                continue
            fix = None
            if names.count(name) == 1:
                fix = Fix(f"rename `{name}` to `{key.current}`", (Edit(span, key.current),))
            message = f"`{name}` is from the 2023 preview: write `{key.current}` instead"
            yield Finding(span, message, fix=fix, together=together)


def _beside_label(key: Key) -> Finding | None:
    """What to say of a `task` with a `name` beside it that is a text for people."""
    label = key.mapping.entry("name")
    if key.entry.name != "task" or label is None or "displayName" in key.mapping.names:
        return None
    if not isinstance(label.value, Scalar) or " " not in label.value.value.strip():
        return None
    edits = (Edit(key.entry.key.span, "name"), Edit(label.key.span, "displayName"))
    return Finding(
        key.entry.key.span,
        "`task` is from the 2023 preview: write `name` for it, and `displayName` for the label beside it",
        fix=Fix("write `name` and `displayName`", edits),
        related=(Related(label.key.span, "the label"),),
        covers=(label.value.span,),
    )


def _together(keys: list[tuple[str, str | None]]) -> Together:
    """What to say of a file with all these keys, each with the one that takes its place."""
    renamed = [f"`{new}` for `{old}`" for old, new in dict.fromkeys(keys) if new is not None]
    removed = [f"`{old}`" for old, new in dict.fromkeys(keys) if new is None]
    repairs = [f"write {_listed(renamed)}"] if renamed else []
    if removed:
        repairs.append(f"remove {_listed(removed)}")
    return Together(
        f"this file has {{count}} keys of the 2023 preview: {', and '.join(repairs)}",
        f"write {_listed(renamed)}" if renamed else f"remove {_listed(removed)}",
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
