"""The index leaves out no word that is close enough."""

from __future__ import annotations

import random

import pytest

from devbox_lint.spelling import edits, near_misses

LETTERS = "abcdefghij-_019.éA"


def slipped(word: str, times: int, dice: random.Random) -> str:
    """The word with ``times`` slips of the hand."""
    letters = list(word)
    for _ in range(times):
        place = dice.randrange(len(letters))
        slip = dice.randrange(4)
        if slip == 0:
            letters.insert(place, dice.choice(LETTERS))
        elif slip == 1 and len(letters) > 1:
            del letters[place]
        elif slip == 2:
            letters[place] = dice.choice(LETTERS)
        elif place:
            letters[place - 1 : place + 1] = letters[place], letters[place - 1]
    return "".join(letters)


def by_comparing_all(word: str, known: list[str]) -> list[str]:
    def fold(text: str) -> str:
        return text.lower().translate(str.maketrans("", "", "-_ $"))

    folded = fold(word)
    distances = []
    for other in map(fold, known):
        is_anagram = len(folded) > 3 and sorted(other) == sorted(folded)
        distances.append(0 if other == folded else 1 if is_anagram else edits(folded, other, 2))
    best = min(distances)
    is_close = folded and best <= (1 if len(folded) <= 5 else 2)
    return [choice for choice, distance in zip(known, distances, strict=True) if distance == best] if is_close else []


@pytest.mark.parametrize("length", [3, 6, 20])
def test_it_finds_what_comparing_with_all_words_finds(length: int) -> None:
    dice = random.Random(length)
    known = ["".join(dice.choices(LETTERS, k=length)) for _ in range(60)]
    known += [slipped(word, 1, dice) for word in known[:20]]
    found = 0
    for number in range(400):
        word = slipped(dice.choice(known), number % 5, dice)
        expected = by_comparing_all(word, known)
        assert near_misses(word, known) == expected, word
        found += bool(expected)
    assert 100 < found < 400


def test_what_is_known_may_come_in_any_form() -> None:
    assert near_misses("chanel", iter(["package", "channel"])) == ["channel"]
    assert near_misses("chanel", ()) == []
