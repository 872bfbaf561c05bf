"""How a PowerShell script signs in to Azure: ``az login`` and ``Connect-AzAccount``, with the operands that they get.

The options of ``az login`` are those of the Azure CLI's reference, the parameters of ``Connect-AzAccount`` those of
Az.Accounts'. What a script has is what it is given as literal text, directly or by a variable that is given nothing
else; of all other values it is only known that they are there. Offsets count code points of the script from 0, half
open. Nothing raises.
"""

from __future__ import annotations

from collections import Counter

from devbox_lint.powershell.syntax import Argument, Call, Syntax
from devbox_lint.startup import NamedTuple, lazy


class Operand(NamedTuple):
    """The value of an option at its place in the script; ``literal`` is None where it is not known."""

    literal: str | None
    start: int
    end: int


class SignIn(NamedTuple):
    """A sign-in; ``given`` are its options by their whole names in lower case, without dashes.

    An option that takes a value and gets none has None. ``is_open`` says that there may be others, as from an array.
    """

    call: Call
    is_cli: bool
    given: dict[str, Operand | None]
    is_open: bool

    @property
    def is_service_principal(self) -> bool:
        """Whether a service principal signs in by its own credential."""
        names = ("service-principal",) if self.is_cli else ("serviceprincipal", "applicationid")
        return any(name in self.given for name in names) and not self.is_managed_identity

    @property
    def is_managed_identity(self) -> bool:
        """Whether the machine's own identity signs in."""
        return "identity" in self.given

    @property
    def application(self) -> Operand | None:
        """What names the application."""
        return self.given.get("username" if self.is_cli else "applicationid")

    @property
    def tenant(self) -> Operand | None:
        """What names the tenant."""
        return self.given.get("tenant")


# Each option with whether it takes a value.
_AZ_OPTIONS = {
    "allow-no-subscriptions": False, "certificate": True, "claims-challenge": True, "client-id": True, "debug": False,
    "federated-token": True, "help": False, "identity": False, "object-id": True, "only-show-errors": False,
    "output": True, "password": True, "query": True, "resource-id": True, "scope": True, "service-principal": False,
    "subscription": True, "tenant": True, "use-cert-sn-issuer": False, "use-device-code": False, "username": True,
    "verbose": False,
}  # fmt: skip
_AZ_SHORT = {"u": "username", "p": "password", "t": "tenant", "i": "identity", "o": "output", "h": "help"}
_CONNECT_OPTIONS = {
    "accesstoken": True, "accountid": True, "applicationid": True, "authscope": True, "certificatepassword": True,
    "certificatepath": True, "certificatethumbprint": True, "claimschallenge": True, "confirm": False,
    "contextname": True, "credential": True, "debug": False, "defaultprofile": True, "environment": True,
    "erroraction": True, "errorvariable": True, "federatedtoken": True, "force": False, "graphaccesstoken": True,
    "identity": False, "informationaction": True, "informationvariable": True, "keyvaultaccesstoken": True,
    "maxcontextpopulation": True, "microsoftgraphaccesstoken": True, "outbuffer": True, "outvariable": True,
    "pipelinevariable": True, "scope": True, "sendcertificatechain": False, "serviceprincipal": False,
    "skipcontextpopulation": False, "skipvalidation": False, "subscription": True, "tenant": True,
    "usedeviceauthentication": False, "verbose": False, "warningaction": True, "warningvariable": True, "whatif": False,
}  # fmt: skip
_CONNECT_ALIASES = {
    "domain": "tenant", "tenantid": "tenant", "managedservice": "identity", "msi": "identity",
    "environmentname": "environment", "subscriptionid": "subscription", "subscriptionname": "subscription",
    "devicecode": "usedeviceauthentication", "deviceauth": "usedeviceauthentication",
    "device": "usedeviceauthentication", "ea": "erroraction", "wa": "warningaction", "ev": "errorvariable",
    "wv": "warningvariable", "ov": "outvariable", "ob": "outbuffer", "pv": "pipelinevariable",
}  # fmt: skip
_CONNECTING = frozenset(("connect-azaccount", "add-azaccount", "login-azaccount"))
_AZ_WORD = lazy(r"--([a-z][a-z-]*)(?:=(.*))?")
_AZ_SHORT_WORD = lazy(r"-([a-z])(.*)")
_CONNECT_WORD = lazy(r"[-–—―]([A-Za-z]+)(?::(.*))?")
# What is certainly read as it stands: no variable, no reference, no placeholder of any kind.
_LITERAL = lazy(r"[A-Za-z0-9][A-Za-z0-9 .@:/_+-]*")
_VARIABLE = lazy(r"\$(?:(?:script|global|local):)?([A-Za-z_]\w*)")
_ASSIGNED = lazy(r"\$(?:(?:script|global|local):)?([A-Za-z_]\w*)[ \t]*(?:[-+*/%?]|\?\?)?=(?!=)")


