"""The service principals that a file's scripts sign in, and what the scripts use as these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Span
from devbox_lint.powershell import Call
from devbox_lint.powershell.azure_sign_in import SignIn, Tool
from devbox_lint.powershell.azure_uses import BlobAction, BlobUse, RegistryUse, Sessions, Use, find_uses
from devbox_lint.powershell.operands import Operand
from devbox_lint.rule import Context
from devbox_lint.startup import lazy
from devbox_lint_rules.keyvault._needs import Need
from devbox_lint_rules.keyvault._places import SecretPlace, secret_places
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.scripts._scripts import scripts_of

_GUID = lazy(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DOMAIN = lazy(r"(?=.{4,253}\Z)[a-z0-9][a-z0-9-]*+(?<!-)(?:\.[a-z0-9][a-z0-9-]*+(?<!-))++")
#: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
_ACCOUNT = lazy(r"[a-z0-9]{3,24}")
_CONTAINER = lazy(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_REGISTRY = lazy(r"([a-z0-9]{5,50})(?:\.azurecr\.(?:io|cn|us))?")
_VAULT = lazy(r"(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]")
_SECRET = lazy(r"[0-9a-z-]{1,127}")


class Principal(NamedTuple):
    """A service principal that a script signs in, by ids in lower case; ``tenant`` may be a domain, or empty.

    ``password`` asks for the secret that the password is taken from, None where it is none; ``password_span`` is None
    where the principal signs in without a password, as with a certificate.
    """

    application: str
    tenant: str
    span: Span
    tenant_span: Span
    password: AzureQuestion | None
    password_span: Span | None


class UsePlace(NamedTuple):
    """A resource that a script uses as a service principal: names in lower case, ``part`` empty where none is known.

    ``by_key`` says that the command looks up the keys of a storage account. ``command_span`` has the words of the
    command.
    """

    principal: Principal
    need: Need
    resource: str
    part: str
    by_key: bool
    span: Span
    part_span: Span
    command_span: Span


class SignedScript(NamedTuple):
    """A script with the service principals that it signs in.

    ``who`` tells which one is signed in with a tool at a place of the script, None where that is none or not certain.
    """

    script: Script
    principals: tuple[Principal, ...]
    who: Callable[[Tool, int], Principal | None]


def principals(context: Context) -> tuple[Principal, ...]:
    """The service principals that a file's scripts sign in by an id that is known, in its order."""
    return tuple(one for signed in signed_scripts(context) for one in signed.principals)


# Several rules ask for the same one after another.
@lru_cache(maxsize=1)
def use_places(context: Context) -> tuple[UsePlace, ...]:
    """What a file's scripts use as one of these, in its order; what is used as it may be somebody else is left out."""
    found: list[UsePlace] = []
    for signed in signed_scripts(context):
        for use in find_uses(signed.script.scalar.value, signed.script.syntax):
            principal = signed.who(use.tool, use.call.start)
            if principal is not None:
                found.extend(_place(signed.script, principal, use))
    return tuple(found)


@lru_cache(maxsize=1)
def signed_scripts(context: Context) -> tuple[SignedScript, ...]:
    """The scripts of a file that may use Azure; of one that is cut in two the operands are somewhere else."""
    found: list[SignedScript] = []
    # A sign-in stays for the tasks that come after it and run as the same account.
    signed: dict[tuple[bool, Tool], Principal | None] = {}
    secrets = tuple(secret_places(context))
    for script in scripts_of(context):
        if not script.holds("az", "git", "_packaging"):
            continue
        if script.syntax.slips:
            signed.clear()
            continue
        sessions = Sessions(script.scalar.value, script.syntax)
        by_sign = {sign.call.start: _principal(script, sign, secrets) for sign in sessions.sign_ins}
        earlier = {tool: signed.get((script.is_user, tool)) for tool in Tool}
        own = tuple(one for one in by_sign.values() if one is not None)
        found.append(SignedScript(script, own, partial(_who, sessions, by_sign, earlier)))
        for tool in Tool:
            signed[script.is_user, tool] = _who(sessions, by_sign, earlier, tool, len(script.text))
    return tuple(found)


def _who(
    sessions: Sessions,
    by_sign: Mapping[int, Principal | None],
    earlier: Mapping[Tool, Principal | None],
    tool: Tool,
    start: int,
) -> Principal | None:
    now = sessions.before(tool, start)
    if now.sign_in is not None:
        return by_sign[now.sign_in.call.start] if now.is_certain else None
    return earlier[tool] if now.is_certain and not sessions.ends(tool, start) else None


def _span(script: Script, operand: Operand) -> Span:
    return script.span(*operand.source)


def _principal(script: Script, sign: SignIn, secrets: tuple[SecretPlace, ...]) -> Principal | None:
    application = sign.application
    if not sign.is_service_principal or application is None:
        return None
    client = (application.literal or "").lower()
    if not _GUID.fullmatch(client) or len(set(client)) < 4:
        return None
    span = _span(script, application)
    tenant, tenant_span = "", span
    if sign.tenant is not None:
        text = (sign.tenant.literal or "").lower()
        if _GUID.fullmatch(text) or _DOMAIN.fullmatch(text):
            tenant, tenant_span = text, _span(script, sign.tenant)
    if sign.password is None:
        return Principal(client, tenant, span, tenant_span, None, None)
    where = _span(script, sign.password)
    place = next((one for one in secrets if where.start <= one.whole.start and one.whole.end <= where.end), None)
    question = place and AzureQuestion(Topic.SECRET, place.vault, place.domain, place.secret, place.version)
    return Principal(client, tenant, span, tenant_span, question, where if place is None else place.secret_span)


_NEEDS = {
    BlobAction.READ: Need.READ_BLOBS,
    BlobAction.WRITE: Need.WRITE_BLOBS,
    BlobAction.DELETE: Need.DELETE_BLOBS,
}


def _place(script: Script, principal: Principal, use: Use) -> Iterator[UsePlace]:
    part: Operand | None
    if isinstance(use, BlobUse):
        named, part, by_key, need = use.account, use.container, use.by_key, _NEEDS[use.action]
        resource = named.literal if named.literal and _ACCOUNT.fullmatch(named.literal) else ""
        name = part.literal if part is not None and part.literal and _CONTAINER.fullmatch(part.literal) else ""
    elif isinstance(use, RegistryUse):
        named, part, by_key, need, name = use.registry, None, False, Need.PULL, ""
        match = _REGISTRY.fullmatch((named.literal or "").lower())
        resource = match[1] if match is not None else ""
    else:
        named, part, by_key, need = use.vault, use.secret, False, Need.READ_SECRET
        resource, name = (named.literal or "").lower(), (part.literal or "").lower()
        if not _VAULT.fullmatch(resource) or not _SECRET.fullmatch(name):
            return
    if resource:
        span = _span(script, named)
        part_span = _span(script, part) if part is not None else span
        yield UsePlace(principal, need, resource, name, by_key, span, part_span, _command(script, use.call, use.words))


def _command(script: Script, call: Call, words: int) -> Span:
    return script.span(call.start, call.arguments[words - 1].end if words else call.name_end)
