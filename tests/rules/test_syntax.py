"""What the syntax rules say of text that is no YAML, or not what its writer meant."""

from __future__ import annotations

import pytest

from devbox_lint.rule import IMAGE, Rule
from devbox_lint_rules.syntax.bad_indentation import BadIndentation
from devbox_lint_rules.syntax.garbled_text import GarbledText
from support import apply, findings

HEAD = "name: web\ntasks:\n- name: ~/powershell\n  parameters:\n"


def fixed(rule: Rule, text: str) -> str:
    return apply(text, [edit for found in findings(rule, IMAGE, text) if found.fix for edit in found.fix.edits])


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("itâ€™s", "it’s"),
        # What Windows-1252 leaves out, its decoders keep.
        ("â€\x9d", "”"),
        ("Ã\xad", "í"),
    ],
)
def test_garbled_text_is_read_back(garbled: str, meant: str) -> None:
    assert fixed(GarbledText(), f"name: web\ndescription: {garbled} x\n") == f"name: web\ndescription: {meant} x\n"


@pytest.mark.parametrize("text", ["Âx", "â€", "Ã x"])
def test_letters_that_are_no_garbled_text_stay(text: str) -> None:
    assert findings(GarbledText(), IMAGE, f"name: web\ndescription: {text}\n") == []


@pytest.mark.parametrize(
    ("command", "repaired"),
    [
        ("echo â€œhiâ€\x9d", 'echo "hi"'),
        ("'echo â€œhiâ€\x9d'", "'echo \"hi\"'"),
        ('"echo â€œhiâ€\x9d"', '"echo \\"hi\\""'),
        ('"echo itâ€™s"', '"echo it\'s"'),
        ("'echo itâ€™s'", "'echo it''s'"),
        ("|\n      echo “hi”", '|\n      echo "hi"'),
        ("“hi” x", '“hi" x'),
        ("â€œhiâ€\x9d x", 'â€œhi" x'),
    ],
)
def test_a_quote_is_written_as_its_scalar_takes_it(command: str, repaired: str) -> None:
    assert fixed(GarbledText(), f"{HEAD}    command: {command}\n") == f"{HEAD}    command: {repaired}\n"


def test_a_parameter_that_slid_to_the_top_goes_below_the_others() -> None:
    text = f"{HEAD}    command: x\nscript: a\n"
    (found,) = findings(BadIndentation(), IMAGE, text)

    assert text[slice(*found.span)] == "script"
    assert found.message == ("`script` is at the top of the file but belongs to the task above: move it to column 5")
    assert fixed(BadIndentation(), text) == f"{HEAD}    command: x\n    script: a\n"


@pytest.mark.parametrize(
    "text",
    [
        "name: web\ntasks:\n- name: ~/powershell\n  parameters:\n  timeout: 3\ncommand: a\n",
        "name: web\ntasks:\n- name: ~/powershell\ncommand: a\n",
    ],
)
def test_a_parameter_without_others_to_stand_below_is_left_alone(text: str) -> None:
    assert findings(BadIndentation(), IMAGE, text) == []


def test_a_key_of_the_file_in_a_task_that_others_follow_is_not_moved() -> None:
    text = "tasks:\n  - name: ~/winget\n    userTasks:\n      - name: ~/winget\n  - name: ~/powershell\n"
    (found,) = findings(BadIndentation(), IMAGE, text)

    # The last task would come to stand among the user's.
    assert found.fix is None


@pytest.mark.parametrize(
    "text",
    [
        "tasks:\n  - name: a/b\n    parameters:\n      - x: y\n",
        "tasks:\n  - name: ~/powershell\n    displayName:\ncommand: npm ci\n",
        "tasks:\n  - name: ~/powershell\n    settings:\n      a: b\ncommand: npm ci\n",
        "tasks:\n  - name: ~/powershell\n    parameters: []\ncommand: npm ci\n",
    ],
)
def test_where_it_is_not_clear_what_belongs_to_what_nothing_is_out_of_line(text: str) -> None:
    assert findings(BadIndentation(), IMAGE, text) == []
