"""Configurations that a customization carries in base64."""

from __future__ import annotations

from base64 import b64encode

import pytest

from devbox_lint.engine import check
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES

CONFIGURATION = """\
properties:
  configurationVersion: 0.2.0
  resources:
    - resource: Microsoft.WinGet.DSC/WinGetPackage
      settings: {id: Git.Git, source: winget, silent: true}
"""


def run(configuration: str, encoding: str = "utf-8", comment: str = "") -> tuple[str, FileResult]:
    text = (
        "$schema: 1.0\nname: tools\nimage: gallery/image@1.0.0\ntasks:\n  - name: ~/winget\n    parameters:\n"
        f"      inlineConfigurationBase64: {b64encode(configuration.encode(encoding)).decode()}{comment}\n"
    )
    return text, check(SourceFile("imagedefinition.yaml", text), [rule for rule in RULES if rule.default])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_mistake_is_told_with_its_line_at_the_characters_that_hold_it(encoding: str) -> None:
    text, result = run(CONFIGURATION, encoding)

    (found,) = result.diagnostics
    assert found.code == "DBX801"
    assert found.message.startswith("in the decoded configuration, line 5: unknown setting `silent`")
    marked = text[found.span.start : found.span.end]
    assert b64encode("silent".encode(encoding)).decode()[4:8] in marked or len(marked) < 30
    assert found.fix is None


def test_a_comment_of_the_customization_suppresses_it() -> None:
    assert run(CONFIGURATION, comment=" # devbox-lint: ignore[DBX801] a module of our own")[1].diagnostics == ()


def test_nothing_is_said_of_what_is_right_and_no_secret_is_shown() -> None:
    assert run(CONFIGURATION.replace(", silent: true", ""))[1].diagnostics == ()

    secret = CONFIGURATION.replace("silent: true", "password: MadeUp-Passw0rd")
    _, result = run(secret)
    assert {item.code for item in result.diagnostics} == {"DBX406", "DBX801"}
    assert "MadeUp" not in repr([(item.message, item.help) for item in result.diagnostics])


def test_text_that_yaml_cannot_parse_is_told_too() -> None:
    _, result = run(CONFIGURATION.replace(", silent: true", "").replace("      settings", "     settings"))

    assert [item.code for item in result.diagnostics] == ["DBX002"]
    assert "line 5" in result.diagnostics[0].message
