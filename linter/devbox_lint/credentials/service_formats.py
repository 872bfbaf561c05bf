"""The forms of keys, tokens and connection strings of services as data: all but the access tokens of code hosts."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from devbox_lint.credentials.formats import (
    ESCAPED,
    LEFT,
    LEFT_BASE64,
    RIGHT_BASE64,
    SecretKind,
    TokenFormat,
    azure_key_holds,
    format_of,
    no_checksum,
)
from devbox_lint.references.placeholders import is_placeholder_credential


def _service(
    name: str,
    pattern: str,
    source: str,
    marks: tuple[str, ...],
    holds: Callable[[str], bool | None] = no_checksum,
    left: str = "",
    prefix: str = "",
    accepts: Callable[[str, int, int], bool] | None = None,
    beside: bool = False,
    short: bool = False,
) -> TokenFormat:
    form = format_of(name, prefix, pattern, source, holds, False, SecretKind.SERVICE, marks, left)
    form = form._replace(beside=beside or short, short=short)
    return form if accepts is None else form._replace(accepts=accepts)


_AZURE_KEYS = "https://github.com/microsoft/security-utilities"
_SAS = "https://learn.microsoft.com/azure/storage/common/storage-sas-overview"
_CONNECTION = "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string"
_SQL = "https://learn.microsoft.com/sql/connect/ado-net/connection-string-syntax"

#: The services whose keys share the form with the mark ``JQQJ9``, by the characters 77 to 80.
_CASK = {
    "AZDO": "Azure DevOps key",
    "AZAC": "Azure App Configuration key",
    "ACOG": "Azure AI services key",
    "AZEG": "Azure Event Grid key",
    "AZMP": "Azure Maps key",
    "AZCS": "Azure Communication Services key",
}

_END_OF_LINE = r"[\r\n]|\\\\[rn]"
# A field that only a connection string of a database has.
_DATABASE = (
    r"(?i)(?:^|[;,?&\"'`\s=])(?:server|data source|datasource|initial catalog|user ?id|uid|addr|address|host|hostname"
    r"|user|username|driver|dsn|database|ssl|abortconnect)[ \t]*=|jdbc:"
)
_BEGIN_OF_KEY = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_QUERY = r"[^\s'\"`<>]"


def _in_database_string(text: str, start: int, end: int) -> bool:
    """Whether a password stands in a connection string, and is one."""
    line = max(text.rfind("\n", max(0, start - 400), start) + 1, start - 400, 0)
    last = text.find("\n", end, end + 400)
    line_text = text[line : last if last >= 0 else end + 400]
    return re.search(_DATABASE, line_text) is not None and not is_placeholder_credential(text[start:end])


def _is_signed_query(text: str, start: int, end: int) -> bool:
    """Whether the other fields of a shared access signature stand beside it."""
    if not text.startswith("=", end - 1) and text[end - 3 : end].lower() != "%3d":
        return False
    first = last = start
    while first > 0 and start - first < 600 and text[first - 1] not in " \t\r\n'\"`<>":
        first -= 1
    while last < len(text) and last - end < 600 and text[last] not in " \t\r\n'\"`<>":
        last += 1
    query = text[first:last]
    return any(f"{mark}{field}=" in query for field in ("sv", "se", "sr") for mark in "?&; ") or "sr=" in query


def _is_web_token(text: str, start: int, end: int) -> bool:
    """Whether the first part is the header of a JSON web token."""
    head = text[start : text.find(".", start, end)]
    try:
        header = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
    except ValueError:
        return False
    if b'"alg"' not in header and b'"typ"' not in header:
        return False
    # The sample of jwt.io, on every second page of documentation.
    return "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c" not in text[start:end]


def _has_key_inside(text: str, start: int, end: int) -> bool:
    """Whether a key stands between header and footer, not a placeholder."""
    body = re.sub(_BEGIN_OF_KEY, "", text[start : start + 500], count=1)
    match = re.search(r"[A-Za-z0-9+/]{40}", body)
    return match is not None and match.start() <= 60 and len(set(match.group())) > 8


# In a connection string the fields stand in any order, so one that belongs to it is looked for on both sides.
_FIELD = r"(?:(?<=[;\"'`\s=])|(?<![^\r\n]))"
_NO_VALUE = r";'\"\s{}$<>%\\`"
SERVICE_KEYS: tuple[TokenFormat, ...] = (
    *(
        _service(
            name,
            r"[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}"
            + provider
            + r"[A-Za-z0-9]{4}(?:[A-Za-z0-9]{2}==)?(?![A-Za-z0-9=])",
            _AZURE_KEYS,
            ("JQQJ9",),
            left=LEFT,
        )
        for provider, name in (*_CASK.items(), (r"(?!AZDO)[A-Za-z][A-Za-z0-9]{3}", "Azure key"))
    ),
    _service(
        "Entra client secret",
        r"[\w~.-]{3}(?:7Q~[\w~.-]{31}|8Q~[\w~.-]{34})(?![\w~+/-]|\.[\w~])",
        "https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret",
        ("7Q~", "8Q~"),
        left=rf"(?a:(?<![\w~.+/-])|{ESCAPED})",
    ),
    _service(
        "Azure storage or service key",
        r"[A-Za-z0-9+/]{76}(?:\+ASt|ACDb|\+ABa|APIM|\+AMC)[A-Za-z0-9+/]{5}[AQgw]==" + RIGHT_BASE64,
        _AZURE_KEYS,
        ("+ASt", "ACDb", "+ABa", "APIM", "+AMC"),
        azure_key_holds,
        LEFT_BASE64,
    ),
    _service(
        "Azure messaging or cache key",
        r"[A-Za-z0-9+/]{33}(?:\+ASb|\+AEh|\+ARm|AIoT|AzCa|AZEG)[A-P][A-Za-z0-9+/]{5}=" + RIGHT_BASE64,
        _AZURE_KEYS,
        ("+ASb", "+AEh", "+ARm", "AIoT", "AzCa", "AZEG"),
        azure_key_holds,
        LEFT_BASE64,
    ),
    _service(
        "Azure container registry key",
        r"[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}" + RIGHT_BASE64,
        _AZURE_KEYS,
        ("+ACR",),
        azure_key_holds,
        LEFT_BASE64,
    ),
    _service(
        "Azure AI Search key",
        r"[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}" + RIGHT_BASE64,
        _AZURE_KEYS,
        ("AzSe",),
        azure_key_holds,
        LEFT_BASE64,
    ),
    _service(
        "Azure Functions key",
        r"[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==" + RIGHT_BASE64,
        _AZURE_KEYS,
        ("AzFu",),
        azure_key_holds,
        LEFT_BASE64,
    ),
    # Older keys have no signature, so the field's name must say what they are.
    _service(
        "storage account key",
        r"(?i:AccountKey)=(?P<secret>[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])",
        _CONNECTION,
        ("accountkey=",),
        beside=True,
    ),
    _service(
        "shared access key",
        r"(?i:SharedAccessKey)=(?P<secret>[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])",
        "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas",
        ("sharedaccesskey=",),
        beside=True,
    ),
    _service(
        "App Configuration secret",
        r"Endpoint=https://[\w-]{1,60}\.azconfig\.io;Id=[^;\s]{1,100};Secret=(?P<secret>[A-Za-z0-9+/=]{36,100})",
        "https://learn.microsoft.com/azure/azure-app-configuration/howto-best-practices",
        (".azconfig.io;",),
        beside=True,
    ),
    _service(
        "access key of a connection string",
        r"(?i:Endpoint=https?://[\w.-]{1,100}\.(?:service\.signalr\.net|webpubsub\.azure\.com|communication\.azure\.(?:com|us))"
        r"/?;AccessKey=)(?P<secret>[A-Za-z0-9+/]{40,100}={0,2})",
        "https://learn.microsoft.com/azure/azure-signalr/concept-connection-string",
        (".signalr.net", ".webpubsub.azure.", ".communication.azure."),
        beside=True,
    ),
    _service(
        "password of a cache",
        r"[\w-]{1,63}\.(?:redis\.cache\.windows\.net|redisenterprise\.cache\.azure\.net):\d{4,5},password=(?P<secret>[A-Za-z0-9+/]{43}=)",
        "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-web-app-howto",
        (".cache.windows.net", ".cache.azure.net"),
        beside=True,
    ),
    _service(
        "Azure Functions key",
        r"\.azurewebsites\.net/[^\s'\"<>]{0,200}?[?&]code=(?P<secret>[A-Za-z0-9_/+-]{40,80}+(?:={1,2}|(?:%3[dD]){1,2})?)",
        "https://learn.microsoft.com/azure/azure-functions/function-keys-how-to",
        (".azurewebsites.net/",),
        beside=True,
    ),
    _service(
        "Azure Maps key",
        r"atlas\.microsoft\.com/[^\s'\"<>]{0,300}?[?&]subscription-key=(?P<secret>[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])",
        "https://learn.microsoft.com/azure/azure-maps/how-to-manage-authentication",
        ("atlas.microsoft.com",),
        beside=True,
    ),
    _service(
        "subscription key",
        r"(?i:Ocp-Apim-Subscription-Key)[\"']?\]?[ \t]*+(?:[:=,]|=>)[ \t]*+[\"']?(?P<secret>[0-9a-f]{32})(?![0-9a-z])",
        "https://learn.microsoft.com/azure/ai-services/authentication",
        ("ocp-apim-subscription-key",),
        beside=True,
    ),
    _service(
        "shared access signature",
        r"(?:[?&;]|(?<=SharedAccessSignature )|(?<=SharedAccessSignature=))"
        r"sig=(?P<secret>(?:[A-Za-z0-9+/]|%[0-9A-Fa-f]{2}){40,120}+=?)",
        _SAS,
        ("sig=",),
        beside=True,
        accepts=_is_signed_query,
    ),
    _service(
        "password of a connection string",
        _FIELD + r"(?i:password|pwd)[ \t]*+=[ \t]*+(?P<secret>[^;'\"\s{}$<>%\\`]{3,200}+)(?![{$<%])",
        _SQL,
        ("password", "pwd"),
        short=True,
        accepts=_in_database_string,
    ),
    _service(
        "password of a connection string",
        rf"(?<=[,])(?i:password|pwd)=(?P<secret>[^,{_NO_VALUE}]{{3,200}}+)(?![{{$<%])",
        "https://stackexchange.github.io/StackExchange.Redis/Configuration",
        ("password", "pwd"),
        short=True,
        accepts=_in_database_string,
    ),
    _service(
        "password of a connection string",
        rf"(?<=[?&])(?i:password|pwd)=(?P<secret>[^&{_NO_VALUE}]{{3,200}}+)(?![{{$<%])",
        "https://jdbc.postgresql.org/documentation/use/",
        ("password", "pwd"),
        short=True,
        accepts=_in_database_string,
    ),
    _service(
        "JSON web token",
        r"eyJ[A-Za-z0-9_-]{10,2000}+\.eyJ[A-Za-z0-9_-]{10,4000}+\.[A-Za-z0-9_-]{10,1000}+",
        "https://www.rfc-editor.org/rfc/rfc7519",
        (".eyJ",),
        left=rf"(?:(?<![A-Za-z0-9_.-])|{ESCAPED})",
        accepts=_is_web_token,
    ),
    _service(
        "private key",
        r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        r"[^-]{40,20000}+(?:-----END [A-Z0-9 ]{5,60}-----)?",
        "https://www.rfc-editor.org/rfc/rfc7468",
        ("private key",),
        beside=True,
        accepts=_has_key_inside,
    ),
)
