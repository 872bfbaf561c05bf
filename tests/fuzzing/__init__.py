"""Fuzzing: what must hold of any bytes. `python -m fuzzing` tries it for long, tests/hardening/test_fuzz.py briefly."""

from fuzzing.mutation import Change, mutated, random_changes
from fuzzing.seeds import pieces, seeds
from fuzzing.targets import TARGETS, Target

__all__ = ["TARGETS", "Change", "Target", "mutated", "pieces", "random_changes", "seeds"]
