"""The rules on references where their own examples do not reach: places, borders between rules, real files."""

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Finding
from devbox_lint.rule import IMAGE, USER, Rule
from devbox_lint_rules.references.ado_in_team_file import AdoInTeamFile
from devbox_lint_rules.references.ado_organization_mismatch import AdoOrganizationMismatch
from devbox_lint_rules.references.bare_ado import BareAdo
from devbox_lint_rules.references.foreign_expression import ForeignExpression
from devbox_lint_rules.references.malformed_ado_reference import MalformedAdoReference
from devbox_lint_rules.references.malformed_secret_uri import MalformedSecretUri
from devbox_lint_rules.references.not_a_secret import NotASecret
from devbox_lint_rules.references.not_resolved_locally import NotResolvedLocally
from devbox_lint_rules.references.pinned_secret_version import PinnedSecretVersion
from devbox_lint_rules.references.placeholder_left import PlaceholderLeft
from devbox_lint_rules.references.private_link_host import PrivateLinkHost
from devbox_lint_rules.references.reference_outside_parameters import ReferenceOutsideParameters
from devbox_lint_rules.references.secret_exposed import SecretExposed
from devbox_lint_rules.references.secret_uri_without_braces import SecretUriWithoutBraces
from devbox_lint_rules.references.unclosed_reference import UnclosedReference
from devbox_lint_rules.references.undeclared_parameter import UndeclaredParameter
from support import apply, corpus, findings, needs_corpus, unmark

RULES: tuple[Rule, ...] = (
    MalformedSecretUri(),
    NotASecret(),
    PrivateLinkHost(),
    SecretUriWithoutBraces(),
    PlaceholderLeft(),
    MalformedAdoReference(),
    AdoInTeamFile(),
    AdoOrganizationMismatch(),
    BareAdo(),
    UndeclaredParameter(),
    ForeignExpression(),
    UnclosedReference(),
    ReferenceOutsideParameters(),
    SecretExposed(),
)
KV = "https://kv1.vault.azure.net/secrets"


def _found(kind: Kind, text: str) -> list[tuple[str, str]]:
    """What every rule but the informing ones marks, as (code, marked text)."""
    plain, _ = unmark(text)
    found: list[tuple[int, str, str]] = []
    for rule in RULES:
        if kind in rule.kinds:
            found.extend((f.span.start, rule.code, plain[slice(*f.span)]) for f in findings(rule, kind, plain))
    return [(code, marked) for _, code, marked in sorted(found)]


def _value(value: str, kind: Kind = USER, name: str = "pat") -> list[tuple[str, str]]:
    return _found(kind, f"tasks:\n  - name: t\n    parameters:\n      {name}: {value}\n")


