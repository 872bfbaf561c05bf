"""What people wrap round the address of a secret, or of a token of Azure DevOps, where only ``{{`` and ``}}`` belong.

Seen from the address outwards: whatever language the characters around it are from, they are no part of the value.
"""

from __future__ import annotations

from devbox_lint.startup import NamedTuple, lazy

_IGNORE_CASE = 2
#: The address of a secret in a vault of any cloud, or of an organization's token.
_ADDRESS = lazy(
    r"https?://[a-z0-9-]+\.(?:privatelink\.)?vault(?:core)?\.(?:azure\.(?:net|cn)|usgovcloudapi\.net|microsoftazure\.de)"
    r"(?::\d+)?/secrets/[\w-]+(?:/\w+)?/?(?:\?[\w=&.-]*)?"
    r"|ado:/+[^\s{}<>()\[\]'\"%`“”‘’;,|&\\]*",
    _IGNORE_CASE,
)
#: The id of the secret as a resource, and what App Service takes for an address; either is of the public cloud.
_RESOURCE = lazy(
    r"/subscriptions/[\w-]+/resourceGroups/[\w.()-]+/providers/Microsoft\.KeyVault/vaults/(?P<vault>[a-z0-9-]+)"
    r"/secrets/(?P<name>[\w-]+)(?:/versions)?(?:/(?P<version>[0-9a-f]{32}))?/?",
    _IGNORE_CASE,
)
_APP_SERVICE = lazy(
    r"@?Microsoft\.KeyVault\([ ]*VaultName[ ]*=[ ]*(?P<vault>[a-z0-9-]+)[ ]*;[ ]*SecretName[ ]*=[ ]*(?P<name>[\w-]+)"
    r"[ ]*(?:;[ ]*SecretVersion[ ]*=[ ]*(?P<version>[0-9a-f]{32})?[ ]*)?\)",
    _IGNORE_CASE,
)
_MARK = r"[\s{}()\[\]<>$%#@!~|'\"`“”„‟‘’‚‛«»‹›\\_]|&(?:lt|gt|quot|amp);"
_WORD = (
    r"(?:secret(?:uri|ref|reference)?|uri|url|ref|reference|key-?vault|akv|kv|vault|azurekeyvault|env)[ ]?[:=(]"
    r"|@?Microsoft\.KeyVault\([ ]?SecretUri[ ]?="
    # A tag of YAML that quotes made text.
    r"|!\w+(?=[ ])"
)
_BEFORE = lazy(rf"(?:{_WORD}|{_MARK})*+", _IGNORE_CASE)
_AFTER = lazy(rf"(?:{_MARK}|[;,.])*+")


class Wrapped(NamedTuple):
    """An address that is all that a value holds, apart from what is wrapped round it.

    ``before`` and ``after`` are as written; ``address`` is what belongs between the braces. With ``is_id`` the value
    says it in other words, as the id of a resource.
    """

    before: str
    address: str
    after: str
    is_id: bool = False

    @property
    def is_ado(self) -> bool:
        """Whether it is the address of a token of Azure DevOps."""
        return self.address[:3].lower() == "ado"

    @property
    def is_bare(self) -> bool:
        """Whether nothing is wrapped round the address but blanks."""
        return not self.before.strip() and not self.after.strip()

    @property
    def is_braced(self) -> bool:
        """Whether the address stands in ``{{`` and ``}}``, whether or not blanks are inside or braces missing."""
        return not self.is_id and self.before.rstrip(" \t") == "{{" and self.after.lstrip(" \t") in ("}}", "}", "")

    @property
    def reference(self) -> str:
        """The right form, without quotes."""
        return "{{" + self.address + "}}"

    @property
    def form(self) -> str:
        """What the right form looks like, for a message."""
        return "{{ado://...}}" if self.is_ado else "{{https://...}}"


def find_wrapped(value: str) -> Wrapped | None:
    """The address in ``value``, None where there is none, more than one, or anything else beside it."""
    is_id = True
    for pattern in (_RESOURCE, _APP_SERVICE):
        match = pattern.search(value)
        if match is not None:
            version = f"/{match['version']}" if match["version"] else ""
            address = f"https://{match['vault']}.vault.azure.net/secrets/{match['name']}{version}"
            break
    else:
        match = _ADDRESS.search(value)
        if match is None:
            return None
        address = match.group()
        if address[:3].lower() == "ado":
            address = "ado://" + address[4:].strip("/")
        is_id = False
    before, after = value[: match.start()], value[match.end() :]
    if before.endswith("__") and address.endswith("__"):
        # Underscores may be a part of the name, and these are not.
        address, after = address[:-2], "__" + after
    if _BEFORE.fullmatch(before) is None or _AFTER.fullmatch(after) is None:
        return None
    return Wrapped(before, address, after, is_id)
