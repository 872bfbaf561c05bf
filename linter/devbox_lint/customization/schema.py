"""What a file's keys must hold: the JSON Schemas, and where a file departs from them.

A walker of our own says it in microseconds, where the import of ``jsonschema`` costs more than linting many files;
that it says the same is a test.
"""

from __future__ import annotations

import json
import os.path
from functools import cache
from typing import Any

from devbox_lint.customization.kinds import Kind
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, Sequence, resolve

#: YAML's merge key: it brings in the keys of another mapping, and is not a key of its own.
MERGE = "<<"

_SCHEMAS = os.path.join(os.path.dirname(__file__), "schemas")
_WHOLE_NUMBER = lazy(r"[-+]?[0-9]+")
_NUMBER = lazy(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
# The service reads YAML 1.1 words as well, so none of them is certain to be wrong.
_BOOLEANS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n"))


class Violation(NamedTuple):
    """One place where a file departs from its schema.

    ``keyword`` is the schema's: ``type`` or ``additionalProperties``. ``node`` is the value at fault, aliases
    resolved; ``key`` is its key, None for the root and for an item of a sequence; ``mapping`` holds the key.
    ``expected`` are the names of the types that are accepted, or of the keys that are known at this place.
    ``path`` leads from the root to the node: keys, and indexes from 0.
    """

    keyword: str
    key: Scalar | None
    node: Node
    mapping: Mapping | None
    expected: tuple[str, ...]
    path: tuple[str | int, ...]


@cache
def load_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of the files of ``kind``; do not change it, all callers share it."""
    with open(os.path.join(_SCHEMAS, f"{kind.value}.json"), "rb") as stream:
        schema: dict[str, Any] = json.load(stream)
    return schema


def find_violations(document: Document, kind: Kind) -> tuple[Violation, ...]:
    """Where ``document`` departs from the schema of ``kind``, in the order of the file.

    A value that is missing is accepted everywhere, and any scalar where text belongs: what ``30`` or ``true``
    means as text is not in doubt. The first of two equal keys counts. An alias is followed once for each
    anchor, so the work grows with the file and no faster.
    """
    root = document.root
    if root is None:
        return ()
    found: list[Violation] = []
    _walk(_shape(kind), root, set(), (), None, None, found)
    return tuple(sorted(found, key=_start))


def _start(violation: Violation) -> int:
    return violation.node.start if violation.key is None else violation.key.start


class _Shape:
    """A schema, ready to walk: the types it accepts (none: all), and the shapes of what is inside."""

    __slots__ = ("additional", "closed", "items", "properties", "text", "types")

    def __init__(self, schema: dict[str, Any], root: dict[str, Any], known: dict[str, _Shape]) -> None:
        self.types: tuple[str, ...] = _types(schema)
        self.text = not self.types or "string" in self.types
        self.properties: dict[str, _Shape] = {
            name: _compile(inner, root, known) for name, inner in schema.get("properties", {}).items()
        }
        additional = schema.get("additionalProperties", True)
        self.closed: bool = additional is False
        self.additional: _Shape | None = _compile(additional, root, known) if isinstance(additional, dict) else None
        self.items: _Shape | None = _compile(schema["items"], root, known) if "items" in schema else None


def _types(schema: dict[str, Any]) -> tuple[str, ...]:
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else tuple(types)


def _compile(schema: dict[str, Any], root: dict[str, Any], known: dict[str, _Shape]) -> _Shape:
    reference = schema.get("$ref")
    if reference is None:
        return _Shape(schema, root, known)
    if reference not in known:
        known[reference] = _Shape(root["$defs"][reference.removeprefix("#/$defs/")], root, known)
    return known[reference]


@cache
def _shape(kind: Kind) -> _Shape:
    schema = load_schema(kind)
    return _compile(schema, schema, {})


def _walk(
    shape: _Shape,
    node: Node,
    followed: set[int] | None,
    path: tuple[str | int, ...],
    entry: Entry | None,
    mapping: Mapping | None,
    found: list[Violation],
) -> None:
    """Add to ``found`` where ``node``, the value of ``entry`` in ``mapping``, departs from ``shape``.

    ``followed`` are the anchors already followed, None inside an alias, where no further one is followed.
    """
    kind = type(node)
    if kind is Scalar:
        if shape.text or _is_one_of(node, shape.types):
            return
    elif kind is Alias:
        target = _follow(node, followed)  # type: ignore[arg-type]
        if target is not None:
            _walk(shape, target, None, path, entry, mapping, found)
        return
    elif kind is Mapping:
        if _is_reference(node):  # type: ignore[arg-type]
            return
        if not shape.types or "object" in shape.types:
            _walk_entries(shape, node, followed, path, found)  # type: ignore[arg-type]
            return
    elif kind is Sequence and (not shape.types or "array" in shape.types):
        items = shape.items
        if items is not None:
            for index, item in enumerate(node.items):  # type: ignore[attr-defined]
                _walk(items, item, followed, (*path, index), None, None, found)
        return
    key = entry.key if entry is not None and isinstance(entry.key, Scalar) else None
    found.append(Violation("type", key, node, mapping, shape.types, path))


def _walk_entries(
    shape: _Shape, node: Mapping, followed: set[int] | None, path: tuple[str | int, ...], found: list[Violation]
) -> None:
    properties = shape.properties
    additional = shape.additional
    seen: set[str] = set()
    for entry in node.entries:
        name = entry.name
        if name is None:
            continue
        inner = properties.get(name, additional)
        if inner is None:
            if shape.closed and name != MERGE and isinstance(entry.key, Scalar):
                place, known = (*path, name), tuple(properties)
                value = resolve(entry.value)
                found.append(Violation("additionalProperties", entry.key, value, node, known, place))
        elif name not in seen and not (inner.text and type(entry.value) is Scalar):
            seen.add(name)
            _walk(inner, entry.value, followed, (*path, name), entry, node, found)


def _follow(alias: Alias, followed: set[int] | None) -> Node | None:
    """What an alias stands for, the first time that one of its anchor is met outside of another alias."""
    target = alias.target
    if target is None or followed is None or id(target) in followed:
        return None
    followed.add(id(target))
    return target


def _is_reference(node: Mapping) -> bool:
    """Whether a mapping is an unquoted ``{{x}}``: a value to its author; another rule says that it needs quotes."""
    return node.flow and bool(node.entries) and isinstance(node.entries[0].key, Mapping)


def passes_for(node: Node, schema: dict[str, Any]) -> bool:
    """Whether ``node`` has a type that ``schema``, without references, accepts; nothing at all passes for every one."""
    types = _types(schema)
    return not types or _is_one_of(node, types)


def _is_one_of(node: Node, types: tuple[str, ...]) -> bool:
    return any(_is(node, name) for name in types)


def _is(node: Node, name: str) -> bool:
    """Whether ``node`` passes for the JSON type ``name``."""
    if isinstance(node, Mapping):
        return name == "object" or _is_reference(node)
    if isinstance(node, Sequence):
        return name == "array"
    if not isinstance(node, Scalar) or node.is_null:
        return True
    if name == "string" or (name not in ("object", "array") and "{{" in node.value):
        return True
    data = node.data
    if name == "boolean":
        return isinstance(data, bool) or node.value.lower() in _BOOLEANS
    if name == "integer":
        whole = type(data) is int or (type(data) is float and data.is_integer())
        return whole or _WHOLE_NUMBER.fullmatch(node.value) is not None
    if name == "number":
        return type(data) in (int, float) or _NUMBER.fullmatch(node.value) is not None
    return False
