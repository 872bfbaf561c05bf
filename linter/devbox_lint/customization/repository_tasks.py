"""The tasks that a repository defines: a file is parsed when its task is asked for.

What a file's task is called is told by a line of it, where that can be read in one way alone: a name in letters,
digits and marks at the start of a line, the only such line in one document. All other files are parsed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from devbox_lint.customization.task_definition import TaskDefinition, read_definition
from devbox_lint.limits import MAXIMUM_DEFINITIONS
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Document

_NAME = lazy(rb"^[\"']?name[\"']?[ \t]*+:", re.MULTILINE)
# The value goes on in lines that are indented.
_PLAIN = lazy(rb"^name: ++([A-Za-z][\w.-]*+) *+(?:\r?\Z|(?:\r?\n)++(?! ))", re.MULTILINE)
# Several documents, directives, UTF-16, merged keys, tabs, and quotes that are not closed on their line.
_ODD = lazy(
    rb"^(?:---[^\r\n]|\.\.\.|%)|\0|\t|<<|\n---|^[^\s#][^\n]*?[:{\[,] *+(?:\"[^\"\n]*+$|'[^'\n]*+$)", re.MULTILINE
)


class RepositoryTasks:
    """The tasks by their names in lower case; ``read`` gets a path and the content of what is there, and parses it.

    ``paths`` are those of the files, in the order in which their tasks are told; ``content`` gives what is in one, None
    where that cannot be had.
    """

    __slots__ = ("_content", "_definitions", "_paths", "_read")

    def __init__(
        self,
        paths: Iterable[str],
        content: Callable[[str], bytes | None],
        read: Callable[[str, bytes], Document],
    ) -> None:
        self._content = content
        self._read = read
        self._definitions: dict[str, TaskDefinition | None] = {}
        #: The files that a name may be of, and how each writes it.
        self._paths: dict[str, dict[str, str]] = {}
        for count, path in enumerate(paths):
            if count >= MAXIMUM_DEFINITIONS:
                break
            data = content(path)
            if data is None or not (b"ommand" in data or b"\0" in data[:64] or b"ntryPoint" in data):
                continue
            name = _plain_name(data)
            if name is None:
                definition = self._definition(path)
                name = definition.name if definition is not None else None
            if name is not None:
                self._paths.setdefault(name.lower(), {})[path] = name

    def get(self, name: str) -> list[TaskDefinition]:
        """The tasks of a name, which is in lower case; empty if there are none."""
        found = map(self._definition, self._paths.get(name, ()))
        return [definition for definition in found if definition is not None and definition.name.lower() == name]

    def __bool__(self) -> bool:
        return bool(self._paths)

    def __iter__(self) -> Iterator[TaskDefinition]:
        """All of them, in the order of the files, those of one name together."""
        for name in self._paths:
            yield from self.get(name)

    @property
    def names(self) -> Iterator[str]:
        """The names as they are written, sorted in lower case."""
        for name in sorted(self._paths):
            yield from self._paths[name].values()

    def _definition(self, path: str) -> TaskDefinition | None:
        if path not in self._definitions:
            data = self._content(path)
            self._definitions[path] = read_definition(self._read(path, data)) if data is not None else None
        return self._definitions[path]


def _plain_name(data: bytes) -> str | None:
    """What the task of a file is called, where one line says so and nothing else can."""
    if len(_NAME.findall(data)) != 1 or _ODD.search(data):
        return None
    match = _PLAIN.search(data)
    return match[1].decode() if match is not None else None
