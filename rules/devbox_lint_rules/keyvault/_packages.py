"""Where a file names a WinGet package, and what the rules ask about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from devbox_lint.diagnostics import Span
from devbox_lint.powershell import Argument, Call
from devbox_lint.rule import CONFIGURATION, Context
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.configurations._units import is_absent, packages_of
from devbox_lint_rules.scripts._scripts import scripts_of
from devbox_lint_rules.scripts._winget import package_ids
from devbox_lint_rules.tasks._entries import builtin_of

#: An id as the schema of manifests has it (microsoft/winget-cli, schemas/JSON/manifests), without what a script or a
#: template puts values in with: `$`, `%`, a backtick and brackets.
_LABEL = r"[^.\s\\/:*?\"<>|\x00-\x1f$%`{}()\[\]',;]{1,32}"
_ID = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{1,7}}")
#: A version as the same schema has it, and a range or what stands for the newest is none.
_VERSION = re.compile(r"[^\\/:*?\"<>|\x00-\x1f$%`{}()\[\],;]{1,128}")
_NEWEST = ("", "latest", "unknown")


class PackageTopic(Enum):
    """What a question is about, in the order in which questions are best answered."""

    INDEX = "index"
    PACKAGE = "package"


class PackageQuestion(NamedTuple):
    """One question about the public source of WinGet.

    ``id`` and ``version`` are as they are written; the version is empty where any will do.
    """

    topic: PackageTopic
    id: str = ""
    version: str = ""

    @property
    def text(self) -> str:
        """What is to be found out, as a noun phrase."""
        if self.topic is PackageTopic.INDEX:
            return "whether WinGet has the packages of the file"
        version = f" in version `{self.version}`" if self.version else ""
        return f"whether WinGet has the package `{self.id}`{version}"


class PackagePlace(NamedTuple):
    """A package from WinGet's public source: its id as it is written, its version, and where each stands.

    ``is_certain`` says that it can come from that source alone.
    """

    id: str
    span: Span
    is_certain: bool
    version: str = ""
    version_span: Span = Span(0, 0)


def package_places(context: Context) -> Iterator[PackagePlace]:
    """The packages that a file installs from WinGet's public source and names by what looks like an id."""
    if context.kind is CONFIGURATION:
        for unit, name in packages_of(context):
            source = unit.text("source")
            match = unit.text("matchoption")
            exact = match is None or match.value.lower().startswith("equals")
            if exact and not is_absent(unit) and (source is None or source.value.strip().lower() == "winget"):
                yield from _place(name, unit.text("version"), source is not None)
    for task in context.customization.tasks:
        package = task.parameter("package")
        if package is not None and builtin_of(context, task) == "winget":
            yield from _place(package, task.parameter("version"), True)
    for script in scripts_of(context) if "winget" in context.source.text.lower() else ():
        for call in script.syntax.calls:
            for argument in package_ids(call):
                wanted = _option(call, "--version", "-v")
                if not _ID.fullmatch(argument.text):
                    continue
                place = PackagePlace(
                    argument.text, script.span(*_inside(argument)), call.option("--source", "-s") is not None
                )
                if wanted is not None and _is_exact(wanted.text):
                    place = place._replace(version=wanted.text, version_span=script.span(*_inside(wanted)))
                yield place


def _place(package: Scalar, version: Scalar | None, is_certain: bool) -> Iterator[PackagePlace]:
    id_ = package.value.strip()
    if not _ID.fullmatch(id_):
        return
    start = package.value.index(id_)
    place = PackagePlace(id_, package.span_of(start, start + len(id_)), is_certain)
    text = version.value.strip() if version is not None else ""
    if version is not None and _is_exact(text):
        start = version.value.index(text)
        place = place._replace(version=text, version_span=version.span_of(start, start + len(text)))
    yield place


def _is_exact(version: str) -> bool:
    return version.lower() not in _NEWEST and _VERSION.fullmatch(version) is not None


def _option(call: Call, *names: str) -> Argument | None:
    """The value of an option that is a word of its own."""
    following = zip(call.arguments, call.arguments[1:], strict=False)
    return next((value for option, value in following if option.text.lower() in names), None)


def _inside(argument: Argument) -> tuple[int, int]:
    quote = 1 if argument.quote else 0
    return argument.start + quote, argument.end - quote
