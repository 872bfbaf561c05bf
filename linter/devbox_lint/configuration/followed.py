"""The configurations that the tasks of a customization apply, as far as they can be read without asking anybody.

Those are in base64 in the file itself, beside it, or in its repository: the raw address of a file in the repository
that this one was cloned from leads to the file here, where it names the main branch.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator
from urllib.parse import unquote

from devbox_lint.configuration.inline import inline_configurations
from devbox_lint.configuration.resources import find_resource
from devbox_lint.configuration.units import Unit, configuration_in
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization, Task
from devbox_lint.customization.scripts import path_beside
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint.yaml.parse import parse

_RAW = lazy(
    r"https://raw\.githubusercontent\.com/([^/\s]+)/([^/\s]+)/(?:refs/heads/)?(?:main|master)/([^\s?#]+)",
    re.IGNORECASE,
)
_ORIGIN = lazy(r"\[remote \"origin\"\]([^\[]*)")
_GITHUB = lazy(
    r"(?m)^\s*url\s*=\s*(?:https://(?:[^@/\s]+@)?github\.com/|git@github\.com:|ssh://git@github\.com/)"
    r"([^/\s]+)/([^/\s]+?)(?:\.git)?/?\s*$",
    re.IGNORECASE,
)

#: The path of a configuration that is in base64.
INLINE = "inline.winget"


class Followed(NamedTuple):
    """A configuration that a task applies; ``value`` is the parameter that leads to it."""

    task: Task
    value: Scalar
    source: SourceFile

    @property
    def is_file(self) -> bool:
        """Whether it is a file of its own, and not in base64."""
        return self.source.path != INLINE


def followed_configurations(customization: Customization, catalog: Catalog) -> Iterator[Followed]:
    """The configurations that tasks of the name winget apply and that are at hand, in the order of the file."""
    inline = {id(value): decoded.text for value, decoded in inline_configurations(customization)}
    for task in customization.tasks:
        if task.name is None or task.name.value.lower().rpartition("/")[2] not in ("winget", "__intrinsic_winget__"):
            continue
        value = task.parameter("inlineConfigurationBase64")
        if value is not None and id(value) in inline:
            yield Followed(task, value, SourceFile(INLINE, inline[id(value)]))
            continue
        value = task.parameter("downloadUrl") or task.parameter("configurationFile")
        source = _found(value.value.strip(), customization, catalog) if value is not None else None
        if value is not None and source is not None:
            yield Followed(task, value, source)


def units_of_user(source: SourceFile) -> list[str]:
    """The resources in a configuration that belong to one user, which the system has no profile for."""
    inner = configuration_in(Customization(parse(source), Kind.CONFIGURATION))
    return [unit.full_name for unit in inner.units if unit.section == "resources" and _is_of_user(unit)]


def _is_of_user(unit: Unit) -> bool:
    resource = find_resource(unit.full_name)
    origin = unit.text("source")
    is_from_store = origin is not None and origin.value.lower() == "msstore" and unit.text("id") is not None
    # Git's own settings may be those of the machine.
    return (resource is not None and resource.is_of_user and resource.module != "GitDsc") or is_from_store


def tasks_applying(path: str, catalog: Catalog) -> list[Task]:
    """The tasks that apply the configuration at ``path``, of the files in its folder and above."""
    own = os.path.abspath(path)
    return [
        followed.task
        for _, customization in catalog.naming(path)
        for followed in followed_configurations(customization, catalog)
        if followed.is_file and os.path.abspath(followed.source.path) == own
    ]


def _found(place: str, customization: Customization, catalog: Catalog) -> SourceFile | None:
    path = customization.document.source.path
    raw = _RAW.fullmatch(place)
    if raw is not None:
        settings = catalog.text_in_repository(path, ".git/config")
        remote = _ORIGIN.search(settings.text) if settings is not None else None
        origin = _GITHUB.search(remote[1]) if remote is not None else None
        if origin is None or origin[1].lower() != raw[1].lower() or origin[2].lower() != raw[2].lower():
            return None
        return catalog.text_in_repository(path, unquote(raw[3]))
    inside = path_beside(place, customization) if "\n" not in place else None
    return catalog.text_beside(path, inside) if inside is not None else None
