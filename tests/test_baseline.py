"""What is recorded of a finding, what matches it later, and what is said of entries in vain."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devbox_lint.baseline import Baseline, Known, baseline_text, is_recordable, parse_baseline
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Fix, Severity, Span
from devbox_lint.engine import check
from devbox_lint.errors import UsageError
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from devbox_lint_rules.hygiene.unused_suppression import UnusedSuppression
from made_up_tokens import github
from support import Files, each_corpus

TEXT = (
    "$schema: 1.0\nname: web\nimage: gallery/web@1.0.0\ntasks:\n"
    "  - name: ~/winget\n    parameters:\n      packge: Git.Git\n"
    "  - name: ~/winget\n    parameters:\n      packge: Git.Git\n"
)
TOKEN = github(random.Random(1))


def result_of(text: str, path: str = "team/imagedefinition.yaml") -> FileResult:
    return check(SourceFile(path, text), RULES, Kind.IMAGE)


def recorded(*results: FileResult, path: str = "known.jsonl") -> Baseline:
    empty = Baseline(SourceFile(path, ""))
    counts: dict = {}
    for result in results:
        for known in empty.known(result):
            counts[known] = counts.get(known, 0) + 1
    return parse_baseline(SourceFile(path, baseline_text(counts)))


def test_an_entry_names_the_file_the_rule_and_the_line_and_counts() -> None:
    text = recorded(result_of(TEXT)).source.text

    entries = [json.loads(line) for line in text.splitlines()]
    assert {
        "path": "team/imagedefinition.yaml",
        "code": "DBX204",
        "text": "packge: Git.Git",
        "count": 2,
    } in entries
    keys = [(entry["path"], entry["code"], entry["text"]) for entry in entries]
    assert keys == sorted(set(keys))
    assert text.endswith("\n")


def test_what_is_recorded_is_known_wherever_it_moves() -> None:
    baseline = recorded(result_of(TEXT))
    moved = "# a comment\n\n" + TEXT.replace("tasks:\n", "tasks:\n  - name: ~/gitclone\n    description: new\n")

    assert baseline.unknown(result_of(TEXT)) == ()
    assert {item.code for item in baseline.unknown(result_of(TEXT.replace("\n", "\r\n")))} == set()
    new = moved.index("~/gitclone")
    assert {item.span.start for item in baseline.unknown(result_of(moved))} == {new}


def test_one_more_of_the_same_is_new() -> None:
    baseline = recorded(result_of(TEXT))
    more = result_of(TEXT + "  - name: ~/winget\n    parameters:\n      packge: Git.Git\n")

    unknown = [item for item in baseline.unknown(more) if item.code == "DBX204"]
    assert [more.source.position(item.span.start).line for item in unknown] == [12]


def test_what_is_told_at_another_line_is_known_while_its_line_is_there() -> None:
    before = "name: web\ndescription: x\ntasks: []\n"
    baseline = recorded(result_of(before))
    assert {"DBX101", "DBX107"} <= {entry.known.code for entry in baseline.entries}

    for first in ('$schema: "1.0"', "buildProperties: {}"):
        after = result_of(f"{first}\n{before}")
        assert "DBX101" in {item.code for item in after.diagnostics}
        assert "DBX101" not in {item.code for item in baseline.unknown(after)}
    gone = result_of('$schema: "1.0"\nname: other\ntasks: []\n')
    assert "DBX101" in {item.code for item in baseline.unknown(gone)}


def test_a_credential_is_never_taken_for_another_one() -> None:
    task = "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://example.org/a.git\n      {}: {}\n"
    before = f"name: web\ntasks:\n{task.format('pat', TOKEN)}"
    baseline = recorded(result_of(before))
    # The line of the first is still there, but a comment suppresses what is found in it.
    first = task.format("pat", f"{TOKEN} # devbox-lint: ignore[plaintext-pat] revoked")
    after = result_of(f"name: web\ntasks:\n{first}{task.format('token', github(random.Random(2)))}")

    assert [item.code for item in after.suppressed] == ["DBX401"]
    found = [item.code for item in after.diagnostics if item.code.startswith("DBX4")]
    assert found
    assert [item.code for item in baseline.unknown(after) if item.code.startswith("DBX4")] == found


def test_a_comment_for_the_linter_does_not_make_it_another_line() -> None:
    baseline = recorded(result_of(TEXT))
    text = TEXT.replace("Git.Git\n", "Git.Git  # devbox-lint: ignore[DBX205] why\n")

    assert not [item for item in baseline.unknown(result_of(text)) if item.code == "DBX204"]


def test_another_file_is_not_known() -> None:
    baseline = recorded(result_of(TEXT))
    other = result_of(TEXT, "other/imagedefinition.yaml")

    assert baseline.unknown(other) == other.diagnostics


def test_paths_start_from_the_folder_of_the_baseline(tmp_path: Path) -> None:
    file = str(tmp_path / "a b" / "team" / "imagedefinition.yaml")

    for place, path in (
        ("known.jsonl", "a b/team/imagedefinition.yaml"),
        ("x/known", "../a b/team/imagedefinition.yaml"),
    ):
        baseline = recorded(result_of(TEXT, file), path=str(tmp_path / place))
        assert {entry.known.path for entry in baseline.entries} == {path}
        assert baseline.unknown(result_of(TEXT, file)) == ()


def test_no_secret_nor_its_length_nor_a_hash_of_it_is_recorded() -> None:
    text = TEXT + f"  - name: ~/gitclone\n    parameters:\n      pat: {TOKEN}\n"
    result = result_of(text)
    assert "DBX401" in {item.code for item in result.diagnostics}

    baseline = recorded(result)

    assert TOKEN[4:] not in baseline.source.text
    assert {entry.known.text for entry in baseline.entries if entry.known.code == "DBX401"} == {"pat: ***"}
    assert baseline.unknown(result) == ()


def test_a_long_line_is_recorded_around_the_finding() -> None:
    command = f"{'a; ' * 500}iex (irm https://example.org/a.ps1); {'b; ' * 500}"
    text = TEXT + f"  - name: ~/powershell\n    parameters: {{command: '{command}'}}\n"

    baseline = recorded(result_of(text))

    download = [entry.known.text for entry in baseline.entries if entry.known.code == "DBX707"]
    assert len(download) == 1
    assert "example.org" in download[0]
    assert len(download[0]) <= 160
    assert baseline.unknown(result_of(text)) == ()


def unused(baseline: Baseline, result: FileResult) -> list[tuple[str, str]]:
    rule = next(rule.load() for rule in RULES if rule.code == "DBX901")
    found: dict = {}
    for known in baseline.known(result):
        found[known] = found.get(known, 0) + 1
    said = []
    for item in baseline.unused(found, lambda known: True, rule, Severity.INFO):
        assert item.fix is not None
        (edit,) = item.fix.edits
        said.append((item.message, edit.content))
    return said


def test_entries_for_more_than_there_is_are_named_at_their_place() -> None:
    baseline = recorded(result_of(TEXT))
    one = TEXT.replace("packge", "package", 1)

    said = unused(baseline, result_of(one))

    assert said[0] == (
        "`DBX204` is recorded here for `team/imagedefinition.yaml`, 2 times, and found once",
        '{"path": "team/imagedefinition.yaml", "code": "DBX204", "text": "packge: Git.Git", "count": 1}',
    )
    assert unused(baseline, result_of(TEXT)) == []
    line = baseline.source.text.index('{"path"')
    (entry,) = (item for item in baseline.entries if item.known.code == "DBX204")
    start = baseline.source.line_starts[entry.line]
    assert line == 0
    told = list(baseline.unused({}, lambda known: known.code == "DBX204", UnusedSuppression(), Severity.INFO))
    whole = Span(start, baseline.source.text.index("\n", start))
    assert told == [
        (
            "DBX901",
            "unused-suppression",
            Severity.INFO,
            whole,
            "`DBX204` is recorded here for `team/imagedefinition.yaml`, and not found any more",
            UnusedSuppression().url,
            "remove the entry",
            Fix("remove the entry", (Edit(Span(start, whole.end + 1), ""),)),
            (),
            None,
        )
    ]
    (fewer,) = baseline.unused(
        {entry.known: 1}, lambda known: known.code == "DBX204", UnusedSuppression(), Severity.INFO
    )
    assert (fewer.span, fewer.help) == (whole, "record what is found")
    assert ("`DBX204` is recorded here for `team/imagedefinition.yaml`, and not found any more", "") in unused(
        baseline, result_of(TEXT.replace("packge", "package"))
    )


def test_what_is_found_no_times_is_not_written() -> None:
    known = Known("a.yaml", "DBX101", "name: web")

    assert baseline_text({known: 0}) == ""
    assert baseline_text({known: 1}) == '{"path": "a.yaml", "code": "DBX101", "text": "name: web", "count": 1}\n'


def test_a_bug_of_ours_cannot_be_recorded() -> None:
    assert is_recordable(Known("a.yaml", "DBX101", ""))
    assert not is_recordable(Known("a.yaml", "DBX000", ""))


def test_two_branches_that_record_the_same_add_up_when_they_are_merged() -> None:
    baseline = recorded(result_of(TEXT))
    merged = parse_baseline(SourceFile("known.jsonl", baseline.source.text * 2))

    assert merged.unknown(result_of(TEXT)) == ()
    assert len(unused(merged, result_of(TEXT))) == len(baseline.entries)


@pytest.mark.parametrize(
    "line",
    [
        "<<<<<<< HEAD",
        "{}",
        "[]",
        "1",
        '{"path": "a", "code": "DBX101", "text": "b"}',
        '{"path": "a", "code": "DBX101", "text": "b", "count": 0}',
        '{"path": "a", "code": "DBX101", "text": "b", "count": "1"}',
        '{"path": "a", "code": "DBX101", "text": "b", "count": 1, "line": 4}',
        '{"path": null, "code": "DBX101", "text": "b", "count": 1}',
        "[" * 100_000,
    ],
)
def test_what_is_no_entry_is_named_with_its_line(line: str) -> None:
    good = '{"path": "a", "code": "DBX101", "text": "b", "count": 1}'

    with pytest.raises(UsageError) as error:
        parse_baseline(SourceFile("known.jsonl", f"{good}\n\n{line}\n"))

    assert str(error.value) == ("known.jsonl:3: this is not a baseline entry: --write-baseline writes the file anew")


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8)


@given(st.lists(st.tuples(NAMES, st.sampled_from(("DBX101", "DBX204")), st.text(max_size=20), st.integers(1, 3))))
@settings(deadline=None)
def test_what_is_written_is_read_again(entries: list[tuple[str, str, str, int]]) -> None:
    from devbox_lint.baseline import Known

    counts = {Known(path, code, text): count for path, code, text, count in entries}

    text = baseline_text(counts)

    assert text.isascii()
    assert len(text.splitlines()) == len(counts)
    assert {entry.known: entry.times for entry in parse_baseline(SourceFile("x", text)).entries} == counts


@each_corpus
def test_the_whole_corpus_is_known_after_it_was_recorded(files: Files) -> None:
    results = [
        check(SourceFile.from_bytes(file.original, file.data), RULES, file.kind)
        for file in files[:400]
        if file.kind is not None
    ]
    by_path = {result.source.path: result for result in results}
    baseline = recorded(*by_path.values())

    assert [baseline.unknown(result) for result in by_path.values() if baseline.unknown(result)] == []
    longer = [
        FileResult(
            SourceFile(result.source.path, "#\n" + result.source.text),
            result.kind,
            check(SourceFile(result.source.path, "#\n" + result.source.text), RULES, result.kind).diagnostics,
        )
        for result in by_path.values()
    ]
    left = [item.code for result in longer for item in baseline.unknown(result)]
    # What is said of a file as a whole stands in its first line.
    assert len(left) < 0.05 * sum(len(result.diagnostics) for result in longer)
