"""When Azure is away, all that needs no Azure is found, and each question that stays open is told once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import ROOTS, Result, lint
from fake_azure import FakeAzure
from fake_azure.offences import secrets_in
from situations.stage import TEAM, USER, Stage

pytestmark = pytest.mark.slow


def _no_proxy_there(stage: Stage) -> dict[str, str]:
    dead = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    return {**stage.environment, **dead}


def _no_names(stage: Stage) -> dict[str, str]:
    stage.azure.fault("unresolved")
    return stage.azure.direct(stage.verifier, PYTHONPATH=ROOTS)


def _resolver_away(stage: Stage) -> dict[str, str]:
    stage.azure.fault("refused")
    return stage.azure.direct(stage.verifier, PYTHONPATH=ROOTS)


def _proxy_refuses(stage: Stage) -> dict[str, str]:
    stage.azure.fault("unresolved")
    return stage.environment


def _all_hang(stage: Stage) -> dict[str, str]:
    stage.settings["timeout"] = 1
    stage.azure.fault("hang")
    return stage.environment


def _all_reset(stage: Stage) -> dict[str, str]:
    stage.azure.fault("reset")
    return stage.environment


CUTS: dict[str, Callable[[Stage], dict[str, str]]] = {
    "no proxy there": _no_proxy_there,
    "no names": _no_names,
    "resolver away": _resolver_away,
    "proxy refuses": _proxy_refuses,
    "all hang": _all_hang,
    "all reset": _all_reset,
}


@pytest.fixture
def stage(azure: FakeAzure, tmp_path: Path) -> Stage:
    """Both files, with something wrong in them that needs no Azure."""
    stage = Stage(azure, tmp_path)
    stage.more = "  - name: ~/powershell\n    parameters:\n      comand: dir\n"
    return stage


def _run(stage: Stage, environment: dict[str, str], *arguments: str) -> Result:
    for name in (TEAM, USER):
        stage.write(name)
    stage.write_settings()
    return lint(stage.folder, "check", "--output-format", "json", *arguments, ".", **environment)


def _findings(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.out)["diagnostics"]
    return found


@pytest.mark.parametrize("cut", CUTS)
def test_the_findings_that_need_no_azure_are_there(stage: Stage, cut: str) -> None:
    environment = CUTS[cut](stage)
    offline = _run(stage, environment)
    start = time.monotonic()

    online = _run(stage, environment, "--online")

    # Twelve times the time that one answer may take is the limit that the documentation states.
    assert time.monotonic() - start < 12 * stage.settings.get("timeout", 10) + 5
    found = _findings(online)
    unmade = [one for one in found if one["code"] == "DBX590"]
    assert [one for one in found if one["code"][:4] != "DBX5"] == _findings(offline) != []
    assert unmade
    texts = [text for one in unmade for text in one["message"].partition(": ")[2].split(", whether ")]
    assert len(texts) == len(set(texts))
    assert online.code == offline.code == 1
    assert secrets_in(stage.azure, online.out + online.err) == []


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--online-strict",), 1)])
def test_what_was_not_checked_fails_only_where_it_shall(stage: Stage, words: tuple[str, ...], code: int) -> None:
    stage.more = ""
    environment = _proxy_refuses(stage)

    result = _run(stage, environment, "--online", "--select", "DBX5", *words)

    assert {one["code"] for one in _findings(result)} == {"DBX590"}
    assert result.code == code


def test_without_a_proxy_a_name_that_is_not_there_is_a_finding(stage: Stage) -> None:
    environment = stage.azure.direct(stage.verifier, PYTHONPATH=ROOTS)
    del stage.contoso.vaults["kv-contoso"]

    found = _findings(_run(stage, environment, "--online"))

    assert {one["code"] for one in found if one["code"][:4] == "DBX5"} == {"DBX501"}


def test_without_a_proxy_all_is_as_with_one(stage: Stage) -> None:
    environment = stage.azure.direct(stage.verifier, PYTHONPATH=ROOTS)

    found = _findings(_run(stage, environment, "--online"))

    assert [one for one in found if one["code"][:4] == "DBX5"] == []
    assert stage.vault.host in stage.azure.tunnels
