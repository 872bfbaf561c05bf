"""Fixes: applied together where they can be, never to the harm of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.fixes import apply_edits, choose, fix_source
from devbox_lint.rule import IMAGE, Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import RULES
from support import Files, each_corpus


def insert(at: int, content: str = "x") -> Fix:
    return Fix("insert", (Edit(Span(at, at), content),))


def replace(start: int, end: int) -> Fix:
    return Fix("replace", (Edit(Span(start, end), "y"),))


@pytest.mark.parametrize(
    ("fixes", "kept"),
    [
        ([replace(0, 2), replace(2, 4)], [0, 1]),
        ([replace(0, 3), replace(2, 4)], [0]),
        ([insert(2), insert(2, "z")], [0]),
        ([replace(0, 2), insert(2)], [0]),
        ([insert(5), replace(0, 2)], [1, 0]),
        ([Fix("nothing", ()), replace(0, 2)], [1]),
        ([replace(0, 1), insert(3), replace(5, 6), replace(3, 4)], [0, 1, 2]),
    ],
)
def test_of_fixes_that_overlap_the_first_in_the_file_is_made(fixes: list[Fix], kept: list[int]) -> None:
    assert choose(fixes) == [fixes[index] for index in kept]


def _touch(one: Span, other: Span) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


SPANS = st.tuples(st.integers(0, 30), st.integers(0, 3)).map(lambda pair: Span(pair[0], sum(pair)))


@given(st.lists(st.lists(SPANS, min_size=1, max_size=3), max_size=25))
def test_the_fixes_made_lie_apart_and_each_left_out_touches_an_earlier_one(places: list[list[Span]]) -> None:
    # The edits of one fix lie apart.
    apart = [
        spans
        for spans in places
        if not any(_touch(one, other) for index, one in enumerate(spans) for other in spans[:index])
    ]
    fixes = [Fix("", tuple(Edit(span, "") for span in spans)) for spans in apart]
    chosen = choose(fixes)
    taken: list[Span] = []
    for fix in sorted(fixes, key=lambda fix: min(edit.span for edit in fix.edits)):
        clashes = any(_touch(edit.span, other) for edit in fix.edits for other in taken)
        assert clashes == (not any(fix is item for item in chosen))
        if not clashes:
            taken.extend(edit.span for edit in fix.edits)


class Unanchored(Rule):
    """Takes every anchor away: of the two of one name each can go, and both cannot."""

    code = "DBX994"
    name = "unanchored"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterator[Finding]:
        for match in re.finditer("&x ", context.source.text):
            yield Finding(Span(*match.span()), "an anchor", fix=Fix("remove it", (Edit(Span(*match.span()), ""),)))


def test_of_fixes_that_break_a_file_together_one_is_made() -> None:
    fixed = fix_source(SourceFile("x", "a: &x 1\nb: &x 2\nc: *x\n"), (Unanchored(),), IMAGE)

    assert (fixed.source.text, fixed.applied) == ("a: 1\nb: &x 2\nc: *x\n", 1)
    assert [item.span for item in fixed.result.diagnostics] == [Span(8, 11)]


def test_edits_are_made_from_the_places_before_any_of_them() -> None:
    assert apply_edits("abcdef", [Edit(Span(4, 5), ""), Edit(Span(0, 1), "xx"), Edit(Span(2, 2), "-")]) == "xxb-cdf"


class Harmful(Rule):
    code = "DBX996"
    name = "harmful"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        yield Finding(Span(0, 1), "x", fix=Fix("break it", (Edit(Span(0, 0), "'"),)))


def test_a_fix_that_would_break_the_file_is_not_made() -> None:
    fixed = fix_source(SourceFile("x", "a: b\n"), (Harmful(),), IMAGE)

    assert (fixed.source.text, fixed.applied) == ("a: b\n", 0)


def test_a_file_with_undecodable_bytes_is_left_alone() -> None:
    source = SourceFile.from_bytes("x", b"pat: {{caf\xe9}}\n")

    assert fix_source(source, RULES, IMAGE).source is source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_and_line_breaks_are_kept(encoding: str) -> None:
    data = "name: web\r\nimage: {{x}}\rlast: é😀".encode(encoding)
    rules = [rule for rule in RULES if rule.code == "DBX005"]

    fixed = fix_source(SourceFile.from_bytes("x", data), rules, IMAGE).source

    assert fixed.encode(fixed.text) == 'name: web\r\nimage: "{{x}}"\rlast: é😀'.encode(encoding)


@each_corpus
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_fixing_the_corpus_keeps_files_readable_and_a_second_run_changes_nothing(files: Files, unsafe: bool) -> None:
    for file in files:
        if file.kind is None:
            continue
        source = SourceFile.from_bytes(file.original, file.data)
        fixed = fix_source(source, RULES, file.kind, unsafe)
        assert len(parse(fixed.source).problems) <= len(parse(source).problems), file.path
        again = fix_source(fixed.source, RULES, file.kind, unsafe)
        assert again.applied == 0, (file.path, [d for d in fixed.result.diagnostics if d.fix])


PIECES = st.sampled_from(
    ["name: ~/winget", "tasks:", "- name: a", "  parameters:", "    pat: {{https://v.vault.azure.net/secrets/x}}",
     "    pakage: x", "inputs:", "  command: |", "    a", "\t- b", 'x: "C:\\Foo"', "image: web", "$schema: 2.0",
     "setupTasks:", "- task: x", "  inputs: {a: b}", "# devbox-lint: ignore[DBX101]", "displayName: x", "'", "{{x"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), PIECES), max_size=10), st.sampled_from(["\n", "\r\n"]))
def test_fixing_any_text_ends_and_is_idempotent(lines: list[tuple[int, str]], newline: str) -> None:
    source = SourceFile("x", newline.join(" " * indent + line for indent, line in lines))

    fixed = fix_source(source, RULES, IMAGE, unsafe=True)

    assert len(parse(fixed.source).problems) <= len(parse(source).problems)
    assert fix_source(fixed.source, RULES, IMAGE, unsafe=True).applied == 0