def _script(script: str, kind: Kind = USER) -> list[tuple[str, str]]:
    lines = "".join(f"        {line}\n" for line in script.splitlines())
    return _found(kind, f"tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n{lines}")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"{KV}/a", []),
        (f"{KV}/a/", []),
        ("https://kv1.vault.usgovcloudapi.net/secrets/a", []),
        ("https://kv1.vault.microsoftazure.de/secrets/a", []),
        ("kv1.vault.azure.net/secrets/a", ["kv1.vault.azure.net"]),
        ("https:/kv1.vault.azure.net/secrets/a", ["https:/"]),
        ("https//kv1.vault.azure.net/secrets/a", ["https//"]),
        ("https:\\kv1.vault.azure.net\\secrets\\a", ["https:\\", "\\", "\\"]),
        ("htps://kv1.vault.azure.net/secrets/a", ["htps://"]),
        ("keyvault://kv1/a", ["keyvault://kv1/a"]),
        ("https://kv1.vaults.azure.net/secrets/a", ["vaults.azure.net"]),
        ("https://kv1.vault.azur.net/secrets/a", ["vault.azur.net"]),
        ("https://kv1.vault.azure.net./secrets/a", ["vault.azure.net."]),
        ("https://kv1.keyvault.azure.net/secrets/a", ["keyvault.azure.net"]),
        ("https://kv1.vault.azure.us/secrets/a", ["vault.azure.us"]),
        ("https://kv1.azure.net/a", ["kv1.azure.net"]),
        ("https://kv1/secrets/a", ["kv1"]),
        ("https://kv1.managedhsm.azure.net/secrets/a", ["kv1.managedhsm.azure.net"]),
        ("https://example.com/secrets/a_b", ["example.com", "_"]),
        ("https://vault.azure.net/secrets/a", ["vault.azure.net"]),
        ("https://a.kv1.vault.azure.net/secrets/a", ["a.kv1"]),
        ("https://kv.vault.azure.net/secrets/a", ["kv"]),
        ("https://kv--1.vault.azure.net/secrets/a", ["kv--1"]),
        ("https://kv1-.vault.azure.net/secrets/a", ["kv1-"]),
        (f"https://{'k' * 24}.vault.azure.net/secrets/a", []),
        (f"https://{'k' * 25}.vault.azure.net/secrets/a", ["k" * 25]),
        ("https://$vault.vault.azure.net/secrets/a", ["$vault"]),
        ("https://kv1.vault.azure.net:8200/secrets/a", [":8200"]),
        ("https://kv1.vault.azure.net", ["https://kv1.vault.azure.net"]),
        ("https://kv1.vault.azure.net/", ["https://kv1.vault.azure.net/"]),
        ("https://kv1.vault.azure.net/secrets/", ["secrets"]),
        ("https://kv1.vault.azure.net/secret", ["secret"]),
        ("https://kv1.vault.azure.net/Secrets/a", []),
        ("https://kv1.vault.azure.net/secerts/a", ["secerts"]),
        ("https://kv1.vault.azure.net/foo/a", ["foo"]),
        ("https://kv1.vault.azure.net/a", ["a"]),
        (f"{KV}/my_secret", ["_"]),
        (f"{KV}/my secret", [" "]),
        (f"{KV}/{'a' * 127}", []),
        (f"{KV}/{'a' * 128}", ["a" * 128]),
        (f"{KV}/a/latest", ["latest"]),
        (f"{KV}/a/0123456789abcdef0123456789abcde", ["0123456789abcdef0123456789abcde"]),
        (f"{KV}/a/0123456789ABCDEF0123456789abcdef", []),
        (f"{KV}/a/0123456789abcdef0123456789abcdef/b", ["/b"]),
        (f"{KV}/a#top", ["#top"]),
        ("https:///secrets", ["secrets"]),
        ("https://", ["https://"]),
        ("https://kv1.vault.azure.net/<collection>/a b", []),
    ],
)
def test_the_wrong_part_of_an_address_is_marked(address: str, expected: list[str]) -> None:
    assert _value(f"'{{{{{address}}}}}'") == [("DBX301", part) for part in expected]


@pytest.mark.parametrize(
    ("address", "fixed"),
    [
        ("http://kv1.vaults.azure.net/secret/a/latest?x=1", f"{KV}/a"),
        ("kv1.vault.azure.net/a", f"{KV}/a"),
        ("https:/kv1.azure.net/secrets/a", f"{KV}/a"),
        ("https://kv1.vault.azure.com/secerts/a", f"{KV}/a"),
        ("https://kv1.vaultcore.azure.net/secrets/a", f"{KV}/a"),
        ("https://kv1.keyvault.usgovcloudapi.net/secrets/a", "https://kv1.vault.usgovcloudapi.net/secrets/a"),
    ],
)
def test_all_certain_repairs_together_give_a_right_address(address: str, fixed: str) -> None:
    text = f"tasks:\n  - name: t\n    parameters:\n      pat: '{{{{{address}}}}}'\n"
    found = findings(MalformedSecretUri(), USER, text)
    assert all(finding.fix is not None and finding.fix.safe for finding in found)
    repaired = apply(text, [edit for finding in found if finding.fix for edit in finding.fix.edits])
    assert repaired == f"tasks:\n  - name: t\n    parameters:\n      pat: '{{{{{fixed}}}}}'\n"


