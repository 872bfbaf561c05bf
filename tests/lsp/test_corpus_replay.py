"""Real files and random edits over the wire: always what a fresh check says, in every encoding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devbox_lint.diagnostics import Diagnostic, Severity, Span
from devbox_lint.engine import check
from devbox_lint.files.discovery import may_be_ours
from devbox_lint.results import folded
from devbox_lint.run.selection import select
from devbox_lint.source import SourceFile
from devbox_lint_lsp.conversion import PositionEncoding, range_of
from devbox_lint_rules import RULES
from lsp.client import Client
from support import CorpusFile, Files, each_corpus

pytestmark = pytest.mark.slow

RULES = select(RULES)
_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
#: Where Python's str.splitlines sees a line's end and the protocol does not, where both do, and what takes two units.
PIECES = ["\f", "\x85", "\u2028", "\r\n", "\r", "\n", "😀", "é", "\ufeff", "\x00", "\ud83d", "\t", "  ", "- ", ": "]
PIECES += [
    "name",
    "~/winget",
    "tasks:",
    "#",
    "'",
    '"',
    "{{",
    "}}",
    "|",
    "[",
    "*a",
    "&a",
    "x",
    "# devbox-lint: ignore[DBX101]",
]


def place(source: SourceFile, span: Span, encoding: PositionEncoding) -> dict[str, dict[str, int]]:
    start, end = range_of(source, span, encoding)
    return {"start": start._asdict(), "end": end._asdict()}


def wanted(source: SourceFile, encoding: PositionEncoding) -> list[tuple[Any, ...]]:
    """What the engine says of a text, as the client is to see it."""
    found: tuple[Diagnostic, ...] = ()
    if may_be_ours(source.path, source.text.encode("utf-8", "replace")):
        found = folded(check(source, RULES).diagnostics)
    return [(item.code, _SEVERITIES[item.severity], place(source, item.span, encoding)) for item in found]


def said(diagnostics: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(item["code"], item["severity"], item["range"]) for item in diagnostics]


def named(files: Files) -> Iterator[tuple[str, CorpusFile]]:
    for number, file in enumerate(files):
        name = file.original.replace("\\", "/").rpartition("/")[2]
        yield f"/corpus/{number}/{name}", file


@each_corpus
@pytest.mark.parametrize("encoding", PositionEncoding)
def test_the_whole_corpus_has_the_findings_of_the_engine(files: Files, encoding: PositionEncoding) -> None:
    differing = []
    with Client() as client:
        client.initialize({"general": {"positionEncodings": [encoding.value]}})
        for path, file in named(files):
            uri = f"file://{path}"
            # As an editor has it: decoded, without a byte order mark.
            source = SourceFile(path, SourceFile.from_bytes(path, file.data).text)
            client.open(uri, source.text)
            if said(client.published(uri)) != wanted(source, encoding):
                differing.append(file.path.name)
            client.close(uri)
            client.cleared(uri)
        assert client.shut_down() == 0

    assert differing == []
    assert client.logged == []
    assert client.stderr == ""


class Edited:
    """A document that is edited step by step, in the server and here."""

    def __init__(self, client: Client, encoding: PositionEncoding, text: str, number: int) -> None:
        self.client = client
        self.encoding = encoding
        self.source = SourceFile(f"/nowhere/{number}/imagedefinition.yaml", text)
        self.uri = f"file://{self.source.path}"
        self.version = 1
        client.open(self.uri, text)

    def edit(self, start: int, end: int, text: str) -> None:
        before = self.source
        self.version += 1
        self.client.change(
            self.uri, self.version, {"range": place(before, Span(start, end), self.encoding), "text": text}
        )
        # Half of a surrogate pair is not a character that a file can have.
        self.source = SourceFile(
            before.path, before.text[:start] + text.replace("\ud83d", "\ufffd") + before.text[end:]
        )


@pytest.fixture(scope="module", params=PositionEncoding)
def encoded(request: pytest.FixtureRequest) -> Iterator[tuple[Client, PositionEncoding]]:
    with Client() as client:
        client.initialize({"general": {"positionEncodings": [request.param.value]}})
        yield client, request.param
        assert client.logged == []
        assert client.shut_down() == 0


TEXT = '$schema: "1.0"\nname: web 😀\nimage: x\ntasks:\n- name: ~/git-clone\n  paramaters:\n    pat: {{x}}\n'
NUMBERS = iter(range(1_000_000))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_edits_leave_the_findings_of_a_fresh_check(
    encoded: tuple[Client, PositionEncoding], data: st.DataObject
) -> None:
    client, encoding = encoded
    edited = Edited(client, encoding, TEXT, next(NUMBERS))
    for _ in range(data.draw(st.integers(1, 6))):
        text = edited.source.text
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue  # Between the two characters of a line break there is no place.
        edited.edit(start, end, data.draw(st.lists(st.sampled_from(PIECES), max_size=4).map("".join)))
    version = edited.version
    found = said(client.published(edited.uri, version))
    client.close(edited.uri)

    # What comes over the wire has been JSON.
    assert found == said_as_json(wanted(edited.source, encoding))


def said_as_json(items: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(item) for item in json.loads(json.dumps(items))]
