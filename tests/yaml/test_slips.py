"""Slips in lists of entries: one finding for each kind in a list, and a repair that moves what belongs together."""

from __future__ import annotations

import pytest

from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import ProblemKind
from devbox_lint.yaml.parse import parse
from support import apply, unmark

WINGET = "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
TWO = WINGET + "  - name: ~/powershell\n    parameters:\n      command: |\n        a\n          b\n"


@pytest.mark.parametrize(
    ("text", "fixed", "words"),
    [
        # A dash without its blank.
        ("tasks:\n  «-»name: ~/winget\n   parameters:\n     package: Git.Git\n", WINGET, "no space after the `-`"),
        ("tasks:\n  «-»name: ~/winget\n    parameters:\n      package: Git.Git\n", WINGET, "no space after the `-`"),
        ("tasks:\n  «-»name: ~/winget\n  parameters:\n    package: Git.Git\n", WINGET, "no space after the `-`"),
        (
            "tasks:\n«-»name: ~/winget\n parameters:\n   package: Git.Git\nname: x\n",
            "tasks:\n- name: ~/winget\n  parameters:\n    package: Git.Git\nname: x\n",
            "no space after the `-`",
        ),
        ("tasks:\n  «-»name: a\n", "tasks:\n  - name: a\n", "no space after the `-`"),
        ("tasks:\n  «-»name: a\n  «-»name: b\n", "tasks:\n  - name: a\n  - name: b\n", "(1 more below)"),
        (
            "tasks:\n  «-»name: ~/winget\n   parameters:\n     package: Git.Git\n"
            "  «-»name: ~/powershell\n   parameters:\n     command: |\n       a\n         b\n",
            TWO,
            "(1 more below)",
        ),
        (
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "  «-»name: ~/powershell\n   parameters:\n     command: |\n       a\n         b\n",
            TWO,
            "no space after the `-`",
        ),
        (
            "tasks:\n  «-»name: ~/winget\n   parameters:\n     package: Git.Git\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n        a\n          b\n",
            TWO,
            "no space after the `-`",
        ),
        ("tasks:\n  - name: a\n    «-»name: b\n", "tasks:\n  - name: a\n  - name: b\n", "no space after the `-`"),
        ("tasks:\n  - «-»name: a\n    timeout: 3\n", "tasks:\n  - name: a\n    timeout: 3\n", "two dashes before"),
        # A colon without its blank.
        ("tasks:\n  -  name«:»x\n", "tasks:\n  -  name: x\n", "no space after the `:` of `name`"),
        ("tasks:\n  - name«:»~/winget\n    timeout: 3\n", "tasks:\n  - name: ~/winget\n    timeout: 3\n", "of `name`"),
        # What PowerShell begins with, and YAML takes for a mark of its own.
        ("tasks:\n  - name: a\n    parameters:\n      command: «&Get-Date»  # b\n",
         "tasks:\n  - name: a\n    parameters:\n      command: \"&Get-Date\"  # b\n", "as an anchor"),
        ("tasks:\n  - name: a\n    parameters:\n      command: «!Get-Date»\n",
         "tasks:\n  - name: a\n    parameters:\n      command: \"!Get-Date\"\n", "as a tag"),
        ("tasks:\n  - name: a\n    parameters:\n      command: «& 'C:\\a b\\c.exe' /S»\n",
         "tasks:\n  - name: a\n    parameters:\n      command: '& ''C:\\a b\\c.exe'' /S'\n", "as an anchor"),
        ("tasks:\n  - name: a\n    parameters:\n      command: «[Environment]::Exit(1)»\n",
         "tasks:\n  - name: a\n    parameters:\n      command: \"[Environment]::Exit(1)\"\n", "as a list"),
        # A value behind it that has a colon makes a longer key of it.
        ("description«:»\"what: that\"\n" + WINGET, "description: \"what: that\"\n" + WINGET, "of `description`"),
        ("description«:»what: that\n" + WINGET, "description: \"what: that\"\n" + WINGET, "of `description`"),
        ("tasks:\n  - name: a\n    displayName«:»'b: c'  # d: e\n",
         "tasks:\n  - name: a\n    displayName: 'b: c'  # d: e\n", "of `displayName`"),
        ("tasks:\n  - name: a\n    parameters:\n      text«:»'b: c'\n",
         "tasks:\n  - name: a\n    parameters:\n      text: 'b: c'\n", "of `text`"),
        ("tasks:\n  - name: a\n    parameters:\n      package«:»Git.Git\n",
         "tasks:\n  - name: a\n    parameters:\n      package: Git.Git\n", "no space after the `:` of `package`"),
        ("tasks:\n  - name: a\n    parameters:\n      repositoryUrl«:»https://a/b\n      branch«:»main\n",
         "tasks:\n  - name: a\n    parameters:\n      repositoryUrl: https://a/b\n      branch: main\n", "(1 more"),
        ("tasks:\n  - name: a\n    parameters:\n      command«:»|\n        b\n        c\n",
         "tasks:\n  - name: a\n    parameters:\n      command: |\n        b\n        c\n", "of `command`"),
        ("tasks:\n  - name: a\n    parameters:\n      package: b\n      version«:»1.2\n",
         "tasks:\n  - name: a\n    parameters:\n      package: b\n      version: 1.2\n", "of `version`"),
        ("name: a\nimage«:»b\ntasks:\n  - name: c\n", "name: a\nimage: b\ntasks:\n  - name: c\n", "of `image`"),
        # A dash too few.
        ("tasks:\n  «name»: ~/winget\n  parameters:\n    package: Git.Git\n", WINGET, "no `-` before `name`"),
        (
            "tasks:\n  «name»: ~/winget\n  parameters:\n    package: Git.Git\n"
            "  «name»: ~/powershell\n  parameters:\n    command: |\n      a\n        b\n",
            TWO,
            "(1 more below)",
        ),
        (
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "    «name»: ~/powershell\n    parameters:\n      command: |\n        a\n          b\n",
            TWO,
            "no `-` before `name`",
        ),
        (
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "  «name»: ~/powershell\n  parameters:\n    command: |\n      a\n        b\n",
            TWO,
            "no `-` before `name`",
        ),
        # A dash too many.
        ("tasks:\n  «- -» name: ~/winget\n      parameters:\n        package: Git.Git\n", WINGET, "two dashes"),
        ("tasks:\n  «- -» name: a\n    - name: b\n", "tasks:\n  - name: a\n  - name: b\n", "two dashes"),
        ("tasks:\n  «-»\n    - name: a\n      timeout: 3\n", "tasks:\n  - name: a\n    timeout: 3\n", "two dashes"),
        ("tasks:\n  - name: a\n    parameters:\n      - «package»: b\n      - «version»: '1'\n",
         "tasks:\n  - name: a\n    parameters:\n      package: b\n      version: '1'\n", "without the dash"),
        ("tasks:\n  - name: ~/winget\n    «- package»: Git.Git\n", WINGET, "`package` belongs under `parameters`"),
        ("tasks:\n  - name: ~/winget\n    «- parameters»:\n        package: Git.Git\n", WINGET, "beside `name`"),
        (
            "tasks:\n  - name: a\n      «- package»: b\n      «- version»: '1'\n  - name: c\n",
            "tasks:\n  - name: a\n    parameters:\n      package: b\n      version: '1'\n  - name: c\n",
            "under `parameters`",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_slip_is_one_problem_with_a_repair(text: str, fixed: str, words: str, newline: str) -> None:
    plain, spans = unmark(text.replace("\n", newline))
    document = parse(SourceFile("", plain))

    (problem,) = document.problems
    assert problem.kind in (ProblemKind.SYNTAX, ProblemKind.SHAPE)
    assert [problem.span, *(related.span for related in problem.related)] == spans
    assert words in problem.message
    assert problem.certain
    assert apply(plain, problem.edits) == fixed.replace("\n", newline)
    assert not parse(SourceFile("", fixed)).problems


@pytest.mark.parametrize(
    "text",
    [
        "tasks:\n  - name: a\n    name: b\n",
        "tasks:\n  winget:\n    package: a\n",
        "tasks:\n  - name: a\n    parameters:\n      command: |\n        -name: x\n        a:b\n",
        "tasks:\n  - https://a/b\n  - C:\\a\n",
        "tasks:\n  - name: a\n    parameters: [b, c]\n",
        "tasks:\n  - name: a\n    parameters: 'b:c'\n",
        "tasks: {name: a, parameters: {b: c}}\n",
        "tasks:\n  - name: a\n    parameters:\n      - name: b\n      - name: c\n",
    ],
)
def test_what_may_be_meant_otherwise_is_left_alone(text: str) -> None:
    assert not parse(SourceFile("", text)).problems


def test_a_slip_below_another_is_found_too() -> None:
    text = "tasks:\n  name: a\n  parameters:\n    package:b\nimage: 'c\n"
    document = parse(SourceFile("", text))

    assert [problem.message.split(" ")[1] for problem in document.problems] == ["`-`", "space", "quote"]
    assert document.scalars[-1].value == "c"
