"""What the JSON Schemas say of a place in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import load_schema
from devbox_lint_lsp.prose import Prose

#: The definitions in the schemas for the parameters of the built-in tasks, by the tasks' names.
_BUILT_IN = {
    "~/winget": "wingetParameters",
    "~/powershell": "powershellParameters",
    "~/gitclone": "gitcloneParameters",
}


def schema_at(kind: Kind, path: Sequence[str | int]) -> dict[str, Any] | None:
    """The part of the schema that describes what ``path`` leads to; None where the schema knows nothing there."""
    whole = load_schema(kind)
    schema: Any = whole
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items")
        else:
            schema = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
        if not isinstance(schema, dict):
            return None
        schema = _resolved(whole, schema)
    return dict(schema)


def builtin_parameter(kind: Kind, task: str, parameter: str) -> dict[str, Any] | None:
    """What the schema says of a parameter of a built-in task."""
    name = _BUILT_IN.get(task.lower())
    if name is None:
        return None
    found: dict[str, Any] | None = load_schema(kind)["$defs"][name].get("properties", {}).get(parameter)
    return found


def described(schema: dict[str, Any], prose: Prose) -> Iterator[str]:
    """The paragraphs on a part of a schema."""
    types = schema.get("type", ())
    words = [types] if isinstance(types, str) else list(types)
    title = schema.get("title")
    if title:
        yield prose.strong(title) + (f": {' or '.join(words)}" if words else "")
    # Our own words, in which braces and backticks mean what they say.
    yield prose.words(schema.get("description", ""))
    facts = []
    if "enum" in schema:
        facts.append(f"One of {prose.codes(dict.fromkeys(str(value) for value in schema['enum']))}.")
    if schema.get("default") is not None:
        facts.append(f"Default: {prose.code(str(schema['default']))}.")
    if schema.get("deprecated"):
        facts.append("No longer supported.")
    examples = [str(example) for example in schema.get("examples", ()) if not isinstance(example, dict | list)]
    if examples and "enum" not in schema:
        facts.append(f"For example {prose.codes(examples[:3])}.")
    yield " ".join(facts)


def _resolved(whole: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target: dict[str, Any] = whole["$defs"][reference.removeprefix("#/$defs/")]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
