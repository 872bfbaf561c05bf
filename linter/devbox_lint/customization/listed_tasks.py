"""Reads the tasks that `devbox customizations list-tasks` prints.

The form of that JSON is published nowhere, so every likely spelling is accepted, in any case: a list of tasks,
a mapping of names to tasks, or either of them inside catalogs; and what is not understood is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from devbox_lint.customization.task_definition import Origin, Parameter, Place, TaskDefinition
from devbox_lint.diagnostics import Span
from devbox_lint.errors import UnreadableFileError
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

_LISTS = ("tasks", "value", "items", "customizationtasks", "taskdefinitions", "catalogs", "data", "result")
_NAMES = ("name", "taskname", "fullname", "id")
_CATALOGS = ("catalogname", "catalog")
_PARAMETERS = ("parameters", "inputs", "params", "arguments")
_TYPES = {"string": "string", "boolean": "boolean", "bool": "boolean", "number": "number", "int": "number",
          "integer": "number", "float": "number", "double": "number"}  # fmt: skip


class Listed(NamedTuple):
    """The tasks of a file, and a sentence for each part of it that was not understood."""

    tasks: tuple[TaskDefinition, ...]
    doubts: tuple[str, ...]


def read_listed_tasks(path: str, data: bytes) -> Listed:
    """The tasks in the JSON of ``path``; raises :class:`UnreadableFileError` if it holds no tasks."""
    try:
        content = json.loads(SourceFile.from_bytes(path, data).text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"`{path}` is no JSON: {str(error).lower()}") from None
    reader = _Reader(path)
    try:
        reader.read(content, "", "the file")
    except RecursionError:
        raise UnreadableFileError(f"`{path}` is nested too deeply for a list of tasks") from None
    if not reader.tasks:
        raise UnreadableFileError(
            f"no task was understood in `{path}`: give what `devbox customizations list-tasks` prints, a list of"
            " tasks with `name` and `parameters`"
        )
    return Listed(tuple(reader.tasks), tuple(reader.doubts))


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.tasks: list[TaskDefinition] = []
        self.doubts: list[str] = []

    def read(self, content: object, catalog: str, where: str) -> None:
        """Add the tasks in a list or a mapping."""
        if isinstance(content, list):
            for index, item in enumerate(content):
                self._read_item(item, catalog, f"item {index + 1} of {where}")
            return
        if not isinstance(content, dict):
            self._doubt(where, "is no list and no mapping of tasks")
            return
        keys = _folded(content)
        lists = [name for name in _LISTS if isinstance(keys.get(name), list | dict)]
        if lists:
            catalog = _text(keys, _CATALOGS) or _text(keys, _NAMES) or catalog
            for name in lists:
                self.read(keys[name], catalog, f"`{name}` of {where}")
        elif _text(keys, _NAMES) and not all(isinstance(value, dict | list) for value in content.values()):
            self._read_item(content, catalog, where)
        else:
            for name, item in content.items():
                if isinstance(item, dict):
                    self._read_item(item, catalog, f"`{name}` of {where}", name)
                elif isinstance(item, list):
                    self.read(item, name, f"`{name}` of {where}")
                else:
                    self._doubt(f"`{name}` of {where}", "is no task")

    def _read_item(self, item: object, catalog: str, where: str, key: str = "") -> None:
        if isinstance(item, str) and item.strip():
            self._add(item.strip(), catalog, {}, False, "")
            return
        if not isinstance(item, dict):
            self._doubt(where, "is no task")
            return
        keys = _folded(item)
        if any(isinstance(keys.get(name), list | dict) for name in ("tasks", "customizationtasks", "taskdefinitions")):
            self.read(item, _text(keys, _NAMES) or key or catalog, where)
            return
        name = _text(keys, _NAMES) or key
        if not name:
            self._doubt(where, "is a task without a name")
            return
        parameters: dict[str, Parameter] = {}
        closed = False
        for section in _PARAMETERS:
            if section in keys:
                closed = self._read_parameters(keys[section], parameters, f"the parameters of `{name}`")
                break
        self._add(name, _text(keys, _CATALOGS) or catalog, parameters, closed, _text(keys, ("description",)))

    def _add(
        self, name: str, catalog: str, parameters: Mapping[str, Parameter], closed: bool, description: str
    ) -> None:
        if catalog and "/" not in name and not name.startswith("__INTRINSIC_"):
            name = f"{catalog}/{name}"
        place = Place(self.path, Span(0, 0))
        self.tasks.append(TaskDefinition(name, Origin.LISTED, parameters, closed, place=place, description=description))

    def _read_parameters(self, content: object, parameters: dict[str, Parameter], where: str) -> bool:
        """Add the parameters; False where they were not all understood."""
        if content is None:
            return True
        understood = True
        for name, item in _pairs(content):
            if not name:
                self._doubt(where, "have one without a name")
                understood = False
            elif item is None or isinstance(item, str):
                parameters[name] = Parameter(name, _TYPES.get((item or "").lower()))
            elif isinstance(item, dict):
                parameters[name] = _parameter(name, item)
            else:
                self._doubt(f"`{name}` in {where}", "is no declaration")
                parameters[name] = Parameter(name)
        if not isinstance(content, dict | list):
            self._doubt(where, "are no list and no mapping")
            return False
        return understood

    def _doubt(self, where: str, what: str) -> None:
        if len(self.doubts) < 20:
            self.doubts.append(f"`{self.path}`: {where} {what}, so it was left out")


def _pairs(content: object) -> Iterator[tuple[str, object]]:
    if isinstance(content, dict):
        yield from content.items()
    elif isinstance(content, list):
        for item in content:
            if isinstance(item, dict):
                yield _text(_folded(item), ("name", "parametername", "id", "key")), item
            else:
                yield (item if isinstance(item, str) else ""), None


def _parameter(name: str, item: dict[str, object]) -> Parameter:
    keys = _folded(item)
    default = keys.get("default", keys.get("defaultvalue"))
    allowed = keys.get("allowed", keys.get("allowedvalues"))
    type_ = _text(keys, ("type", "datatype", "parametertype")).lower()
    return Parameter(
        name,
        _TYPES.get(type_),
        (keys.get("required") is True or keys.get("isrequired") is True) and default in (None, ""),
        None if default is None else _plain(default),
        tuple(_plain(value) for value in allowed) if isinstance(allowed, list) else (),
        _text(keys, ("validationregex", "regex", "pattern")) or None,
        _length(keys.get("minlength")),
        _length(keys.get("maxlength")),
        _text(keys, ("description",)),
    )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _length(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _folded(content: dict[str, object]) -> dict[str, object]:
    return {name.lower().replace("_", "").replace("-", ""): value for name, value in content.items()}


def _text(keys: Mapping[str, object], names: tuple[str, ...]) -> str:
    for name in names:
        value = keys.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
