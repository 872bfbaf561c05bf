"""One settings file: from TOML to values, with the exact place of what is wrong."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from devbox_lint import __version__
from devbox_lint.errors import SettingsError
from devbox_lint.settings import TABLE
from devbox_lint.settings.boundary import is_inside, repository_of
from devbox_lint.settings.keys import LIMITED, OPERATOR_ONLY, PROJECT_ID, SCHEMA, variable
from devbox_lint.settings.model import AzureSettings, Endpoints, Settings
from devbox_lint.settings.required_version import PATTERN, is_met
from devbox_lint.settings.toml_positions import Path, Places
from devbox_lint.settings.validation import Problem, problems

#: Longer settings files, in bytes, are not read.
MAXIMUM_SIZE = 1_000_000
_AZURE_KEYS: dict[str, Any] = SCHEMA["properties"]["azure"]["properties"]
#: More files than this do not extend each other.
_DEEPEST = 5
#: The settings in a package that others extend.
_OF_PACKAGES = "devbox-lint.toml"
_LEADS_OUT = "this path leads out of the repository: only a file that is named with `--config` can name it"
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def has_table(data: bytes) -> bool:
    """Whether a pyproject.toml has a table of ours; one that cannot be read has, so that its error is shown."""
    try:
        if len(data) > MAXIMUM_SIZE:
            raise ValueError
        tool = tomllib.loads(data.decode("utf-8")).get("tool")
    except (ValueError, RecursionError):
        # Whether the words of ours in it are a table cannot be told; a line that looks like one can.
        return re.search(rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?devbox-lint\b", data) is not None
    return isinstance(tool, dict) and TABLE in tool


def read_settings(path: str, trusted: bool = False) -> Settings:
    """The settings in the file at ``path``; ``trusted`` where the operator named it for this run.

    Any other is a repository's own: it cannot say who gets a token, nor ask for more than by default, and its paths
    stay inside the repository.

    What `extend` names is read first, under the same rules. Each file is UTF-8 and at most :data:`MAXIMUM_SIZE` bytes
    long. Raises :class:`SettingsError`.
    """
    layers = list(_layers(path, trusted, ()))
    merged: dict[str, Any] = {}
    for _, table in reversed(layers):
        for key, value in table.items():
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return _settings(layers[0][0], merged)._replace(extended=tuple(layer for layer, _ in layers[1:]))


def _layers(path: str, trusted: bool, before: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A settings file and those that it extends, the nearest first: the path and the settings of each.

    The paths in them are absolute. ``before`` are the files that led here.
    """
    text, table = _load(path)
    # First: settings for a newer version may have keys that this one does not know.
    found = _of_another_version(table)
    found = found or next(problems(table, SCHEMA, SCHEMA["definitions"], ()), None) or _contradiction(table)
    if found is None and not trusted:
        found = _overreach(table.get("azure", {}))
    if found is not None:
        raise _error(path, text, found)
    absolute = os.path.abspath(path)
    folder = os.path.dirname(absolute)
    table = _with_absolute_paths(folder, table)
    extended = table.pop("extend", None)
    found = None if trusted else _leading_out(folder, table)
    target = ""
    if found is None and extended is not None:
        target, found = _extended(folder, extended, trusted)
        if found is None and (target in (absolute, *before) or len(before) >= _DEEPEST):
            found = Problem(("extend",), "this leads in a circle, or through too many files")
    if found is not None:
        raise _error(path, text, found)
    yield absolute, table
    if target:
        yield from _layers(target, trusted, (*before, absolute))


def _with_absolute_paths(folder: str, table: dict[str, Any]) -> dict[str, Any]:
    def absolute(value: str) -> str:
        return os.path.normpath(os.path.join(folder, value))

    table = dict(table)
    if "baseline" in table:
        table["baseline"] = absolute(table["baseline"])
    if "task-catalogs" in table:
        table["task-catalogs"] = [absolute(value) for value in table["task-catalogs"]]
    return table


