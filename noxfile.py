"""Work that is longer, or wider, than what every change runs (that is `.ci/run`). `nox --list` names the sessions."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["tests", "security"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


@nox.session(python=PYTHONS)
@nox.parametrize("parser", ["c", "pure"])
def tests(session: nox.Session, parser: str) -> None:
    """The whole test suite, with the C parser and where it has no wheel."""
    session.install("--editable", ".[dev]")
    if parser == "pure":
        session.run("python", "-m", "pip", "uninstall", "--quiet", "--yes", "ruamel.yaml.clib")
    session.run("python", "-m", "pytest", "-q", "-n", "auto", *session.posargs)


@nox.session
def security(session: nox.Session) -> None:
    """What bandit says of the code, and zizmor of the workflows and the action."""
    session.install("bandit[toml]>=1.8", "zizmor>=1.5")
    session.run("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", "linter", "rules", "lsp")
    session.run("zizmor", "--offline", "--quiet", ".")


@nox.session
def audit(session: nox.Session) -> None:
    """Known vulnerabilities of everything that users and developers install; asks the vulnerability database online."""
    session.install("pip-audit>=2.7", ".[dev]")
    session.run("pip-audit", "--strict", "--skip-editable")


@nox.session
def build(session: nox.Session) -> None:
    """The wheel, the source archive and the list of parts (CycloneDX) in dist/; built twice, the bytes must agree."""
    session.install("build>=1.2", "cyclonedx-bom>=5", "hatchling>=1.27")
    dist = Path("dist")
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(dist), ".")
    again = Path(session.create_tmp()) / "again"
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(again), ".")
    for file in sorted(dist.iterdir()):
        if file.read_bytes() != (again / file.name).read_bytes():
            session.error(f"{file.name} is not the same when built again")
    session.run("python", "-m", "venv", f"{session.virtualenv.location}/user")
    user = f"{session.virtualenv.location}/user/bin/python"
    session.run(user, "-m", "pip", "install", "--quiet", str(next(dist.glob("*.whl"))), external=True)
    session.run(
        "cyclonedx-py", "environment", "--output-reproducible", "--output-file", "dist/devbox-lint.cdx.json", user
    )


@nox.session
def azure_cli(session: nox.Session) -> None:
    """The Azure CLI runs the commands that findings print, against the fake Azure of the tests; it takes 700 MB."""
    session.install("--editable", ".[dev]")
    folder = f"{session.virtualenv.location}/azure-cli"
    session.run("python", "-m", "venv", folder)
    session.run(f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "azure-cli>=2.80", external=True)
    az = {"DEVBOX_LINT_AZ": f"{folder}/bin/az"}
    session.run("python", "-m", "pytest", "-q", "tests/online/test_commands.py", *session.posargs, env=az)


@nox.session
def expressions(session: nox.Session) -> None:
    """Every regular expression against texts made to make it slow; a minute."""
    session.install("--editable", ".[dev]")
    session.run("python", "tests/hardening/expressions.py")


@nox.session
def linear(session: nox.Session) -> None:
    """The growth of time and memory with the input, for each construct; some minutes, best on an idle machine."""
    session.install("--editable", ".[dev]")
    session.run("python", "tests/hardening/linear.py", *session.posargs)
