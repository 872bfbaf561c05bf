"""DBX808: what winget cannot read as a configuration."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.configuration.units import V3_SCHEMA, Configuration, Unit, is_literal
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Mapping, Node, Scalar, Sequence, resolve
from devbox_lint_rules.configurations._keys import UNIT_KEYS, UNIT_KEYS_V3, in_own_case, of_other_shape
from devbox_lint_rules.configurations._units import CREATE, configuration_of, units_of, winget_reads
from devbox_lint_rules.structure._lines import removal

_VERSION = lazy(r"0\.[12](?:\.[0-9]+)?")
_MODELINE = lazy(r"#\s*yaml-language-server:\s*\$schema=(\S+)")
_OLD_MODELINE = "https://aka.ms/configuration-dsc-schema/0.2"
_NEW_MODELINE = "https://aka.ms/dsc/schemas/v3/bundled/config/document.vscode.json"
_MOST_LOOKED_UP = 20
_LISTS = ("assertions", "parameters", "resources")
_UNIT = "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Git.Git, source: winget}\n"


class WingetShape(Rule):
    """
    The file is YAML, and not what winget reads as a configuration: `configurationVersion` is missing or no version of
    the syntax, a unit has no `resource`, a key that takes a list or a mapping holds something else or nothing, or the
    line for editors names the schema of the other shape.

    Why: winget refuses the whole file (0x8A15C002 to 0x8A15C00E), or finds nothing in it to apply. An editor that is
    told of the wrong schema marks what is right.

    Fix: Write `configurationVersion: 0.2.0`: it is the version of the syntax, not of the file. Give each unit a
    `resource` (`name` and `type` in the DSC v3 shape), and remove keys that hold nothing.
    """

    code = "DBX808"
    name = "winget-shape"
    severity = Severity.ERROR
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX804", "DBX805")
    bad = (
        Example(
            CONFIGURATION,
            f"«properties»:\n  resources:\n{_UNIT}",
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT}",
        ),
        Example(
            CONFIGURATION,
            f"properties:\n  configurationVersion: «1.4.0»\n  resources:\n{_UNIT}",
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT}",
        ),
        Example(
            CONFIGURATION,
            f"properties:\n  configurationVersion: 0.2.0\n  «assertions»:\n  resources:\n{_UNIT}"
            "      dependsOn: «git»\n    - «id»: other\n",
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT}"
            "      dependsOn: [git]\n    - id: other\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      «settings»:\n        - id: Git.Git\n",
        ),
        Example(CONFIGURATION, f"configurationVersion: 0.2.0\n«resources»:\n{_UNIT}"),
        Example(
            CONFIGURATION,
            f"# yaml-language-server: $schema=«{_NEW_MODELINE}»\n"
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT}",
            f"# yaml-language-server: $schema={_OLD_MODELINE}\n"
            f"properties:\n  configurationVersion: 0.2.0\n  resources:\n{_UNIT}",
        ),
        Example(
            CONFIGURATION,
            f"$schema: {V3_SCHEMA}\nmetadata: {{winget: {{processor: dscv3}}}}\nresources:\n"
            "  - «type»: Microsoft.WinGet/Package\n    properties: {id: Git.Git}\n  - name: b\n    type: «Package»\n",
        ),
    )
    good = (
        Example(CONFIGURATION, f"properties:\n  configurationVersion: 0.2\n  resources:\n{_UNIT}"),
        Example(CONFIGURATION, f"properties:\n  configurationVersion: 0.1.0\n  resources:\n{_UNIT}"),
        Example(CONFIGURATION, f"resources:\n{_UNIT}"),
        Example(CONFIGURATION, "properties:\n  configurationVersion: '{{version}}'\n  resources: []\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        configuration = configuration_of(context)
        if configuration.is_part:
            return
        yield from _modeline(context, configuration)
        if configuration.is_v3:
            if not winget_reads(context):
                return
        else:
            yield from _version(context, configuration)
        holder = configuration.holder
        if holder is not None:
            for name in _LISTS if not configuration.is_v3 else ("resources",):
                yield from _kind(context, holder, name, Sequence)
        for unit in units_of(context):
            yield from _unit(context, unit)


def _version(context: Context, configuration: Configuration) -> Iterator[Finding]:
    root, holder = configuration.root, configuration.holder
    if root is None:
        return
    if holder is None:
        entry = next((entry for entry in root.entries if entry.name in ("resources", "assertions")), None)
        if entry is not None and "properties" not in root.names and in_own_case("properties", root.names) is None:
            message = f"`{entry.name}` stands at the root: put it under `properties`, with `configurationVersion`"
            yield Finding(entry.key.span, message, "indent all of it, and write `properties:` above")
        return
    entry = holder.entry("configurationVersion")
    if entry is None:
        # One that is misspelt is another rule's.
        if any(near_misses(name, ("configurationVersion",)) for name in holder.names[:_MOST_LOOKED_UP]):
            return
        own = root.entry("properties")
        span = own.key.span if own is not None else root.span
        edit = _first(context, holder, "configurationVersion: 0.2.0")
        fix = Fix("write `configurationVersion: 0.2.0`", (edit,)) if edit is not None else None
        yield Finding(span, "no `configurationVersion`: write `configurationVersion: 0.2.0`", None, fix)
        return
    value = resolve(entry.value)
    if not isinstance(value, Scalar) or not is_literal(value):
        return
    if value.is_null:
        edit = Edit(Span(entry.key.end, entry.value.end), ": 0.2.0")
        yield Finding(
            entry.key.span,
            "`configurationVersion` holds nothing: write `0.2.0`",
            fix=Fix("write `0.2.0`", (edit,)) if context.source.text[entry.key.end :][:1] == ":" else None,
        )
    elif not _VERSION.fullmatch(value.value.strip()) and value.style not in (LITERAL, FOLDED):
        yield Finding(
            value.span,
            f"winget knows no version `{value.value}` of this syntax: write `0.2.0`",
            fix=Fix("write `0.2.0`", (Edit(value.span, "0.2.0"),)),
        )


def _first(context: Context, mapping: Mapping, text: str) -> Edit | None:
    """The edit that puts a key before all others."""
    if not mapping.entries:
        return None
    first = mapping.entries[0].key.start
    after = ", " if mapping.flow else context.source.newline + " " * mapping.column
    return Edit(Span(first, first), text + after)


def _modeline(context: Context, configuration: Configuration) -> Iterator[Finding]:
    if configuration.holder is None:
        return
    for comment in context.document.comments[:20]:
        match = _MODELINE.match(comment.text)
        if match is None:
            continue
        is_old, is_new = "configuration-dsc-schema" in match[1], "/dsc/schemas/" in match[1].lower()
        if (is_old and configuration.is_v3) or (is_new and not configuration.is_v3):
            right = _NEW_MODELINE if configuration.is_v3 else _OLD_MODELINE
            span = Span(comment.span.start + match.start(1), comment.span.start + match.end(1))
            yield Finding(
                span,
                f"this line tells editors of the other shape of configurations: write `{right}`",
                fix=Fix(f"write `{right}`", (Edit(span, right),)),
                severity=Severity.WARNING,
            )


def _kind(context: Context, mapping: Mapping, name: str, wanted: type[Node]) -> Iterator[Finding]:
    """A key that must hold a list or a mapping, if it is there."""
    entry = mapping.entry(name)
    if entry is None:
        return
    value = resolve(entry.value)
    what = "a list" if wanted is Sequence else "a mapping"
    if isinstance(value, wanted):
        return
    if isinstance(value, Scalar) and value.is_null:
        yield Finding(
            entry.key.span,
            f"`{name}` holds nothing, where winget needs {what}: remove it",
            "remove the key",
            _removal(context, mapping, name),
        )
    elif isinstance(value, Scalar) and not is_literal(value):
        return
    elif isinstance(value, Scalar) and name == "dependsOn" and value.style not in (LITERAL, FOLDED):
        text = context.source.text[value.start : value.end]
        plain = f"[{text}]" if not set(text) & set("[]{},") or text[0] in "\"'" else None
        fix = Fix(f"write `{plain}`", (Edit(value.span, plain),)) if plain and entry.value is value else None
        yield Finding(value.span, f"`{name}` needs a list: write `{plain or '[...]'}`", None, fix)
    else:
        is_dashed = isinstance(value, Sequence) and any(isinstance(item, Mapping) for item in value.items)
        how = ": write its keys without dashes" if is_dashed and wanted is Mapping else ""
        yield Finding(entry.key.span, f"`{name}` needs {what}{how}", f"write {what}")


def _removal(context: Context, mapping: Mapping, name: str) -> Fix | None:

    entry = mapping.entry(name)
    edit = removal(context.source, entry) if entry is not None and len(mapping.entries) > 1 else None
    return Fix(f"remove `{name}`", (edit,)) if edit is not None else None


def _unit(context: Context, unit: Unit) -> Iterator[Finding]:
    node = unit.node
    first = node.entries[0].key.span if node.entries else node.span
    own = UNIT_KEYS_V3 if unit.is_v3 else UNIT_KEYS
    for key in ("name", "type") if unit.is_v3 else ("resource",):
        if node.scalar(key) is not None or isinstance(node.get(key), Mapping | Sequence):
            continue
        # One that is misspelt is another rule's.
        names = [name for name in node.names[:_MOST_LOOKED_UP] if name not in own]
        if not any(key in near_misses(name, own) or of_other_shape(unit, name) == key for name in names):
            yield Finding(first, f"a unit without `{key}`: winget refuses the file", f"write `{key}`")
        break
    if unit.is_v3 and unit.resource is not None and "/" not in unit.resource.value and is_literal(unit.resource):
        message = f"`{unit.resource.value}` is no type: write the owner and the resource with `/` between"
        yield Finding(unit.resource.span, message, "write `Owner/Resource`")
    yield from _kind(context, node, "dependsOn", Sequence)
    for key in ("properties", "metadata") if unit.is_v3 else ("settings", "directives"):
        yield from _kind(context, node, key, Mapping)