def _extended(folder: str, value: str, trusted: bool) -> tuple[str, Problem | None]:
    """The file that `extend` means: a path, or the settings in a package that is installed; no code of it runs."""
    if "/" in value or value.endswith(".toml"):
        path = os.path.normpath(os.path.join(folder, value))
        if not trusted and not is_inside(path, repository_of(folder)):
            return "", Problem(("extend",), _LEADS_OUT)
        return path, None
    # Imported here: few settings extend others.
    from importlib.util import find_spec

    spec = find_spec(value) if value.isidentifier() else None
    for package in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = os.path.join(package, _OF_PACKAGES)
        if os.path.isfile(path):
            return path, None
    message = f"no package `{value}` with a `{_OF_PACKAGES}` in it is installed; a path has a `/` or ends in `.toml`"
    return "", Problem(("extend",), message)


def table_of(path: str) -> tuple[dict[str, Any], Places]:
    """The settings of a file as they are written, and their places; raises :class:`SettingsError`."""
    text, table = _load(path)
    return table, Places(text)


def error_at(path: str, keys: Path, message: str, of_key: bool = False) -> SettingsError:
    """The error for a value, or its key, in the settings file at ``path``."""
    return _error(path, _load(path)[0], Problem(keys, message, of_key))


def error_in(settings: Settings, keys: Path, message: str, of_key: bool = False) -> SettingsError:
    """The error for a value, or its key, in the file that it is from: the settings' own, or one that they extend."""
    for path in (settings.path, *settings.extended):
        if _has(_load(path)[1], keys):
            return error_at(path, keys, message, of_key)
    return error_at(settings.path, keys, message, of_key)


def _has(value: Any, keys: Path) -> bool:
    for key in keys:
        try:
            value = value[key]
        except (LookupError, TypeError):
            return False
    return True


def prefix_of(path: str) -> tuple[str, ...]:
    """The keys that the settings in the file at ``path`` stand below."""
    return ("tool", TABLE) if os.path.basename(path) == "pyproject.toml" else ()


def _load(path: str) -> tuple[str, dict[str, Any]]:
    shown = _shown(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAXIMUM_SIZE + 1)
    except OSError as error:
        raise SettingsError(f"the settings cannot be read: {error.strerror or error}", shown) from None
    if len(data) > MAXIMUM_SIZE:
        raise SettingsError(f"the file is longer than {MAXIMUM_SIZE:,} bytes, which no settings are", shown)
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise SettingsError("settings must be UTF-8, and this byte is not", shown, line, column) from None
    try:
        table: Any = tomllib.loads(text)
    except RecursionError:
        raise SettingsError("the values are nested too deeply", shown) from None
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error), text, shown) from None
    for name in prefix_of(path):
        if not isinstance(table, dict) or name not in table:
            raise SettingsError(f"there is no table `[tool.{TABLE}]`", shown)
        table = table[name]
    if not isinstance(table, dict):
        raise _error(path, text, Problem((), f"`tool.{TABLE}` must be a table"))
    return text, table


def _not_toml(message: str, text: str, shown: str) -> SettingsError:
    found = _AT.search(message)
    problem = message[: found.start()] if found else message
    problem = f"this is not TOML: {problem[:1].lower()}{problem[1:]}"
    if found is None:
        return SettingsError(problem, shown)
    if found[1]:
        return SettingsError(problem, shown, int(found[1]), int(found[2]))
    lines = text.split("\n")
    return SettingsError(problem, shown, len(lines), len(lines[-1]) + 1)


def _error(path: str, text: str, problem: Problem) -> SettingsError:
    places = Places(text)
    keys = (*prefix_of(path), *problem.path)
    place = places.key(keys) if problem.of_key else places.value(keys)
    return SettingsError(problem.message, _shown(path), *(place or (0, 0)))


def _shown(path: str) -> str:
    """The path from the working directory where it leads down, else as it is."""
    here = os.path.join(os.getcwd(), "")
    return path.removeprefix(here)


