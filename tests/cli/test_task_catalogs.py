"""Tasks from other files on the command line: one repository, given catalogs, and the command `tasks`."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from command_line import lint
from devbox_lint.customization.listed_tasks import read_listed_tasks
from made_up_tokens import github

TASK = """\
$schema: 1.0
name: install-tools
command: ./run.ps1 {{folder}} {{channel}}
parameters:
  folder:
    type: string
    required: true
  channel:
    type: string
    allowed: [stable, preview]
"""
TEAM = """\
$schema: 1.0
name: web
image: gallery/web@1.0.0
tasks:
  - name: install-tools
    parameters:
      folder: C:\\dev
      channel: stabel
      chanel: stable
  - name: instal-tools
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for path, text in (("tasks/tools/task.yaml", TASK), ("images/web/imagedefinition.yaml", TEAM)):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def found(folder: Path, *arguments: str) -> list[tuple[str, int]]:
    """Codes of the task rules and lines, of all files."""
    result = lint(folder, "check", "--select", "DBX2,DBX115", "--output-format", "json", *arguments)
    items = json.loads(result.out)["diagnostics"]
    return [(item["code"], item["location"]["row"]) for item in items if item["code"] != "DBX222"]


@pytest.mark.parametrize("where", [".", "images/web/imagedefinition.yaml"])
def test_a_task_of_the_same_repository_is_known_whether_its_file_is_checked_or_not(
    repository: Path, where: str
) -> None:
    assert found(repository, where) == [("DBX207", 8), ("DBX204", 9), ("DBX203", 10)]


def test_a_finding_shows_where_the_parameter_is_declared(repository: Path) -> None:
    result = lint(repository, "check", "--select", "DBX207", "--output-format", "json", ".")

    ((related,),) = [item["related"] for item in json.loads(result.out)["diagnostics"]]
    assert Path(related["filename"]) == Path("tasks/tools/task.yaml")
    assert related["location"]["row"] == 8


def test_two_definitions_of_one_name_point_at_each_other(repository: Path) -> None:
    other = repository / "images" / "other" / "imagedefinition.yaml"
    other.parent.mkdir()
    other.write_text(TEAM, encoding="utf-8")

    assert [item for item in found(repository) if item[0] == "DBX115"] == [("DBX115", 2), ("DBX115", 2)]


def test_with_a_given_catalog_a_task_that_is_not_in_it_is_unknown(repository: Path) -> None:
    (repository / "tasks.json").write_text(
        json.dumps([{"name": "tools/other", "parameters": {}}, {"name": "tools/install-tools"}]), encoding="utf-8"
    )
    (repository / "mine.yaml").write_text("userTasks:\n  - name: ~/powershell\n  - name: nowhere\n", encoding="utf-8")

    assert ("DBX203", 3) in found(repository, "--task-catalog", "tasks.json", "mine.yaml")
    assert ("DBX203", 3) not in found(repository, "mine.yaml")


