"""The reports that are commands for a runner: what the runner reads is what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.diagnostics import Failure, Severity, Span
from devbox_lint.escaping import neutralise
from devbox_lint.reports.azure import azure_report
from devbox_lint.reports.github import github_report
from devbox_lint.reports.model import Run
from reports.reporting import diagnostic, result, run
from reports.runners import azure_command, commands, github_command

WARNING, INFO = Severity.WARNING, Severity.INFO
HARD = st.text(st.sampled_from("%;],:=[]#\n\r \x1bé25B3D0A AZP"))


@pytest.fixture(autouse=True)
def _outside_of_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def failed(path: str, message: str) -> Run:
    return Run((), failures=(Failure(message, path),))


def test_github_gets_a_place_and_a_title() -> None:
    report = run(
        result("a: 😀«bc»\n", help="write c"),
        result("«a\nb»\n", "b.yaml", severity=WARNING),
        result("«a\n»b", "c.yaml", severity=INFO),
    )

    assert list(github_report(report)) == [
        "::error file=imagedefinition.yaml,line=1,endLine=1,col=5,endColumn=7,title=DBX301 malformed-secret-uri"
        "::the message%0Ahelp: write c",
        "::warning file=b.yaml,line=1,endLine=2,title=DBX301 malformed-secret-uri::the message",
        "::notice file=c.yaml,line=1,endLine=1,title=DBX301 malformed-secret-uri::the message",
    ]


def test_azure_gets_a_place_and_a_code() -> None:
    report = run(
        result("a: 😀«bc»\n", help="write c"),
        result("«a\nb»\n", "b.yaml", severity=WARNING),
        result("«a»", "c.yaml", severity=INFO),
    )

    assert list(azure_report(report)) == [
        "##vso[task.logissue type=error;sourcepath=imagedefinition.yaml;linenumber=1;columnnumber=5;code=DBX301;]"
        "the message%0Ahelp: write c",
        "##vso[task.logissue type=warning;sourcepath=b.yaml;linenumber=1;columnnumber=1;code=DBX301;]the message",
        "c.yaml:1:1: info: DBX301 malformed-secret-uri: the message",
    ]


def test_what_could_not_be_done_is_an_error() -> None:
    report = failed("x.yaml", "cannot read `x.yaml`: gone")

    assert list(github_report(report)) == ["::error file=x.yaml,title=run-failure::cannot read `x.yaml`: gone"]
    assert list(azure_report(report)) == ["##vso[task.logissue type=error;]cannot read `x.yaml`: gone"]


@given(HARD.filter(lambda path: path.strip("\n\r ") and "/" not in path), HARD, HARD)
def test_the_runners_read_what_was_meant(name: str, message: str, help_text: str) -> None:
    path = f"x{name}.yaml"
    only = diagnostic(Span(0, 1), message, help=help_text)
    report = Run((result("a", path)._replace(diagnostics=(only,)),))
    said = f"{neutralise(message)}\nhelp: {neutralise(help_text)}"

    (line,) = github_report(report)
    (command,) = commands(line)
    assert command == github_command(line)
    assert (command.name, command.data) == ("error", said)
    assert command.properties == {
        "file": neutralise(path),
        "line": "1",
        "endLine": "1",
        "col": "1",
        "endColumn": "2",
        "title": "DBX301 malformed-secret-uri",
    }

    (line,) = azure_report(report)
    (command,) = commands(line)
    assert command == azure_command(line)
    assert (command.name, command.data) == ("task.logissue", said)
    assert command.properties == {
        "type": "error",
        "sourcepath": neutralise(path),
        "linenumber": "1",
        "columnnumber": "1",
        "code": "DBX301",
    }


@given(HARD, HARD)
def test_the_runners_read_a_failure_as_it_was_meant(path: str, message: str) -> None:
    report = failed(path, message)

    (line,) = github_report(report)
    assert [(command.name, command.data) for command in commands(line)] == [("error", neutralise(message))]
    (line,) = azure_report(report)
    assert [(command.name, command.data) for command in commands(line)] == [("task.logissue", neutralise(message))]