def _overreach(azure: dict[str, Any]) -> Problem | None:
    """What a repository's own file cannot decide; the first in the file."""
    for key, value in azure.items():
        if key in OPERATOR_ONLY:
            message = f"`{key}` decides who gets a token, so it is for the operator to set: {_ways(key)}"
            return Problem(("azure", key), message, of_key=True)
        if key in LIMITED and value > _AZURE_KEYS[key]["default"]:
            beyond = "" if value is True else f" over {_AZURE_KEYS[key]['default']}"
            return Problem(("azure", key), f"`{key}`{beyond} is for the operator to set: {_ways(key)}")
    return None


def _of_another_version(table: dict[str, Any]) -> Problem | None:
    """That the file asks for another devbox-lint than this."""
    required = table.get("required-version")
    if not isinstance(required, str) or re.search(PATTERN, required) is None or is_met(required, __version__):
        return None
    message = f"these settings are for devbox-lint {required.strip()}, and this is {__version__}: install that version"
    return Problem(("required-version",), message)


def _leading_out(folder: str, table: dict[str, Any]) -> Problem | None:
    """A path that a repository's own file names and that is not in the repository, be it by a link."""
    paths: list[tuple[Path, str]] = [
        (("task-catalogs", index), path) for index, path in enumerate(table.get("task-catalogs", ()))
    ]
    if "baseline" in table:
        paths.append((("baseline",), table["baseline"]))
    for keys, path in paths:
        if not is_inside(path, repository_of(folder)):
            return Problem(keys, _LEADS_OUT)
    return None


def _ways(key: str) -> str:
    return (
        f"with `--azure {key}=...`, the environment variable {variable(key)}, or a file that is named with `--config`"
    )


def _contradiction(table: dict[str, Any]) -> Problem | None:
    """What no schema can say."""
    azure = table.get("azure", {})
    project = azure.get("project")
    beside = [name for name in ("resource-group", "subscription") if name in azure]
    if project is None:
        return Problem(("azure", beside[0]), f"`{beside[0]}` needs a `project` beside it", True) if beside else None
    if re.fullmatch(PROJECT_ID, project):
        if beside:
            return Problem(("azure", beside[0]), f"`{beside[0]}` is a part of the id in `project`: remove it", True)
    elif len(beside) < 2:
        return Problem(
            ("azure", "project"),
            "a `project` that is given by name needs `resource-group` and `subscription` beside it",
        )
    return None


def _settings(path: str, table: dict[str, Any]) -> Settings:
    selected = table.get("select")
    return Settings(
        path=path,
        required_version=table.get("required-version"),
        select=None if selected is None else tuple(selected),
        extend_select=tuple(table.get("extend-select", ())),
        ignore=tuple(table.get("ignore", ())),
        per_file_ignores=tuple((name, tuple(rules)) for name, rules in table.get("per-file-ignores", {}).items()),
        severities=tuple(table.get("severities", {}).items()),
        exclude=tuple(table.get("exclude", ())),
        fail_on=table.get("fail-on", "warning"),
        task_catalogs=tuple(table.get("task-catalogs", ())),
        baseline=table.get("baseline"),
        require_reason=table.get("require-reason", False),
        azure=_azure(table.get("azure", {})),
    )


def _azure(table: dict[str, Any]) -> AzureSettings:
    project = table.get("project")
    if project is not None and not project.startswith("/"):
        project = (
            f"/subscriptions/{table['subscription']}/resourceGroups/{table['resource-group']}"
            f"/providers/Microsoft.DevCenter/projects/{project}"
        )
    standard = AzureSettings()
    cloud = table.get("cloud", standard.cloud)
    if isinstance(cloud, dict):
        cloud = Endpoints(cloud["authority"], cloud["resource-manager"], cloud["vault-suffix"])
    return AzureSettings(
        project=project,
        tenant=table.get("tenant"),
        consumers=tuple(table.get("consumers", ())),
        admins=tuple(table.get("admins", ())),
        cloud=cloud,
        credential=table.get("credential", standard.credential),
        timeout=float(table.get("timeout", standard.timeout)),
        concurrency=table.get("concurrency", standard.concurrency),
        max_requests=table.get("max-requests", standard.max_requests),
        strict=table.get("strict", standard.strict),
        validate_tasks=table.get("validate-tasks", standard.validate_tasks),
    )
