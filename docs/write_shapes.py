"""Writes what the JSON Schemas assert as Python data, so that a run need not read JSON.

``python docs/write_shapes.py`` writes it; a test says when it is out of date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "linter" / "devbox_lint" / "customization"
ASSERTED = ("$ref", "additionalProperties", "items", "type")
_HEAD = '''"""What the JSON Schemas in `schemas` assert: types and keys. Written by docs/write_shapes.py from them."""

from __future__ import annotations

from typing import Any

# fmt: off
'''


def reduced(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its types and keys alone."""
    kept = {}
    for keyword in ASSERTED:
        if keyword in schema:
            value = schema[keyword]
            kept[keyword] = reduced(value) if isinstance(value, dict) else value
    for keyword in ("properties", "$defs"):
        if keyword in schema:
            kept[keyword] = {name: reduced(inner) for name, inner in schema[keyword].items()}
    return kept


def module() -> str:
    """The text of the module."""
    lines = [_HEAD + "SHAPES: dict[str, dict[str, Any]] = {"]
    for path in sorted((FOLDER / "schemas").glob("*.json")):
        if path.stem == "configuration":
            # For editors alone: winget ignores what it does not know, and the rest is the subject of rules.
            continue
        lines.append(f'    "{path.stem}": {{')
        for keyword, value in reduced(json.loads(path.read_text("utf-8"))).items():
            if isinstance(value, dict):
                lines.append(f'        "{keyword}": {{')
                for name, inner in value.items():
                    lines.extend(_entry(name, inner))
                lines.append("        },")
            else:
                lines.append(f'        "{keyword}": {_literal(value)},')
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def _entry(name: str, inner: dict[str, Any]) -> list[str]:
    text = f'            "{name}": {_literal(inner)},'
    if len(text) <= 120:
        return [text]
    lines = [f'            "{name}": {{']
    for keyword, value in inner.items():
        if isinstance(value, dict):
            lines.append(f'                "{keyword}": {{')
            lines.extend(f'                    "{key}": {_literal(item)},' for key, item in value.items())
            lines.append("                },")
        else:
            lines.append(f'                "{keyword}": {_literal(value)},')
    return [*lines, "            },"]


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_literal(item)}' for key, item in value.items()) + "}"
    return json.dumps(value) if isinstance(value, str | list) else repr(value)


if __name__ == "__main__":
    (FOLDER / "shapes.py").write_text(module(), "utf-8", newline="\n")
