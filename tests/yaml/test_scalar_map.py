"""Decoding scalars: the parsers' values, and the place of every character."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devbox_lint.source import SourceFile
from devbox_lint.yaml.compose import compose
from devbox_lint.yaml.events import read_events
from devbox_lint.yaml.nodes import Scalar, walk
from devbox_lint.yaml.parse import parse
from devbox_lint.yaml.scalar_map import Decoded, ScalarMaps, decode
from support import Files, each_corpus

STYLES = ["", "'", '"', "|", ">"]
BREAKS = ["\n", "\r\n", "\r"]


def scalars_of(text: str, pure: bool) -> list[Scalar] | None:
    """The scalars as the parser gives them, None where it refuses the text."""
    events, error = read_events(text, pure)
    if error is not None:
        return None
    return [node for node in walk(compose(events, text, ScalarMaps(text)).root) if isinstance(node, Scalar)]


def decoded(text: str, scalar: Scalar) -> Decoded:
    return decode(text, scalar.start, scalar.end, scalar.style, scalar.indent)


def check_places(text: str, start: int, style: str, result: Decoded) -> None:
    """The places are in order, inside the scalar, and hold what a character of its style can stand for."""
    starts, ends = list(result.starts), list(result.ends)
    assert len(starts) == len(ends) == len(result.value)
    if type(result.starts) is range:
        assert style not in ("|", ">")
        assert (starts or ends) == [] or start <= starts[0] <= ends[-1] <= len(text)
        assert text[starts[0] : ends[-1]] == result.value if starts else result.value == ""
        return
    position = start
    for character, first, last in zip(result.value, starts, ends, strict=True):
        assert position <= first < last <= len(text)
        position = last
        source = text[first:last]
        if character == "\n":
            assert source in BREAKS or (style == '"' and source[0] == "\\")
        elif source != character:
            assert style != "|"
            if source[0] in "\\'":
                assert style in ("'", '"')
            else:
                assert character == " "
                assert source in BREAKS


def check(text: str, scalars: Sequence[Scalar]) -> None:
    for scalar in scalars:
        result = decoded(text, scalar)
        assert result.value == scalar.value, (scalar, scalar.style, scalar.indent)
        check_places(text, scalar.start, scalar.style, result)
        whole = scalar.span_of(0, len(scalar.value))
        assert scalar.start <= whole.start <= whole.end
        if scalar.style not in ("|", ">"):
            assert whole.end <= scalar.end


@each_corpus
@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
def test_every_scalar_of_the_corpus_decodes_to_the_parsers_value(files: Files, pure: bool) -> None:
    count = 0
    for file in files:
        text = SourceFile.from_bytes("", file.data).text
        scalars = scalars_of(text, pure) or []
        check(text, scalars)
        count += len(scalars)
    assert count > 10 * len(files)


@each_corpus
def test_every_scalar_of_a_clean_document_decodes_to_its_value(files: Files) -> None:
    for file in files:
        document = parse(SourceFile.from_bytes("", file.data))
        if not document.problems:
            check(document.source.text, document.scalars)


# Random documents. They are written so that most parse; those that do not are passed over.

WORDS = st.text("ab1#:-?'\"\\{},&*!|>%@`~.éß中😀\u00a0", min_size=1, max_size=5)
SAFE_WORDS = st.text("abcXYZ019.éß中😀#:/\\'\"", min_size=1, max_size=6).map(lambda word: "w" + word.rstrip(":"))
ESCAPES = st.sampled_from(
    [*(f"\\{each}" for each in '0abt\tnvfre "/\\N_LP'), "\\x41", "\\xe9", "\\u4e2d", "\\U0001F600", "\\ud83d"]
)
SPACES = st.sampled_from(["", "", " ", "  ", "\t"])
COMMENTS = st.sampled_from(["", "", " ", " # comment", "  #: 'x"])


@st.composite
def folded_texts(draw: st.DrawFn, words: st.SearchStrategy[str], indent: int, escapes: bool = False) -> str:
    """Words with spaces, or breaks with blank lines and indentation, between them."""
    parts = [draw(words)]
    for _ in range(draw(st.integers(0, 4))):
        joint = draw(st.sampled_from([" ", "  ", " ", "\n"]))
        if joint == "\n":
            blank = "".join(draw(SPACES) + "\n" for _ in range(draw(st.integers(0, 2))))
            before = draw(st.sampled_from(["", " ", "\\", " \\"])) if escapes else draw(SPACES)
            joint = f"{before}\n{blank}{' ' * (indent + draw(st.integers(1, 3)))}"
        parts += [joint, draw(words)]
    return "".join(parts)


@st.composite
def quoted_scalars(draw: st.DrawFn, indent: int) -> str:
    edge, other_edge = draw(st.sampled_from(["", " ", "\n "])), draw(SPACES)
    if draw(st.booleans()):
        words = WORDS.map(lambda word: word.replace("'", "''"))
        return f"'{edge}{draw(st.just('') | folded_texts(words, indent))}{other_edge}'"
    words = ESCAPES | WORDS.map(lambda word: word.replace("\\", "\\\\").replace('"', '\\"'))
    return f'"{edge}{draw(st.just("") | folded_texts(words, indent, escapes=True))}{other_edge}"'


@st.composite
def block_scalars(draw: st.DrawFn, indent: int) -> str:
    """Ends with a line break, and often with blank lines."""
    step = draw(st.integers(1, 4))
    column = max(indent, 0) + step
    marks = [draw(st.sampled_from(["", "-", "+"])), str(step) if draw(st.booleans()) else ""]
    if draw(st.booleans()):
        marks.reverse()
    lines = [draw(st.sampled_from("|>")) + "".join(marks) + draw(COMMENTS)]
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            more = draw(st.sampled_from(["", "", "", " ", "   ", "\t"]))
            lines.append(" " * column + more + draw(WORDS) + draw(SPACES))
        else:
            lines.append(" " * draw(st.integers(0, column + 1)))
    return "\n".join(lines) + "\n"


@st.composite
def values(draw: st.DrawFn, indent: int, depth: int) -> str:
    """What stands after a colon or dash of a collection at column ``indent``, line break included."""
    properties = draw(st.sampled_from(["", "", "", "&anchor ", "!tag ", "&a !t "]))
    kind = draw(st.integers(0, 5 if depth < 2 else 3))
    match kind:
        case 0:
            return f" {properties}{draw(folded_texts(SAFE_WORDS, indent))}{draw(COMMENTS)}\n"
        case 1:
            return f" {properties}{draw(quoted_scalars(indent))}{draw(COMMENTS)}\n"
        case 2:
            return f" {properties}{draw(block_scalars(indent))}"
        case 3:
            flow = SAFE_WORDS | quoted_scalars(indent)
            joint = draw(st.sampled_from([", ", ",", " , ", f", # comment\n{' ' * (indent + 1)}"]))
            return f" [{joint.join(draw(st.lists(flow, max_size=3)))}]\n"
        case _:
            return f"{draw(COMMENTS)}\n" + draw(collections(indent + draw(st.integers(1, 3)), depth + 1))


@st.composite
def collections(draw: st.DrawFn, indent: int, depth: int) -> str:
    lines = []
    sequence = draw(st.booleans())
    for index in range(draw(st.integers(1, 3))):
        if sequence:
            head = "-"
        else:
            key = draw(st.sampled_from(["key", "'it''s'", '"k\\x65y"', "ключ 😀"]))
            head = f"{key}{index}:" if key[0] not in "'\"" else f"{key}:"
        lines.append(" " * indent + head + draw(values(indent, depth)))
        if draw(st.integers(0, 3)) == 0:
            lines.append(" " * draw(st.integers(0, indent)) + "# comment\n")
    return "".join(lines)


@st.composite
def documents(draw: st.DrawFn) -> str:
    text = draw(
        st.one_of(
            collections(0, 0),
            collections(draw(st.integers(0, 2)), 0),
            block_scalars(-1).map(lambda block: "--- " + block),
            quoted_scalars(-1),
            folded_texts(SAFE_WORDS, -1),
        )
    )
    if draw(st.booleans()):
        text = text.rstrip("\n ")
    kind = draw(st.sampled_from([*BREAKS, "mixed"]))
    if kind != "mixed":
        return text.replace("\n", kind)
    lines = text.split("\n")
    return "".join(line + draw(st.sampled_from(BREAKS)) for line in lines[:-1]) + lines[-1]


@settings(max_examples=300, deadline=None)
@given(documents())
def test_a_random_document_decodes_to_the_parsers_values(text: str) -> None:
    for pure in (False, True):
        check(text, scalars_of(text, pure) or [])


@given(
    st.text("ab #:-|>'\"\\x40U\n\r\t 12+-😀\x85"),
    st.integers(0, 20),
    st.integers(0, 20),
    st.sampled_from(STYLES),
    st.integers(-1, 6),
)
def test_any_text_can_be_decoded(text: str, start: int, length: int, style: str, indent: int) -> None:
    result = decode(text, start, start + length, style, indent)

    check_places(text, start, style, result)


# One construct at a time. The source stands after `key: `, so what holds it is at column 0.

EXAMPLES = [
    ("plain", "plain"),
    ("two\n  lines", "two lines"),
    ("two \t\n\n \n  paragraphs", "two\n\nparagraphs"),
    ("'it''s'", "it's"),
    ("'a \n\n b\n '", "a\nb "),
    ("'\\n'", "\\n"),
    (r'"\0\a\b\t\n\v\f\r\e\ \"\/\\\N\_\L\P"', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029'),
    (r'"\x41\u00e9\U0001F600"', "Aé😀"),
    ('"a \\\n   b"', "a b"),
    ('"a\\\r\n\r\n   \\ b"', "a\n b"),
    ('"a\\ \t\n b"', "a  b"),
    (r'"C:\\dir\\new"', r"C:\dir\new"),
    ("|\n  a\n   b\n", "a\n b\n"),
    ("|-  # comment\n  a\n", "a"),
    ("|+\n  a\n\n \n", "a\n\n\n"),
    ("|\n  a", "a"),
    ("|+", ""),
    ("|+\n\n\n", "\n\n"),
    ("|\n  a\n     \n", "a\n   \n"),
    ("|\n\n \n  a\n", "\n\na\n"),
    ("|2\n   a\n", " a\n"),
    ("|1-\n   a\n", "  a"),
    ("|-1\n   a\n", "  a"),
    ("|\n  a\n # comment\n", "a\n"),
    ("|\n  a\nnext: b\n", "a\n"),
    (">\n  a\n  b\n\n  c\n", "a b\nc\n"),
    (">\n  a\n   - b\n\n   - c\n  d\n", "a\n - b\n\n - c\nd\n"),
    (">-\n  a\n  \tb\n", "a\n\tb"),
    (">+\n\n  a\n\n", "\na\n\n"),
]


@pytest.mark.parametrize("line_break", BREAKS, ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize(("source", "value"), EXAMPLES)
def test_a_scalar_decodes_to_its_value(source: str, value: str, line_break: str) -> None:
    text = "key: " + source.replace("\r\n", "\n").replace("\n", line_break)
    style = source[0] if source[0] in "|>'\"" else ""

    result = decode(text, 5, len(text), style, 0)

    assert result.value == value
    check_places(text, 5, style, result)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (r'"\d"', r"\d"),
        (r'"\x4"', r"\x4"),
        (r'"\u12 \n"', "\\u12 \n"),
        (r'"\UFFFFFFFF"', r"\UFFFFFFFF"),
        ('"no end', "no end"),
        ('"', ""),
        ('"no end\\', "no end\\"),
    ],
)
def test_what_yaml_refuses_stands_for_itself(source: str, value: str) -> None:
    result = decode(source, 0, len(source), '"', -1)

    assert result.value == value
    check_places(source, 0, '"', result)


def test_other_unicode_line_breaks_are_characters() -> None:
    text = "a\x85 b\u2028 c\u2029"

    assert decode(text, 0, len(text), "", -1).value == text
    assert decode(f"|\n {text}\n", 0, 2, "|", -1).value == text + "\n"


def test_a_root_block_scalar_may_stand_at_column_0() -> None:
    text = "--- |\na\n# content\n b\n--- \nc"

    assert decode(text, 4, 6, "|", -1).value == "a\n# content\n b\n"


def test_a_more_indented_blank_line_sets_the_indentation() -> None:
    # Both parsers find no content here: the next line is less indented than the scalar.
    assert decode("|\n    \n  a\n", 0, 1, "|", 0).value == ""


def test_a_line_of_tabs_in_a_block_scalar_is_a_blank_line() -> None:
    assert decode("|\n\t\n  a\n\t\n \t \n  b\n", 0, 1, "|", 0).value == "\na\n\n \nb\n"
    assert decode("|\n\t\t", 0, 1, "|", 0).value == ""


def test_a_scalar_on_one_line_needs_no_lists() -> None:
    for source, style in [("plain", ""), ("'single'", "'"), ('"double"', '"')]:
        result = decode(source, 0, len(source), style, -1)
        assert type(result.starts) is type(result.ends) is range


def place(text: str, start: int, end: int, style: str, indent: int = 0) -> str:
    """The text with marks around ``value[start:end]`` of the one scalar after ``key: ``."""
    first, last = Scalar(5, len(text), "", style, ScalarMaps(text), indent=indent).span_of(start, end)
    return f"{text[:first]}«{text[first:last]}»{text[last:]}"


def test_an_emoji_before_the_place_does_not_move_it() -> None:
    assert place("key: 😀😀 secret", 3, 9, "") == "key: 😀😀 «secret»"


def test_indentation_is_not_in_the_place() -> None:
    text = "key: |\r\n    one\r\n    two three\r\n"

    assert place(text, 4, 7, "|") == "key: |\r\n    one\r\n    «two» three\r\n"
    assert place(text, 2, 5, "|") == "key: |\r\n    on«e\r\n    t»wo three\r\n"


def test_a_line_break_stands_at_its_own_characters() -> None:
    assert place("key: |\r\n  a\r\n\r\n  b", 1, 2, "|") == "key: |\r\n  a«\r\n»\r\n  b"
    assert place("key: |\r\n  a\r\n\r\n  b", 2, 3, "|") == "key: |\r\n  a\r\n«\r\n»  b"


def test_a_folded_space_stands_at_the_break() -> None:
    assert place('key: "a \t\n  b"', 1, 2, '"') == 'key: "a \t«\n»  b"'
    assert place("key: >\n  a\n  b\n", 1, 2, ">") == "key: >\n  a«\n»  b\n"


def test_an_escaped_character_stands_at_its_whole_escape() -> None:
    text = r'key: "a\u00e9\\b"'

    assert place(text, 1, 2, '"') == r'key: "a«\u00e9»\\b"'
    assert place(text, 2, 3, '"') == r'key: "a\u00e9«\\»b"'
    assert place(text, 3, 4, '"') == r'key: "a\u00e9\\«b»"'
    assert place("key: 'it''s'", 2, 3, "'") == "key: 'it«''»s'"


def test_an_empty_slice_is_at_the_character_after_it() -> None:
    text = "key: |\n  a\n  b\n"

    assert place(text, 2, 2, "|") == "key: |\n  a\n  «»b\n"
    assert place(text, 4, 4, "|") == "key: |\n  a\n  b\n«»"
    assert place("key: ab", 2, 2, "") == "key: ab«»"


@pytest.mark.parametrize(
    ("text", "style", "marked"),
    [
        ("key: ", "", "key: «»"),
        ("key: ''", "'", "key: '«»'"),
        ('key: "\\\n "', '"', 'key: "«»\\\n "'),
        ("key: |", "|", "key: |«»"),
    ],
)
def test_an_empty_value_has_a_place_inside_its_quotes(text: str, style: str, marked: str) -> None:
    assert place(text, 0, 0, style) == marked


def test_a_slice_past_the_value_ends_with_the_value() -> None:
    assert place("key: 'ab'", 1, 9, "'") == "key: 'a«b»'"
    assert place("key: 'ab'", 5, 9, "'") == "key: 'ab«»'"


def test_places_can_be_sliced() -> None:
    _, starts, ends = decode("'a''b'", 0, 6, "'", -1)

    assert starts[:] == [1, 2, 4]
    assert ends[-2:] == [4, 5]
    with pytest.raises(IndexError):
        starts[3]
