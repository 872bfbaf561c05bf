"""Situations of the packages that a file installs with WinGet."""

from __future__ import annotations

from collections.abc import Callable

from fake_azure.messages import Response
from fake_azure.package_source import HOST
from situations.situation import Situation
from situations.stage import Stage


def _package(name: str, version: str = "") -> Callable[[Stage], None]:
    """The file installs a package."""

    def arrange(stage: Stage) -> None:
        given = f"      version: '{version}'\n" if version else ""
        stage.more = f"  - name: ~/winget\n    parameters:\n      package: {name}\n{given}"

    return arrange


def _answers(response: Response, path: str = "*", version: str = "2.50.1") -> Callable[[Stage], None]:
    """WinGet's source answers this instead."""

    def arrange(stage: Stage) -> None:
        _package("Git.Git", version)(stage)
        stage.azure.fault("answer", HOST, path, response=response)

    return arrange


def _script(arguments: str) -> Callable[[Stage], None]:
    """A script of the file installs a package."""

    def arrange(stage: Stage) -> None:
        command = f"winget install {arguments} --accept-package-agreements --accept-source-agreements"
        stage.more = f"  - name: ~/powershell\n    parameters:\n      command: {command}\n"

    return arrange


def _unreachable(stage: Stage) -> None:
    _package("Git.Git")(stage)
    stage.azure.fault("refused", HOST)


_GONE = Response(404, b"<Error/>", content_type="application/xml")
PACKAGES = (
    Situation("WinGet has the package", _package("Git.Git")),
    Situation("WinGet has the package, whose id is written in another case", _package("git.git")),
    Situation("WinGet has the package and the version", _package("Git.Git", "2.50.1")),
    Situation("WinGet has the version, written with a zero more", _package("Git.Git", "2.50.1.0")),
    Situation("the newest version is asked for", _package("Git.Git", "latest")),
    Situation("WinGet does not have the package", _package("Contoso.Tool"), "DBX519", "DBX519"),
    Situation("WinGet does not have the version", _package("Git.Git", "2.5"), "DBX519", "DBX519"),
    Situation("a script installs a package that WinGet does not have", _script("Contoso.Tool"), "DBX519", "DBX519"),
    Situation("a script names a version that WinGet does not have", _script("Git.Git -v 9"), "DBX519", "DBX519"),
    Situation("a script installs a package from another source", _script("Contoso.Tool --source contoso")),
    Situation("WinGet's source cannot be reached", _unreachable, "DBX590", "DBX590"),
    Situation("WinGet's source has moved", _answers(_GONE), "DBX590", "DBX590"),
    Situation("WinGet's source answers something else", _answers(Response(200, b"<html>")), "DBX590", "DBX590"),
    Situation(
        "the versions of the package are not what the index says",
        _answers(Response(200, b"sV: 1.0"), "*/versionData.mszyml"),
        "DBX590",
        "DBX590",
    ),
)
