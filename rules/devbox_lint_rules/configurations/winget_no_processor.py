"""DBX806: resources of DSC v3 for a processor that does not know them."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.resources import find_module
from devbox_lint.configuration.units import V3_SCHEMA, is_literal
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Mapping, Scalar
from devbox_lint_rules.configurations._edits import put
from devbox_lint_rules.configurations._units import CREATE_V3, configuration_of, winget_reads

_HEAD = f"$schema: {V3_SCHEMA}\n"
_RESOURCES = "resources:\n  - name: Git\n    type: {}Microsoft.WinGet/Package{}\n    properties: {{id: Git.Git}}\n"
_PROCESSORS = ("dscv3", "pwsh")


class WingetNoProcessor(Rule):
    """
    A configuration uses resources of DSC v3 such as `Microsoft.WinGet/Package`, and does not name `dscv3` as its
    processor, or one that winget does not have.

    Why: Without a processor winget takes its PowerShell engine, which does not find these resources: they are no
    modules of the PowerShell Gallery.

    Fix: Write `dscv3` under `metadata`, `winget`, `processor`, `identifier`.
    """

    code = "DBX806"
    name = "winget-no-processor"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE_V3,)
    see = ("DBX805", "DBX821")
    bad = (
        Example(
            CONFIGURATION,
            _HEAD + _RESOURCES.format("«", "»"),
            f"{_HEAD}metadata:\n  winget:\n    processor: dscv3\n{_RESOURCES.format('', '')}",
            path="tools.winget",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}metadata:\n  winget:\n    processor: «dsc3»\n{_RESOURCES.format('', '')}",
            f"{_HEAD}metadata:\n  winget:\n    processor: dscv3\n{_RESOURCES.format('', '')}",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}metadata: {{winget: {{processor: {{identifier: dscv3}}}}}}\n{_RESOURCES.format('', '')}",
        ),
        Example(CONFIGURATION, _HEAD + _RESOURCES.format("", "")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        root = configuration.root
        if not configuration.is_v3 or root is None or not winget_reads(context):
            return
        metadata = root.mapping("metadata")
        winget = metadata.mapping("winget") if metadata is not None else None
        processor = winget.get("processor") if winget is not None else None
        if isinstance(processor, Mapping):
            processor = processor.get("identifier")
        if isinstance(processor, Scalar) and not processor.is_null:
            if processor.value.lower() not in _PROCESSORS and is_literal(processor):
                fix = None
                if processor.style not in (LITERAL, FOLDED):
                    fix = Fix("write `dscv3`", (Edit(processor.span, "dscv3"),))
                yield Finding(processor.span, f"winget has no processor `{processor.value}`: write `dscv3`", fix=fix)
            return
        native = [unit for unit in configuration.units if _is_native(unit.full_name)]
        if not native or native[0].resource is None:
            return
        edit = put(context.source, root, ("metadata", "winget", "processor"), "dscv3")
        fix = Fix("write `processor: dscv3` under `metadata`, `winget`", (edit,)) if edit is not None else None
        yield Finding(
            native[0].resource.span,
            f"winget finds `{native[0].full_name}` only with `processor: dscv3` under `metadata`, `winget`",
            "name the processor",
            fix,
        )


def _is_native(full_name: str) -> bool:
    module = find_module(full_name.partition("/")[0])
    return module is not None and module.is_native
