"""The whole product over a file full of secrets made up here: no output holds one of them, whole or in part."""

from __future__ import annotations

import base64
import random
from pathlib import Path
from urllib.parse import quote

import pytest

import made_up_tokens as made_up
from command_line import lint
from devbox_lint.run.options import FORMATS

pytestmark = pytest.mark.slow

#: How many characters in a row would be a part of a secret; kinds and public prefixes are not.
PART = 5


def _file() -> tuple[str, dict[str, str]]:
    """A file with every kind of secret in it, many of them twice, and the secret parts by their kind."""
    chance = random.Random(20)
    tokens = {maker.__name__: maker(chance) for maker in (*made_up.MAKERS, *made_up.SERVICE_MAKERS)}
    account, account_key = made_up.connection_string(chance)
    query, signature = made_up.signature(chance)
    database, database_password = made_up.database_string(chance)
    key = made_up.private_key(chance)
    passwords = {
        name: made_up.password_of(chance) for name in ("pat", "url", "command", "parameter", "pair", "inner", "broken")
    }
    special = "p/+ q%:Z9".replace(" ", "&")
    pair = base64.b64encode(f"user:{passwords['pair']}".encode()).decode()
    configuration = base64.b64encode(
        f"properties:\n  resources:\n    - settings:\n        password: {passwords['inner']}\n".encode()
    ).decode()
    indented = key.replace("\n", "\n        ")
    lines = [
        "$shema: 1.0",
        "nam: 'a'",
        f"# {tokens['github']} and {tokens['entra']}  ",
        "tasks:",
        "  - name: ~/gitclone",
        "    paramaters:",
        f"      repositoryUrl: https://build:{passwords['url']}@example.com/a",
        "  - name: ~/gitclone",
        "    parameters:",
        f"      repositoryUrl: https://build:{quote(special, safe='')}@example.com/a",
        f"      pat: {passwords['pat']}",
        f"      Pat: '{special}'",
        f"      password: {passwords['parameter']}",
        f"      pasword: {passwords['parameter']}",
        f"      description: 'was {passwords['parameter']} and {quote(special, safe='')}'",
        f"      repoSecretBase64: '{pair}'",
        f"      inlineConfigurationBase64: {configuration}",
        f"      connection: '{account}'",
        f"      sas: 'https://a.blob.core.windows.net/b?{query}'",
        f"      database: '{database}'",
        "  - name: ~/powershell",
        "    parameters:",
        "      command: |",
        f"        docker login -u a -p {passwords['command']} b.azurecr.io",
        f"        Write-Host 'signed in with {passwords['command']} – done'",
        *(f"        a --x {token} '{token}'" for token in tokens.values()),
        f"        {indented}",
        *(
            f"  - name: ~/{token}\n    parameters: {{ {token}: '{{{{{token}}}}}' }}"
            for token in tokens.values()
            if ":" not in token
        ),
        "  - name: ~/x",
        "   parameters:",
        f"      password: {passwords['broken']}",
        f"\tpat: {passwords['broken']}",
        f"      {tokens['github']}: [",
    ]
    secrets = {name: _body(token) for name, token in tokens.items()}
    secrets |= passwords | {"special": special, "special quoted": quote(special, safe="")}
    secrets |= {"account": account_key, "signature": signature, "database": database_password}
    secrets |= {f"key line {index}": line for index, line in enumerate(key.splitlines()[1:-1])}
    secrets |= {"pair encoded": pair[8:], "inner encoded": _tail(configuration, passwords["inner"])}
    return "\n".join(lines) + "\n", secrets


def _body(token: str) -> str:
    for prefix in ("github_pat_", "ghp_", "ghs_", "glpat-", "ATBB", "ATATT3", "npm_", "pypi-AgE", "oy2"):
        if token.startswith(prefix):
            return token[len(prefix) :]
    return token


def _tail(encoded: str, secret: str) -> str:
    data = base64.b64decode(encoded)
    return encoded[-(-data.index(secret.encode()) * 8 // 6) :][: len(secret) * 8 // 6 - 1]


def leaks(output: str, secrets: dict[str, str], text: str) -> list[str]:
    """The kinds of which a part is in the output; never the part itself."""
    found = []
    for name, secret in secrets.items():
        for index in range(len(secret) - PART + 1):
            part = secret[index : index + PART]
            if part in output:
                found.append(f"{name}: characters {index} to {index + PART} of {len(secret)}")
                break
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaks")
    for name, kind in (("whole", "imagedefinition.yaml"), ("user", "workload.yaml"), ("task", "task.yaml")):
        text, _ = _file()
        if name == "whole":
            text = text[: text.index("  - name: ~/x\n   parameters:")]
        (folder / name).mkdir()
        (folder / name / kind).write_text(text, encoding="utf-8")
    return folder


FILES = (
    ("whole", "imagedefinition.yaml", "imagedefinition"),
    ("user", "workload.yaml", "user"),
    ("task", "task.yaml", "task"),
)


@pytest.mark.parametrize(
    "selected", [(), ("--select", "DBX"), ("--select", "DBX0,DBX1,DBX3")], ids=["default", "all", "without"]
)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0])
@pytest.mark.parametrize("output", FORMATS)
def test_no_report_holds_a_secret(
    place: Path, output: str, file: tuple[str, str, str], selected: tuple[str, ...]
) -> None:
    text, secrets = _file()
    done = lint(
        place, f"{file[0]}/{file[1]}", "--kind", file[2], "--output-format", output, *selected, DEVBOX_LINT_DEBUG="1"
    )
    assert done.code == 1, done.err
    assert len(done.out) > 500
    assert leaks(done.out + done.err, secrets, text) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0])
def test_no_file_of_a_report_holds_a_secret(place: Path, file: tuple[str, str, str], tmp_path: Path) -> None:
    text, secrets = _file()
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:{tmp_path / name}")]
    lint(place, f"{file[0]}/{file[1]}", "--kind", file[2], "--select", "ALL", *outputs)
    for name in FORMATS:
        written = (tmp_path / name).read_text("utf-8")
        assert len(written) > 500
        assert leaks(written, secrets, text) == [], name


@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0])
@pytest.mark.parametrize("colour", ["never", "always"])
def test_no_diff_holds_a_secret(place: Path, file: tuple[str, str, str], colour: str) -> None:
    text, secrets = _file()
    done = lint(place, f"{file[0]}/{file[1]}", "--kind", file[2], "--diff", "--unsafe-fixes", "--color", colour)
    assert "@@" in done.out, done.err
    assert leaks(done.out + done.err, secrets, text) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0])
@pytest.mark.parametrize("output", FORMATS)
def test_no_report_of_fixes_holds_a_secret(place: Path, file: tuple[str, str, str], output: str) -> None:
    text, secrets = _file()
    given = (place / file[0] / file[1]).read_text("utf-8")
    done = lint(place, "--stdin-filename", file[1], "--kind", file[2], "--fix", "--output-format", output, stdin=given)
    assert len(done.err) > 500
    assert leaks(done.err, secrets, text) == []
