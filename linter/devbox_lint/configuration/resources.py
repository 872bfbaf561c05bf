"""What is known of DSC resources: their settings, and what it takes to apply them.

The facts are in resources.txt, of the modules that most configurations use. What is in none of them is unknown, and
never wrong. Names are compared without regard to case, as PowerShell does.
"""

from __future__ import annotations

import os.path
from functools import cache

from devbox_lint.startup import NamedTuple

_FILE = os.path.join(os.path.dirname(__file__), "resources.txt")
#: Of what day the facts are, for messages.
AS_OF = "August 2026"
#: The resources that set a variable of the machine, too, where no `Target` says otherwise; in lower case.
MACHINE_UNLESS_SAID = frozenset(("psdscresources/environment", "xpsdesiredstateconfiguration/xenvironment"))


class Setting(NamedTuple):
    """One setting of a resource.

    ``type`` is ``text``, ``boolean``, ``integer``, ``list``, ``map`` or ``any``; ``words`` are all that a text may be,
    empty where it may be anything.
    """

    name: str
    type: str
    words: tuple[str, ...]
    is_needed: bool


class Resource(NamedTuple):
    """A resource; ``settings`` are by their names in lower case.

    ``is_open`` says that it may have others, ``is_elevated`` that an administrator must set it, ``is_of_user`` that it
    belongs to one user, ``is_native`` that it is a program of DSC v3, for which the case of names counts.
    """

    module: str
    name: str
    settings: dict[str, Setting]
    is_open: bool
    is_elevated: bool
    is_of_user: bool
    is_native: bool

    @property
    def full_name(self) -> str:
        """``Module/Resource``."""
        return f"{self.module}/{self.name}"


class Module(NamedTuple):
    """A module; ``resources`` are the names of those that are known, in its own order.

    ``is_prerelease`` says that the Gallery has prereleases alone, ``is_complete`` that it has no other resources.
    """

    name: str
    resources: tuple[str, ...]
    is_prerelease: bool
    is_complete: bool
    is_native: bool


class Successor(NamedTuple):
    """What took the place of a resource; ``is_same`` where its settings are the same too."""

    full_name: str
    is_same: bool


class _Facts(NamedTuple):
    modules: dict[str, Module]
    lines: dict[str, list[str]]
    successors: dict[str, Successor]


@cache
def _facts() -> _Facts:
    facts = _Facts({}, {}, {})
    with open(_FILE, encoding="utf-8") as stream:
        for line in stream:
            first, *rest = line.rstrip("\n").split("\t")
            if first == "module":
                flags = rest[1].split()
                module = Module(rest[0], (), "prerelease" in flags, "complete" in flags, "native" in flags)
                facts.modules[module.name.lower()] = module
            elif first == "retired":
                facts.successors[rest[0].lower()] = Successor(rest[1], rest[2] == "one")
            elif rest:
                facts.lines[first.lower()] = [first, *rest]
                key = module.name.lower()
                resources = (*facts.modules[key].resources, first.rpartition("/")[2])
                facts.modules[key] = facts.modules[key]._replace(resources=resources)
    return facts


def find_module(name: str) -> Module | None:
    """What is known of a module."""
    return _facts().modules.get(name.lower())


def known_modules() -> tuple[Module, ...]:
    """All modules of which anything is known."""
    return tuple(_facts().modules.values())


@cache
def find_resource(full_name: str) -> Resource | None:
    """What is known of a resource, which is named with its module: ``Module/Resource``."""
    line = _facts().lines.get(full_name.lower())
    if line is None:
        return None
    written, flags, *settings = line
    module, _, name = written.partition("/")
    known: dict[str, Setting] = {}
    for item in settings:
        if item != "*":
            setting, _, type_ = item.lstrip("!").partition("=")
            words = tuple(type_.split("|")) if "|" in type_ else ()
            known[setting.lower()] = Setting(setting, "text" if words else type_, words, item.startswith("!"))
    return Resource(
        module,
        name,
        known,
        "*" in settings,
        "elevated" in flags,
        "user" in flags,
        _facts().modules[module.lower()].is_native,
    )


def successor_of(full_name: str) -> Successor | None:
    """What took the place of a resource that is no more."""
    return _facts().successors.get(full_name.lower())
