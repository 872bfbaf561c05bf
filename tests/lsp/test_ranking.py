"""The order in which VS Code shows what is offered, as the simulated one does it."""

from __future__ import annotations

from typing import Any

import pytest

from lsp.ranking import UNTYPED, chosen, ranked


def item(label: str, order: str = "", **more: Any) -> dict[str, Any]:
    return {"label": label, "sortText": order or label, **more}


def shown(typed: str, *labels: str) -> list[str]:
    return [choice.item["label"] for choice in ranked([(item(label), typed) for label in labels])]


@pytest.mark.parametrize(
    ("typed", "labels", "order"),
    [
        # Characters in their order are enough, if the first begins a word.
        ("gcl", ("~/gitclone", "~/winget"), ["~/gitclone"]),
        ("itc", ("gitclone",), []),
        # Two neighbours may be exchanged, one may not be missing.
        ("paramteers", ("parameters",), ["parameters"]),
        ("paramxeters", ("parameters",), []),
        # The whole word, then what begins with it, then what has it later.
        ("name", ("displayName", "names", "name"), ["name", "names", "displayName"]),
        ("des", ("displayName", "description"), ["description", "displayName"]),
        ("NAME", ("name",), ["name"]),
        ("", ("b", "a"), ["a", "b"]),
        ("  ", ("b", "a"), ["a", "b"]),
    ],
)
def test_what_is_typed_filters_and_orders(typed: str, labels: tuple[str, ...], order: list[str]) -> None:
    assert shown(typed, *labels) == order


def test_the_server_decides_among_equals() -> None:
    choices = ranked([(item("a", "2"), ""), (item("b", "1"), "")])

    assert [choice.item["label"] for choice in choices] == ["b", "a"]
    assert {choice.score for choice in choices} == {UNTYPED}


def test_what_asks_for_it_is_marked_among_the_best() -> None:
    offered = [item("name"), item("names", preselect=True)]

    marked = [chosen(ranked([(each, typed) for each in offered])) for typed in ("", "name")]
    assert marked == [offered[1], offered[0]]
    assert chosen([]) is None