@pytest.mark.parametrize(
    ("address", "marked", "message"),
    [
        (
            "ado://dev.azure.com/contoso/web",
            "dev.azure.com/contoso/web",
            "the name of the organization is enough: write `ado://contoso`",
        ),
        (
            "ado://dev.azure.com",
            "dev.azure.com",
            "the name of the organization is enough: write `ado://ORGANIZATION`",
        ),
        (
            "ado://contoso.visualstudio.com",
            "contoso.visualstudio.com",
            "an organization's name has letters, digits and hyphens only, 50 at most",
        ),
    ],
)
def test_an_organization_is_asked_for_by_its_name(address: str, marked: str, message: str) -> None:
    text = f"userTasks:\n  - name: t\n    parameters:\n      pat: '{{{{{address}}}}}'\n"
    (found,) = findings(MalformedAdoReference(), USER, text)

    assert (text[slice(*found.span)], found.message) == (marked, message)


def test_an_address_with_a_credential_in_it_is_not_repeated() -> None:
    text = "tasks:\n  - name: t\n    parameters:\n      pat: '{{https://me:Passw0rd@kv1.vault.azure.net/secrets/a}}'\n"
    found = findings(MalformedSecretUri(), USER, text)
    assert found
    assert not any("Passw0rd" in finding.message + str(finding.help) for finding in found)


def test_each_value_has_one_owner() -> None:
    assert _value("'{{https://kv1.privatelink.vaultcore.azure.net/secrets/a}}'") == [
        ("DBX303", "privatelink.vaultcore.azure.net")
    ]
    assert _value("'{{https://kv1.vault.azure.net/keys/a}}'") == [("DBX302", "keys")]
    assert _value("'{{https://<vault>.vault.azure.net/secrets/<name>}}'") == [
        ("DBX305", "<vault>"),
        ("DBX305", "<name>"),
    ]
    assert _value("'{{https://dev.azure.com/contoso}}'") == [("DBX306", "https://dev.azure.com/contoso")]
    assert _value("'{{ado:/contoso}}'", IMAGE) == [("DBX306", "ado:/")]
    assert _value("'{{ado}}'", IMAGE) == [("DBX307", "{{ado}}")]
    assert _value("'{{ado}}'") == [("DBX309", "{{ado}}")]
    assert _value("'{{GITHUB_PAT}}'", IMAGE) == [("DBX310", "{{GITHUB_PAT}}")]
    assert _value("'{{GITHUB_PAT}}'") == [("DBX305", "{{GITHUB_PAT}}")]
    assert _value("'{{KEY_VAULT_SECRET_URI}}'", IMAGE) == [("DBX305", "{{KEY_VAULT_SECRET_URI}}")]
    assert _value(f"'{{{{{KV}/a'") == [("DBX312", f"{{{{{KV}/a")]
    assert _value(f"{KV}/a") == [("DBX304", f"{KV}/a")]


@pytest.mark.parametrize(
    "value",
    [
        f"'{{{{{KV}/a}}}}'",
        f"'{{{{ {KV}/a/0123456789abcdef0123456789abcdef }}}}'",
        "'{{ado://contoso}}'",
        "'{{.State}}'",
        "'{{ range .Items }}{{ .Name }}{{ end }}'",
    ],
)
def test_a_good_value_gives_nothing(value: str) -> None:
    assert _value(value) == []


HOW_TO = """\
$schema: "1.0"
tasks:
  - name: git-clone
    description: Clone this repository into C:\\Workspaces
    parameters:
      repositoryUrl: https://myazdo.visualstudio.com/MyProject/_git/myrepo
      directory: C:\\Workspaces
      pat: '{value}'
"""


def test_the_examples_of_the_how_to_are_told_from_finished_files() -> None:
    assert _found(USER, HOW_TO.replace("{value}", "{{KEY_VAULT_SECRET_URI}}")) == [
        ("DBX305", "{{KEY_VAULT_SECRET_URI}}")
    ]
    assert _found(USER, HOW_TO.replace("{value}", "{{ado://YOUR_ORG_NAME}}")) == [("DBX305", "YOUR_ORG_NAME")]
    assert _script(
        "az login --service-principal `\n  --username <appId> `\n"
        "  --password {{https://mykeyvault.vault.azure.net/secrets/password}} `\n  --tenant <tenantId>\n"
        "az storage blob download `\n  --account-name <storage_account_name> `\n"
        "  --container-name <container_name> `\n  --name <blob_name> `\n  --file <local_file_path> `\n"
        "  --auth-mode login"
    ) == [
        ("DBX305", part)
        for part in (
            "<appId>",
            "<tenantId>",
            "<storage_account_name>",
            "<container_name>",
            "<blob_name>",
            "<local_file_path>",
        )
    ]


