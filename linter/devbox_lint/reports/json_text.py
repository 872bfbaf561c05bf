"""JSON that no log takes for a command: in ASCII, and with nothing in it that a CI runner looks for."""

from __future__ import annotations

import json
from collections.abc import Iterable


def json_text(value: object, indent: int | None = None) -> str:
    """``value`` as JSON. What it says is unchanged: only ``##`` is written as ``#\\u0023``."""
    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, separators=separators).replace("##", "#\\u0023")


def json_lines(values: Iterable[object]) -> str:
    """A list with each of its values on a line of its own."""
    lines = ",\n".join(json_text(value) for value in values)
    return f"[\n{lines}\n]" if lines else "[]"
