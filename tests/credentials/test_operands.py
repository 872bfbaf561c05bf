"""What commands, variables, addresses and parameters hold in plain text, and what they do not."""

from __future__ import annotations

import pytest

from devbox_lint.credentials.detector import find_secrets
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Severity
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse

SECRET = "Zq7-vW9x!"
KEY = "b7Tq0xW2k9Lm4Zr8"


def script(lines: str) -> str:
    return (
        "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        "
        + lines.replace("\n", "\n        ")
        + "\n"
    )


def found(text: str) -> list[tuple[str, SecretKind]]:
    return [(text[slice(*s.span)], s.kind) for s in find_secrets(parse(SourceFile("", text)))]


@pytest.mark.parametrize(
    "line",
    [
        "az login --service-principal -u a -p 'X' --tenant b",
        "az login --service-principal `\n  --username a `\n  --password X `\n  --tenant b",
        "az.cmd login --service-principal --password=X -u a",
        "az acr login -n a -u b -p X",
        "az keyvault secret set --vault-name a --name b --value 'X'",
        "docker login -u a -p X b.azurecr.io",
        'docker login --username a --password "X"',
        "& 'C:\\a\\docker.exe' login -u a -p X",
        "podman login -p X a",
        "helm registry login a -u b -p X",
        "net user builder X /add",
        'net user "build er" "X" /add /expires:never',
        "net.exe user builder X",
        "net use Z: \\\\a\\b X /user:c",
        "sqlcmd -S a -U b -P X -Q 'c'",
        "bcp a out b -U c -PX",
        "mysql -u root -pX a",
        "mysqldump --password='X' a",
        "curl -u a:X https://b",
        "curl.exe --user 'a:X' https://b",
        "curl -sS https://b --user a:X",
        "wget --http-password=X https://b",
        "cmdkey /add:a /user:b /pass:X",
        "psexec \\\\a -u b -p X cmd",
        "schtasks /create /tn a /ru b /rp X",
        "dotnet nuget add source https://a -n b -u c -p X",
        "plink -ssh a -pw X",
        "choco install a --user=b --password=X",
        "./config.cmd --unattended --auth pat --token 'X'",
        ".\\agent.exe --enrollment-token=X",
        "./a.ps1 -Password X",
        "./a.ps1 -AdminPassword:X",
        "./a.ps1 -Credential (New-Object PSCredential('a', 'X'))",
        "$c = New-Object System.Net.NetworkCredential('a', \"X\")",
        "$c = [System.Net.NetworkCredential]::new('a', 'X')",
        "ConvertTo-SecureString 'X' -AsPlainText -Force",
        'ConvertTo-SecureString -String "X" -Force -AsPlainText',
        "ConvertTo-SecureString -AsPlainText X -Force",
        "'X' | ConvertTo-SecureString -AsPlainText -Force",
        "$password = 'X'",
        '[string]$adminPassword = "X"',
        "$script:clientSecret='X'",
        "$env:SERVICE_TOKEN = 'X'",
        "[Environment]::SetEnvironmentVariable('SERVICE_TOKEN', 'X', 'Machine')",
        "setx SERVICE_PASSWORD X",
        'setx /m SERVICE_TOKEN "X"',
        'cmd /c "set SERVICE_PASSWORD=X"',
        "docker run -e DB_PASSWORD=X a",
        "Set-ItemProperty -Path HKLM:\\a -Name 'DefaultPassword' -Value 'X'",
        "reg add HKLM\\a /v DefaultPassword /t REG_SZ /d X /f",
        '$body = \'{"password": "X"}\'',
        "$h = @{ Password = 'X' }",
        "$h['password'] = 'X'",
        "choco source add -n a -s https://b -u c -p X",
        "choco apikey add -s https://b -k X",
        "choco push a.nupkg --source b --api-key X",
        "nuget setapikey X -Source a",
        "nuget push a.nupkg X -Source b",
        "nuget push a.nupkg -ApiKey X",
        "nuget sources add -Name a -Source b -UserName c -Password X",
        "dotnet nuget push a.nupkg -k X -s b",
        "npm config set //registry.npmjs.org/:_authToken X",
        "npm config set //registry.npmjs.org/:_authToken=X",
        "npm set _password X",
        "helm install a b --set db.password=X",
        "helm upgrade a b --set image.tag=1,auth.token=X",
        "terraform apply -var 'db_password=X'",
        'terraform plan -var "admin_password=X" -out a',
        'setup.exe /QS /ACTION=Install /SAPWD="X"',
        "setup.exe /QS /SQLSVCPASSWORD=X",
        "sc.exe config a obj= b password= X",
        "netsh wlan set hostednetwork mode=allow ssid=a key=X",
        "aws configure set aws_secret_access_key X --profile a",
        "'X' | az devops login --organization https://dev.azure.com/a",
        "echo X | docker login -u a --password-stdin b",
        "Write-Output X | docker login a --username b --password-stdin",
        "echo X | gh auth login --with-token",
        "snyk auth X",
        "certutil -f -p X -importpfx a.pfx",
        "plink -batch -pw X a@b",
        "kubectl config set-credentials a --token=X",
        "kubectl get pods --token X",
        "autologon64.exe user domain X /accepteula",
        "'<AutoLogon><Password><Value>X</Value></Password></AutoLogon>' | Out-File a",
        "$b = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(':X'))",
        '$b = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("user:X"))',
        "$env:AZURE_OPENAI_KEY = 'X'",
        "$env:CONTOSO_SIGNING_TOKEN = 'X'",
        "$env:STRIPE_WEBHOOK_SECRET = 'X'",
        "$DB_PASSWORD_PROD = 'X'",
        "$openAiKey = 'X'",
        "./a.ps1 -Password 'X'",
        '\'<add key="ClearTextPassword" value="X" />\' | Out-File a',
        "'<password>X</password>' | Out-File a",
        "'//registry.npmjs.org/:_authToken=X' | Out-File .npmrc",
        "$h = @{ Authorization = 'Bearer X' }",
        "curl -H 'Authorization: Bearer X' https://a",
        'git -c http.extraheader="AUTHORIZATION: bearer X" clone a',
    ],
)
def test_a_secret_that_a_script_hands_over(line: str) -> None:
    secret = (
        KEY
        if "Key" in line
        or "KEY" in line
        or "SECRET" in line
        or "earer" in line
        or "oken" in line.lower()
        or "TOKEN" in line
        else SECRET
    )
    text = script(
        line.replace("X", secret)
        if "HKLM" not in line and "REG_SZ" not in line
        else line.replace("'X'", f"'{secret}'").replace("/d X", f"/d {secret}")
    )
    assert found(text) == [(secret, SecretKind.COMMAND)]


