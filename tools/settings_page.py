"""The page of the settings, and their JSON Schema for editors, from the schema that the reader goes by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from devbox_lint.settings.files import NAMES
from devbox_lint.settings.keys import LIMITED, OPERATOR_ONLY, SCHEMA, schema_with, variable
from devbox_lint.settings.model import Settings
from devbox_lint.settings.operator import KEYS
from devbox_lint_rules import RULES

FOLDER = Path(__file__).parent.parent / "docs"
#: The options of `check` that stand for a key.
_OPTIONS = {
    "select": ("`--select`",),
    "extend-select": ("`--extend-select`",),
    "ignore": ("`--ignore`",),
    "exclude": ("`--exclude`",),
    "fail-on": ("`--fail-on`",),
    "task-catalogs": ("`--task-catalog`",),
    "baseline": ("`--baseline`",),
}
ADDRESS = "https://raw.githubusercontent.com/devbox-lint/devbox-lint/main/docs/settings.schema.json"
_HEAD = f"""\
# Settings

Settings stand in one of these files:

| File | Where in it |
|---|---|
| `{NAMES[0]}` | at the top |
| `{NAMES[1]}` | at the top |
| `{NAMES[2]}` | under `[tool.devbox-lint]`; without that table the file is passed over |

For each file that is checked the nearest one counts: devbox-lint looks in the file's own folder, then in the \
one above, up to the top of its repository (the folder with `.git`). Of several in one folder the first in the \
table counts. One further up has no say, unless `extend` names it. `--config FILE` names one for all \
files, `--isolated` reads none.

Paths and patterns are relative to the settings file. Patterns are those of `.gitignore`, without `!`. Rules \
stand by code (`DBX101`), beginning of a code (`DBX1`), name (`missing-image`) or `ALL`.

The command line wins: `--select` puts aside what the settings say of rules, but for `per-file-ignores`; \
`--extend-select` and `--ignore` are asked after them; `--task-catalog` and `--fail-on` stand in their place; \
`--exclude` leaves out more.

A key or value that cannot be meant is an error, with its place, and ends the run with exit code 2. `devbox-lint \
config PATH` shows the settings for a path and where each is from.

An editor that knows TOML completes and checks the file with its [JSON Schema](settings.schema.json), which \
`devbox-lint schema settings` prints too. For many the first line of `devbox-lint.toml` tells it:

```toml
#:schema {ADDRESS}
```

## An example

<!-- settings -->
```toml
select = ["ALL"]
ignore = ["missing-display-name", "DBX7"]
exclude = ["samples/", "*.template.yaml"]
fail-on = "error"
task-catalogs = ["catalog", "list-tasks.json"]

[per-file-ignores]
"users/**" = ["missing-name"]

[severities]
DBX3 = "error"
not-resolved-locally = "off"

[azure]
project = "people-project"
resource-group = "dev-boxes"
subscription = "00000000-0000-0000-0000-000000000000"
consumers = ["11111111-1111-1111-1111-111111111111"]
```

## All settings
"""


def page() -> str:
    """The text of the page."""
    lines = [_HEAD, *_table_of_who()]
    for name, schema in SCHEMA["properties"].items():
        if name != "azure":
            lines.extend(_section(name, schema))
    azure = SCHEMA["properties"]["azure"]
    lines.extend(["## `[azure]`", "", azure["description"], ""])
    lines.extend(_table_of_who_asks_azure(azure["properties"]))
    for name, schema in azure["properties"].items():
        lines.extend(_section(name, schema))
    return "\n".join(lines)


def schema_text() -> str:
    """The JSON Schema as editors get it."""
    words = (word for rule in RULES for word in (rule.code, rule.name))
    return json.dumps({"$id": ADDRESS, **schema_with(words)}, indent=2) + "\n"


def _section(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"### `{name}`"
    yield ""
    yield schema["description"]
    yield ""
    yield f"Value: {_value(schema)}  "
    default = schema.get("default")
    if name == "select":
        yield "Default: the rules that are on by default"
    elif default is None:
        yield "Default: not set"
    else:
        yield f"Default: `{json.dumps(default)}`"
    yield ""
    for branch in schema.get("anyOf", ()):
        for key, inner in branch.get("properties", {}).items():
            yield f"- `{key}`: {_value(inner)}. {inner['description']}"
        if "properties" in branch:
            yield ""


def _table_of_who() -> Iterator[str]:
    """Who may set what, and what `--no-ignores` does not heed: the same code decides both in a run."""
    marks = Settings(*(f"set {key}" for key in Settings._fields))  # type: ignore[arg-type]
    audited = marks.for_audit()
    yield "Who may set what:"
    yield ""
    yield "| Key | A repository's own settings file | There with `--no-ignores` | The operator |"
    yield "|---|---|---|---|"
    for name, schema in SCHEMA["properties"].items():
        if name == "azure":
            yield "| `[azure]` | see [there](#azure) | see there | see there |"
            continue
        own = "yes, a path inside the repository" if "path" in schema["title"] else "yes"
        field = name.replace("-", "_")
        heeded = field not in Settings._fields or getattr(audited, field) == getattr(marks, field)
        ways = ", ".join(("a file named with `--config`", *_OPTIONS.get(name, ())))
        yield f"| `{name}` | {own} | {'heeded' if heeded else 'not heeded'} | {ways} |"
    yield ""


def _table_of_who_asks_azure(properties: dict[str, Any]) -> Iterator[str]:
    """Who may set what of `[azure]`: the reader goes by the same lists."""
    yield "Who may set what:"
    yield ""
    yield "| Key | A repository's own settings file | The operator |"
    yield "|---|---|---|"
    for name, schema in properties.items():
        if name in OPERATOR_ONLY:
            own = "no: it is an error"
        elif name in LIMITED:
            default = json.dumps(schema["default"])
            own = "only `false`" if schema["type"] == "boolean" else f"up to {default}; more is an error"
        else:
            own = "yes"
        ways = "a file named with `--config`"
        if name in KEYS:
            ways += f", `--azure {name}=...`, `{variable(name)}`"
        yield f"| `{name}` | {own} | {ways} |"
    yield ""
    yield (
        "The operator is whoever starts devbox-lint: the command line, its environment, and a file named with"
        " `--config` are theirs. A settings file that is found beside the files that are checked is the repository's,"
        " and may be a stranger's. It names what is the repository's own, and may ask for less; whom a token is for,"
        " how it is had, and how much is asked is not for it to say. In an editor a file that the setting `configFile`"
        " names is the operator's if it is outside of the workspace. `--azure` wins over the environment, and the"
        " environment over a file."
    )
    yield ""


def _value(schema: dict[str, Any]) -> str:
    title: str = schema["title"]
    words = schema.get("enum") or schema.get("additionalProperties", {}).get("enum")
    if words:
        title += ": " + ", ".join(f"`{word}`" for word in words)
    if "exclusiveMinimum" in schema:
        title += f" over {schema['exclusiveMinimum']} and up to {schema['maximum']}"
    elif "maximum" in schema:
        title += f" from {schema['minimum']} to {schema['maximum']:,}"
    return title
