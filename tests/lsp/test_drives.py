"""Files on drives of Windows, however an editor writes their URIs, by a process that takes itself to be there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import GOOD, NO_IMAGE, ROOT, environment
from lsp.client import Client

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="what is pretended here is so")]

TASK = "name: tools\ncommand: echo hello\n"
TEAM = GOOD + "tasks:\n  - name: tools\n"
#: As VS Code writes them, as most others do, and as the server does.
WRITTEN = ["file:///c%3A/my%20repo/", "file:///C:/my%20repo/", "file:///c:/my%20repo/"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a task and a team's image definition, `C:\\my repo`."""
    folder = tmp_path / "drives" / "c" / "my repo"
    for name, text in (("tools/task.yaml", TASK), ("web/imagedefinition.yaml", TEAM), ("bad/task.yaml", "name: x\n")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    (folder / ".git").mkdir()
    return folder


@pytest.fixture
def client(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.chdir(repository)
    drives = str(repository.parent.parent)
    with Client((sys.executable, str(ROOT / "tests" / "pretended_windows.py"), drives, "server"), environment()) as one:
        yield one


@pytest.mark.parametrize("top", WRITTEN)
def test_findings_go_to_the_uri_that_the_editor_wrote(client: Client, top: str) -> None:
    client.initialize(rootUri=top.removesuffix("/"))
    uri = f"{top}web/imagedefinition.yaml"

    client.open(uri, NO_IMAGE.replace("\n", "\r\n"))

    assert "DBX101" in {diagnostic["code"] for diagnostic in client.published(uri)}


@pytest.mark.parametrize("top", WRITTEN)
def test_the_other_files_of_the_repository_are_found(client: Client, top: str) -> None:
    client.initialize(rootUri=top.removesuffix("/"))
    uri = f"{top}web/imagedefinition.yaml"
    client.open(uri, TEAM)

    assert client.published(uri) == []
    place = {"textDocument": {"uri": uri}, "position": {"line": 4, "character": 12}}
    (found,) = client.request("textDocument/definition", place)
    assert found["uri"] == "file:///c:/my%20repo/tools/task.yaml"


@pytest.mark.parametrize("top", WRITTEN)
def test_an_open_document_is_reported_once(client: Client, top: str) -> None:
    asks = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    client.initialize(asks, rootUri=top.removesuffix("/"))
    uri = f"{top}web/imagedefinition.yaml"
    client.open(uri, NO_IMAGE)

    assert "DBX101" in {diagnostic["code"] for diagnostic in client.pulled(uri)}
    report = client.request("workspace/diagnostic", {"previousResultIds": []})
    assert [item["uri"] for item in report["items"]] == [
        f"file:///c:/my%20repo/{name}/task.yaml" for name in ("bad", "tools")
    ]


@pytest.mark.parametrize("top", WRITTEN)
def test_settings_count_from_their_folder(client: Client, repository: Path, top: str) -> None:
    settings = 'exclude = ["/web"]\n[per-file-ignores]\n"/bad/*" = ["ALL"]\n'
    (repository / "devbox-lint.toml").write_text(settings, "utf-8")
    client.initialize(rootUri=top.removesuffix("/"))

    for name, text in (("web/imagedefinition.yaml", NO_IMAGE), ("bad/task.yaml", "name: x\n")):
        client.open(top + name, text)
        assert client.published(top + name) == []


def test_a_document_is_closed_by_another_way_to_write_its_uri(client: Client) -> None:
    client.initialize(rootUri=None)
    client.open("file:///c%3A/my%20repo/bad/task.yaml", "name: x\n")
    assert client.published("file:///c%3A/my%20repo/bad/task.yaml") != []

    client.change("file:///c:/my%20repo/bad/task.yaml", 2, "name: x\ncommand: echo hello\n")

    assert "DBX103" not in {d["code"] for d in client.published("file:///c%3A/my%20repo/bad/task.yaml", 2)}


def test_a_share_of_another_machine_is_a_place(client: Client) -> None:
    client.initialize(rootUri=None)
    uri = "file://server/share/web/imagedefinition.yaml"

    client.open(uri, NO_IMAGE)

    assert "DBX101" in {diagnostic["code"] for diagnostic in client.published(uri)}
