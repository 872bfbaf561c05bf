"""What was pasted along with a file: one finding, and a fix after which nothing is left to say."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.rule import IMAGE
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES

DEFAULT = [rule for rule in RULES if rule.default]
HEAD = '$schema: "1.0"\nname: web-team\nimage: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks:\n'
FILE = HEAD + "  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
CLONE = HEAD + "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"


def each(lines: Iterable[str]) -> str:
    return "".join(lines)


NUMBERED = list(enumerate(FILE.splitlines(keepends=True), 1))
CERTAIN = {
    "a fence around it": (f"```yaml\n{FILE}```\n", FILE),
    "the fence above it": (f"```\n{FILE}", FILE),
    "the fence below it": (f"{FILE}```\n", FILE),
    "a fence of tildes": (f"~~~yml\n{FILE}~~~", FILE),
    "the head of a chat": (f"yaml\nCopy code\n{FILE}", FILE),
    "the head of a chat and a fence": (f"yaml\n```yaml\n{FILE}```\n", FILE),
    "a diff": (each(f"+{line}" for _, line in NUMBERED), FILE),
    "an answer": (each(f"> {line}" for _, line in NUMBERED), FILE),
    "numbers": (each(f"{number:3} {line}" for number, line in NUMBERED), FILE),
    "numbers with colons": (each(f"{number}: {line}" for number, line in NUMBERED), FILE),
    "numbers with bars": (each(f"{number} | {line}" for number, line in NUMBERED), FILE),
    "bullets": (FILE.replace("- name", "• name"), FILE),
    "en dashes": (FILE.replace("- name", "– name"), FILE),
    "an escaped dash": (FILE.replace("- name", "\\- name"), FILE),
    "no-break spaces": (FILE.replace("  - name", "\xa0 - name"), FILE),
    "a comma": (FILE.replace("Git.Git", "Git.Git,"), FILE),
    "commas": (FILE.replace("Git.Git", "Git.Git,").replace("web-team", "web-team,"), FILE),
    "commas after quotes": (
        FILE.replace("Git.Git", '"Git.Git",').replace("web-team", '"web-team",'),
        FILE.replace("Git.Git", '"Git.Git"').replace("web-team", '"web-team"'),
    ),
    "an escape": (FILE.replace("web-team", "web\\-team"), FILE),
    "an escape in quotes": (FILE.replace("web-team", '"web\\-team"'), FILE.replace("web-team", '"web-team"')),
    "a low line in quotes": (FILE.replace("web-team", '"web\\_team"'), FILE.replace("web-team", '"web_team"')),
    "escapes": (
        FILE.replace("tasks:", "description: full\\-stack \\(preview\\)\ntasks:"),
        FILE.replace("tasks:", "description: full-stack (preview)\ntasks:"),
    ),
    "an escaped tilde": (FILE.replace("~/", "\\~/"), FILE),
    "escapes in an image": (FILE.replace("_", "\\_"), FILE),
    "a string of C#": (CLONE + '      directory: $"C:\\src"\n', CLONE + "      directory: 'C:\\src'\n"),
    "a verbatim string": (CLONE + '      directory: @"C:\\src"\n', CLONE + "      directory: 'C:\\src'\n"),
    "both": (CLONE + '      directory: $@"C:\\src"\n', CLONE + "      directory: 'C:\\src'\n"),
    "a raw string": (CLONE + '      directory: r"C:\\it\'s"\n', CLONE + "      directory: 'C:\\it''s'\n"),
}
UNCERTAIN = {
    "prose": (f"Sure! Here it is:\n\n```yaml\n{FILE}```\n\nThis installs Git.\n", FILE),
    "a diff with old lines": (
        each((" ", NUMBERED[0][1], "-name: x\n", *(f"+{line}" for _, line in NUMBERED[1:]))),
        FILE,
    ),
}


@pytest.mark.parametrize(("text", "right"), CERTAIN.values(), ids=CERTAIN)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_was_pasted_along_is_one_finding_and_goes(text: str, right: str, newline: str) -> None:
    source = SourceFile("imagedefinition.yaml", text.replace("\n", newline))
    found = check(source, DEFAULT, IMAGE).diagnostics

    assert [item.code for item in found] == ["DBX014"]
    assert found[0].fix is not None
    assert found[0].fix.safe
    fixed = fix_source(source, DEFAULT, IMAGE)
    assert fixed.source.text == right.replace("\n", newline)
    assert fixed.result.diagnostics == ()


@pytest.mark.parametrize(("text", "right"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_may_be_of_use_goes_only_when_asked_for(text: str, right: str) -> None:
    source = SourceFile("imagedefinition.yaml", text)

    assert [item.code for item in check(source, DEFAULT, IMAGE).diagnostics] == ["DBX014"]
    assert fix_source(source, DEFAULT, IMAGE).source.text == text
    assert fix_source(source, DEFAULT, IMAGE, unsafe=True).source.text == right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("“main”", '"main"'),
        ("„main“", '"main"'),
        ("‘main’", "'main'"),
        ("”main”", '"main"'),
        ("«main»", '"main"'),
        ('“main"', '"main"'),
        ("“C:\\a”", "'C:\\a'"),
    ],
)
def test_the_quotes_of_a_word_processor_are_one_finding(value: str, right: str) -> None:
    source = SourceFile("imagedefinition.yaml", f"{CLONE}      branch: {value}\n")
    found = check(source, DEFAULT, IMAGE).diagnostics

    assert [(item.code, item.severity) for item in found] == [("DBX008", Severity.WARNING)]
    assert fix_source(source, DEFAULT, IMAGE).source.text == f"{CLONE}      branch: {right}\n"


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace("tasks:", "description: for all, and the rest,\ntasks:"),
        FILE.replace("tasks:", "description: “all” of them\ntasks:"),
        CLONE + "      directory: C:\\_src\\.web\\-a\n",
        HEAD + "  - name: ~/powershell\n    parameters:\n      command: |\n        @'\n        ```yaml\n"
        "        > a: b,\n        ```\n        '@ | Out-File C:\\a.md\n",
    ],
)
def test_marks_that_are_meant_are_left_alone(text: str) -> None:
    source = SourceFile("imagedefinition.yaml", text)

    assert not {"DBX014", "DBX008"} & {item.code for item in check(source, DEFAULT, IMAGE).diagnostics}


def test_what_html_writes_is_left_in_a_string_and_repaired_in_the_code_after_it() -> None:
    script = f"{HEAD}  - name: ~/powershell\n    parameters:\n      command: |\n        Set-Content a.html '&amp;'\n"
    source = SourceFile("imagedefinition.yaml", f"{script}        if ($x &amp;&amp; $y) {{ make }}\n")

    (found,) = (item for item in check(source, DEFAULT, IMAGE).diagnostics if item.code == "DBX014")

    assert source.text[: found.span.start].endswith("if ($x ")


@pytest.mark.parametrize("value", ["Git and more", '5"', "'it'", '"Git"'])
def test_a_name_without_a_stray_quote_stays(value: str) -> None:
    source = SourceFile("imagedefinition.yaml", FILE.replace("parameters", f"displayName: {value}\n    parameters"))
    source = SourceFile("imagedefinition.yaml", f"{source.text}      version: 'x'\n")

    assert [item for item in check(source, DEFAULT, IMAGE).diagnostics if item.code == "DBX014"] == []
