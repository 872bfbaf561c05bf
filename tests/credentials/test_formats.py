"""The table of forms: each finds what is made from it, wherever it stands, and leaves near misses alone."""

from __future__ import annotations

import base64
import random
import re

import pytest

from devbox_lint.credentials.detector import find_secrets
from devbox_lint.credentials.formats import TokenFormat
from devbox_lint.credentials.tokens import FORMATS, find_tokens, is_filler, may_hold_token
from devbox_lint.credentials.vendor_formats import VENDOR_KEYS
from devbox_lint.diagnostics import Severity
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from made_from_pattern import made

HEAD = "tasks:\n  - name: t\n    parameters:\n      "
#: The forms of which an instance needs no more than itself.
ALONE = [form for form in VENDOR_KEYS if not form.accepts.__name__.startswith("stands")]
BEHIND = [form for form in VENDOR_KEYS if form.accepts.__name__.startswith("stands")]


def instance(form: TokenFormat, chance: random.Random) -> str:
    """A text of the form that is no filler."""
    while True:
        text = made(form.pattern, chance, 90)
        if not is_filler(text[len(form.prefix) :]):
            return text


def secret_in(form: TokenFormat, text: str) -> str:
    match = re.search(form.pattern, text)
    assert match is not None
    return match["secret"] if "secret" in match.re.groupindex else match.group()


def name_of(form: TokenFormat) -> str:
    return f"{form.name} {form.prefix}"


def found(text: str) -> list[str]:
    return [secret.value for secret in find_secrets(parse(SourceFile("", text)))]


@pytest.mark.parametrize("form", ALONE, ids=name_of)
def test_an_instance_is_found_wherever_it_stands(form: TokenFormat) -> None:
    chance = random.Random(form.name)
    for _ in range(5):
        text = instance(form, chance)
        secret = secret_in(form, text)
        for place in (
            f"{HEAD}note: {text}\n",
            f"{HEAD}note: '{text}'\n",
            f"{HEAD}command: |\n        run --with {text} -v\n        $x = '{text}'\n",
            f"# {text}\n{HEAD}a: b\n",
            f"{HEAD}url: https://a.example.com/?x={text}&y=1\n" if "/" not in secret and "=" not in secret else "",
        ):
            assert not place or set(found(place)) == {secret}, place.replace(secret, "…")
        encoded = base64.b64encode(f"first line\n{text}\nlast line\n".encode()).decode()
        assert found(f"{HEAD}note: {encoded}\n") == [secret]


@pytest.mark.parametrize("form", BEHIND, ids=name_of)
def test_a_form_without_a_mark_counts_behind_its_vendor(form: TokenFormat) -> None:
    chance = random.Random(form.name)
    word = form.marks[0]
    text = instance(form, chance)
    for before in (f"{word}: ", f"{word}_x = '", f"--{word} ", f"$env:{word.upper()}_X='"):
        tokens = find_tokens(f"{before}{text}'" if before.endswith("'") else before + text)
        assert [token.format.name for token in tokens] == [form.name], before
    for before in ("", "sha: ", f"{word}\n", f"the {word} that we use has the hash ", f"x{word}y: "):
        assert not [token for token in find_tokens(before + text) if token.format is form], before


@pytest.mark.parametrize("form", ALONE, ids=name_of)
def test_a_near_miss_is_left_alone(form: TokenFormat) -> None:
    chance = random.Random(form.name)
    text = instance(form, chance)
    start = text.index(secret_in(form, text))
    for other in (f"{text[:start]}x{text[start:]}" if not start else "", text[: start + 6], text.swapcase()):
        assert form not in [token.format for token in find_tokens(other)], other.replace(text, "…")


@pytest.mark.parametrize("form", FORMATS, ids=name_of)
def test_a_form_says_where_it_is_from_and_what_its_marks_are(form: TokenFormat) -> None:
    assert form.source.startswith("https://")
    chance = random.Random(form.name)
    if form.marks and form in VENDOR_KEYS:
        text = instance(form, chance)
        assert form in BEHIND or any(mark in text for mark in form.marks)
        assert not form.beside or all(mark.islower() for mark in form.marks)
        assert form in BEHIND or may_hold_token(text)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("note: AKIA2OGYBAH6SGHTXQZM", Severity.WARNING),
        ("accessKey: AKIA2OGYBAH6SGHTXQZM", None),
        ("note: AKIAIOSFODNN7EXAMPLE", "none"),
        ("note: sk_test_4eC39HqLyjWDarjtT1zdp7dc", Severity.WARNING),
    ],
)
def test_what_may_be_public_is_a_warning_until_its_name_says_more(text: str, severity: Severity | str | None) -> None:
    secrets = find_secrets(parse(SourceFile("", f"{HEAD}{text}\n")))
    assert [secret.severity for secret in secrets] == ([] if severity == "none" else [severity])
