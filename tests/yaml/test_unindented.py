"""Text blocks whose text was not indented below their key: one finding each, and a repair that indents."""

from __future__ import annotations

import pytest

from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import ProblemKind
from devbox_lint.yaml.nodes import Mapping
from devbox_lint.yaml.parse import parse
from support import apply

HEAD = "name: web\ntasks:\n  - name: ~/powershell\n    parameters:\n"
NEXT = "  - name: ~/winget\n    parameters:\n      package: Git.Git\n"


def indent(text: str, columns: int) -> str:
    return "".join(" " * columns + line if line.strip() else line for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    "script",
    [
        "choco install git\n",
        "# all of it\nnpm ci\n\nnpm run build\n",
        'if (Test-Path C:\\a) {\n  Write-Host "there: yes"\n} else {\n  exit 1\n}\n',
        "- not an item\n-not $x\n",
        "-NoProfile\n--version\n",
        "Install: now\n$x: 1\n[Net.ServicePointManager]::SecurityProtocol = 'Tls12'\n",
        "@{ a = 1 } | Out-File x\n{ foo }\n%{ $_ }\n& 'C:\\a.exe'\n",
        "'quoted' | Out-Null\n\"never closed\n",
        '@"\nname: inner\ntasks:\n- name: x\n"@ | Out-File x.yaml\nexit\n',
        "Get-Item x |\n  Where-Object { $_ }\nRemove-Item y\n",
        "Key: |\n  inner\nGet-Item x\n",
    ],
)
@pytest.mark.parametrize("column", [6, 5, 0])
@pytest.mark.parametrize("following", ["", NEXT, "userTasks:\n" + NEXT, "    timeout: 30\n" + NEXT])
@pytest.mark.parametrize("head", ["|", "|- # the script"])
def test_a_text_that_stands_at_its_key_or_left_of_it_is_one_finding(
    script: str, column: int, following: str, head: str
) -> None:
    text = f"{HEAD}      command: {head}\n{indent(script, column)}{following}"
    document = parse(SourceFile("", text))

    (problem,) = document.problems
    assert problem.kind is ProblemKind.BLOCK
    assert problem.certain
    assert text[slice(*problem.span)] == next(line for line in script.splitlines()).strip()
    fixed = apply(text, problem.edits)
    assert fixed == f"{HEAD}      command: {head}\n{indent(script, 8)}{following}"
    assert not parse(SourceFile("", fixed)).problems
    assert isinstance(document.root, Mapping)
    assert [scalar.value for scalar in document.scalars] == [
        scalar.value for scalar in parse(SourceFile("", fixed)).scalars
    ]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("name: a\ndescription: |\nFor all.\nNote: read this.\nimage: b\n", (2, "description")),
        ("command: |\nnpm ci\nname: a\nparameters:\n  x:\n    type: string\n", (2, "command")),
        ("tasks:\n    - name: a\n      parameters:\n          command: |\n          npm ci\n", (4, "command")),
        ("tasks:\n- name: a\n  parameters:\n    command: |\n    npm ci\n    workingDirectory: C:\\\n", (2, "command")),
        ("a: |\n b\n c\n", None),
    ],
)
def test_the_repair_follows_the_step_of_the_file(text: str, fixed: tuple[int, str] | None) -> None:
    document = parse(SourceFile("", text))

    if fixed is None:
        assert not document.problems
        return
    (problem,) = document.problems
    assert problem.message.endswith(f"indent it by {fixed[0]} columns")
    assert f"`{fixed[1]}`" in problem.message
    assert not parse(SourceFile("", apply(text, problem.edits))).problems


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n# nothing\nb: c\n",
        "tasks:\n  - name: a\n    description: |\n  # the next\n  - name: b\n",
        "tasks:\n  - name: a\n    parameters:\n      command: |\n      workingDirectory: C:\\\n",
        "a: |\n---\n",
    ],
)
def test_an_empty_text_block_is_no_unindented_one(text: str) -> None:
    assert ProblemKind.BLOCK not in {problem.kind for problem in parse(SourceFile("", text)).problems}


def test_a_comment_belongs_to_what_it_lines_up_with() -> None:
    text = f"{HEAD}      command: |\n      npm ci\n      # done\n\n  # the next\n{NEXT}"
    (problem,) = parse(SourceFile("", text)).problems

    assert (
        apply(text, problem.edits) == f"{HEAD}      command: |\n        npm ci\n        # done\n\n  # the next\n{NEXT}"
    )


def test_each_of_several_blocks_is_told() -> None:
    entry = "  - name: ~/powershell\n    parameters:\n      command: |\n      npm ci\n"
    text = "tasks:\n" + entry * 3
    document = parse(SourceFile("", text))

    assert [problem.kind for problem in document.problems] == [ProblemKind.BLOCK] * 3
    edits = [edit for problem in document.problems for edit in problem.edits]
    assert apply(text, edits) == "tasks:\n" + entry.replace("      npm", "        npm") * 3


def test_the_sign_of_another_shell_is_repaired_along() -> None:
    for text in (
        "command: ^\n  Write-Host 'a: b'\n  npm ci\nname: x\n",
        "command: ^\nWrite-Host 'a: b'\nnpm ci\nname: x\n",
    ):
        (problem,) = parse(SourceFile("", text)).problems
        assert apply(text, problem.edits) == "command: |\n  Write-Host 'a: b'\n  npm ci\nname: x\n"
        assert "`|`" in problem.message


def test_an_empty_line_in_a_here_string_has_not_left_its_block() -> None:
    """What is wrong is the quote of the first line, which ends at that of the here-string."""
    text = f"'{HEAD}      command: |\n        $text = @'\n\n        '@\n        Set-Content a.hbs $text\n"

    assert ProblemKind.BLOCK not in {problem.kind for problem in parse(SourceFile("", text)).problems}
