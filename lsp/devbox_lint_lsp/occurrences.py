"""What has a name that several files write: a catalog's task, its parameter; and all places where that is written."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Sequence

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization, Task
from devbox_lint.customization.scripts import NamedScript, named_scripts
from devbox_lint.customization.task_definition import TaskDefinition, read_definition
from devbox_lint.diagnostics import Span
from devbox_lint.powershell.param_block import read_signature
from devbox_lint.powershell.variable_uses import may_be_renamed, variable_uses
from devbox_lint.references.expressions import Reference, ReferenceKind
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.workspace_index import IndexedFile

_REFERENCES = frozenset((ReferenceKind.PARAMETER, ReferenceKind.PLACEHOLDER))
_WHOLE_REFERENCE = lazy(r"[\"']?\{\{[ \t]*+([A-Za-z_][\w-]*+)[ \t]*+\}\}[\"']?")


class Target(NamedTuple):
    """A task of a catalog, or one of its parameters; ``paths`` are the absolute ones of the files that define it."""

    name: str
    task: str
    paths: frozenset[str]
    is_parameter: bool


class Occurrence(NamedTuple):
    """A place where a name is written; ``in_script`` says that it is a name of PowerShell, in any case."""

    source: SourceFile
    span: Span
    is_declaration: bool = False
    in_script: bool = False


def target_at(view: View, offset: int) -> Target | None:
    """What is named at an offset and may be written in other files; None where nothing is."""
    customization = view.customization
    if customization.kind is Kind.SCRIPT:
        return _of_script(view, offset)
    if customization.kind is Kind.TASK:
        own = _own_target(customization, offset)
        if own is not None:
            return own
    spot = view.at(offset)
    if spot.task is None or spot.task.name is None:
        return None
    definitions = _defined(view.catalog, spot.task.name.value, view.source.path)
    if not definitions:
        return None
    paths = _paths(definitions)
    if spot.scalar is spot.task.name:
        return Target(_last(definitions[0].name), _last(definitions[0].name), paths, is_parameter=False)
    name = str(spot.path[-1]) if spot.path else ""
    if spot.is_parameter and spot.on_key and any(name in each.parameters for each in definitions):
        return Target(name, _last(definitions[0].name), paths, is_parameter=True)
    return None


def _defined(catalog: Catalog, name: str, path: str) -> list[TaskDefinition]:
    """The definitions of a task in files of the workspace."""
    return [definition for definition in catalog.find(name, path) if definition.place is not None]


def _paths(definitions: Iterable[TaskDefinition]) -> frozenset[str]:
    return frozenset(whole_path(each.place.path) for each in definitions if each.place is not None)


def whole_path(path: str) -> str:
    """A path as those of a target are written."""
    return os.path.normcase(os.path.abspath(path))


def _own_target(customization: Customization, offset: int) -> Target | None:
    """What a task definition's own file declares or uses at an offset."""
    definition = read_definition(customization.document)
    name = customization.root.scalar("name") if customization.root is not None else None
    if definition is None or name is None:
        return None
    task = _last(definition.name)
    paths = frozenset((whole_path(customization.document.source.path),))
    if name.start <= offset <= name.end:
        return Target(task, task, paths, is_parameter=False)
    for declaration in customization.declarations:
        if declaration.name.start <= offset <= declaration.name.end:
            return Target(declaration.name.value, task, paths, is_parameter=True)
    for reference in references_in(customization):
        if reference.span.start <= offset <= reference.span.end and reference.text in definition.parameters:
            return Target(reference.text, task, paths, is_parameter=True)
    for handed in _handed(customization):
        is_here = handed.span.start <= offset <= handed.span.end
        if is_here and handed.is_same and handed.parameter in definition.parameters:
            return Target(handed.parameter, task, paths, is_parameter=True)
    return None


def _of_script(view: View, offset: int) -> Target | None:
    """The parameter of a task definition that a script's own parameter at an offset gets."""
    source = view.source
    declared = next(
        (
            item.name
            for item in read_signature(source.text).parameters
            if any(start <= offset <= end for start, end in variable_uses(source.text, item.name))
        ),
        None,
    )
    for use in view.catalog.script_uses(source.path) if declared is not None else ():
        definition = read_definition(use.customization.document) if use.customization.kind is Kind.TASK else None
        if definition is None:
            continue
        for handed in _handed(use.customization):
            is_own = handed.named.inside == use.named.inside and handed.name.lower() == str(declared).lower()
            if is_own and handed.is_same:
                path = whole_path(use.customization.document.source.path)
                return Target(handed.parameter, _last(definition.name), frozenset((path,)), is_parameter=True)
    return None


