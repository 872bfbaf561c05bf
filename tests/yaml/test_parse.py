"""Parsing: exact places, the same tree from both parsers, and reading on after errors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.source import SourceFile
from devbox_lint.yaml import recovery
from devbox_lint.yaml.document import Document, ProblemKind
from devbox_lint.yaml.events import YamlError, read_fast
from devbox_lint.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence, walk
from devbox_lint.yaml.parse import parse
from devbox_lint.yaml.recovery import Layer
from support import Files, apply, each_corpus


def tree(node: Node | None) -> object:
    """The document as plain data, ``...`` for what could not be read."""
    if isinstance(node, Mapping):
        return {entry.name: tree(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [tree(item) for item in node.items]
    return node.value if isinstance(node, Scalar) else ... if isinstance(node, Alias) else None


def both(text: str | bytes) -> Document:
    """The document, after a look that the pure parser gives the same one."""
    source = SourceFile.from_bytes("", text if isinstance(text, bytes) else text.encode())
    document, pure = parse(source), parse(source, pure=True)
    assert pure.problems == document.problems
    assert spans(pure) == spans(document)
    return document


def spans(document: Document) -> list[tuple[object, ...]]:
    return [
        (node.kind, node.span, node.value if isinstance(node, Scalar) else None, node.anchor, node.tag)
        for node in walk(document.root)
    ]


def test_the_c_parser_is_there() -> None:
    assert read_fast("a: 1\n") is not None, "without it these tests would compare the pure parser with itself"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_every_node_has_its_own_characters(newline: str, bom: bytes) -> None:
    text = "é: 😀\nb: # c\n  - 'x''y' # d\n  - |\n    one\n    two\n\nc: &a !t {d: e, f: [g]}\nh: *a\ni:\nj: k\n  l\n"
    document = both(bom + text.replace("\n", newline).encode())
    source = document.source

    found = [source.text[node.start : node.end] for node in walk(document.root) if not isinstance(node, Mapping)]

    block = newline.join(("|", "    one", "    two"))
    assert found == [
        "é", "😀", "b", f"- 'x''y' # d{newline}  - {block}", "'x''y'", block, "c", "d", "e", "f", "[g]", "g",
        "h", "*a", "i", "", "j", f"k{newline}  l",
    ]  # fmt: skip
    assert not document.problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\tb\nc: d\te\n", {"a": "b", "c": "d\te"}),
        ("-\tx\n-  \ty\n", ["x", "y"]),
        ("a: b\x85c\nd: e\u2028f\n", {"a": "b\x85c", "d": "e\u2028f"}),
        ("a: |\n  b\n  \tc\n", {"a": "b\n\tc\n"}),
        ("{a: 'b', \"c\":d, e: {f}}\n", {"a": "b", "c": "d", "e": {"f": ""}}),
        ("a: [http://x, y:z]\n", {"a": ["http://x", "y:z"]}),
        ('a: "\\/"\n', {"a": "/"}),
        ("a: b#c # d\n", {"a": "b#c"}),
        ("", None),
        ("# only a comment\n", None),
        ("...\n", None),
        ("# c\n...", None),
        ("\r... # c\r\r...\ra: 1\r", {"a": "1"}),
        ("...\n---\na: 1\n", {"a": "1"}),
        ("...\n%YAML 1.2\n---\na: 1\n", {"a": "1"}),
        ("...\n: a\n", {"": "a"}),
        ("a: 1\n...\n# c\n\n...\t# c\n...\n", {"a": "1"}),
        ("a: |\n  x\n...\n...\n", {"a": "x\n"}),
        ("a: |\n  x\n  ...\n  ...\n", {"a": "x\n...\n...\n"}),
        ("'...'\n", "..."),
        ("...x\n", "...x"),
    ],
)
def test_both_parsers_read_what_they_used_to_differ_on(text: str, expected: object) -> None:
    document = both(text)

    assert tree(document.root) == expected
    assert not document.problems


@pytest.mark.parametrize(
    ("text", "place", "part", "words"),
    [
        ("description: foo: bar\n", (0, 16), ":", "quotes"),
        ("image: image: foo\n", (0, 7), "image:", "is repeated"),
        ("a:\n  configure:'x'\n  b: c\n", (1, 11), ":", "no space after the `:` of `configure`"),
        ("tasks:\n  - name: x\n    parameters\n      a: b\n", (2, 4), "parameters", "no `:` after `parameters`"),
        ("name x\nimage: y\n", (0, 0), "name", "no `:` after `name`"),
        ("tasks:\n  -name: x\n    a: b\n", (1, 2), "-", "no space after the `-`"),
        ("a: 'b\nc: d\n", (0, 3), "'", "not closed"),
        ("a: 'b'c\nd: e\n", (0, 6), "c", "after the closing quote"),
        ("a: 'the team's site'\nd: e\n", (0, 12), "'", "write `''`"),
        ('a: "say "hi"" # "c"\nd: e\n', (0, 8), '"', 'write `\\"`'),
        ("a: [b, c\nd: e\n", (0, 3), "[", "not closed"),
        ("a: @b\n", (0, 3), "@", "cannot start with `@`"),
        ("a: %b\n", (0, 3), "%", "cannot start with `%`"),
        ("a: *b\n", (0, 3), "*b", "alias"),
        ("a: | b\n  c\n", (0, 5), "b", "text block"),
        ("a: b\nstray\nc: d\n", (1, 0), "stray", "neither"),
        ("a: b\x07c\n", (0, 4), "\x07", "U+0007"),
        ("a: b\n<<<<<<< x\nc: d\n=======\nc: e\n>>>>>>> y\n", (1, 0), "<<<<<<< x", "merge-conflict"),
        ("a:\n  b: |\n\t@@ -1,2 +3,4 @@ x\n  c: d\n", (2, 1), "@@ -1,2 +3,4 @@ x", "diff"),
        ("param($x)\n", (0, 0), "param($x)", "PowerShell script"),
        ("... x\n", (0, 0), "... x", "cannot read"),
        ("%YAML 1.2\n...\n", (1, 0), "...", "does not belong"),
        ("'a\n...\n...\n", (0, 0), "'", "not closed"),
    ],
)
def test_a_syntax_error_is_explained_at_its_place(text: str, place: tuple[int, int], part: str, words: str) -> None:
    document = both(text)

    (problem,) = document.problems
    assert problem.kind is ProblemKind.SYNTAX
    assert document.source.position(problem.span.start) == place
    assert text[problem.span.start : problem.span.end] == part
    assert words in problem.message + (problem.help or "")
    assert problem.help or problem.repair


@pytest.mark.parametrize(
    ("text", "kind", "fixed"),
    [
        ("tasks:\n- name: x\n    description: y\n", ProblemKind.INDENTATION, "tasks:\n- name: x\n  description: y\n"),
        ("tasks:\n  - name: x\n - name: y\n", ProblemKind.INDENTATION, "tasks:\n  - name: x\n  - name: y\n"),
        ("tasks:\n  - name: x\n- name: y\n", ProblemKind.INDENTATION, "tasks:\n  - name: x\n  - name: y\n"),
        ("a:\n  b: c\n   d: e\n", ProblemKind.INDENTATION, "a:\n  b: c\n  d: e\n"),
        ("  a: b\nc: d\n", ProblemKind.INDENTATION, "a: b\nc: d\n"),
        ("a:\n   b: c\n  d: e\n  f: g\n", ProblemKind.INDENTATION, "a:\n  b: c\n  d: e\n  f: g\n"),
        ("a:\n   b: c\n  d: e\n", ProblemKind.INDENTATION, "a:\n   b: c\n   d: e\n"),
        (
            "x:\n  y: z\na:\n   b: |\n     c\n  d: e\n",
            ProblemKind.INDENTATION,
            "x:\n  y: z\na:\n  b: |\n    c\n  d: e\n",
        ),
        ("a: |\n    b\n  c\nd: e\n", ProblemKind.BLOCK, "a: |\n    b\n    c\nd: e\n"),
        (
            "a: |\n  b\nc\n- d: e\n\nd e\nname: h\n",
            ProblemKind.BLOCK,
            "a: |\n  b\n  c\n  - d: e\n\n  d e\nname: h\n",
        ),
        ("a:\n\tb: c\n", ProblemKind.TAB, "a:\n  b: c\n"),
        ("a:\n  b:\n\t\tc: d\n", ProblemKind.TAB, "a:\n  b:\n    c: d\n"),
        ('a: "C:\\Foo\\temp"\n', ProblemKind.ESCAPE, 'a: "C:\\\\Foo\\\\temp"\n'),
        ('a: "C:\\Users\\me"\n', ProblemKind.ESCAPE, 'a: "C:\\\\Users\\\\me"\n'),
        ('a: "C:\\xampp\\u00e9.\\unpack"\n', ProblemKind.ESCAPE, 'a: "C:\\\\xampp\\\\u00e9.\\\\unpack"\n'),
        ('a: "\\UFFFFFFFF"\n', ProblemKind.ESCAPE, 'a: "\\\\UFFFFFFFF"\n'),
        ('a: "\\d+\\n\\"x"\n', ProblemKind.ESCAPE, 'a: "\\\\d+\\n\\"x"\n'),
        ("a: {{b}} c # d\r\n", ProblemKind.REFERENCE, 'a: "{{b}} c" # d\r\n'),
        ('a: {{b}} "c"\n', ProblemKind.REFERENCE, "a: '{{b}} \"c\"'\n"),
        ("- {{https://x/y}}\n", ProblemKind.REFERENCE, '- "{{https://x/y}}"\n'),
        ("a: {b: {{c}}, d: e}\n", ProblemKind.REFERENCE, 'a: {b: "{{c}}", d: e}\n'),
        ("a: {b: {{https://x/y}}}\n", ProblemKind.REFERENCE, 'a: {b: "{{https://x/y}}"}\n'),
        ("a: [{{ b }}, c] # d\n", ProblemKind.REFERENCE, 'a: ["{{ b }}", c] # d\n'),
    ],
)
def test_a_repair_is_made_of_edits_after_which_the_file_parses(text: str, kind: ProblemKind, fixed: str) -> None:
    document = both(text)

    (problem,) = document.problems
    assert problem.kind is kind
    assert apply(text, list(problem.edits)) == fixed
    assert not both(fixed).problems
    assert tree(document.root) == tree(both(fixed).root)


def test_what_comes_after_errors_is_read_and_in_its_place() -> None:
    text = "a: 'x\nname: web\ntasks:\n  - name: t\n      b: {{c}}\n    d: [e\nstray\nlast: 'é😀' # f\n"
    document = both(text)

    assert [problem.kind.name for problem in document.problems] == [
        "SYNTAX", "INDENTATION", "REFERENCE", "SYNTAX", "SYNTAX",
    ]  # fmt: skip
    assert tree(document.root) == {
        "a": "x", "name": "web", "tasks": [{"name": "t", "b": "{{c}}", "d": ["e"]}], "last": "é😀",
    }  # fmt: skip
    last = document.scalars[-1]
    assert text[last.start : last.end] == "'é😀'"
    assert last.span_of(1, 2) == (text.index("😀"), text.index("😀") + 1)


def test_a_value_in_a_repaired_line_maps_to_its_own_characters() -> None:
    text = "tasks:\n- name: x\n    p: {{https://v.vault.azure.net/secrets/s}}\n"
    document = both(text)

    scalar = document.scalars[-1]
    start = scalar.value.index("vault")
    span = scalar.span_of(start, start + 5)
    assert text[span.start : span.end] == "vault"


def test_a_line_that_an_earlier_repair_moved_is_not_told_with_columns_it_does_not_have() -> None:
    text = "steps:\n      name: x\n   name: x\n    name: x\n"

    assert [problem.message.split(":")[0] for problem in both(text).problems] == ["`name` is misaligned"]


def test_of_two_repairs_as_near_as_each_other_none_is_certain() -> None:
    between = both("a:\n  b: c\n d: e\n").problems[0]
    nearer = both("a:\n    b: c\n   d: e\n").problems[0]

    assert (between.certain, nearer.certain) == (False, True)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_in_a_text_block_hold_below_anchors_and_in_blank_lines(newline: str) -> None:
    text = "x: &a\n  k: |\n   z\ny: !<tag:yaml.org,2002:str> foo\nb: |+\n  x\n  \t\nc: d\n".replace("\n", newline)
    document = both(text)

    values = {scalar.value: scalar for scalar in document.scalars}
    assert values["z\n"].indent == 2
    assert text[slice(*values["z\n"].span_of(0, 1))] == "z"
    assert text[slice(*values["foo"].span)] == "foo"
    assert "x\n\t\n" in values
    assert not document.problems


def test_comments_of_a_second_document_are_not_looked_for() -> None:
    document = both('a: b # one\n---\nc: "x # y"\n')

    assert [comment.text for comment in document.comments] == ["# one"]


def test_a_long_row_of_hashes_takes_no_time() -> None:
    for text in ("#" * 200 + "\nname: x\n", "# a " * 200 + "\n", "x: {{a}}\n" + "# b " * 100 + "\nparam"):
        both(text)


def test_the_eleventh_error_says_that_the_rest_is_not_checked() -> None:
    document = both("tasks:\n" + "  - name: a\n      b: c\n" * 60)

    assert [problem.kind for problem in document.problems] == [ProblemKind.INDENTATION] * 10 + [ProblemKind.LIMIT]
    assert "more than 10 syntax errors: the file is not checked from here on" in document.problems[-1].message
    assert len(tree(document.root)["tasks"]) == 11  # type: ignore[index]


@pytest.mark.slow
def test_a_long_text_is_read_so_often_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_events(text: str, pure: bool) -> tuple[list[object], YamlError | None]:
        events, error = original(text, pure)
        read.append(len(text) if error is None else error.offset)
        return events, error

    original = recovery.read_events
    monkeypatch.setattr(recovery, "read_events", read_events)
    read: list[int] = []
    text = "tasks:\n" + "  - name: x\n" * 5_000 + "   - name: x: y\n     parameters: 'a\n" * 60

    document = parse(SourceFile("", text))

    assert document.problems[-1].kind is ProblemKind.LIMIT
    assert "too many syntax errors in 6" in document.problems[-1].message
    assert sum(read) < 3_000_000


def test_here_strings_that_leave_their_blocks_are_told_one_by_one() -> None:
    script = "    a\n    $x = @'\nb @'\n'@\n    c\n    $y = @\"\n  d\n    \"@\n    e\n"
    text = "x:\n  command: |\n" + script + "y:\n  command: |\n" + script
    document = both(text)

    half = text.index("y:")
    assert [problem.span.start for problem in document.problems] == [
        text.index(line, start) for start in (0, half) for line in ("b @", "d\n")
    ]
    value = "a\n$x = @'\nb @'\n'@\nc\n$y = @\"\n  d\n    \"@\ne\n"
    assert tree(document.root) == {key: {"command": value} for key in "xy"}


def test_a_text_that_a_repair_was_tried_with_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def read_events(text: str, pure: bool) -> object:
        read.append(text)
        return original(text, pure)

    original = recovery.read_events
    monkeypatch.setattr(recovery, "read_events", read_events)
    document = parse(SourceFile("", "name: a: b\ntasks:\n- name: c\n  inputs: {{d}}\n"))

    assert len(document.problems) == 2
    assert len(read) == len(set(read)) > 1


@each_corpus
def test_both_parsers_give_the_same_document_for_every_real_file(files: Files) -> None:
    for file in files:
        both(file.data)


@each_corpus
def test_every_real_file_that_does_not_parse_is_explained_with_a_repair(files: Files) -> None:
    broken = 0
    for file in files:
        document = parse(SourceFile.from_bytes(file.original, file.data))
        broken += bool(document.problems)
        for problem in document.problems:
            assert problem.help or problem.repair, (file.path, problem)
            assert "cannot read" not in problem.message, (file.path, problem)
    assert broken >= min(25, len(files) // 10)


LINES = st.sampled_from(
    ["name: x", "tasks:", "- name: ~/winget", "  - name: a", "    parameters:", "      b: c", "  |", "a: |", "a: >-",
     "'", '"', "{{", "}}", "[", "]", "{", "}", "\t", "  ", "# x", "---", "...", "%x", "a: {{b}}", "a: *b", "&c",
     'a: "C:\\Foo"', "a: 'b", "@", "`", "\r", "\x00", "\x85", "\ufeff", "😀: é", "? a", ": b", "-", "<<<<<<<",
     "=======", ">>>>>>>", '@"', '"@', "<<: *a", "!t x", "a: b: c"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), LINES), max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_any_text_gives_a_document_with_spans_inside_the_text(lines: list[tuple[int, str]], newline: str) -> None:
    text = newline.join(" " * indent + line for indent, line in lines)
    document = both(text)

    for node in walk(document.root):
        assert 0 <= node.start <= node.end <= len(text)
    for problem in document.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        for edit in problem.edits:
            assert 0 <= edit.span.start <= edit.span.end <= len(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_document(data: bytes) -> None:
    source = SourceFile.from_bytes("", data)
    parse(source)
    if not source.undecodable:
        assert source.encode(source.text) == data


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tasks:\n- name: x\n  parameters:\n    }\nname: web\n", ["tasks", "name"]),
        ("a:\n  b:\n    }\n  c: d\ne: f\n", ["a", "e"]),
        ("a:\n  b: [\n  c: }\n  d: e\nf: g\n", ["a", "f"]),
        ("a:\n  - b: {c\n    d: ]\n  - e\nf: g\n", ["a", "f"]),
        ("a:\n  b: c\n   - d: }\n     e: {\nf: g\n", ["a", "f"]),
        ("a: b\n: : }\n  c\nd: e\n", ["a", "d"]),
    ],
)
def test_what_is_around_a_broken_block_is_read(text: str, names: list[str], pure: bool) -> None:
    document = parse(SourceFile("", text), pure)

    assert document.problems
    assert isinstance(document.root, Mapping)
    assert [name for name in document.root.names if name in "abcdefg" or len(name) > 1] == names


def test_a_place_in_an_edited_text_is_found_in_the_text_before() -> None:
    layer = Layer("abcdef", (Edit(Span(1, 3), "xyz"), Edit(Span(4, 4), "-")))

    assert layer.text == "axyzd-ef"
    assert [layer.back(offset) for offset in range(9)] == [0, 1, 1, 1, 3, 4, 4, 5, 6]
    assert [layer.back(offset, end=True) for offset in range(9)] == [0, 1, 3, 3, 3, 4, 4, 5, 6]