def find_sign_ins(script: str, syntax: Syntax) -> tuple[SignIn, ...]:
    """The sign-ins of ``script`` in its order.

    ``syntax`` is what it runs, read from a text of the same length in which references may be blanked out.
    """
    if "az" in syntax.functions:
        return ()
    calls = [call for call in syntax.calls if is_az(call, "login") or call.name in _CONNECTING - syntax.functions]
    literals = _literals(script, syntax) if calls else {}
    return tuple(_Reader(script, call, literals).read() for call in calls)


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


def _literals(script: str, syntax: Syntax) -> dict[str, str]:
    """The variables that are given one literal text and nothing else."""
    times = Counter(match[1].lower() for match in _ASSIGNED.finditer(script))
    return {name: script[start:end] for name, start, end in syntax.texts if times[name] == 1}


class _Reader:
    """Reads the options of one sign-in."""

    def __init__(self, script: str, call: Call, literals: dict[str, str]) -> None:
        self._script = script
        self._call = call
        self._literals = literals
        self._is_cli = call.program == "az"
        self._options = _AZ_OPTIONS if self._is_cli else _CONNECT_OPTIONS

    def read(self) -> SignIn:
        """The sign-in with what it is given."""
        given: dict[str, Operand | None] = {}
        is_open = False
        waiting = ""
        for argument in self._call.arguments[1 if self._is_cli else 0 :]:
            if argument.quote or argument.text[:1] not in "-–—―":
                if waiting:
                    given[waiting] = self._operand(argument, argument.text)
                else:
                    is_open = True
                waiting = ""
                continue
            name, value = self._named(argument.text)
            waiting = name if name and self._options[name] else ""
            if not name:
                is_open = True
                continue
            given[name] = self._operand(argument, value) if waiting and value else None
            if value:
                waiting = ""
        return SignIn(self._call, self._is_cli, given, is_open)

    def _named(self, word: str) -> tuple[str, str]:
        """The option that a word names, empty where that is not known, and the value in the same word."""
        if not self._is_cli:
            match = _CONNECT_WORD.fullmatch(word)
            if match is None:
                return "", ""
            lowered = match[1].lower()
            return _CONNECT_ALIASES.get(lowered) or _resolve(lowered, self._options), match[2] or ""
        match = _AZ_WORD.fullmatch(word)
        if match is not None:
            return _resolve(match[1], self._options), match[2] or ""
        match = _AZ_SHORT_WORD.fullmatch(word)
        return (_AZ_SHORT.get(match[1], ""), match[2].removeprefix("=")) if match is not None else ("", "")

    def _operand(self, argument: Argument, text: str) -> Operand:
        end = argument.end - (1 if argument.quote else 0)
        start = end - len(text)
        variable = _VARIABLE.fullmatch(text) if argument.quote in ("", '"') else None
        literal = self._literals.get(variable[1].lower()) if variable is not None else self._script[start:end]
        if literal is not None and not _LITERAL.fullmatch(literal):
            literal = None
        return Operand(literal, start, end)


def _resolve(name: str, options: dict[str, bool]) -> str:
    """The option that ``name`` stands for, which may be its beginning; empty where that is none or several."""
    if name in options:
        return name
    begun = [option for option in options if option.startswith(name)]
    return begun[0] if len(begun) == 1 else ""
