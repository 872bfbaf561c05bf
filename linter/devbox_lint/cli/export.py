"""The command `export`: WinGet configurations for customization files, and a report of what became of each entry."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from devbox_lint.configuration.export import Exported, State, described, export
from devbox_lint.credentials.masking import mask_of_document
from devbox_lint.customization.kinds import Kind, classify
from devbox_lint.customization.model import Customization
from devbox_lint.errors import UnreadableFileError, UsageError
from devbox_lint.escaping import neutralise
from devbox_lint.files.atomic_write import replace_content
from devbox_lint.files.task_catalog import build_catalog
from devbox_lint.reports.terminal import CLEAN, say
from devbox_lint.source import MOST_READ, SourceFile
from devbox_lint.yaml.parse import parse

if TYPE_CHECKING:
    from argparse import Namespace

    from devbox_lint.customization.catalog import Catalog

#: What to do with a configuration, as commands.
_COMMANDS = (
    "winget configure --enable",
    "winget configure validate --file FILE",
    "winget configure --file FILE --accept-configuration-agreements",
)


def export_command(options: Namespace) -> int:
    """Print or write the configurations; raises DevboxLintError for a file of another kind or an unreadable one."""
    if not options.words:
        raise UsageError("which files? write the paths of customization files after `export`")
    catalog, doubts = build_catalog(tuple(options.task_catalog), options.words)
    for doubt in doubts:
        say(f"note: {doubt}")
    exported = [(path, _exported(path, options, catalog)) for path in options.words]
    written = _write(exported, options.output)
    if options.output_format == "json":
        sys.stdout.write(json.dumps([_described(*each, written) for each in exported], indent=2) + "\n")
        return CLEAN
    if options.output is None:
        for path, result in exported:
            if len(exported) > 1:
                sys.stdout.write(f"# {neutralise(path)}\n")
            sys.stdout.write(result.text)
    # What is printed may go to a file, and the report is for people.
    stream = sys.stderr if options.output is None else sys.stdout
    for path, result in exported:
        for line in _report(path, result, written.get(path)):
            stream.write(f"{neutralise(line)}\n")
    return CLEAN


def _exported(path: str, options: Namespace, catalog: Catalog) -> Exported:
    try:
        with open(path, "rb") as stream:
            data = stream.read(MOST_READ)
    except OSError as error:
        raise UnreadableFileError(f"cannot read `{path}`: {error.strerror or error}") from None
    document = parse(SourceFile.from_bytes(path, data))
    kind = Kind(options.kind) if options.kind else classify(path, document)
    if kind not in (Kind.IMAGE, Kind.USER):
        raise UsageError(f"`{path}` is neither a team file nor a user customization; --kind says otherwise")
    name = mask_of_document(document).conceal(os.path.basename(path))
    return export(Customization(document, kind), neutralise(name), options.to, catalog)


def _write(exported: Sequence[tuple[str, Exported]], output: str | None) -> dict[str, str]:
    """Write the configurations, several into a folder; where each went, by its source."""
    if output is None:
        return {}
    is_folder = len(exported) > 1 or os.path.isdir(output) or output.endswith(("/", os.sep))
    places: dict[str, str] = {}
    taken: set[str] = set()
    try:
        if is_folder:
            os.makedirs(output, exist_ok=True)
        for path, result in exported:
            place = output
            if is_folder:
                name, number = _name_of(path), 2
                place = os.path.join(output, f"{name}.winget")
                while place.lower() in taken:
                    place = os.path.join(output, f"{name}-{number}.winget")
                    number += 1
                taken.add(place.lower())
            replace_content(place, result.text.encode())
            places[path] = place
    except OSError as error:
        raise UnreadableFileError(f"cannot write `{output}`: {error.strerror or error}") from None
    return places


def _name_of(path: str) -> str:
    """The file's own name, or that of its folder where all such files have one name."""
    stem = os.path.basename(path).rpartition(".")[0] or "configuration"
    folder = os.path.basename(os.path.dirname(os.path.abspath(path)))
    return folder if stem.lower() in ("imagedefinition", "workload", "devbox") and folder else stem


def _report(path: str, result: Exported, place: str | None) -> Iterator[str]:
    count = {state: sum(entry.state is state for entry in result.entries) for state in State}
    numbers = ", ".join(f"{number} {state.value}" for state, number in count.items() if number)
    yield f"{path}: {numbers or 'no entries'}" + (f"; written to {place}" if place else "")
    for entry in result.entries:
        title = f" ({entry.display_name})" if entry.display_name else ""
        yield f"  {path}:{entry.line}: {entry.task or 'an entry'}{title}: {entry.state.value}"
        yield from (f"    {note}" for note in entry.notes)
    yield from (f"  note: {note}" for note in result.notes)
    shown = place or "FILE"
    for command in () if result.is_empty else _COMMANDS:
        yield f"  run: {command.replace('FILE', shown)}"


def _described(path: str, result: Exported, written: dict[str, str]) -> dict[str, object]:
    return {
        "source": path,
        "output": written.get(path),
        **described(result),
        "commands": [] if result.is_empty else list(_COMMANDS),
    }
