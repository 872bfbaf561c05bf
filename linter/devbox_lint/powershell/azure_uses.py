"""What a PowerShell script uses of Azure, and as whom: blobs, registries, secrets, and which sign-in holds there.

The commands are those of the Azure CLI, of Az PowerShell and of AzCopy, with the options of their references. What is
used by a key, a signature or without a sign-in is left out: no role counts for that. Offsets count code points of the
script from 0, half open. Nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from devbox_lint.powershell.azure_sign_in import SignIn, Tool, find_sign_ins, is_sign_out
from devbox_lint.powershell.cmdlets import COMMON, Parameter, parameters
from devbox_lint.powershell.operands import Given, Operand, Operands
from devbox_lint.powershell.syntax import Argument, Call, Syntax
from devbox_lint.startup import NamedTuple, lazy


class BlobAction(Enum):
    """What is done with blobs."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"


class BlobUse(NamedTuple):
    """Blobs of a storage account; ``container`` is None where none is named. ``words`` name the command.

    ``by_key`` says that the command looks up the account's key and uses that.
    """

    call: Call
    words: int
    tool: Tool
    account: Operand
    container: Operand | None
    action: BlobAction
    by_key: bool = False


class RegistryUse(NamedTuple):
    """A sign-in to a container registry."""

    call: Call
    words: int
    tool: Tool
    registry: Operand


class SecretUse(NamedTuple):
    """The value of a secret in a key vault, read by the script itself."""

    call: Call
    words: int
    tool: Tool
    vault: Operand
    secret: Operand


Use: TypeAlias = BlobUse | RegistryUse | SecretUse


class Signed(NamedTuple):
    """Who is signed in at a place of a script.

    ``sign_in`` is None where nobody has signed in in this script before; an earlier one may have. ``is_certain`` is
    False where it depends on the way that the script takes.
    """

    sign_in: SignIn | None
    is_certain: bool = True


def find_uses(script: str, syntax: Syntax) -> Iterator[Use]:
    """What ``script`` uses, in its order; ``syntax`` is as :func:`find_sign_ins` takes it."""
    if "az" in syntax.functions or "azcopy" in syntax.functions:
        return
    operands = Operands(script, syntax)
    for call in syntax.calls:
        if call.program == "az":
            yield from _of_az(call, operands)
        elif call.program == "azcopy":
            yield from _of_azcopy(call, operands)
        elif call.name not in syntax.functions:
            yield from _of_cmdlet(script, syntax, call, operands)


class Sessions:
    """The sign-ins of a script, and which of them holds where."""

    __slots__ = ("_ends", "_script", "_syntax", "sign_ins")

    def __init__(self, script: str, syntax: Syntax) -> None:
        self._script = script
        self._syntax = syntax
        self.sign_ins = (*find_sign_ins(script, syntax), *_of_azcopy_itself(script, syntax))
        self._ends = [call for call in syntax.calls if is_sign_out(call)]

    def at(self, use: Use) -> Signed:
        """Who has signed in where ``use`` is."""
        return self.before(use.tool, use.call.start)

    def ends(self, tool: Tool, start: int) -> bool:
        """Whether the script takes a sign-in away before a place, its own or an earlier one."""
        return any(call.start < start and _is_of(call, tool) for call in self._ends)

    def before(self, tool: Tool, start: int) -> Signed:
        """Who has signed in with a tool before a place."""
        if tool is Tool.AZCOPY:
            return self._of_azcopy(start)
        earlier = [one for one in self.sign_ins if one.tool is tool and one.call.start < start]
        if not earlier:
            return Signed(None)
        last = earlier[-1]
        if any(last.call.start < call.start < start and _is_of(call, tool) for call in self._ends):
            return Signed(None)
        others = any(one is not last and not _same(one, last) for one in self.sign_ins if one.tool is tool)
        return Signed(last, not others or not self._leaves_block(last.call.end, start))

    def _of_azcopy(self, start: int) -> Signed:
        """AzCopy is signed in by itself, or as another tool is where a variable says so."""
        kind = Operands(self._script, self._syntax).variable("env:azcopy_auto_login_type")
        word = (kind.literal or "").upper() if kind is not None else ""
        if word in _BORROWS:
            return self.before(_BORROWS[word], start)
        earlier = [one for one in self.sign_ins if one.tool is Tool.AZCOPY and one.call.start < start]
        if word == "SPN" or (not word and earlier):
            return Signed(earlier[-1], len(earlier) == 1) if earlier else Signed(None, is_certain=False)
        return Signed(None, is_certain=False)

    def _leaves_block(self, start: int, end: int) -> bool:
        """Whether a block ends between two places that began before the first."""
        depth = 0
        for mark in _BRACES.finditer(self._script, start, end):
            depth += 1 if mark.group() == "{" else -1
            if depth < 0:
                return True
        return False


