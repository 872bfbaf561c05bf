"""A project in Azure that is as the documentation wants it, with a team file and a user file that refer to its secret.

A situation changes what is wrong in it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from devbox_lint.cli.main import run
from devbox_lint.errors import DevboxLintError
from devbox_lint.settings.keys import variable
from devbox_lint.settings.operator import KEYS
from fake_azure import FakeAzure
from fake_azure.clouds import PUBLIC, Cloud
from fake_azure.roles import READER, SECRETS_USER, VAULT_READER
from fake_azure.tenants import Principal

TEAM = "imagedefinition.yaml"
USER = "user.yaml"
_IMAGE = "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"
#: What decides where calls go and who makes them, and is not to come from the machine.
FOREIGN = (
    "AZURE_",
    "DEVBOX_LINT_AZURE_",
    "ARM_",
    "MSI_",
    "IDENTITY_",
    "HTTP",
    "NO_PROXY",
    "ALL_PROXY",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_",
)


class Found(NamedTuple):
    """One finding of a run."""

    code: str
    severity: str
    message: str
    help: str | None


class Outcome(NamedTuple):
    """What a run ended with."""

    code: int
    findings: tuple[Found, ...]
    out: str
    err: str

    @property
    def codes(self) -> str:
        return " ".join(sorted({one.code for one in self.findings}))


class Stage:
    """The files in a folder and the Azure that they speak of."""

    def __init__(self, azure: FakeAzure, folder: Path, cloud: Cloud = PUBLIC) -> None:
        self.azure = azure
        self.folder = folder
        self.contoso = azure.tenant("contoso", cloud=cloud)
        self.vault = self.contoso.vault("kv-contoso")
        self.secret = self.vault.secret("pat")
        self.center = self.contoso.dev_center("center")
        self.project = self.contoso.project("web", self.center)
        self.ada = self.contoso.user("ada")
        #: Settings below [azure] as they are written in TOML, without the quotation marks.
        self.settings: dict[str, Any] = {"project": self.project.id, "consumers": [self.ada.id]}
        #: The reference of the files, without its braces.
        self.reference = self.secret.uri
        self.image = _IMAGE
        self.repository = "https://github.com/contoso/web"
        #: The branch that the files name, if any, and more of their tasks.
        self.branch = ""
        self.more = ""
        self.verifier = self.contoso.application("verifier")
        self.environment = azure.environment(self.verifier)
        for role in (READER, VAULT_READER):
            self.contoso.assign(self.verifier, role, self.contoso.scope)
        for role in (VAULT_READER, SECRETS_USER):
            self.contoso.assign(self.identity, role, self.vault)
        for one in (self.dev_center_identity, self.ada):
            self.contoso.assign(one, SECRETS_USER, self.secret)

    @property
    def identity(self) -> Principal:
        assert self.project.identity
        return self.project.identity

    @property
    def dev_center_identity(self) -> Principal:
        assert self.center.identity
        return self.center.identity

    def take(self, principal: Principal) -> None:
        """Take all roles from one."""
        roles = self.contoso.roles
        roles.assignments = [one for one in roles.assignments if one.principal != principal.id]

    def write(self, name: str) -> None:
        """Write the team's or a user's file."""
        image = f"image: {self.image}\n" if name == TEAM else ""
        reference = f"'{{{{{self.reference}}}}}'"
        branch = f"      branch: {self.branch}\n" if self.branch else ""
        (self.folder / name).write_text(
            f'$schema: "1.0"\n{image}tasks:\n  - name: ~/gitclone\n    parameters:\n'
            f"      repositoryUrl: {self.repository}\n      directory: C:\\work\n{branch}"
            f"      pat: {reference}\n{self.more}",
            encoding="utf-8",
        )

    def write_settings(self) -> None:
        """Write what a repository may say to its file, and what only the operator may into the environment."""
        own = {name: value for name, value in self.settings.items() if name not in KEYS or name == "timeout"}
        for name in self.settings.keys() - own.keys():
            value = self.settings[name]
            self.environment[variable(name)] = value if isinstance(value, str) else json.dumps(value)
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in own.items()]
        (self.folder / ".devbox-lint.toml").write_text(f"[azure]\n{''.join(lines)}", encoding="utf-8")

    def check(self, name: str, *arguments: str) -> Outcome:
        """Check one of the two files with the online rules, in this process and over the wire."""
        self.write(name)
        self.write_settings()
        return check(self.folder, self.environment, name, "--kind", _KINDS[name], *arguments)


_KINDS = {TEAM: "imagedefinition", USER: "user"}


def check(folder: Path, environment: dict[str, str], *arguments: str, online: bool = True) -> Outcome:
    """Check as the command line does it, with the online rules alone or with all the others alone."""
    out, err = io.StringIO(), io.StringIO()
    machine = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    chosen = ("--online", "--select", "DBX5") if online else ()
    words = ("check", *chosen, "--output-format", "json", *arguments)
    with (
        patch.dict(os.environ, {**machine, **environment}, clear=True),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = run(words)
        except DevboxLintError as error:
            err.write(f"error: {error}")
            code = 2
    found = json.loads(out.getvalue()).get("diagnostics", []) if out.getvalue().startswith("{") else []
    return Outcome(code, tuple(_found(one) for one in found), out.getvalue(), err.getvalue())


def _found(item: dict[str, Any]) -> Found:
    return Found(item["code"], item["severity"], item["message"], item["help"])
