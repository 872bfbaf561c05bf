from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devbox_lint.escaping import neutralise, neutralise_line, pieces
from reports.runners import as_the_agents_see_it, visible

PARTS = st.sampled_from(
    ["#", "##", "[", "vso[", "vso", "::", ":", " ", "\u200b", "\ufe0f", "\x00", "\xad", "a", "\t", "\n"]
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `text`: é 中 😀 ⚙️", "plain `text`: é 中 😀 ⚙️"),
        ("C:\\temp\\x", "C:\\temp\\x"),
        ("## heading [x] ####", "## heading [x] ####"),
        ("a::b", "a::b"),
        ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"),
        ("a\tb\r\nc\x7f\x85\x9b", "a\\tb\\r\\nc\\x7f\\x85\\x9b"),
        ("\u202eevil\u2066\u200f\u061c", "\\u202eevil\\u2066\\u200f\\u061c"),
        ("a\u200bb\u2028c\ufeff\xad", "a\\u200bb\\u2028c\\ufeff\\xad"),
        ("\ufffe\uffff", "\\ufffe\\uffff"),
        ("\U000e0041\udcff", "\\U000e0041\\udcff"),
        ("##vso[task.setvariable x]", "#\\x23vso[task.setvariable x]"),
        ("a ##VSO[b] ##[error]c", "a #\\x23VSO[b] #\\x23[error]c"),
        ("###[x", "##\\x23[x"),
        ("##teamcity[x]", "#\\x23teamcity[x]"),
        ("::set-output name=x::y", ":\\x3aset-output name=x::y"),
        ("  ::debug::", "  :\\x3adebug::"),
        ("#\ufe0f#\ufe0fvso[", "#\\ufe0f#\\ufe0fvso["),
        ("", ""),
    ],
)
def test_what_is_harmful_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert neutralise(text) == shown


@given(st.one_of(st.text(), st.lists(PARTS).map("".join)))
@example("##\u200bvso[")
@example("\u3000::x")
def test_nothing_is_left_that_a_terminal_or_a_runner_acts_on(text: str) -> None:
    shown = neutralise(text)

    assert all(visible(character) for character in shown)
    seen = as_the_agents_see_it(shown).lower()
    assert "##vso[" not in seen
    assert "##[" not in seen
    assert not seen.strip().startswith("::")


@given(st.one_of(st.text(), st.lists(PARTS).map("".join)))
def test_each_character_has_its_piece(text: str) -> None:
    parts = pieces(text)

    assert len(parts) == len(text)
    assert "".join(parts) == neutralise(text)


@given(st.text())
def test_what_an_encoding_lacks_is_shown_as_an_escape(text: str) -> None:
    neutralise(text, "ascii").encode("ascii")
    neutralise(text, "cp1252").encode("cp1252")


def test_a_line_keeps_its_tabs_and_its_end() -> None:
    assert neutralise_line("+\ta\t\x1b\r\n") == "+\ta\t\\x1b\r\n"
