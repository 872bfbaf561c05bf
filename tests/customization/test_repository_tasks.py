"""The tasks of a repository are those that parsing all of its files finds."""

from __future__ import annotations

import pytest

from devbox_lint.customization.repository_tasks import RepositoryTasks
from devbox_lint.customization.task_definition import TaskDefinition, read_definition
from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.parse import parse
from support import Files, each_corpus

PLAIN = (
    "name: install\ncommand: x\n",
    "# a task\n$schema: 1.0\r\nname: Install-It_2.0  \r\ncommand: x\r\n",
    "---\nname: install\ncommand: x\n",
    "command: x\nname: install",
)
ODD = (
    "command: x\nname: install\n  it\n",
    "command: x\nname: install\n\n  it\n",
    "name: 'install it'\ncommand: x\n",
    '"name": install\ncommand: x\n',
    "name : install\ncommand: x\n",
    "name: install # it\ncommand: x\n",
    "name: &a install\ncommand: x\n",
    "{name: install, command: x}\n",
    "{\nname: install, command: x}\n",
    "command: x\nparameters:\n  name: y\n",
    "command: x\n---\nname: install\n",
    "command: x\n...\n---\nname: install\n",
    "--- {command: x}\n---\nname: install\n",
    "name: install\nname: other\ncommand: x\n",
    "a: &x {name: install}\n<<: *x\ncommand: x\n",
    "command: |\n  name: install\n",
    'command: "\nname: install\n"\n',
    "name: true\ncommand: x\n",
    "name: 12\ncommand: x\n",
    "name:\ncommand: x\n",
    "name: install\n- command: x\n",
    " name: install\n command: x\n",
    "name: ünstall\ncommand: x\n",
    "command: x\n",
)


class Disk:
    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.parsed: list[str] = []

    def read(self, path: str, data: bytes) -> Document:
        self.parsed.append(path)
        return parse(SourceFile.from_bytes(path, data))

    def tasks(self) -> RepositoryTasks:
        return RepositoryTasks(self.files, self.files.get, self.read)

    def by_parsing_all(self) -> list[TaskDefinition]:
        documents = (parse(SourceFile.from_bytes(path, data)) for path, data in self.files.items())
        return [found for found in map(read_definition, documents) if found is not None]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_name_is_known_without_parsing(text: str) -> None:
    disk = Disk({"a/task.yaml": text.encode()})
    (expected,) = disk.by_parsing_all()

    tasks = disk.tasks()

    assert list(tasks.names) == [expected.name]
    assert tasks
    assert disk.parsed == []
    assert tasks.get(expected.name.lower()) == [expected]
    assert disk.parsed == ["a/task.yaml"]


@pytest.mark.parametrize("text", [*PLAIN, *ODD])
def test_whatever_is_odd_is_read_as_the_parser_does(text: str) -> None:
    disk = Disk({"a/task.yaml": text.encode()})
    expected = disk.by_parsing_all()

    assert list(disk.tasks().names) == [definition.name for definition in expected]
    assert list(disk.tasks()) == expected
    for definition in expected:
        assert disk.tasks().get(definition.name.lower()) == [definition]


@each_corpus
def test_all_files_give_what_parsing_all_of_them_gives(files: Files) -> None:
    disk = Disk({str(file.path): file.data for file in files if b"ommand" in file.data})
    expected = disk.by_parsing_all()
    tasks = disk.tasks()

    assert sorted(tasks.names) == sorted(definition.name for definition in expected)
    key = lambda definition: (definition.name, definition.place)  # noqa: E731
    assert sorted(tasks, key=key) == sorted(expected, key=key)
