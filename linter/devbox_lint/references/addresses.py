"""The addresses that references hold: a secret in a key vault, an organization of Azure DevOps.

Whatever is malformed is still taken apart as far as it goes, so that a rule can point at the wrong part
alone. Offsets count code points of the value from 0, half open. Time is linear in the length.
"""

from __future__ import annotations

import re

from devbox_lint.startup import NamedTuple, lazy


class Part(NamedTuple):
    """A piece of a scalar's value, ``value[start:end] == text``; one that is absent is empty."""

    text: str
    start: int
    end: int

    def __bool__(self) -> bool:
        return self.start < self.end


class Cloud(NamedTuple):
    """An Azure cloud: what follows the vault's name in a host, and what does behind a private link."""

    name: str
    domain: str
    private_domain: str


#: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers
#: and https://learn.microsoft.com/azure/private-link/private-endpoint-dns. The German cloud closed in 2021.
CLOUDS = (
    Cloud("public", "vault.azure.net", "privatelink.vaultcore.azure.net"),
    Cloud("china", "vault.azure.cn", "privatelink.vaultcore.azure.cn"),
    Cloud("usgov", "vault.usgovcloudapi.net", "privatelink.vaultcore.usgovcloudapi.net"),
    Cloud("germany", "vault.microsoftazure.de", "privatelink.vaultcore.microsoftazure.de"),
)


class SecretUri(NamedTuple):
    """``https://VAULT.DOMAIN/COLLECTION/NAME/VERSION``, each part as written.

    ``cloud`` is None where the host is no Key Vault's. ``port`` begins with its colon, ``extra`` holds the
    path after the version with its first slash, ``query`` begins with ``?`` or ``#``.
    """

    whole: Part
    scheme: Part
    separator: Part
    host: Part
    vault: Part
    domain: Part
    port: Part
    collection: Part
    name: Part
    version: Part
    extra: Part
    query: Part
    cloud: Cloud | None
    private_link: bool


class AdoOrganization(NamedTuple):
    """``ado://ORGANIZATION``, each part as written; a bare ``ado`` has no separator and no organization.

    ``rest`` is whatever follows the organization, with its first character.
    """

    whole: Part
    scheme: Part
    separator: Part
    organization: Part
    rest: Part

    @property
    def is_bare(self) -> bool:
        """Whether it is ``ado`` alone."""
        return not self.separator

    @property
    def is_well_formed(self) -> bool:
        """Whether it is ``ado://ORGANIZATION`` and nothing else, a slash at the end apart."""
        return (
            self.scheme.text.lower() == "ado"
            and self.separator.text == "://"
            and self.rest.text in ("", "/")
            and _ORGANIZATION.fullmatch(self.organization.text) is not None
        )


_SCHEME = lazy(r"([A-Za-z][A-Za-z0-9+-]{0,20})?([:/\\]{1,4})")
_SLASH = lazy(r"[/\\]+")
_PATH = lazy(r"[/\\?#]")
_QUERY = lazy(r"[?#]")
_ADO = lazy(r"(ado)([:/\\]*+)", re.IGNORECASE)
_ADO_SCHEMES = frozenset(("azdo", "azuredevops", "azure-devops", "devops", "vsts", "tfs"))
_ORGANIZATION = lazy(r"[A-Za-z0-9][A-Za-z0-9-]*")


def parse_secret_uri(value: str, start: int, end: int) -> SecretUri:
    """Take ``value[start:end]`` apart as the address of a secret, however malformed."""
    scheme, separator = _scheme(value, start, end)
    cursor = separator.end
    path_at = _find(_PATH, value, cursor, end)
    query_at = _find(_QUERY, value, path_at, end)
    colon = value.find(":", value.rfind("@", cursor, path_at) + 1 or cursor, path_at)
    host_end = path_at if colon < 0 else colon
    host = part_of(value, cursor, host_end)
    vault, domain, cloud, private_link = _split_host(value, host)
    segments = []
    at = path_at
    for slashes in _SLASH.finditer(value, path_at, query_at):
        if slashes.start() > at:
            segments.append(part_of(value, at, slashes.start()))
        at = slashes.end()
    if at < query_at:
        segments.append(part_of(value, at, query_at))
    nothing = part_of(value, query_at, query_at)
    collection, name, version = (*segments[:3], nothing, nothing, nothing)[:3]
    return SecretUri(
        part_of(value, start, end), scheme, separator, host, vault, domain,
        part_of(value, host_end, path_at), collection, name, version,
        part_of(value, segments[3].start - 1, query_at) if len(segments) > 3 else nothing,
        part_of(value, query_at, end), cloud, private_link,
    )  # fmt: skip


def parse_ado(value: str, start: int, end: int) -> AdoOrganization | None:
    """Take ``value[start:end]`` apart as an organization of Azure DevOps, None where it is meant as no such."""
    match = _ADO.match(value, start, end)
    if match is not None and (match.end() == end or match.group(2)):
        scheme, separator = part_of(value, *match.span(1)), part_of(value, *match.span(2))
    else:
        scheme, separator = _scheme(value, start, end)
        host = value[separator.end : _find(_PATH, value, separator.end, end)].lower()
        at_azure_repos = host.rsplit("@", 1)[-1] == "dev.azure.com" or host.endswith(".visualstudio.com")
        if scheme.text.lower() not in _ADO_SCHEMES and not (scheme and at_azure_repos):
            return None
    cursor = separator.end
    organization_end = _find(_PATH, value, cursor, end)
    return AdoOrganization(
        part_of(value, start, end), scheme, separator,
        part_of(value, cursor, organization_end), part_of(value, organization_end, end),
    )  # fmt: skip


def _scheme(value: str, start: int, end: int) -> tuple[Part, Part]:
    match = _SCHEME.match(value, start, end)
    if match is not None:
        scheme, separator = match.group(1) or "", match.group(2)
        is_scheme = ":" in separator or len(separator) > 1 or scheme.lower() in ("http", "https")
        if is_scheme:
            middle = start + len(scheme)
            return part_of(value, start, middle), part_of(value, middle, match.end())
    nothing = part_of(value, start, start)
    return nothing, nothing


def _split_host(value: str, host: Part) -> tuple[Part, Part, Cloud | None, bool]:
    text = host.text.lower()
    for cloud in CLOUDS:
        domains = ((cloud.private_domain, True), ("privatelink." + cloud.domain, True), (cloud.domain, False))
        for domain, private_link in domains:
            if text == domain or text.endswith("." + domain):
                middle = host.end - len(domain)
                vault = part_of(value, host.start, max(host.start, middle - 1))
                return vault, part_of(value, middle, host.end), cloud, private_link
    dot = value.find(".", host.start, host.end)
    if dot < 0:
        return host, part_of(value, host.end, host.end), None, False
    return part_of(value, host.start, dot), part_of(value, dot + 1, host.end), None, False


def _find(pattern: re.Pattern[str], value: str, start: int, end: int) -> int:
    """Where ``pattern`` is first found in ``value[start:end]``, else ``end``."""
    match = pattern.search(value, start, end)
    return end if match is None else match.start()


def part_of(value: str, start: int, end: int) -> Part:
    """The part ``value[start:end]``."""
    return Part(value[start:end], start, end)
