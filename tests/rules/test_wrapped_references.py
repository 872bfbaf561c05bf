"""Addresses in whatever is wrapped round them: one finding, and after its fix the right form."""

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.rule import IMAGE, USER
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES

KV = "https://kv-web.vault.azure.net/secrets/pat"
ID = "/subscriptions/0-1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/secrets/pat"
ADO = "ado://contoso"
WRAPPED = [
    "'{{{A}}}'", '{{{A}}}', '{{{{A}}}}', '\'{{"A"}}\'', '"{{\'A\'}}"', '{{"A"}}', '"{{"A"}}"', "'{{'A'}}'",
    "'{ { A } }'", '{ { A } }', '{A}', "'{A}'", '{A}}', '((A))', "'(A)'", '[[A]]', "'[[A]]'", '[A]', '<A>',
    "'<<A>>'", '$(A)', "'$(A)'", '${A}', '${{ A }}', '%A%', "'%A%'", '“A”', '“{{A}}”', '‘{{A}}’', '«{{A}}»',
    "' {{A}}'", '"{{A}} "', "'`{{A}}`'", '`A`', '\'"{{A}}"\'', '{{A}},', "'{{A}};'", "'#{A}'", '{{A}', '{{A',
    "'{{A}'", "'{{A'", '{{A}}', '{{ A }}', 'A', "'A'",
]  # fmt: skip
OF_A_VAULT = [
    "@Microsoft.KeyVault(SecretUri=A)", "'@Microsoft.KeyVault(SecretUri=A)'", "'{{ A }}'", "'{{secret:A}}'", "secret:A",
    "'{{keyvault:A}}'", ID, f"'{{{{{ID}}}}}'", "'@Microsoft.KeyVault(VaultName=kv-web;SecretName=pat)'",
]  # fmt: skip
LEFT_OUT = {"not-resolved-locally"}


def file(value: str, kind: Kind) -> SourceFile:
    tasks = (
        "\n  - name: ~/gitclone\n    parameters:\n"
        f"      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: {value}\n"
    )
    head = '$schema: "1.0"\nname: web-team\n'
    if kind is IMAGE:
        return SourceFile("imagedefinition.yaml", f"{head}image: gallery/web@1.0.0\ntasks:{tasks}")
    return SourceFile("workload.yaml", f"{head}userTasks:{tasks}")


def said(source: SourceFile, kind: Kind) -> list[tuple[str, int, Severity]]:
    found = check(source, [rule for rule in RULES if rule.default], kind).diagnostics
    return [
        (item.code, source.position(item.span.start).line, item.severity)
        for item in found
        if item.name not in LEFT_OUT and item.severity > Severity.INFO
    ]


@pytest.mark.parametrize(
    ("value", "address", "kind"),
    [
        *((value, KV, kind) for value in (*WRAPPED, *OF_A_VAULT) for kind in (IMAGE, USER)),
        *((value, ADO, USER) for value in WRAPPED if value not in ("{{ A }}",)),
    ],
)
def test_an_address_in_anything_is_one_finding_and_is_put_right(value: str, address: str, kind: Kind) -> None:
    source = file(value.replace("A", address) if ID not in value and "Name=" not in value else value, kind)
    (found,) = said(source, kind)
    fixed = fix_source(source, [rule for rule in RULES if rule.default], kind)

    assert found[0] in ("DBX005", "DBX304", "DBX306", "DBX312", "DBX317")
    assert found[1] == source.text.count("\n") - 1
    last = fixed.source.text.splitlines()[-1].partition(": ")[2]
    assert last in (f"'{{{{{address}}}}}'", f'"{{{{{address}}}}}"')
    assert said(fixed.source, kind) == []