def test_a_folder_of_task_definitions_can_be_given(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("elsewhere") / "imagedefinition.yaml"
    file.write_text(TEAM, encoding="utf-8")

    assert found(file.parent, "--task-catalog", str(repository / "tasks"), file.name) == [
        ("DBX207", 8),
        ("DBX204", 9),
        ("DBX203", 10),
    ]


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_catalog_that_cannot_be_read_ends_the_run(repository: Path, content: str | None) -> None:
    if content is not None:
        (repository / "tasks.json").write_text(content, encoding="utf-8")

    result = lint(repository, "--task-catalog", "tasks.json", ".")

    assert result.code == 2
    assert "tasks.json" in result.err


def test_what_is_not_understood_in_a_catalog_is_told(repository: Path) -> None:
    (repository / "tasks.json").write_text('[{"name": "a-task"}, 3]', encoding="utf-8")

    result = lint(repository, "--task-catalog", "tasks.json", ".")

    assert "note: `tasks.json`: item 2 of the file is no task, so it was left out" in result.err


@pytest.mark.parametrize(
    ("content", "listed"),
    [
        ({"name": "a", "id": 3}, {"a": []}),
        ({"a": {"parameters": ["x", {"name": "y", "type": "Boolean"}]}}, {"a": ["x: None", "y: boolean"]}),
        ({"web": [{"name": "a"}]}, {"web/a": []}),
        ({"name": "web", "tasks": ["a"]}, {"web/a": []}),
        ([{"name": "a", "parameters": {"x": "string", "y": None}}], {"a": ["x: string", "y: None"]}),
        ([{"name": "a", "parameters": None}], {"a": []}),
    ],
)
def test_lists_of_several_forms_are_understood(content: object, listed: dict[str, list[str]]) -> None:
    read = read_listed_tasks("tasks.json", json.dumps(content).encode())

    assert {
        task.name: [f"{parameter.name}: {parameter.type}" for parameter in task.parameters.values()]
        for task in read.tasks
    } == listed
    assert read.doubts == ()


@pytest.mark.parametrize(
    ("content", "doubt"),
    [
        ({"a": {}, "b": 3}, "`b` of the file is no task"),
        ([{"name": "a"}, {"description": "x"}], "item 2 of the file is a task without a name"),
        ([{"name": "a", "parameters": 3}], "the parameters of `a` are no list and no mapping"),
        ([{"name": "a", "parameters": [{"type": "string"}]}], "the parameters of `a` have one without a name"),
        ([{"name": "a", "parameters": {"x": 3}}], "`x` in the parameters of `a` is no declaration"),
    ],
)
def test_what_of_a_list_is_left_out_is_told_by_its_place(content: object, doubt: str) -> None:
    read = read_listed_tasks("tasks.json", json.dumps(content).encode())

    assert [task.name for task in read.tasks] == ["a"]
    assert read.doubts == (f"`tasks.json`: {doubt}, so it was left out",)


def test_of_many_doubts_twenty_are_told() -> None:
    assert len(read_listed_tasks("tasks.json", json.dumps(["a", *[3] * 21]).encode()).doubts) == 20


def test_tasks_tells_what_limits_a_parameter_and_what_could_not_be_read(repository: Path) -> None:
    (repository / "tasks.json").write_text(
        '[{"name": "a", "parameters": {"x": {"pattern": "^b", "minLength": 2, "maxLength": 5, "default": true}}},'
        ' {"name": "c"}, 3]',
        encoding="utf-8",
    )
    result = lint(repository, "tasks", "--task-catalog", "tasks.json")

    assert (
        "  a  (tasks.json)\n      x: any type, default true, matches ^b, at least 2 characters, at most 5 characters\n"
    ) in result.out
    assert "  c  (tasks.json)\n      and others: the definition could not be read completely\n" in result.out
    assert result.err == "devbox-lint: note: `tasks.json`: item 3 of the file is no task, so it was left out\n"


def test_tasks_lists_what_is_known_with_parameters_and_places(repository: Path) -> None:
    text = lint(repository, "tasks").out

    assert "  ~/winget\n      package: string\n" in text
    assert f"  install-tools  ({Path('tasks/tools/task.yaml')}:2)\n      folder: string, required\n" in text
    assert "      channel: string, one of stable, preview\n" in text


def test_tasks_lists_them_as_json(repository: Path) -> None:
    listed = json.loads(lint(repository, "tasks", "--output-format", "json", "images").out)

    assert [task["name"] for task in listed if task["origin"] == "repository"] == ["install-tools"]
    assert {task["origin"] for task in listed} == {"built_in", "quick_start", "repository"}


def test_tasks_of_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert lint(tmp_path, "tasks", "nowhere").code == 2


def test_tasks_shows_no_secret_that_a_definition_holds(repository: Path) -> None:
    secret = github(random.Random(7))
    with (repository / "tasks" / "tools" / "task.yaml").open("a", encoding="utf-8") as stream:
        stream.write(f"  pat:\n    type: string\n    default: {secret}\n    description: such as {secret}\n")

    for arguments in ((), ("--output-format", "json")):
        result = lint(repository, "tasks", *arguments)
        assert "pat" in result.out
        assert secret not in result.out
