"""Completion: keys by place, tasks, parameters and their values, images, references, rules in comments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from lsprotocol import types

from devbox_lint.configuration.units import configuration_in
from devbox_lint.credentials.names import may_name_token, name_kind
from devbox_lint.customization.builtin_tasks import may_run
from devbox_lint.customization.images import KNOWN_IMAGES
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import passes_for
from devbox_lint.customization.task_definition import Parameter, TaskDefinition
from devbox_lint.diagnostics import Span
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_lsp.blocks import SECTIONS, indented, task_block, whole_file
from devbox_lint_lsp.columns import lines_from
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.cursor import MARK, Cursor, Writing, at_list, cursor_at, in_item
from devbox_lint_lsp.document_check import Analysis
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.help_text import TaskHelp, builtin_parameter, described, schema_at
from devbox_lint_lsp.ignore_comments import in_comment
from devbox_lint_lsp.proposal import Proposal, scalar_text
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.unit_help import KNOWN_VALUES, UNSUPPORTED, unit_schema, with_directives

_TRIGGERS = ["~", "/", "{", "["]
#: The policies that PowerShell knows, the usual one first.
_POLICIES = ("Bypass", "RemoteSigned", "AllSigned", "Unrestricted", "Restricted", "Default", "Undefined")
#: With more tasks than this their descriptions are left out of the list.
MOST_DESCRIBED = 200
_Kinds = types.CompletionItemKind


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))(_completion)


async def _completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    view = await ls.help_view(params.text_document.uri)
    if view is None:
        return None
    offset = ls.offset_in(view.source, params.position)
    number = view.source.position(offset).line
    is_comment = "#" in view.source.text[view.source.line_starts[number] : offset]
    analysis = await ls.analysis(params.text_document.uri) if is_comment else None
    return await ls.worker.start(_proposed, ls, view, offset, analysis)


def _proposed(ls: Server, view: View, offset: int, analysis: Analysis | None) -> types.CompletionList | None:
    source = view.source
    line_start = source.line_starts[source.position(offset).line]
    before = source.text[line_start:offset]
    line_indent = len(before) - len(before.lstrip(" "))
    items: list[types.CompletionItem] = []

    def add(proposals: Iterable[Proposal], span: Span, shift: str = "") -> None:
        place = range_in(source, span, ls.encoding)
        items.extend(
            proposal.item(place, number, ls.client, shift, line_indent)
            for number, proposal in enumerate(proposals, len(items))
        )

    if not source.text.strip():
        add(_Completer(ls, view, Cursor(Writing.KEY, "", Span(offset, offset))).files(), Span(offset, offset))
        return types.CompletionList(is_incomplete=True, items=items)
    inner = in_item(view, offset)
    if inner is not None:
        # Enter after an entry leaves the cursor below its dash: keys of the entry belong two columns further right.
        cursor, shift, is_whole = inner
        completer = _Completer(ls, view, cursor)
        add(completer.proposals(), Span(line_start, cursor.span.end), before[:line_indent] + shift)
        add(completer.following() if is_whole else (), cursor.span)
    here = cursor_at(view, offset)
    if here is not None and here.writing in (Writing.RULE, Writing.COMMENT):
        add(in_comment(view, here, analysis, ls.all_rules()), here.span)
    elif here is not None:
        proposals = list(_Completer(ls, view, here).proposals())
        add(_still_open(proposals, here) if here.writing is Writing.VALUE else proposals, here.span)
    first = at_list(view, offset)
    if first is not None:
        add(_Completer(ls, view, first).following(), first.span)
    # What is written decides what is proposed, so that the client asks again with each character.
    return types.CompletionList(is_incomplete=True, items=items) if items else None


def _still_open(proposals: list[Proposal], cursor: Cursor) -> list[Proposal]:
    """Those that go on with what is written; none where all is written, so that Enter begins a new line.

    Before a word nothing goes on with what is written.
    """
    word, whole = (text.strip("\"'").casefold() for text in (cursor.word, cursor.whole))
    names = [(proposal.label.casefold(), proposal) for proposal in proposals]
    if whole and any(whole in (name, name.rpartition("/")[2]) for name, _ in names):
        return []
    if whole and not word:
        return []
    return [each for name, each in names if name.startswith(word) or name.rpartition("/")[2].startswith(word)]


class _Completer:
    def __init__(self, ls: Server, view: View, cursor: Cursor) -> None:
        self._ls = ls
        self._view = view
        self._cursor = cursor
        self._kind = view.customization.kind
        self._prose = ls.client.completion_prose
        self._help = TaskHelp(self._kind, self._prose, ls.surroundings().conceal_at)

    def proposals(self) -> Iterator[Proposal]:
        """What may be written at the cursor, the likeliest first."""
        match self._cursor.writing:
            case Writing.KEY:
                yield from self._keys()
            case Writing.VALUE:
                yield from self._values()
            case Writing.REFERENCE:
                yield from self._references()

    def _keys(self) -> Iterator[Proposal]:
        cursor = self._cursor
        if not cursor.has_colon:
            yield from self._all_keys()
            return
        # A key that is known stays what it is: what it holds was written for it.
        known = list(self._all_keys())
        own = [proposal for proposal in known if proposal.label == cursor.whole]
        if own or cursor.word:
            yield from (own if cursor.rest else ()) if own else known

    def _all_keys(self) -> Iterator[Proposal]:
        spot = self._cursor.spot
        mapping = spot.ancestors[-1] if spot.ancestors else None
        there = set(mapping.names) - {MARK} if isinstance(mapping, Mapping) else set()
        if spot.is_parameter:
            for definition in self._definitions():
                for parameter in definition.parameters.values():
                    if parameter.name not in there and self._holds(
                        parameter.name, {"type": parameter.type or "string"}
                    ):
                        yield self._key(parameter.name, self._parameter_help(definition, parameter), parameter.required)
            return
        place = self._schema(spot.path[:-1])
        if place is None:
            return
        if self._kind is Kind.CONFIGURATION:
            # Settings are the same in any case.
            there = {
                known for known in place.get("properties", ()) if known.lower() in {name.lower() for name in there}
            }
            if len(spot.path) == 1:
                there.update(_of_other_shape(there))
        if "items" in place and self._cursor.is_last:
            yield from self._entries(spot.path[:-1])
            return
        needed = place.get("required", ()) if isinstance(spot.path[-2:][0], int) else ()
        if not there.issuperset(needed):
            # An entry begins with what it cannot be without.
            place = {**place, "properties": {name: place["properties"][name] for name in needed}}
        yield from self._keys_of(place, spot.path[:-1], there)
        is_entry = len(spot.path) > 2 and isinstance(spot.path[-2], int) and spot.path[-3] in SECTIONS
        if is_entry and not there and self._cursor.at_dash and self._cursor.is_last and not self._cursor.has_colon:
            yield from self._blocks("", str(spot.path[-3]))

    def _holds(self, name: str, schema: dict[str, Any]) -> bool:
        """Whether what follows the key, if anything does, is what its schema wants there, or was written for it."""
        cursor = self._cursor
        entry = cursor.spot.entry
        if entry is None or (name == cursor.whole if cursor.has_colon else cursor.is_last):
            return True
        # Lines of text below a key, without the `|` that they need, become one.
        return (cursor.has_colon or not isinstance(entry.value, Scalar)) and passes_for(entry.value, schema)

    def _blocks(self, dash: str, section: str) -> Iterator[Proposal]:
        """Entries of tasks with the parameters that they need."""
        for definition in self._known_tasks(section):
            detail = f"entry with its parameters, {definition.origin.value}"
            text = dash + indented(task_block(definition), 2)
            yield Proposal(f"{definition.name} …", _Kinds.Snippet, text, detail, filter_text=dash + definition.name)

    def following(self) -> Iterator[Proposal]:
        """The entries that may follow the one that the cursor is in."""
        path = self._cursor.spot.path
        if len(path) > 2 and isinstance(path[-2], int) and self._cursor.is_last and not self._cursor.has_colon:
            yield from self._entries(path[:-2])

    def _entries(self, path: Sequence[str | int]) -> Iterator[Proposal]:
        """The beginnings of an entry of the list at ``path``."""
        for name in list((self._schema((*path, 0)) or {}).get("properties", {}))[:1]:
            yield Proposal(f"- {name}", _Kinds.Struct, text=f"- {name}: ")
        if path and path[-1] in SECTIONS:
            yield from self._blocks("- ", str(path[-1]))

    def files(self) -> Iterator[Proposal]:
        """A whole file, and the keys at its root."""
        for text, what in whole_file(self._kind, self._view.source.path):
            yield Proposal(what, _Kinds.File, text, "for an empty document")
        yield from self._keys_of(self._schema(()) or {}, (), frozenset())

    def _keys_of(self, schema: dict[str, Any], path: Sequence[str | int], there: Collection[str]) -> Iterator[Proposal]:
        """The keys of the mapping at ``path``, without those of former versions and those that are there."""
        for name, inner in schema.get("properties", {}).items():
            if name not in there and not inner.get("deprecated") and "legacy" not in inner.get("title", ""):
                known = self._schema((*path, name)) or {}
                if not self._holds(name, known):
                    continue
                is_open = known.get("type") in ("object", "array")
                yield self._key(name, list(described(known, self._prose)), name in schema.get("required", ()), is_open)

    def _schema(self, path: Sequence[str | int]) -> dict[str, Any] | None:
        """What the schema says at a path, or what is known of the resource there."""
        if self._kind is Kind.CONFIGURATION:
            known = unit_schema(self._cursor.spot, path)
            if known is not None:
                return known
        return schema_at(self._kind, path)

    def _key(self, name: str, help_: list[str], is_required: bool, is_open: bool = False) -> Proposal:
        after = "" if self._cursor.has_colon else ":" if is_open else ": "
        # The linter itself says of these that they are not documented.
        is_odd = name in ("extends", "condition") or (name == "required" and self._kind in (Kind.IMAGE, Kind.USER))
        detail = "not documented" if is_odd else "required" if is_required else ""
        help_text = self._prose.content(help_)
        return Proposal(
            name, _Kinds.Property, scalar_text(f"{name}{self._cursor.quote}{after}"), detail, help_text, is_last=is_odd
        )

    def _definitions(self) -> tuple[TaskDefinition, ...]:
        task = self._cursor.spot.task
        if task is None or task.name is None:
            return ()
        return self._view.catalog.find(task.name.value, self._view.source.path)

    def _parameter_help(self, definition: TaskDefinition, parameter: Parameter) -> list[str]:
        return list(self._help.parameter(definition, parameter))

    def _values(self) -> Iterator[Proposal]:
        spot = self._cursor.spot
        name = spot.path[-1] if spot.path else ""
        if spot.task is not None and spot.scalar is spot.task.name:
            yield from self._tasks()
        elif spot.is_parameter:
            for definition in self._definitions():
                parameter = definition.parameters.get(str(name))
                if parameter is not None:
                    yield from self._parameter_values(definition, parameter)
            yield from self._references()
        elif spot.path == ("image",) and self._kind is Kind.IMAGE:
            for image in KNOWN_IMAGES:
                yield self._plain(image, "marketplace image")
        else:
            schema = self._schema(spot.path)
            if schema is not None:
                yield from self._resources(schema.get(KNOWN_VALUES, ()))
                yield from self._schema_values(schema)

    def _known_tasks(self, section: str) -> list[TaskDefinition]:
        """The tasks that an entry of a section can name without the linter's objection."""
        known = {
            definition.name: definition
            for definition in self._view.catalog.known_tasks(self._view.source.path)
            if not definition.name.startswith("__") and may_run(definition, self._kind, section)
        }
        return list(known.values())

    def _tasks(self) -> Iterator[Proposal]:
        """The tasks that take what the entry gives."""
        task = self._cursor.spot.task
        known = self._known_tasks(task.section if task is not None else "")
        given = set(task.parameters.names) if task is not None and task.parameters is not None else set()
        for definition in known:
            if definition.closed and not given.issubset(definition.parameters):
                continue
            help_ = list(self._help.task(definition)) if len(known) <= MOST_DESCRIBED else []
            yield self._plain(definition.name, definition.origin.value, help_, _Kinds.Function)

    def _parameter_values(self, definition: TaskDefinition, parameter: Parameter) -> Iterator[Proposal]:
        values = list(parameter.allowed)
        if not values and parameter.type == "boolean":
            values = ["true", "false"]
        for value in values:
            yield self._plain(value, kind=_Kinds.EnumMember, is_text=parameter.type not in ("boolean", "number"))
        if not values and parameter.name == "scriptExecutionPolicy":
            for value in _POLICIES:
                yield self._plain(value, kind=_Kinds.EnumMember)
        elif not values:
            yield from self._schema_values(builtin_parameter(self._kind, definition.name, parameter.name) or {})

    def _schema_values(self, schema: dict[str, Any]) -> Iterator[Proposal]:
        """The values that a schema allows, and those that are known; its examples are documentation and no values."""
        types_ = schema.get("type", ())
        types_ = (types_,) if isinstance(types_, str) else types_
        values: list[object] = ["true", "false"] if "boolean" in types_ and "string" not in types_ else []
        values.extend(schema.get("enum", ()))
        values = [value for value in values if value not in UNSUPPORTED]
        texts = dict.fromkeys(str(value) for value in values if isinstance(value, str | int | float))
        for text in texts:
            yield self._plain(text, is_text=text not in ("true", "false") and (not types_ or "string" in types_))

    def _resources(self, names: Iterable[str]) -> Iterator[Proposal]:
        """Resources that a unit can use, with the directives that they need."""
        source = self._view.source
        configuration = configuration_in(self._view.customization)
        line = next(lines_from(source, source.position(self._cursor.span.start).line, 1), None)
        columns = line.key_column - line.column if line is not None else 0
        for name in names:
            text = with_directives(name, self._cursor.spot, configuration)
            if text is not None:
                yield Proposal(name, _Kinds.Value, indented(text, columns))

    def _plain(
        self,
        value: str,
        detail: str = "",
        help_: list[str] | None = None,
        kind: types.CompletionItemKind = _Kinds.Value,
        is_text: bool = True,
    ) -> Proposal:
        documentation = self._prose.content(help_) if help_ else None
        text = scalar_text(value, bool(self._cursor.quote) or not is_text) + self._cursor.closing
        return Proposal(value, kind, text, detail, documentation)

    def _references(self) -> Iterator[Proposal]:
        """Expressions; a task definition knows its own parameters alone, and ``ado://`` is for users' files.

        In a value they are proposed from its beginning or its braces on, and secrets where one belongs.
        """
        cursor = self._cursor
        is_asked = cursor.writing is Writing.REFERENCE or cursor.word.startswith("{")
        if not is_asked and cursor.word:
            return
        for declaration in self._view.customization.declarations:
            yield self._reference(declaration.name.value, declaration.name.value, declaration.section)
        name = str(cursor.spot.path[-1]) if cursor.spot.path else ""
        if not (is_asked or name_kind(name) is not None or may_name_token(name)):
            return
        if self._kind in (Kind.IMAGE, Kind.USER):
            shape = "https://${1:VAULT}.vault.azure.net/secrets/${2:NAME}"
            yield self._reference("https://…", shape, "a Key Vault secret")
        if self._kind is Kind.USER:
            yield self._reference("ado://…", "ado://${1:ORGANIZATION}", "a token for Azure DevOps")

    def _reference(self, label: str, content: str, detail: str) -> Proposal:
        cursor = self._cursor
        is_snippet = "${" in content
        content = content if is_snippet else scalar_text(content, True)
        if cursor.writing is Writing.VALUE:
            quote = "" if cursor.quote else "'"
            text = f"{quote}{{{{{content}}}}}{quote}{cursor.closing}"
        elif cursor.quote:
            text = content + cursor.closing
        else:
            text = "'{{" + content + cursor.closing
        return Proposal(f"{{{{{label}}}}}", _Kinds.Snippet, text, detail, filter_text=f"{{{{{label}")


def _of_other_shape(there: set[str]) -> Collection[str]:
    """The keys at the root of a WinGet configuration that its own shape, as far as it shows, does not have."""
    of_v3 = ("metadata", "parameters", "variables", "resources")
    if "properties" in there:
        return ("$schema", *of_v3)
    return ("properties",) if "$schema" in there else of_v3