@pytest.mark.parametrize(
    "value",
    [
        f"'{{{{{KV}}}}}'",
        f'"{{{{{KV}}}}}"',
        f"'{{{{{KV}/0123456789abcdef0123456789abcdef}}}}'",
        f"|-\n        {{{{{KV}}}}}",
    ],
)
def test_the_right_form_is_left_alone(value: str) -> None:
    assert said(file(value, IMAGE), IMAGE) == []


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("$env:PAT", "DBX311", "git gets these characters"),
        ("'$env:AZURE_DEVOPS_EXT_PAT'", "DBX311", "git gets these characters"),
        ("${env:PAT}", "DBX311", "git gets these characters"),
        ("$TOKEN", "DBX311", "git gets these characters"),
        ("%PAT%", "DBX311", "git gets these characters"),
        ("'%PAT%'", "DBX311", "git gets these characters"),
        ('""', "DBX118", "an empty text"),
        ("' '", "DBX118", "an empty text"),
        ("null", "DBX118", "git gets no token"),
        ("~", "DBX118", "git gets no token"),
        ("", "DBX118", "git gets no token"),
        ("12345", "DBX401", "in plain text"),
        ("'12345'", "DBX401", "in plain text"),
        ("0x1F2E3", "DBX401", "in plain text"),
        ("pat", "DBX305", "placeholder"),
        ("'{{secret:pat}}'", "DBX301", "found by its address"),
        ("'{{kv/pat}}'", "DBX301", "found by its address"),
        ("'{{kv-web/pat}}'", "DBX301", "found by its address"),
        ("'{{keyvault:kv-web/pat}}'", "DBX301", "found by its address"),
        ("'{{vault:secrets/pat}}'", "DBX301", "found by its address"),
    ],
)
def test_what_is_no_token_is_one_finding_that_says_so(value: str, code: str, words: str) -> None:
    source = file(value, IMAGE)
    found = check(source, [rule for rule in RULES if rule.default], IMAGE).diagnostics
    loud = [item for item in found if item.severity > Severity.INFO]

    assert [item.code for item in loud] == [code]
    assert words in loud[0].message
    assert not any(character.isdigit() for character in loud[0].message)


def script(*lines: str) -> str:
    return "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n" + "".join(
        f"        {line}\n" for line in lines
    )


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        ([f"az login --service-principal --username 1 --password {KV} --tenant 2"], None),
        ([f"az login --service-principal -u 1 -p {KV} --tenant 2"], None),
        ([f"az login --service-principal -u 1 -p '{KV}' --tenant 2"], None),
        ([f"az login --service-principal --password={KV} -u 1 --tenant 2"], None),
        ([f"docker login contoso.azurecr.io -u 1 -p {KV}"], None),
        ([f"./setup.ps1 -Pat {KV}"], None),
        ([f"./setup.ps1 -ApiKey:{KV}"], None),
        ([f'$p = ConvertTo-SecureString "{KV}" -AsPlainText -Force'], None),
        ([f"$p = ConvertTo-SecureString -String '{KV}' -AsPlainText -Force"], None),
        ([f"$env:AZURE_DEVOPS_EXT_PAT = '{KV}'", "az devops login"], None),
        ([f"$x = '{KV}'", "az login --service-principal -u 1 --password $x --tenant 2"], None),
        (
            [f"az login --service-principal --username 1 --password '{{{KV}}}' --tenant 2"],
            [f"az login --service-principal --username 1 --password '{{{{{KV}}}}}' --tenant 2"],
        ),
    ],
)
def test_an_address_that_a_command_takes_for_a_secret_is_found(lines: list[str], fixed: list[str] | None) -> None:
    rules = [rule for rule in RULES if rule.code == "DBX304"]
    source = SourceFile("", script(*lines))
    found = check(source, rules, IMAGE).diagnostics

    assert [item.code for item in found] == ["DBX304"]
    assert "{{" in found[0].message
    right = fixed or [line.replace(KV, "{{" + KV + "}}") for line in lines]
    assert fix_source(source, rules, IMAGE).source.text == script(*right)


@pytest.mark.parametrize(
    "line",
    [
        f"az keyvault secret show --id {KV}",
        f"az login --password {{{{{KV}}}}}",
        f"./setup.ps1 -SecretUri {KV} -PasswordUrl {KV}",
        f"Invoke-RestMethod {KV}?api-version=7.4",
        f"Write-Host 'az login --password {KV}'",
        f"$uri = '{KV}'",
        f"# az login --password {KV}",
        f"az login -u {KV}",
    ],
)
def test_an_address_that_is_meant_is_left_alone(line: str) -> None:
    rules = [rule for rule in RULES if rule.code == "DBX304"]

    assert check(SourceFile("", script(line)), rules, IMAGE).diagnostics == ()
