"""What Windows PowerShell stumbles at, and that a valid script has nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.powershell import SlipKind, read_script


def slips(script: str) -> list[tuple[SlipKind, str]]:
    return [(slip.kind, script[slip.start : slip.end]) for slip in read_script(script).slips]


@pytest.mark.parametrize(
    ("script", "kind", "place"),
    [
        ('Write-Host "a', SlipKind.OPEN_STRING, '"'),
        ("Write-Host 'it's'", SlipKind.OPEN_STRING, "'"),
        ('"a $(b "c)', SlipKind.OPEN_STRING, '"'),
        ("@'\na", SlipKind.OPEN_HERE_STRING, "@'"),
        ('@"\na\n  "@\nb', SlipKind.INDENTED_FOOTER, '  "@'),
        ("<# a", SlipKind.OPEN_COMMENT, "<#"),
        ("if ($a) { b", SlipKind.OPEN_BRACKET, "{"),
        ("a $(b", SlipKind.OPEN_BRACKET, "$("),
        ("a }\nb", SlipKind.STRAY_BRACKET, "}"),
        ("if ($a { b }", SlipKind.OPEN_BRACKET, "("),
        ("if ($a } b", SlipKind.CROSSED_BRACKET, "}"),
        ("Get-Item a\n| b", SlipKind.LEADING_PIPE, "|"),
        ("Get-Item `\n  -Path a\n  -Force", SlipKind.LOST_CONTINUATION, "-Force"),
        ("az vm create\n  --name a", SlipKind.LOST_CONTINUATION, "--name"),
        ("if (!Test-Path a) { b }", SlipKind.NEGATED_COMMAND, "!Test-Path"),
        ("if (-not Test-Path a) { b }", SlipKind.NEGATED_COMMAND, "-not Test-Path"),
        ("if ($a -and Test-Path b) { c }", SlipKind.OPERAND_COMMAND, "Test-Path"),
        ("if ($a -and !Test-Path b) { c }", SlipKind.NEGATED_COMMAND, "!Test-Path"),
        ("$a = 'b' c", SlipKind.AFTER_STRING, "c"),
        ("$a = 'b'\"c\"", SlipKind.AFTER_STRING, '"c"'),
        ('$a = "C:\\"$b', SlipKind.AFTER_STRING, "$b"),
        ("'a' 'b'", SlipKind.AFTER_STRING, "'b'"),
        # What other languages have.
        ("'C:\\a b\\c.exe' --version", SlipKind.STRING_AS_COMMAND, "'C:\\a b\\c.exe'"),
        ("if exist a { b }", SlipKind.NO_CONDITION, "if"),
        ("if ($a) { b } else if ($c) { d }", SlipKind.ELSE_IF, "else if"),
        ("if ($a) { b } elif ($c) { d }", SlipKind.ELSE_IF, "elif"),
        ("if ($a==1) { b }", SlipKind.FOREIGN_COMPARISON, "=="),
        ("while ($a != 'b') { c }", SlipKind.FOREIGN_COMPARISON, "!="),
        ("if ($a = 'b') { c }", SlipKind.FOREIGN_COMPARISON, "="),
        ("if ($a > 1MB) { c }", SlipKind.FOREIGN_COMPARISON, ">"),
        ('Write-Host "$a: b"', SlipKind.BEFORE_COLON, "$a:"),
        ("@{ a: 1 }", SlipKind.TABLE_COLON, ":"),
        ("@{ a = 1, b = 2 }", SlipKind.TABLE_COMMA, ","),
    ],
)
def test_a_mistake_is_found_where_it_is(script: str, kind: SlipKind, place: str) -> None:
    assert slips(script) == [(kind, place)]


@pytest.mark.parametrize(
    "script",
    [
        # Arguments as they are written for PowerShell and for programs.
        "Get-Item a, b -Force; Select-Object Name, Id; . $PSScriptRoot/x.ps1; Get-Item $Path\\$Name; $a/1MB",
        '& "C:\\x.exe" a -y; npm install -g @angular/cli; git commit -m "a" --author=b',
        "wsl -- /bin/bash -c $c; X -- -Path x; choco install x --install-arguments=\"'a', 'b'\"",
        "icacls x /grant Users:(OI)(CI)F; Where{$_}[0]; New-Object List``1[object]",
        "git commit --% -m \"it's (open\nb",
        "foo#bar 'a' # it's\nuser@host 'b'",
        "& { $args } 'a' 'b' | c; if ($a = Get-Item b) { c }; switch -Regex ($a) { 'b' { c } }",
        # Lines that go on.
        "$a = (b).\n  ForEach{ $_ }\n$list.\n  Where{ $_ }\ncd ..\nforeach ($b in $a) { $b }",
        "Get-Item a |\n  b\n$x = 1 +\n  2\nGet-Item `\n  -Path a `\n  -Force\n$y = 'a',\n  'b'\nf -a (\n  b\n)",
        "$a -split 'b'\n-join $c\n-not $d\n-split $e",
        # Strings in strings, and quotes that are none.
        '"a $(b \'c\' "d $(e """f""")") g"\n\'a\'\'b\'\n"a""b`"c"\n`"a\n\'`\'',
        '@\'\n  \'@ "( {\n\'@\n@"\n$(a "b")\n"@\n',
        "“a” + „b” + 'c’",
        # Values after strings.
        "$a = 'b' + 'c'; $d = 'e'.Length; $f = \"g{0}\" -f 1; $h = 'i'[0]; $j = 'k', 'l'; $m = 'n'",
        "$o = 'p' # q\n$r = 's'",
        '$a = @{ b = \'c\'; d = \'e\' }; $f = """"C:\\a b\\c.exe""""; if ($g = Get-Item h) { i }',
        # Commands as values.
        "if (!(Test-Path a) -and (Get-Item b)) { c }; if (Test-Path a) { b }; Where-Object Name -eq Some-Thing",
        "$a = Get-Item b; $c = -not (Get-Item d); $e -eq 'Get-Item'; foreach ($f in Get-Item g) { h }",
        "switch -Regex ($a) { 'b' { c } default { d } }\nif ($a) { b } elseif ($c) { d } else { e }",
        "[Parameter(Mandatory = $true)] [string] $a = ${b c}; $d.e({ f }, @(1, 2), @{ g = 1 })",
        "class A { [string] $b = 'c'\n  A([int] $d) { $this.b = 'e' } }",
        # A quote that is escaped inside a string's command, which is then another string's.
        '"a $($b -join `"=\'c\'`r`n")=\'d"',
    ],
)
def test_a_valid_script_has_none(script: str) -> None:
    assert slips(script) == []


def test_of_brackets_the_first_mistake_is_told_alone() -> None:
    assert slips("a ) } ( {") == [(SlipKind.STRAY_BRACKET, ")")]


@given(st.text("\"'`@#<>(){}[]|&;,$-. \n%ab", max_size=40))
def test_no_text_breaks_the_reader_and_places_are_in_it(script: str) -> None:
    for slip in read_script(script).slips:
        assert 0 <= slip.start < slip.end <= len(script)
