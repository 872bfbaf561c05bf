"""Writes a WinGet configuration: units as YAML text, in the shape of schema 0.2 or of DSC v3.

The same units give the same text. Text is written so that winget, which knows no fractions and no dates, and any other
reader of YAML give it back as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from devbox_lint.configuration.units import V3_SCHEMA
from devbox_lint.startup import NamedTuple, lazy

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value]"

_PLAIN = lazy(r"[A-Za-z][\w.+/\\-]*(?: [\w.+/\\-]+)*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))
_SAFE = "\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_SAFE_LINES = lazy(f"[{_SAFE}]*")
_UNSAFE = lazy(f"[^{_SAFE}]")
_LONGEST_LINE = 100

_OLD_HEAD = "# yaml-language-server: $schema=https://aka.ms/configuration-dsc-schema/0.2\n"
_NEW_HEAD = "# yaml-language-server: $schema=https://aka.ms/dsc/schemas/v3/bundled/config/document.vscode.json\n"


class Made(NamedTuple):
    """One unit to write; ``resource`` and ``settings`` are of the shape that is written.

    ``comments`` are written above it, without their ``#``.
    """

    id: str
    resource: str
    settings: Mapping[str, Value]
    description: str = ""
    is_elevated: bool = False
    allows_prerelease: bool = False
    depends: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


def old_shape(units: Iterable[Made], comments: Iterable[str] = ()) -> str:
    """A configuration of schema 0.2."""
    lines = [_OLD_HEAD.rstrip("\n"), *(f"# {comment}" for comment in comments)]
    lines.extend(("properties:", "  configurationVersion: 0.2.0"))
    written = [line for unit in units for line in _old_unit(unit)]
    lines.extend(("  resources:", *written) if written else ("  resources: []",))
    return "\n".join(lines) + "\n"


def new_shape(units: Iterable[Made], comments: Iterable[str] = ()) -> str:
    """A configuration of the DSC v3 shape, for the processor `dscv3`."""
    lines = [_NEW_HEAD.rstrip("\n"), *(f"# {comment}" for comment in comments)]
    lines.extend((f"$schema: {V3_SCHEMA}", "metadata:", "  winget:", "    processor:", "      identifier: dscv3"))
    written = [line for unit in units for line in _new_unit(unit)]
    lines.extend(("resources:", *written) if written else ("resources: []",))
    return "\n".join(lines) + "\n"


def _old_unit(unit: Made) -> Iterator[str]:
    directives: dict[str, Value] = {}
    if unit.description:
        directives["description"] = unit.description
    if unit.allows_prerelease:
        directives["allowPrerelease"] = True
    if unit.is_elevated:
        directives["securityContext"] = "elevated"
    whole: dict[str, Value] = {"resource": unit.resource, "id": unit.id}
    if unit.depends:
        whole["dependsOn"] = unit.depends
    if directives:
        whole["directives"] = directives
    whole["settings"] = unit.settings
    yield from _item(whole, unit.comments, 4)


def _new_unit(unit: Made) -> Iterator[str]:
    metadata: dict[str, Value] = {}
    if unit.description:
        metadata["description"] = unit.description
    if unit.is_elevated:
        metadata["winget"] = {"securityContext": "elevated"}
    whole: dict[str, Value] = {"name": unit.id, "type": unit.resource}
    if unit.depends:
        whole["dependsOn"] = unit.depends
    if metadata:
        whole["metadata"] = metadata
    whole["properties"] = unit.settings
    yield from _item(whole, unit.comments, 2)


def _item(whole: Mapping[str, Value], comments: Iterable[str], indent: int) -> Iterator[str]:
    yield from (f"{' ' * indent}# {comment}".rstrip() for comment in comments)
    first = True
    for line in _mapping(whole, indent + 2):
        yield f"{' ' * indent}- {line[indent + 2 :]}" if first else line
        first = False


def _mapping(mapping: Mapping[str, Value], indent: int) -> Iterator[str]:
    for key, value in mapping.items():
        yield from _entry(f"{' ' * indent}{_text(key)}:", value, indent)


def _entry(head: str, value: Value, indent: int) -> Iterator[str]:
    """A key with its value, or the dash of an item with it; ``indent`` is the column of the key."""
    if isinstance(value, Mapping):
        yield f"{head} {{}}" if not value else head
        yield from _mapping(value, indent + 2)
    elif isinstance(value, str) and ("\n" in value or len(value) > _LONGEST_LINE) and _may_be_block(value):
        yield from _block(head, value, indent + 2)
    elif isinstance(value, str | bool | int):
        yield f"{head} {_scalar(value)}"
    else:
        yield f"{head} []" if not value else head
        for item in value:
            if isinstance(item, Mapping) and item:
                yield from _item(item, (), indent + 2)
            else:
                yield from _entry(f"{' ' * (indent + 2)}-", item, indent + 2)


def _scalar(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _text(value)


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    if "\n" not in value and _SAFE_LINES.fullmatch(value):
        return "'" + value.replace("'", "''") + "'"
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(value, ensure_ascii=False))


def _may_be_block(value: str) -> bool:
    """Whether a literal block gives the text back; blanks at its end and other characters need escapes."""
    return _SAFE_LINES.fullmatch(value) is not None and bool(value.strip()) and not value.endswith(("\n\n", " ", "\t"))


def _block(head: str, value: str, indent: int) -> Iterator[str]:
    first = next(line for line in value.split("\n") if line.strip())
    hint = "2" if first[:1] in (" ", "\t") or not value.partition("\n")[0].strip() else ""
    yield f"{head} |{hint}{'' if value.endswith(chr(10)) else '-'}"
    for line in value.removesuffix("\n").split("\n"):
        yield f"{' ' * indent}{line}" if line else ""
