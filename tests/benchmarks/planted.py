"""Files with one secret each, and files with something that looks like one, all made up afresh."""

from __future__ import annotations

import base64
import random
import string
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

import made_up_tokens as made_up
from devbox_lint.credentials.formats import TokenFormat
from devbox_lint.credentials.tokens import is_filler
from devbox_lint.credentials.vendor_formats import VENDOR_KEYS
from made_from_pattern import made

#: The name of each kind of file, and what stands before the parameters of its first task.
HEADS = {
    "imagedefinition.yaml": "$schema: 1.0\nname: web\nimage: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-"
    "general-win11-m365-gen2\ntasks:\n  - name: ~/task\n    parameters:\n",
    "workload.yaml": "$schema: 1.0\nuserTasks:\n  - name: ~/task\n    parameters:\n",
    "task.yaml": "$schema: 1.0\nname: task\ncommand: ./main.ps1\ndocumentation:\n  examples:\n"
    "  - name: task\n    parameters:\n",
}
CONFIGURATION = (
    "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
    "      settings:\n        id: Git.Git\n"
)


class Planted(NamedTuple):
    """A file; ``lines`` are those of the secret, counted from 1, none for a file without one."""

    kind: str
    place: str
    name: str
    text: str
    lines: range

    def __repr__(self) -> str:
        return f"Planted({self.kind} in {self.place})"


Maker = Callable[[random.Random], str]
_TOKENS: dict[str, Maker] = {
    maker.__name__.replace("_", " "): maker for maker in (*made_up.MAKERS, *made_up.SERVICE_MAKERS)
} | {
    "storage connection string": lambda chance: made_up.connection_string(chance)[0],
    "shared access signature": lambda chance: "https://a.blob.core.windows.net/b?" + made_up.signature(chance)[0],
    "database connection string": lambda chance: made_up.database_string(chance)[0],
}


def _of_vendors() -> dict[str, Maker]:
    """One maker for each form of a vendor that needs no name beside it."""

    def maker_of(form: TokenFormat) -> Maker:
        def make(chance: random.Random) -> str:
            while True:
                text = made(form.pattern, chance, 90)
                if not is_filler(text[len(form.prefix) :]) and text.isprintable() and " " not in text:
                    return text

        return make

    return {
        f"{form.name} {form.prefix}": maker_of(form)
        for form in VENDOR_KEYS
        if not form.accepts.__name__.startswith("stands")
    }


_TOKENS |= _of_vendors()
_PLACES: dict[str, Callable[[str], str]] = {
    "value": lambda secret: f"      setting: '{secret}'\n",
    "script": lambda secret: (
        f"      command: |\n        Write-Host 'start'\n        ./setup.exe --use '{secret}'\n        exit 0\n"
    ),
    "comment": lambda secret: f"      other: a  # was {secret}\n",
    "parameter": lambda secret: f"      serviceToken: '{secret}'\n",
    "environment": lambda secret: f"      command: |\n        $env:SERVICE_TOKEN = '{secret}'\n        ./setup.exe\n",
    "query": lambda secret: f"      command: Invoke-WebRequest 'https://api.example.com/v1?token={secret}'\n",
    "base64": lambda secret: f"      inlineConfigurationBase64: {_encode(f'{CONFIGURATION}        use: {secret!r}')}\n",
}
_PASSWORDS: dict[str, str] = {
    "az login": "az login --service-principal -u 11 -p 'X' --tenant 22",
    "docker login": "docker login web.azurecr.io -u build -p X",
    "net user": "net user build X /add",
    "secure string": "$s = ConvertTo-SecureString 'X' -AsPlainText -Force",
    "sqlcmd": "sqlcmd -S db -U sa -P X -i a.sql",
    "curl": "curl.exe -u build:X https://feeds.example.com",
    "address": "git clone https://build:X@git.example.com/web.git",
    "variable": "$adminPassword = 'X'",
    "environment": "[Environment]::SetEnvironmentVariable('DB_PASSWORD', 'X', 'Machine')",
    "credential": "$c = [System.Net.NetworkCredential]::new('build', 'X')",
    "option": "choco install web -y --user=build --password=X",
}
_PARAMETERS = (
    "pat",
    "password",
    "adminPassword",
    "apiKey",
    "client_secret",
    "accessToken",
    "storageAccountKey",
    "db-password",
)
_WEAK = ("P@ssw0rd", "Welcome1", "Password123!", "Summer2024!", "Contoso#1", "letmein99", "Qwerty123", "SecureP@ssw0rd")


def secrets(chance: random.Random, rounds: int = 5) -> Iterator[Planted]:
    """The files with a secret."""
    for _ in range(rounds):
        for kind, maker in _TOKENS.items():
            for place, write in _PLACES.items():
                yield _planted(chance, kind, place, write(maker(chance)))
        for kind in ("azure devops", "azure devops old", "github", "gitlab", "bitbucket"):
            maker = _TOKENS[kind]
            yield _planted(chance, kind, "pat", f"      pat: {maker(chance)}\n")
            host = chance.choice(("dev.azure.com/a/_git/b", "github.com/a/b"))
            yield _planted(chance, kind, "address", f"      repositoryUrl: https://build:{maker(chance)}@{host}\n")
        for place, line in _PASSWORDS.items():
            for password in (made_up.password_of(chance), chance.choice(_WEAK)):
                # In an address a mark of its own ends the password.
                written = password.replace("@", "_") if place in ("address", "curl") else password
                call = line.replace("X", written)
                body = f"      command: |\n        Write-Host 'start'\n        {call}\n        exit 0\n"
                yield _planted(chance, "password", place, body)
        for name in _PARAMETERS:
            yield _planted(chance, "password", "parameter", f"      {name}: '{made_up.password_of(chance)}'\n")
        for password in (made_up.password_of(chance), made_up.azure_devops_old(chance)):
            yield _planted(
                chance, "password", "pair in base64", f"      repoSecretBase64: '{_encode(f'user:{password}')}'\n"
            )
            header = f'git -c http.extraheader="Authorization: Basic {_encode(f":{password}")}" clone https://a/b'
            yield _planted(chance, "password", "header", f"      command: >-\n        {header}\n")
        key = made_up.private_key(chance).replace("\n", "\n        ")
        yield _planted(chance, "private key", "value", f"      setting: |\n        {key}\n")


