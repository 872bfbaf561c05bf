"""The how-to's two examples on service principals: each step mends what it is for, until nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_azure import FakeAzure
from fake_azure.offences import offences, repeated, secrets_in
from situations.how_to import EXAMPLES, HowTo
from situations.stage import Stage

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_step_mends_what_it_is_for(azure: FakeAzure, tmp_path: Path, example: str) -> None:
    commands, steps = EXAMPLES[example]
    how_to = HowTo(Stage(azure, tmp_path), commands)

    for step in steps:
        outcome = how_to.check()
        assert outcome.codes == step.found, (step.says, outcome.findings, outcome.err)
        assert repeated(azure) == []
        step.mend(how_to)
        azure.requests.clear()

    last = how_to.check()
    assert last.findings == ()
    assert offences(azure) == []
    assert secrets_in(azure, last.out + last.err) == []
