"""Whether a value is what its JSON Schema says: the few keywords of `keys`, with errors for people.

The library for JSON Schema takes longer to import than a hundred files to check, and a test holds this to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devbox_lint.settings.toml_positions import Path
from devbox_lint.startup import NamedTuple

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "object": (dict,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


class Problem(NamedTuple):
    """What is wrong with the value at ``path``, or with its key where ``of_key`` is set."""

    path: Path
    message: str
    of_key: bool = False


def problems(value: object, schema: Mapping[str, Any], definitions: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """What in ``value`` the schema does not allow, in the order of the value."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        # The branches differ by type.
        branch = next((branch for branch in schema["anyOf"] if _is(value, branch["type"])), None)
        if branch is None:
            yield Problem(path, _must_be(path, schema))
            return
        schema = {**branch, "title": schema["title"]}
    if not _is(value, schema["type"]) or not _is_allowed(value, schema):
        yield Problem(path, _must_be(path, schema))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from problems(item, schema["items"], definitions, (*path, index))
    elif isinstance(value, dict):
        yield from _of_table(value, schema, definitions, path)


def _of_table(
    table: Mapping[str, object], schema: Mapping[str, Any], definitions: Mapping[str, Any], path: Path
) -> Iterator[Problem]:
    known = schema.get("properties", {})
    names = schema.get("propertyNames", {})
    names = definitions[names["$ref"].rpartition("/")[2]] if "$ref" in names else names
    for name, value in table.items():
        inner = (*path, name)
        other = schema["additionalProperties"]
        if name in known:
            yield from problems(value, known[name], definitions, inner)
        elif not other:
            yield Problem(inner, _unknown(name, known, path), of_key=True)
        elif not _is_allowed(name, names):
            yield Problem(inner, f"`{name}` must be {names['title']}", of_key=True)
        else:
            yield from problems(value, other, definitions, inner)
    for name in schema.get("required", ()):
        if name not in table:
            yield Problem(path, f"{_called(path)} lacks `{name}`")


def _is(value: object, name: str) -> bool:
    # To Python, true is a number.
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _is_allowed(value: Any, schema: Mapping[str, Any]) -> bool:
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, str):
        pattern = schema.get("pattern")
        return len(value) >= schema.get("minLength", 0) and (pattern is None or re.search(pattern, value) is not None)
    if "minimum" in schema and not value >= schema["minimum"]:
        return False
    if "exclusiveMinimum" in schema and not value > schema["exclusiveMinimum"]:
        return False
    return "maximum" not in schema or value <= schema["maximum"]


def _must_be(path: Path, schema: Mapping[str, Any]) -> str:
    """The value itself is not quoted: it may have been pasted into the wrong place."""
    message = f"{_called(path)} must be {schema['title']}"
    if "enum" in schema:
        *others, last = (f"`{word}`" for word in schema["enum"])
        if not all(word in schema["title"] for word in others):
            message += f": {', '.join(others)} or {last}"
    if "exclusiveMinimum" in schema:
        message += f" over {schema['exclusiveMinimum']} and up to {schema['maximum']}"
    elif "maximum" in schema:
        message += f" from {schema['minimum']} to {schema['maximum']}"
    return message


def _called(path: Path) -> str:
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        return f"each of `{path[-2]}`"
    return f"`{path[-1]}`"


def _unknown(name: str, known: Mapping[str, Any], path: Path) -> str:
    from devbox_lint.spelling import nearest

    where = f" in `[{'.'.join(str(part) for part in path)}]`" if path else ""
    meant = nearest(name, known)
    if meant:
        return f"unknown setting `{name}`{where}: did you mean {meant}?"
    return f"unknown setting `{name}`{where}: there are {', '.join(f'`{word}`' for word in known)}"