def occurrences(
    target: Target,
    files: Sequence[IndexedFile],
    catalog_for: Callable[[IndexedFile], Catalog],
    new_name: str | None = None,
) -> Iterator[Occurrence]:
    """All places where the target's name is written, those where it is declared too.

    With ``new_name`` those that are to be written anew: a script that needs its own name for a parameter keeps it.
    """
    wanted = target.task.lower()
    for file in files:
        customization = file.customization
        if whole_path(file.document.source.path) in target.paths:
            yield from _in_definition(target, file, catalog_for(file), new_name)
        for task in (*customization.tasks, *customization.examples):
            name = task.name
            if name is None or _last(name.value).lower() != wanted:
                continue
            catalog = catalog_for(file)
            if _paths(_defined(catalog, name.value, file.document.source.path)).isdisjoint(target.paths):
                continue
            source = customization.document.source
            if target.is_parameter:
                yield from (Occurrence(source, span) for span in _given(task, target.name, source))
            else:
                start = name.value.rfind("/") + 1
                yield Occurrence(source, name.span_of(start, len(name.value.rstrip())))


def _in_definition(target: Target, file: IndexedFile, catalog: Catalog, new_name: str | None) -> Iterator[Occurrence]:
    customization = file.customization
    source = customization.document.source
    if not target.is_parameter:
        name = customization.root.scalar("name") if customization.root is not None else None
        if name is not None:
            yield Occurrence(source, name.span_of(0, len(name.value)), is_declaration=True)
        return
    for declaration in customization.declarations:
        if declaration.name.value == target.name:
            yield Occurrence(source, key_span(declaration.name, source), is_declaration=True)
    for reference in references_in(customization):
        if reference.text == target.name:
            content = reference.content
            yield Occurrence(source, reference.scalar.span_of(content.start, content.end))
    seen: set[str] = set()
    for handed in _handed(customization):
        if handed.parameter != target.name or not handed.is_same or handed.named.inside.lower() in seen:
            continue
        seen.add(handed.named.inside.lower())
        yield from _in_script(handed, source, catalog, new_name)


def _in_script(handed: _Handed, source: SourceFile, catalog: Catalog, new_name: str | None) -> Iterator[Occurrence]:
    """A script's own parameter of the same name, and the arguments of all commands that name it."""
    script = catalog.text_beside(source.path, handed.named.inside)
    if script is None or not any(
        item.name.lower() == handed.name.lower() for item in read_signature(script.text).parameters
    ):
        return
    if new_name is not None and not may_be_renamed(script.text, handed.name, new_name):
        return
    uses = [use for use in catalog.script_uses(script.path) if use.customization.document.source.path != source.path]
    if new_name is not None and any(use.customization.kind is not Kind.TASK for use in uses):
        return
    for other in _handed_by(handed.customization):
        if other.name.lower() == handed.name.lower() and other.named.inside == handed.named.inside:
            yield Occurrence(source, other.span, in_script=True)
    for use in uses:
        for other in _handed_by(use.customization):
            if other.name.lower() == handed.name.lower() and other.named.inside == use.named.inside:
                yield Occurrence(use.customization.document.source, other.span, in_script=True)
    declared = {item.start + 1 for item in read_signature(script.text).parameters}
    for start, end in variable_uses(script.text, handed.name):
        yield Occurrence(script, Span(start, end), is_declaration=start in declared, in_script=True)


class _Handed(NamedTuple):
    """An argument of a script by its name; ``parameter`` is what it gets where that is a ``{{parameter}}`` alone."""

    customization: Customization
    named: NamedScript
    name: str
    span: Span
    parameter: str

    @property
    def is_same(self) -> bool:
        """Whether the script and the definition have one name for it."""
        return self.name.lower() == self.parameter.lower()


def _handed(customization: Customization) -> list[_Handed]:
    """The arguments that hand a parameter of a definition on."""
    return [handed for handed in _handed_by(customization) if handed.parameter]


def _handed_by(customization: Customization) -> Iterator[_Handed]:
    for named in named_scripts(customization):
        arguments = named.arguments
        for index, argument in enumerate(arguments):
            if argument.text[:1] != "-" or argument.quote:
                continue
            name, colon, _ = argument.text[1:].partition(":")
            span = named.scalar.span_of(argument.start + 1, argument.start + 1 + len(name))
            following = arguments[index + 1] if not colon and index + 1 < len(arguments) else None
            start = argument.start + 2 + len(name) if colon else following.start if following is not None else -1
            end = argument.end if colon else following.end if following is not None else -1
            match = _WHOLE_REFERENCE.fullmatch(named.scalar.value, start, end) if start >= 0 else None
            yield _Handed(customization, named, name, span, match[1] if match is not None else "")


def references_in(customization: Customization) -> list[Reference]:
    """The ``{{x}}`` of a file that may stand for a parameter or variable."""
    return [reference for reference in customization.references if reference.kind in _REFERENCES]


def _given(task: Task, name: str, source: SourceFile) -> Iterator[Span]:
    for entry in task.parameters.entries if isinstance(task.parameters, Mapping) else ():
        if entry.name == name and isinstance(entry.key, Scalar):
            yield key_span(entry.key, source)


def key_span(key: Scalar, source: SourceFile) -> Span:
    """A key without its quotes."""
    text = source.text[key.start : key.end]
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return Span(key.start + 1, key.end - 1) if quoted else key.span


def _last(name: str) -> str:
    return name.strip().rpartition("/")[2]
