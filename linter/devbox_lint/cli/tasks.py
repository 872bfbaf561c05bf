"""The command `tasks`: which tasks files can name, with their parameters and where each was found."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from devbox_lint.credentials.masking import mask_of
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.task_definition import Origin, Parameter, TaskDefinition
from devbox_lint.escaping import neutralise
from devbox_lint.files.discovery import discover
from devbox_lint.files.task_catalog import build_catalog
from devbox_lint.reports.terminal import say
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.source import MOST_READ, SourceFile

if TYPE_CHECKING:
    from argparse import Namespace

WIDTH = 88


def tasks_command(options: Namespace) -> Iterable[str]:
    """The lines to print."""
    paths = options.words or ["."]
    files = SettingsFiles(options.config, options.isolated)
    found = [candidate.path for candidate in discover(paths, settings=files)]
    # The settings of a folder are those of what stands in it.
    settings = [files.of(os.path.join(path, "task.yaml") if os.path.isdir(path) else path) for path in paths]
    given = options.task_catalog or dict.fromkeys(each for one in settings for each in one.task_catalogs)
    catalog, doubts = build_catalog(tuple(given), found)
    for doubt in doubts:
        say(f"note: {doubt}")
    tasks = _known(catalog, paths)
    if options.output_format == "json":
        return [json.dumps([_described(task) for task in tasks], indent=2)]
    return _text(tasks)


def _known(catalog: Catalog, paths: Iterable[str]) -> list[TaskDefinition]:
    """The tasks for all paths, each once."""
    tasks: dict[object, TaskDefinition] = {}
    for path in paths:
        inside = os.path.join(path, "task.yaml") if os.path.isdir(path) else path
        for task in catalog.known_tasks(inside):
            tasks.setdefault((task.name, task.origin, task.place), task)
    order = list(Origin)
    return sorted(tasks.values(), key=lambda task: order.index(task.origin))


def _text(tasks: list[TaskDefinition]) -> Iterator[str]:
    origin: Origin | None = None
    for task in tasks:
        if task.origin is not origin:
            if origin is not None:
                yield ""
            origin = task.origin
            yield f"{origin.value[0].upper()}{origin.value[1:]}"
        place = _place(task)
        yield f"  {neutralise(task.name)}" + (f"  ({neutralise(place)})" if place else "")
        conceal = _concealer(task)
        for parameter in task.parameters.values():
            line = neutralise(conceal(f"{parameter.name}: {parameter.in_words()}"))
            yield from textwrap.wrap(line, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 10)
        if not task.closed:
            yield "      and others: the definition could not be read completely"


@cache
def _source(path: str) -> SourceFile | None:
    try:
        with open(path, "rb") as stream:
            return SourceFile.from_bytes(path, stream.read(MOST_READ))
    except OSError:
        return None


def _place(task: TaskDefinition) -> str:
    """The file with the number of the line, counted from 1, where there is one."""
    if task.place is None:
        return ""
    path, span = task.place
    source = _source(path) if span.end else None
    return path if source is None else f"{path}:{source.position(span.start).line + 1}"


def _concealer(task: TaskDefinition) -> Callable[[str], str]:
    """What covers the secrets of the task's file in a text: a default may be one."""
    return str if task.place is None else _concealer_of(task.place.path)


@cache
def _concealer_of(path: str) -> Callable[[str], str]:
    source = _source(path)
    return str if source is None else mask_of(source).conceal


def _described(task: TaskDefinition) -> dict[str, object]:
    conceal = _concealer(task)
    return {
        "name": task.name,
        "origin": task.origin.name.lower(),
        "place": _place(task) or None,
        "description": conceal(task.description),
        "complete": task.closed,
        "parameters": [_parameter(parameter, conceal) for parameter in task.parameters.values()],
    }


def _parameter(parameter: Parameter, conceal: Callable[[str], str]) -> dict[str, object]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "required": parameter.required,
        "default": conceal(parameter.default) if parameter.default is not None else None,
        "allowed": [conceal(choice) for choice in parameter.allowed],
        "pattern": parameter.pattern,
        "minimumLength": parameter.minimum_length,
        "maximumLength": parameter.maximum_length,
        "description": conceal(parameter.description),
    }
