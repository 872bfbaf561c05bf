"""Tokens of the right form and checksum, made up afresh: no real token stands in any test."""

from __future__ import annotations

import base64
import random
import string
import zlib

from devbox_lint.credentials.formats import azure_devops_signature, base36, base62, marvin32

ALPHANUMERIC = string.ascii_letters + string.digits
_URL_SAFE = ALPHANUMERIC + "-_"


def word(chance: random.Random, length: int, alphabet: str = ALPHANUMERIC) -> str:
    """Random characters."""
    return "".join(chance.choices(alphabet, k=length))


def azure_devops(chance: random.Random) -> str:
    """An Azure DevOps token of 84 characters."""
    head = word(chance, 52) + "JQQJ99" + "BFA" + "C" + word(chance, 10) + "AAAS" + "AZDO"
    assert len(head) == 80
    return head + azure_devops_signature(head)


def azure_devops_old(chance: random.Random, magic: int = 0xE0B9692D) -> str:
    """An Azure DevOps token of 52 characters."""
    data = bytearray(chance.randbytes(32))
    crc = zlib.crc32(bytes(data[0:2] + data[3:7] + data[9:22] + data[23:32])) ^ magic
    for index, byte in zip((22, 8, 7, 2), crc.to_bytes(4, "little"), strict=True):
        data[index] = byte
    return base64.b32encode(bytes(data)).decode().lower().rstrip("=")


def github(chance: random.Random, prefix: str = "ghp_") -> str:
    """A GitHub token of 40 characters."""
    body = word(chance, 30)
    return prefix + body + base62(zlib.crc32(body.encode())).rjust(6, "0")


def github_fine_grained(chance: random.Random) -> str:
    """A fine-grained GitHub token."""
    return f"github_pat_{word(chance, 22)}_{word(chance, 59)}"


def github_installation(chance: random.Random) -> str:
    """A GitHub installation token of the form since 2026."""
    return f"ghs_{word(chance, 6, string.digits)}_" + ".".join(
        word(chance, length, _URL_SAFE) + "A" for length in (36, 300, 170)
    )


def gitlab(chance: random.Random, version: str = "01.") -> str:
    """A routable GitLab token."""
    payload = word(chance, 40, _URL_SAFE)
    head = f"glpat-{payload}.{version}{base36(len(payload)).rjust(2, '0')}"
    return head + base36(zlib.crc32(head.encode())).rjust(7, "0")


def gitlab_old(chance: random.Random) -> str:
    """A GitLab token of 26 characters."""
    return "glpat-" + word(chance, 19, _URL_SAFE) + "x"


def bitbucket(chance: random.Random) -> str:
    """A Bitbucket app password."""
    head = "ATBB" + word(chance, 24)
    return f"{head}{zlib.crc32(head.encode()):08X}"


def atlassian(chance: random.Random, prefix: str = "ATATT3") -> str:
    """An Atlassian API token."""
    head = prefix + word(chance, 170, _URL_SAFE) + "="
    return f"{head}{zlib.crc32(head.encode()):08X}"


def cask(chance: random.Random, provider: str = "ACOG") -> str:
    """A key of an Azure service of the form since 2024."""
    return word(chance, 52) + "JQQJ99BFAC" + word(chance, 10) + "AAAB" + provider + word(chance, 4)


def azure_key(chance: random.Random, signature: str, seed: str, length: int) -> str:
    """A key of an Azure service with its hash."""
    before = {88: 76, 44: 33, 52: 42, 56: 44}[length]
    plain = signature.isalnum()
    while True:
        head = word(chance, before, ALPHANUMERIC if plain else ALPHANUMERIC + "+/") + signature
        middle = word(chance, 1, "ABCD") + word(chance, 5)
        padding = {88: "==", 56: "=="}.get(length, "=" if length == 44 else "")
        body = (head + middle)[: length - len(padding)]
        data = base64.b64decode(body + word(chance, length - len(padding) - len(body), "A") + padding)
        tail = marvin32(data[:-4], int.from_bytes(seed.encode(), "big")).to_bytes(4, "little")
        key = base64.b64encode(data[:-4] + tail).decode()
        after = key[before + 4 : before + 5]
        shaped = length == 88 or (after in "ABCD")
        if key[before : before + 4] == signature and shaped and not (plain and set("+/") & set(key)):
            return key.replace("+", "-").replace("/", "_") if signature == "AzFu" else key


