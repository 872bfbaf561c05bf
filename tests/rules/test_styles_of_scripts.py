"""Ways in which public scripts are written that are right: the rules on scripts are silent about each of them."""

# ruff: noqa: E501 - scripts as they are written

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules import every_rule

RULES = [rule.load() for rule in every_rule() if rule.code in ("DBX713", "DBX715", "DBX716", "DBX717", "DBX718")]
STYLES = {
    "a chocolatey package": (
        "$ErrorActionPreference = 'Stop'\n$toolsDir = \"$(Split-Path -Parent $MyInvocation.MyCommand.Definition)\"\n"
        "$packageArgs = @{\n  packageName    = $env:ChocolateyPackageName\n  fileType       = 'exe'\n"
        "  url64bit       = 'https://a.io/a.exe'\n  silentArgs     = '/S'\n  validExitCodes = @(0, 3010)\n}\n"
        "Install-ChocolateyPackage @packageArgs\n"
    ),
    "an advanced function with help": (
        '<#\n.SYNOPSIS\n  It\'s a "tool" {\n#>\n[CmdletBinding(SupportsShouldProcess)]\nparam(\n'
        "  [Parameter(Mandatory, ValueFromPipeline)] [ValidateSet('a', 'b')] [string[]] $Name,\n  [switch] $Force\n)\n"
        "begin { $count = 0 }\nprocess {\n  foreach ($item in $Name) {\n"
        '    if ($PSCmdlet.ShouldProcess($item)) { $count++ }\n  }\n}\nend { Write-Verbose "$count of $($Name.Count)" }\n'
    ),
    "splatting and continued lines": (
        "$p = @{ Path = 'C:\\a'; Force = $true }\nNew-Item @p -ItemType Directory |\n  Out-Null\nGet-ChildItem `\n"
        "  -Path C:\\a `\n  -Recurse `\n  -Filter '*.txt' | ForEach-Object {\n    $_.FullName\n}\n"
    ),
    "a native tool with its own quoting": (
        '& "${env:ProgramFiles(x86)}\\vs\\setup.exe" modify --installPath "C:\\vs" --quiet --norestart\n'
        'cmd /c "reg add HKLM\\a /v b /t REG_SZ /d ""c d"" /f"\nicacls C:\\a /grant \'Users:(OI)(CI)F\' /T\n'
        'git log --format=%H -1 -- path/to\nwsl --exec bash -c \'echo "$HOME"\'\nfind.exe /c "a" b.txt\n'
    ),
    "here-strings": (
        '$xml = @\'\n<a b="c">it\'s {</a>\n\'@\n@"\n$($xml.Length) "quoted" \'single\' `$literal\n"@ | Set-Content C:\\a.xml\n'
    ),
    "classes and enums": (
        "using namespace System.IO\nenum Color { Red = 1; Green }\nclass Point : object {\n  [int] $X = 1\n"
        "  [string] $Name = 'a'\n  Point([int] $x) : base() { $this.X = $x }\n  [string] ToString() { return \"$($this.X)\" }\n"
        "}\n[Point]::new(3).ToString()\n"
    ),
    "switch, try, trap and labels": (
        ":outer foreach ($i in 1..3) {\n  switch -Regex ($i) {\n    '^1$' { continue outer }\n    default { break }\n  }\n}\n"
        'try { Get-Item a -ErrorAction Stop } catch [System.Exception] { throw "no: $_" } finally { Pop-Location }\n'
        "do { Start-Sleep -Seconds 1 } until (Test-Path C:\\a)\n"
    ),
    "conditions": (
        "if (-not (Test-Path $a) -and !(Get-Command git -ErrorAction SilentlyContinue)) { exit 1 }\n"
        "if ((Get-Item $a).Length -gt 1MB -or $b -like 'x*' -or ($c -join ',') -eq 'd') { exit 2 }\n"
        "Get-Process | Where-Object Name -eq 'a' | Where-Object { $_.Id -ne 1 -and $_.CPU -gt 2 }\n"
    ),
    "strings with members and formats": (
        "$a = 'a;b'.Split(';')[0]; $b = \"{0}-{1}\" -f 'x', $a\n$c = 'x' + \"$b\" + @('y')[0]\n"
        "$d = [regex]::Match('a', '(?<n>a)').Groups['n'].Value\n$e = \"a `\"b`\" $($d.Replace('\"', ''))\"\n"
    ),
    "the pipeline of an installer": (
        "$ProgressPreference = 'SilentlyContinue'\n$exe = Join-Path $env:TEMP 'vs.exe'\n"
        "Invoke-WebRequest -Uri https://aka.ms/vs/17/release/vs_buildtools.exe -OutFile $exe -UseBasicParsing\n"
        "$p = Start-Process -FilePath $exe -ArgumentList '--quiet', '--wait', '--norestart' -Wait -PassThru\n"
        'if ($p.ExitCode -notin 0, 3010) { throw "failed with $($p.ExitCode)" }\n'
        'Start-Process msiexec.exe -ArgumentList "/i `"$exe`" /qn" -Wait\n'
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_right_script_gets_no_finding(name: str) -> None:
    script = STYLES[name]
    block = "".join(f"        {line}\n" if line else "\n" for line in script.split("\n"))
    image = f"tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n{block}"

    for kind, text in ((Kind.SCRIPT, script), (Kind.SCRIPT, script.replace("\n", "\r\n")), (Kind.IMAGE, image)):
        assert check(SourceFile("", text), RULES, kind).diagnostics == ()


@pytest.mark.parametrize(
    "piece",
    ["(", ")", "{", '"', "'", "`", "@'\n", "<#", "$(", '"$(', "@'\n '@\n", "a, -b ", "if (!Test-Path ", "$a = 'b' c\n",
     "\n| a", "param(", "[Parameter(", "using a ", "@a.b ", "--% ", "“", "Get-Item -a -a "],
)  # fmt: skip
def test_no_script_breaks_a_rule(piece: str) -> None:
    result = check(SourceFile("a.ps1", piece * 500), RULES, Kind.SCRIPT)

    assert result.crashes == ()
