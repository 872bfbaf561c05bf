"""What the rules ask about a service principal that a script signs in, and about what it uses.

A question is made of a file alone: no setting, host or tenant of the run is in it.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from devbox_lint_rules.keyvault._needs import NEEDED, Need
from devbox_lint_rules.keyvault._questions import AzureQuestion


class Aspect(Enum):
    """What a question is about, in the order in which questions are best answered."""

    PRINCIPAL = "principal"
    CREDENTIAL = "credential"
    STORAGE = "storage"
    RIGHT = "right"


class PrincipalQuestion(NamedTuple):
    """One question; all names are in lower case.

    ``tenant`` is the id or the domain that the script signs in to, empty where it is not known. ``password`` asks for
    the secret that holds the password, None where it comes from somewhere else. ``resource`` and ``part`` are what
    ``need`` is about: a storage account and a container, a registry, or a vault and a secret; ``part`` may be empty.
    ``by_key`` says that the command does it with a key of the storage account, which it looks up. Of a storage account
    itself is asked without an application.
    """

    topic: Aspect
    application: str = ""
    tenant: str = ""
    password: AzureQuestion | None = None
    resource: str = ""
    part: str = ""
    need: Need = Need.READ_BLOBS
    by_key: bool = False

    @property
    def text(self) -> str:
        """What is to be found out, as a noun phrase."""
        who = f"the service principal `{self.application}`"
        match self.topic:
            case Aspect.PRINCIPAL:
                return f"whether {who} exists and is enabled"
            case Aspect.CREDENTIAL:
                return f"whether {who} has a password that is valid"
            case Aspect.STORAGE:
                container = f" and its container `{self.part}`" if self.part else ""
                return f"whether storage account `{self.resource}`{container} can be reached"
            case Aspect.RIGHT:
                part = f" `{self.part}`" if self.need is Need.READ_SECRET else ""
                where = f"{NEEDED[self.need].resource.value} `{self.resource}`"
                return f"whether {who} may {self.need.value}{part} of {where}{' by its key' if self.by_key else ''}"
