"""What the rules about task definitions say together, and where."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import devbox_lint_rules.definitions as group
from devbox_lint.customization.kinds import Kind
from devbox_lint.rule import Rule
from support import apply, findings

RULES: list[Rule] = sorted(
    (
        value()
        for module in pkgutil.iter_modules(group.__path__)
        for value in vars(importlib.import_module(f"{group.__name__}.{module.name}")).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__.endswith(f".{module.name}")
    ),
    key=lambda rule: rule.code,
)


def said(text: str) -> list[tuple[str, str]]:
    """Names of rules and the text they point at, in the order of the file."""
    found = sorted((finding.span, rule.name) for rule in RULES for finding in findings(rule, Kind.TASK, text))
    return [(name, text[span.start : span.end]) for span, name in found]


def test_the_rules_of_the_group_are_in_order() -> None:
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The quick-start catalog's own definitions, shortened.
        (
            "$schema: 1.0\nname: git-clone\n"
            "command: ./main.ps1 -RepositoryUrl {{ repositoryUrl }} -Pat {{ pat }}\n"
            "parameters:\n  repositoryUrl:\n    default: ''\n    type: string\n    required: true\n"
            "  pat:\n    default: ''\n    type: string\n    required: false\n"
            "documentation:\n  examples:\n    - name: git-clone\n      parameters:\n        repositoryUrl: a\n",
            [],
        ),
        ("name: run\ncommand: '{{command}}'\nparameters:\n  command:\n    type: string\n", []),
        # Mistakes that people made.
        (
            "name: download-ado\ncommand: ./main.ps1\ndocumentation:\n  examples:\n    - name: git-clone\n",
            [("example-mismatch", "git-clone")],
        ),
        (
            "name: choco\ncommand: ./choco.ps1 -Package '{{package}}' -Version {{versoin}}\n"
            "inputs:\n  package:\n    type: str\n  version:\n    type: string\n",
            [
                ("quoted-placeholder", "'{{package}}'"),
                ("undeclared-placeholder", "{{versoin}}"),
                ("invalid-parameter-type", "str"),
                ("unused-parameter", "version"),
            ],
        ),
    ],
)
def test_definitions(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "command",
    [
        "Write-Host 'for {{minutes}} minutes'",
        'powershell.exe -Command "Start-Sleep ({{minutes}} * 60)"',
        "echo 'a '{{minutes}}' b'",
        "# '{{minutes}}'\n  ./a.ps1 {{minutes}}",
        "@'\n  '{{minutes}}'\n  '@",
    ],
)
def test_a_placeholder_that_no_quotes_stand_right_around_is_left_alone(command: str) -> None:
    text = f"name: wait\ncommand: |-\n  {command}\nparameters:\n  minutes:\n    type: number\n"
    assert said(text) == []


def test_parameters_that_cannot_be_read_give_no_finding() -> None:
    assert said("name: a\ncommand: ./a.ps1 {{b}}\nparameters:\n  - name: b\n    type: string\n") == []
    assert said("name: a\ncommand: ./a.ps1 {{b}}\nparameters: b\n") == []


def test_a_near_miss_is_named() -> None:
    rule = next(rule for rule in RULES if rule.name == "undeclared-placeholder")
    text = "name: a\ncommand: ./a.ps1 {{branchName}} {{far}}\nparameters:\n  branch_name:\n    type: string\n"

    messages = [finding.message for finding in findings(rule, Kind.TASK, text)]

    assert messages == [
        "no parameter `branchName` is declared: did you mean `{{branch_name}}`?",
        "no parameter `far` is declared: declare it under `parameters`",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_removed_quotes_leave_the_rest_as_it_was(newline: str) -> None:
    rule = next(rule for rule in RULES if rule.name == "quoted-placeholder")
    text = "name: a\ncommand: >-\n  ./é😀.ps1 -A '{{ a }}'\n  -B \"{{b}}\" # c\n".replace("\n", newline)

    edits = [edit for finding in findings(rule, Kind.TASK, text) if finding.fix for edit in finding.fix.edits]

    assert apply(text, edits) == text.replace("'", "").replace('"', "")