_BRACES = lazy(r"[{}]")
_BORROWS = {"AZCLI": Tool.AZ, "PSCRED": Tool.POWERSHELL}


def _is_of(call: Call, tool: Tool) -> bool:
    return (call.program == "az") == (tool is Tool.AZ)


def _same(first: SignIn, second: SignIn) -> bool:
    one, other = first.application, second.application
    return (
        first.is_service_principal == second.is_service_principal
        and one is not None
        and other is not None
        and one.literal is not None
        and one.literal == other.literal
    )


# The Azure CLI.
_BLOBS = {
    ("storage", "blob", "download"): BlobAction.READ,
    ("storage", "blob", "download-batch"): BlobAction.READ,
    ("storage", "blob", "list"): BlobAction.READ,
    ("storage", "blob", "show"): BlobAction.READ,
    ("storage", "blob", "exists"): BlobAction.READ,
    ("storage", "blob", "upload"): BlobAction.WRITE,
    ("storage", "blob", "upload-batch"): BlobAction.WRITE,
    ("storage", "blob", "delete"): BlobAction.DELETE,
    ("storage", "blob", "delete-batch"): BlobAction.DELETE,
}
_BLOB_OPTIONS = parameters(
    "account-key account-name auth-mode blob-endpoint blob-url connection-string container-name=c destination=d"
    " destination-path dryrun! file=f name=n no-progress! only-show-errors! output=o overwrite pattern prefix query"
    " sas-token snapshot source=s subscription timeout version-id"
)
#: With any of these the command needs no right to look a key up, and no role.
_PROOFS = ("account-key", "connection-string", "sas-token")
_REGISTRY_OPTIONS = parameters("name=n username=u password=p suffix expose-token!=t subscription resource-group=g")
_SECRET_OPTIONS = parameters("vault-name name=n id version=v output=o query subscription file=f encoding=e")
_HELP = frozenset(("--help", "-h"))
_ACCOUNT_HOST = (
    r"https://([a-z0-9]{3,24})\.(?:blob|dfs)\.(?:core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net))"
)
_BLOB_URL = lazy(_ACCOUNT_HOST + r"(?:/([a-z0-9$][a-z0-9-]{1,62}))?(?:/[^?]*)?", re.IGNORECASE)
_NAME = lazy(r"[A-Za-z0-9][A-Za-z0-9-]*")


def _of_az(call: Call, operands: Operands) -> Iterator[Use]:
    words = tuple(word.text.lower() for word in call.arguments[:3])
    if any(word.text in _HELP for word in call.arguments):
        return
    if words in _BLOBS:
        given, _ = operands.options(call.arguments[3:], _BLOB_OPTIONS, is_cli=True)
        yield from _blob(call, operands, given, words[2])
    elif words[:2] == ("acr", "login"):
        given, _ = operands.options(call.arguments[2:], _REGISTRY_OPTIONS, is_cli=True)
        registry = given.get("name")
        if registry is not None and "username" not in given:
            yield RegistryUse(call, 2, Tool.AZ, registry)
    elif words[:2] == ("keyvault", "secret") and words[2:] in (("show",), ("download",)):
        given, _ = operands.options(call.arguments[3:], _SECRET_OPTIONS, is_cli=True)
        vault, secret = given.get("vault-name"), given.get("name")
        if vault is not None and secret is not None:
            yield SecretUse(call, 3, Tool.AZ, vault, secret)


