"""What a script uses of Azure after its sign-in, and as whom."""

from __future__ import annotations

import pytest

from devbox_lint.powershell import read_script
from devbox_lint.powershell.azure_sign_in import Tool
from devbox_lint.powershell.azure_uses import (
    BlobAction,
    BlobUse,
    RegistryUse,
    SecretUse,
    Sessions,
    Signed,
    Use,
    find_uses,
)

APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
URL = "https://stweb.blob.core.windows.net"
OTHER = "1b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
LOGIN = f"az login --service-principal -u {APP} -p $env:SP -t contoso.com\n"
OTHER_LOGIN = f"az login --service-principal -u {OTHER} -p $env:SP -t contoso.com\n"


def uses(script: str) -> list[Use]:
    return list(find_uses(script, read_script(script)))


def signed(script: str) -> Signed:
    (use,) = uses(script)
    return Sessions(script, read_script(script)).at(use)


def application(script: str) -> str | None:
    sign = signed(script).sign_in
    return sign.application.literal if sign is not None and sign.application is not None else None


@pytest.mark.parametrize(
    ("script", "action", "by_key"),
    [
        ("az storage blob download --account-name stweb --container-name tools -n a -f b --auth-mode login", "read", 0),
        ("az storage blob download --account-name=stweb -c tools -n a -f b --auth-mode=login", "read", 0),
        (f"az storage blob download --blob-url {URL}/tools/a --auth-mode login", "read", 0),
        ("az storage blob list --account-name stweb -c tools", "read", 1),
        ("az storage blob list --account-name stweb -c tools --auth-mode key", "read", 1),
        ("$a = 'stweb'\naz storage blob list --account-name $a -c 'tools' --auth-mode login", "read", 0),
        ("$env:AZURE_STORAGE_ACCOUNT = 'stweb'\naz storage blob list -c tools --auth-mode login", "read", 0),
        ("$env:AZURE_STORAGE_AUTH_MODE = 'login'\naz storage blob list -c tools --account-name stweb", "read", 0),
        ("az storage blob download-batch -s tools -d . --account-name stweb --auth-mode login", "read", 0),
        (f"az storage blob download-batch -s {URL}/tools -d . --auth-mode login", "read", 0),
        ("az storage blob upload --account-name stweb -c tools -f b --auth-mode login", "write", 0),
        ("az storage blob upload-batch -d tools -s . --account-name stweb --auth-mode login", "write", 0),
        ("az storage blob delete --account-name stweb -c tools -n a --auth-mode login", "delete", 0),
        ("cmd /c az storage blob list --account-name stweb -c tools --auth-mode login", "read", 0),
        ("azcopy copy 'https://stweb.blob.core.windows.net/tools/a.zip' C:\\a.zip", "read", 0),
        ("azcopy cp C:\\a.zip https://stweb.blob.core.windows.net/tools/a.zip --recursive", "write", 0),
        ("$c = New-AzStorageContext -StorageAccountName stweb -UseConnectedAccount\n"
         "Get-AzStorageBlobContent -Container tools -Blob a -Context $c", "read", 0),
        ("Set-AzStorageBlobContent -Container tools -File a -Context (New-AzStorageContext stweb)", "write", 0),
    ],
)  # fmt: skip
def test_blobs_are_found_in_whatever_form(script: str, action: str, by_key: int) -> None:
    (use,) = uses(script)

    assert isinstance(use, BlobUse)
    assert use.container is not None
    assert (use.account.literal, use.container.literal) == ("stweb", "tools")
    assert (use.action, use.by_key) == (BlobAction(action), bool(by_key))


