"""What the rules about scripts say together, and where."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import devbox_lint_rules.scripts as group
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.powershell import is_comment
from devbox_lint.rule import Context, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from support import Files, apply, each_corpus, findings

IMAGE, USER, TASK = Kind.IMAGE, Kind.USER, Kind.TASK

RULES: list[Rule] = sorted(
    (
        value()
        for module in pkgutil.iter_modules(group.__path__)
        for value in vars(importlib.import_module(f"{group.__name__}.{module.name}")).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__.endswith(f".{module.name}")
    ),
    key=lambda rule: rule.code,
)


def said(kind: Kind, text: str) -> list[tuple[str, str]]:
    """Names of the rules that run by default, and the text they point at, in the order of the file."""
    found = sorted(
        (finding.span, rule.name)
        for rule in RULES
        if kind in rule.kinds and rule.default
        for finding in findings(rule, kind, text)
    )
    return [(name, text[span.start : span.end]) for span, name in found]


def command(script: str, section: str = "tasks", task: str = "~/powershell", more: str = "") -> str:
    """A team file whose only task runs ``script``."""
    lines = "".join(f"        {line}\n" if line else "\n" for line in script.split("\n"))
    return f"{section}:\n  - name: {task}\n    parameters:\n{more}      command: |\n{lines}"


def test_the_rules_of_the_group_are_in_order() -> None:
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize(
    ("section", "script", "expected"),
    [
        # Mistakes that people made, and what their failed builds came from.
        ("tasks", "code --install-extension ms-python.python", ["needs-user-context"]),
        ("tasks", "winget install 9P7KNL5RWT25 -s msstore", ["needs-user-context", "winget-prompts"]),
        ("userTasks", "winget install --id Git.Git -e", ["winget-prompts"]),
        ("tasks", "winget list", ["winget-cli-in-system-context"]),
        ("tasks", "Set-ItemProperty HKCU:\\Console -Name A -Value 1", ["profile-in-system-context"]),
        ("tasks", "iwr https://a.io/b.exe -OutFile b.exe", ["slow-download"]),
        ("tasks", "Restart-Computer -Force", ["interactive-or-reboot"]),
        ("tasks", "cd ~ && git clone https://a.io/b.git", ["powershell-7-syntax"]),
        ("tasks", 'iex "& { $(irm https://a.io/b.ps1) } -Quiet"', ["remote-code", "double-quotes-in-command"]),
        ("tasks", "curl.exe -o b.zip http://a.io/b.zip", ["plain-http"]),
        ("tasks", "curl https://a.io/b.sh | bash", ["remote-code"]),
        ("tasks", "$null = [Console]::ReadKey()", ["interactive-or-reboot"]),
        ("tasks", "$Host.UI.RawUI.ReadKey('NoEcho')", ["interactive-or-reboot"]),
        ("userTasks", "dism /enable-feature a\ndism /enable-feature b", ["admin-in-user-context"]),
        ("userTasks", "dism /online /enable-feature /featurename:Containers", ["admin-in-user-context"]),
    ],
)
def test_a_known_mistake_is_found(section: str, script: str, expected: list[str]) -> None:
    assert [name for name, _ in said(IMAGE, command(script, section))] == expected


@pytest.mark.parametrize(
    "script",
    [
        "# code --install-extension a.b; winget install x; $HOME; irm a | iex; pause; a && b; iwr http://a.io\nGet-Date",
        "<#\ncode --install-extension a.b\nRestart-Computer\n#>\nGet-Date",
        "Write-Host 'winget install x && code --install-extension a.b; $env:APPDATA; irm http://a.io | iex'",
        "$text = @'\nwinget install x\n$HOME; a && b; Read-Host\n'@\nSet-Content C:\\a.ps1 $text",
        "Set-ItemProperty HKLM:\\RunOnce -Name a -Value 'code --install-extension a.b'",
        "$task = New-ScheduledTaskAction -Execute powershell.exe -Argument '-Command winget install x; pause'",
        "winget.exe install x --accept-package-agreements --accept-source-agreements; Get-Command winget",
        "$ProgressPreference = 'SilentlyContinue'\nInvoke-WebRequest https://a.io/b.exe -OutFile b.exe",
        "wsl -- bash -c 'apt-get update && apt-get install -y git || exit 1'",
        "dir | ? { $_.Name -like '*.exe' } | % { $_.FullName }",
        "irm http://169.254.169.254/metadata/instance; iwr http://localhost:8080",
        "Set-Content C:\\Users\\Public\\a.txt 'pause'",
        "shutdown /a; Start-Process code -ArgumentList '--list-extensions'",
    ],
)
def test_what_is_fine_as_the_system_is_left_alone(script: str) -> None:
    assert said(IMAGE, command(script)) == []


@pytest.mark.parametrize("section", ["tasks", "userTasks", "setupTasks"])
@pytest.mark.parametrize("task", ["choco", "~/winget", "catalog/run", "powershell-runas"])
def test_the_command_of_another_task_is_not_taken_for_powershell(section: str, task: str) -> None:
    assert said(IMAGE, command("code --install-extension a.b && pause", section, task)) == []


def test_a_task_that_runs_as_the_user_is_not_taken_for_the_systems() -> None:
    text = command("code --install-extension a.b", task="catalog/powershell", more="      runAsUser: true\n")
    assert said(IMAGE, text) == []


def test_a_finding_in_a_folded_scalar_points_to_its_own_characters() -> None:
    text = (
        "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n"
        "        dir;\n\n        code\n        --install-extension a.b\n"
    )
    assert said(IMAGE, text) == [("needs-user-context", "code\n        --install-extension")]


def test_an_emoji_and_escapes_before_the_problem_do_not_move_it() -> None:
    text = 'tasks:\n  - name: ~/powershell\n    parameters:\n      command: "\\t\\U0001F600 😀 \\\\;\\n  pause"\n'
    assert said(IMAGE, text) == [("interactive-or-reboot", "pause")]


def test_crlf_and_a_secret_before_the_problem_do_not_move_it() -> None:
    text = command("az login -p {{https://kv1.vault.azure.net/secrets/a}}\npause").replace("\n", "\r\n")
    assert said(IMAGE, text) == [("interactive-or-reboot", "pause")]


def test_a_script_used_twice_through_an_alias_is_judged_once() -> None:
    text = (
        "tasks:\n  - name: ~/powershell\n    parameters:\n      command: &a pause\n"
        "  - name: ~/powershell\n    parameters:\n      command: *a\n"
    )
    assert said(IMAGE, text) == [("interactive-or-reboot", "pause")]


def test_a_command_that_is_no_text_is_left_alone() -> None:
    assert said(IMAGE, "tasks:\n  - name: ~/powershell\n    parameters:\n      command: [pause]\n") == []
    assert said(TASK, "name: a\ncommand: 5\n") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("winget install a", "winget install a --accept-package-agreements --accept-source-agreements"),
        (
            "winget install a --accept-package-agreements # b",
            "winget install a --accept-package-agreements --accept-source-agreements # b",
        ),
        (
            "cmd /c 'winget import a' | b",
            "cmd /c 'winget import a --accept-package-agreements --accept-source-agreements' | b",
        ),
        (
            "winget install a `\n  -e\ndir",
            "winget install a `\n  -e --accept-package-agreements --accept-source-agreements\ndir",
        ),
    ],
)
def test_missing_options_of_winget_are_put_after_its_last_word(before: str, after: str) -> None:
    rule = next(rule for rule in RULES if rule.name == "winget-prompts")
    text = command(before, "userTasks")
    edits = [edit for finding in findings(rule, IMAGE, text) if finding.fix for edit in finding.fix.edits]

    fixed = apply(text, edits)

    assert fixed == command(after, "userTasks")
    assert findings(rule, IMAGE, fixed) == []


@pytest.mark.parametrize("first", ["param($a)", "", "using module a", "#Requires -Version 5"])
def test_no_line_is_put_where_another_has_to_be_first(first: str) -> None:
    rule = next(rule for rule in RULES if rule.name == "slow-download")

    assert [finding.fix for finding in findings(rule, IMAGE, command(f"{first}\niwr a -OutFile b"))] == [None]


@each_corpus
def test_no_finding_in_a_real_file_is_inside_a_comment(files: Files) -> None:
    for file in files:
        if file.kind is None:
            continue
        source = SourceFile.from_bytes(file.original, file.data)
        context = Context(Customization(parse(source), file.kind))
        spans = [
            (rule.code, finding.span) for rule in RULES if file.kind in rule.kinds for finding in rule.check(context)
        ]
        for scalar in context.document.scalars:
            for code, span in spans:
                if scalar.start <= span.start < scalar.end and span.start < span.end:
                    offset = next(i for i in range(len(scalar.value)) if scalar.span_of(i, i + 1).end > span.start)
                    assert not is_comment(scalar.value, offset), (file.path, code)
