"""What PowerShell's code, comments and strings are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.powershell import RegionKind, find_pipelines, find_regions, is_comment

CODE, COMMENT, STRING, HERE = RegionKind.CODE, RegionKind.COMMENT, RegionKind.STRING, RegionKind.HERE_STRING


def _regions(script: str) -> list[tuple[RegionKind, str]]:
    return [(region.kind, script[region.start : region.end]) for region in find_regions(script)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a # b\nc", [(CODE, "a "), (COMMENT, "# b"), (CODE, "\nc")]),
        ("a#b", [(CODE, "a#b")]),
        ("<# 'a\n #>b", [(COMMENT, "<# 'a\n #>"), (CODE, "b")]),
        ("'it''s' + 1", [(STRING, "'it''s'"), (CODE, " + 1")]),
        ('"a `" b ""c"" $x" d', [(STRING, '"a `" b ""c"" $x"'), (CODE, " d")]),
        ('"$($x["a"] + \')\') b" c', [(STRING, '"$($x["a"] + \')\') b"'), (CODE, " c")]),
        ("a `' b", [(CODE, "a `' b")]),
        ("@'\n'a # b\n'@ | c", [(HERE, "@'\n'a # b\n'@"), (CODE, " | c")]),
        ('@"\n"\n  "@', [(HERE, '@"\n"\n  "@')]),
        ("“a # b” c", [(STRING, "“a # b”"), (CODE, " c")]),
        ("'open # a\nb", [(STRING, "'open # a\nb")]),
    ],
)
def test_regions(script: str, expected: list[tuple[RegionKind, str]]) -> None:
    assert _regions(script) == expected


@given(st.text(alphabet="ab'\"`$()#<>@\n {}|;", max_size=60))
def test_regions_leave_no_gap(script: str) -> None:
    at = 0
    for region in find_regions(script):
        assert region.start == at
        assert region.end > at
        at = region.end
    assert at == len(script)


def test_a_hash_in_a_string_is_no_comment() -> None:
    script = "'# a' # b"
    assert not is_comment(script, 2)
    assert is_comment(script, 7)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a b; c\nd", [("", ["a"]), ("", ["c"]), ("", ["d"])]),
        ("a `\n b | Out-File c", [("", ["a", "out-file"])]),
        ("'x' |\n  Set-Content a", [("", ["", "set-content"])]),
        ("$x = 'a'", [("x", [""])]),
        ("[string]$env:X = Get-A 'a'", [("env:x", ["get-a"])]),
        ("if ($a -eq (b; c)) {\n  & ./d.ps1\n}", [("", ["if"]), ("", ["./d.ps1"])]),
        ("a 'b; c | d' # e; f", [("", ["a"])]),
    ],
)
def test_pipelines(script: str, expected: list[tuple[str, list[str]]]) -> None:
    found = [(item.target, [command.name for command in item.commands]) for item in find_pipelines(script)]
    assert found == expected
