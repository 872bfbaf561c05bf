"""Which settings there are: one JSON Schema, that says it to the reader, to editors and to the documentation.

What a value must be stands in ``title``, as the error messages have it; ``default`` is what holds without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from devbox_lint.settings.required_version import PATTERN as REQUIRED_VERSION

_GUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
PROJECT_ID = (
    f"/[sS]ubscriptions/{_GUID}/resource[gG]roups/[^/]{{1,90}}/providers"
    "/[mM]icrosoft\\.[dD]ev[cC]enter/projects/[a-zA-Z0-9][a-zA-Z0-9_.-]{2,62}"
)
_LABELS = ["error", "warning", "info"]
_RULE = {"type": "string", "title": "a code, the beginning of one, a name, or `ALL`", "minLength": 1}
_RULES = {"type": "array", "title": "a list of rules", "items": {"$ref": "#/definitions/rule"}, "default": []}
_PATTERN = {"type": "string", "title": "a pattern as in .gitignore", "pattern": "^[^!#]", "minLength": 1}
_PATH = {"type": "string", "title": "a path", "minLength": 1}
_OBJECT_ID = {"type": "string", "title": "an object id, such as 00000000-0000-0000-0000-000000000000"}
_ADDRESS = {"type": "string", "title": "an address that starts with https:// and has no path"}
_HTTPS = "^https://[A-Za-z0-9.-]+(?::[0-9]+)?$"


#: The keys of `[azure]` that decide who gets a token, and as whom: a repository's own file must not have them.
OPERATOR_ONLY = ("cloud", "tenant", "credential")
#: The keys of `[azure]` that a repository's own file may set up to their default, and only the operator beyond it.
LIMITED = ("timeout", "concurrency", "max-requests", "validate-tasks")


def variable(key: str) -> str:
    """The environment variable by which the operator sets a key of `[azure]`."""
    return f"DEVBOX_LINT_AZURE_{key.upper().replace('-', '_')}"


def _rules(description: str) -> dict[str, Any]:
    return {**_RULES, "description": description}


def _object_ids(description: str) -> dict[str, Any]:
    return {
        "type": "array",
        "title": "a list of object ids",
        "items": {**_OBJECT_ID, "pattern": f"^{_GUID}$"},
        "default": [],
        "description": description,
    }


_AZURE: dict[str, Any] = {
    "project": {
        "type": "string",
        "title": "the resource id or the name of a dev center project",
        "pattern": f"^(?:{PROJECT_ID}|[a-zA-Z0-9][a-zA-Z0-9_.-]{{2,62}})$",
        "description": "The dev center project that the files are for: its resource id, or its name, which needs"
        " `resource-group` and `subscription` beside it.",
    },
    "resource-group": {
        "type": "string",
        "title": "the name of a resource group",
        "pattern": "^[^/]{1,90}$",
        "description": "The resource group of a `project` that is given by name.",
    },
    "subscription": {
        "type": "string",
        "title": "the id of a subscription, such as 00000000-0000-0000-0000-000000000000",
        "pattern": f"^{_GUID}$",
        "description": "The subscription of a `project` that is given by name.",
    },
    "tenant": {
        "type": "string",
        "title": "the id or the domain of a tenant",
        "pattern": "^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$",
        "description": "The Entra tenant to sign in to; a vault of another tenant is not asked.",
    },
    "consumers": _object_ids(
        "Object ids of the users and groups that create dev boxes, whose access to secrets is checked."
    ),
    "admins": _object_ids("Object ids of those who build images, whose access to secrets is checked."),
    "cloud": {
        "title": "`public`, `china`, `usgov` or a table of endpoints",
        "anyOf": [
            {"type": "string", "enum": ["public", "china", "usgov"]},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["authority", "resource-manager", "vault-suffix"],
                "properties": {
                    "authority": {**_ADDRESS, "pattern": _HTTPS, "description": "Where tokens are had."},
                    "resource-manager": {**_ADDRESS, "pattern": _HTTPS, "description": "Where resources are found."},
                    "vault-suffix": {
                        "type": "string",
                        "title": "a domain, such as vault.azure.net",
                        "pattern": "^[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+$",
                        "description": "What the hosts of the vaults end in.",
                    },
                },
            },
        ],
        "default": "public",
        "description": "The cloud of the project, or the endpoints of another one, which need a file that is named with"
        " `--config`.",
    },
    "credential": {
        "type": "string",
        "title": "a kind of credential",
        "enum": ["default", "cli", "workload-identity", "managed-identity"],
        "default": "default",
        "description": "How to sign in.",
    },
    "timeout": {
        "type": "number",
        "title": "a number of seconds",
        "exclusiveMinimum": 0,
        "maximum": 600,
        "default": 10,
        "description": "How many seconds to wait for one answer.",
    },
    "concurrency": {
        "type": "integer",
        "title": "a whole number",
        "minimum": 1,
        "maximum": 64,
        "default": 8,
        "description": "How many questions are asked at once.",
    },
    "max-requests": {
        "type": "integer",
        "title": "a whole number",
        "minimum": 1,
        "maximum": 100_000,
        "default": 500,
        "description": "How many questions are asked in one run; what would need more is reported as not checked.",
    },
    "strict": {
        "type": "boolean",
        "title": "true or false",
        "default": False,
        "description": "Whether a check that could not be made fails the run.",
    },
    "validate-tasks": {
        "type": "boolean",
        "title": "true or false",
        "default": False,
        "description": "Whether the dev center is asked to validate the tasks.",
    },
}

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "a table of settings",
    "description": "Settings of devbox-lint: devbox-lint.toml, .devbox-lint.toml, or [tool.devbox-lint] in"
    " pyproject.toml.",
    "definitions": {"rule": _RULE},
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "extend": {
            "type": "string",
            "title": "a path, or the name of an installed package",
            "minLength": 1,
            "description": "Settings to start from: those in another file of the repository, or in the"
            " `devbox-lint.toml` of a Python package that is installed beside devbox-lint. What stands here replaces"
            " them, key by key, also in tables. Patterns count from this file. It gives nobody more to say: in what is"
            " extended the same is allowed as here.",
        },
        "required-version": {
            "type": "string",
            "title": "a version, or bounds of one, such as `>=0.1,<0.3`",
            "pattern": REQUIRED_VERSION,
            "description": "The versions of devbox-lint that may check these files: any other ends the run with exit"
            " code 2. In what is extended it holds too.",
        },
        "select": {name: value for name, value in _rules("Run these rules only.").items() if name != "default"},
        "extend-select": _rules("Run these rules too."),
        "ignore": _rules("Leave these rules out."),
        "per-file-ignores": {
            "type": "object",
            "title": "a table of patterns with lists of rules",
            "propertyNames": _PATTERN,
            "additionalProperties": _RULES,
            "default": {},
            "description": "Leave rules out for the files that match a pattern, and for all in a folder that does.",
        },
        "severities": {
            "type": "object",
            "title": "a table of rules with severities",
            "propertyNames": {"$ref": "#/definitions/rule"},
            "additionalProperties": {"type": "string", "title": "a severity", "enum": [*_LABELS, "off"]},
            "default": {},
            "description": "The severity of all findings of a rule; `off` leaves it out, while no severity adds a rule"
            " that is not selected. The closer word counts: a code or a name before the beginning of a code, and that"
            " before `ALL`.",
        },
        "exclude": {
            "type": "array",
            "title": "a list of patterns",
            "items": _PATTERN,
            "default": [],
            "description": "Leave files and folders out, named ones too.",
        },
        "fail-on": {
            "type": "string",
            "title": "a severity",
            "enum": [*reversed(_LABELS), "never"],
            "default": "warning",
            "description": "Exit with 1 from this severity on.",
        },
        "task-catalogs": {
            "type": "array",
            "title": "a list of paths",
            "items": _PATH,
            "default": [],
            "description": "What `devbox customizations list-tasks` prints, as a file, or a folder with task"
            " definitions; inside the repository, unless `--config` names the settings file.",
        },
        "baseline": {
            **_PATH,
            "description": "The file with the findings that are known and not reported; inside the repository, unless"
            " `--config` names the settings file.",
        },
        "require-reason": {
            "type": "boolean",
            "title": "true or false",
            "default": False,
            "description": "Whether a comment suppresses something only if it says why after its bracket.",
        },
        "azure": {
            "type": "object",
            "title": "a table of settings",
            "additionalProperties": False,
            "properties": _AZURE,
            "default": {},
            "description": "What the online rules need to know.",
        },
    },
}


def schema_with(words: Iterable[str]) -> dict[str, Any]:
    """The schema with the codes and names of all rules, so that an editor can offer them."""
    some = [{"enum": ["ALL", *words]}, {"pattern": "^DBX[0-9]{0,3}$"}]
    return {**SCHEMA, "definitions": {"rule": {**_RULE, "anyOf": some}}}
