"""The command `config`: the settings that hold for a path, and where each of them stands."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Severity
from devbox_lint.errors import UsageError
from devbox_lint.escaping import neutralise
from devbox_lint.files.exclusion import Exclusion
from devbox_lint.rule import AnyRule
from devbox_lint.run.effective import SettingsByPath
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.settings.keys import SCHEMA, variable
from devbox_lint.settings.model import Endpoints, Settings
from devbox_lint.settings.operator import operator_settings
from devbox_lint.settings.reader import prefix_of, table_of
from devbox_lint.settings.toml_positions import Path, Place
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from argparse import Namespace


class Setting(NamedTuple):
    """One setting: its key from the top, its value as TOML and JSON have it, and where it stands.

    ``source`` is the file of ``place``; without a place it is the environment variable that sets it, empty for one by
    default.
    """

    key: Path
    value: object
    place: Place | None
    source: str = ""


def config_command(options: Namespace, rules: Sequence[AnyRule]) -> Iterable[str]:
    """The lines to print; raises :class:`SettingsError`."""
    if len(options.words) > 1:
        raise UsageError(f"`config` shows the settings for one path, not for {len(options.words)}")
    path = options.words[0] if options.words else os.curdir
    operator = operator_settings()
    files = SettingsFiles(options.config, options.isolated, operator)
    # The settings of a folder are those of what stands in it.
    inside = os.path.join(path, "any") if os.path.isdir(path) else path
    settings = files.of(inside)
    effective = SettingsByPath(files, rules).at(inside)
    shown = _Shown(
        path,
        settings,
        tuple(_settings(settings, operator)),
        {rule.code: _severity(rule, effective.severities) for rule in effective.rules},
        Exclusion((), files).covers(os.path.abspath(path)),
    )
    return [json.dumps(_json(shown), indent=2)] if options.output_format == "json" else _text(shown, len(rules))


class _Shown(NamedTuple):
    path: str
    settings: Settings
    values: tuple[Setting, ...]
    rules: dict[str, str]
    excluded: bool


def _severity(rule: AnyRule, severities: Mapping[str, Severity]) -> str:
    return (severities.get(rule.code) or rule.load().severity).label


def _settings(settings: Settings, operator: Collection[str]) -> Iterator[Setting]:
    """All settings in the order of the schema, as values of JSON; those that are not set have None."""
    files = [(file, prefix_of(file), table_of(file)[1]) for file in (settings.path, *settings.extended) if file]

    def place(*key: str) -> tuple[Place | None, str]:
        """Where a key stands, in the nearest of the files that extend each other."""
        for file, prefix, places in files:
            found = places.key((*prefix, *key))
            if found is not None:
                return found, file
        return None, ""

    for name in SCHEMA["properties"]:
        if name not in ("azure", "extend"):
            at, file = place(name)
            yield Setting((name,), _plain(settings, name), at, file)
    for name in SCHEMA["properties"]["azure"]["properties"]:
        # These two are a part of the project's id.
        if name not in ("resource-group", "subscription"):
            at, file = (None, variable(name)) if name in operator else place("azure", name)
            yield Setting(("azure", name), _plain(settings.azure, name), at, file)


def _plain(values: object, name: str) -> object:
    value: object = getattr(values, name.replace("-", "_"))
    if isinstance(value, Endpoints):
        return {key.replace("_", "-"): part for key, part in value._asdict().items()}
    if name in ("per-file-ignores", "severities") and isinstance(value, tuple):
        return {key: list(part) if isinstance(part, tuple) else part for key, part in value}
    return list(value) if isinstance(value, tuple) else value


def _text(shown: _Shown, known: int) -> Iterator[str]:
    """TOML, with where each line is from in a comment."""
    file = _from_here(shown.settings.path)
    yield f"# {neutralise(shown.path)}: " + (f"settings of {neutralise(file)}" if file else "no settings file")
    if shown.excluded:
        yield "# it is excluded, and not checked"
    yield f"# {len(shown.rules)} of {known} rules run"
    table = ""
    for key, value, place, by in shown.values:
        if len(key) > 1 and key[0] != table:
            table = str(key[0])
            yield ""
            yield f"[{table}]"
        origin = f"{neutralise(_from_here(by))}:{place.line}" if place else by or "by default"
        if value is None:
            yield f"# {key[-1]} is not set"
        else:
            yield f"{key[-1]} = {neutralise(_toml(value))}  # {origin}"


def _from_here(path: str) -> str:
    # Nothing on another drive of Windows is relative.
    with contextlib.suppress(ValueError):
        path = path and os.path.relpath(path)
    return path


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _json(shown: _Shown) -> dict[str, object]:
    settings: dict[str, object] = {}
    for key, value, place, by in shown.values:
        inner = settings if len(key) == 1 else settings.setdefault(str(key[0]), {})
        assert isinstance(inner, dict)  # noqa: S101 - made so in the line before
        origin: dict[str, object] | None = {"variable": by} if by and not place else None
        if place:
            origin = {"line": place.line, "column": place.column}
            if by != shown.settings.path:
                origin["file"] = by
        inner[str(key[-1])] = {"value": value, "origin": origin}
    return {
        "path": shown.path,
        "file": shown.settings.path or None,
        "excluded": shown.excluded,
        "settings": settings,
        "rules": shown.rules,
    }
