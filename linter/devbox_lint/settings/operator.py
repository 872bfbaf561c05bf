"""What only the operator decides: whom Azure is asked as, in which cloud and how much, by command line or environment.

A repository's own settings file cannot say it; a file that is named with `--config` can.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from devbox_lint.errors import UsageError
from devbox_lint.settings.keys import LIMITED, OPERATOR_ONLY, SCHEMA, variable
from devbox_lint.settings.model import AzureSettings
from devbox_lint.settings.validation import problems

#: The option of the command line, which takes a key and its value with `=` between.
OPTION = "--azure"
KEYS = (*OPERATOR_ONLY, *LIMITED)


def operator_settings(given: Iterable[str] = ()) -> dict[str, object]:
    """What the operator says, by key: in ``given``, each `KEY=VALUE`, and where these have nothing in the environment.

    Raises UsageError.
    """
    found: dict[str, object] = {}
    for key in KEYS:
        text = os.environ.get(variable(key))
        if text:
            found[key] = _value(key, text, f"the environment variable {variable(key)}")
    for pair in given:
        key, _, text = pair.partition("=")
        if key not in KEYS:
            known = ", ".join(f"`{word}`" for word in KEYS)
            raise UsageError(f"`{OPTION}` takes KEY=VALUE, and no KEY is called `{key}`: there are {known}")
        found[key] = _value(key, text, f"`{OPTION} {key}=`")
    return found


def with_operator(azure: AzureSettings, operator: Mapping[str, object]) -> AzureSettings:
    """The settings with what the operator says in their place."""
    if not operator:
        return azure
    fields: dict[str, Any] = {key.replace("-", "_"): value for key, value in operator.items()}
    return azure._replace(**fields)


def _value(key: str, text: str, origin: str) -> object:
    schema = SCHEMA["properties"]["azure"]["properties"][key]
    value: object = text
    try:
        match schema.get("type"):
            case "number":
                value = float(text)
            case "integer":
                value = int(text)
            case "boolean":
                value = {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError):
        pass
    problem = next(problems(value, schema, {}, (key,)), None)
    if problem is not None:
        raise UsageError(f"{origin}: {problem.message}")
    return value
