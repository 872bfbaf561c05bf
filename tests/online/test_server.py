"""Online checks in an editor: asked for by a command or a setting, with progress and cancel, and never while typing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import environment
from fake_azure import FakeAzure
from fake_azure.roles import READER, SECRETS_USER, VAULT_READER
from fake_azure.tenants import Principal, Tenant
from lsp.client import PYTHON, Client

pytestmark = pytest.mark.slow

FILE = """\
$schema: "1.0"
name: web
image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc
tasks:
  - name: ~/gitclone
    parameters:
      repositoryUrl: https://github.com/contoso/web
      pat: '{{https://kv-contoso.vault.azure.net/secrets/no-such-secret}}'
"""
PROGRESS = {"window": {"workDoneProgress": True}}


@pytest.fixture
def uri(tmp_path: Path, contoso: Tenant, verifier: Principal) -> str:
    """A file in a folder with settings for a project."""
    vault = contoso.vault("kv-contoso")
    project = contoso.project("web-team")
    assert project.identity is not None
    contoso.assign(project.identity, SECRETS_USER, vault)
    for what, role in ((vault, VAULT_READER), (project, READER), (project.center, READER)):
        contoso.assign(verifier, role, what)
    (tmp_path / "devbox-lint.toml").write_text(f'[azure]\nproject = "{project.id}"\n', "utf-8")
    return (tmp_path / "imagedefinition.yaml").as_uri()


@pytest.fixture
def client(azure: FakeAzure, verifier: Principal) -> Iterator[Client]:
    with Client(environment=environment(**azure.environment(verifier))) as client:
        yield client
        assert client.shut_down() == 0


def codes(diagnostics: list[dict[str, Any]]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def run(client: Client) -> None:
    client.request("workspace/executeCommand", {"command": "devbox-lint.checkOnline", "arguments": []})


def test_nothing_is_asked_unless_somebody_asks_for_it(client: Client, azure: FakeAzure, uri: str) -> None:
    client.initialize()
    client.open(uri, FILE)
    client.published(uri)
    client.change(uri, 2, FILE + "\n")

    assert "DBX503" not in codes(client.published(uri, 2))
    assert azure.tunnels == []


def test_the_command_asks_and_what_follows_stays_true_to_the_text(client: Client, azure: FakeAzure, uri: str) -> None:
    client.initialize()
    client.open(uri, FILE)
    client.published(uri)
    run(client)
    [found] = [item for item in client.published(uri) if item["code"] == "DBX503"]
    asked = len(azure.tunnels)
    client.change(uri, 2, "# 😀\n" + FILE)
    [moved] = [item for item in client.published(uri, 2) if item["code"] == "DBX503"]
    client.change(uri, 3, FILE.replace("no-such-secret", "another"))
    other = codes(client.published(uri, 3))

    assert found["range"]["start"]["line"] == 7
    assert moved["range"]["start"]["line"] == 8
    assert "DBX503" not in other
    assert len(azure.tunnels) == asked > 0


def test_a_setting_asks_when_a_file_is_opened_or_saved(client: Client, azure: FakeAzure, uri: str) -> None:
    client.initialize(initializationOptions={"onlineChecks": True})
    client.open(uri, FILE)
    while "DBX503" not in codes(client.published(uri)):
        pass
    asked = len(azure.tunnels)
    client.change(uri, 2, FILE.replace("no-such-secret", "another"))
    typed = codes(client.published(uri, 2))
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    while "DBX503" not in codes(client.published(uri)):
        pass

    assert asked > 0
    assert "DBX503" not in typed


def test_the_client_shows_how_far_it_is(client: Client, uri: str) -> None:
    client.initialize(PROGRESS)
    client.open(uri, FILE)
    client.published(uri)
    run(client)
    client.published(uri)
    told = [item["params"]["value"] for item in client.notifications if item["method"] == "$/progress"]

    assert [request["method"] for request in client.requests] == ["window/workDoneProgress/create"]
    assert (told[0]["kind"], told[0]["title"], told[0]["cancellable"]) == ("begin", "Asking Azure", True)
    assert told[-1]["kind"] == "end"


def test_it_can_be_cancelled(client: Client, uri: str) -> None:
    client.initialize(PROGRESS)
    client.open(uri, FILE)
    client.published(uri)
    number = client.begin("workspace/executeCommand", {"command": "devbox-lint.checkOnline"})
    began = client.wait(lambda message: message.get("method") == "$/progress")
    client.notify("window/workDoneProgress/cancel", {"token": began["params"]["token"]})
    client.answer(number)

    assert client.logged == []


def test_who_asks_is_told_what_is_missing_and_nobody_else_is(uri: str) -> None:
    program = (
        "import os; from devbox_lint.errors import UsageError; from devbox_lint_lsp.main import serve\n"
        "from devbox_lint_rules import every_rule\n"
        "def azure():\n    raise UsageError('pip install it')\n"
        "os._exit(serve(every_rule, azure))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize(initializationOptions={"onlineChecks": True})
        client.open(uri, FILE)
        client.wait(lambda message: message.get("method") == "window/logMessage")
        run(client)
        shown = [item["params"] for item in client.notifications if item["method"] == "window/showMessage"]

    assert shown == [{"type": 1, "message": "pip install it"}]
