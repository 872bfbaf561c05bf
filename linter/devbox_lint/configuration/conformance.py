"""Whether a configuration that was written is one by the JSON Schema, with the settings of its resources.

This schema says more than our walker can follow: conditions, lengths, and the values that a setting takes. Only
``export`` asks it, so that linting never pays for the import of ``jsonschema``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from devbox_lint.configuration.json_schema import with_resources
from devbox_lint.configuration.rebuilt import plain_value
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import load_schema
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_WORDS = {
    "enum": "is none of the values that the resource knows",
    "maxLength": "is too long",
    "required": "lacks a key that it needs",
    "type": "is of the wrong type",
}


def departures(text: str) -> Iterator[str]:
    """Where the configuration ``text`` departs from the schema; no value is named.

    Raises ImportError where ``jsonschema`` cannot be loaded, as in a browser.
    """
    validator = _validator()
    root = parse(SourceFile("written.winget", text)).root
    written = plain_value(root) if root is not None else None
    for error in sorted(validator.iter_errors(written), key=_place):
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        yield f"`{path.removeprefix('.') or 'the root'}` {_WORDS.get(str(error.validator), 'departs from the schema')}"


def _place(error: ValidationError) -> list[str]:
    return [str(part) for part in error.absolute_path]


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(with_resources(load_schema(Kind.CONFIGURATION)))
