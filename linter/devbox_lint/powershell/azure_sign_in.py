"""How a PowerShell script signs in to Azure: ``az login`` and ``Connect-AzAccount``, with the operands that they get.

The options of ``az login`` are those of the Azure CLI's reference, the parameters of ``Connect-AzAccount`` those of
Az.Accounts'. Offsets count code points of the script from 0, half open. Nothing raises.
"""

from __future__ import annotations

import re
from enum import Enum

from devbox_lint.powershell.binding import resolve
from devbox_lint.powershell.cmdlets import COMMON, RISK_MITIGATION, parameters
from devbox_lint.powershell.operands import Given, Operand, Operands
from devbox_lint.powershell.syntax import Argument, Call, Syntax
from devbox_lint.startup import NamedTuple, lazy


class Tool(Enum):
    """What signs in: each has sign-ins of its own."""

    AZ = "az"
    POWERSHELL = "Az PowerShell"
    AZCOPY = "azcopy"


class SignIn(NamedTuple):
    """A sign-in; ``given`` are its options by their whole names in lower case, without dashes.

    An option that takes a value and gets none has None. ``is_open`` says that there may be others, as from an array.
    """

    call: Call
    tool: Tool
    given: Given
    is_open: bool

    @property
    def is_cli(self) -> bool:
        """Whether it is one of the Azure CLI."""
        return self.tool is Tool.AZ

    @property
    def is_service_principal(self) -> bool:
        """Whether a service principal signs in by its own credential."""
        names = ("serviceprincipal", "applicationid") if self.tool is Tool.POWERSHELL else ("service-principal",)
        return any(name in self.given for name in names) and not self.is_managed_identity

    @property
    def is_managed_identity(self) -> bool:
        """Whether the machine's own identity signs in."""
        return "identity" in self.given

    @property
    def application(self) -> Operand | None:
        """What names the application."""
        return self.given.get(_APPLICATION[self.tool])

    @property
    def tenant(self) -> Operand | None:
        """What names the tenant."""
        return self.given.get("tenant")

    @property
    def password(self) -> Operand | None:
        """What the password comes from; None for a certificate, a federated token, or where it is not seen."""
        return self.given.get("password")


_APPLICATION = {Tool.AZ: "username", Tool.POWERSHELL: "applicationid", Tool.AZCOPY: "application-id"}
_AZ_OPTIONS = parameters(
    "allow-no-subscriptions! certificate claims-challenge client-id debug! federated-token help!=h identity!=i"
    " object-id only-show-errors! output=o password=p query resource-id scope service-principal! subscription"
    " tenant=t use-cert-sn-issuer! use-device-code! username=u verbose!"
)
_CONNECT_OPTIONS = (
    *parameters(
        "AccessToken AccountId ApplicationId AuthScope CertificatePassword CertificatePath CertificateThumbprint"
        " ClaimsChallenge ContextName Credential DefaultProfile=AzContext=AzureRmContext=AzureCredential"
        " Environment=EnvironmentName FederatedToken=ClientAssertion Force! GraphAccessToken"
        " Identity!=ManagedService=MSI KeyVaultAccessToken MaxContextPopulation MicrosoftGraphAccessToken Scope"
        " SendCertificateChain! ServicePrincipal! SkipContextPopulation! SkipValidation!"
        " Subscription=SubscriptionId=SubscriptionName Tenant=Domain=TenantId"
        " UseDeviceAuthentication!=DeviceCode=DeviceAuth=Device"
    ),
    *COMMON,
    *RISK_MITIGATION,
)
_CONNECTING = frozenset(("connect-azaccount", "add-azaccount", "login-azaccount"))
# What makes a credential, up to the end of its statement, and in it the name of the user and the password.
_CREDENTIAL = lazy(r"\$(\w{1,60})[ \t]*=[ \t]*(?=[^\r\n]{0,200}\bPSCredential\b)((?:`\r?\n|[^\r\n])*+)", re.IGNORECASE)
_PAIR = lazy(r"""([$'"\w][^,\s()]*+)[ \t]*,(?:[ \t]|`\r?\n)*+([$'"\w][^,\s()]*+|\()""")
_SECURED = frozenset(("convertto-securestring",))
_SECURE_STRING = (*parameters("String Key SecureKey AsPlainText! Force!"), *COMMON)
_PIPED = lazy(r"""=[ \t]*+([$'"][^|\r\n]*?)[ \t]*+\|""")
_TABLE = lazy(r"\$(\w{1,60})[ \t]*=[ \t]*@\{((?:\{\{[^{}]*+\}\}|[^{}])*+)\}")
_ENTRY = lazy(r"""['"]?([A-Za-z]\w*+)['"]?[ \t]*=[ \t]*([^;\r\n]*+)""")


