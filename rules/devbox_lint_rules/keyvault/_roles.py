"""What is said of somebody who lacks a role: the same for the project, the dev center, admins and consumers."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Access, Finding, Severity, Span
from devbox_lint.online import NotMade
from devbox_lint_rules.keyvault._answers import Outcome, Standing
from devbox_lint_rules.keyvault._commands import create_assignment, give_identity
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

#: The built-in roles by their ids, as messages name them.
NAMES = {
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "21090545-7ca7-4776-b22c-e363652d74d2": "Key Vault Reader",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "81a9662b-bebf-436f-a333-f67b29880f12": "Storage Account Key Operator Service Role",
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
    "b93aa761-3e63-49ed-ac28-beffa264f7ac": "Container Registry Repository Reader",
}


def access_of(standing: Standing, role: str, on: str) -> Access:
    """Whether ``standing`` has what ``role``, an id, gives ``on`` something."""
    match standing.outcome:
        case Outcome.GRANTED:
            return Access(standing.who, on, NAMES[role], "granted")
        case Outcome.MISSING | Outcome.DENIED | Outcome.NOBODY:
            return Access(standing.who, on, NAMES[role], "missing")
    unmade = (item for item in judge_standing(standing, role, on, "", Span(0, 0)) if isinstance(item, NotMade))
    return Access(standing.who, on, NAMES[role], "unknown", next((item.reason for item in unmade), ""))


def access_to_secret(
    question: object, answer: object, topic: Topic, who: str, *roles: tuple[str, tuple[Standing, ...]]
) -> Iterator[Access]:
    """Who has ``roles`` for the secret that ``question`` is about, if it is of this topic.

    Each role is an id, beside what is known of those who need it. ``who`` is meant where nothing was answered.
    """
    if not isinstance(question, AzureQuestion) or question.topic is not topic:
        return
    on = f"the secret `{question.secret}` of key vault `{question.vault}`"
    for role, standings in roles:
        if isinstance(answer, NotMade):
            yield Access(who, on, NAMES[role], "unknown", answer.reason)
        for standing in standings:
            yield access_of(standing, role, on)


def judge_standing(standing: Standing, role: str, on: str, scope: str, span: Span) -> Iterator[Finding | NotMade]:
    """What follows where ``standing`` should have ``role``, an id, ``on`` something that ``scope`` is the id of."""
    name = NAMES[role]
    match standing.outcome:
        case Outcome.MISSING:
            yield Finding(
                span,
                f"{standing.who} lacks the role {name} on {on}{_instead(standing)}",
                create_assignment(standing.principal, standing.principal_type, role, scope),
                # Who is a group is in no group that we see: it may have the role through one.
                severity=None if standing.principal_type in ("User", "ServicePrincipal") else Severity.WARNING,
            )
        case Outcome.DENIED:
            yield Finding(
                span,
                f"the deny assignment `{standing.denied_by}` takes from {standing.who} what the role {name} gives on"
                f" {on}: have it changed by whoever made it",
            )
        case Outcome.CONDITIONAL:
            yield NotMade(
                f"the role assignment of {standing.who} has a condition, and conditions are not evaluated",
                "read the condition in the portal, under Access control (IAM)",
            )
        case Outcome.NOBODY:
            yield Finding(
                span,
                f"{standing.who} does not exist, and needs the role {name} on {on}: give the dev center one",
                give_identity(standing.principal),
            )
        case Outcome.UNKNOWN:
            yield NotMade(standing.denied_by)
        case Outcome.UNCLEAR:
            yield NotMade(
                f"the deny assignment `{standing.denied_by}` is for a group or spares one, and it is not known whether"
                f" {standing.who} is in it"
            )


def _instead(standing: Standing) -> str:
    if standing.eligible:
        return ": it may activate the role, which nobody does while a customization runs"
    if not standing.others:
        return ""
    first = " and ".join(f"`{name}`" for name in standing.others[:2])
    return f": {first} {'are' if len(standing.others) > 1 else 'is'} not enough"