@pytest.mark.parametrize(
    "script",
    [
        "az storage blob list --account-name stweb -c tools --sas-token $sas",
        "az storage blob list --connection-string $text -c tools",
        "$env:AZURE_STORAGE_KEY = $key\naz storage blob list --account-name stweb -c tools",
        "az storage blob list --account-name stweb -c tools --auth-mode $mode",
        "az storage blob list --help",
        "azcopy copy 'https://stweb.blob.core.windows.net/tools/a.zip?sv=2024' C:\\a.zip",
        "azcopy copy https://stweb.blob.core.windows.net.example.com/tools/a C:\\a",
        "Get-AzStorageBlobContent -Container tools -Blob a -Context $c",
        "Get-AzStorageBlob -Container tools -Context (New-AzStorageContext -StorageAccountName stweb -SasToken $s)",
        "function az { }\naz storage blob list --account-name stweb -c tools",
        "Write-Host 'az storage blob list --account-name stweb -c tools'",
        "az acr login -n contoso -u 00000000-0000-0000-0000-000000000000 -p $token",
        "az keyvault secret list --vault-name kv1",
    ],
)
def test_what_no_role_counts_for(script: str) -> None:
    assert uses(script) == []


def test_registries_and_secrets_are_found() -> None:
    found = uses(
        "az acr login --name contoso\nConnect-AzContainerRegistry -Name contoso\n"
        "az keyvault secret show --vault-name kv1 -n pat --query value -o tsv\n"
        "Get-AzKeyVaultSecret kv1 pat -AsPlainText\n"
    )

    registries = [use for use in found if isinstance(use, RegistryUse)]
    secrets = [use for use in found if isinstance(use, SecretUse)]
    assert [one.registry.literal for one in registries] == ["contoso", "contoso"]
    assert [(one.vault.literal, one.secret.literal) for one in secrets] == [("kv1", "pat"), ("kv1", "pat")]
    assert [one.tool for one in found] == [Tool.AZ, Tool.POWERSHELL, Tool.AZ, Tool.POWERSHELL]


def test_the_last_sign_in_before_it_is_the_one() -> None:
    assert application(f"{OTHER_LOGIN}{LOGIN}az acr login -n contoso") == APP
    assert application(f"{LOGIN}az acr login -n contoso\n{OTHER_LOGIN}") == APP


@pytest.mark.parametrize("end", ["az logout\n", "az account clear\n"])
def test_nobody_is_signed_in_after_a_sign_out(end: str) -> None:
    assert signed(f"{LOGIN}{end}az acr login -n contoso") == Signed(None)


def test_each_tool_has_a_sign_in_of_its_own() -> None:
    assert signed(f"{LOGIN}Connect-AzContainerRegistry -Name contoso") == Signed(None)
    assert application(f"{LOGIN}Disconnect-AzAccount\naz acr login -n contoso") == APP


def test_which_way_a_script_takes_is_not_known() -> None:
    either = f"if ($x) {{\n{LOGIN}}} else {{\n{OTHER_LOGIN}}}\naz acr login -n contoso"

    assert not signed(either).is_certain
    assert signed(f"try {{\n{LOGIN}}} catch {{ exit 1 }}\naz acr login -n contoso").is_certain


@pytest.mark.parametrize(
    "before",
    [
        f"azcopy login --service-principal --application-id {APP} --tenant-id contoso.com\n",
        f"azcopy login --login-type=SPN --application-id={APP}\n",
        f"$env:AZCOPY_AUTO_LOGIN_TYPE = 'SPN'\n$env:AZCOPY_SPA_APPLICATION_ID = '{APP}'\n"
        "$env:AZCOPY_SPA_CLIENT_SECRET = '{{https://kv1.vault.azure.net/secrets/a}}'\n",
        f"$env:AZCOPY_AUTO_LOGIN_TYPE = 'AZCLI'\n{LOGIN}",
    ],
)
def test_azcopy_signs_in_in_its_own_ways(before: str) -> None:
    script = f"{before}azcopy copy https://stweb.blob.core.windows.net/tools/a C:\\a"
    sign = signed(script).sign_in

    assert sign is not None
    assert sign.is_service_principal
    assert application(script) == APP


def test_azcopy_without_a_sign_in_that_is_seen_is_nobody_for_certain() -> None:
    assert not signed("azcopy copy https://stweb.blob.core.windows.net/tools/a C:\\a").is_certain
