"""Completion: keys by place, tasks, parameters and their values, images, references, rules in comments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

from lsprotocol import types

from devbox_lint.credentials.names import may_name_token, name_kind
from devbox_lint.customization.images import KNOWN_IMAGES
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.task_definition import Parameter, TaskDefinition
from devbox_lint.diagnostics import MARKER, Span
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping
from devbox_lint_lsp.blocks import SECTIONS, escaped, indented, task_block, whole_file
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_view import MARK, Cursor, View, Writing, cursor_at, in_item
from devbox_lint_lsp.help_text import TaskHelp, builtin_parameter, described, schema_at
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.unit_help import KNOWN_VALUES, unit_schema

_PLACEHOLDER = lazy(r"\$\{\d++(?:\|([^,|]*+)[^|]*+\||:((?:[^}$\\]|\\.)*+)|)\}|\\([\\$])")
# A plain scalar that YAML reads as something else than text, or that ends early.
_NEEDS_QUOTES = lazy(r"[\s\-?:,\[\]{}#&*!|>'\"%@`].*|.*(?::(?:\s|$)|\s#).*|.*\s|[-+.\d].*")


class _Client(Protocol):
    knows_snippets: bool
    knows_markup: bool
    indents: bool


class Proposal(NamedTuple):
    """One thing that may be written; ``text`` is a snippet of the protocol, the label itself where it is empty."""

    label: str
    kind: types.CompletionItemKind
    text: str = ""
    detail: str = ""
    documentation: types.MarkupContent | None = None
    filter_text: str = ""
    is_last: bool = False

    def item(
        self, place: types.Range, number: int, client: _Client, shift: str, line_indent: int
    ) -> types.CompletionItem:
        """The proposal for a client, to be put in ``place``; those with a lower number come first.

        ``shift`` is what is written before it, and belongs to what the client compares; ``line_indent`` are the columns
        by which the line of ``place`` is indented, for clients that do not indent the lines of a block themselves.
        """
        snippet = shift + (self.text or scalar_text(self.label))
        if "\n" in snippet and not client.indents:
            snippet = indented(snippet, line_indent)
        plain = _PLACEHOLDER.sub(lambda match: match[1] or match[2] or match[3] or "", snippet)
        has_places = client.knows_snippets and "${" in snippet
        said = self.documentation
        return types.CompletionItem(
            self.label,
            kind=self.kind,
            detail=self.detail or None,
            documentation=said.value if said is not None and not client.knows_markup else said,
            sort_text=f"{'z' if self.is_last else ''}{number:04}",
            filter_text=shift + (self.filter_text or self.label),
            insert_text_mode=types.InsertTextMode.AdjustIndentation if "\n" in snippet and client.indents else None,
            insert_text_format=types.InsertTextFormat.Snippet if has_places else types.InsertTextFormat.PlainText,
            text_edit=types.TextEdit(place, snippet if has_places else plain),
        )


def scalar_text(value: str, is_quoted: bool = True) -> str:
    """A value as a snippet, in quotes where it needs them and has none."""
    if not is_quoted and (not value or _NEEDS_QUOTES.fullmatch(value)):
        value = f'"{value}"' if '"' not in value and "\\" not in value else "'" + value.replace("'", "''") + "'"
    return escaped(value)


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
    return None if view is None else await ls.worker.start(_proposed, ls, view, params.position)


def _proposed(ls: Server, view: View, position: types.Position) -> types.CompletionList | None:
    source = view.source
    offset = ls.offset_in(source, position)
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

    inner = in_item(view, offset)
    if inner is not None:
        # Enter after an entry leaves the cursor below its dash: keys of the entry belong two columns further right.
        cursor, shift = inner
        completer = _Completer(ls, view, cursor)
        add(completer.proposals(), Span(line_start, cursor.span.end), before[:line_indent] + shift)
        add(completer.following(), Span(cursor.span.start, offset))
    elif not source.text.strip():
        add(_Completer(ls, view, Cursor(Writing.KEY, "", Span(offset, offset))).files(), Span(offset, offset))
    else:
        here = cursor_at(view, offset)
        if here is None:
            return None
        proposals = list(_Completer(ls, view, here).proposals())
        add(_still_open(proposals, here.word) if here.writing is Writing.VALUE else proposals, here.span)
    # What is written decides what is proposed, so that the client asks again with each character.
    return types.CompletionList(is_incomplete=True, items=items)


def _still_open(proposals: list[Proposal], word: str) -> list[Proposal]:
    """Those that go on with what is written; none where all is written, so that Enter begins a new line."""
    word = word.strip("\"'").casefold()
    names = [(proposal.label.casefold(), proposal) for proposal in proposals]
    if word and any(word in (name, name.rpartition("/")[2]) for name, _ in names):
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
            case Writing.RULE:
                yield from self._rules()
            case Writing.COMMENT:
                start = f"{MARKER}: ignore["
                if start.startswith(self._cursor.word):
                    yield Proposal(f"{start}…]", _Kinds.Snippet, text=f"{start}${{1:rule}}] ${{2:reason}}")

    def _keys(self) -> Iterator[Proposal]:
        spot = self._cursor.spot
        mapping = spot.ancestors[-1] if spot.ancestors else None
        there = set(mapping.names) - {MARK} if isinstance(mapping, Mapping) else set()
        if spot.is_parameter:
            for definition in self._definitions():
                for parameter in definition.parameters.values():
                    if parameter.name not in there:
                        yield self._key(parameter.name, self._parameter_help(definition, parameter), parameter.required)
            return
        schema = self._schema(spot.path[:-1])
        if schema is None:
            return
        if self._kind is Kind.CONFIGURATION:
            # Settings are the same in any case.
            there = {
                known for known in schema.get("properties", ()) if known.lower() in {name.lower() for name in there}
            }
        if "items" in schema:
            yield from self._entries(spot.path[:-1])
            return
        yield from self._keys_of(schema, spot.path[:-1], there)
        is_entry = len(spot.path) > 2 and isinstance(spot.path[-2], int) and spot.path[-3] in SECTIONS
        if is_entry and not there and self._cursor.at_dash:
            yield from self._blocks("")

    def _blocks(self, dash: str) -> Iterator[Proposal]:
        """Entries of tasks with the parameters that they need."""
        for definition in self._known_tasks():
            detail = f"entry with its parameters, {definition.origin.value}"
            text = dash + indented(task_block(definition), 2)
            yield Proposal(f"{definition.name} …", _Kinds.Snippet, text, detail, filter_text=dash + definition.name)

    def following(self) -> Iterator[Proposal]:
        """The entries that may follow the one that the cursor is in."""
        path = self._cursor.spot.path
        if len(path) > 2 and isinstance(path[-2], int):
            yield from self._entries(path[:-2])

    def _entries(self, path: Sequence[str | int]) -> Iterator[Proposal]:
        """The beginnings of an entry of the list at ``path``."""
        for name in list((self._schema((*path, 0)) or {}).get("properties", {}))[:1]:
            yield Proposal(f"- {name}", _Kinds.Struct, text=f"- {name}: ")
        if path and path[-1] in SECTIONS:
            yield from self._blocks("- ")

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
        return Proposal(name, _Kinds.Property, scalar_text(f"{name}{after}"), detail, help_text, is_last=is_odd)

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
                yield from self._schema_values(schema)

    def _known_tasks(self) -> list[TaskDefinition]:
        known = {
            definition.name: definition
            for definition in self._view.catalog.known_tasks(self._view.source.path)
            if not definition.name.startswith("__")
        }
        return list(known.values())

    def _tasks(self) -> Iterator[Proposal]:
        known = self._known_tasks()
        for definition in known:
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
        values: list[object] = ["true", "false"] if "boolean" in types_ else []
        for key in ("enum", KNOWN_VALUES):
            values.extend(schema.get(key, ()))
        texts = dict.fromkeys(str(value) for value in values if isinstance(value, str | int | float))
        for text in texts:
            yield self._plain(text, is_text=text not in ("true", "false") and (not types_ or "string" in types_))

    def _plain(
        self,
        value: str,
        detail: str = "",
        help_: list[str] | None = None,
        kind: types.CompletionItemKind = _Kinds.Value,
        is_text: bool = True,
    ) -> Proposal:
        documentation = self._prose.content(help_) if help_ else None
        text = scalar_text(value, self._cursor.is_quoted or not is_text)
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
            quote = "" if cursor.is_quoted else "'"
            text = f"{quote}{{{{{content}}}}}{quote}"
        elif cursor.is_quoted:
            text = content + cursor.closing
        else:
            text = "'{{" + content + cursor.closing
        return Proposal(f"{{{{{label}}}}}", _Kinds.Snippet, text, detail, filter_text=f"{{{{{label}")

    def _rules(self) -> Iterator[Proposal]:
        rules = self._ls.all_rules()
        for rule in rules:
            if rule.code not in self._cursor.taken and rule.name not in self._cursor.taken:
                yield Proposal(rule.code, _Kinds.Constant, detail=rule.name)
                yield Proposal(rule.name, _Kinds.Constant, detail=rule.code)