def find_sign_ins(script: str, syntax: Syntax) -> tuple[SignIn, ...]:
    """The sign-ins of ``script`` in its order.

    ``syntax`` is what it runs, read from a text of the same length in which references may be blanked out.
    """
    if "az" in syntax.functions:
        return ()
    calls = [call for call in syntax.calls if is_az(call, "login") or call.name in _CONNECTING - syntax.functions]
    if not calls:
        return ()
    reader = _Reader(script, syntax)
    return tuple(map(reader.read, calls))


def is_az(call: Call, *words: str) -> bool:
    """Whether the call is of the Azure CLI, with these first words."""
    return call.program == "az" and tuple(word.text.lower() for word in call.arguments[: len(words)]) == words


def is_sign_out(call: Call) -> bool:
    """Whether the call takes the sign-in away."""
    return (
        is_az(call, "logout")
        or is_az(call, "account", "clear")
        or call.name in ("disconnect-azaccount", "logout-azaccount", "remove-azaccount", "clear-azcontext")
    )


class _Reader:
    """Reads sign-ins of one script, with the tables and credentials that its variables hold."""

    def __init__(self, script: str, syntax: Syntax) -> None:
        self._script = script
        self._syntax = syntax
        self._operands = Operands(script, syntax)

    def read(self, call: Call) -> SignIn:
        """The sign-in with what it is given."""
        if call.program == "az":
            return SignIn(call, Tool.AZ, *self._operands.options(call.arguments[1:], _AZ_OPTIONS, is_cli=True))
        tables = [self._table(argument) for argument in call.arguments if argument.text[:1] == "@"]
        arguments = [argument for argument in call.arguments if argument.text[:1] != "@"]
        given, is_open = self._operands.options(arguments, _CONNECT_OPTIONS, is_cli=False)
        for table in tables:
            given |= table or {}
        credential = given.get("credential")
        if credential is not None and "serviceprincipal" in given:
            given |= self._credential(credential)
        return SignIn(call, Tool.POWERSHELL, given, is_open or None in tables)

    def _table(self, argument: Argument) -> Given | None:
        """What a hash table gives that is splatted; None where it is not seen as a whole."""
        name = argument.text[1:].lower()
        found = [match for match in _TABLE.finditer(self._script) if match[1].lower() == name]
        if len(found) != 1 or not self._operands.is_given_once(name) or f"${name}." in self._script.lower():
            return None
        given: Given = {}
        for entry in _ENTRY.finditer(self._script, *found[0].span(2)):
            names = resolve(entry[1], _CONNECT_OPTIONS)
            if len(names) != 1:
                return None
            start, end = entry.span(2)
            end -= len(entry[2]) - len(entry[2].rstrip())
            if not names[0].is_switch:
                given[names[0].name.lower()] = self._operands.at(start, end)
            elif self._script[start:end].lower() == "$true":
                given[names[0].name.lower()] = None
            else:
                return None
        return given

    def _credential(self, operand: Operand) -> Given:
        """The application and the password of the credential that a variable holds."""
        name = self._script[operand.start : operand.end].lstrip("$").lower()
        if not self._operands.is_given_once(name):
            return {}
        made = next((one for one in _CREDENTIAL.finditer(self._script) if one[1].lower() == name), None)
        pair = _PAIR.search(self._script, *made.span(2)) if made is not None else None
        if made is None or pair is None:
            return {}
        given: Given = {"applicationid": self._operands.at(*pair.span(1))}
        secured = [call for call in self._syntax.calls if call.name in _SECURED]
        if pair[2] == "(":
            password = [call for call in secured if pair.end(1) < call.start < made.end()]
        else:
            variable = f"{pair[2].lower()}="
            password = [
                call
                for call in secured
                if self._script[call.pipeline : call.start].lower().replace(" ", "").startswith(variable)
            ]
        if len(password) == 1:
            text = self._secured(password[0])
            if text is not None:
                given["password"] = text
        return given

    def _secured(self, call: Call) -> Operand | None:
        """The text that is made a secure string, as an argument or before the pipe."""
        given, _ = self._operands.options(call.arguments, _SECURE_STRING, is_cli=False)
        if given.get("string") is not None:
            return given["string"]
        first = next((argument for argument in call.arguments if argument.text[:1] != "-"), None)
        if first is not None and not call.piped:
            return self._operands.of(first)
        piped = _PIPED.search(self._script, call.pipeline, call.start)
        return self._operands.at(*piped.span(1)) if piped is not None else None
