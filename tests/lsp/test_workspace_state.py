"""Settings, files beside a document, folders: what stands around a document counts, and its changes too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import lint
from lsp.client import Client

pytestmark = pytest.mark.slow

CLEAN = '$schema: "1.0"\nname: web\nimage: MicrosoftWindowsDesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks: []\n'
WRONG = CLEAN.replace("tasks: []", "tasks:\n- name: ~/git-clone\n")
TASK = "name: install\ndescription: x\nparameters:\n  edition:\n    type: string\ncommand: x {{edition}}\n"
PULL = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as client:
        yield client


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a file of a repository; its URI."""
    (tmp_path / ".git").mkdir()

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path.as_uri()

    return write


def folder(path: Path) -> dict[str, Any]:
    return {"workspaceFolders": [{"uri": path.as_uri(), "name": path.name}]}


def codes(diagnostics: list[dict[str, Any]]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def changed(client: Client, *uris: str) -> None:
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2} for uri in uris]})


def test_settings_are_those_of_the_command_line(client: Client, write: Callable[[str, str], str]) -> None:
    write("devbox-lint.toml", 'ignore = ["DBX107"]\n[severities]\nDBX201 = "info"\n')
    uri = write("web/imagedefinition.yaml", "")
    client.initialize()
    client.open(uri, WRONG.removeprefix('$schema: "1.0"\n'))

    assert [(item["code"], item["severity"]) for item in client.published(uri)] == [("DBX201", 3)]


def test_what_a_baseline_records_is_not_said_again(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("devbox-lint.toml", 'baseline = "known.jsonl"\n')
    write("imagedefinition.yaml", WRONG)
    lint(tmp_path, "--write-baseline", "imagedefinition.yaml")
    uri = (tmp_path / "imagedefinition.yaml").as_uri()
    client.initialize()
    client.open(uri, WRONG)
    known = codes(client.published(uri))
    client.change(uri, 2, WRONG + "- name: ~/git-clone\n")

    assert (known, codes(client.published(uri, 2))) == ([], ["DBX201"])


def test_what_settings_leave_out_is_left_out(client: Client, write: Callable[[str, str], str]) -> None:
    write("devbox-lint.toml", 'exclude = ["samples/"]\n')
    uri = write("samples/imagedefinition.yaml", "")
    client.initialize()
    client.open(uri, WRONG)

    assert client.published(uri) == []


def test_settings_are_read_again_when_their_file_changes(client: Client, write: Callable[[str, str], str]) -> None:
    uri = write("imagedefinition.yaml", "")
    client.initialize()
    client.open(uri, WRONG)
    before = codes(client.published(uri))
    settings = write("devbox-lint.toml", 'ignore = ["DBX201"]\n')
    changed(client, settings)

    assert (before, codes(client.published(uri))) == (["DBX201"], [])


def test_wrong_settings_are_said_where_they_matter(client: Client, write: Callable[[str, str], str]) -> None:
    settings = write("devbox-lint.toml", 'ignore = ["DBX201"]\nignor = []\n')
    uri = write("imagedefinition.yaml", "")
    client.initialize()
    client.open(uri, WRONG)
    [said] = client.published(uri)
    write("devbox-lint.toml", 'ignore = ["DBX201"]\n')
    changed(client, settings)

    assert said["code"] == "settings"
    assert "devbox-lint.toml:2:1: " in said["message"]
    assert client.published(uri) == []


def test_a_task_that_changes_in_its_file_changes_what_is_said_of_others(
    client: Client, write: Callable[[str, str], str]
) -> None:
    write("Tasks/install/task.yaml", TASK)
    uri = write("imagedefinition.yaml", "")
    client.initialize()
    client.open(uri, CLEAN.replace("[]", "\n- name: install\n  parameters:\n    editon: x\n"))
    before = codes(client.published(uri))
    changed(client, write("Tasks/install/task.yaml", TASK.replace("edition", "editon")))

    assert (before, codes(client.published(uri))) == (["DBX204"], [])


def test_a_task_that_is_open_counts_as_it_is_in_the_editor(client: Client, write: Callable[[str, str], str]) -> None:
    task = write("Tasks/install/task.yaml", TASK)
    uri = write("imagedefinition.yaml", "")
    client.initialize()
    client.open(task, TASK)
    client.published(task)
    client.open(uri, CLEAN.replace("[]", "\n- name: install\n  parameters:\n    editon: x\n"))
    before = codes(client.published(uri))
    client.change(task, 2, TASK.replace("edition", "editon"))
    while_open = codes(client.published(uri))
    client.close(task)

    assert (before, while_open, codes(client.published(uri))) == (["DBX204"], [], ["DBX204"])


def test_several_folders_have_settings_of_their_own(client: Client, tmp_path: Path) -> None:
    uris = []
    for name, settings in (("one", ""), ("two", 'ignore = ["DBX201"]\n')):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "devbox-lint.toml").write_text(settings)
        uris.append((tmp_path / name / "imagedefinition.yaml").as_uri())
    folders = [{"uri": (tmp_path / name).as_uri(), "name": name} for name in ("one", "two")]
    client.initialize(workspaceFolders=folders)
    found = []
    for uri in uris:
        client.open(uri, WRONG)
        found.append(codes(client.published(uri)))

    assert found == [["DBX201"], []]


