"""The comments that are written for what was found: they hold, and change nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Finding, Span
from devbox_lint.engine import check
from devbox_lint.rule import Context
from devbox_lint.run.add_ignores import suppress
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from devbox_lint_rules.syntax.garbled_text import GarbledText
from support import Files, each_corpus


class Dash(GarbledText):
    """Finds every dash, wherever it stands."""

    def check(self, context: Context) -> Iterator[Finding]:
        for match in re.finditer("–", context.source.text):
            yield Finding(Span(*match.span()), "a dash")


def suppressed(text: str, reason: str = "", today: str | None = None) -> str:
    source = SourceFile.from_bytes("", text.encode())
    found = check(source, [Dash()], Kind.IMAGE, today=today).diagnostics
    after = suppress(source, found, reason, today)
    return after.encode(after.text).decode()


ON = [rule for rule in RULES if rule.default]
IGNORE = "# devbox-lint: ignore[garbled-text]"
LONG = "a" * 100


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: –\n", f"a: –  {IGNORE}\n"),
        ("a: –", f"a: –  {IGNORE}"),
        ("a: –\r\nb: 1\r\n", f"a: –  {IGNORE}\r\nb: 1\r\n"),
        ("\ufeffa: –\n", f"\ufeffa: –  {IGNORE}\n"),
        ("a: – \n", f"a: – {IGNORE}\n"),
        ("a: – # why\n", f"{IGNORE}\na: – # why\n"),
        ("a:\n  - b: – # why\r\n", f"a:\n  {IGNORE}\n  - b: – # why\r\n"),
        (f"a: –{LONG}\n", f"{IGNORE}\na: –{LONG}\n"),
        ("a: |\n  b\n\n  –\n\nc: 1\n", f"a: |  {IGNORE}\n  b\n\n  –\n\nc: 1\n"),
        ("a: |+ # why\n  –\n\nc: 1\n", f"{IGNORE}\na: |+ # why\n  –\n\nc: 1\n"),
        ("- –: |\n    x\n", f"- –: |  {IGNORE}\n    x\n"),
        ("–: >2-\n    x\n", f"–: >2-  {IGNORE}\n    x\n"),
        ("a: 'b\n\n  –\n  c'\nd: 1\n", f"a: 'b\n\n  –\n  c'  {IGNORE}\nd: 1\n"),
        ('a: "b \\\n  –\\\n  c"\nd: 1\n', f'a: "b \\\n  –\\\n  c"  {IGNORE}\nd: 1\n'),
        ("a: b\n\n  –\n  c\nd: 1\n", f"a: b\n\n  –\n  c  {IGNORE}\nd: 1\n"),
        ("–: 'b\n  c'\n", f"–: 'b\n  c'  {IGNORE}\n"),
        ("a: 'b\n  –' # why\n", f"{IGNORE}\na: 'b\n  –' # why\n"),
        ("{a: –, b: c}\n", f"{{a: –, b: c}}  {IGNORE}\n"),
        ("a: [b,\n –,\n c]\n", f"a: [b,\n –,  {IGNORE}\n c]\n"),
        ("a: ['–\n  b', c, 'd\n  e']\n", f"a: ['–\n  b', c, 'd\n  e']  {IGNORE}\n"),
        ("# –\na: 1\n", f"{IGNORE}\n# –\na: 1\n"),
        ("a: 1\n  # –", f"a: 1\n  {IGNORE}\n  # –"),
        ("--- # –\na: 1\n", f"{IGNORE}\n--- # –\na: 1\n"),
        ("a: – # devbox-lint: ignore[DBX101] why\n", "a: – # devbox-lint: ignore[DBX101, DBX008] why\n"),
        ("a: – # devbox-lint: ignore[missing-image]\n", "a: – # devbox-lint: ignore[missing-image, garbled-text]\n"),
        (
            "# devbox-lint: ignore[DBX101]\n\n# b\na: |\n  –\n",
            "# devbox-lint: ignore[DBX101, DBX008]\n\n# b\na: |\n  –\n",
        ),
        (
            "a: – # devbox-lint: ignore[DBX101] until=2999-01-01\n",
            f"{IGNORE}\na: – # devbox-lint: ignore[DBX101] until=2999-01-01\n",
        ),
        (
            "a: – # devbox-lint: ignore[DBX008] until=2020-01-01\n",
            f"{IGNORE}\na: – # devbox-lint: ignore[DBX008] until=2020-01-01\n",
        ),
        ("# devbox-lint: ignore-file[DBX101]\na: –\n", f"# devbox-lint: ignore-file[DBX101]\na: –  {IGNORE}\n"),
    ],
)
def test_a_comment_is_written_where_it_holds(before: str, after: str) -> None:
    assert suppressed(before, today="2026-11-23") == after
    assert suppressed(after, today="2026-11-23") == after


def test_several_findings_of_one_place_share_a_comment_and_the_reason_follows() -> None:
    source = SourceFile("", "a: |\n  – –\n  –\n$schema: –\n")
    found = check(source, [*ON, Dash()], Kind.IMAGE).diagnostics

    text = suppress(source, found, "from before the linter").text

    assert text.startswith("a: |  # devbox-lint: ignore[garbled-text, missing-image, missing-name")
    assert text.splitlines()[0].endswith("] from before the linter")
    assert text.count("garbled-text") == 2
    assert not check(SourceFile("", text), [*ON, Dash()], Kind.IMAGE).diagnostics


@pytest.mark.parametrize("text", ["a: –\n b: c: d\n", "a: [–\n", "a: –\n--- \nb: 1\n"])
def test_a_file_that_cannot_be_parsed_stays_as_it_is(text: str) -> None:
    assert suppressed(text) == text


def test_undecodable_bytes_stay_as_they_are() -> None:
    source = SourceFile.from_bytes("", b"a: \xe2\x80\x93 \xff\n")

    assert suppress(source, check(source, [Dash()], Kind.IMAGE).diagnostics) is source


PIECES = st.sampled_from(("–", "a", "a –", "# –", "a#", "–: b", "'", '"', "-", "{", "]", "|"))
WORDS = st.lists(st.sampled_from(("–", "a", "a#–", "b")), min_size=1, max_size=3).map(" ".join)
LINES = st.lists(st.one_of(WORDS, st.just("")), min_size=1, max_size=3)
CONTENT = st.lists(st.one_of(st.lists(PIECES, min_size=1, max_size=3).map(" ".join), st.just("")), max_size=4)
COMMENTS = st.sampled_from(("", "", " # –", "  # devbox-lint: ignore[DBX101] why", " # devbox-lint: ignore[DBX008]"))


@st.composite
def _values(draw: st.DrawFn) -> str:
    shape = draw(st.integers(0, 5))
    if shape == 0:
        head = draw(st.sampled_from(("|", ">", "|-", ">+", "|2", ">2-")))
        lines = [f"        {line}" if line else "" for line in draw(CONTENT)]
        return "\n".join((head + draw(COMMENTS), *lines))
    words = "\n      ".join(["a", *draw(LINES), "c"])
    match shape:
        case 1:
            return f"'{words}'{draw(COMMENTS)}"
        case 2:
            return f'"{words}"{draw(COMMENTS)}'
        case 3:
            return f"{words}{draw(COMMENTS)}"
        case 4:
            return f"[{draw(WORDS)},{draw(COMMENTS)}\n      '{words}',\n    {{b: {draw(WORDS)}}}]{draw(COMMENTS)}"
        case _:
            return f"{draw(WORDS)}{draw(COMMENTS)}"


@st.composite
def _documents(draw: st.DrawFn) -> str:
    lines = ["a:"]
    for number in range(draw(st.integers(1, 5))):
        lines.append(draw(st.sampled_from(("", "  # –", "# devbox-lint: ignore[DBX005]"))))
        lines.append(f"  {draw(st.sampled_from(('k', '–', '- k')))}{number}: {draw(_values())}")
    text = "\n".join(lines) + draw(st.sampled_from(("", "\n", "\n\n")))
    return text.replace("\n", draw(st.sampled_from(("\n", "\r\n"))))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_documents(), st.sampled_from(("", "\ufeff")))
def test_what_a_document_says_stays_and_nothing_is_left_to_say(text: str, mark: str) -> None:
    before = SourceFile.from_bytes("", (mark + text).encode())
    after = SourceFile.from_bytes("", suppressed(mark + text).encode())

    assert _loaded(after) == _loaded(before)
    assert after.bom == before.bom
    assert after.text.endswith("\n") == before.text.endswith("\n")
    assert not check(after, [Dash()], Kind.IMAGE).diagnostics or before.text == after.text
    kept = iter(after.text.split("\n"))
    for line in before.text.split("\n"):
        head = line.rstrip("\r").partition("]")[0]
        assert any(other.startswith(head) for other in kept), line


@each_corpus
def test_the_whole_corpus_is_suppressed_and_says_what_it_said(files: Files) -> None:
    silent = broken = 0
    for file in files:
        if file.kind is None:
            continue
        source = SourceFile.from_bytes(file.original, file.data)
        after = suppress(source, check(source, RULES, file.kind).diagnostics, "from before")
        if any(item.code == "DBX001" for item in check(source, RULES, file.kind).diagnostics):
            assert after is source
            broken += 1
            continue
        left = check(after, RULES, file.kind).diagnostics
        if after is source and left:
            broken += 1
            continue
        # What is hidden is said to those who audit, and to nobody else.
        assert [(item.code, item.message) for item in left if item.code != "DBX905"] == [], file.path
        assert _loaded(after) == _loaded(source), file.path
        silent += 1
    assert broken < silent / 4


def _loaded(source: SourceFile) -> object:
    """What another parser reads."""
    try:
        return YAML(typ="safe", pure=True).load(source.text)
    except YAMLError:
        return None
