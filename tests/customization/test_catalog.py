"""Which tasks are known, from which source, and what is known of each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devbox_lint.customization import catalog as catalog_module
from devbox_lint.customization.builtin_tasks import BUILTIN_PARAMETERS, QUICK_START_PARAMETERS
from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.listed_tasks import read_listed_tasks
from devbox_lint.customization.task_definition import Origin, Parameter, TaskDefinition, read_definition
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.repository import FilesOnDisk
from devbox_lint.files.task_catalog import build_catalog
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from doubles import GivenFiles

INSTALL = "name: install\ncommand: ./x.ps1 {{file}} {{other}}\nparameters:\n  file:\n    type: string\n"


def definition(text: str) -> TaskDefinition:
    found = read_definition(parse(SourceFile("task.yaml", text)))
    assert found is not None
    return found


def listed(content: object) -> dict[str, TaskDefinition]:
    return {task.name: task for task in read_listed_tasks("tasks.json", json.dumps(content).encode()).tasks}


@pytest.mark.parametrize("name", [*BUILTIN_PARAMETERS, "~/WINGET", *QUICK_START_PARAMETERS, "any-catalog/choco"])
def test_the_builtin_and_the_quick_start_tasks_are_known_without_any_file(name: str) -> None:
    (found,) = STANDARD.find(name)

    taken = {key.lower(): names for key, names in (BUILTIN_PARAMETERS | QUICK_START_PARAMETERS).items()}
    assert tuple(found.parameters) == taken[name.lower().removeprefix("any-catalog/")]


@pytest.mark.parametrize("name", ["", "/", "~/", "~/choco", "~/git-clone", "install", "winget/"])
def test_any_other_task_is_not_known(name: str) -> None:
    assert STANDARD.find(name) == ()


def test_a_definition_of_the_repository_wins_over_the_quick_start_catalog_and_never_over_a_builtin_task() -> None:
    text = INSTALL.replace("install", "Winget", 1)
    catalog = Catalog(GivenFiles({"tasks/winget/task.yaml": text}))

    assert [found.origin for found in catalog.find("winget", "x.yaml")] == [Origin.REPOSITORY]
    assert [found.origin for found in catalog.find("tools/winget", "x.yaml")] == [Origin.REPOSITORY]
    assert [found.origin for found in catalog.find("~/winget", "x.yaml")] == [Origin.BUILT_IN]
    assert [found.origin for found in catalog.find("winget")] == [Origin.QUICK_START]


def test_a_listed_task_wins_over_all_others() -> None:
    tasks = [
        TaskDefinition("tools/winget", Origin.LISTED, {}),
        TaskDefinition("other/winget", Origin.LISTED, {}),
        TaskDefinition("~/winget", Origin.LISTED, {}),
    ]
    catalog = Catalog(GivenFiles({"tasks/winget/task.yaml": INSTALL.replace("install", "winget", 1)}), tasks)

    assert [found.name for found in catalog.find("winget", "x.yaml")] == ["tools/winget", "other/winget"]
    assert [found.name for found in catalog.find("Other/WinGet", "x.yaml")] == ["other/winget"]
    assert [found.origin for found in catalog.find("third/winget", "x.yaml")] == [Origin.REPOSITORY]
    assert [found.origin for found in catalog.find("~/winget", "x.yaml")] == [Origin.LISTED]


def test_two_definitions_of_one_name_are_both_found() -> None:
    catalog = Catalog(GivenFiles({"a/install/task.yaml": INSTALL, "b/install/task.yaml": INSTALL}))

    places = [found.place.path for found in catalog.find("install", "x.yaml") if found.place]
    assert places == ["a/install/task.yaml", "b/install/task.yaml"]


def test_a_definition_says_what_it_takes_and_where() -> None:
    text = (
        "name: install\ncommand: run {{package}} {{undeclared}}\nparameters:\n  package:\n    type: string\n"
        "    required: true\n    default: ''\n    allowed: [Git.Git, 7]\n    validationRegex: ^\\w+$\n"
        "    minLength: 1\n    maxLength: 9\n    description: what\n  quiet:\n    type: boolean\n"
        "    required: true\n    default: false\n"
    )
    found = definition(text)

    package = found.parameters["package"]
    assert package.place is not None
    assert text[slice(*package.place.span)] == "package"
    assert package._replace(place=None) == Parameter(
        "package", "string", True, "", ("Git.Git", "7"), r"^\w+$", 1, 9, "what"
    )
    assert not found.parameters["quiet"].required
    assert found.mentioned == {"undeclared"}
    assert found.closed


def test_the_keys_of_the_preview_are_understood() -> None:
    found = definition(
        "name: clone\ncommand: x\ninputs:\n  branch:\n    type: string\n    defaultValue: main\n"
        "    allowedValues: [main]\n"
    )

    assert found.parameters["branch"].default == "main"
    assert found.parameters["branch"].allowed == ("main",)


@pytest.mark.parametrize(
    "text",
    [
        "name: install\ncommand: 'x\nparameters:\n  file:\n    type: string\n",
        "name: install\nparameters: [file]\n",
        "base: &base\n  file: {type: string}\nname: install\nparameters:\n  <<: *base\n",
        "name: install\nPowerShellEntryPoint: x.ps1\n",
    ],
)
def test_of_a_definition_that_is_not_all_understood_other_parameters_are_possible(text: str) -> None:
    assert not definition(text).closed


@pytest.mark.parametrize(
    "content",
    [
        [{"name": "tools/install", "description": "d", "parameters": {"file": {"type": "string", "required": True}}}],
        {"tasks": [{"name": "tools/install", "inputs": [{"name": "file", "type": "String", "required": True}]}]},
        {"value": [{"Name": "install", "CatalogName": "tools",
                    "Parameters": {"file": {"Type": "string", "IsRequired": True}}}]},
        {"tools/install": {"parameters": {"file": {"type": "string", "required": True}}}},
        {"tools": [{"name": "install", "parameters": {"file": {"type": "string", "required": True}}}]},
        [{"name": "tools",
          "tasks": [{"taskName": "install", "params": {"file": {"type": "string", "required": True}}}]}],
        {"catalogs": {"tools": {"tasks": {"install": {"parameters": {"file": {"type": "string", "required": True}}}}}}},
    ],
)  # fmt: skip
def test_listed_tasks_are_understood_in_every_likely_form(content: object) -> None:
    found = listed(content)

    assert list(found) == ["tools/install"]
    assert found["tools/install"].closed
    assert found["tools/install"].parameters["file"] == Parameter("file", "string", True)


def test_a_listed_task_without_parameters_is_known_by_its_name_alone() -> None:
    assert not listed(["tools/install"])["tools/install"].closed
    assert not listed([{"name": "tools/install"}])["tools/install"].closed
    assert listed([{"name": "tools/install", "parameters": None}])["tools/install"].closed


def test_what_is_not_understood_is_told() -> None:
    content = [{"name": "install", "parameters": {"file": 3}}, 7, {"description": "x"}]
    read = read_listed_tasks("tasks.json", json.dumps(content).encode())

    assert [task.name for task in read.tasks] == ["install"]
    assert len(read.doubts) == 3
    assert "`file` in the parameters of `install`" in read.doubts[0]
    assert "item 2 of the file" in read.doubts[1]
    assert "a task without a name" in read.doubts[2]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"3", b'"x"', b"{}", b"[" * 100_000, b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, b"\xff\xfe"],
    ids=range(9),
)
def test_a_file_without_tasks_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"`tasks\.json`"):
        read_listed_tasks("tasks.json", data)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_powershell_redirects_to_a_file_is_read(encoding: str) -> None:
    data = json.dumps([{"name": "install"}]).encode(encoding)

    assert [task.name for task in read_listed_tasks("x", data).tasks] == ["install"]


def put(folder: Path, path: str, text: str) -> str:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_each_repository_has_its_own_tasks(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir(parents=True)
        put(tmp_path, f"{name}/Tasks/{name}/task.yaml", INSTALL.replace("install", f"install-{name}", 1))
    file = put(tmp_path, "one/images/web/imagedefinition.yaml", "name: web\n")
    catalog, _ = build_catalog([], [file])

    assert catalog.find("install-one", file)
    assert not catalog.find("install-two", file)


def test_without_a_repository_the_tasks_of_the_run_are_known_and_no_others(tmp_path: Path) -> None:
    task = put(tmp_path, "tasks/install/task.yaml", INSTALL)
    file = put(tmp_path, "web/imagedefinition.yaml", "name: web\n")

    assert build_catalog([], [task, file])[0].find("install", file)
    assert not build_catalog([], [file])[0].find("install", file)


def test_files_that_git_ignores_define_no_task(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, ".gitignore", "build/\n")
    put(tmp_path, "build/install/task.yaml", INSTALL)
    file = put(tmp_path, "web/imagedefinition.yaml", "name: web\n")

    assert not build_catalog([], [file])[0].find("install", file)


def test_a_repository_is_read_once_and_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, "tasks/install/task.yaml", INSTALL)
    calls: list[str] = []
    monkeypatch.setattr(FilesOnDisk, "task_files", lambda _, root: calls.append(root) or [])
    catalog, _ = build_catalog([])

    catalog.find("~/winget", str(tmp_path / "a.yaml"))
    assert calls == []
    for name in ("a.yaml", "b.yaml", "web/c.yaml"):
        catalog.find("install", str(tmp_path / name))
    assert len(calls) == 1


def test_namesakes_are_files_of_the_same_kind_in_folders_side_by_side(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    first = put(tmp_path, "images/one/imagedefinition.yaml", "name: web\n")
    second = put(tmp_path, "images/two/imagedefinition.yaml", "# x\n'name': \"WEB\" # y\n")
    third = put(tmp_path, "images/three/imagedefinition.yaml", "title:\n  name: web\nname: other\n")
    put(tmp_path, "archive/one/imagedefinition.yaml", "name: web\n")
    catalog, _ = build_catalog([])

    assert [place.path for place in catalog.namesakes(first, "web")] == [second]
    assert [place.path for place in catalog.namesakes(first, "other")] == [third]


def test_namesakes_outside_the_repository_are_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "one" / ".git").mkdir(parents=True)
    file = put(tmp_path, "one/imagedefinition.yaml", "name: web\n")
    put(tmp_path, "two/imagedefinition.yaml", "name: web\n")
    alone = put(tmp_path, "three/imagedefinition.yaml", "name: web\n")
    catalog, _ = build_catalog([])

    assert catalog.namesakes(file, "web") == []
    assert catalog.namesakes(alone, "web") == []


def test_a_file_is_found_in_any_case_and_never_outside_its_folder(tmp_path: Path) -> None:
    file = put(tmp_path, "web/imagedefinition.yaml", "name: web\n")
    put(tmp_path, "web/Scripts/Setup.ps1", "")
    put(tmp_path, "secret.txt", "")
    catalog, _ = build_catalog([])

    assert catalog.holds(file, "scripts/setup.ps1") is True
    assert catalog.holds(file, "scripts/other.ps1") is False
    assert catalog.holds(file, "scripts/setup.ps1/x") is False
    assert catalog.holds(file, "../secret.txt") is None
    assert catalog.holds(str(tmp_path / "nowhere" / "x.yaml"), "a.ps1") is None
    assert STANDARD.holds(file, "scripts/other.ps1") is None


def test_a_file_that_the_catalog_has_parsed_already_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {f"tasks/{name}/task.yaml": INSTALL for name in ("a", "b", "c")}
    parsed: list[str] = []
    monkeypatch.setattr(catalog_module, "parse", lambda source: (parsed.append(source.path), parse(source))[1])
    catalog = Catalog(GivenFiles(texts))

    for path, text in texts.items():
        document = catalog.document(SourceFile(path, text))
        assert document.source.text == text
        assert [place.path for place in catalog.namesakes(path, "install")] == [item for item in texts if item != path]
        assert len(catalog.find("install", path)) == 3
    assert sorted(parsed) == ["tasks/a/task.yaml", *texts]


def test_a_file_that_has_changed_since_is_parsed_again() -> None:
    path = "tasks/a/task.yaml"
    catalog = Catalog(GivenFiles({path: INSTALL}))
    catalog.find("install", path)

    assert catalog.document(SourceFile(path, "name: other\n")).source.text == "name: other\n"


def test_of_copies_the_first_is_given_to_the_rules() -> None:
    other = INSTALL.replace("type: string", "type: number")
    texts = {"a/task.yaml": INSTALL, "b/task.yaml": other, "c/task.yaml": INSTALL + "description: a copy\n"}
    catalog = Catalog(GivenFiles(texts))

    for path in ("x.yaml", "y.yaml"):
        assert len(catalog.find("install", path)) == 3
        distinct = catalog.find_distinct("install", path)
        assert [item.place.path for item in distinct if item.place] == ["a/task.yaml", "b/task.yaml"]
    assert catalog.defined_names("x.yaml") == ("install",)
