"""What is covered of a file, and that everything else keeps its place."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up_tokens as made_up
from devbox_lint.credentials.detector import Secret
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.credentials.masking import Mask, mask_of, traceback_of
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.engine import check
from devbox_lint.rule import Context, Rule
from devbox_lint.source import SourceFile

HEAD = "tasks:\n  - name: t\n    parameters:\n      "


def covered(text: str) -> str:
    return mask_of(SourceFile("", text)).covered(text)


def test_only_the_secret_is_covered() -> None:
    assert covered(f"{HEAD}password: Zq7-vW9x!\n      other: a\n") == f"{HEAD}password: *********\n      other: a\n"


def test_every_repetition_is_covered_and_what_addresses_make_of_it() -> None:
    text = (
        f"{HEAD}password: 'p/+q%:Z9'\n      a: xp/+q%:Z9y\n      b: https://h/?x=p%2F%2Bq%25%3AZ9&y=p%2f%2bq%25%3aZ9\n"
    )
    assert "Z9" not in covered(text)
    assert "p%2" not in covered(text)
    assert covered(text).count("*") == 8 * 2 + 16 * 2


def test_a_token_inside_a_longer_word_is_covered_where_it_was_found_elsewhere() -> None:
    token = made_up.github(random.Random(1))
    text = f"{HEAD}a: {token}\n      b: x{token}y\n"
    assert token[4:9] not in covered(text)


def test_base64_of_a_secret_is_covered() -> None:
    from base64 import b64encode

    text = f"{HEAD}password: Zq7-vW9x!\n      a: {b64encode(b'Zq7-vW9x!').decode()}\n"
    assert b64encode(b"Zq7-vW9x!").decode() not in covered(text)


def test_line_breaks_stay() -> None:
    key = made_up.private_key(random.Random(1)).replace("\n", "\n        ")
    text = f"{HEAD}x: |\n        {key}\n      y: 1\n"
    assert [len(line) for line in covered(text).splitlines()] == [len(line) for line in text.splitlines()]
    assert covered(text).endswith("\n      y: 1\n")
    assert not any(line.strip() in covered(text) for line in key.splitlines()[1:-1])


def test_a_short_secret_is_covered_as_a_word_only() -> None:
    mask = mask_of(SourceFile("", "tasks:\n  - name: t\n    parameters:\n      pat: abc\n      x: abc abcd\n"))
    assert mask.conceal("abc abcd") == "*** abcd"


def test_a_file_with_very_many_secrets_is_covered_as_a_whole() -> None:
    chance = random.Random(1)
    text = "\n".join(f"# {made_up.github(chance)}" for _ in range(600))
    assert set(covered(text)) == {"*", "\n"}
    assert mask_of(SourceFile("", text)).conceal("`ghp_x` is wrong") == "`***_*` ** *****"


def test_a_file_without_secrets_is_shown_as_it_is() -> None:
    text = "$schema: 1.0\nname: a\nimage: b\n"
    assert mask_of(SourceFile("", text)).spans == ()
    assert covered(text) == text


def mask_with(text: str, *values: str) -> Mask:
    """The mask of a text with secrets that stand where they first do."""
    places = [Span(text.index(value), text.index(value) + len(value)) for value in values]
    found = zip(places, values, strict=True)
    return Mask(text, [Secret(SecretKind.COMMAND, span, "", "", value) for span, value in found])


@pytest.mark.parametrize(
    "form",
    [
        "Zq7/vW9x+ä",
        "Zq7%2FvW9x%2B%C3%A4",
        "Zq7%2fvW9x%2b%c3%a4",
        "Zq7/vW9x%2B%C3%A4",
        "WnE3L3ZXOXgrw6Q=",
        "WnE3L3ZXOXgrw6Q",
    ],
)
def test_a_secret_is_covered_in_each_form_that_a_quotation_takes(form: str) -> None:
    assert mask_with("Zq7/vW9x+ä", "Zq7/vW9x+ä").conceal(f"a {form} b").replace("=", "*") == f"a {'*' * len(form)} b"


def test_a_secret_with_a_blank_is_covered_in_an_address() -> None:
    assert mask_with("Zq7/vW 9x", "Zq7/vW 9x").conceal("a Zq7%2FvW%209x b Zq7%2FvW+9x") == f"a {'*' * 13} b {'*' * 11}"


def test_secrets_that_touch_are_covered_as_one() -> None:
    assert mask_with("abcdefgh, ijkl", "abcd", "efgh", "ijkl").spans == (Span(0, 8), Span(10, 14))
    assert mask_with("abcdef, ghij", "abcd", "cdef").spans == (Span(0, 6),)


def test_a_short_secret_after_the_first_letter_is_no_word_of_its_own() -> None:
    assert mask_with("abc: x", "abc").conceal("xabc abc_ abc") == "xabc abc_ ***"


def test_as_many_secrets_as_can_be_looked_for_are_covered_one_by_one() -> None:
    values = [f"secret-{number:03}" for number in range(501)]
    text = "\n".join(values)

    assert not mask_with(text, *values[:500]).covers_all
    assert mask_with(text, *values[:500]).covered(text).endswith("*\nsecret-500")
    assert mask_with(text, *values).covers_all


def test_a_mask_of_places_covers_nothing_elsewhere() -> None:
    mask = Mask.of_spans([Span(1, 3)])

    assert (mask.covered("abcd"), mask.conceal("abcd"), mask.covers_all) == ("a**d", "abcd", False)


@pytest.mark.parametrize("name", ["pat", "password"])
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=4, max_size=40))
def test_no_secret_is_seen_whatever_it_is(name: str, secret: str) -> None:
    quoted = "'" + secret.replace("'", "''") + "'"
    text = f"{HEAD}{name}: {quoted}\n      a: {quoted}\n"
    mask = mask_of(SourceFile("", text))
    if mask.spans:
        values = [line.partition(": ")[2] for line in mask.covered(text).splitlines()[-2:]]
        assert not any(secret.strip() in value for value in values)
        assert len(mask.covered(text)) == len(text)


@given(st.lists(st.text("ab-1 \n", min_size=1, max_size=8), max_size=5), st.text("ab-1 \n'", max_size=60))
def test_covering_keeps_every_place(values: list[str], text: str) -> None:
    secrets = [Secret(SecretKind.COMMAND, Span(0, min(2, len(text))), "", "", value) for value in values]
    assert len(Mask(text, secrets).covered(text)) == len(text)


class _Crashing(Rule):
    code = "DBX999"
    name = "crashing"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterator[Finding]:
        try:
            raise KeyError(context.source.text[40:70])
        except KeyError as error:
            raise ValueError(repr(context.source.text)) from error


def test_a_traceback_does_not_quote_the_file() -> None:
    secret = "Zq7-vW9x!"
    result = check(SourceFile("workload.yaml", f"{HEAD}password: {secret}\n"), [_Crashing()], Kind.USER)
    (crash,) = result.crashes
    assert "ValueError" in crash
    assert "KeyError" in crash
    assert secret not in crash
    assert "Zq7" not in crash


def test_a_traceback_says_where_the_bug_is() -> None:
    try:
        raise ValueError("Zq7-vW9x!")
    except ValueError as error:
        shown = traceback_of(error)
    assert "test_masking.py" in shown
    assert shown.endswith("ValueError: its words may quote a file\n")


@pytest.mark.parametrize(
    "lines",
    [
        "}}   adminPassword:\n      Zq7vW9xK",
        "x     adminPassword: |\n      Zq7vW9xK",
        "$   adminPassword: `Zq7vW9xK",
        "adminPassword:\n      - Zq7vW9xK\n      b: [",
        "- nae: DB_PASSWORD\n        value: *Zq7vW9xK",
        "other: *Zq7vW9xK",
    ],
)
def test_what_a_name_is_given_is_covered_whatever_has_got_in_front_of_it(lines: str) -> None:
    assert "Zq7" not in covered(f"{HEAD}{lines}\n")