def _blob(call: Call, operands: Operands, given: Given, word: str) -> Iterator[Use]:
    variables = [operands.variable(f"env:azure_storage_{name}") for name in ("account", "auth_mode")]
    secret = any(operands.is_given(f"env:azure_storage_{name}") for name in ("key", "connection_string", "sas_token"))
    if secret or any(name in given for name in _PROOFS):
        return
    mode = given.get("auth-mode") or variables[1]
    is_login = mode is not None and (mode.literal or "").lower() == "login"
    if mode is not None and (mode.literal or "").lower() not in ("login", "key"):
        return
    url = given.get("blob-url")
    account = given.get("account-name") or variables[0]
    container = given.get("container-name")
    if word in ("download-batch", "delete-batch"):
        container = given.get("source")
    elif word == "upload-batch":
        container = given.get("destination")
    if url is None and container is not None and (container.literal or "").startswith("https:"):
        url, container = container, None
    if url is not None:
        places = operands.parts(url, _BLOB_URL)
        if places is None:
            return
        account, container = places[0] or account, places[1]
    if account is not None:
        yield BlobUse(call, 3, Tool.AZ, account, container, _BLOBS["storage", "blob", word], not is_login)


# AzCopy.
_AZCOPY_LOGIN = parameters(
    "service-principal! application-id tenant-id certificate-path identity! login-type aad-endpoint output-level"
)
_AZCOPY_READS = frozenset(("copy", "cp", "c", "sync", "list", "ls"))


def _of_azcopy_itself(script: str, syntax: Syntax) -> Iterator[SignIn]:
    """How AzCopy signs in: by its own command, or by variables that its other commands read."""
    operands = Operands(script, syntax)
    kind = operands.variable("env:azcopy_auto_login_type")
    for call in syntax.calls:
        if call.program != "azcopy" or not call.arguments or "azcopy" in syntax.functions:
            continue
        if call.arguments[0].text.lower() == "login":
            given, is_open = operands.options(call.arguments[1:], _AZCOPY_LOGIN, is_cli=True)
            kind_of_login = given.get("login-type")
            if kind_of_login is not None and (kind_of_login.literal or "").upper() == "SPN":
                given["service-principal"] = None
            yield _by_variables(SignIn(call, Tool.AZCOPY, given, is_open), operands)
        elif kind is not None and (kind.literal or "").upper() == "SPN":
            place = call._replace(start=call.pipeline - 1)
            yield _by_variables(SignIn(place, Tool.AZCOPY, {"service-principal": None}, is_open=False), operands)
            return


def _by_variables(sign: SignIn, operands: Operands) -> SignIn:
    given = dict(sign.given)
    if given.get("tenant-id") is not None:
        given["tenant"] = given["tenant-id"]
    for name, variable in (
        ("application-id", "spa_application_id"), ("password", "spa_client_secret"), ("tenant", "tenant_id")
    ):  # fmt: skip
        value = operands.variable(f"env:azcopy_{variable}")
        if value is not None and given.get(name) is None:
            given[name] = value
    return sign._replace(given=given)


def _of_azcopy(call: Call, operands: Operands) -> Iterator[Use]:
    word = call.arguments[0].text.lower() if call.arguments else ""
    for number, argument in enumerate(call.arguments[1:3]):
        if argument.text.startswith("-"):
            return
        places = operands.parts(operands.of(argument), _BLOB_URL)
        if places is None or places[0] is None:
            continue
        if word in _AZCOPY_READS:
            yield BlobUse(call, 1, Tool.AZCOPY, places[0], places[1], (BlobAction.READ, BlobAction.WRITE)[number])
        elif word in ("remove", "rm"):
            yield BlobUse(call, 1, Tool.AZCOPY, places[0], places[1], BlobAction.DELETE)


