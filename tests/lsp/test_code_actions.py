"""Quick fixes, and all safe fixes at once: the text after them is that of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devbox_lint.fixes import fix_source
from devbox_lint.run.selection import select
from devbox_lint.source import SourceFile
from devbox_lint_lsp.conversion import ClientPosition, PositionEncoding, offset_of
from devbox_lint_rules import RULES
from lsp.client import Client

URI = "file:///nowhere/imagedefinition.yaml"
TEXT = (
    '$schema: "1.0"\nname: web\nimage: MicrosoftWindowsDesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks:\n'
    "- {description: 😀, name: ~/git-clone}\n- name: ~/winget\n  paramaters: {package: Git.Git}\n"
)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as client:
        client.initialize()
        client.open(URI, TEXT)
        client.published(URI)
        yield client


def place(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def actions(
    client: Client, first: int, last: int, only: list[str] | None = None, diagnostics: Any = (), uri: str = URI
) -> list[dict[str, Any]]:
    """The actions for lines, their columns as a client has them that counts bytes; without those that ignore."""
    return [action for action in everything(client, first, last, only, diagnostics, uri) if not ignores(action)]


def ignores(action: dict[str, Any]) -> bool:
    return str(action["title"]).startswith("Ignore")


def everything(
    client: Client, first: int, last: int, only: list[str] | None = None, diagnostics: Any = (), uri: str = URI
) -> list[dict[str, Any]]:
    context: dict[str, Any] = {"diagnostics": list(diagnostics)}
    if only is not None:
        context["only"] = only
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": place(first, 99), "end": place(last, 99)},
        "context": context,
    }
    found: list[dict[str, Any]] = client.request("textDocument/codeAction", params)
    return found


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    source = SourceFile("", text)
    for edit in reversed(edits):
        start, end = (
            offset_of(source, ClientPosition(**edit["range"][side]), PositionEncoding.UTF_16)
            for side in ("start", "end")
        )
        text = text[:start] + edit["newText"] + text[end:]
    return text


def test_a_quick_fix_repairs_one_finding_after_an_emoji(client: Client) -> None:
    [action] = actions(client, 4, 4, ["quickfix"])

    assert action["title"] == "Write `~/gitclone` (DBX201)"
    assert action["isPreferred"] is True
    assert action["diagnostics"][0]["code"] == "DBX201"
    assert applied(TEXT, action["edit"]["changes"][URI]) == TEXT.replace("git-clone", "gitclone")


def test_the_places_that_a_client_gives_are_not_relied_on(client: Client) -> None:
    wrong = {"start": place(4, 29), "end": place(4, 40)}
    named = {"range": wrong, "message": "", "code": "DBX201", "source": "devbox-lint"}
    [action] = actions(client, 4, 4, ["quickfix"], [named])

    assert applied(TEXT, action["edit"]["changes"][URI]) == TEXT.replace("git-clone", "gitclone")


def test_the_very_place_counts_beside_what_the_client_names(client: Client) -> None:
    """Eglot names of the findings at a place only one; in a menu for a line the one at the cursor is first."""
    uri = "file:///nowhere/nested/imagedefinition.yaml"
    address = "http://a.vaults.azure.net/secret/b"
    text = (
        f"name: web\nimage: a/b@1.0.0\ntasks:\n- name: ~/powershell\n  parameters:\n    command: x {{{{{address}}}}}\n"
    )
    client.open(uri, text)
    around = next(found for found in client.published(uri) if found["code"] == "DBX314")
    here = place(5, text.splitlines()[5].index("secret/"))

    def asked(named: list[dict[str, Any]]) -> list[dict[str, Any]]:
        context = {"diagnostics": named, "only": ["quickfix"]}
        params = {"textDocument": {"uri": uri}, "range": {"start": here, "end": here}, "context": context}
        return [action for action in client.request("textDocument/codeAction", params) if not ignores(action)]

    assert [action["title"] for action in asked([around])] == ["Write `secrets` (DBX301)"]
    first, *others = asked([])
    assert first["title"] == "Write `secrets` (DBX301)"
    assert len(others) == 2


def test_the_findings_of_others_are_passed_over(client: Client) -> None:
    other = {"range": {"start": place(4, 0), "end": place(4, 1)}, "message": "", "code": 1, "source": "YAML"}

    assert len(actions(client, 4, 4, ["quickfix"], [other])) == 1


def test_all_fixes_at_once_are_those_of_the_command_line(client: Client) -> None:
    [action] = actions(client, 0, 0, ["source.fixAll.devbox-lint"])
    wanted = fix_source(SourceFile("/nowhere/imagedefinition.yaml", TEXT), select(RULES)).source.text

    assert action["kind"] == "source.fixAll.devbox-lint"
    assert applied(TEXT, action["edit"]["changes"][URI]) == wanted != TEXT


@pytest.mark.parametrize("only", [["source"], ["source.fixAll"], ["source.fixAll.devbox-lint"], None, [""]])
def test_all_fixes_are_given_whatever_more_general_kind_is_asked_for(client: Client, only: list[str] | None) -> None:
    assert "source.fixAll.devbox-lint" in [action["kind"] for action in actions(client, 0, 0, only)]


@pytest.mark.parametrize("only", [["source.organizeImports"], ["source.fixAll.other"], ["refactor"], []])
def test_other_kinds_of_action_give_nothing(client: Client, only: list[str]) -> None:
    assert actions(client, 0, 9, only) == []


def test_edits_are_for_a_version_where_the_client_knows_versions() -> None:
    with Client() as client:
        client.initialize({"workspace": {"workspaceEdit": {"documentChanges": True}}})
        client.open(URI, TEXT, version=7)
        [action] = actions(client, 4, 4, ["quickfix"])

    assert action["edit"]["documentChanges"][0]["textDocument"] == {"uri": URI, "version": 7}


def test_a_clean_or_strange_or_closed_document_has_no_action(client: Client) -> None:
    uri = "file:///nowhere/other.yaml"
    before = actions(client, 0, 0, uri=uri)
    client.open(uri, "kind: Pod\n")

    assert before == actions(client, 0, 0, uri=uri) == []


def test_line_breaks_stay_as_they_are(client: Client) -> None:
    uri = "file:///nowhere/crlf/imagedefinition.yaml"
    text = TEXT.replace("\n", "\r\n")
    client.open(uri, text)
    [action] = actions(client, 0, 0, ["source.fixAll"], uri=uri)
    fixed = applied(text, action["edit"]["changes"][uri])

    assert fixed == fix_source(SourceFile("/nowhere/crlf/imagedefinition.yaml", text), select(RULES)).source.text
    assert fixed.count("\r\n") == fixed.count("\n")


def test_a_finding_is_ignored_by_a_comment_on_its_line(client: Client) -> None:
    uri = "file:///nowhere/ignored/imagedefinition.yaml"
    client.open(uri, TEXT)
    before = [item["code"] for item in client.published(uri)]
    [action] = filter(ignores, everything(client, 6, 6, uri=uri))
    text = applied(TEXT, action["edit"]["changes"][uri])
    client.change(uri, 2, text)
    after = [item["code"] for item in client.published(uri, 2)]

    assert action["title"] == "Ignore unknown-key on this line (DBX105)"
    assert action["diagnostics"][0]["code"] == "DBX105"
    assert "isPreferred" not in action
    assert text == TEXT.replace("{package: Git.Git}", "{package: Git.Git}  # devbox-lint: ignore[unknown-key]")
    assert after == [code for code in before if code != "DBX105"]


def test_an_ignored_finding_has_a_reason_where_the_settings_ask_for_one(client: Client, tmp_path: Path) -> None:
    (tmp_path / "devbox-lint.toml").write_text("require-reason = true\n", "utf-8")
    uri = (tmp_path / "imagedefinition.yaml").as_uri()
    client.open(uri, TEXT)
    client.published(uri)
    [action] = filter(ignores, everything(client, 6, 6, uri=uri))
    text = applied(TEXT, action["edit"]["changes"][uri])
    client.change(uri, 2, text)

    assert "ignore[unknown-key] TODO: why this may stay" in text
    assert "DBX105" not in [item["code"] for item in client.published(uri, 2)]


def test_what_judges_comments_is_not_suppressed_by_one(client: Client) -> None:
    uri = "file:///nowhere/unused/imagedefinition.yaml"
    client.open(uri, TEXT.replace("name: web", "name: web # devbox-lint: ignore[DBX101]"))
    assert "DBX901" in [item["code"] for item in client.published(uri)]

    assert not any(map(ignores, everything(client, 1, 1, ["quickfix"], uri=uri)))
