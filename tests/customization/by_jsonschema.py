"""What ``jsonschema`` says of a file by the whole schema: what our own walker must say as well."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import create

from devbox_lint.customization import schema
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import ASSERTED, MERGE, Violation, load_schema
from devbox_lint.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, Sequence, resolve


def enumerate_violations(root: Node, kind: Kind) -> Iterator[Violation]:
    """The violations below ``root`` in the order in which ``jsonschema`` finds them."""
    for error in _validator(kind).iter_errors(_plain(root, set())):
        path: tuple[str | int, ...] = tuple(error.absolute_path)
        entry, mapping, node = _at(root, path)
        if error.validator == "type":
            key = entry.key if entry is not None else None
            names = schema._types(error.schema)
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
    keywords = {name: Draft202012Validator.VALIDATORS[name] for name in ASSERTED}
    keywords["type"] = _check_type
    return create(Draft202012Validator.META_SCHEMA, keywords)(load_schema(kind))


def _check_type(_: Any, types: str | list[str], instance: object, inner: dict[str, Any]) -> Iterator[Any]:
    """The keyword ``type`` for what :func:`_plain` gives: single values are still nodes."""
    if isinstance(instance, Node):
        accepted = any(schema._is(instance, name) for name in schema._types(inner))
    else:
        accepted = ("object" if isinstance(instance, dict) else "array") in types
    if not accepted:
        yield ValidationError("wrong type")


def _plain(node: Node, followed: set[int] | None) -> object:
    """``node`` as dictionaries and lists, with nodes for the single values; each anchor is followed once."""
    if isinstance(node, Alias) and (target := schema._follow(node, followed)) is not None:
        node, followed = target, None
    if isinstance(node, Mapping) and not schema._is_reference(node):
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
