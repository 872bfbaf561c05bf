"""Texts that are read again from where they part from the last give what reading them anew gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.scanner import Scanner

from devbox_lint.yaml.events import YamlError, read_events
from devbox_lint.yaml.rereading import Rereader

LINES = st.lists(
    st.sampled_from(
        (
            "a: b", "- c", "  - d: 'e'", "    f: |", "      g", "x: [a, {b: c}", "  ]", "h: \"i", "\"", "j: @k", "? l",
            "%TAG ! x", "%YAML 1.1", "---", "...", "&m n: *m", "# o", "", "!p q: >-", "  r: s: t", "\tu: v", "w" * 300,
        )
    ),
    max_size=40,
)  # fmt: skip
NEWLINES = st.sampled_from(("\n", "\r\n", "\r"))


def said(read: tuple[list[Any], YamlError | None]) -> tuple[list[str], YamlError | None]:
    """What reading gave, to be compared: marks of the C parser and of the pure one are of different kinds."""
    places = [
        f"{type(event).__name__} {event.start_mark.index} {event.end_mark.index} {getattr(event, 'value', None)!r}"
        for event in read[0]
    ]
    return places, read[1]


@settings(max_examples=300, deadline=None)
@given(LINES, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), LINES), max_size=5), NEWLINES)
def test_texts_that_change_are_read_as_if_each_were_the_first(
    lines: list[str], changes: list[tuple[int, int, list[str]]], newline: str
) -> None:
    reader = Rereader("", pure=True)
    for place, dropped, put in [(0, 0, []), *changes]:
        lines[place : place + dropped] = put
        text = newline.join(lines)
        assert said(reader.read(text)) == said(read_events(text, pure=True))


@pytest.mark.parametrize("pure", [False, True])
def test_only_what_is_new_is_read_again(pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "tasks:\n" + "- name: a\n" * 50_000
    reader = Rereader("", pure)
    reader.read(text + "b: c: d")
    original = Scanner.fetch_plain

    def fetch_plain(scanner: Scanner) -> object:
        nonlocal scanned
        scanned += 1
        return original(scanner)

    scanned = 0
    monkeypatch.setattr(Scanner, "fetch_plain", fetch_plain)
    for end in ("b: c: e", "- b: c: d", "- b: 'c: d'", "b: c"):
        reader.read(text + end)

    assert scanned < 4 * 256 / 4
