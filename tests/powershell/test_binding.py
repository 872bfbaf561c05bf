"""What cmdlets and scripts take, and how arguments bind to it."""

from __future__ import annotations

import pytest

from devbox_lint.powershell import read_script
from devbox_lint.powershell.binding import MisfitKind, bind
from devbox_lint.powershell.cmdlets import COMMON, find_cmdlet, is_known, near_cmdlets
from devbox_lint.powershell.param_block import read_signature


def misfits(script: str) -> list[tuple[MisfitKind, str]]:
    (call, *_) = read_script(script).calls
    cmdlet = find_cmdlet(call.name)
    assert cmdlet is not None
    assert cmdlet.parameters is not None
    return [(item.kind, item.name) for item in bind(script, call.arguments, (*cmdlet.parameters, *COMMON)).misfits]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Get-ChildItem -Path a -r -fi *.txt -ea 0 -Verbose:$false", []),
        ("gci -Recurse -ad", []),
        ("Get-ChildItem -Sort Name", [(MisfitKind.UNKNOWN, "Sort")]),
        ("Get-ChildItem '-Sort' \"-x\" --% -y", []),
        ("Get-ChildItem -- -Sort", []),
        ("Get-ChildItem -1 -.5 -?", []),
        ("Get-ChildItem –Sort", [(MisfitKind.UNKNOWN, "Sort")]),
        ("Get-ChildItem -Path a -LiteralPath b", []),
        ("Get-ChildItem -Path a -path b", [(MisfitKind.TWICE, "path")]),
        ("Get-ChildItem -s -Recurse", [(MisfitKind.TWICE, "Recurse")]),
        ("Get-ChildItem - Path a", [(MisfitKind.SPLIT, "Path")]),
        ("Get-ChildItem - a", []),
        ("Get-ChildItem a, -Recurse", [(MisfitKind.SWALLOWED, "Recurse")]),
        ("Get-ChildItem a, -Sort", []),
        ("Get-ChildItem a -and b", [(MisfitKind.OPERATOR, "and")]),
        ("Get-ChildItem --path a", [(MisfitKind.OTHER_MARK, "path")]),
        ("Get-ChildItem /Path a", [(MisfitKind.OTHER_MARK, "Path")]),
        ("Where-Object a -eq -b", [(MisfitKind.UNKNOWN, "b")]),
    ],
)
def test_what_does_not_bind(script: str, expected: list[tuple[MisfitKind, str]]) -> None:
    assert misfits(script) == expected


def test_what_is_known_is_found_in_any_case() -> None:
    assert is_known("get-CHILDITEM")
    assert is_known("gci")
    assert is_known("mkdir")
    assert is_known("Get-ADUser")
    assert not is_known("Get-Childitems")
    assert not is_known("PSPath")
    found = find_cmdlet("%")
    assert found is not None
    assert found.name == "ForEach-Object"
    assert find_cmdlet("no-such") is None
    assert near_cmdlets("Get-Childitems") == ("Get-ChildItem",)
    assert near_cmdlets("wirte-host") == ("Write-Host",)
    assert near_cmdlets("Invoke-Foo") == ()


SCRIPT = """<#
.PARAMETER Name
#>
#Requires -Version 5.1
using namespace System.IO
[CmdletBinding(SupportsShouldProcess)]
Param (
    # the name, first
    [Parameter(Mandatory, Position = 0, HelpMessage = 'a, b')]
    [ValidateSet('a', "b")] [Alias("n", 'x')]
    [string] $Name,
    [switch]$Force, [Parameter(Mandatory = $false)] $Plain = @(1, 2),
    [Parameter(ValueFromRemainingArguments = $true)][string[]]${the rest}
)
Get-Date
"""


def test_a_param_block_is_read_with_its_attributes() -> None:
    signature = read_signature(SCRIPT)

    name, force, plain, rest = signature.parameters
    assert (signature.is_advanced, signature.should_process, signature.is_certain) == (True, True, True)
    assert (name.name, name.type, name.aliases, name.allowed) == ("Name", "string", ("n", "x"), ("a", "b"))
    assert (name.is_mandatory, name.position, name.has_default) == (True, 0, False)
    assert SCRIPT[name.start : name.end] == "$Name"
    assert force.is_switch
    assert (plain.is_mandatory, plain.has_default) == (False, True)
    assert (rest.name, rest.takes_rest) == ("the rest", True)
    assert SCRIPT[rest.start : rest.end] == "${the rest}"


@pytest.mark.parametrize(
    ("script", "has_block", "is_advanced", "uses_args"),
    [
        ("", False, False, False),
        ("Get-Date\nparam($a)", False, False, False),
        ("param()", True, False, False),
        ("param($a)\n$args[0]", True, False, True),
        ("param([Parameter()]$a)", True, True, False),
        ("[CmdletBinding()]\nparam\n(\n)\n", True, True, False),
        ("function f { param($a) }", False, False, False),
        ("Write-Host @args", False, False, True),
    ],
)
def test_what_a_script_is(script: str, has_block: bool, is_advanced: bool, uses_args: bool) -> None:
    signature = read_signature(script)

    assert (signature.has_block, signature.is_advanced, signature.uses_args) == (has_block, is_advanced, uses_args)


@pytest.mark.parametrize("script", ["param($a\nGet-Date", "[CmdletBinding()] param()\ndynamicparam { }"])
def test_what_may_take_more_is_not_certain(script: str) -> None:
    assert not read_signature(script).is_certain
