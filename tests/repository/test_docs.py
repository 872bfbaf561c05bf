"""The pages say what is so: those of the rules are written from them, the figures are measured again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from command_line import lint
from devbox_lint.diagnostics import DOCUMENTATION
from devbox_lint.rule import Rule
from devbox_lint.run.effective import SettingsByPath
from devbox_lint.settings.files import SettingsFiles
from devbox_lint_rules import RULES, every_rule

TOP = Path(__file__).parent.parent.parent
RULE_PAGES = TOP / "docs" / "rules"


def test_the_settings_on_the_page_are_settings(tmp_path: Path) -> None:
    file = tmp_path / "devbox-lint.toml"
    page = (TOP / "docs" / "settings.md").read_text("utf-8")
    schema = json.loads((TOP / "docs" / "settings.schema.json").read_text("utf-8"))
    text = page.split("<!-- settings -->\n```toml\n")[1].split("```\n")[0]
    file.write_text(text, "utf-8")

    SettingsByPath(SettingsFiles(str(file)), RULES).at(str(file))
    jsonschema.Draft7Validator(schema).validate(tomllib.loads(text))


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)
def test_the_address_of_a_rule_is_that_of_its_page(rule: Rule) -> None:
    name = rule.url.removeprefix(DOCUMENTATION)

    assert f"({rule.code})\n" in (RULE_PAGES / name).read_text("utf-8")


def test_every_bad_example_has_its_findings_on_the_page() -> None:
    for rule in every_rule():
        page = (RULE_PAGES / rule.url.removeprefix(DOCUMENTATION)).read_text("utf-8")
        examples = page.split("## Example\n")[1].split("## Use instead\n")[0]
        assert examples.count("\n- ") >= sum(example.shown for example in rule.bad) > 0, rule.code


def test_the_comparison_counts_what_is_found_in_the_examples() -> None:
    page = (TOP / "docs" / "comparison.md").read_text("utf-8")
    ours = lint(TOP, "check", "--output-format", "json", "examples")
    yamllint = [sys.executable, "-m", "yamllint", "-d", "relaxed", "-f", "parsable", "examples"]
    theirs = subprocess.run(yamllint, cwd=TOP, capture_output=True, text=True, timeout=60).stdout.splitlines()
    long_lines = [line for line in theirs if "(line-length)" in line]
    in_good = sum(line.startswith(f"examples{os.sep}good") for line in long_lines)

    found = json.loads(ours.out)["diagnostics"]
    assert f"| devbox-lint | {len(found)} | 0 |" in page
    assert (
        f"| yamllint, relaxed | {len(theirs) - len(long_lines)} | {len(long_lines)} long lines, {in_good} of them in"
        in page
    )
