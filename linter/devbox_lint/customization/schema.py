"""What a file's keys must hold: the JSON Schemas, and where a file departs from them.

A walker of our own accepts what is right and names the keys that are not known, in microseconds; only a file with
a wrong type is handed to ``jsonschema``, whose import costs more than linting many files, to say what is wrong.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from functools import cache
from typing import Any

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.shapes import SHAPES
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, Sequence, resolve

#: The keywords that say which files are accepted.
ASSERTED = frozenset(("$ref", "additionalProperties", "items", "properties", "type"))
#: The keywords that help people and editors, and those whose subject is another rule's, with better words.
IGNORED = frozenset(
    (
        "$defs", "$id", "$schema", "default", "deprecated", "description", "examples", "title",
        "allOf", "anyOf", "enum", "maxLength", "minLength", "minimum", "pattern", "required",
    )
)  # fmt: skip

#: YAML's merge key: it brings the keys of another mapping and is none itself.
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
    # Imported here: what a run asks of the schemas is in SHAPES.
    import json

    with open(os.path.join(_SCHEMAS, f"{kind.value}.json"), "rb") as stream:
        schema: dict[str, Any] = json.load(stream)
    return schema


def keys_and_types(kind: Kind) -> dict[str, Any]:
    """The schema of ``kind`` with its types and keys alone, in the same form; must not be changed."""
    return SHAPES[kind.value]


def find_violations(document: Document, kind: Kind) -> tuple[Violation, ...]:
    """Where ``document`` departs from the schema of ``kind``, in the order of the file.

    A value that is missing is accepted everywhere, and any scalar where text belongs: what ``30`` or ``true``
    means as text is not in doubt. The first of two equal keys counts. An alias is followed once for each
    anchor, so the work grows with the file and no faster.
    """
    root = document.root
    if root is None:
        return ()
    unknown: list[Violation] = []
    if not _accepts(_shape(kind), root, set(), (), unknown):
        unknown = list(_enumerate(root, kind))
    return tuple(sorted(unknown, key=_start))


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
    schema = keys_and_types(kind)
    return _compile(schema, schema, {})


def _accepts(
    shape: _Shape,
    node: Node,
    followed: set[int] | None,
    path: tuple[str | int, ...],
    unknown: list[Violation],
) -> bool:
    """Whether ``node`` has the right types; may say no where it has, never yes where it has not.

    Keys that are not known are added to ``unknown``: they are the usual mistake, and need no validator.
    ``followed`` are the anchors already followed, None inside an alias, where no further one is followed.
    """
    kind = type(node)
    if kind is Scalar:
        return shape.text or _is_one_of(node, shape.types)
    if kind is Mapping:
        if shape.types and "object" not in shape.types:
            return _is_one_of(node, shape.types)
        properties = shape.properties
        additional = shape.additional
        seen: set[str] = set()
        for entry in node.entries:  # type: ignore[attr-defined]
            name = entry.name
            if name is None:
                continue
            inner = properties.get(name, additional)
            if inner is None:
                if shape.closed and name != MERGE and not _is_reference(node):  # type: ignore[arg-type]
                    place = (*path, name)
                    known = tuple(properties)
                    unknown.append(
                        Violation("additionalProperties", entry.key, resolve(entry.value), node, known, place)  # type: ignore[arg-type]
                    )
                continue
            value = entry.value
            if name in seen or (inner.text and type(value) is Scalar):
                continue
            seen.add(name)
            if not _accepts(inner, value, followed, (*path, name), unknown):
                return False
        return True
    if kind is Sequence:
        if shape.types and "array" not in shape.types:
            return False
        items = shape.items
        return items is None or all(
            _accepts(items, item, followed, (*path, index), unknown)
            for index, item in enumerate(node.items)  # type: ignore[attr-defined]
        )
    target = _follow(node, followed) if isinstance(node, Alias) else None
    return target is None or _accepts(shape, target, None, path, unknown)


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


def _enumerate(root: Node, kind: Kind) -> Iterator[Violation]:
    validator = _validator(kind)
    for error in validator.iter_errors(_plain(root, set())):
        path: tuple[str | int, ...] = tuple(error.absolute_path)
        entry, mapping, node = _at(root, path)
        if error.validator == "type":
            key = entry.key if entry is not None else None
            names = _types(error.schema)
            yield Violation("type", key if isinstance(key, Scalar) else None, node, mapping, names, path)
        elif isinstance(node, Mapping):
            known = tuple(error.schema["properties"])
            for unknown in node.entries:
                key = unknown.key
                if isinstance(key, Scalar) and key.value not in known and key.value != MERGE:
                    place = (*path, key.value)
                    yield Violation("additionalProperties", key, resolve(unknown.value), node, known, place)


@cache
def _validator(kind: Kind) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import create

    keywords = {name: Draft202012Validator.VALIDATORS[name] for name in ASSERTED}
    keywords["type"] = _check_type
    return create(Draft202012Validator.META_SCHEMA, keywords)(load_schema(kind))


def _check_type(_: Any, types: str | list[str], instance: object, schema: dict[str, Any]) -> Iterator[Any]:
    """The keyword ``type`` for what :func:`_plain` gives: single values are still nodes."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, Node):
        accepted = _is_one_of(instance, _types(schema))
    else:
        accepted = ("object" if isinstance(instance, dict) else "array") in types
    if not accepted:
        yield ValidationError("wrong type")


def _plain(node: Node, followed: set[int] | None) -> object:
    """``node`` as dictionaries and lists, with nodes for the single values; ``followed`` as in _accepts."""
    if isinstance(node, Alias) and (target := _follow(node, followed)) is not None:
        node, followed = target, None
    if isinstance(node, Mapping) and not _is_reference(node):
        plain: dict[str, object] = {}
        for entry in node.entries:
            name = entry.name
            if name is not None and name != MERGE and name not in plain:
                plain[name] = _plain(entry.value, followed)
        return plain
    if isinstance(node, Sequence):
        return [_plain(item, followed) for item in node.items]
    return node


def _at(root: Node, path: tuple[str | int, ...]) -> tuple[Entry | None, Mapping | None, Node]:
    """What is at ``path``: the key with its value, the mapping they are in, and the value, aliases resolved."""
    entry: Entry | None = None
    mapping: Mapping | None = None
    node = resolve(root)
    for step in path:
        entry = mapping = None
        if isinstance(step, int) and isinstance(node, Sequence):
            node = resolve(node.items[step])
        elif isinstance(step, str) and isinstance(node, Mapping):
            mapping = node
            entry = node.entry(step)
            if entry is not None:
                node = resolve(entry.value)
    return entry, mapping, node
