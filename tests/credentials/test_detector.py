"""The forms of access tokens and their checksums, with tokens made up here."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up_tokens as made_up
from devbox_lint.credentials.formats import (
    atlassian_holds,
    azure_devops_holds,
    azure_devops_old_holds,
    base36,
    base62,
    github_holds,
    gitlab_holds,
    marvin32,
)
from devbox_lint.credentials.tokens import FORMATS, Marks, find_tokens, may_be_shown, may_hold_token
from devbox_lint.references.placeholders import (
    is_placeholder,
    is_placeholder_credential,
    is_placeholder_variable,
    words_of,
)

Maker = Callable[[random.Random], str]


def test_marvin32_gives_the_published_value() -> None:
    # SymCrypt's own test: 64 bits of which the halves are joined.
    assert marvin32(b"abc", 0xD53CD9CECD0893B7) == 0x22C74339 ^ 0x492769BF


def test_base62_and_base36_write_the_highest_digit_first() -> None:
    assert (base62(0), base62(61), base62(62), base36(35), base36(36)) == ("0", "z", "10", "z", "10")


@pytest.mark.parametrize("maker", made_up.MAKERS, ids=lambda maker: maker.__name__)
def test_each_form_is_found_with_its_exact_place(maker: Maker) -> None:
    for seed in range(50):
        token = maker(random.Random(seed))
        text = f"# 🔑 x: '{token}', and so on"

        found = find_tokens(text)

        assert [(item.start, item.end) for item in found] == [(8, 8 + len(token))]
        assert found[0].checksum in (True, None)
        assert text[found[0].start : found[0].end] == token


@pytest.mark.parametrize("maker", made_up.MAKERS, ids=lambda maker: maker.__name__)
def test_a_description_says_no_more_than_kind_prefix_and_length(maker: Maker) -> None:
    token = maker(random.Random(7))
    found = find_tokens(token)[0]

    secret = token[len(found.format.prefix) :]
    parts = {secret[index : index + 4] for index in range(len(secret) - 3)}

    assert str(len(token)) in found.description
    assert not any(part in found.description for part in parts)


@pytest.mark.parametrize(
    ("maker", "holds"),
    [
        (made_up.azure_devops, azure_devops_holds),
        (made_up.azure_devops_old, azure_devops_old_holds),
        (made_up.github, github_holds),
        (made_up.gitlab, gitlab_holds),
        (made_up.bitbucket, atlassian_holds),
        (made_up.atlassian, atlassian_holds),
    ],
)
def test_one_changed_character_breaks_the_checksum(maker: Maker, holds: Callable[[str], bool | None]) -> None:
    for seed in range(20):
        token = maker(random.Random(seed))
        assert holds(token) is True
        at = 12
        other = "b" if token[at] != "b" else "c"
        assert holds(token[:at] + other + token[at + 1 :]) is False


def test_both_kinds_of_old_azure_devops_tokens_hold() -> None:
    for magic in (0xE0B9692D, 0x1019F92E):
        token = made_up.azure_devops_old(random.Random(1), magic)
        assert len(token) == 52
        assert token[-1] in "aq"
        assert azure_devops_old_holds(token)


def test_random_base32_does_not_hold() -> None:
    chance = random.Random(3)
    alphabet = string.ascii_lowercase + "234567"
    assert not any(azure_devops_old_holds(made_up.word(chance, 51, alphabet) + "a") for _ in range(2000))


def test_an_old_gitlab_token_without_a_version_holds_too() -> None:
    assert gitlab_holds(made_up.gitlab(random.Random(5), version=""))


@pytest.mark.parametrize("before", ["\\n", "`n", "%3A", "=", ":", "@", "(", "/", '"'])
def test_a_token_after_an_escape_is_found(before: str) -> None:
    token = made_up.github(random.Random(1))
    assert [text.start for text in find_tokens(f"a{before}{token}@github.com")] == [1 + len(before)]


def test_a_token_inside_a_longer_word_is_none() -> None:
    token = made_up.github(random.Random(1))
    assert find_tokens(f"a{token}") == []
    assert find_tokens(made_up.azure_devops_old(random.Random(1)) + "a") == []


@pytest.mark.parametrize(
    "filler", ["ghp_" + "x" * 36, "glpat-XXXXXXXXXXXXXXXXXXXX", "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"]
)
def test_a_filler_is_no_token(filler: str) -> None:
    assert find_tokens(filler) == []


@given(st.text())
def test_the_cheap_test_never_misses(text: str) -> None:
    if any(re.search(form.pattern, text) for form in FORMATS):
        assert may_hold_token(text)


@given(st.integers(0, 10_000), st.sampled_from(made_up.MAKERS), st.text(max_size=20))
def test_the_cheap_test_never_misses_a_token(seed: int, maker: Maker, around: str) -> None:
    assert may_hold_token(f"{around} {maker(random.Random(seed))} {around}")


@pytest.mark.parametrize("maker", made_up.MAKERS, ids=lambda maker: maker.__name__)
def test_a_token_may_not_be_shown(maker: Maker) -> None:
    assert not may_be_shown(maker(random.Random(11)))


def test_names_may_be_shown() -> None:
    for name in ("repoSecretBase64", "my-corporate-kv", "git_pat", "Contoso"):
        assert may_be_shown(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("adoPAT", ["ado", "pat"]),
        ("personal_access-Token2", ["personal", "access", "token", "2"]),
        ("PATValue", ["pat", "value"]),
        ("path", ["path"]),
    ],
)
def test_a_name_is_split_into_words(name: str, words: list[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    "text",
    [
        "<vault>",
        "your-org",
        "YOUR_ORG_NAME",
        "yourvault",
        "SECRET_NAME",
        "secret-name",
        "KEY_VAULT_SECRET_URI",
        "...",
        "xxxx",
        "[vault]",
        "<KEY_VAULT_SECRET_URI>",
        "vaultName",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "my-kv",
        "contoso",
        "mykeyvault",
        "yourfirm",
        "repo-name",
        "git-pat",
        "GITHUB_PAT",
        "token",
        "key-vault",
        "tenant-id",
        "user-name",
        "app-url",
        "",
    ],
)
def test_names_of_real_things_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


def test_a_parameter_called_secret_name_is_no_placeholder() -> None:
    assert is_placeholder_variable("KV_SECRET_URI")
    assert is_placeholder_variable("YOUR_PAT")
    assert not is_placeholder_variable("secretName")
    assert not is_placeholder_variable("GITHUB_PAT")


@pytest.mark.parametrize(
    "text",
    [
        "<YOUR-PAT>",
        "YOUR_PAT_HERE",
        "changeme",
        "change_me",
        "my-token",
        "insert PAT here",
        "REPLACE_ME",
        "REPLACE_WITH_PASSWORD",
        "xxxx",
        "****",
        "000000",
        "1234567890",
        "TODO",
        "pat",
        "password",
        "your-pat-here",
        "{password}",
        "&lt;pat&gt;",
    ],
)
def test_placeholders_of_credentials(text: str) -> None:
    assert is_placeholder_credential(text)


@pytest.mark.parametrize("text", ["P@ssw0rd", "Password123!", "SecureP@ssw0rd", "Welcome1", "hunter2", "a1b2c3d4e5"])
def test_a_weak_password_is_a_credential(text: str) -> None:
    assert not is_placeholder_credential(text)


@given(st.data())
def test_a_group_of_marks_finds_what_looking_for_each_finds(data: st.DataObject) -> None:
    short = st.text("abAZ=9 ", min_size=2, max_size=4)
    marks = data.draw(st.lists(short, min_size=1, max_size=12, unique=True))
    text = "".join(data.draw(st.lists(short | st.sampled_from(marks), max_size=6)))
    assert sorted(Marks(marks).found_in(text)) == sorted(mark for mark in marks if mark in text)
