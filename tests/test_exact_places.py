"""A finding points at its own characters, wherever YAML lets them stand."""

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.source import Position, SourceFile
from devbox_lint_rules import RULES

HEAD = "name: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/powershell\n    parameters:\n"
BAD = "{{https://my_vault.vault.azure.net/secrets/x}}"


def of(code: str, text: str, kind: Kind = Kind.USER, pure: bool = False) -> list[tuple[Position, str]]:
    source = SourceFile("workload.yaml", text)
    return [
        (source.position(item.span.start), text[item.span.start : item.span.end])
        for item in check(source, RULES, kind, pure).diagnostics
        if item.code == code
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(
    ("value", "line", "column"),
    [
        (f"      command: |\n        one\n        two 😀\n        az x -p {BAD}\n", 8, 26),
        (f"      command: >-\n        one\n        two\n\n          az x -p {BAD}\n        end\n", 9, 28),
        (f'      command: "a\\u00e9 \\\n        😀 {BAD}"\n', 6, 20),
        (f"      command: 'it''s {BAD}'\n", 5, 32),
        (f"      command: é {BAD} # x\n", 5, 27),
        (f"      command: one\n        two {BAD}\n", 6, 22),
        (f"      command: |2-\n         one\n        {BAD}\n", 7, 18),
    ],
    ids=["literal", "folded", "double", "single", "plain", "plain-two-lines", "indicator"],
)
def test_a_malformed_vault_name_is_found_at_its_row_and_column(
    value: str, line: int, column: int, newline: str, pure: bool
) -> None:
    text = (HEAD + value).replace("\n", newline)

    (found,) = of("DBX301", text, pure=pure)

    assert found == (Position(line, column), "my_vault")


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
def test_an_unquoted_reference_is_found_and_repaired(pure: bool) -> None:
    text = HEAD + "      pat: {{https://v-1.vault.azure.net/secrets/x}}\n"

    assert of("DBX005", text, pure=pure) == [(Position(5, 11), "{{https://v-1.vault.azure.net/secrets/x}}")]
    fixed = fix_source(SourceFile("workload.yaml", text), [r for r in RULES if r.code == "DBX005"], Kind.USER)
    assert fixed.source.text == HEAD + '      pat: "{{https://v-1.vault.azure.net/secrets/x}}"\n'


def test_three_syntax_errors_hide_neither_a_missing_image_nor_a_plaintext_pat() -> None:
    text = (
        "name: web\ndescription: 'it's ours'\ntasks:\n"
        "  - name: ~/gitclone\n      displayName: Clone\n"
        "    parameters:\n      repositoryUrl: https://dev.azure.com/o/p/_git/r\n      pat: k9x2mq7vw4tz\n"
        "  - name: ~/winget\n    parameters:\n      package:'Git.Git'\n      version: '1'\n"
    )

    assert len(of("DBX001", text, Kind.IMAGE)) + len(of("DBX002", text, Kind.IMAGE)) == 3
    assert of("DBX101", text, Kind.IMAGE) == [(Position(0, 0), "name")]
    assert of("DBX401", text, Kind.IMAGE) == [(Position(7, 11), "k9x2mq7vw4tz")]