def test_a_folder_without_a_repository_knows_its_tasks(client: Client, tmp_path: Path) -> None:
    (tmp_path / "install").mkdir()
    (tmp_path / "install" / "task.yaml").write_text(TASK)
    uri = (tmp_path / "imagedefinition.yaml").as_uri()
    client.initialize(**folder(tmp_path))
    client.open(uri, CLEAN.replace("[]", "\n- name: install\n  parameters:\n    editon: x\n"))

    assert codes(client.published(uri)) == ["DBX204"]


def test_a_folder_can_be_added_and_removed(client: Client, tmp_path: Path) -> None:
    (tmp_path / "install").mkdir()
    (tmp_path / "install" / "task.yaml").write_text(TASK)
    uri = (tmp_path / "imagedefinition.yaml").as_uri()
    client.initialize()
    client.open(uri, CLEAN.replace("[]", "\n- name: install\n  parameters:\n    editon: x\n"))
    found = [codes(client.published(uri))]
    for added, removed in (([tmp_path], []), ([], [tmp_path])):
        event = {
            side: [{"uri": path.as_uri(), "name": "x"} for path in paths]
            for side, paths in (("added", added), ("removed", removed))
        }
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        found.append(codes(client.published(uri)))

    assert found == [[], ["DBX204"], []]


