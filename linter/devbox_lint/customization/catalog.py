"""Which tasks there are: the built-in ones, the quick-start catalog's, the repository's, and those that were listed.

Of several definitions with one name those of the last source count. What a repository holds is looked at when
a file first asks for it, once for each repository of a run.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from devbox_lint.customization.builtin_tasks import builtin_tasks, quick_start_tasks
from devbox_lint.customization.kinds import classify
from devbox_lint.customization.model import Customization
from devbox_lint.customization.remote import Remote
from devbox_lint.customization.repository_tasks import RepositoryTasks
from devbox_lint.customization.scripts import NamedScript, named_scripts
from devbox_lint.customization.task_definition import Place, TaskDefinition
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping as MappingNode
from devbox_lint.yaml.parse import parse

#: More files of one name than this are not told.
MOST_NAMESAKES = 5
_MOST_FOUND = 1_000
#: How many files that were parsed before their turn are kept in memory.
_MOST_KEPT = 500

_NAME = lazy(rb"^[\"']?name[\"']?[ \t]*+:[ \t]*+[\"']?([^\s\"'#]++)", re.MULTILINE)


_Definitions = tuple[TaskDefinition, ...]


class Files(Protocol):
    """The files around a file; paths are as they are shown."""

    def root(self, path: str) -> str | None:
        """What stands for the repository that ``path`` is in; None where it is in none."""

    def task_files(self, root: str) -> Iterable[str]:
        """The files named `task.yaml` in a repository."""

    def siblings(self, path: str) -> Iterable[str]:
        """The files of the same name in the folders beside that of ``path``, itself included."""

    def read(self, path: str) -> bytes | None:
        """The content of a file, None where it cannot be had or is longer than :data:`MAXIMUM_SIZE`."""

    def exists(self, folder: str, inside: str) -> bool | None:
        """Whether ``folder`` holds the file or folder ``inside`` (with `/`), in any case; None where unknown."""

    def find(self, folder: str, inside: str) -> str | None:
        """The path of what ``folder`` holds as ``inside`` (with `/`), in any case; None where it is not there."""

    def naming(self, path: str) -> Iterable[str]:
        """The YAML files in the folder of ``path`` and above, in its repository, that hold its file's name."""

    def remote(self, path: str) -> Remote | None:
        """Where the repository of ``path`` is from; None where that is not known."""

    def missing(self, path: str, inside: str) -> tuple[str, tuple[str, ...]] | None:
        """Where the repository of ``path`` lacks ``inside``: the part that is there, and the names there."""


class ScriptUse(NamedTuple):
    """A file of ours that runs a script, and where."""

    customization: Customization
    named: NamedScript


