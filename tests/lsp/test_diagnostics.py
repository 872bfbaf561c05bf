"""What the server says of open documents, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.client import PYTHON, Client

pytestmark = pytest.mark.slow

URI = "file:///nowhere/imagedefinition.yaml"
CLEAN = '$schema: "1.0"\nname: web\nimage: MicrosoftWindowsDesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks: []\n'
WRONG = CLEAN.replace("tasks: []", "tasks:\n- name: ~/git-clone # 😀\n")
PULL = {"textDocument": {"diagnostic": {}}}


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as client:
        client.initialize()
        yield client


@pytest.fixture
def pulling() -> Iterator[Client]:
    with Client() as client:
        client.initialize(PULL)
        yield client


def codes(diagnostics: list[dict[str, Any]]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def test_a_diagnostic_says_what_the_command_line_says(client: Client) -> None:
    client.open(URI, WRONG, version=5)
    [diagnostic] = client.published(URI, 5)

    assert diagnostic == {
        "range": {"start": {"line": 4, "character": 8}, "end": {"line": 4, "character": 19}},
        "message": "unknown built-in task `~/git-clone`: write `~/gitclone`",
        "severity": 1,
        "code": "DBX201",
        "codeDescription": {
            "href": "https://github.com/devbox-lint/devbox-lint/blob/main/docs/rules/dbx201-unknown-builtin-task.md"
        },
        "source": "devbox-lint",
    }


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 21), ("utf-16", 19), ("utf-32", 18)])
def test_columns_count_as_was_agreed(encoding: str, column: int) -> None:
    with Client() as client:
        result = client.initialize({"general": {"positionEncodings": [encoding]}})
        client.open(URI, CLEAN.replace("tasks: []", 'tasks:\n- {id: "😀", name: ~/git-clone}'))
        found = {item["code"]: item["range"]["start"] for item in client.published(URI)}

    assert result["capabilities"]["positionEncoding"] == encoding
    assert found["DBX201"] == {"line": 4, "character": column}


def test_diagnostics_follow_the_text_and_go_with_the_document(client: Client) -> None:
    client.open(URI, CLEAN)
    client.change(URI, 2, WRONG)
    client.change(URI, 3, "tasks: [")
    client.change(URI, 4, CLEAN)
    first = client.published(URI, 4)
    client.change(URI, 5, WRONG)
    second = client.published(URI, 5)
    client.close(URI)

    assert (codes(first), codes(second), client.published(URI)) == ([], ["DBX201"], [])


def test_a_broken_file_has_the_findings_of_what_can_be_read(client: Client) -> None:
    client.open(URI, WRONG + "- name: 'x\n")

    assert set(codes(client.published(URI))) >= {"DBX001", "DBX201"}


def test_a_document_can_be_opened_again(client: Client) -> None:
    for _ in range(20):
        client.open(URI, WRONG)
        client.close(URI)
    client.open(URI, WRONG, version=9)

    assert codes(client.published(URI, 9)) == ["DBX201"]


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "untitled:/x/imagedefinition.yaml", "inmemory://model/1"])
def test_a_text_that_is_no_file_yet_is_checked(client: Client, uri: str) -> None:
    client.open(uri, WRONG)

    assert "DBX201" in codes(client.published(uri))


@pytest.mark.parametrize("language", ["yaml", "ansible", "plaintext"])
def test_the_language_that_an_extension_claims_does_not_matter(client: Client, language: str) -> None:
    uri = "file:///nowhere/Tasks/install/task.yaml"
    client.open(uri, "name: install\nparameters: 3\ncommand: Write-Host\n", language=language)

    assert "DBX106" in codes(client.published(uri))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("task.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps: []\n"),
        ("tasks/main.yml", "- name: install\n  apt: {name: git}\n"),
        ("values.yaml", "tasks: 3\n"),
    ],
)
def test_of_other_products_files_nothing_is_said(client: Client, name: str, text: str) -> None:
    client.open(f"file:///nowhere/{name}", text)

    assert client.published(f"file:///nowhere/{name}") == []


def test_a_client_that_asks_is_sent_nothing_unasked(pulling: Client) -> None:
    pulling.open(URI, WRONG)
    pulling.change(URI, 2, WRONG + "\n")

    assert codes(pulling.pulled(URI)) == ["DBX201"]
    assert pulling.notifications == []


def test_what_has_not_changed_is_not_sent_again(pulling: Client) -> None:
    pulling.open(URI, WRONG)
    asked: dict[str, Any] = {"textDocument": {"uri": URI}}
    first = pulling.request("textDocument/diagnostic", asked)
    asked["previousResultId"] = first["resultId"]
    second = pulling.request("textDocument/diagnostic", asked)
    pulling.change(URI, 2, CLEAN)
    third = pulling.request("textDocument/diagnostic", asked)

    assert second == {"kind": "unchanged", "resultId": first["resultId"]}
    assert (third["kind"], third["items"]) == ("full", [])


def test_an_answer_is_always_about_the_newest_text(pulling: Client) -> None:
    pulling.open(URI, CLEAN)
    numbers = []
    for version in range(2, 30):
        numbers.append(pulling.begin("textDocument/diagnostic", {"textDocument": {"uri": URI}}))
        pulling.change(URI, version, WRONG if version % 2 else CLEAN)
    answers = [pulling.answer(number)["result"] for number in numbers]

    assert codes(answers[-1]["items"]) == ["DBX201"]


def test_a_request_can_be_cancelled(pulling: Client) -> None:
    pulling.open(URI, "tasks:\n" + "- name: ~/winget\n  parameters: {package: Git.Git}\n" * 3000)
    number = pulling.begin("textDocument/diagnostic", {"textDocument": {"uri": URI}})
    pulling.notify("$/cancelRequest", {"id": number})

    assert pulling.answer(number)["error"]["code"] == -32800


def test_another_place_that_explains_a_finding_is_a_link(client: Client, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "imagedefinition.yaml").write_text(f"# 😀\n{CLEAN}", "utf-8")
    uri = (tmp_path / "one" / "imagedefinition.yaml").as_uri()
    client.open(uri, CLEAN)
    [diagnostic] = client.published(uri)

    assert diagnostic["code"] == "DBX115"
    [related] = diagnostic["relatedInformation"]
    assert related["location"] == {
        "uri": (tmp_path / "two" / "imagedefinition.yaml").as_uri(),
        "range": {"start": {"line": 2, "character": 6}, "end": {"line": 2, "character": 9}},
    }


@pytest.mark.parametrize("tags", [[1, 2], [1], []])
def test_what_is_out_of_date_or_for_nothing_is_tagged_where_the_client_shows_it(tags: list[int]) -> None:
    with Client() as client:
        client.initialize({"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": tags}}}})
        client.open(URI, CLEAN.replace("tasks: []", "setupTasks:\n- name: ~/winget # devbox-lint: ignore[DBX101]\n"))
        found = {item["code"]: item.get("tags") for item in client.published(URI)}

    assert found["DBX114"] == ([2] if 2 in tags else None)
    assert found["DBX901"] == ([1] if 1 in tags else None)


def test_a_secret_stands_in_nothing_that_is_sent(client: Client) -> None:
    secret = "Zx9!qLm2Vt7" + "#Rk4pWs8"
    client.open(URI, WRONG + f"  parameters:\n    password: {secret}\n    command: net user bob '{secret}'\n")
    assert client.published(URI)
    actions = client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": URI},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}},
            "context": {"diagnostics": []},
        },
    )

    assert secret not in str(client.notifications)
    assert secret not in str([(action["title"], action.get("diagnostics")) for action in actions])


def test_a_rule_that_raises_is_logged_and_loses_only_its_own_findings() -> None:
    program = (
        "import os; from devbox_lint_lsp.main import serve; from devbox_lint_rules import RULES\n"
        "def check(context):\n    raise ValueError(context.source.text)\n    yield\n"
        "[rule] = [rule.load() for rule in RULES if rule.code == 'DBX105']\n"
        "type(rule).check = lambda self, context: check(context)\n"
        "os._exit(serve(lambda: RULES, None))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize()
        client.open(URI, WRONG)

        assert codes(client.published(URI)) == ["DBX000", "DBX201"]
        [logged] = client.logged
        assert "ValueError: its words may quote a file" in logged
        assert "git-clone" not in logged


def test_an_engine_that_fails_is_said_in_the_file_and_logged() -> None:
    program = (
        "import os; from devbox_lint import pipeline; from devbox_lint_lsp import main\n"
        "def check(*_, **__):\n    raise ValueError('sec' + 'ret')\n"
        "pipeline.check = check\n"
        "os._exit(main.serve(lambda: __import__('devbox_lint_rules').RULES, None))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize()
        client.open(URI, WRONG)

        assert codes(client.published(URI)) == ["DBX000"]
        assert "secret" not in str(client.notifications)
        assert client.shut_down() == 0
