"""Safe means safe: what a fix must leave as it is, and what becomes of one that does not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from command_line import lint
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.fixes import Fixer, fix_source
from devbox_lint.rule import IMAGE, Context, Kind, Rule
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES, every_rule
from mutants import mutants
from support import TODAY, corpus, unmark

#: The number of mutants that are repaired, and their seed; the session `repairs` of the noxfile has 20,000.
_MUTANTS = int(os.environ.get("DEVBOX_LINT_MUTANTS", "300"))
_SEED = int(os.environ.get("DEVBOX_LINT_SEED", "0"))
#: Longer files take longer and say no more.
_LONGEST = 6_000
_DEFAULT = tuple(rule for rule in RULES if rule.default and not rule.asks)
_HEAD = '$schema: "1.0"\nname: web-team\nimage: gallery/web@1.0.0\n'


def _rule(edits: Callable[[str], tuple[Edit, ...]], finds: Callable[[str], bool], number: int = 1) -> Rule:
    """A rule that finds the first character of a text, and a fix of it."""

    class Fixing(Rule):
        code = f"DBX99{number}"
        name = f"fixing-{number}"
        severity = Severity.WARNING

        def check(self, context: Context) -> Iterator[Finding]:
            text = context.source.text
            if finds(text):
                yield Finding(Span(0, 1), "x", fix=Fix("repair it", edits(text)))

    return Fixing()


def _all(text: str, content: str) -> tuple[Edit, ...]:
    return (Edit(Span(0, len(text)), content),)


def _insert(at: int, content: str) -> tuple[Edit, ...]:
    return (Edit(Span(at, at), content),)


class _Bad(Rule):
    """Finds the text `bad` wherever it stands."""

    code = "DBX195"
    name = "bad"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        at = context.source.text.find("bad")
        if at >= 0:
            yield Finding(Span(at, at + 3), "bad")


@pytest.mark.parametrize(
    ("edits", "finds", "reason"),
    [
        (lambda text: _insert(len(text), "# more\n"), lambda _: True, "its finding stays"),
        (
            lambda text: _all(text, "a: ["),
            lambda text: text.startswith("a: 1"),
            "the file cannot be parsed as well as before",
        ),
        (lambda _: _insert(5, "# bad\n"), lambda text: "#" not in text, "after it there is a new DBX195"),
        (lambda _: _insert(0, "bad: 1\n"), lambda text: text[0] == "a", "after it there is a new DBX195"),
        (
            lambda _: _insert(0, "b: " + 117 * "x" + "\n"),
            lambda text: text[0] == "a",
            "it lets the file grow by 121 characters",
        ),
    ],
)
def test_a_fix_that_does_not_do_what_it_says_is_rejected_and_named(
    edits: Callable[[str], tuple[Edit, ...]], finds: Callable[[str], bool], reason: str
) -> None:
    source = SourceFile("x.yaml", "a: 1\nb: 2\n")

    fixed = fix_source(source, (_rule(edits, finds), _Bad()), IMAGE)

    assert fixed.source.text == source.text
    assert fixed.applied == 0
    ((report, words),) = fixed.rejected
    assert report.code == "DBX000"
    assert report.severity is Severity.ERROR
    assert f"the fix of DBX991 is not applied, as {reason}: this is a bug" in report.message
    assert words.startswith("x.yaml:1: ")


def test_what_no_edit_touches_keeps_its_value() -> None:
    source = SourceFile("x.yaml", "a: 'one\nb: two\nc: three\n")
    closes = _rule(lambda _: _insert(3, "'"), lambda text: "''" not in text)

    assert fix_source(source, (closes,), IMAGE).source.text == source.text


def test_a_fix_for_ever_is_a_bug_and_leaves_the_file_as_it_was() -> None:
    source = SourceFile("x.yaml", "a: 1\n")

    def finds(text: str) -> bool:
        return True

    class Growing(Rule):
        code = "DBX994"
        name = "growing"
        severity = Severity.WARNING

        def check(self, context: Context) -> Iterator[Finding]:
            text = context.source.text
            message = f"{len(text)} characters"
            yield Finding(Span(0, 1), message, fix=Fix("grow", _insert(len(text), "# more\n")))

    fixed = fix_source(source, (Growing(),), IMAGE)

    assert fixed.source is source
    ((report, _),) = fixed.rejected
    assert "DBX994" in report.message
    assert "10 times" in report.message


def test_sound_fixes_are_made_beside_one_that_is_not() -> None:
    source = SourceFile("x.yaml", "a: 1\nb: 2\nc: 3\n")
    stays = _rule(lambda _: _insert(6, " "), lambda _: True)
    first = _rule(lambda _: (Edit(Span(3, 4), "7"),), lambda text: "7" not in text, 2)
    last = _rule(lambda _: (Edit(Span(len(source.text) - 2, len(source.text) - 1), "8"),), lambda text: "3" in text, 3)

    fixed = fix_source(source, (first, stays, last), IMAGE)

    assert fixed.source.text == "a: 7\nb: 2\nc: 8\n"
    assert fixed.applied == 2
    assert [report.message[11:17] for report, _ in fixed.rejected] == ["DBX991"]


def test_one_fix_alone_can_be_tried() -> None:
    stays = _rule(lambda _: _insert(4, " "), lambda _: True)
    goes = _rule(lambda _: (Edit(Span(0, 1), "z"),), lambda text: text[0] == "a")
    source = SourceFile("x.yaml", "a: 1\n")

    for rule, is_sound in ((stays, False), (goes, True)):
        fixer = Fixer((rule,), IMAGE)
        (item,) = (
            fix_source(source, (rule,), IMAGE).result.diagnostics
            or fix_source(source, (rule,), IMAGE, unsafe=False).result.diagnostics
            or (None,)
        )
        if item is None:
            from devbox_lint.engine import check

            (item,) = check(source, (rule,), IMAGE).diagnostics
        assert fixer.is_sound(source, item) == is_sound


@pytest.mark.parametrize(
    ("broken", "fixed"),
    [
        # A repair behind an error that has none waits: here the quotes would be those of another text.
        (
            f'{_HEAD}tasks:\n  - name: ~/powershell\n    parameters:\n      command: "Write-Host a\n'
            '  - name: ~/powershell\n    parameters:\n      command: "Get-Item C:\\\\temp"\n',
            None,
        ),
        # One list item slipped, and not what follows it.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n- name: a/c\n    parameters:\n      x: y\n  - name: a/d\n",
            f"{_HEAD}tasks:\n  - name: a/b\n  - name: a/c\n    parameters:\n      x: y\n  - name: a/d\n",
        ),
        # Its keys slipped with it.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n- name: a/c\n  parameters:\n    x: y\n  - name: a/d\n",
            f"{_HEAD}tasks:\n  - name: a/b\n  - name: a/c\n    parameters:\n      x: y\n  - name: a/d\n",
        ),
        # One key slipped, and the first one below it, but not the second.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n   parameters:\n     x: y\n      z: w\n",
            f"{_HEAD}tasks:\n  - name: a/b\n    parameters:\n      x: y\n      z: w\n",
        ),
        # A block that ends with blanks keeps them.
        (
            f"{_HEAD}tasks:\n  - name: ~/powershell\n    command: |\n      a\n        \n      b\n        \n",
            None,
        ),
        # A token is not put in quotes.
        (
            f"{_HEAD}tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://dev.azure.com/a/b/_git/c\n"
            "      pat: 12345\n",
            None,
        ),
        # Nothing is indented that stands on the line of its key.
        (f"{_HEAD}tasks:\n    - name: a\n      parameters:\n         : a b: 1\n", None),
        # Keys of an entry slipped to the top, and the next entry shows to which list they belong.
        (
            f"{_HEAD}tasks:\n  - name: ~/winget\nparameters:\n  package: a\n  - name: ~/winget\n    parameters:\n"
            "      package: b\n",
            f"{_HEAD}tasks:\n  - name: ~/winget\n    parameters:\n      package: a\n  - name: ~/winget\n"
            "    parameters:\n      package: b\n",
        ),
        # One parameter slipped, and not the next one, nor the next entry.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n    parameters:\n  x: y\n      z: w\n  - name: a/c\n",
            f"{_HEAD}tasks:\n  - name: a/b\n    parameters:\n      x: y\n      z: w\n  - name: a/c\n",
        ),
        # One entry slipped, whose keys stand where the other dashes do.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n- name: a/c\n  displayName: x\n\n  - name: a/d\n    displayName: x\n",
            f"{_HEAD}tasks:\n  - name: a/b\n  - name: a/c\n    displayName: x\n\n  - name: a/d\n    displayName: x\n",
        ),
        # What an error in it may have brought to its place stays there.
        (f"{_HEAD}tasks:\n  - name: ~/winget\nparameters:\n  package: a\n  x: y: z\n  version: 1\n", None),
        # An entry that is no mapping is none of whose keys something could be.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n  - name:{{{{ c\nparameters:\n  package: git\nuserTasks:\n  - name: d\n",
            None,
        ),
        # A comment above an error ends a value that would go on there.
        ("name:web # devbox-lint: ignore[DBX101] we know\nimage: gallery/web@1.0.0\n", None),
        # A dash goes after the tab below it has gone.
        (
            "$schema: '1.0'\ntasks:\n  - - name: ~/powershell\n    parameters:\n\t    command: npm ci\n",
            "$schema: '1.0'\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: npm ci\n",
        ),
        # Nor a command without its quotes that has one quote left.
        (
            f"{_HEAD}tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        "New-Item -ItemType Directory -Path C:\\tools\'"\n',
            None,
        ),
        # A comma in the line of another mistake goes with the others, so that each of the two can be repaired alone.
        (
            f'{_HEAD}userTasks:\n  - name: ~/winget\n    parameters:\n      "package": "Git.Git",\n'
            "\t\t\t\"version\": '2',\n",
            f'{_HEAD}userTasks:\n  - name: ~/winget\n    parameters:\n      "package": "Git.Git"\n'
            "      \"version\": '2'\n",
        ),
        # A new name brings to light what is wrong below it, which is repaired then.
        (
            f"{_HEAD}taks:\n  - - name: ~/winget\n      parameters:\n        package: Git.Git\n"
            "        displayName: Git\n",
            f"{_HEAD}tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n    displayName: Git\n",
        ),
        # The right name of a task says whose parameter slipped away from it.
        (
            f"{_HEAD}tasks:\n  - name: ~/powersehll\n    parameters:\ncommand: npm ci\n",
            f"{_HEAD}tasks:\n  - name: ~/powershell\n    parameters:\n      command: npm ci\n",
        ),
        # A reference is one once it is closed, and what is wrong with its address comes to light.
        (
            f"{_HEAD}tasks:\n  - name: a/b\n    parameters:\n      command: 'a {{{{https://k.vault.azure.net b'\n",
            f"{_HEAD}tasks:\n  - name: a/b\n    parameters:\n      command: 'a {{{{https://k.vault.azure.net}}}} b'\n",
        ),
        # No key leaves an entry for the top of the file while its list goes on below.
        (f"{_HEAD}tasks:\n  - name: a/b\n    userTasks:\n        - name: a/c\n  - name: a/d\n", None),
        # What was chosen for the pool is not dropped.
        (f"{_HEAD}hostInformation: general_i_8c32gb256ssd_v2\ntasks:\n  - name: a/b\n", None),
    ],
)
def test_fixes_that_once_did_harm(broken: str, fixed: str | None) -> None:
    result = fix_source(SourceFile("imagedefinition.yaml", broken), _DEFAULT, IMAGE, today=TODAY)

    assert result.source.text == (broken if fixed is None else fixed)
    assert result.rejected == ()


def test_a_rejected_fix_is_an_error_of_ours_on_the_command_line(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    text = f"{_HEAD}tasks:\n  - name: ~/winget\n    parameters:\n      pakage: Git.Git\n"
    (tmp_path / "imagedefinition.yaml").write_text(text, "utf-8")
    rules.mkdir()
    (rules / "sitecustomize.py").write_text(
        "import devbox_lint.fixes as fixes\nfixes.Fixer._complaint = lambda *_: 'it is a test'\n", "utf-8"
    )
    path = os.pathsep.join((str(rules), *(str(Path(__file__).parent.parent / root) for root in ("linter", "rules"))))

    for option in ("--fix", "--diff"):
        done = lint(tmp_path, "check", "--select", "DBX204", option, PYTHONPATH=path)

        assert done.code == 2
        assert "the fix of DBX204 is not applied, as it is a test" in done.out + done.err
        assert (tmp_path / "imagedefinition.yaml").read_text("utf-8") == text


@cache
def _files() -> tuple[tuple[Kind, str, str], ...]:
    """Kind, name and text of what is mutated: the examples of the rules, and real files where they are at hand."""
    examples = [
        (example.kind, example.path or "", unmark(example.text)[0])
        for rule in every_rule()
        for example in (*rule.bad, *rule.good)
        if example.data is None and example.kind in (Kind.IMAGE, Kind.USER, Kind.TASK)
    ]
    real = [
        (file.kind, file.original, SourceFile.from_bytes("", file.data).text)
        for file in corpus()
        if file.kind is not None and len(file.data) < _LONGEST
    ]
    return (*examples, *real)


def test_every_fix_of_a_mutant_obeys_and_a_second_run_changes_nothing() -> None:
    files = _files()
    step = 7  # Neighbours are much alike.
    chosen = [files[index * step % len(files)] for index in range(_MUTANTS)]
    counts = {"files": 0, "applied": 0, "rejected": 0}
    for (kind, path, _), text in zip(chosen, mutants([text for _, _, text in chosen], _MUTANTS, _SEED), strict=True):
        source = SourceFile(path, text)
        fixed = fix_source(source, _DEFAULT, kind, today=TODAY)
        again = fix_source(fixed.source, _DEFAULT, kind, today=TODAY)
        counts["files"] += 1
        counts["applied"] += fixed.applied
        counts["rejected"] += len(fixed.rejected)
        assert (again.applied, again.source.text) == (0, fixed.source.text), text
        assert len(fixed.source.text) <= len(text) + 8 * text.count("\n") + 80 * fixed.applied, text
    print(counts)
    # What is rejected is not written; it must stay as rare as a bug is.
    assert counts["rejected"] <= counts["files"] // 1000, counts