# Az PowerShell.
_CMDLETS = {
    "get-azstorageblobcontent": BlobAction.READ,
    "get-azstorageblob": BlobAction.READ,
    "set-azstorageblobcontent": BlobAction.WRITE,
    "remove-azstorageblob": BlobAction.DELETE,
}
_BLOB_PARAMETERS = (
    *parameters(
        "Blob Container=Name Context Destination File Prefix Force! AsJob! CheckMd5! AbsoluteUri=Uri=BlobUri Properties"
        " Metadata BlobType StandardBlobTier MaxCount IncludeDeleted! PassThru! DeleteSnapshot!"
    ),
    *COMMON,
)
_CONTEXT_PARAMETERS = (
    *parameters(
        "StorageAccountName=AccountName StorageAccountKey=Key Protocol Endpoint Environment SasToken ConnectionString"
        " Anonymous! UseConnectedAccount! Local! BlobEndpoint EnableFileBackupRequestIntent!"
    ),
    *COMMON,
)
_REGISTRY_PARAMETERS = (*parameters("Name=RegistryName=ContainerRegistryName UserName Password"), *COMMON)
_SECRET_PARAMETERS = (
    *parameters("VaultName Name=SecretName Version AsPlainText! IncludeVersions! InRemovedState! ResourceId"),
    *COMMON,
)
_OTHER_PROOFS = ("storageaccountkey", "sastoken", "connectionstring", "anonymous", "local")
_VARIABLE = lazy(r"\$(\w{1,60})")


def _of_cmdlet(script: str, syntax: Syntax, call: Call, operands: Operands) -> Iterator[Use]:
    action = _CMDLETS.get(call.name)
    if action is not None:
        given = _given(call, operands, _BLOB_PARAMETERS, "container")
        context = _context(script, syntax, call, operands)
        account = context.get("storageaccountname")
        if account is not None and not any(name in context for name in _OTHER_PROOFS):
            yield BlobUse(call, 0, Tool.POWERSHELL, account, given.get("container"), action)
    elif call.name == "connect-azcontainerregistry":
        given = _given(call, operands, _REGISTRY_PARAMETERS, "name")
        registry = given.get("name")
        if registry is not None and "username" not in given:
            yield RegistryUse(call, 0, Tool.POWERSHELL, registry)
    elif call.name == "get-azkeyvaultsecret":
        given = _given(call, operands, _SECRET_PARAMETERS, "vaultname", "name")
        vault, secret = given.get("vaultname"), given.get("name")
        if vault is not None and secret is not None:
            yield SecretUse(call, 0, Tool.POWERSHELL, vault, secret)


def _given(call: Call, operands: Operands, known: tuple[Parameter, ...], *by_place: str) -> Given:
    """What a cmdlet is given, by name and, for the parameters ``by_place``, by position before any name."""
    given, _ = operands.options(call.arguments, known, is_cli=False)
    for name, argument in zip(by_place, call.arguments, strict=False):
        if argument.text.startswith("-"):
            break
        given.setdefault(name, operands.of(argument))
    return given


def _context(script: str, syntax: Syntax, call: Call, operands: Operands) -> Given:
    """What the context was made of that a cmdlet gets, nothing where that is not seen."""
    place = _argument_after(call, "-context")
    if place is None:
        return {}
    made = [one for one in syntax.calls if one.name == "new-azstoragecontext"]
    variable = _VARIABLE.fullmatch(place.text)
    if variable is not None:
        name = variable[1].lower()
        made = [one for one in made if script[one.pipeline : one.start].lower().replace(" ", "") == f"${name}="]
        if not operands.is_given_once(name):
            return {}
    else:
        made = [one for one in made if place.start <= one.start < place.end]
    return _given(made[0], operands, _CONTEXT_PARAMETERS, "storageaccountname") if len(made) == 1 else {}


def _argument_after(call: Call, option: str) -> Argument | None:
    for index, argument in enumerate(call.arguments[:-1]):
        if len(argument.text) > 4 and option.startswith(argument.text.lower()):
            return call.arguments[index + 1]
    return None