@pytest.mark.parametrize(
    "line",
    [
        "az login --service-principal -u a -p $env:X --tenant b",
        "az login --service-principal -u a -p {{https://kv1.vault.azure.net/secrets/sp}} --tenant b",
        "az login --identity",
        "az login --use-device-code",
        "docker login -u a --password-stdin b",
        "docker login -u a -p $(token) b",
        "docker login -u a -p <password> b",
        "net user builder $password /add",
        "net user builder * /add",
        "net user builder /active:no",
        "net user",
        "# run net user to add the account",
        "choco install git -params '/NoAutoCrlf /WindowsTerminal' -y",
        "mkdir -p /a/b1",
        "ssh -p 2222 a@b",
        "sqlcmd -S a -E -p 1",
        "curl -u $user:$pat https://a",
        'curl -u "$($user):$($pat)" https://a',
        "curl -u user https://a",
        "cmdkey /list",
        "$password = Read-Host -AsSecureString",
        "$password = (Get-Secret a)",
        "$password = $env:PASSWORD",
        '$password = "$env:PASSWORD"',
        "$password = ''",
        "$token = az account get-access-token --query accessToken -o tsv",
        "$token = (az account get-access-token | ConvertFrom-Json).accessToken",
        "$tokenUrl = 'https://a.example.com/token1'",
        "$secretName = 'git-pat-2024'",
        "$keyPath = 'HKLM:\\SOFTWARE\\a1'",
        "$keyVaultName = 'kv-web-01'",
        "$publicKeyToken = 'b77a5c561934e089'",
        "$passwordFile = 'C:\\a1.txt'",
        "$token = '{{ado://contoso}}'",
        "ConvertTo-SecureString $plain -AsPlainText -Force",
        "ConvertTo-SecureString -String (Get-Content a) -AsPlainText -Force",
        "ConvertTo-SecureString '01000000d08c9ddf0115d1118c7a00c04fc297eb'",
        "New-Object PSCredential('a', $secure)",
        "Write-Host 'Enter the password: twice1'.Trim()",
        "if ($name -eq 'password') { exit 1 }",
        "foreach ($token in $tokens) { $token }",
        "New-Item -Name key1 -Value 'HKLM:\\a1'",
        "Set-ItemProperty -Path a -Name 'PasswordExpiry' -Value 30",
        '$h = @{ Authorization = "Bearer $token" }',
        '$h = @{ Authorization = "Basic $encoded" }',
        'git -c http.extraheader="Authorization: Bearer $(System.AccessToken)" clone a',
        '$env:PATH = "C:\\a1;$env:PATH"',
        "$pattern = 'abc123def'",
        "$patch = 'abc123def'",
        "$compat = 'abc123def'",
        "Get-AzKeyVaultSecret -VaultName kv1 -Name pat1 -AsPlainText",
        "az keyvault secret show --vault-name kv1 --name pat1 --query value",
        "Install-Module -Name CredentialManager2",
        "$x = 'password=', 'a1b2c3d4'",
        "$tenantId = '0f8fad5b-d9cb-469f-a165-70867728950e'",
        "$secret = '0f8fad5b-d9cb-469f-a165-70867728950e'",
        "GITHUB_API_KEY=\nNEXT=abc123",
        "$token == 'abc123def456'",
        "$cancellationToken = 'abc123def456'",
        "git clone https://org@dev.azure.com/org/a/_git/b1",
        "git clone https://user:$(pat)@host/a",
        "git clone https://$env:USER:$env:PAT@host/a",
        "git clone https://build:%PAT%@host/a",
        "git clone ssh://git@ssh.github.com:443/a/b1.git",
        "Invoke-WebRequest 'http://localhost:8080/@scope/package1'",
        "$u = 'mongodb://mongodb:mongodb@localhost/a'",
        "Invoke-Command -ComputerName a -Credential CONTOSO\\admin1 -ScriptBlock { hostname }",
        "New-PSDrive -Name Z -PSProvider FileSystem -Root \\\\a\\b -Credential 'CONTOSO\\svc1'",
        "Backup-DbaDatabase -StorageCredential MyS3Credential1",
        "Connect-VIServer -Credential:admin1",
        "$s3StorageCredential = 'backup_ci_s3'",
        "openssl pkcs12 -in a -password file:C:\\a1 -passout env:PFX1",
        'openssl pkcs12 -in a -password file:`"$path1`"',
        "docker login -u a -p env:TOKEN1",
        "curl -u a:@C:\\token1.txt https://b",
        "az login --service-principal -u a -p @C:\\a\\cert1.pem",
        "twine upload -p stdin dist",
        "# we don't pass the -SecurePassword parameter.",
        "throw 'give both -UserName and -Password together.'",
        "Write-Host 'usage: a --token TOKEN --user USER'",
        "$expected = '\\/SAPASSWORD=\"jT7ELPbD2GGuvL\"'",
        'if ($c -match \'password="?([^";]+)"?\') { exit 1 }',
        "$c -replace 'token=\"\\w{20}\"', ''",
        "$config = \"'PASSWORD': url.password\"",
        "--token=args[0] -Password self.password1 --secret=config.auth.secret2,",
        "$token = 'XXXXXXXX'",
        "$token = '11111111'",
        "$token = 'abcdef123456'",
        "$token = 'abc123'",
        "./a --token 123456789abcdef",
        "./a --token PUT_YOUR_TOKEN_HERE",
        "./a --api-key 'PUT_YOUR_KEY_HERE_1'",
        "$encryptedPassword = 'encrypted_password_text'",
        "$u = 'https://{0}:{1}@{2}:{3}/{4}' -f $a",
        "$env:REGISTRY_KEY = 'b7Tq0xW2k9Lm4Zr8'",
        "$env:PUBLIC_KEY = 'b7Tq0xW2k9Lm4Zr8'",
        "$primaryKey = 'b7Tq0xW2k9Lm4Zr8'",
        "$env:KEY_VAULT = 'b7Tq0xW2k9Lm4Zr8'",
        "$env:CACHE_KEY = 'b7Tq0xW2k9Lm4Zr8'",
        "$env:OPENAI_KEY = 'my-key-in-the-vault'",
        "$officeKey = 'N3MDM-DXR3H-JD7QH-QKKCR-BY2Y7'",
        "$passwordPolicy = 'b7Tq0xW2k9Lm4Zr8'",
        "$env:OLDPWD = 'b7Tq0xW2k9Lm4Zr8'",
        "Write-Host 'Disabling autologon on all machines1'",
        "choco source add -n a -s https://b -u c -p $password",
        "nuget push a.nupkg -Source b",
        "npm config set registry https://registry.npmjs.org/",
        "helm install a b --set image.tag=v1.2.3",
        "terraform apply -var 'region=westus2'",
        "echo $token | docker login -u a --password-stdin b",
        "Get-Content token1.txt | docker login -u a --password-stdin b",
        "snyk auth $env:SNYK_TOKEN",
        '[Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$pat"))',
        "$a | ConvertTo-SecureString -AsPlain -Force",
        "$telemetryConnectionString = 'InstrumentationKey=5b44407e-9750-4a07-abe9-30c3b853821b;IngestionEndpoint=a'",
        "./a.ps1 -ConnectionString 'connectionString:10/20/30'",
        "$userNameWithPassword = 'ci_UserWithPassword1'",
        "ConvertTo-SecureString -String '0x0200123456789...' -AsPlainText -Force",
        "ConvertTo-SecureString 'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' -AsPlainText -Force",
        "$accessToken = 'eyJfakeTokenForTesting123456789'",
        '$lines = @(\n  "Password: root1",\n  "b"\n)',
        "$principalsAllowedToRetrieveManagedPassword = 'User1', 'Node1$'",
        "$managedPasswordPrincipals = 'CN=User01,OU=Users,DC=contoso,DC=com'",
        'git push "https://$($env:GH_TOKEN)@github.com/a/b.git"',
        "$u = 'https://user:pass@host', 'https://user:<password>@host', 'https://{user}:{password}@host'",
    ],
)
def test_what_a_script_takes_from_elsewhere(line: str) -> None:
    assert found(script(line)) == []


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://a:X@host/b", SECRET),
        ("https://:X@host", SECRET),
        ("https://a:P@ss-w0rd@host/b", "P@ss-w0rd"),
        ("https://a:P%40ss%2Fw0rd@host/b", "P%40ss%2Fw0rd"),
        ("postgres://a:X@localhost:5432/b", SECRET),
    ],
)
def test_a_password_in_an_address(url: str, secret: str) -> None:
    for text in (
        script(f"git clone {url.replace('X', SECRET)} c"),
        f"tasks:\n  - name: t\n    parameters:\n      url: '{url.replace('X', SECRET)}'\n",
    ):
        assert found(text) == [(secret, SecretKind.URL)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "Welcome1"),
        ("adminPassword", "P@ssw0rd"),
        ("DB_PASSWORD", "hunter2"),
        ("sql-password", "Password123!"),
        ("pwd", "SecureP@ssw0rd"),
        ("userPass", "Summer2024"),
        ("passphrase", SECRET),
        ("apiKey", KEY),
        ("api_key", KEY),
        ("storageAccountKey", KEY),
        ("accessToken", KEY),
        ("clientSecret", KEY),
        ("client-secret", "a_B~c1.d2"),
        ("sasToken", KEY),
        ("connectionString", "amqp-b7Tq0xW2k9Lm4Zr8"),
        ("credential", KEY),
        ("token2", KEY),
        ("secretValue", KEY),
        ("repoSecretBase64", KEY),
        ("adminpassword", "Welcome1"),
        ("password", "987654321"),
    ],
)
def test_a_secret_in_a_parameter(name: str, value: str) -> None:
    assert found(f"tasks:\n  - name: t\n    parameters:\n      {name}: {value}\n") == [(value, SecretKind.PARAMETER)]
    declared = f"name: t\nparameters:\n  {name}:\n    type: string\n    default: '{value}'\n"
    assert found(declared) == [(value, SecretKind.PARAMETER)]
    nested = f"tasks:\n  - name: t\n    parameters:\n      env:\n        - name: {name}\n          value: '{value}'\n"
    assert found(nested) == [(value, SecretKind.PARAMETER)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "'{{https://kv1.vault.azure.net/secrets/a}}'"),
        ("password", "'{{adminPassword}}'"),
        ("password", "$(PASSWORD)"),
        ("password", "${PASSWORD}"),
        ("password", "$env:PASSWORD"),
        ("password", "'%PASSWORD%'"),
        ("password", "\"[parameters('password')]\""),
        ("password", "'#{PASSWORD}#'"),
        ("password", "<password>"),
        ("password", "YOUR_PASSWORD"),
        ("password", "changeme"),
        ("password", "xxxxxxxx"),
        ("password", "password"),
        ("password", "DB_PASSWORD"),
        ("password", ""),
        ("password", "''"),
        ("password", "null"),
        ("password", "false"),
        ("authorization", "'Bearer {{https://kv1.vault.azure.net/secrets/a}}'"),
        ("accessToken", "'Bearer {{https://kv1.vault.azure.net/secrets/a1}}'"),
        ("token", "https://a.example.com/token1"),
        ("token", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("secret", "git-pat"),
        ("secret", "C:\\a1\\secret.txt"),
        ("credential", "build1@example.com"),
        ("secretName", "git-pat-1"),
        ("passwordLength", "24000000"),
        ("tokenUrl", "abc123def456"),
        ("publicKey", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"),
        ("publicKeyToken", "b77a5c561934e089"),
        ("keyVaultName", "kv-web-01"),
        ("keyVaultSecret", "git-pat-1"),
        ("primaryKey", "abc123def456"),
        ("registryKey", "HKLM-abc123"),
        ("key", "abc123def456"),
        ("sshKeyFile", "id1"),
        ("usePassword", "abc123"),
        ("csrfToken", "abc123def456"),
        ("passThru", "abc123def456"),
        ("bypass", "abc123def456"),
        ("compass", "abc123def456"),
        ("tokenizer", "abc123def456"),
        ("privateKeyPath", "abc123def456"),
        ("web-password", "12.0.1"),
        ("output_token", "Jobs[-1].JobId1"),
        ("secret", "projects/web1/secrets/a/versions/1"),
        ("accessKey", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ],
)
def test_a_parameter_without_a_secret(name: str, value: str) -> None:
    assert found(f"tasks:\n  - name: t\n    parameters:\n      {name}: {value}\n") == []


def test_a_part_that_is_written_out_counts() -> None:
    text = "tasks:\n  - name: t\n    parameters:\n      password: 'b7Tq0xW2k9{{suffix}}'\n"
    assert len(found(text)) == 1


def test_what_is_in_a_comment_is_a_note() -> None:
    for text in (script(f"# az login -u a -p {SECRET}"), f"# az login -u a -p {SECRET}\nname: a\n"):
        (secret,) = find_secrets(parse(SourceFile("", text)))
        assert secret.severity is Severity.INFO


def test_a_broken_file_is_looked_through_too() -> None:
    text = f"tasks:\n  - name: a\n   parameters:\n  : [\n    password: {SECRET}\n    x: 'az login -p {KEY}\n"
    assert {value for value, _ in found(text)} >= {SECRET}


def test_places_in_quoted_and_folded_scalars_are_exact() -> None:
    text = (
        f'tasks:\n  - name: t\n    parameters:\n      command: "a\\tdocker login -u \\"b\\" -p {SECRET} \\u00e9"\n'
        f"      other: >-\n        docker login\n        -u b -p {SECRET}\n        c\n"
    )
    assert found(text) == [(SECRET, SecretKind.COMMAND)] * 2