def test_a_text_that_is_no_file_has_the_settings_of_the_first_folder(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("devbox-lint.toml", 'ignore = ["DBX201"]\n')
    client.initialize(**folder(tmp_path))
    client.open("untitled:Untitled-1", WRONG)

    assert client.published("untitled:Untitled-1") == []


@pytest.mark.parametrize("section", [True, False])
def test_settings_of_the_client_come_with_initialize(client: Client, section: bool, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('ignore = ["DBX201"]\n')
    settings: dict[str, Any] = {"configFile": str(tmp_path / "mine.toml"), "trace": {"server": "off"}}
    client.initialize(initializationOptions={"devbox-lint": settings} if section else settings)
    client.open("file:///nowhere/imagedefinition.yaml", WRONG)

    assert client.published("file:///nowhere/imagedefinition.yaml") == []
    assert client.logged == []


def test_the_settings_file_of_the_client_is_looked_for_in_the_first_folder(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("build/mine.toml", 'ignore = ["DBX201"]\n')
    uri = write("imagedefinition.yaml", WRONG)
    client.initialize(initializationOptions={"configFile": "build/mine.toml"}, **folder(tmp_path))
    client.open(uri, WRONG)

    assert client.published(uri) == []
    assert client.logged == []


def test_a_file_in_the_workspace_is_not_the_operators(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("mine.toml", '[azure]\ntenant = "attacker.example"\n')
    uri = write("imagedefinition.yaml", CLEAN)
    client.initialize(initializationOptions={"configFile": "mine.toml"}, **folder(tmp_path))
    client.open(uri, CLEAN)

    [found] = client.published(uri)
    assert "`tenant` decides who gets a token" in found["message"]


def test_settings_that_are_no_object_are_logged_and_do_not_count(client: Client) -> None:
    uri = "file:///nowhere/imagedefinition.yaml"
    client.initialize(initializationOptions=["enable"])
    client.open(uri, WRONG)

    assert codes(client.published(uri)) == ["DBX201"]
    assert client.logged == ["the settings `devbox-lint` are no object, so none of them counts"]


def test_the_old_way_to_name_the_folder_counts_where_there_is_no_other(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("devbox-lint.toml", 'ignore = ["DBX201"]\n')
    client.initialize(rootUri=tmp_path.as_uri())
    client.open("untitled:Untitled-1", WRONG)

    assert client.published("untitled:Untitled-1") == []


def test_wrong_settings_leave_the_tasks_that_every_file_can_name(
    client: Client, write: Callable[[str, str], str]
) -> None:
    write("devbox-lint.toml", "ignore = 3\n")
    uri = write("imagedefinition.yaml", WRONG)
    client.initialize()
    client.open(uri, WRONG)
    position = {"line": 4, "character": 10}
    found = client.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})

    assert "~/gitclone" in [item["label"] for item in found["items"]]


def test_a_list_of_tasks_that_cannot_be_read_is_logged(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("devbox-lint.toml", 'task-catalogs = ["tasks.json"]\n')
    (tmp_path / "tasks.json").write_text('[{"name": "install"}, 3]')
    uri = write("imagedefinition.yaml", WRONG)
    client.initialize()
    client.open(uri, WRONG)
    client.published(uri)

    name = tmp_path / "tasks.json"
    assert client.logged == [f"`{name}`: item 2 of the file is no task, so it was left out"]


def test_the_client_can_switch_it_off_and_on(client: Client) -> None:
    uri = "file:///nowhere/imagedefinition.yaml"
    client.initialize()
    client.open(uri, WRONG)
    found = [codes(client.published(uri))]
    for settings in ({"devbox-lint": {"enable": False}}, {"devbox-lint": {"enable": True}}):
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
        found.append(codes(client.published(uri)))

    assert found == [["DBX201"], [], ["DBX201"]]


def test_the_client_is_asked_for_its_settings(client: Client) -> None:
    uri = "file:///nowhere/imagedefinition.yaml"
    client.answers["workspace/configuration"] = lambda params: [{"enable": False} for _ in params["items"]]
    client.initialize({"workspace": {"configuration": True}})
    client.open(uri, WRONG)
    while client.published(uri):
        pass

    assert [request["params"] for request in client.requests] == [{"items": [{"section": "devbox-lint"}]}]


def test_a_client_that_does_not_tell_its_settings_after_all_can_send_them(client: Client) -> None:
    uri = "file:///nowhere/imagedefinition.yaml"
    client.refused.add("workspace/configuration")
    client.initialize({"workspace": {"configuration": True}})
    client.open(uri, WRONG)
    found = [codes(client.published(uri))]
    client.notify("workspace/didChangeConfiguration", {"settings": {"devbox-lint": {"enable": False}}})
    found.append(codes(client.published(uri)))

    assert found == [["DBX201"], []]
    assert client.logged == []


def test_a_client_that_does_not_watch_after_all_is_told_what_follows(client: Client) -> None:
    client.refused.add("client/registerCapability")
    client.initialize({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
    client.wait(lambda message: message.get("method") == "window/logMessage")

    assert client.logged == [
        "the client watches no files: changes of files that are not open count when something is saved"
    ]


def test_all_fixes_at_once_can_be_switched_off(client: Client) -> None:
    uri = "file:///nowhere/imagedefinition.yaml"
    client.initialize(initializationOptions={"fixAll": False})
    client.open(uri, WRONG)
    place = {"line": 4, "character": 9}
    params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}

    assert "source.fixAll.devbox-lint" not in [
        item["kind"] for item in client.request("textDocument/codeAction", params)
    ]


def test_a_setting_of_a_wrong_type_is_logged_and_does_not_count(client: Client) -> None:
    uri = "file:///nowhere/imagedefinition.yaml"
    client.initialize(initializationOptions={"enable": "no", "configFile": None})
    client.open(uri, WRONG)

    assert codes(client.published(uri)) == ["DBX201"]
    assert client.logged == ["the setting `devbox-lint.enable` must be true or false, so it does not count"]


def test_the_client_is_asked_to_watch_files_where_it_can(client: Client) -> None:
    workspace = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    client.initialize({"workspace": workspace})
    client.wait(lambda message: message.get("method") == "client/registerCapability")
    [request] = client.requests
    [registration] = request["params"]["registrations"]
    patterns = [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]

    assert registration["method"] == "workspace/didChangeWatchedFiles"
    assert "**/{.devbox-lint.toml,devbox-lint.toml,pyproject.toml}" in patterns
    assert "**/*.toml" in patterns


def test_a_change_of_the_settings_that_others_extend_counts(client: Client, write: Callable[[str, str], str]) -> None:
    shared = write("shared/lint.toml", "")
    write("devbox-lint.toml", 'extend = "shared/lint.toml"\n')
    uri = write("imagedefinition.yaml", "")
    client.initialize({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
    client.open(uri, WRONG)
    before = codes(client.published(uri))
    write("shared/lint.toml", 'ignore = ["DBX201"]\n')
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": shared, "type": 2}]})

    assert (before, codes(client.published(uri))) == (["DBX201"], [])


def test_a_client_that_does_not_watch_has_files_looked_at_when_it_saves(
    client: Client, write: Callable[[str, str], str]
) -> None:
    uri = write("imagedefinition.yaml", "")
    client.initialize()
    client.open(uri, WRONG)
    before = codes(client.published(uri))
    write("devbox-lint.toml", 'ignore = ["DBX201"]\n')
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    assert (before, codes(client.published(uri))) == (["DBX201"], [])


def test_a_client_that_asks_is_told_to_ask_again(client: Client, write: Callable[[str, str], str]) -> None:
    uri = write("imagedefinition.yaml", "")
    client.initialize(PULL)
    client.open(uri, WRONG)
    before = codes(client.pulled(uri))
    changed(client, write("devbox-lint.toml", 'ignore = ["DBX201"]\n'))
    client.wait(lambda message: message.get("method") == "workspace/diagnostic/refresh")

    assert (before, codes(client.pulled(uri))) == (["DBX201"], [])


def reports(answer: dict[str, Any]) -> dict[str, list[str] | None]:
    """The codes for each file, None for one of which nothing new is said."""
    return {
        item["uri"].rpartition("/")[2]: codes(item["items"]) if item["kind"] == "full" else None
        for item in answer["result"]["items"]
    }


def test_files_that_are_not_open_are_reported_and_then_what_is_new(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("imagedefinition.yaml", CLEAN)
    write(".gitignore", "ignored/\n")
    write("ignored/imagedefinition.yaml", WRONG)
    wrong = write("a/a.imagedefinition.yaml", WRONG)
    other = write("b/b.imagedefinition.yaml", WRONG)
    opened = write("c/c.imagedefinition.yaml", WRONG)
    client.initialize(PULL, **folder(tmp_path))
    client.open(opened, CLEAN)
    first = client.answer(client.begin("workspace/diagnostic", {"previousResultIds": []}))
    previous = [{"uri": item["uri"], "value": item["resultId"]} for item in first["result"]["items"]]
    held = client.begin("workspace/diagnostic", {"previousResultIds": previous})
    write("b/b.imagedefinition.yaml", CLEAN)
    changed(client, other)
    second = client.answer(held)

    found = ["DBX116", "DBX201"]
    assert reports(first) == {"a.imagedefinition.yaml": found, "b.imagedefinition.yaml": found}
    assert reports(second)["b.imagedefinition.yaml"] == ["DBX116"]
    assert wrong in [item["uri"] for item in second["result"]["items"]]


def test_a_waiting_question_about_the_workspace_can_be_cancelled(
    client: Client, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    write("imagedefinition.yaml", WRONG)
    client.initialize(PULL, **folder(tmp_path))
    first = client.answer(client.begin("workspace/diagnostic", {"previousResultIds": []}))
    previous = [{"uri": item["uri"], "value": item["resultId"]} for item in first["result"]["items"]]
    held = client.begin("workspace/diagnostic", {"previousResultIds": previous})
    client.notify("$/cancelRequest", {"id": held})

    assert client.answer(held)["error"]["code"] == -32800
    assert client.shut_down() == 0
