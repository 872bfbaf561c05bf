"""DBX401 with tokens made up here: found wherever they stand, never shown."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest

import made_up_tokens as made_up
from devbox_lint.credentials.names import is_token_name, may_name_token
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, USER
from devbox_lint_rules.credentials.plaintext_pat import PlaintextPat
from devbox_lint_rules.references.placeholder_left import PlaceholderLeft
from support import corpus, findings, needs_corpus

Maker = Callable[[random.Random], str]
RULE = PlaintextPat()
TASKS = "tasks:\n  - name: ~/gitclone\n    parameters:\n      "


def _said(found: list[Finding]) -> str:
    return " ".join(f"{finding.message} {finding.help} {finding.fix} {finding.related}" for finding in found)


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize("maker", made_up.MAKERS, ids=lambda maker: maker.__name__)
def test_a_token_is_found_anywhere_with_its_exact_place(maker: Maker, pure: bool) -> None:
    token = maker(random.Random(1))
    text = (
        f"# was {token}\nname: a  # 🔑 {token}\n{TASKS}pat: '{token}'\n"
        f"      repositoryUrl: https://u:{token}@example.com/a\n"
        f"  - name: ~/powershell\n    parameters:\n      command: |\n        a --t {token}\n        b '{token}'\n"
        f'  - name: x\n    parameters:\n      k: >-\n        a\n        {token}\n      l: "\\t{token}"\n'
    )

    found = findings(RULE, USER, text, pure=pure)

    assert [text[slice(*finding.span)] for finding in found] == [token] * 8


@pytest.mark.parametrize("maker", made_up.MAKERS, ids=lambda maker: maker.__name__)
def test_no_message_holds_a_piece_of_a_token(maker: Maker) -> None:
    for seed in range(20):
        token = maker(random.Random(seed))
        said = _said(findings(RULE, USER, f"# {token}\n{TASKS}pat: {token}\n"))
        body = token.split("_", 1)[-1].split("-", 1)[-1].removeprefix("ATBB").removeprefix("ATATT3")
        assert not any(body[index : index + 5] in said for index in range(len(body) - 4))


def test_no_message_holds_a_character_run_of_a_password() -> None:
    said = _said(findings(RULE, USER, f"{TASKS}pat: Zq7#vW9x\n"))
    assert "Zq7" not in said
    assert "9x" not in said


@pytest.mark.parametrize(
    "name",
    [
        "pat",
        "PAT",
        "Pat",
        "personalAccessToken",
        "ado_pat",
        "git-pat",
        "adoPAT",
        "patToken",
        "PAT_VALUE",
        "personal_access_token",
        "patBase64",
        "pat2",
    ],
)
def test_names_of_tokens(name: str) -> None:
    assert is_token_name(name)
    assert may_name_token(f"      {name}: x")
    assert len(findings(RULE, USER, f"{TASKS}{name}: MadeUp-Passw0rd\n")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "path",
        "patch",
        "pattern",
        "patSecretName",
        "patFile",
        "patName",
        "usePat",
        "compat",
        "accessToken",
        "patExpiry",
        "spat",
        "PATH",
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not is_token_name(name)
    assert findings(RULE, USER, f"{TASKS}{name}: MadeUp-Passw0rd\n") == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "''",
        "null",
        "true",
        "'{{https://kv1.vault.azure.net/secrets/a}}'",
        "'Bearer {{https://kv1.vault.azure.net/secrets/a}}'",
        "'{{ado://contoso}}'",
        "'{{'",
        "'{{ ht'",
        "'{{https:/'",
        "'{{ado:'",
        "ado://contoso",
        "'{{pat}}'",
        "https://kv1.vault.azure.net/secrets/a",
        "$(AZURE_PAT)",
        "${PAT}",
        "$env:PAT",
        "'%PAT%'",
        "'#{PAT}#'",
        "__PAT__",
        "\"[parameters('pat')]\"",
        "(Get-Secret pat)",
        "<YOUR-PAT>",
        "YOUR_PAT",
        "changeme",
        "xxxxxxxx",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ],
)
def test_what_is_no_literal_token_gives_nothing(value: str) -> None:
    assert findings(RULE, USER, f"{TASKS}pat: {value}\n") == []


@pytest.mark.parametrize("value", ["<YOUR-PAT>", "YOUR_PAT_HERE", "changeme", "'****'", "pat", "ghp_" + "x" * 36])
def test_a_placeholder_belongs_to_its_own_rule(value: str) -> None:
    text = f"{TASKS}pat: {value}\n"
    found = findings(PlaceholderLeft(), USER, text)
    assert [text[slice(*finding.span)] for finding in found] == [value.strip("'")]


def test_a_token_between_angle_brackets_is_a_token() -> None:
    text = f"{TASKS}pat: <{made_up.github(random.Random(1))}>\n"
    assert len(findings(RULE, USER, text)) == 1
    assert findings(PlaceholderLeft(), USER, text) == []


def test_every_occurrence_is_a_finding_of_its_own() -> None:
    token = made_up.azure_devops_old(random.Random(1))
    assert len(findings(RULE, USER, f"# {token} {token}\n")) == 2


def test_an_alias_is_no_second_occurrence() -> None:
    text = f"{TASKS}pat: &p MadeUp-Passw0rd\n  - name: t\n    parameters:\n      pat: *p\n"
    assert len(findings(RULE, USER, text)) == 1


def _spoiled(token: str) -> str:
    return token[:8] + ("b" if token[8] != "b" else "c") + token[9:]


def test_a_wrong_checksum_weighs_less_outside_a_token_parameter() -> None:
    token = _spoiled(made_up.github(random.Random(1)))
    (in_parameter,) = findings(RULE, USER, f"{TASKS}pat: {token}\n")
    (in_script,) = findings(RULE, USER, f"{TASKS}command: a {token}\n")
    (in_comment,) = findings(RULE, USER, f"# {token}\nname: a\n")

    assert in_parameter.severity is None
    assert in_script.severity is Severity.WARNING
    assert in_comment.severity is Severity.INFO


def test_an_old_azure_devops_token_needs_its_checksum_or_its_surroundings() -> None:
    wrong = made_up.word(random.Random(1), 51, string.ascii_lowercase + "234567") + "a"
    for text in (f"{TASKS}hash: {wrong}\n", f"{TASKS}path: {wrong}\n", f"# {wrong}\n", f"{TASKS}a: pattern {wrong}\n"):
        assert findings(RULE, USER, text) == []
    for text in (
        f"{TASKS}pat: {wrong}\n",
        f"{TASKS}command: $adoPat = '{wrong}'\n",
        f"{TASKS}command: ./a.ps1 -Pat {wrong}\n",
        f"{TASKS}command: setx AZURE_DEVOPS_EXT_PAT {wrong}\n",
        f"{TASKS}repositoryUrl: https://{wrong}@dev.azure.com/a/b/_git/c\n",
        f"# pat: {wrong}\n",
    ):
        assert len(findings(RULE, USER, text)) == 1, text


def test_hashes_and_encoded_files_are_no_tokens() -> None:
    chance = random.Random(4)
    for _ in range(200):
        hexadecimal = made_up.word(chance, 64, "0123456789abcdef")
        encoded = made_up.word(chance, 400, made_up.ALPHANUMERIC + "+/")
        assert findings(RULE, USER, f"{TASKS}sha256: {hexadecimal}\n      inline: {encoded}\n") == []


def test_the_version_of_a_secret_is_no_token() -> None:
    name = made_up.word(random.Random(1), 52, string.ascii_lowercase)
    text = f"{TASKS}pat: '{{{{https://kv1.vault.azure.net/secrets/{name}/0123456789abcdef0123456789abcdef}}}}'\n"
    assert findings(RULE, USER, text) == []


def test_a_token_in_a_file_that_does_not_parse_is_found() -> None:
    token = made_up.github(random.Random(1))
    text = f"tasks:\n  - name: a\n   parameters:\n  : [\n pat: {token}\n"
    assert [text[slice(*finding.span)] for finding in findings(RULE, USER, text)] == [token]


def test_the_default_of_a_declared_token_counts() -> None:
    text = "name: a\nparameters:\n  adoPat:\n    type: string\n    default: MadeUp-Passw0rd\ncommand: a\n"
    assert len(findings(RULE, TASK, text)) == 1
    assert len(findings(RULE, IMAGE, text)) == 1


@needs_corpus
def test_real_files_hold_one_literal_token_and_nothing_like_one() -> None:
    found = [
        (file.path.stem, len(found))
        for file in corpus()
        if file.kind is not None and (found := findings(RULE, file.kind, file.data))
    ]
    assert found == [("95969c7b5503", 1)]
