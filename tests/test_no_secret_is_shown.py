"""The whole product over a secret in each position and broken form: nothing that is shown has six characters of it."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from command_line import environment, lint
from devbox_lint.credentials.detector import find_secrets
from devbox_lint.run.options import FORMATS
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from lsp.client import Client
from secret_forms import FILES, PARAMETERS, SCRIPTS, all_forms, found_forms

pytestmark = pytest.mark.slow

PART = 6
FORMS = all_forms()
ALL = ("--select", "ALL", "--severity", "info")


class Planted(NamedTuple):
    """A folder with one file for each form, and the parts of the secret in each that nothing may hold."""

    folder: Path
    texts: dict[str, str]
    parts: dict[str, str]

    def leaks(self, output: str) -> list[str]:
        """The forms of which a part is in the output, without any of its characters."""
        found = {
            self.parts[output[at : at + PART]] for at in range(len(output)) if output[at : at + PART] in self.parts
        }
        return sorted(found)


def secret_of(chance: random.Random) -> str:
    """A password with letters of both cases and digits, which no word of a message has a part of."""
    body = [chance.choice(string.ascii_letters + string.digits) for _ in range(chance.randrange(10, 16))]
    for index, alphabet in enumerate((string.ascii_uppercase, string.digits, string.ascii_lowercase)):
        body[index * 4 : index * 4 + 1] = chance.choice(alphabet)
    return "".join(body)


def parts_of(secret: str) -> Iterator[str]:
    """Six characters in a row of a secret, as it is, percent-encoded, and in base64 at each of its three places."""
    encoded = {secret, quote(secret, safe=""), "".join(f"%{ord(character):02X}" for character in secret)}
    for before in ("", "a", "ab"):
        whole = base64.b64encode((before + secret).encode()).decode().rstrip("=")
        encoded.add(whole[-(-len(before) * 8 // 6) : len(before + secret) * 8 // 6])
    for text in encoded:
        for at in range(len(text) - PART + 1):
            yield text[at : at + PART]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("planted")
    chance = random.Random(17)
    texts, parts = {}, {}
    for number, form in enumerate(FORMS):
        secret = secret_of(chance)
        path = folder / f"n{number}" / "imagedefinition.yaml"
        path.parent.mkdir()
        texts[str(path)] = form.replace("X", secret)
        path.write_text(texts[str(path)], encoding="utf-8")
        parts.update(dict.fromkeys(parts_of(secret), f"form {number}: {form[-60:]!r}"))
    return Planted(folder, texts, parts)


def test_the_forms_are_many() -> None:
    assert len(PARAMETERS) > 80
    assert len(SCRIPTS) > 20
    assert len(FILES) > 10
    assert len(set(FORMS)) == len(FORMS)


def test_the_test_can_fail(planted: Planted) -> None:
    assert len(planted.leaks("\n".join(planted.texts.values()))) == len(FORMS)


@pytest.mark.parametrize("output", FORMATS)
def test_no_report(planted: Planted, output: str) -> None:
    done = lint(planted.folder, *ALL, "--no-cache", "--output-format", output, ".", DEVBOX_LINT_DEBUG="1")
    assert done.code == 1, done.err
    assert len(done.out) > 10_000
    assert planted.leaks(done.out + done.err) == []


def test_no_page_over_many_repositories(planted: Planted, tmp_path: Path) -> None:
    for name in ("a", "b"):
        lint(planted.folder, *ALL, "--no-cache", "--output", f"json:{tmp_path / name}.json", ".")
    for form in ("text", "html", "markdown"):
        done = lint(tmp_path, "report", ".", "--before", "a.json", "--output-format", form)
        assert done.code == 0, done.err
        assert "findings" in done.out or "error" in done.out
        assert planted.leaks(done.out + done.err) == []


@pytest.mark.parametrize("fixes", [("--diff",), ("--diff", "--unsafe-fixes")], ids=["safe", "unsafe"])
def test_no_diff(planted: Planted, fixes: tuple[str, ...]) -> None:
    done = lint(planted.folder, *ALL, "--no-cache", *fixes, ".")
    assert "@@" in done.out, done.err
    assert planted.leaks(done.out + done.err) == []


@pytest.mark.parametrize("fixes", [("--fix",), ("--fix", "--unsafe-fixes")], ids=["safe", "unsafe"])
def test_no_report_of_fixes(planted: Planted, fixes: tuple[str, ...], tmp_path: Path) -> None:
    for path, text in planted.texts.items():
        (tmp_path / Path(path).parent.name).mkdir()
        (tmp_path / Path(path).parent.name / "imagedefinition.yaml").write_text(text, encoding="utf-8")
    done = lint(tmp_path, *ALL, "--no-cache", *fixes, ".")
    assert len(done.out + done.err) > 1000
    assert planted.leaks(done.out + done.err) == []


def test_no_baseline_and_no_cache(planted: Planted, tmp_path: Path) -> None:
    baseline = tmp_path / "known.txt"
    caches = tmp_path / "caches"
    kept = {"XDG_CACHE_HOME": str(caches), "LOCALAPPDATA": str(caches)}
    lint(planted.folder, *ALL, "--baseline", str(baseline), "--write-baseline", ".", **kept)
    for _ in range(2):
        done = lint(planted.folder, *ALL, ".", **kept)
        assert planted.leaks(done.out + done.err) == []
    assert planted.leaks(baseline.read_text("utf-8")) == []
    files = [path for path in caches.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert planted.leaks(path.read_bytes().decode("utf-8", "replace")) == []


def _texts(value: Any) -> Iterator[str]:
    """All texts of a message but those of edits, which the editor puts into the file that it has."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "newText":
                yield from _texts(item)


def test_no_message_of_the_language_server(planted: Planted) -> None:
    with Client(environment=environment()) as client:
        client.initialize()
        for path, text in planted.texts.items():
            uri = Path(path).as_uri()
            client.open(uri, text)
            said = client.published(uri)
            document = {"textDocument": {"uri": uri}}
            last = {"line": text.count("\n"), "character": 0}
            whole = {"start": {"line": 0, "character": 0}, "end": last}
            answers = [
                said,
                client.request("textDocument/documentSymbol", document),
                client.request(
                    "textDocument/codeAction", {**document, "range": whole, "context": {"diagnostics": said}}
                ),
                client.request("textDocument/documentLink", document),
            ]
            for line in range(4, last["line"]):
                place = {**document, "position": {"line": line, "character": 12}}
                answers.append(client.request("textDocument/hover", place))
                answers.append(client.request("textDocument/completion", place))
            assert planted.leaks("\n".join(_texts(answers))) == []
        assert planted.leaks("\n".join(client.logged) + client.stderr) == []
        assert planted.leaks(json.dumps([message.get("params") for message in client.notifications])) == []


@pytest.mark.parametrize("form", found_forms())
def test_it_is_found_too(form: str) -> None:
    secret = secret_of(random.Random(form))
    text = form.replace("X", secret)
    found = [text[slice(*item.span)] for item in find_secrets(parse(SourceFile("", text)))]
    assert any(secret in item or item in secret for item in found)


def test_a_message_is_masked_in_part() -> None:
    from devbox_lint.credentials.masking import mask_of

    mask = mask_of(SourceFile("", "tasks:\n  - name: a\n    parameters:\n      password: 'Zq7-vW9xKe2'\n"))
    assert mask.conceal("it is Zq7-v and vW9xKe2, the password") == "it is ***** and *******, the password"
