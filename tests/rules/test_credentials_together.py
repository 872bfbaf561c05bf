"""The rules on credentials together: one finding for each secret, with nothing of it in any message."""

from __future__ import annotations

import random

import pytest

import made_up_tokens as made_up
from devbox_lint.credentials.detector import find_secrets
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Severity
from devbox_lint.rule import IMAGE, TASK, USER, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules.credentials.credential_in_command import CredentialInCommand
from devbox_lint_rules.credentials.credential_in_parameter import CredentialInParameter
from devbox_lint_rules.credentials.credential_in_url import CredentialInUrl
from devbox_lint_rules.credentials.encoded_credential import EncodedCredential
from devbox_lint_rules.credentials.plaintext_credential import PlaintextCredential
from devbox_lint_rules.credentials.plaintext_pat import PlaintextPat
from devbox_lint_rules.references.malformed_secret_uri import MalformedSecretUri
from devbox_lint_rules.references.placeholder_left import PlaceholderLeft
from support import apply, corpus, findings, needs_corpus, unmark

RULES: tuple[Rule, ...] = (
    PlaintextPat(),
    PlaintextCredential(),
    CredentialInUrl(),
    CredentialInCommand(),
    CredentialInParameter(),
    EncodedCredential(),
)
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-{index}") for rule in RULES for index, example in enumerate(rule.bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-{index}") for rule in RULES for index, example in enumerate(rule.good)
]
CLONE = "tasks:\n  - name: ~/gitclone\n    parameters:\n      "


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_what_one_rule_reports_no_other_of_the_group_does(rule: Rule, example: Example) -> None:
    text, spans = unmark(example.text)
    reported = {other.code: [found.span for found in findings(other, example.kind, text)] for other in RULES}

    assert reported == {other.code: spans if other is rule else [] for other in RULES}


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_what_is_good_for_one_rule_is_good_for_all_of_the_group(rule: Rule, example: Example) -> None:
    for other in RULES:
        assert findings(other, example.kind, example.text) == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_no_message_holds_a_part_of_a_secret(rule: Rule, example: Example) -> None:
    text, spans = unmark(example.text)
    for found in findings(rule, example.kind, text):
        said = f"{found.message} {found.help} {found.fix}"
        for start, end in spans:
            parts = {text[index : index + 5] for index in range(start, end - 4)}
            # Of the word password our own messages speak too.
            assert [part for part in parts if part in said and part not in "Password"] == []


@pytest.mark.parametrize("kind", [IMAGE, USER])
def test_the_repair_writes_a_reference_that_waits_for_the_names(kind: object) -> None:
    token = made_up.azure_devops(random.Random(1))
    text = f"{CLONE}pat: {token}\n"
    (found,) = findings(PlaintextPat(), USER if kind is USER else IMAGE, text)
    assert found.fix is not None
    assert not found.fix.safe
    assert found.help is not None
    assert found.help.startswith("revoke")
    assert found.help.startswith("revoke it first")
    assert "az keyvault secret set --vault-name VAULT --name NAME --file" in found.help
    assert "--value" not in found.help

    fixed = apply(text, list(found.fix.edits))

    assert findings(PlaintextPat(), USER, fixed) == []
    assert [fixed[slice(*left.span)] for left in findings(PlaceholderLeft(), USER, fixed)] == ["YOUR-VAULT", "YOUR-PAT"]
    assert findings(MalformedSecretUri(), USER, fixed) == []


@pytest.mark.parametrize("value", ["Zq7-vW9x", "'Zq7-vW9x'", '"Zq7-vW9x"', "&a Zq7-vW9x", "{ pat: Zq7-vW9x }"])
def test_the_repair_leaves_what_is_around_the_value(value: str) -> None:
    text = f"{CLONE}pat: {value}\n" if "{" not in value else f"tasks:\n  - name: t\n    parameters: {value}\n"
    (found,) = findings(PlaintextPat(), USER, text)
    assert found.fix is not None
    fixed = apply(text, list(found.fix.edits))
    bare = value.replace("{ pat: ", "").replace(" }", "").removeprefix("&a ")
    assert fixed == text.replace(bare, '"{{https://YOUR-VAULT.vault.azure.net/secrets/YOUR-PAT}}"')


def test_where_the_service_resolves_nothing_there_is_no_repair() -> None:
    declared = "name: t\nparameters:\n  pat:\n    type: string\n    default: Zq7-vW9x\ncommand: a\n"
    block = f"{CLONE}pat: |\n        Zq7-vW9x\n"
    for kind, text in ((TASK, declared), (IMAGE, declared), (USER, block)):
        (found,) = findings(PlaintextPat(), kind, text)
        assert found.fix is None


#: The files of the corpus that hold a credential in plain text: what is found in each, all read by eye.
REAL = {
    "48c9210e9c00": [(8, SecretKind.ENCODED, None)],
    "ca9ddbe9e33e": [(8, SecretKind.ENCODED, None)],
    "2ced411b46a0": [(8, SecretKind.ENCODED, None)],
    "560aee473017": [(5, SecretKind.ENCODED, None)],
    "a90772461a87": [(6, SecretKind.ENCODED, None)],
    "7ea76cc28899": [(21, SecretKind.COMMAND, None)],
    "a2debb9171bb": [(78, SecretKind.COMMAND, None)],
    "82c86bf6db51": [(98, SecretKind.COMMAND, Severity.WARNING)],
    "95969c7b5503": [(9, SecretKind.TOKEN, None)],
    # Signatures in a comment, which have expired.
    "897a58207a25": [(14, SecretKind.SERVICE, Severity.INFO)],
    "cbfdc92bad16": [(14, SecretKind.SERVICE, Severity.INFO)],
    "e1ddabfc1465": [(14, SecretKind.SERVICE, Severity.INFO)],
    "e98b19ec82c9": [(14, SecretKind.SERVICE, Severity.INFO)],
    # The sample of the documentation, in a comment.
    "9dbefda1c997": [(9, SecretKind.ENCODED, Severity.INFO)],
    "dc377aaef73e": [(7, SecretKind.ENCODED, Severity.INFO)],
}


@needs_corpus
def test_real_files_hold_these_credentials_and_no_others() -> None:
    found = {}
    for file in corpus():
        source = SourceFile.from_bytes("", file.data)
        secrets = find_secrets(parse(source))
        if secrets:
            found[file.path.stem] = [
                (source.position(secret.span.start).line + 1, secret.kind, secret.severity) for secret in secrets
            ]
    assert found == REAL
