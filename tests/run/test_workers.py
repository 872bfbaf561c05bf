"""Work in several processes gives what one process gives."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import pytest

from devbox_lint.run import workers


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_processors", lambda: 2)


def who(part: Sequence[int]) -> tuple[int, list[int]]:
    # So that the other process takes some, too.
    time.sleep(0.01)
    return os.getpid(), list(part)


@pytest.mark.usefixtures("two")
def test_the_parts_are_in_order_and_done_by_two_processes() -> None:
    results = workers.in_parts(who, range(401))

    assert [number for _, part in results for number in part] == list(range(401))
    assert len({process for process, _ in results}) == 2


@pytest.mark.usefixtures("two")
def test_a_short_list_is_done_here() -> None:
    assert workers.in_parts(who, range(199)) == [(os.getpid(), list(range(199)))]


@pytest.mark.usefixtures("two")
def test_results_larger_than_a_pipe_come_through() -> None:
    results = workers.in_parts(lambda part: "x" * 1_000_000, range(400))

    assert [len(result) for result in results] == 8 * [1_000_000]


@pytest.mark.usefixtures("two")
def test_a_part_whose_process_dies_is_done_again() -> None:
    here = os.getpid()

    def work(part: Sequence[int]) -> list[int]:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        time.sleep(0.01)
        return list(part)

    parts = workers.in_parts(work, range(400))

    assert [number for part in parts for number in part] == list(range(400))


@pytest.mark.usefixtures("two")
def test_a_process_that_dies_late_has_all_its_pieces_done_again() -> None:
    here = os.getpid()
    mine: list[int] = []

    def work(part: Sequence[int]) -> list[int]:
        time.sleep(0.01)
        if os.getpid() == here:
            mine.extend(part)
        elif part[-1] > 700:
            os.kill(os.getpid(), 9)
        return list(part)

    parts = workers.in_parts(work, range(1000))

    assert [number for part in parts for number in part] == list(range(1000))
    assert sorted(mine) == list(range(1000))


@pytest.mark.usefixtures("two")
def test_pieces_grow_where_there_are_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_MOST_PIECES", 4)

    parts = workers.in_parts(who, range(1001))

    assert [number for _, part in parts for number in part] == list(range(1001))
    assert len(parts) == 4


@pytest.mark.usefixtures("two")
def test_an_error_in_a_part_is_raised_here() -> None:
    def work(part: Sequence[int]) -> int:
        if 399 in part:
            raise ValueError("the last")
        return len(part)

    with pytest.raises(ValueError, match="the last"):
        workers.in_parts(work, range(400))


def test_without_fork_one_process_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")

    assert len(workers.in_parts(who, range(1000))) == 1
