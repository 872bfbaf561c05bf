"""What a misspelt word may have been meant to be.

To be asked for unknown words alone: a comparison costs microseconds, and there are many known words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from devbox_lint.startup import NamedTuple

# What people vary without noticing: `user_tasks`, `user-tasks`, `schema`.
_IGNORED = str.maketrans("", "", "-_ $")
# Longer words are sentences, and no slip of the hand.
_LONGEST = 40


def nearest(word: str, known: Iterable[str]) -> str:
    """Those of ``known`` that look most like ``word``, three at most, in backticks; empty where none does."""
    from difflib import SequenceMatcher, get_close_matches

    spelled = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), spelled, n=3, cutoff=0.7)
    likeness = [SequenceMatcher(None, word.lower(), name).ratio() for name in close]
    return " or ".join(
        f"`{spelled[name]}`" for name, ratio in zip(close, likeness, strict=True) if ratio > likeness[0] - 0.05
    )


def near_misses(word: str, known: Iterable[str]) -> list[str]:
    """The words of ``known`` closest to ``word``, none where all are too far; more than one is a doubt.

    Close is: the same but for case and hyphens, the same letters in another order, or at most two letters
    wrong (one in a short word).
    """
    folded = _fold(word)
    if not folded or len(folded) > _LONGEST:
        return []
    return list(_near(folded, known if type(known) is tuple else tuple(known)))


class _Folded(NamedTuple):
    """A known word as it is compared; the bits stand for its letters and for its pairs of letters."""

    number: int
    text: str
    letters: int
    pairs: int


# Rules of one file ask one after another, and so do the files of a run, of which many name the same.
@lru_cache(maxsize=1024)
def _near(folded: str, known: tuple[str, ...]) -> tuple[str, ...]:
    index = _index(known)
    size = len(folded)
    same = tuple(known[other.number] for other in index.get(size, ()) if other.text == folded)
    if same:
        return same
    best = 1 if size <= 5 else 2
    letters, pairs = _bits(folded)
    ordered = sorted(folded) if size > 3 else []
    found: list[int] = []
    for length in range(size - best, size + best + 1):
        for other in index.get(length, ()):
            # A letter that is replaced changes two bits, and six where it is swapped with its neighbour in the pairs.
            if (other.letters ^ letters).bit_count() > 2 * best:
                continue
            if length == size and other.letters == letters and ordered and sorted(other.text) == ordered:
                distance = 1
            elif (other.pairs ^ pairs).bit_count() > 6 * best:
                continue
            else:
                distance = edits(folded, other.text, best)
            if distance < best:
                best, found = distance, [other.number]
            elif distance == best:
                found.append(other.number)
    return tuple(known[number] for number in sorted(found))


@lru_cache(maxsize=64)
def _index(known: tuple[str, ...]) -> dict[int, list[_Folded]]:
    """The known words by their lengths, with what tells of most others that they are too far to be compared."""
    index: dict[int, list[_Folded]] = {}
    for number, word in enumerate(known):
        text = _fold(word)
        if len(text) <= _LONGEST + 2:
            index.setdefault(len(text), []).append(_Folded(number, text, *_bits(text)))
    return index


def _bits(text: str) -> tuple[int, int]:
    letters = pairs = 0
    previous = 0
    for letter in text:
        code = ord(letter)
        # Prime numbers, so that letters and digits, and few pairs of them, share one.
        letters |= 1 << (code - 97) % 79
        pairs |= 1 << (code * 31 + previous) % 251
        previous = code
    return letters, pairs


def edits(left: str, right: str, limit: int) -> int:
    """How many letters must be added, dropped, replaced or swapped with their neighbour; ``limit`` + 1 for more.

    The time grows with the length of the words times ``limit``.
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    start, most = 0, min(len(left), len(right))
    while start < most and left[start] == right[start]:
        start += 1
    end = 0
    while end < most - start and left[-1 - end] == right[-1 - end]:
        end += 1
    left, right = left[start : len(left) - end], right[start : len(right) - end]
    if not left or not right:
        return len(left) + len(right)
    if limit == 1:
        swapped = len(left) == 2 and left[::-1] == right
        return 1 if swapped or len(left) == len(right) == 1 else 2
    # Whatever is further from the diagonal than this has cost more already.
    far = limit + 1
    before: list[int] = []
    row = [column if column <= limit else far for column in range(len(right) + 1)]
    for index, letter in enumerate(left):
        previous, row = row, [far] * (len(right) + 1)
        row[0] = min(index + 1, far)
        for column in range(max(0, index - limit), min(len(right), index + limit + 1)):
            other = right[column]
            cost = min(previous[column + 1] + 1, row[column] + 1, previous[column] + (letter != other))
            if index and column and letter == right[column - 1] and left[index - 1] == other:
                cost = min(cost, before[column - 1] + 1)
            row[column + 1] = min(cost, far)
        if min(row) > limit:
            return far
        before = previous
    return row[-1]


# The same words are compared again and again.
@lru_cache(maxsize=4096)
def _fold(word: str) -> str:
    return word.lower().translate(_IGNORED)