def storage(chance: random.Random) -> str:
    """A storage account key."""
    return azure_key(chance, "+ASt", "Default0", 88)


def cosmos(chance: random.Random) -> str:
    """A Cosmos DB key."""
    return azure_key(chance, "ACDb", "MastRW00", 88)


def service_bus(chance: random.Random) -> str:
    """A Service Bus key."""
    return azure_key(chance, "+ASb", "Manage00", 44)


def event_hub(chance: random.Random) -> str:
    """An Event Hubs key."""
    return azure_key(chance, "+AEh", "Listen00", 44)


def registry(chance: random.Random) -> str:
    """A container registry key."""
    return azure_key(chance, "+ACR", "ACRDflt0", 52)


def search(chance: random.Random) -> str:
    """A search key."""
    return azure_key(chance, "AzSe", "PAdmin00", 52)


def functions(chance: random.Random) -> str:
    """A Functions key."""
    return azure_key(chance, "AzFu", "Master00", 56)


def entra(chance: random.Random) -> str:
    """A client secret of Entra."""
    return word(chance, 3) + "8Q~" + word(chance, 33, ALPHANUMERIC + "_~.-") + "x"


def entra_old(chance: random.Random) -> str:
    """An older client secret of Entra."""
    return word(chance, 3) + "7Q~" + word(chance, 30, ALPHANUMERIC + "_~.-") + "x"


def npm(chance: random.Random) -> str:
    """An npm token."""
    return github(chance, "npm_")


def nuget(chance: random.Random) -> str:
    """A NuGet API key."""
    return "oy2" + word(chance, 43, string.ascii_lowercase + "234567")


def pypi(chance: random.Random) -> str:
    """A PyPI token."""
    return "pypi-AgEIcHlwaS5vcmc" + word(chance, 150, _URL_SAFE)


def web_token(chance: random.Random) -> str:
    """A JSON web token."""
    parts = (b'{"alg":"RS256","typ":"JWT"}', b'{"sub":"' + word(chance, 40).encode() + b'"}', chance.randbytes(64))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


MAKERS = (
    azure_devops,
    azure_devops_old,
    github,
    github_fine_grained,
    github_installation,
    gitlab,
    gitlab_old,
    bitbucket,
    atlassian,
)

#: The tokens and keys of services that stand alone; all but four kinds have a checksum.
SERVICE_MAKERS = (
    cask,
    storage,
    cosmos,
    service_bus,
    event_hub,
    registry,
    search,
    functions,
    entra,
    entra_old,
    npm,
    nuget,
    pypi,
    web_token,
)


def connection_string(chance: random.Random) -> tuple[str, str]:
    """A connection string of a storage account of the older form, and the key in it."""
    key = base64.b64encode(chance.randbytes(64)).decode()
    return f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key};EndpointSuffix=core.windows.net", key


def signature(chance: random.Random, expiry: str = "2999-01-01") -> tuple[str, str]:
    """The query of a shared access signature, and the signature in it."""
    from urllib.parse import quote

    sig = quote(base64.b64encode(chance.randbytes(32)).decode(), safe="")
    return f"sv=2024-11-04&ss=b&srt=o&sp=r&se={expiry}T00:00:00Z&spr=https&sig={sig}", sig


def database_string(chance: random.Random) -> tuple[str, str]:
    """A connection string of a database, and the password in it."""
    password = password_of(chance)
    return (
        f"Server=tcp:a.database.windows.net,1433;Initial Catalog=b;User ID=c;Password={password};Encrypt=True",
        password,
    )


def private_key(chance: random.Random) -> str:
    """A private key that is none but for its form."""
    body = base64.b64encode(chance.randbytes(600)).decode()
    lines = "\n".join(body[index : index + 64] for index in range(0, len(body), 64))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----"


def password_of(chance: random.Random) -> str:
    """A password as people choose it."""
    return (
        word(chance, 4, string.ascii_uppercase)
        + word(chance, 6)
        + chance.choice("!-_~.")
        + word(chance, 3, string.digits)
    )
