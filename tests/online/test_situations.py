"""Each situation gives its findings, for a team's file and for a user's, and nothing is sent that must not be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from fake_azure import FakeAzure
from fake_azure.key_vault import CALLER
from fake_azure.offences import offences, secrets_in
from situations import CASES, SECTIONS, Situation
from situations.page import Cells, cell, page, read
from situations.stage import Stage

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parent.parent.parent / "docs" / "online-situations.md"


@cache
def _written() -> Cells:
    return read(PAGE.read_text("utf-8"))


@pytest.mark.parametrize(("situation", "name"), [pytest.param(s, n, id=f"{n}: {s.says}") for s, n in CASES])
def test_a_situation_has_its_findings_and_its_line(
    azure: FakeAzure, tmp_path: Path, situation: Situation, name: str
) -> None:
    stage = Stage(azure, tmp_path)
    situation.arrange(stage)

    outcome = stage.check(name, *situation.arguments)

    assert situation.expected(name) == outcome.codes, (outcome.findings, outcome.err)
    if stage.vault.policies:
        # The command would take from the vault's readers what its policies give them.
        assert not any("--enable-rbac-authorization" in (one.help or "") for one in outcome.findings)
    assert offences(azure) == []
    assert [*secrets_in(azure, outcome.out + outcome.err), *([CALLER] if CALLER in outcome.out else [])] == []
    assert _written()[situation.says, name] == cell(outcome), "run: python tools/generate.py"


def test_the_page_has_each_situation_and_nothing_else() -> None:
    assert page(SECTIONS, _written()) == PAGE.read_text("utf-8"), "run: python tools/generate.py"
    assert {(situation.says, name) for situation, name in CASES} == set(_written())
