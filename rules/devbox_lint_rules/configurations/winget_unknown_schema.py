"""DBX805: an address of the schema that winget does not know."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import V3_SCHEMA
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.yaml.nodes import FOLDED, LITERAL
from devbox_lint_rules.configurations._units import CREATE_V3, configuration_of, winget_reads

_METADATA = "metadata:\n  winget:\n    processor:\n      identifier: dscv3\n"
_RESOURCES = "resources:\n  - name: Git\n    type: Microsoft.WinGet/Package\n    properties: {id: Git.Git}\n"


class WingetUnknownSchema(Rule):
    """
    A configuration of the DSC v3 shape has another address as `$schema` than the one that winget knows, or none.

    Why: winget compares the address character by character. With any other, also one that `dsc` takes, the file is of
    an unknown version (0x8A15C004) or has no schema (0x8A15C00E). What is meant for `dsc` alone is no finding: winget
    reads a file that has `metadata.winget`, that is named `*.winget`, or that stands in `.config`.

    Fix: Write `https://raw.githubusercontent.com/PowerShell/DSC/main/schemas/2023/08/config/document.json`.
    """

    code = "DBX805"
    name = "winget-unknown-schema"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE_V3, "https://github.com/microsoft/winget-studio/issues/193")
    see = ("DBX806", "DBX808")
    bad = (
        Example(
            CONFIGURATION,
            f"$schema: «https://aka.ms/dsc/schemas/v3/bundled/config/document.json»\n{_METADATA}{_RESOURCES}",
            f"$schema: {V3_SCHEMA}\n{_METADATA}{_RESOURCES}",
        ),
        Example(
            CONFIGURATION,
            f"«metadata»:\n{_METADATA.partition(chr(10))[2]}{_RESOURCES}",
            f"$schema: {V3_SCHEMA}\n{_METADATA}{_RESOURCES}",
        ),
    )
    good = (
        Example(CONFIGURATION, f"$schema: {V3_SCHEMA}\n{_METADATA}{_RESOURCES}"),
        Example(CONFIGURATION, f"$schema: https://aka.ms/dsc/schemas/v3/bundled/config/document.json\n{_RESOURCES}"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        root = configuration.root
        if not configuration.is_v3 or root is None or not root.entries or not winget_reads(context):
            return
        schema = root.scalar("$schema")
        if schema is None:
            if "$schema" in root.names or root.flow:
                return
            first = root.entries[0].key
            text = f"$schema: {V3_SCHEMA}{context.source.newline}{' ' * root.column}"
            yield Finding(
                first.span,
                "no `$schema`: winget does not know the file as a configuration",
                fix=Fix("write the `$schema` that winget knows", (Edit(Span(first.start, first.start), text),)),
            )
        elif schema.value != V3_SCHEMA:
            fix = None
            if schema.style not in (LITERAL, FOLDED):
                fix = Fix(f"write `{V3_SCHEMA}`", (Edit(schema.span, V3_SCHEMA),))
            yield Finding(schema.span, f"winget does not know this `$schema`: write `{V3_SCHEMA}`", fix=fix)
