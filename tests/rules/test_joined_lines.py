"""Scripts whose lines YAML joins: told where statements run together, and written as text blocks that say the same."""

from __future__ import annotations

import pytest

from devbox_lint.rule import TASK, USER
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import Mapping
from devbox_lint.yaml.parse import parse
from devbox_lint_rules.scripts.joined_lines import JoinedLines
from support import apply, findings

HEAD = "userTasks:\n  - name: ~/powershell\n    parameters:\n"


def quoted(lines: list[str], mark: str) -> str:
    """The lines as a value in quotes, each on a line of its own."""
    text = "\n        ".join(lines)
    return f"'{text.replace(chr(39), chr(39) * 2)}'" if mark == "'" else '"' + text.replace("\\", "\\\\").replace(
        '"', '\\"'
    ) + '"'  # fmt: skip


def values(lines: list[str]) -> dict[str, str]:
    indented = "".join(f"        {line}\n" for line in lines)
    found = {">": f">\n{indented}", ">-": f">-\n{indented}"}
    if not any(line.startswith("#") or " #" in line or ": " in line for line in lines) and lines[0][0] not in "&'\"@[{":
        found["plain"] = "\n        ".join(lines) + "\n"
    found["single"] = quoted(lines, "'") + "\n"
    found["double"] = quoted(lines, '"') + "\n"
    return found


RUN_TOGETHER = [
    ["npm install -g yarn", "npm install -g pnpm"],
    ["choco install git -y", "choco install nodejs -y", "refreshenv"],
    ["Write-Host 'a'", "Write-Host 'b'"],
    ["$f = 'C:\\Temp\\a.txt'", "Write-Host 'b'", "exit 0"],
    ["cd C:\\src", "dotnet restore", "dotnet build -c Release"],
    ["git clone https://github.com/contoso/web", "cd web", "npm ci"],
    ["$ErrorActionPreference = 'Stop'", "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'", "winget list"],
    ["choco install git -y", "powershell -Command x"],
    ["New-Item -ItemType Directory -Path C:\\a", "$env:PATH += ';C:\\a'"],
    ["mkdir C:\\a", "if (Test-Path C:\\a) { exit 0 }"],
    ["# prepare", "npm ci"],
    ["npm ci # all of them", "npm run build"],
    ["Install-Module Az -Force", "& 'C:\\a b\\c.exe' /quiet"],
    ["az login --identity", "az extension add --name devcenter"],
    ["Get-ChildItem C:\\a |", "Remove-Item -Recurse", "foreach ($x in 1..3) {", "mkdir C:\\$x", "}"],
    ["Set-Content -Path a", "-Value b", "Get-Content a"],
]  # fmt: skip
ONE_COMMAND = [
    ["winget install --id Git.Git", "--silent --accept-package-agreements", "--accept-source-agreements"],
    ["Get-ChildItem C:\\a |", "Where-Object { $_.Length -gt 1 } |", "Remove-Item"],
    ["Get-ChildItem C:\\a", "| Remove-Item"],
    ["choco install", "git", "nodejs", "-y"],
    ["Start-Process", "msiexec.exe", "-ArgumentList '/i', 'a.msi',", "'/qn'", "-Wait"],
    ["powershell.exe -NoProfile -Command", "Install-Module Az"],
    ["cmd /c", "mkdir C:\\a"],
    ["npm ci;", "npm run build;", "exit 0"],
    ["if (Test-Path C:\\a) {", "exit 0", "}", "else {", "exit 1", "}"],
    ["$a = 'one' +", "'two'"],
    ["$a =", "Get-Date"],
    ["Write-Host 'a long text that", "npm install goes on'"],
    ["Get-Help", "Get-Item -Full"],
    ["./build.ps1", "-Path {{https://kv-a.vault.azure.net/secrets/b}}", "-Name web"],
    ["echo a > C:\\b.txt"],
    ["try {", "Get-Item C:\\a", "} catch {", "exit 1", "}"],
]


@pytest.mark.parametrize("lines", RUN_TOGETHER, ids=lambda lines: lines[0])
@pytest.mark.parametrize("style", [">", ">-", "plain", "single", "double"])
def test_statements_on_lines_of_their_own_are_told_and_kept_apart(lines: list[str], style: str) -> None:
    value = values(lines).get(style)
    if value is None:
        pytest.skip("no such value")
    text = f"{HEAD}      command: {value}      workingDirectory: C:\\\n"
    (found,) = findings(JoinedLines(), USER, text)

    assert "write a text block that starts with `|`" in found.message
    assert found.fix is not None
    assert found.fix.safe
    fixed = apply(text, found.fix.edits)
    document = parse(SourceFile("", fixed))
    assert not document.problems
    assert isinstance(document.root, Mapping)
    (script,) = (scalar.value for scalar in document.scalars if scalar.style == "|")
    assert [line.removesuffix(" `").strip() for line in script.splitlines()] == lines
    assert findings(JoinedLines(), USER, fixed) == []
    assert "workingDirectory: C:\\\n" in fixed


@pytest.mark.parametrize("lines", ONE_COMMAND, ids=lambda lines: lines[0])
@pytest.mark.parametrize("style", [">", ">-", "plain", "single", "double"])
def test_one_command_over_several_lines_is_fine(lines: list[str], style: str) -> None:
    value = values(lines).get(style)
    if value is None:
        pytest.skip("no such value")

    assert findings(JoinedLines(), USER, f"{HEAD}      command: {value}") == []


def test_the_lines_of_a_quoted_value_keep_their_steps() -> None:
    value = '"$x = 1\n  if ($x) {\n    npm ci\n  }\n\n  npm run build\n    --all"'
    block = "|\n  $x = 1\n  if ($x) {\n    npm ci\n  }\n  npm run build `\n    --all"
    text = f"name: build\ncommand: {value}\ntimeout: 3\n".replace("\n", "\r\n")
    (found,) = findings(JoinedLines(), TASK, text)

    assert found.fix is not None
    assert apply(text, found.fix.edits) == text.replace(value.replace("\n", "\r\n"), block.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "value",
    [
        "'Write-Host \"a\n    b\"\n    npm ci\n    npm test'",
        "&x npm ci\n    npm test",
        '"npm ci\n    npm test\\u0007"',
    ],
)
def test_what_a_text_block_cannot_hold_has_no_fix(value: str) -> None:
    (found,) = findings(JoinedLines(), TASK, f"name: build\ncommand: {value}\n")

    assert found.fix is None


@pytest.mark.parametrize("mark", ["^", "\\", "/"])
def test_the_sign_that_goes_on_in_other_shells_opens_no_text_block(mark: str) -> None:
    text = f"name: build\ncommand: {mark}\n  npm ci\n    --all\n  npm test\n"
    (found,) = findings(JoinedLines(), TASK, text)

    assert found.message == f"`{mark}` opens no text block: write `|`, which keeps the lines"
    assert found.fix is not None
    assert apply(text, found.fix.edits) == text.replace(f": {mark}\n", ": |\n")
