"""What a script gives to `az login` and `Connect-AzAccount`."""

from __future__ import annotations

import pytest

from devbox_lint.powershell import read_script
from devbox_lint.powershell.azure_sign_in import SignIn, find_sign_ins

APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"


def only(script: str) -> SignIn:
    (sign,) = find_sign_ins(script, read_script(script))
    return sign


@pytest.mark.parametrize(
    "script",
    [
        f"az login --service-principal --username {APP} --tenant contoso.com",
        f"az login --service-principal --user={APP} -t contoso.com",
        f"az.cmd login --tenant 'contoso.com' -u \"{APP}\" --service-principal",
        f"$app = '{APP}'\naz login --service-principal `\n  -u $app `\n  --tenant contoso.com",
        f"cmd /c az login --service-principal -u {APP} --tenant contoso.com",
        f"Connect-AzAccount -ServicePrincipal -ApplicationId {APP} -TenantId contoso.com",
        f"Add-AzAccount -Serv -App:{APP} -Tenant contoso.com",
    ],
)
def test_the_operands_are_read_in_whatever_form(script: str) -> None:
    sign = only(script)

    assert sign.is_service_principal
    assert sign.application is not None
    assert sign.tenant is not None
    assert (sign.application.literal, sign.tenant.literal) == (APP, "contoso.com")
    assert not sign.is_open


@pytest.mark.parametrize(
    "operand", ["$app", "{{APP}}", "$($x.app)", "%APP%", "#{app}#", '"$app-$env:STAGE"', "__APP__"]
)
def test_what_is_no_literal_is_not_known(operand: str) -> None:
    sign = only(f"az login --service-principal -u {operand} -t contoso.com")

    assert sign.application is None or sign.application.literal is None


def test_a_variable_that_is_given_twice_is_not_known() -> None:
    application = only(f"$app = '{APP}'\n$app = $other\naz login --service-principal -u $app").application

    assert application is not None
    assert application.literal is None


@pytest.mark.parametrize("rest", ["@more", "$more", "--unheard-of 1", "@($a, $b)"])
def test_there_may_be_more_than_is_seen(rest: str) -> None:
    assert only(f"az login --service-principal {rest}").is_open


def test_an_option_without_its_value_has_none() -> None:
    given = only("az login --service-principal --username --password $secret").given

    assert given["username"] is None
    assert given["password"] is not None


@pytest.mark.parametrize(
    "script", ["Write-Host 'az login'", "# az login", "Write-Host az login", "function az { }\naz login", "az logout"]
)
def test_what_is_no_sign_in(script: str) -> None:
    assert find_sign_ins(script, read_script(script)) == ()


@pytest.mark.parametrize(
    "credential",
    [
        "New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $app, $secure",
        "New-Object System.Management.Automation.PSCredential($app, $secure)",
        "New-Object PSCredential -ArgumentList ($app, $secure)",
        "[System.Management.Automation.PSCredential]::new($app, $secure)",
        "[pscredential]::new($app,$secure)",
    ],
)
@pytest.mark.parametrize(
    "secure",
    [
        "ConvertTo-SecureString '{{https://kv1.vault.azure.net/secrets/a}}' -AsPlainText -Force",
        "ConvertTo-SecureString -AsPlainText -Force -String '{{https://kv1.vault.azure.net/secrets/a}}'",
        "'{{https://kv1.vault.azure.net/secrets/a}}' | ConvertTo-SecureString -AsPlainText -Force",
        "ConvertTo-SecureString $password -AsPlainText -Force",
    ],
)
def test_a_credential_is_looked_into(credential: str, secure: str) -> None:
    script = (
        f"$app = '{APP}'\n$password = '{{{{https://kv1.vault.azure.net/secrets/a}}}}'\n$secure = {secure}\n"
        f"$credential = {credential}\nConnect-AzAccount -ServicePrincipal -Credential $credential -Tenant contoso.com\n"
    )

    sign = only(script)

    assert sign.application is not None
    assert sign.application.literal == APP
    assert sign.password is not None
    assert script[slice(*sign.password.source)] == "{{https://kv1.vault.azure.net/secrets/a}}"


def test_a_credential_of_one_statement_is_looked_into() -> None:
    sign = only(
        f"$c = New-Object PSCredential '{APP}', (ConvertTo-SecureString '{{{{https://kv1.vault.azure.net/secrets/a}}}}'"
        " -AsPlainText -Force)\nConnect-AzAccount -ServicePrincipal -Credential $c -Tenant contoso.com"
    )

    assert sign.application is not None
    assert sign.application.literal == APP
    assert sign.password is not None


def test_a_table_that_is_splatted_is_looked_into() -> None:
    sign = only(
        f"$more = @{{\n  ServicePrincipal = $true\n  ApplicationId = '{APP}'; Tenant = 'contoso.com'\n"
        "  CertificateThumbprint = $thumbprint\n}\nConnect-AzAccount @more"
    )

    assert sign.is_service_principal
    assert sign.application is not None
    assert sign.tenant is not None
    assert (sign.application.literal, sign.tenant.literal, sign.is_open) == (APP, "contoso.com", False)


@pytest.mark.parametrize("more", ["$more.Tenant = 'a.com'\n", "$more = $other\n"])
def test_a_table_that_changes_is_not_known(more: str) -> None:
    sign = only(f"$more = @{{ ServicePrincipal = $true }}\n{more}Connect-AzAccount @more")

    assert sign.is_open
    assert not sign.given