@pytest.mark.parametrize(
    "script",
    [
        "<# <name> #> a",
        "# a <name>",
        "$list = [System.Collections.Generic.List[string]]::new()",
        "Add-Type 'class A { List<string> b; }'",
        '$x = @"\nKEY=<your-key>\n"@',
        "[xml]$x = '<Project><PropertyGroup>'\n$x = '</Project>'",
        'Write-Host "<your key>"',
        "(Get-Content a) -replace '<your-key>', $key",
        "$s = '<your-key>'; $t.Replace($s, $key)",
        'cmd /c "sort <in.txt>out.txt"',
        "if ($a -lt 3 -and $b -gt 4) { }",
        "git clone https://github.com/a/b 2>&1",
    ],
)
def test_angle_brackets_that_are_no_placeholders(script: str) -> None:
    assert _script(script) == []


@pytest.mark.parametrize(
    ("script", "marked"),
    [
        ("az login --tenant '<tenant-id>'", "<tenant-id>"),
        ('$subscription = "<subscription id>"', "<subscription id>"),
        ("git clone https://dev.azure.com/<org>/web", "<org>"),
        ("az login --tenant=<tenantId>", "<tenantId>"),
    ],
)
def test_operands_that_are_placeholders(script: str, marked: str) -> None:
    assert _script(script) == [("DBX305", marked)]


def test_what_stands_in_a_placeholder_is_not_repeated_when_it_may_be_a_secret() -> None:
    text = "tasks:\n  - name: t\n    parameters:\n      pat: <MyReal1Password>\n      a: <Real2Password>\n"
    found = findings(PlaceholderLeft(), USER, text)
    assert len(found) == 2
    assert not any("Password" in finding.message for finding in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("      command: >-\n        a\n        b --p\n        {{«http://»kv1.vault.azure.net/secrets/a}}\n", 1),
        ('      command: "\\u0041 \\t {{«http://»kv1.vault.azure.net/secrets/a}}"\n', 1),
        ("      command: 'it''s\n        {{«http://»kv1.vault.azure.net/secrets/a}}'\n", 1),
        ("      command: a 🔑\n        b {{«http://»kv1.vault.azure.net/secrets/a}}\n", 1),
        ("      list: [a, 'x {{«http://»kv1.vault.azure.net/secrets/a}}']\n", 1),
        ("      nested:\n        deep:\n          - k: x {{«http://»kv1.vault.azure.net/secrets/a}}\n", 1),
    ],
)
def test_the_place_is_exact_in_every_kind_of_scalar(text: str, expected: int) -> None:
    plain, spans = unmark("tasks:\n  - name: t\n    parameters:\n" + text)
    for document in (plain, plain.replace("\n", "\r\n")):
        found = findings(MalformedSecretUri(), USER, document)
        assert [document[slice(*finding.span)] for finding in found] == ["http://"] * expected
    assert [finding.span for finding in findings(MalformedSecretUri(), USER, plain)] == spans


def test_an_anchored_value_is_judged_once() -> None:
    text = (
        "tasks:\n  - name: t\n    parameters:\n      pat: &p '{{http://kv1.vault.azure.net/secrets/a}}'\n"
        "  - name: t\n    parameters:\n      pat: *p\n"
    )
    assert len(findings(MalformedSecretUri(), USER, text)) == 1


def test_a_reference_in_a_declaration_is_judged() -> None:
    text = "variables:\n  pat:\n    type: string\n    value: '{{http://kv1.vault.azure.net/secrets/a}}'\n"
    assert _found(IMAGE, text) == [("DBX301", "http://")]


def test_the_organization_of_the_repository_is_shown_beside_another() -> None:
    text = (
        "tasks:\n  - name: t\n    parameters:\n      repositoryUrl: https://devdiv.visualstudio.com/Web/_git/web\n"
        "      pat: '{{ado://Web}}'\n"
    )
    (finding,) = findings(AdoOrganizationMismatch(), USER, text)
    assert [text[slice(*related.span)] for related in finding.related] == ["devdiv"]


