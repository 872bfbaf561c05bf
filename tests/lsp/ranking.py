"""How VS Code chooses among what a server offers: its fuzzy score, its order, and the item that Enter takes.

Written after `src/vs/base/common/filters.ts` and `src/vs/editor/contrib/suggest/browser/completionModel.ts` of Code
1.139, of which it states the numbers: `matchOnWordStartOnly`, `boostFullMatch`, `snippetSuggestions: inline` and
`suggestSelection: first` are the defaults.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_SEPARATORS = frozenset("_-. /\\'\":$<>()[]{}")
#: No more characters of a word count.
_MOST = 128
#: What an item gets to which nothing was typed, so that the server's order decides.
UNTYPED = -100
_MOST_TYPOS = 7


class Choice(NamedTuple):
    """An item that is left when the list is filtered by what is typed."""

    item: dict[str, Any]
    score: float


def word_of(item: dict[str, Any]) -> str:
    """What an item is compared by."""
    text: str = item.get("filterText") or item["label"]
    return text


def ranked(items: list[tuple[dict[str, Any], str]]) -> list[Choice]:
    """The items of a list, best first; beside each what is typed from its beginning on."""
    choices = []
    for item, typed in sorted(items, key=lambda each: _own_order(each[0])):
        blanks = len(typed) - len(typed.lstrip(" \t"))
        if blanks == len(typed):
            choices.append(Choice(item, UNTYPED))
        elif (score := _best_score(typed, blanks, word_of(item))) is not None:
            choices.append(Choice(item, score))
    return sorted(choices, key=lambda choice: -choice.score)


def chosen(choices: list[Choice]) -> dict[str, Any] | None:
    """The item that is marked, which Enter accepts: the first that asks for it among those with the best score."""
    best = [choice.item for choice in choices if choice.score == choices[0].score]
    return next((item for item in best if item.get("preselect")), best[0] if best else None)


def _own_order(item: dict[str, Any]) -> tuple[str, str, int]:
    return (item.get("sortText") or item["label"]).lower(), item["label"], item.get("kind", 0)


def _best_score(pattern: str, start: int, word: str) -> float | None:
    """The score of what is typed, or, for less, of what it would be with two neighbours exchanged."""
    scores = [_score(pattern, start, word)]
    if len(pattern) >= 3:
        for place in range(start + 1, min(_MOST_TYPOS, len(pattern) - 1)):
            one, other = pattern[place : place + 2]
            if one != other:
                exchanged = _score(f"{pattern[:place]}{other}{one}{pattern[place + 2 :]}", start, word)
                scores.append(None if exchanged is None else exchanged - 3)
    return max((score for score in scores if score is not None), default=None)


def _score(pattern: str, start: int, word: str) -> float | None:
    """How well ``pattern`` from ``start`` on fits a word in which its characters stand in this order; None if not."""
    pattern, word = pattern[:_MOST], word[:_MOST]
    wanted, low = pattern[start:].lower(), word.lower()
    first = _leftmost(wanted, low)
    if first is None:
        return None
    backwards = _leftmost(wanted[::-1], low[::-1])
    assert backwards is not None
    last = [len(low) - 1 - place for place in reversed(backwards)]
    above = [0.0] * (len(word) + 1)
    runs_above = [0] * (len(word) + 1)
    is_strong = False
    steps: list[int] = []
    for row, place in enumerate(first):
        scores = [0.0] * (len(word) + 1)
        runs = [0] * (len(word) + 1)
        # How many columns back the best way to a column comes from; none where the character itself is taken.
        steps = [0] * (len(word) + 1)
        end = last[row + 1] if row + 1 < len(first) else len(word)
        for at in range(place, end):
            column = at + 1
            ways: list[tuple[float, int]] = []
            if at > place + 1 and runs[column - 1]:
                ways.append((scores[column - 2] - (5 if runs[column - 2] else 0), 2))
            if at > place:
                ways.append((scores[column - 1] - (5 if runs[column - 1] else 0), 1))
            if at <= last[row] and low[at] == wanted[row]:
                own, strong = _value(pattern[start:], row, word, at, not runs_above[column - 1])
                is_strong |= strong
                ways.append((own + above[column - 1], 0))
            scores[column], steps[column] = max(ways, key=lambda way: (way[0], way[1]))
            runs[column] = runs_above[column - 1] + 1 if not steps[column] else 0
        above, runs_above = scores, runs
    if not is_strong:
        return None
    column = len(word)
    while steps[column]:
        column -= steps[column]
    return above[len(word)] + (2 if len(word) == len(pattern) else 0) - (column - len(pattern))


def _leftmost(wanted: str, low: str) -> list[int] | None:
    places: list[int] = []
    for character in wanted:
        place = low.find(character, places[-1] + 1 if places else 0)
        if place < 0:
            return None
        places.append(place)
    return places


def _value(pattern: str, row: int, word: str, at: int, begins: bool) -> tuple[float, bool]:
    """What one character gives that is the same in both, and whether it is at a place where words begin."""
    before = word[at - 1] if at else ""
    is_upper = _is_upper(word[at])
    after_separator = before in _SEPARATORS if before else False
    is_gap = is_upper or after_separator
    same = 7 if pattern[row] == word[at] else 5
    if at == row or (is_upper and not (before and _is_upper(before))):
        value = same
    elif (word[at] in _SEPARATORS and not after_separator) or after_separator:
        value = 5
    else:
        value = 1
    is_strong = value > 1 and row == 0
    if row == 0:
        value -= (3 if is_gap else 5) if at else 0
    elif begins:
        value += 2 if is_gap else 0
    else:
        value += 0 if is_gap else 1
    if at + 1 == len(word):
        value -= 3 if is_gap else 5
    return value, is_strong


def _is_upper(character: str) -> bool:
    return character != character.lower()
