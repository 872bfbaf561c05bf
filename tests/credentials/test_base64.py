"""Secrets in base64: inline configurations, pairs of user and password, scripts."""

from __future__ import annotations

import base64
import random

import pytest

import made_up_tokens as made_up
from devbox_lint.credentials.base64_text import find_base64, find_beginnings
from devbox_lint.credentials.detector import find_secrets
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse

HEAD = "tasks:\n  - name: ~/winget\n    parameters:\n      "


def encode(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding)).decode()


def found(text: str) -> list[tuple[str, str]]:
    return [
        (secret.value, secret.place)
        for secret in find_secrets(parse(SourceFile("", text)))
        if secret.kind is SecretKind.ENCODED
    ]


CONFIGURATION = (
    "# yaml-language-server: $schema=x\nproperties:\n  resources:\n    - resource: A/User\n      settings:\n"
)


def test_a_configuration_is_looked_through_as_one() -> None:
    token = made_up.github(random.Random(1))
    inner = (
        f"{CONFIGURATION}        password: Zq7-vW9x!\n        url: https://u:Tr0ub4dor@host/a\n"
        f"        script: az login -p Kw4-8812\n        other: {token}\n"
    )
    assert found(f"{HEAD}inlineConfigurationBase64: {encode(inner)}\n") == [
        ("Zq7-vW9x!", "line 6 of the decoded base64 text"),
        ("Tr0ub4dor", "line 7 of the decoded base64 text"),
        ("Kw4-8812", "line 8 of the decoded base64 text"),
        (token, "line 9 of the decoded base64 text"),
    ]


@pytest.mark.parametrize("style", ["|", ">", ">-"])
def test_lines_of_base64_are_one_text(style: str) -> None:
    encoded = encode(f"{CONFIGURATION}        password: Zq7-vW9x!\n")
    lines = "\n        ".join(encoded[index : index + 40] for index in range(0, len(encoded), 40))
    text = f"{HEAD}inlineConfigurationBase64: {style}\n        {lines}\n"
    (secret,) = find_secrets(parse(SourceFile("", text)))
    assert secret.value == "Zq7-vW9x!"
    before = text[: secret.span.start].split(style, 1)[1].replace("\n", "").replace(" ", "")
    decoded = base64.b64decode(before[: len(before) // 4 * 4]).decode()
    assert decoded.endswith("password: ") or "password" in decoded[-12:]


def test_base64_in_base64_is_followed_three_times_and_no_more() -> None:
    text = "Server=a;User ID=b;Password=Zq7-vW9x!"
    for depth in range(1, 6):
        text = encode(text)
        assert bool(found(f"{HEAD}x: {text}\n")) == (depth <= 3)


@pytest.mark.parametrize("pair", ["user:Examp1e", ":Zq7-vW9x!", "builder:Tr0ub4dor&3"])
def test_a_pair_of_user_and_password(pair: str) -> None:
    password = pair.split(":")[1]
    assert found(f"{HEAD}repoSecretBase64: '{encode(pair)}'\n") == [(password, "the base64 text")]


@pytest.mark.parametrize("pair", ["user:password", "user:<your-pat>", ":changeme", "user:YOUR_PAT_HERE"])
def test_a_pair_with_a_placeholder_is_nothing(pair: str) -> None:
    assert find_secrets(parse(SourceFile("", f"{HEAD}repoSecretBase64: '{encode(pair)}'\n"))) == ()


def test_an_encoded_command_is_looked_through() -> None:
    script = encode("$s = ConvertTo-SecureString 'Zq7-vW9x!' -AsPlainText -Force", "utf-16-le")
    assert found(f"{HEAD}command: powershell -EncodedCommand {script}\n") == [("Zq7-vW9x!", "the base64 text")]


def test_a_basic_header_is_decoded() -> None:
    token = made_up.azure_devops_old(random.Random(1))
    for encoding in ("utf-8", "utf-16-le"):
        header = encode(f":{token}", encoding)
        text = f"{HEAD}command: 'git -c http.extraheader=\"Authorization: Basic {header}\" clone x'\n"
        assert [value for value, _ in found(text)] == [token]
        assert len(find_secrets(parse(SourceFile("", text)))) == 1


@pytest.mark.parametrize(
    "inner",
    [
        f"{CONFIGURATION}        password: $(x)\n        id: Git.Git\n",
        f"{CONFIGURATION}        password: '{{{{https://kv1.vault.azure.net/secrets/a}}}}'\n",
        "Write-Host 'the token is secret'",
        "plain words without anything in them",
    ],
)
def test_harmless_base64_is_nothing(inner: str) -> None:
    assert find_secrets(parse(SourceFile("", f"{HEAD}inlineConfigurationBase64: {encode(inner)}\n"))) == ()


def test_binary_base64_and_long_names_are_no_text() -> None:
    chance = random.Random(2)
    names = (
        "microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2 InstallVisualStudio2022Code"
    )
    assert list(find_base64(names)) == []
    for _ in range(500):
        assert list(find_base64(base64.b64encode(chance.randbytes(60)).decode())) == []


def test_the_cheap_test_never_misses() -> None:
    chance = random.Random(2)
    for length in range(12, 60):
        for encoding in ("utf-8", "utf-16-le"):
            text = encode("".join(chance.choices("abcdef: ü\n{}0", k=length)), encoding)
            if any(True for _ in find_base64(text)):
                assert find_beginnings(text)


def test_much_base64_is_bounded() -> None:
    blob = encode("a" * 2_000_000)
    assert list(find_base64(blob)) == []


@pytest.mark.parametrize(
    "text",
    [
        "web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "sha512-256:9f86d081884c7d659a2feaa0",
        "arn:aws:iam::123456789012:role/build7",
        "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
        "C:\\a1\\b2\\c3.txt",
        "d:/a1/b2/c3.txt",
    ],
)
def test_what_has_a_colon_and_is_no_pair(text: str) -> None:
    assert found(f"{HEAD}a: '{encode(text)}'\n") == []
