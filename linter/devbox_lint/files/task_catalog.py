"""The tasks of a run, from the files that are given and those of its repositories."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from devbox_lint.customization.catalog import Catalog, read_tasks
from devbox_lint.customization.task_definition import Origin, TaskDefinition
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.repository import FilesOnDisk
from devbox_lint.limits import read_named


def build_catalog(
    given: Sequence[str], found: Iterable[str] = (), files: FilesOnDisk | None = None
) -> tuple[Catalog, list[str]]:
    """The catalog of a run, and sentences on what of ``given`` was not understood.

    ``given`` are files with listed tasks and folders with task definitions, ``found`` the files of the run;
    ``files`` are to be used where somebody has them. Raises :class:`UnreadableFileError`.
    """
    listed: list[TaskDefinition] = []
    doubts: list[str] = []
    complete = False
    for path in given:
        if os.path.isdir(path):
            files = FilesOnDisk()
            tasks = read_tasks(files, os.path.abspath(path))
            if not tasks:
                raise UnreadableFileError(f"no `task.yaml` in the task catalog `{path}`")
            listed.extend(definition._replace(origin=Origin.LISTED) for definition in tasks)
            continue
        from devbox_lint.customization.listed_tasks import read_listed_tasks

        try:
            data = read_named(path)
        except OSError as error:
            raise UnreadableFileError(f"cannot read the task catalog `{path}`: {error.strerror or error}") from None
        read = read_listed_tasks(path, data)
        listed.extend(read.tasks)
        doubts.extend(read.doubts)
        complete = True
    return Catalog(files or FilesOnDisk(found), listed, complete), doubts
