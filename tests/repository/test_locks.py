"""The locks in requirements/ still hold what they are made of; nothing here asks a network."""

from __future__ import annotations

import re
import shlex
import tomllib
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted(path.name for path in (TOP / "requirements").glob("*.txt"))
#: What `--python-version` and the classifiers promise, on what CI and developers use.
ENVIRONMENTS = [
    default_environment()
    | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
        "sys_platform": platform,
        "os_name": "nt" if platform == "win32" else "posix",
        "platform_system": {"win32": "Windows", "darwin": "Darwin", "linux": "Linux"}[platform],
        "platform_machine": machine,
        "extra": "",
    }
    for python, (platform, machine) in product(
        ("3.11", "3.12", "3.13", "3.14"),
        (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64"), ("win32", "ARM64")),
    )
]


class Pin(NamedTuple):
    """One entry of a lock."""

    name: str
    version: str
    requirement: Requirement
    hashes: tuple[str, ...]


class Lock(NamedTuple):
    """A lock; ``command`` made it."""

    command: list[str]
    pins: list[Pin]


def read(name: str) -> Lock:
    text = (TOP / "requirements" / name).read_text("utf-8")
    entries = [line for line in text.replace("\\\n", "").splitlines() if line and not line.lstrip().startswith("#")]
    pins = []
    for entry in entries:
        requirement = Requirement(entry.split("--hash=")[0].strip())
        (exactly,) = requirement.specifier
        assert exactly.operator == "==", entry
        pins.append(
            Pin(
                canonicalize_name(requirement.name),
                exactly.version,
                requirement,
                tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})(?= |$)", entry)),
            )
        )
    return Lock(shlex.split(text.splitlines()[1].lstrip("# ")), pins)


def wanted(lock: Lock) -> list[Requirement]:
    """What the lock is made of, by its command."""
    extras, groups = (
        [argument.removeprefix(option) for argument in lock.command if argument.startswith(option)]
        for option in ("--extra=", "--group=")
    )
    found: list[str] = []
    for source in lock.command[3:]:
        if source == "pyproject.toml":
            found += PROJECT["project"]["dependencies"]
            for extra in extras:
                found += PROJECT["project"]["optional-dependencies"][extra]
            for group in groups:
                found += PROJECT["dependency-groups"][group]
        elif not source.startswith("--"):
            lines = (TOP / source).read_text("utf-8").splitlines()
            found += [line for line in lines if line and not line.startswith("#")]
    return [Requirement(line) for line in found]


def holds(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


def lacking(requirements: list[Requirement], lock: Lock) -> set[str]:
    """The requirements that are not met by exactly one entry, in any environment that they are for."""
    found = set()
    for environment in ENVIRONMENTS:
        versions: dict[str, list[str]] = {}
        for pin in lock.pins:
            if holds(pin.requirement, environment):
                versions.setdefault(pin.name, []).append(pin.version)
        for requirement in requirements:
            if holds(requirement, environment):
                at_hand = versions.get(canonicalize_name(requirement.name), [])
                if len(at_hand) != 1 or not requirement.specifier.contains(at_hand[0], prereleases=True):
                    found.add(str(requirement))
    return found


def test_there_is_a_lock_for_each_list() -> None:
    lists = {path.stem for path in (TOP / "requirements").glob("*.in")}

    assert {Path(name).stem for name in LOCKS} == lists | {"azure", "dev", "run"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_meets_what_it_is_made_of_everywhere(name: str) -> None:
    lock = read(name)

    assert wanted(lock) != []
    assert lacking(wanted(lock), lock) == set(), "run `nox -s lock`"


@pytest.mark.parametrize("name", LOCKS)
def test_each_file_that_a_lock_admits_has_a_hash(name: str) -> None:
    lock = read(name)

    assert "--generate-hashes" in lock.command
    assert "--universal" in lock.command
    assert "--python-version=3.11" in lock.command
    assert [pin.name for pin in lock.pins if not pin.hashes] == []


def test_what_builds_the_package_is_locked_with_what_tests_it() -> None:
    requirements = [Requirement(line) for line in PROJECT["build-system"]["requires"]]

    for name in ("build.txt", "dev.txt", "tools.txt"):
        assert lacking(requirements, read(name)) == set()


@pytest.mark.parametrize(
    "name", ["azure.txt", "build.txt", "fuzz.txt", "measure.txt", "release.txt", "run.txt", "workbench.txt"]
)
def test_locks_for_one_environment_agree(name: str) -> None:
    versions: dict[str, set[str]] = {}
    for pin in read("dev.txt").pins:
        versions.setdefault(pin.name, set()).add(pin.version)

    assert [pin for pin in read(name).pins if pin.version not in versions.get(pin.name, {pin.version})] == []


def test_a_requirement_that_outgrew_its_lock_is_noticed() -> None:
    lock = read("dev.txt")

    assert lacking([Requirement("rich>=9999"), Requirement("rich"), Requirement("no-such-package")], lock) == {
        "rich>=9999",
        "no-such-package",
    }


def test_the_workflows_install_what_is_locked_alone() -> None:
    installs = [
        line.strip()
        for path in sorted((TOP / ".github" / "workflows").glob("*.yml"))
        for line in path.read_text("utf-8").splitlines()
        if "pip install" in line
    ]

    assert installs != []
    assert {line.partition("pip install ")[2] for line in installs} == {
        "--require-hashes --requirement requirements/nox.txt"
    }


def test_readme_and_contributing_set_up_alike() -> None:
    start = "python3 -m venv .venv"
    (set_up,) = re.findall(
        rf"^{re.escape(start)}.*?--editable \.$", (TOP / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )

    assert "--requirement requirements/dev.txt" in set_up
    assert f"{set_up} &&\n" in (TOP / "README.md").read_text("utf-8")
