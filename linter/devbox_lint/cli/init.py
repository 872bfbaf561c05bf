"""The command `init`: writes what a repository lacks to be checked everywhere, or starts a file of a kind."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from devbox_lint import __version__
from devbox_lint.cli.layout import Layout, layout_of
from devbox_lint.cli.starters import starter
from devbox_lint.customization.begun import kind_of_stem
from devbox_lint.customization.kinds import Kind, stem_of
from devbox_lint.customization.starters import first_file, first_script, name_for
from devbox_lint.errors import UnreadableFileError, UsageError
from devbox_lint.escaping import neutralise
from devbox_lint.files.atomic_write import create
from devbox_lint.reports.terminal import CLEAN
from devbox_lint.settings.boundary import is_inside, repository_of
from devbox_lint.settings.files import settings_file_in
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from argparse import Namespace

_NAMES = {
    Kind.IMAGE: ("image definition", "image definitions"),
    Kind.USER: ("user customization", "user customizations"),
    Kind.TASK: ("task definition", "task definitions"),
    Kind.CONFIGURATION: ("WinGet configuration", "WinGet configurations"),
}
_TITLES = {"github": "GitHub Actions", "azure": "Azure Pipelines", "gitlab": "GitLab CI/CD"}
#: What is written for a service: the path from the top of the repository, and the starter.
_PIPELINES = {
    "github": ((".github/workflows/devbox-lint.yml", "github.yml"),),
    "azure": (
        (".azure-pipelines/devbox-lint.yml", "azure-pipelines.yml"),
        (".azure-pipelines/azure-steps.yml", "azure-steps.yml"),
    ),
    "gitlab": ((".gitlab-ci.yml", "gitlab.yml"),),
}
_NEXT = (
    "",
    "next:",
    "  devbox-lint check              what is found today",
    "  devbox-lint check --fix        repair what can safely be repaired",
    "  devbox-lint check --baseline known.jsonl --write-baseline",
    '                                 record the rest: with `baseline = "known.jsonl"` in',
    "                                 the settings, only what is new fails",
    "  pre-commit install             check each commit",
)
_EXTENSION = "devbox-lint.devbox-lint"


class Item(NamedTuple):
    """A file that a repository is to have, by its path from the top.

    ``text`` is what to write; where the file is there, ``kept`` says what of it, and ``text`` is what to add by hand.
    """

    path: str
    text: str
    kept: str = ""


def init_command(options: Namespace) -> int:
    """Show what is missing and write it; raises DevboxLintError for what cannot be done."""
    words = options.words or [os.curdir]
    if len(words) == 1 and os.path.isdir(words[0]):
        if options.kind:
            raise UsageError("`--kind` says what a file is to be: write the path of the new file after `init`")
        layout = layout_of(words[0])
        service = layout.service if options.ci is None else options.ci
        items = tuple(_items(layout, service))
        for line in _described(layout, service, bool(options.ci)):
            _print(line)
        return _carry_out(layout.top, items, options)
    if options.ci is not None:
        raise UsageError("`--ci` is for a repository: leave it out to start a file, or leave out the file")
    for word in words:
        if os.path.isdir(word):
            raise UsageError(f"`{word}` is a folder: name the new file in it")
    files = [item for word in words for item in _starter_of(word, options.kind)]
    return _carry_out(os.curdir, files, options)


def _items(layout: Layout, service: str) -> Iterator[Item]:
    found = settings_file_in(layout.top)
    settings = starter("devbox-lint.toml", version=__version__)
    yield Item(os.path.basename(found), "", "it has settings") if found else Item("devbox-lint.toml", settings)
    hook = "devbox-lint-repository" if layout.counts[Kind.TASK] else "devbox-lint"
    yield _beside(layout, ".pre-commit-config.yaml", starter("pre-commit-config.yaml", hook=hook), "devbox-lint")
    if service in _PIPELINES:
        running = layout.runs_us(service)
        if running:
            yield Item(running, "", "it runs devbox-lint")
        else:
            for path, name in _PIPELINES[service]:
                yield _beside(layout, path, starter(name, branch=layout.branch), "devbox-lint")
    yield _beside(layout, ".vscode/extensions.json", starter("extensions.json"), _EXTENSION)


def _beside(layout: Layout, path: str, text: str, sign: str) -> Item:
    """The item for a file that others write too; ``sign`` in it says that it needs nothing."""
    there = layout.text(path)
    if there is None:
        return Item(path, text)
    if sign in there:
        return Item(path, "", "it names devbox-lint")
    return Item(path, text, "it is yours")


def _described(layout: Layout, service: str, is_given: bool) -> Iterator[str]:
    what = "repository" if layout.is_repository else "folder outside a repository,"
    found = [
        f"{layout.counts[kind]} {names[layout.counts[kind] > 1]}"
        for kind, names in _NAMES.items()
        if layout.counts[kind]
    ]
    yield f"{_shown(layout.top)}: {what} with {', '.join(found) or 'no Dev Box files yet'}"
    if service in _TITLES:
        yield f"{_TITLES[service]}: {'as you say' if is_given else layout.because}"
    elif not is_given:
        yield "no CI service recognised: `--ci github`, `--ci azure` or `--ci gitlab` writes its file too"
    yield ""


def _starter_of(path: str, given: str | None) -> Iterator[Item]:
    kind = Kind(given) if given else _kind_of_name(path)
    if kind is not Kind.CONFIGURATION and not path.lower().endswith(".yaml"):
        raise UsageError(f"`{path}` must end in `.yaml`: the service reads nothing else")
    name = name_for(path, kind)
    yield Item(path, first_file(kind, path, name))
    if kind is Kind.TASK:
        yield Item(os.path.join(os.path.dirname(path), f"{name}.ps1"), first_script())


def _kind_of_name(path: str) -> Kind:
    stem = stem_of(path)
    if stem.endswith(".imagedefinition"):
        wanted = os.path.join(path[: -len(".imagedefinition.yaml")], "imagedefinition.yaml")
        raise UsageError(f"`{path}` is found by no dev center, only `imagedefinition.yaml` is: write `{wanted}`")
    kind = kind_of_stem(stem)
    if kind is None:
        raise UsageError(
            f"`{path}` may be anything: name it `imagedefinition.yaml`, `workload.yaml`, `task.yaml` or"
            " `NAME.winget`, or say what it is to be with `--kind`"
        )
    return kind


def _carry_out(top: str, items: Sequence[Item], options: Namespace) -> int:
    for item in items:
        for line in _announced(item):
            _print(line)
    new = [item for item in items if not item.kept]
    for item in new:
        _refuse(top, item)
    if not new:
        _print("nothing to write")
        return CLEAN
    count = "this file" if len(new) == 1 else f"these {len(new)} files"
    if options.dry_run:
        _print(f"--dry-run: {count} would be written")
        return CLEAN
    if not options.yes and sys.stdin.isatty() and sys.stdout.isatty() and not _agrees(f"Write {count}? [Y/n] "):
        _print("nothing written")
        return CLEAN
    _write(top, new)
    for item in new:
        _print(f"wrote {item.path}")
    if top != os.curdir:
        for line in _NEXT:
            _print(line)
    return CLEAN


def _announced(item: Item) -> Iterator[str]:
    if item.kept:
        yield f"keep {item.path}: {item.kept}" + (", so add to it by hand:" if item.text else "")
    else:
        yield f"write {item.path}:"
    yield from (f"    {line}".rstrip() for line in item.text.splitlines())
    yield ""


def _refuse(top: str, item: Item) -> None:
    """Raise UsageError where a file must not be written."""
    path = os.path.join(top, item.path)
    if os.path.lexists(path):
        raise UsageError(f"`{item.path}` is there already, and `init` overwrites nothing")
    folder = os.path.dirname(os.path.abspath(path))
    if not is_inside(folder, _existing(folder) if top == os.curdir else top):
        raise UsageError(f"`{item.path}` leads out of the repository by a link: nothing is written there")


def _existing(folder: str) -> str:
    """The repository of a folder that need not exist, or the next folder above that does."""
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return repository_of(folder)


def _agrees(question: str) -> bool:
    sys.stdout.write(question)
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("", "y", "yes")


def _write(top: str, items: Sequence[Item]) -> None:
    """Write all, or none: what was written is taken back where a later one fails."""
    written: list[str] = []
    folders: list[str] = []
    try:
        for item in items:
            path = os.path.join(top, item.path)
            folders += _make_folders(os.path.dirname(path))
            create(path, item.text.encode("utf-8"))
            written.append(path)
    except OSError as error:
        for path in written:
            with contextlib.suppress(OSError):
                os.unlink(path)
        for folder in reversed(folders):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        reason = "it is there already" if isinstance(error, FileExistsError) else error.strerror or str(error)
        raise UnreadableFileError(f"cannot write `{item.path}`: {reason}; nothing is written") from None


def _make_folders(folder: str) -> list[str]:
    """The folders that were made, from the top down."""
    missing = []
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        os.mkdir(each)
    return missing[::-1]


def _shown(top: str) -> str:
    here = os.getcwd()
    return os.path.basename(top) or top if top == here else top


def _print(line: str) -> None:
    sys.stdout.write(f"{neutralise(line)}\n")