def test_a_near_name_is_suggested() -> None:
    text = (
        "parameters:\n  branch:\n    type: string\n    default: main\n"
        "tasks:\n  - name: t\n    parameters:\n      a: '{{brnach}}'\n"
    )
    (finding,) = findings(UndeclaredParameter(), IMAGE, text)
    assert finding.help == "did you mean `{{branch}}`?"


def test_a_secret_in_braces_is_no_undeclared_name() -> None:
    text = "tasks:\n  - name: t\n    parameters:\n      pat: '{{a1b2c3d4e5f6g7h8i9j0k1l2m3n4}}'\n"
    assert findings(UndeclaredParameter(), IMAGE, text) == []


def test_an_undeclared_name_that_may_be_a_token_is_not_repeated() -> None:
    text = "tasks:\n  - name: t\n    parameters:\n      other: '{{a1b2c3d4e5f6g7h8i9j0k1l2m3n4}}'\n"
    (finding,) = findings(UndeclaredParameter(), IMAGE, text)
    assert "a1b2" not in finding.message


@pytest.mark.parametrize(
    "script",
    [
        f"$a = '{{{{{KV}/a}}}}'; Write-Host $a.Length",
        f"$a = '{{{{{KV}/a}}}}'; Write-Host 'the $a'",
        f"$a = ('{{{{{KV}/a}}}}' -eq 'b'); Write-Host $a",
        f"$a = Get-Token '{{{{{KV}/a}}}}'; Write-Host $a",
        f"$b = echo '{{{{{KV}/a}}}}'",
        f"$client.Login('{{{{{KV}/a}}}}') | Out-File log.txt",
        f"'{{{{{KV}/a}}}}' | docker login --password-stdin",
        f"echo {{{{{KV}/a}}}} > $null",
        f"./a.ps1 -Token {{{{{KV}/a}}}} *> log.txt",
    ],
)
def test_a_secret_that_is_used_is_not_exposed(script: str) -> None:
    assert _script(script) == []


@pytest.mark.parametrize(
    "script",
    [
        f"foreach ($x in 1..3) {{ Write-Host '{{{{{KV}/a}}}}' }}",
        f"& echo {{{{{KV}/a}}}}",
        f"'{{{{{KV}/a}}}}' > a.txt",
        f"[IO.File]::WriteAllText('a.txt', '{{{{{KV}/a}}}}')",
        f'Set-Content .npmrc @"\n//x/:_authToken={{{{{KV}/a}}}}\n"@',
        f"'{{{{{KV}/a}}}}' |\n  Add-Content a.txt",
    ],
)
def test_a_secret_that_is_printed_or_written_is_exposed(script: str) -> None:
    assert _script(script) == [("DBX316", f"{{{{{KV}/a}}}}")]


def test_a_value_in_single_braces_is_put_in_two() -> None:
    text = f'tasks:\n  - name: t\n    parameters:\n      pat: "{{{KV}/a}}}}"\n'
    (finding,) = findings(SecretUriWithoutBraces(), USER, text)
    assert finding.fix is not None
    assert f'pat: "{{{{{KV}/a}}}}"\n' in apply(text, list(finding.fix.edits))


@needs_corpus
def test_on_real_files_only_what_was_read_and_confirmed_is_said() -> None:
    found: dict[str, set[str]] = {}
    for file in corpus():
        if file.kind is None or not file.at_head:
            continue
        for rule in (*RULES, NotResolvedLocally(), PinnedSecretVersion()):
            if file.kind in rule.kinds and _findings_of(rule, file.kind, file.data):
                found.setdefault(rule.code, set()).add(f"{file.path.parent.name}/{file.path.stem}")
    found.pop("DBX314")
    found.pop("DBX315")
    assert found == {
        "DBX303": {"imagedefinition/037b78f3d65a"},
        "DBX305": {"imagedefinition/d6dea1ff1ce6", "user/873d4fc51a0e"},
        "DBX308": {"user/4fd16f283bb0", "user/78308bcd7fa1", "user/b0019a22a406", "user/e83458244373"},
        "DBX311": {"task/75b9f32c2e92"},
        "DBX316": {"imagedefinition/037b78f3d65a"},
    }


def _findings_of(rule: Rule, kind: Kind, data: bytes) -> list[Finding]:
    return findings(rule, kind, data)
