"""`check --online` as a process: what is printed where, and the exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command_line import Result, environment, lint
from fake_azure import FakeAzure
from fake_azure.roles import READER, SECRETS_USER, VAULT_READER
from fake_azure.tenants import Principal, Tenant

pytestmark = pytest.mark.slow

FILE = """\
$schema: "1.0"
name: web
image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc
tasks:
  - name: ~/gitclone
    parameters:
      repositoryUrl: https://github.com/contoso/web
      pat: '{{https://kv-contoso.vault.azure.net/secrets/pat}}'
"""
MISSING = FILE.replace("/pat}}", "/no-such-secret}}")


@pytest.fixture
def folder(tmp_path: Path, contoso: Tenant, verifier: Principal) -> Path:
    """A folder with settings for a project that has all it needs, and no file yet."""
    vault = contoso.vault("kv-contoso")
    vault.secret("pat")
    project = contoso.project("web-team")
    assert project.identity is not None
    contoso.assign(project.identity, SECRETS_USER, vault)
    for what, role in ((vault, VAULT_READER), (project, READER), (project.center, READER)):
        contoso.assign(verifier, role, what)
    (tmp_path / "devbox-lint.toml").write_text(f'[azure]\nproject = "{project.id}"\n', "utf-8")
    return tmp_path


def check(folder: Path, azure: FakeAzure, verifier: Principal | None, *options: str, text: str = FILE) -> Result:
    (folder / "imagedefinition.yaml").write_text(text, "utf-8")
    return lint(folder, "--output-format", "concise", *options, **azure.environment(verifier))


def test_a_file_with_all_it_needs_is_clean(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    result = check(folder, azure, verifier, "--online", "--fail-on", "info", "--ignore", "DBX314")

    assert (result.out, result.err, result.code) == ("no problems found in 1 file\n", "", 0)


def test_what_azure_says_fails_the_run(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    result = check(folder, azure, verifier, "--online", text=MISSING)

    assert result.code == 1
    assert "DBX503 secret-not-found: key vault `kv-contoso` has no secret `no-such-secret`" in result.out


def test_nothing_is_asked_without_the_option(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    result = check(folder, azure, verifier, text=MISSING)

    assert result.code == 0
    assert azure.tunnels == []


def test_online_rules_can_be_chosen_and_weighed(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    settings = folder / "devbox-lint.toml"
    settings.write_text(f'ignore = ["DBX505"]\nseverities = {{ secret-not-found = "info" }}\n{settings.read_text()}')

    weighed = check(folder, azure, verifier, "--online", text=MISSING)
    assert weighed.code == 0
    assert "info" in weighed.out
    assert "DBX503" in weighed.out
    assert "DBX503" not in check(folder, azure, verifier, "--online", "--ignore", "DBX5", text=MISSING).out

    chosen = check(folder, azure, verifier, "--online", "--select", "DBX503", text=MISSING)
    assert [line.split()[2] for line in chosen.out.splitlines()[:-1]] == ["DBX503"]


def test_rules_that_ask_need_the_option(azure: FakeAzure, folder: Path) -> None:
    result = check(folder, azure, None, "--select", "DBX5")

    assert result == (2, "", "devbox-lint: error: the selected rules ask Azure, and do so only with `--online`\n")


def test_changes_are_not_shown_with_it(azure: FakeAzure, folder: Path) -> None:
    assert check(folder, azure, None, "--online", "--diff").code == 2


def test_nobody_signed_in_is_told_with_all_offline_findings(azure: FakeAzure, folder: Path) -> None:
    broken = FILE.replace("image: ", "imaeg: ")

    offline = check(folder, azure, None, text=broken)
    online = check(folder, azure, None, "--online", text=broken)

    assert online.code == offline.code == 1
    assert set(offline.out.splitlines()[:-1]) < set(online.out.splitlines())
    assert "not checked, as nobody is signed in to Azure" in online.out


@pytest.mark.parametrize(("options", "code"), [(("--online",), 0), (("--online-strict",), 1)])
def test_without_a_network_the_exit_code_is_as_asked(
    azure: FakeAzure, folder: Path, verifier: Principal, options: tuple[str, ...], code: int
) -> None:
    azure.fault("refused")

    result = check(folder, azure, verifier, *options)

    assert result.code == code
    assert result.out.count("DBX590") == len({line for line in result.out.splitlines() if "DBX590" in line})


def test_the_settings_may_be_strict(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    azure.fault("refused")
    settings = folder / "devbox-lint.toml"
    settings.write_text(f"severities = {{ DBX590 = 'info' }}\n{settings.read_text()}strict = true\n", "utf-8")

    assert check(folder, azure, verifier, "--online").code == 1


def test_comments_suppress_what_azure_says(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    text = MISSING.rstrip("\n") + " # devbox-lint: ignore[DBX503, DBX314] it is made by the pipeline\n"

    for options in ((), ("--online",)):
        assert check(folder, azure, verifier, *options, text=text).code == 0


def test_standard_input_is_asked_about_too(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    result = lint(
        folder,
        "-",
        "--online",
        "--stdin-filename",
        "imagedefinition.yaml",
        stdin=MISSING,
        **azure.environment(verifier),
    )

    assert result.code == 1
    assert "DBX503" in result.out


def test_what_was_not_checked_is_a_notification_in_sarif(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    azure.fault("refused", "kv-contoso.vault.azure.net")
    azure.fault("refused", "management.azure.com")

    result = check(folder, azure, verifier, "--online", "--output-format", "sarif")

    run = json.loads(result.out)["runs"][0]
    assert any(rule["id"] == "DBX590" for rule in run["tool"]["driver"]["rules"])
    assert run["invocations"][0]["toolExecutionNotifications"]


def test_without_the_extra_the_command_that_installs_it_is_named(folder: Path) -> None:
    (folder / "imagedefinition.yaml").write_text(FILE, "utf-8")
    # In place of the library, what Python does where it is not installed.
    (folder / "azure.py").write_text("raise ModuleNotFoundError('no', name='azure')\n", "utf-8")
    path = environment()["PYTHONPATH"]

    result = lint(folder, "--online", PYTHONPATH=f"{folder}:{path}")

    assert result.code == 2
    assert result.out == ""
    assert "pip install 'devbox-lint[azure]'" in result.err


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_who_stops_waiting_still_gets_what_was_found(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    azure.fault("hang")
    (folder / "imagedefinition.yaml").write_text(FILE, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "devbox_lint", "--online", "--output-format", "concise"],
        cwd=folder,
        env=environment(**azure.environment(verifier)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not azure.tunnels:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "DBX314" in out
    assert err == "devbox-lint: error: asking Azure was interrupted\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_progress_is_shown_on_a_terminal_alone(azure: FakeAzure, folder: Path, verifier: Principal) -> None:
    import pty

    (folder / "imagedefinition.yaml").write_text(FILE, "utf-8")
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "devbox_lint", "--online"],
        cwd=folder,
        env=environment(TERM="xterm", **azure.environment(verifier)),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    out, _ = done.communicate(timeout=60)
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)

    assert done.returncode == 0
    assert b"asking Azure" in shown
    assert b"asking Azure" not in out
