"""What the rules of this group ask. A question is made of a file alone: no setting, host or tenant is in it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Topic(Enum):
    """What a question is about, in the order in which questions are best answered."""

    PROJECT = "project"
    VAULT = "vault"
    MODEL = "model"
    NETWORK = "network"
    SECRET = "secret"
    PROJECT_ACCESS = "project access"
    USER_ACCESS = "user access"
    IMAGE = "image"
    TASKS = "tasks"
    ORGANIZATION = "organization"


class AzureQuestion(NamedTuple):
    """One question.

    ``vault``, ``secret`` and ``version`` are in lower case, as Key Vault compares them; ``domain`` is what follows the
    vault in the host that the file names. ``name`` is an image or an organization, in lower case. ``body`` holds tasks
    as JSON, and is empty where they must not be sent, because the file holds a credential.
    """

    topic: Topic
    vault: str = ""
    domain: str = ""
    secret: str = ""
    version: str = ""
    name: str = ""
    body: str = ""

    @property
    def text(self) -> str:
        """What is to be found out, as a noun phrase."""
        version = f" in version `{self.version}`" if self.version else ""
        match self.topic:
            case Topic.PROJECT:
                return "the dev center project with its identity and images"
            case Topic.VAULT:
                return f"whether key vault `{self.vault}` exists"
            case Topic.MODEL:
                return f"whether key vault `{self.vault}` uses roles"
            case Topic.NETWORK:
                return f"whether the firewall of key vault `{self.vault}` lets the dev center in"
            case Topic.SECRET:
                return f"whether key vault `{self.vault}` has the secret `{self.secret}`{version}"
            case Topic.PROJECT_ACCESS:
                return f"whether the project may read the secret `{self.secret}` of key vault `{self.vault}`"
            case Topic.USER_ACCESS:
                return f"whether users may read the secret `{self.secret}` of key vault `{self.vault}`"
            case Topic.IMAGE:
                return f"whether the project has the image `{self.name}`"
            case Topic.TASKS:
                return "whether the dev center takes the tasks"
            case Topic.ORGANIZATION:
                return f"whether the Azure DevOps organization `{self.name}` exists"