def look_alikes(chance: random.Random, rounds: int = 10) -> Iterator[Planted]:
    """The files without a secret, in which each line has something that looks like one."""
    for _ in range(rounds):
        hexadecimal = made_up.word(chance, 64, "0123456789abcdef")
        guid = str(uuid.UUID(int=chance.getrandbits(128)))
        version = made_up.word(chance, 32, "0123456789abcdef")
        name = made_up.word(chance, 8, string.ascii_lowercase)
        values = {
            "reference": (
                f"pat: '{{{{https://kv-{name}.vault.azure.net/secrets/pat/{version}}}}}'",
                f"password: '{{{{https://kv-{name}.vault.azure.net/secrets/{name}}}}}'",
                "pat: '{{ado://" + name + "}}'",
                "token: '{{" + name + "}}'",
                "apiKey: $(API_KEY)",
                "clientSecret: $env:CLIENT_SECRET",
                "password: '%PASSWORD%'",
                f"repositoryUrl: https://build:$(pat)@dev.azure.com/{name}/_git/web",
            ),
            "placeholder": (
                "pat: <YOUR-PAT>",
                "pat: YOUR_PAT_HERE",
                "password: changeme",
                "token: xxxxxxxxxxxxxxxx",
                "apiKey: <api-key>",
                "setting: ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "setting: 'AccountName=a;AccountKey=<key>;EndpointSuffix=core.windows.net'",
                "secret: '****************'",
            ),
            "name": (
                f"secretName: pat-{name}-01",
                f"keyVaultName: kv-{name}-01",
                f"passwordFile: C:\\{name}\\password1.txt",
                f"tokenUrl: https://login.microsoftonline.com/{guid}/oauth2/v2.0/token",
                f"publicKeyToken: {made_up.word(chance, 16, '0123456789abcdef')}",
                f"patchVersion: 1.2.{chance.randint(1, 99)}",
                f"path: C:\\Users\\{name}\\AppData\\Local\\Programs",
                "usePassword: true",
            ),
            "number": (
                f"tenantId: {guid}",
                f"setting: {hexadecimal}",
                f"sha256: {hexadecimal.upper()}",
                f"commit: {hexadecimal[:40]}",
                f"productCode: '{{{guid.upper()}}}'",
                f"integrity: sha512-{base64.b64encode(chance.randbytes(64)).decode()}",
                f"imageId: /subscriptions/{guid}/resourceGroups/{name}/providers/Microsoft.Compute/galleries/{name}",
                f"package: Microsoft.VisualStudio.2022.Enterprise_{name}1a2b3c4d5e",
            ),
            "script": (
                f"command: az login --service-principal -u {guid} -p $env:SP_SECRET --tenant {guid}",
                "command: docker login -u build --password-stdin web.azurecr.io",
                "command: net user build $password /add",
                "command: ConvertTo-SecureString $plain -AsPlainText -Force",
                "command: '$password = Read-Host -AsSecureString'",
                f"command: '$token = (Get-Secret {name})'",
                "command: curl.exe -u ${user}:${pat} https://feeds.example.com",
                "command: choco install git -params '/NoAutoCrlf /WindowsTerminal' -y",
            ),
            "public": (
                f"publicKey: ssh-ed25519 {base64.b64encode(chance.randbytes(51)).decode()}",
                f"setting: '-----BEGIN CERTIFICATE----- {base64.b64encode(chance.randbytes(90)).decode()}'",
                f"setting: '-----BEGIN PUBLIC KEY----- {base64.b64encode(chance.randbytes(90)).decode()}'",
                f"image: microsoftwindowsdesktop_windows-ent-cpc_win11-{chance.randint(22, 24)}h2-ent-cpc-m365",
                f"setting: https://{name}.blob.core.windows.net/tools/{guid}/setup-{version}.exe",
                f"inlineConfigurationBase64: {_encode(CONFIGURATION + f'        name: {name}')}",
                f"inlineConfigurationBase64: {_encode(CONFIGURATION + '        password: $(x)')}",
                f"data: {base64.b64encode(chance.randbytes(200)).decode()}",
            ),
        }
        for kind, lines in values.items():
            for line in lines:
                yield _planted(chance, kind, "look-alike", f"      {line}\n", False)
        for line in (
            f"# see https://org@dev.azure.com/{name}/web/_git/web",
            f"# token: see https://kv-{name}.vault.azure.net/secrets/{name}",
            "# password is taken from the key vault",
        ):
            yield _planted(chance, "comment", "look-alike", f"      other: a  {line}\n", False)


def _planted(chance: random.Random, kind: str, place: str, body: str, is_secret: bool = True) -> Planted:
    name = chance.choice(sorted(HEADS))
    head = HEADS[name]
    first = head.count("\n") + 1
    lines = range(first, first + body.count("\n")) if is_secret else range(0)
    return Planted(kind, place, name, head + body, lines)


def _encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