class Catalog:
    """The tasks that a run knows, and what stands beside a file."""

    __slots__ = (
        "_customizations", "_documents", "_files", "_found", "_found_below", "_listed", "_named", "_names",
        "_namesakes", "_path", "_repositories", "_scripts", "asked", "is_complete",
    )  # fmt: skip

    def __init__(
        self, files: Files | None = None, listed: Iterable[TaskDefinition] = (), is_complete: bool = False
    ) -> None:
        self._files = files
        #: Whether the tasks of the dev center were given, so that there are no others.
        self.is_complete = is_complete
        #: What was asked of all that is not in the file that is checked, where somebody wants to know.
        self.asked: set[tuple[str, str]] | None = None
        self._listed: dict[str, list[TaskDefinition]] = {}
        for definition in listed:
            self._listed.setdefault(definition.name.lower(), []).append(definition)
        self._path: str | None = None
        self._found: dict[str, tuple[tuple[TaskDefinition, ...], tuple[TaskDefinition, ...]]] = {}
        self._found_below: dict[
            str | None, dict[str, tuple[tuple[TaskDefinition, ...], tuple[TaskDefinition, ...]]]
        ] = {}
        self._names: dict[str | None, tuple[str, ...]] = {}
        self._repositories: dict[str | None, RepositoryTasks] = {}
        self._namesakes: dict[tuple[str, str], dict[str, list[tuple[str, str]]]] = {}
        self._named: dict[str, tuple[str, Place] | None] = {}
        self._documents: dict[str, Document] = {}
        self._customizations: dict[str, Customization | None] = {}
        self._scripts: dict[str, tuple[NamedScript, ...]] = {}

    def document(self, source: SourceFile) -> Document:
        """What a file of the run is parsed to: once, where the catalog has looked at the file already."""
        document = self._documents.pop(source.path, None)
        if document is None or not document.source.is_same(source):
            document = parse(source)
        if self._files is not None and not document.is_script:
            self._named.setdefault(source.path, _named(document))
        return document

    def _read(self, path: str, data: bytes) -> Document:
        """Parse a file beside those of the run, or one of them before its turn."""
        document = self._documents.get(path)
        if document is not None:
            return document
        document = _parse(path, data)
        self._named[path] = _named(document)
        if len(self._documents) < _MOST_KEPT:
            self._documents[path] = document
        return document

    def find(self, name: str, path: str = "") -> tuple[TaskDefinition, ...]:
        """The definitions that ``name`` in the file ``path`` may stand for, those of one source; none: unknown.

        ``catalog/task`` stands for a task of that name in the catalog, or in one whose name is not known.
        """
        return self._known(name, path)[0]

    def find_distinct(self, name: str, path: str = "") -> tuple[TaskDefinition, ...]:
        """Like :meth:`find`, but of definitions that say the same the first alone: a repository may hold copies."""
        if path == self._path and self.asked is None and name in self._found:
            # Twenty rules ask for each task of a file.
            return self._found[name][1]
        return self._known(name, path)[1]

    def _known(self, name: str, path: str) -> tuple[_Definitions, _Definitions]:
        if not name.startswith("~"):
            self.note("repository")
        # Several rules ask for the same tasks of one file after another, and so do the other files beside it.
        if path != self._path:
            root = self._root(path)
            self._path = path
            self._found = self._found_below.setdefault(root, {})
        known = self._found.get(name)
        if known is None:
            if len(self._found) > _MOST_FOUND:
                self._found.clear()
            found = self._find(name, path)
            distinct: dict[object, TaskDefinition] = {}
            for item in found:
                distinct.setdefault(item.substance, item)
            known = self._found[name] = (found, tuple(distinct.values()))
        return known

    def _root(self, path: str) -> str | None:
        return self._files.root(path) if self._files is not None and path else None

    def _find(self, name: str, path: str) -> tuple[TaskDefinition, ...]:
        wanted = name.lower()
        builtin = builtin_tasks().get(wanted)
        if builtin is not None:
            return tuple(self._listed.get(wanted, ())) or (builtin,)
        if wanted.startswith("~"):
            return tuple(self._listed.get(wanted, ()))
        catalog, _, last = wanted.rpartition("/")
        if self._listed:
            listed = [item for known in self._listed.values() for item in known if _fits(item.name, catalog, last)]
            if listed:
                return tuple(listed)
        repository = self.repository_tasks(path)
        own = repository.get(wanted) or repository.get(last)
        if own:
            return tuple(own)
        quick_start = quick_start_tasks().get(last)
        return (quick_start,) if quick_start is not None else ()

    def repository_tasks(self, path: str) -> RepositoryTasks:
        """The tasks that the repository of ``path`` defines."""
        self.note("repository")
        root = self._root(path)
        tasks = self._repositories.get(root)
        if tasks is None:
            files = self._files
            paths = files.task_files(root) if files is not None and root is not None else ()
            tasks = RepositoryTasks(paths, files.read if files is not None else lambda _: None, self._read)
            self._repositories[root] = tasks
        return tasks

    def known_tasks(self, path: str = "") -> list[TaskDefinition]:
        """All tasks that a file at ``path`` can name, from the first source to the last."""
        known = [*builtin_tasks().values(), *quick_start_tasks().values()]
        known.extend(sorted(self.repository_tasks(path), key=lambda definition: definition.name.lower()))
        known.extend(definition for name in sorted(self._listed) for definition in self._listed[name])
        return known

    def defined_names(self, path: str) -> tuple[str, ...]:
        """The names, without their catalogs, of the tasks in the repository of ``path`` and of those listed."""
        self.note("repository")
        root = self._root(path)
        names = self._names.get(root)
        if names is None:
            listed = [item.name for name in sorted(self._listed) for item in self._listed[name]]
            known = (*self.repository_tasks(path).names, *listed)
            names = self._names[root] = tuple(dict.fromkeys(name.rpartition("/")[2] for name in known))
        return names

    def is_known(self, path: str) -> bool:
        """Whether any catalog is: a given one, or tasks in the repository of ``path``."""
        return bool(self._listed or self.repository_tasks(path))

    def namesakes(self, path: str, name: str) -> list[Place]:
        """Where files of the same kind, in folders beside that of ``path``, have the same name: the first few."""
        files = self._files
        if files is None or not path:
            return []
        self.note("namesakes")
        folder, file = os.path.split(path)
        key = (os.path.dirname(os.path.abspath(folder)), file)
        names = self._namesakes.get(key)
        if names is None:
            names = self._namesakes[key] = {}
            for other in files.siblings(path):
                place = (os.path.abspath(other), other)
                for found in _names_in(files.read(other) or b""):
                    names.setdefault(found, []).append(place)
        own = os.path.abspath(path)
        wanted = name.lower()
        places: list[Place] = []
        for absolute, other in names.get(wanted, ()):
            if len(places) == MOST_NAMESAKES:
                break
            if absolute == own:
                continue
            if other not in self._named:
                self._read(other, files.read(other) or b"")
            found_name = self._named[other]
            if found_name is not None and found_name[0] == wanted:
                places.append(found_name[1])
        return places

    def holds(self, path: str, inside: str) -> bool | None:
        """Whether the folder of the file ``path`` holds ``inside`` (with `/`), in any case; None: not known."""
        if self._files is None or not path:
            return None
        self.note("holds", inside)
        return self._files.exists(os.path.dirname(path), inside)

    def remote(self, path: str) -> Remote | None:
        """Where the repository of the file ``path`` is from; None: not known."""
        if self._files is None or not path:
            return None
        self.note("remote")
        return self._files.remote(path)

    def missing(self, path: str, inside: str) -> tuple[str, tuple[str, ...]] | None:
        """Where the repository of the file ``path`` lacks ``inside``: the part that is there, and the names there.

        None where it has it, in any case, or where that is not known.
        """
        if self._files is None or not path:
            return None
        self.note("missing", inside)
        return self._files.missing(path, inside)

    def text_beside(self, path: str, inside: str) -> SourceFile | None:
        """The file ``inside`` (with `/`, in any case) the folder of the file ``path``; None where it cannot be read."""
        if self._files is None or not path:
            return None
        self.note("text", inside)
        found = self._files.find(os.path.dirname(path), inside)
        data = self._files.read(found) if found is not None else None
        return SourceFile.from_bytes(found, data) if found is not None and data is not None else None

    def text_in_repository(self, path: str, inside: str) -> SourceFile | None:
        """The file at ``inside`` (with `/`) in the repository of ``path``; None where it cannot be read."""
        root = self._root(path)
        if not root:
            return None
        folder = os.path.dirname(os.path.abspath(path)) if os.path.isabs(root) else os.path.dirname(path) or os.curdir
        return self.text_beside(path, os.path.relpath(os.path.join(root, inside), folder).replace(os.sep, "/"))

    def script_uses(self, path: str) -> tuple[ScriptUse, ...]:
        """Where files in the folder of a script and above run it by its path."""
        uses: list[ScriptUse] = []
        for other, customization in self.naming(path):
            inside = os.path.relpath(os.path.abspath(path), os.path.dirname(os.path.abspath(other)))
            wanted = inside.replace(os.sep, "/").lower()
            uses.extend(
                ScriptUse(customization, named)
                for named in self._named_scripts(other, customization)
                if named.inside.lower() == wanted
            )
        return tuple(uses)

    def naming(self, path: str) -> Iterator[tuple[str, Customization]]:
        """The files of ours in the folder of a file and above that hold its name, each with its path."""
        if self._files is None or not path:
            return
        self.note("uses")
        for other in self._files.naming(path):
            customization = self.customization_at(other)
            if customization is not None:
                yield other, customization

    def customization_at(self, path: str) -> Customization | None:
        """Another file as its author thinks of it, None where it is not ours."""
        if path not in self._customizations:
            data = self._files.read(path) if self._files is not None else None
            document = _parse(path, data or b"")
            kind = classify(path, document)
            self._customizations[path] = Customization(document, kind) if kind is not None else None
        return self._customizations[path]

    def _named_scripts(self, path: str, customization: Customization) -> tuple[NamedScript, ...]:
        if path not in self._scripts:
            self._scripts[path] = tuple(named_scripts(customization))
        return self._scripts[path]

    def note(self, question: str, argument: str = "") -> None:
        """Remember that a result depends on the answer to a question about what is not in the file."""
        if self.asked is not None:
            self.asked.add((question, argument))


def _fits(listed: str, catalog: str, last: str) -> bool:
    """Whether a listed task is the one that is named; where one side leaves out the catalog, any will do."""
    other, _, own = listed.lower().rpartition("/")
    return own == last and other != "~" and (not catalog or not other or catalog == other)


def _parse(path: str, data: bytes) -> Document:
    return parse(SourceFile.from_bytes(path, data))


def read_tasks(files: Files, root: str) -> list[TaskDefinition]:
    """The tasks that are defined below a folder, in the order of their files."""
    return list(RepositoryTasks(files.task_files(root), files.read, _parse))


def _names_in(data: bytes) -> set[str]:
    """The names that a file may have, by a quick look."""
    return {match[1].decode("utf-8", "replace").lower() for match in _NAME.finditer(data)}


def _named(document: Document) -> tuple[str, Place] | None:
    """The name that a file has, in lower case, and where it stands."""
    root = document.root
    scalar = root.scalar("name") if isinstance(root, MappingNode) else None
    return None if scalar is None else (scalar.value.lower(), Place(document.source.path, scalar.span))


#: What is known without any file: the built-in tasks and the quick-start catalog.
STANDARD = Catalog()
