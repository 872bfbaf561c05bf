"""DBX813: a security context that winget does not know, or does not read."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import Unit, is_literal
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Mapping, Scalar, resolve
from devbox_lint_rules.configurations._edits import put
from devbox_lint_rules.configurations._units import CREATE, configuration_of, units_of, winget_reads

_WORDS = ("current", "elevated", "restricted")
_OTHER_WORDS = {"admin": "elevated", "administrator": "elevated", "user": "current", "true": "elevated"}
_UNIT = (
    "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      directives: {{securityContext: {}}}\n"
    "      settings: {{id: Git.Git}}\n"
)


class WingetSecurityContext(Rule):
    """
    `securityContext` is none of `current` and `elevated`, or it stands where winget does not read it: under
    `Microsoft.DSC`, or in a file of schema 0.1.

    Why: winget takes any other word for `current` without telling. `restricted` always fails: released versions do
    not support it. Schema 0.1 has no such directive.

    Fix: Write `elevated` or `current`, and `configurationVersion: 0.2.0`.
    """

    code = "DBX813"
    name = "winget-security-context"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX804", "DBX812")
    bad = (
        Example(
            CONFIGURATION,
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT.format('«admin»')}",
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT.format('elevated')}",
        ),
        Example(
            CONFIGURATION,
            f"properties:\n  configurationVersion: «0.1.0»\n  resources:\n{_UNIT.format('elevated')}",
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT.format('elevated')}",
        ),
        Example(
            CONFIGURATION,
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT.format('«restricted»')}",
        ),
        Example(
            CONFIGURATION,
            "resources:\n  - name: Git\n    type: Microsoft.WinGet/Package\n    metadata:\n      Microsoft.DSC:\n"
            "        «securityContext»: elevated\n    properties: {id: Git.Git}\n",
            "resources:\n  - name: Git\n    type: Microsoft.WinGet/Package\n    metadata:\n      winget:\n"
            "        securityContext: elevated\n    properties: {id: Git.Git}\n",
            path="tools.winget",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT.format('Elevated')}"
            f"{_UNIT.format('current')}",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        first: Scalar | None = None
        for unit in units_of(context):
            value = unit.context
            if value is not None:
                first = first or value
                yield from _word(value)
            yield from _of_dsc(context, unit)
        version = configuration.version
        if first is not None and configuration.is_first_schema and version is not None:
            fix = None
            if version.style not in (LITERAL, FOLDED):
                fix = Fix("write `0.2.0`", (Edit(version.span, "0.2.0"),))
            yield Finding(version.span, "schema 0.1 has no `securityContext`: write `0.2.0`", fix=fix)


def _word(value: Scalar) -> Iterator[Finding]:
    word = value.value.strip().lower()
    if not is_literal(value) or word in ("current", "elevated"):
        return
    if word == "restricted":
        yield Finding(value.span, "winget does not support `restricted`, and the unit always fails", "write `current`")
        return
    close = near_misses(word, _WORDS[:2])
    meant = _OTHER_WORDS.get(word) or (close[0] if len(close) == 1 else None)
    message = f"winget takes `{value.value}` for `current`"
    if meant is None:
        yield Finding(value.span, f"{message}: write `current` or `elevated`", "write one of the two words")
        return
    fix = None
    if value.style not in (LITERAL, FOLDED):
        fix = Fix(f"write `{meant}`", (Edit(value.span, meant),))
    yield Finding(value.span, f"{message}: write `{meant}`", fix=fix)


def _of_dsc(context: Context, unit: Unit) -> Iterator[Finding]:
    """The place that documents name and winget does not read."""
    metadata = unit.directives
    entry = metadata.entry("Microsoft.DSC") if unit.is_v3 and metadata is not None else None
    if entry is None or metadata is None or unit.context is not None or not winget_reads(context):
        return
    holder = resolve(entry.value)
    inner = holder.entry("securityContext") if isinstance(holder, Mapping) else None
    if inner is None or not isinstance(inner.value, Scalar) or not isinstance(holder, Mapping):
        return
    fix = None
    if len(holder.entries) == 1 and not any(name == "winget" for name in metadata.names):
        fix = Fix("write `winget`", (Edit(entry.key.span, "winget"),))
    else:
        edit = put(context.source, metadata, ("winget", "securityContext"), inner.value.value)
        fix = Fix("write it under `winget` too", (edit,)) if edit is not None else None
    yield Finding(
        inner.key.span,
        "winget does not read `securityContext` under `Microsoft.DSC`: write it under `winget`",
        None,
        fix,
    )
