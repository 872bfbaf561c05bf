"""Which commands a script runs, with which arguments, and which of its operators are of PowerShell 7."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.powershell import Call, find_pipelines, is_code, read_script


def said(script: str) -> list[str]:
    """Each call as its program and the texts of its arguments."""
    return [" ".join((call.program, *(word.text for word in call.arguments))) for call in read_script(script).calls]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a b; c\nd", ["a b", "c", "d"]),
        ("a `\n  -b c", ["a -b c"]),
        ("# a\n<# b #> c", ["c"]),
        ("Write-Host 'winget install x'", ["write-host winget install x"]),
        ("$text = @'\nwinget install x\n'@\na", ["a"]),
        ("$x = winget list", ["winget list"]),
        ("$x=winget list", ["winget list"]),
        ("[string]$env:X = a b", ["a b"]),
        ("$x -eq 'a'; $x.Length; 1 + 2; 'a'", []),
        ("if (a b) { c } elseif (d) { e } else { f }", ["a b", "c", "d", "e", "f"]),
        ("foreach ($x in a b) { c $x }", ["a b", "c $x"]),
        ("function f($x) { a }", ["a"]),
        ("try { a } catch [X] { b } finally { c }", ["a", "b", "c"]),
        ("@{ a = b; 'c' = 'd'; e = $f }", ["b"]),
        ("a | b { c } | d", ["a", "b { c }", "c", "d"]),
        ("a 2>$null b > c 2>&1 d", ["a b d"]),
        ("& 'C:\\A b\\code.cmd' -x", ["code -x"]),
        ("& $x\\tool.exe -y $(z)w", ["tool -y $(z)w", "z"]),
        (". ./a.ps1 b", ["a b"]),
        ("a --x='b c' 'd',e", ["a --x='b c' d e"]),
        ("a && b || c", ["a", "b", "c"]),
        ("(New-Object Net.WebClient).DownloadFile('a', 'b')", ["new-object Net.WebClient"]),
        ("dir | ? { $_ } | % { a }", ["dir", "? { $_ }", "% { a }", "a"]),
        ("return a b", ["a b"]),
        ("a )\nb }\nc", ["a", "b", "c"]),
    ],
)
def test_calls(script: str, expected: list[str]) -> None:
    assert said(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("powershell -NoProfile -ep Bypass -c \"a b; c 'd'\"", ["a b", "c d"]),
        ("powershell.exe a b", ["a b"]),
        ("cmd /c a b", ["a b"]),
        ("cmd.exe /s /c 'a b && c'", ["a b", "c"]),
        ("iex 'a b'", ["a b"]),
        ("Start-Process -Wait -FilePath a -ArgumentList '-b c', d -Verb RunAs", ["a -b c d"]),
        ("saps 'a' 'b'", ["a b"]),
        ("Start-Process powershell '-Command a b'", ["powershell -Command a b", "a b"]),
        ("pwsh -File a.ps1 b", []),
        ("powershell -EncodedCommand YQA=", []),
        ("powershell -Version 5.1 -File a.ps1", []),
        ("Start-Process $tool 'a'", []),
    ],
)
def test_what_a_command_gets_to_run_is_found(script: str, expected: list[str]) -> None:
    assert said(script)[1:] == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a && b || c", ["&&", "||"]),
        ("$a ?? 'b'; $a ??= 'c'", ["??", "??="]),
        ("$a ? 'b' : 'c'", ["?"]),
        ("${a}?.b; $a?.b(); (c)?.d; $a?[0]", ["?.", "?.", "?.", "?["]),
        ("dir a?.b; dir | ? { $_ }; 'a ?? b'; # && c\n\"&& $x\"", []),
        ("cmd /c 'a && b'; pwsh -c 'a && b'; wsl bash -c 'a && b'", []),
        ("powershell -c 'a && b'", ["&&"]),
        ("$url = 'https://a.io/?a&&b'; iwr https://a.io/b?c=d", []),
    ],
)
def test_operators_of_powershell_7(script: str, expected: list[str]) -> None:
    found = read_script(script).operators
    assert [operator.text for operator in found] == expected
    assert [script[operator.start : operator.end] for operator in found] == expected


def test_places_in_inner_scripts_are_those_of_the_whole() -> None:
    script = "powershell -Command \"a 'b'; cmd /c 'winget install x'\""

    found = {call.program: script[call.start : call.end] for call in read_script(script).calls}

    assert found == {
        "powershell": script,
        "a": "a 'b'",
        "cmd": "cmd /c 'winget install x'",
        "winget": "winget install x",
    }


def test_a_call_knows_its_outer_call_and_its_pipe() -> None:
    calls = read_script("irm https://a.io |\n  # so\n  iex; cmd /c b").calls
    by_program: dict[str, Call] = {call.program: call for call in calls}

    assert by_program["iex"].piped
    assert by_program["iex"].pipeline == by_program["irm"].start
    outer = by_program["b"].outer
    assert outer is not None
    assert outer.program == "cmd"


def test_text_that_a_command_runs_is_code_and_other_text_is_not() -> None:
    script = "powershell -c \"a 'b'\"; Write-Host 'a' # a"

    assert [is_code(script, offset) for offset, letter in enumerate(script) if letter in "ab"] == [
        *[True, False],
        *[False, False],
    ]


def test_options_are_found_with_a_blank_an_equals_sign_and_a_colon() -> None:
    call = read_script("a --source msstore -x:y --z=1 -q").calls[0]

    assert [call.option(name) for name in ("--source", "-x", "--z", "-q", "-r")] == ["msstore", "y", "1", "", None]


def test_literal_texts_of_variables_are_known() -> None:
    script = "$Url = 'http://a.io'; $b = \"c\"; $d = e 'f'; $g -eq 'h'"

    assert [(name, script[start:end]) for name, start, end in read_script(script).texts] == [
        ("url", "http://a.io"),
        ("b", "c"),
    ]


PIECES = ["a", "-b", "'", "=", '"', "`", "$", "(", ")", "{", "}", "@", "#", "<#", "\n", " ", "|", "&", "&&", ";", ","]
MORE = ["powershell -c ", "cmd /c ", "Start-Process ", "iex ", "$x", "?.", "??", ">", "2>&1", "if ", "[", "@'\n"]


@given(st.lists(st.sampled_from(PIECES + MORE), max_size=40).map("".join))
def test_any_text_is_read_and_places_are_inside(script: str) -> None:
    syntax = read_script(script)
    for call in syntax.calls:
        assert 0 <= call.start <= call.name_end <= len(script)
        assert call.start <= call.end <= len(script)
        for word in call.arguments:
            assert 0 <= word.start <= word.end <= len(script)
            if word.quote:
                assert script[word.start + 1 : word.end - 1] == word.text
    for operator in syntax.operators:
        assert script[operator.start : operator.end] == operator.text
    for start, end in syntax.inner:
        assert 0 <= start <= end <= len(script)
    for offset in range(0, len(script), 7):
        is_code(script, offset)
    find_pipelines(script)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *PIECES,
        *MORE,
        "a''",
        "a (",
        "(a ",
        "a {",
        "a | ",
        "a |\n",
        "${",
        "$(",
        '"$(',
        "a 'b' ",
        "$x?.",
        "a,",
        "a > ",
        "[a",
    ],
)
def test_a_long_repetition_is_read_to_its_end(piece: str) -> None:
    # A reader that is quadratic or worse would not come back.
    script = piece * 20_000

    for call in read_script(script).calls[-1:]:
        assert call.end <= len(script)
    find_pipelines(script)
