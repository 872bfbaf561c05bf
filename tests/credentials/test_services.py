"""The keys and tokens of services, made up here: found wherever they stand, at their exact place."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

import pytest

import made_up_tokens as made_up
from devbox_lint.credentials.detector import Secret, find_secrets
from devbox_lint.credentials.formats import SecretKind, azure_key_holds
from devbox_lint.credentials.tokens import find_tokens
from devbox_lint.diagnostics import Severity
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse

Maker = Callable[[random.Random], str]
COMMAND = "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
ALL = [*made_up.MAKERS, *made_up.SERVICE_MAKERS]
BY_NAME = {"ids": lambda maker: maker.__name__}


def secrets(text: str) -> list[tuple[str, SecretKind]]:
    return [(text[slice(*secret.span)], secret.kind) for secret in of(text)]


def of(text: str) -> tuple[Secret, ...]:
    return find_secrets(parse(SourceFile("a.yaml", text)))


@pytest.mark.parametrize("maker", made_up.SERVICE_MAKERS, **BY_NAME)
def test_each_form_is_found_with_its_exact_place(maker: Maker) -> None:
    for seed in range(20):
        token = maker(random.Random(seed))
        text = f"# 🔑 '{token}', and so on"
        found = find_tokens(text)
        assert [text[item.start : item.end] for item in found] == [token]
        assert found[0].checksum in (True, None)
        assert token[5:12] not in found[0].description


@pytest.mark.parametrize("maker", ALL, **BY_NAME)
def test_each_form_is_found_in_every_place(maker: Maker) -> None:
    token = maker(random.Random(3))
    kind = SecretKind.SERVICE if maker in made_up.SERVICE_MAKERS else SecretKind.TOKEN
    for text in (
        f"{COMMAND}        a --x {token} b\n",
        f"{COMMAND}        $x = '{token}'\n        c\n",
        f"tasks:\n  - name: t\n    parameters:\n      x: {token}\n",
        f'tasks:\n  - name: t\n    parameters:\n      x: "\\t{token}"\n',
        f"tasks:\n  - name: t\n    parameters:\n      x: https://u:{token}@example.com/a\n",
        f"name: a  # {token}\n",
    ):
        assert secrets(text) == [(token, kind)], text
    assert secrets(f"tasks:\n  - name: t\n    parameters:\n      pat: '{token}'\n") == [(token, SecretKind.TOKEN)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("maker", ALL, **BY_NAME)
def test_each_form_is_found_in_base64(maker: Maker, encoding: str) -> None:
    token = maker(random.Random(3))
    encoded = base64.b64encode(f"git clone x --y {token} z".encode(encoding)).decode()
    for text in (f"tasks:\n  - name: t\n    parameters:\n      x: {encoded}\n", f"{COMMAND}        a -enc {encoded}\n"):
        ((found, kind),) = secrets(text)
        assert kind is SecretKind.ENCODED
        width = 2 if encoding == "utf-16-le" else 1
        assert found == encoded[16 * width * 8 // 6 : -(-(16 + len(token)) * width * 8 // 6)]
        assert of(text)[0].value == token


@pytest.mark.parametrize("maker", ALL, **BY_NAME)
def test_one_character_short_is_no_token(maker: Maker) -> None:
    if maker in (made_up.pypi, made_up.web_token, made_up.github_installation, made_up.atlassian):
        pytest.skip("its length varies")
    token = maker(random.Random(3))
    assert find_tokens(f"a {token[1:]} b") == []


@pytest.mark.parametrize(
    ("signature", "seed", "length"),
    [
        ("+ASt", "Default0", 88),
        ("ACDb", "MastRO00", 88),
        ("+ABa", "AbAcct00", 88),
        ("+ASb", "Send0000", 44),
        ("+ARm", "Listen00", 44),
        ("AIoT", "IoTHub00", 44),
        ("AzCa", "Access00", 44),
        ("+ACR", "ACRDflt0", 52),
        ("AzSe", "Query000", 52),
        ("AzFu", "Functi00", 56),
    ],
)
def test_the_hash_of_a_key_proves_it(signature: str, seed: str, length: int) -> None:
    key = made_up.azure_key(random.Random(1), signature, seed, length)
    assert azure_key_holds(key)
    wrong = key[:5] + ("b" if key[5] != "b" else "c") + key[6:]
    assert azure_key_holds(wrong) is False
    (secret,) = of(f"tasks:\n  - name: t\n    parameters:\n      x: {wrong}\n")
    assert secret.severity is Severity.WARNING


def test_connection_strings_are_found_by_their_secret_part() -> None:
    chance = random.Random(1)
    for maker in (made_up.connection_string, made_up.signature, made_up.database_string):
        string_, secret = maker(chance)
        for text in (
            f"{COMMAND}        $x = '{string_}'\n",
            f'{COMMAND}        & a.exe "{string_}"\n',
            f"tasks:\n  - name: t\n    parameters:\n      x: '{string_}'\n      connectionString: '{string_}'\n",
            f'tasks:\n  - name: t\n    parameters:\n      x: "https://a.blob.core.windows.net/b?{string_}"\n',
        ):
            assert set(secrets(text)) == {(secret, SecretKind.SERVICE)}, text


def test_a_shared_access_key_is_found_beside_its_name() -> None:
    key = base64.b64encode(random.Random(1).randbytes(32)).decode()
    text = (
        f"{COMMAND}        $x = 'Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=b;SharedAccessKey={key}'\n"
    )
    assert secrets(text) == [(key, SecretKind.SERVICE)]


def test_the_secret_of_app_configuration_is_found() -> None:
    key = base64.b64encode(random.Random(1).randbytes(32)).decode()
    text = f"{COMMAND}        $x = 'Endpoint=https://a-b.azconfig.io;Id=x;Secret={key}'\n"
    assert secrets(text) == [(key, SecretKind.SERVICE)]


def test_a_signature_that_has_expired_is_but_a_note() -> None:
    query, _ = made_up.signature(random.Random(1), "2020-01-01")
    (secret,) = of(f"tasks:\n  - name: t\n    parameters:\n      x: https://a.blob.core.windows.net/b?{query}\n")
    assert secret.severity is Severity.INFO


@pytest.mark.parametrize("escaped", [False, True])
def test_a_private_key_is_one_finding(escaped: bool) -> None:
    key = made_up.private_key(random.Random(1))
    if escaped:
        key = key.replace("\n", "\\n")
        text = f'tasks:\n  - name: t\n    parameters:\n      x: "{key}"\n'
    else:
        key = key.replace("\n", "\n        ")
        text = f"tasks:\n  - name: t\n    parameters:\n      x: |\n        {key}\n"
    assert secrets(text) == [(key, SecretKind.SERVICE)]


@pytest.mark.parametrize(
    "harmless",
    [
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU\n-----END PUBLIC KEY-----",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU\n-----END CERTIFICATE-----",
        "AccountKey=<key>",
        "AccountKey={0};SharedAccessKey=...",
        "Server=a;Password={{https://kv1.vault.azure.net/secrets/a}};",
        "Server=a;Password=$(password);User ID=b",
        "Server=a;Password=%PASSWORD%;",
        "Server=a;Password=<your_password>;",
        "Server=a;Password=changeme;",
        "Server=a;Trusted_Connection=True",
        "https://a.blob.core.windows.net/b?sig=abc",
        "https://example.com/a?sig=0123456789abcdef0123456789abcdef0123456789abcdef",
        "ghp_" + "x" * 36,
        "npm_" + "a" * 36,
        "xxx8Q~" + "x" * 34,
        "Loy2" + "a" * 43,
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        "eyJhIjoxfQabcdefgh.eyJiIjoyfQabcdefgh.cdefghijklmnop",
        "sha512-" + base64.b64encode(b"\x01" * 32 + bytes(range(32))).decode(),
    ],
)
def test_what_only_looks_like_one_is_none(harmless: str) -> None:
    indented = harmless.replace("\n", "\n        ")
    assert secrets(f"{COMMAND}        {indented}\n") == []


def test_random_base64_and_hashes_are_nothing() -> None:
    chance = random.Random(9)
    for _ in range(300):
        for body in (
            made_up.word(chance, chance.choice((64, 128)), "0123456789abcdef"),
            base64.b64encode(chance.randbytes(chance.randint(12, 400))).decode(),
            made_up.word(chance, 60, string.ascii_letters),
        ):
            assert secrets(f"tasks:\n  - name: t\n    parameters:\n      x: {body}\n") == []


def test_the_second_copy_is_a_finding_of_its_own() -> None:
    token = made_up.entra(random.Random(1))
    text = f"{COMMAND}        a {token}\n        b {token}\n"
    assert len(of(text)) == 2


@pytest.mark.parametrize(
    "string",
    [
        "Host=db.example.com;Port=5432;Username=web;Password=X;Database=web",
        "host=db.example.com user=web password=X dbname=web",
        "cache.example.com:6380,password=X,ssl=True,abortConnect=False",
        "Driver={ODBC Driver 18 for SQL Server};Server=a;Uid=b;Pwd=X;",
        "jdbc:sqlserver://a.example.com:1433;user=b;password=X;encrypt=true",
        "jdbc:postgresql://a.example.com/b?user=c&password=X&ssl=true",
        "jdbc:mysql://a.example.com/b?password=X",
        "Server=a;Database=b;Uid=c;Pwd=X;",
        "Data Source=a;User Id=b;Password=X",
    ],
)
def test_a_password_in_a_connection_string(string: str) -> None:
    text = f'tasks:\n  - name: t\n    parameters:\n      a: "{string.replace("X", "Zq7-vW9x.k")}"\n'
    assert [secret.value for secret in find_secrets(parse(SourceFile("", text)))] == ["Zq7-vW9x.k"]


def test_a_password_in_the_address_of_a_database() -> None:
    text = "tasks:\n  - name: t\n    parameters:\n      a: mongodb+srv://web:Zq7-vW9x.k@a.mongodb.net/b\n"
    assert [secret.value for secret in find_secrets(parse(SourceFile("", text)))] == ["Zq7-vW9x.k"]
