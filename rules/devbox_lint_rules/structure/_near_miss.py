"""Which known words a misspelt word may stand for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

# What people vary without noticing: `user_tasks`, `user-tasks`, `schema`.
_IGNORED = str.maketrans("", "", "-_ $")


def near_misses(word: str, known: Iterable[str]) -> list[str]:
    """The words of ``known`` closest to ``word``, none where all are too far; more than one is a doubt.

    Close is: the same but for case and hyphens, the same letters in another order, or at most two letters
    wrong (one in a short word).
    """
    choices = list(known)
    folded = _fold(word)
    if not folded or len(folded) > 40:
        return []
    same = [choice for choice in choices if _fold(choice) == folded]
    if same:
        return same
    best = 1 if len(folded) <= 5 else 2
    found: list[str] = []
    for choice in choices:
        other = _fold(choice)
        if abs(len(other) - len(folded)) > best:
            continue
        distance = 1 if len(folded) > 3 and sorted(other) == sorted(folded) else edits(folded, other, best)
        if distance < best:
            best, found = distance, [choice]
        elif distance == best:
            found.append(choice)
    return found


def edits(left: str, right: str, limit: int) -> int:
    """How many letters must be added, dropped, replaced or swapped with their neighbour; ``limit`` + 1 for more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    before: list[int] = []
    row = list(range(len(right) + 1))
    for index, letter in enumerate(left):
        previous, row = row, [index + 1]
        for column, other in enumerate(right):
            cost = min(previous[column + 1] + 1, row[column] + 1, previous[column] + (letter != other))
            if index and column and letter == right[column - 1] and left[index - 1] == other:
                cost = min(cost, before[column - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)


# The same words are compared again and again.
@lru_cache(maxsize=4096)
def _fold(word: str) -> str:
    return word.lower().translate(_IGNORED)
