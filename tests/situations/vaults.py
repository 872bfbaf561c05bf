"""Situations of vaults: whether they are there, whose they are, and what answers in their place."""

from __future__ import annotations

from fake_azure.faults import portal, redirected, throttled
from fake_azure.messages import Response, arm_error
from fake_azure.roles import READER, SECRETS_USER, VAULT_READER
from situations.situation import Situation
from situations.stage import Stage

ARM = "management.azure.com"


def _gone(stage: Stage) -> None:
    del stage.contoso.vaults["kv-contoso"]


def _deleted(stage: Stage) -> None:
    stage.vault.deleted = "2026-12-24T00:00:00Z"


def _foreign(stage: Stage) -> None:
    stage.reference = stage.azure.tenant("fabrikam").vault("kv-fabrikam").secret("pat").uri


def _foreign_name(stage: Stage) -> None:
    """The vault that the file means has another tenant's name in its challenge."""
    stage.vault.challenge = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555"


def _evil_authority(stage: Stage) -> None:
    stage.vault.challenge = f"https://login.evil.example/{stage.contoso.id}"


def _with_the_older_authority(stage: Stage) -> None:
    stage.vault.challenge = f"https://login.windows.net/{stage.contoso.id}"


def _invisible(stage: Stage) -> None:
    stage.take(stage.verifier)
    stage.contoso.assign(stage.verifier, READER, stage.project)
    stage.contoso.assign(stage.verifier, READER, stage.center)


def only_metadata(stage: Stage) -> None:
    """The verifier sees the vault's secrets and nothing of the vault itself."""
    _invisible(stage)
    stage.contoso.assign(stage.verifier, SECRETS_USER, stage.vault)


def _reader_of_the_vault(stage: Stage) -> None:
    _invisible(stage)
    stage.contoso.assign(stage.verifier, VAULT_READER, stage.vault)


def _answer(response: Response, times: int | None = None, host: str = "kv-contoso.vault.azure.net") -> object:
    return lambda stage: stage.azure.fault("answer", host, response=response, times=times)


def _fault(kind: str, times: int | None = None, host: str = "kv-contoso.vault.azure.net") -> object:
    return lambda stage: stage.azure.fault(kind, host, times=times)


def _conditional_access() -> Response:
    """https://learn.microsoft.com/entra/identity-platform/claims-challenge has the header."""
    challenge = (
        'Bearer authorization_uri="https://login.microsoftonline.com/", error="insufficient_claims",'
        ' claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="'
    )
    return Response(
        401, {"error": {"code": "InvalidAuthenticationToken", "message": "…"}}, (("WWW-Authenticate", challenge),)
    )


SITUATIONS = (
    Situation("all is as the documentation wants it", lambda stage: None),
    Situation("the verifier has Key Vault Reader on the vault alone", _reader_of_the_vault),
    Situation("there is no vault of this name", _gone, "DBX501", "DBX501"),
    Situation("the vault is deleted and can be recovered", _deleted, "DBX501", "DBX501"),
    Situation("the vault belongs to another tenant", _foreign, "DBX502", "DBX502"),
    Situation("the vault's challenge names another tenant than its own", _foreign_name, "DBX502", "DBX502"),
    Situation("the vault's challenge names an authority that is not Microsoft's", _evil_authority, "DBX502", "DBX502"),
    Situation("the vault's challenge names the authority by its older name", _with_the_older_authority),
    Situation("a page that is no vault's answers under its name", _answer(portal()), "DBX502", "DBX502"),
    Situation("the vault redirects to another host", _answer(redirected("https://evil.example/")), "DBX502", "DBX502"),
    Situation("the verifier may not see the vault in the Resource Manager", _invisible, "DBX590", "DBX590"),
    Situation("the verifier may list the vault's secrets, and not see the vault", only_metadata, "DBX590", "DBX590"),
    Situation("the Resource Manager has one error, then answers", _answer(Response(500), 1, ARM)),
    Situation("the Resource Manager throttles once, then answers", _answer(throttled(1), 1, ARM)),
    Situation(
        "the Resource Manager throttles for longer than anybody waits",
        _answer(throttled(600), None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "the Resource Manager has nothing but errors",
        _answer(Response(503), None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "a page of the network's own comes instead of the Resource Manager's answers",
        _answer(portal(), None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "the Resource Manager gives lists that are none",
        _answer(Response(200, {"value": None, "data": None}), None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "the Resource Manager refuses the sign-in",
        _answer(arm_error(401, "ExpiredAuthenticationToken", "The access token expiry is past."), None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation(
        "a Conditional Access policy asks for another sign-in",
        _answer(_conditional_access(), None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation("the connection to the Resource Manager breaks once", _fault("reset", 1, ARM)),
    Situation("an answer of the Resource Manager ends in its middle", _fault("half", 1, ARM)),
    Situation(
        "the Resource Manager's certificate has expired",
        _fault("expired", None, ARM),
        "DBX590",
        "DBX590",
    ),
    Situation("the Resource Manager cannot be reached", _fault("unresolved", None, ARM), "DBX590", "DBX590"),
)
