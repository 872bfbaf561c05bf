"""Two hundred files with fifty vaults and four hundred secrets: each question is asked once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fake_azure import FakeAzure
from fake_azure.offences import offences, repeated
from situations.many import many, many_clones, many_scripts
from situations.stage import Stage, check

pytestmark = pytest.mark.slow


def test_each_question_of_two_hundred_files_is_asked_once(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    many(stage)

    outcome = check(tmp_path, stage.environment, ".")

    assert outcome.codes == "", outcome.findings[:3]
    assert repeated(azure) == []
    assert offences(azure) == []
    kinds = Counter(one.path.rsplit("/", 1)[-1].partition("?")[0] for one in azure.requests)
    assert len(azure.requests) <= 3_000, kinds


def test_a_secret_that_is_missing_is_told_in_each_file_and_asked_for_once(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    many(stage, files=20, vaults=2, secrets=10)
    stage.contoso.vaults["kv-contoso-0"].secrets.clear()

    outcome = check(tmp_path, stage.environment, ".")

    assert outcome.codes == "DBX503"
    assert len(outcome.findings) >= 20
    assert repeated(azure) == []


def test_what_could_not_be_asked_is_told_once(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    many(stage, files=40, vaults=4, secrets=20)
    azure.fault("unresolved")

    outcome = check(tmp_path, stage.environment, ".")

    assert outcome.codes == "DBX590"
    messages = [one.message for one in outcome.findings]
    assert len(messages) == len(set(messages))
    assert len(azure.tunnels) < 40


def test_each_question_on_service_principals_is_asked_once(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    many_scripts(stage)

    outcome = check(tmp_path, stage.environment, ".")

    assert outcome.codes == "", outcome.findings[:3]
    assert repeated(azure) == []
    assert offences(azure) == []
    kinds = Counter(one.path.rsplit("/", 1)[-1].partition("?")[0] for one in azure.requests)
    assert kinds["resources"] == 3
    assert sum("(appId=" in one.path for one in azure.requests) == 40
    assert len(azure.requests) <= 2_000, kinds


def test_each_question_on_azure_devops_is_asked_once(azure: FakeAzure, tmp_path: Path) -> None:
    stage = Stage(azure, tmp_path)
    many_clones(stage, files=80, organizations=2, projects=20, applications=10)

    outcome = check(tmp_path, stage.environment, ".")

    assert outcome.codes == "", outcome.findings[:3]
    assert repeated(azure) == []
    assert offences(azure) == []
    hosts = Counter(one.host for one in azure.requests)
    assert hosts["feeds.dev.azure.com"] == 40
    # Each organization is listed once, and each service principal in it has a key and an entitlement.
    assert (hosts["vssps.dev.azure.com"], hosts["vsaex.dev.azure.com"]) == (2 + 10, 10)
    assert hosts["dev.azure.com"] == 2 + 3 * 40
