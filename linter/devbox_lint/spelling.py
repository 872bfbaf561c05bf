"""What a misspelt word may have been meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Those of ``known`` that look most like ``word``, three at most, in backticks; empty where none does."""
    from difflib import SequenceMatcher, get_close_matches

    spelled = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), spelled, n=3, cutoff=0.7)
    likeness = [SequenceMatcher(None, word.lower(), name).ratio() for name in close]
    return " or ".join(
        f"`{spelled[name]}`" for name, ratio in zip(close, likeness, strict=True) if ratio > likeness[0] - 0.05
    )
