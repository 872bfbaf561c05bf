"""The targets of fuzzing for some seconds, always with the same inputs, and all that longer runs found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import TARGETS, Change, mutated, pieces, seeds
from fuzzing.mutation import CHANGES

pytestmark = pytest.mark.slow

CHANGE = st.builds(
    Change,
    st.integers(0, len(CHANGES) - 1),
    st.integers(0, 60),
    st.integers(0, 400),
    st.sampled_from(pieces()),
)
#: What broke a promise once, by target.
FOUND: tuple[tuple[str, bytes], ...] = (
    # A key that is nothing was placed before its mapping, and with it the `$schema` to insert.
    ("fixes", b"\x01    : 2>&1\n"),
    # So was the `$schema` before a mapping as a key, on the line after its question mark.
    ("fixes", b"\x05?\n :"),
    # A tab after a line break of YAML 1.1 was left to the parsers, which differ on it.
    ("parsers", b"\x01\xc2\x85\t"),
    # A tab that indents was not seen after a lone carriage return.
    ("parsers", b"\x03d\r\t["),
    # To the C parser the name of an anchor or alias ends before a colon or a question mark.
    ("parsers", b"\x02<<:\n *ame: vscode_61\n  "),
    # The end of a document that is none was called a syntax error: a fix that left no more brought one.
    ("fixes", b"\x01image: x\n...\n"),
    # Who can write to the cache: too little in an entry, a rule that is none, and a name that no report makes harmless.
    ("cached", b"\0[[]]"),
    ("cached", b'\0["imagedefinition", [], [["DBX999", "x", 3, 0, 1, "m", null, null, null, []]]]'),
    ("cached", b'\0["imagedefinition", [], [["DBX101", "\\u202e", 3, 0, 1, "m", null, null, null, []]]]'),
)


@pytest.mark.parametrize("target", TARGETS)
def test_promises_hold_for_changed_files(target: str) -> None:
    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(seeds(target, with_corpus=False)), st.lists(CHANGE, min_size=1, max_size=5))
    def run(seed: bytes, changes: list[Change]) -> None:
        TARGETS[target](mutated(seed, changes))

    run()


@pytest.mark.parametrize(("target", "data"), FOUND)
def test_what_was_found_stays_repaired(target: str, data: bytes) -> None:
    TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("data", [b"", b"\0", b"\1\xff\xfe", b"\2\xef\xbb\xbf", b"\0\xff\xff\xff"])
def test_promises_hold_for_nearly_nothing(target: str, data: bytes) -> None:
    TARGETS[target](data)
