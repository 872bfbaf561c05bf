"""DBX301: a reference to a secret whose address is malformed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.credentials.names import is_token_name
from devbox_lint.credentials.tokens import may_be_shown
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.references.addresses import CLOUDS, Cloud, Part, SecretUri
from devbox_lint.references.expressions import Reference, ReferenceKind
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint.yaml.wrapped_references import find_wrapped
from devbox_lint_rules.references._values import Value, is_in_text, resolved_references

_FORM = "write `{{https://VAULT.vault.azure.net/secrets/NAME}}`"
# `{{secret:pat}}`, `{{kv/pat}}`: what other products take for a secret.
_NAMED = r"(?i)(?:secrets?|kv|akv|key-?vault|azurekeyvault|vault)[:/][\w./:-]+"
_PATH = r"[\w-]+(?:[:/][\w-]+)+"
_VAULT_NAME = r"[A-Za-z](?:-?[A-Za-z0-9])*+"
_SECRET_NAME = r"[0-9A-Za-z-]{1,127}"
_NOT_IN_A_NAME = r"[^0-9A-Za-z-]+"
_WRONG_SLASHES = r"\\[/\\]*+|/[/\\]++"
_VERSION = r"[0-9A-Fa-f]{32}"
_PLAIN = r"[0-9A-Za-z._-]{1,60}"
_OTHER_OBJECTS = frozenset(("key", "keys", "certificate", "certificates", "cert", "certs"))
#: What people write for the domain of a cloud, beside one wrong letter.
_MISTAKEN_DOMAINS = {
    "azure.net": CLOUDS[0],
    "vault.azure.com": CLOUDS[0],
    "vaults.azure.com": CLOUDS[0],
    "vault.azure.org": CLOUDS[0],
    "vault.windows.net": CLOUDS[0],
    "vault.core.windows.net": CLOUDS[0],
    "vaultcore.azure.net": CLOUDS[0],
    "keyvault.azure.net": CLOUDS[0],
    "keyvault.azure.com": CLOUDS[0],
    "key-vault.azure.net": CLOUDS[0],
    "keyvaults.azure.net": CLOUDS[0],
    "vaultcore.azure.cn": CLOUDS[1],
    "keyvault.azure.cn": CLOUDS[1],
    "vault.chinacloudapi.cn": CLOUDS[1],
    "vault.azure.us": CLOUDS[2],
    "keyvault.usgovcloudapi.net": CLOUDS[2],
    "vaultcore.usgovcloudapi.net": CLOUDS[2],
    "usgovcloudapi.net": CLOUDS[2],
}


class MalformedSecretUri(Rule):
    """
    A reference to a Key Vault secret has a wrong part: its scheme, host, vault name, path, secret name or
    version.

    Why: The address is looked up when the dev box is set up. One that leads nowhere fails the task, and the
    local tools do not tell, because they resolve no secrets.

    Fix: Write `{{https://VAULT.vault.azure.net/secrets/NAME}}`. A vault's name has 3 to 24 letters, digits
    and single hyphens, begins with a letter and ends with a letter or digit; a secret's name has 1 to 127
    letters, digits and hyphens; a version has 32 hexadecimal digits and may be left out.
    """

    code = "DBX301"
    name = "malformed-secret-uri"
    severity = Severity.ERROR
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX302", "DBX303", "DBX304", "DBX501")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{ «http://»kv1.vault.azure.net/«secret»/pat }}'\n",
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{ https://kv1.vault.azure.net/secrets/pat }}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        # 🔑\n"
            "        az login `\n          --password {{https://kv1.«vault.azure.com»/secrets/pw}}\n"
            "        foo {{https://kv1.«azure.net»/secrets/pw}}\n",
            fixed="tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        # 🔑\n"
            "        az login `\n          --password {{https://kv1.vault.azure.net/secrets/pw}}\n"
            "        foo {{https://kv1.vault.azure.net/secrets/pw}}\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            '      pat: "{{https://«1-kv».vault.azure.net/secrets/git«_»pat/«12ab»}}"\n',
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{https://«example.com»/x}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/«pat»«?api-version=7.4»}}'\n"
            "      b: '{{https://kv1.vault.azure.net«//»secrets«\\»pat}}'\n",
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n"
            "      b: '{{https://kv1.vault.azure.net/secrets/pat}}'\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{ https://my-kv.vault.azure.net/secrets/pat/0123456789abcdef0123456789abcdef }}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: t\n    parameters:\n"
            "      a: '{{HTTPS://KV1.Vault.Azure.Net/secrets/a}}'\n"
            "      b: '{{https://kv1.vault.usgovcloudapi.net/secrets/b/}}'\n"
            "      c: '{{https://kv1.vault.azure.cn:443/secrets/c}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: t\n    description: like {{http://kv1/x}}\n    parameters:\n"
            "      a: '{{https://kv1.privatelink.vaultcore.azure.net/secrets/a}}'\n"
            "      b: '{{https://<vault>.vault.azure.net/secrets/<name>}}'\n"
            "      c: '{{https://kv1.vault.azure.net/keys/c}}'\n"
            "      command: |\n        # {{https://kv1/x}}\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context, declared=True):
            if reference.kind is ReferenceKind.SECRET and reference.secret is not None:
                yield from _judge(value.scalar, reference.secret)
            elif reference.kind is ReferenceKind.UNKNOWN and _names_secret(value, reference):
                yield Finding(reference.span, f"this names a secret, and a secret is found by its address: {_FORM}")


def _names_secret(value: Value, reference: Reference) -> bool:
    """Whether a reference to a secret is meant that has no address: ``{{secret:x}}``, ``{{vault/x}}``."""
    if find_wrapped(reference.text) is not None or is_in_text(value, reference):
        return False
    of_token = is_token_name(value.name) and reference.is_whole and re.fullmatch(_PATH, reference.text)
    return bool(of_token or re.fullmatch(_NAMED, reference.text))


def _judge(scalar: Scalar, uri: SecretUri) -> Iterator[Finding]:
    meant = uri.cloud or _cloud_meant(uri)
    if meant is not None:
        yield from _judge_scheme(scalar, uri)
    elif uri.scheme.text.lower() not in ("http", "https"):
        yield _finding(scalar, uri.whole, f"this is not the address of a secret: {_FORM}")
        return
    yield from _judge_host(scalar, uri, meant)
    if uri.cloud is None and meant is None and uri.collection.text.lower() != "secrets":
        return
    yield from _judge_path(scalar, uri)
    if uri.query and not is_placeholder(uri.query.text[1:]):
        yield _finding(
            scalar,
            uri.query,
            "nothing may follow the name and version of a secret in its address",
            fix=Fix("remove what follows the address", (_edit(scalar, _with_blanks_before(scalar, uri.query), ""),)),
        )


def _with_blanks_before(scalar: Scalar, part: Part) -> Part:
    """A part with the white space before it, which would stand at the end of an address without it."""
    start = len(scalar.value[: part.start].rstrip())
    return Part(scalar.value[start : part.end], start, part.end)


def _judge_scheme(scalar: Scalar, uri: SecretUri) -> Iterator[Finding]:
    if uri.scheme.text.lower() == "https" and uri.separator.text == "://":
        return
    wrong = Part(uri.scheme.text + uri.separator.text, uri.whole.start, uri.host.start)
    fix = Fix("write `https://`", (_edit(scalar, wrong, "https://"),))
    if wrong:
        yield _finding(scalar, wrong, "the address of a secret begins with `https://`", fix=fix)
    else:
        yield _finding(scalar, uri.host, "the address of a secret lacks `https://` before its host", fix=fix)


def _judge_host(scalar: Scalar, uri: SecretUri, meant: Cloud | None) -> Iterator[Finding]:
    if is_placeholder(uri.host.text) or is_placeholder(uri.vault.text) or uri.private_link:
        return
    if not uri.host:
        yield _finding(scalar, uri.whole, f"the address names no vault: {_FORM}")
    elif uri.cloud is not None:
        if not uri.vault:
            domain = uri.domain.text
            yield _finding(scalar, uri.host, f"no vault is named before `{domain}`: write `VAULT.{domain}`")
        else:
            problem = _wrong_vault_name(uri.vault.text)
            if problem:
                yield _finding(scalar, uri.vault, f"{_called('vault', uri.vault.text)} {problem}")
        if uri.port.text not in ("", ":", ":443"):
            yield _finding(scalar, uri.port, "a key vault answers at port 443 only: leave the port out")
    elif meant is not None:
        fix = Fix(f"write `{meant.domain}`", (_edit(scalar, uri.domain, meant.domain),))
        message = f"the host of a vault ends in `.{meant.domain}`, not in `.{uri.domain.text}`"
        yield _finding(scalar, uri.domain, message, fix=fix)
    elif uri.domain.text.lower().startswith("managedhsm."):
        yield _finding(scalar, uri.host, f"a managed HSM holds keys and no secrets: {_FORM}")
    elif not uri.domain and uri.collection.text.lower() == "secrets":
        yield _finding(scalar, uri.host, "the host of a vault is its name and a domain: write `VAULT.vault.azure.net`")
    else:
        yield _finding(scalar, uri.host, f"{_called('host', uri.host.text)} is not a key vault: {_FORM}")


def _judge_path(scalar: Scalar, uri: SecretUri) -> Iterator[Finding]:
    collection, name, version = uri.collection, uri.name, uri.version
    word = collection.text.lower()
    if word in _OTHER_OBJECTS:
        return
    for slashes in re.finditer(_WRONG_SLASHES, scalar.value[uri.host.end : uri.query.start]):
        start = uri.host.end + slashes.start()
        wrong = Part(slashes.group(), start, start + len(slashes.group()))
        fix = Fix("write `/`", (_edit(scalar, wrong, "/"),))
        yield _finding(scalar, wrong, "one `/` stands between the parts of an address", fix=fix)
    if not collection:
        yield _finding(scalar, uri.whole, "the address names no secret: write `/secrets/NAME` after the host")
        return
    is_near = word in ("secret", "secrets") or _is_one_edit(word, "secrets")
    if is_near and not name:
        yield _finding(scalar, collection, f"no secret is named after `/{collection.text}/`: write `/secrets/NAME`")
        return
    if word != "secrets":
        if is_near:
            fix = Fix("write `secrets`", (_edit(scalar, collection, "secrets"),))
            yield _finding(scalar, collection, "secrets are under `/secrets/` in the address", fix=fix)
        elif is_placeholder(collection.text):
            return
        elif not name:
            # What cannot be a secret's name is not known to be meant as one.
            is_name = re.fullmatch(_SECRET_NAME, collection.text) is not None
            insert = Fix("insert `secrets/`", (_insert(scalar, collection.start, "secrets/"),)) if is_name else None
            yield _finding(scalar, collection, "the address lacks `/secrets/` before the secret's name", fix=insert)
            return
        else:
            yield _finding(scalar, collection, "the path of a secret is `/secrets/NAME` or `/secrets/NAME/VERSION`")
            return
    if not is_placeholder(name.text) and not re.fullmatch(_SECRET_NAME, name.text):
        yield _wrong_secret_name(scalar, name)
    if version and not is_placeholder(version.text) and not re.fullmatch(_VERSION, version.text):
        without: Fix | None = None
        if version.text.lower() in ("latest", "current") and not uri.extra:
            gone = Part("", version.start - 1, version.end)
            without = Fix("remove the version", (_edit(scalar, gone, ""),))
        message = "a version has 32 hexadecimal digits: leave it out to get the newest"
        yield _finding(scalar, version, message, fix=without)
    if uri.extra:
        yield _finding(scalar, uri.extra, "the path of a secret ends with its version")


def _wrong_secret_name(scalar: Scalar, name: Part) -> Finding:
    wrong = re.search(_NOT_IN_A_NAME, name.text)
    if wrong is None:
        message = f"the secret's name has {len(name.text)} characters: 127 are allowed"
        return _finding(scalar, name, message)
    at = Part(wrong.group(), name.start + wrong.start(), name.start + wrong.end())
    message = f"{_called('secret', name.text)} cannot exist: a secret's name has letters, digits and `-` only"
    return _finding(scalar, at, message)


def _wrong_vault_name(name: str) -> str | None:
    if not re.fullmatch(_VAULT_NAME, name):
        return "cannot exist: a vault's name has letters, digits and single hyphens and begins with a letter"
    if not 3 <= len(name) <= 24:
        return f"cannot exist: a vault's name has 3 to 24 characters, not {len(name)}"
    return None


def _called(noun: str, name: str) -> str:
    return f"the {noun} `{name}`" if re.fullmatch(_PLAIN, name) and may_be_shown(name) else f"the {noun}"


def _cloud_meant(uri: SecretUri) -> Cloud | None:
    """The cloud whose domain the host almost ends with, where no other can be meant."""
    domain = uri.domain.text.lower().rstrip(".")
    if not domain or not uri.vault:
        return None
    near = [cloud for cloud in CLOUDS if domain == cloud.domain or _is_one_edit(domain, cloud.domain)]
    if len(near) == 1:
        return near[0]
    cloud = _MISTAKEN_DOMAINS.get(domain)
    # Under `azure.net` and its like are other services too: only the path says that a vault is meant.
    word = uri.collection.text.lower()
    if cloud is not None and "vault" not in domain and word not in ("secrets", "secret"):
        return None
    return cloud


def _is_one_edit(one: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong or swapped with its neighbour is the whole difference."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )


def _finding(scalar: Scalar, part: Part, message: str, fix: Fix | None = None) -> Finding:
    return Finding(scalar.span_of(part.start, part.end), message, fix=fix)


def _edit(scalar: Scalar, part: Part, content: str) -> Edit:
    return Edit(scalar.span_of(part.start, part.end), content)


def _insert(scalar: Scalar, offset: int, content: str) -> Edit:
    return Edit(scalar.span_of(offset, offset), content)
