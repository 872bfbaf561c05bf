"""Completion: keys by place, tasks, parameters and their values, images, references, rules in comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from lsprotocol import types

from devbox_lint.customization.images import KNOWN_IMAGES
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.task_definition import Parameter, TaskDefinition
from devbox_lint.diagnostics import MARKER
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_view import Cursor, View, Writing, cursor_at
from devbox_lint_lsp.help_text import TaskHelp, builtin_parameter, described, schema_at
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.unit_help import unit_schema

_SPECIAL = lazy(r"[\\$]")
_PLACEHOLDER = lazy(r"\$\{\d++:((?:[^}$\\]|\\.)*+)\}|\\([\\$])")
# A plain scalar that YAML reads as something else than text, or that ends early.
_NEEDS_QUOTES = lazy(r"[\s\-?:,\[\]{}#&*!|>'\"%@`].*|.*(?::(?:\s|$)|\s#).*|.*\s|[-+.\d].*")


class _Client(Protocol):
    knows_snippets: bool
    knows_markup: bool


class Proposal(NamedTuple):
    """One thing that may be written; ``text`` is a snippet of the protocol, the label itself where it is empty."""

    label: str
    kind: types.CompletionItemKind
    text: str = ""
    detail: str = ""
    documentation: types.MarkupContent | None = None
    filter_text: str = ""

    def item(self, place: types.Range, number: int, client: _Client) -> types.CompletionItem:
        """The proposal for a client, to be put in ``place``; those with a lower number come first."""
        snippet = self.text or scalar_text(self.label)
        plain = _PLACEHOLDER.sub(lambda match: match[1] or match[2] or "", snippet)
        has_places = client.knows_snippets and "${" in snippet
        said = self.documentation
        return types.CompletionItem(
            self.label,
            kind=self.kind,
            detail=self.detail or None,
            documentation=said.value if said is not None and not client.knows_markup else said,
            sort_text=f"{number:04}",
            filter_text=self.filter_text or plain,
            insert_text_format=types.InsertTextFormat.Snippet if has_places else types.InsertTextFormat.PlainText,
            text_edit=types.TextEdit(place, snippet if has_places else plain),
        )


def scalar_text(value: str, is_quoted: bool = True) -> str:
    """A value as a snippet, in quotes where it needs them and has none."""
    if not is_quoted and (not value or _NEEDS_QUOTES.fullmatch(value)):
        value = f'"{value}"' if '"' not in value and "\\" not in value else "'" + value.replace("'", "''") + "'"
    return _SPECIAL.sub(r"\\\g<0>", value)


_TRIGGERS = [" ", "~", "/", "{", "["]
#: With more tasks than this their descriptions are left out of the list.
MOST_DESCRIBED = 200
_Kinds = types.CompletionItemKind


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))(_completion)


async def _completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    view = await ls.view(params.text_document.uri)
    return None if view is None else await ls.worker.start(_proposed, ls, view, params.position)


def _proposed(ls: Server, view: View, position: types.Position) -> types.CompletionList | None:
    cursor = cursor_at(view, ls.offset_in(view.source, position))
    if cursor is None:
        return None
    place = range_in(view.source, cursor.span, ls.encoding)
    proposals = _Completer(ls, view, cursor).proposals()
    items = [proposal.item(place, number, ls.client) for number, proposal in enumerate(proposals)]
    return types.CompletionList(is_incomplete=False, items=items)


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
        there = set(mapping.names) if isinstance(mapping, Mapping) else set()
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
            item = self._schema((*spot.path[:-1], 0)) or {}
            for name in list(item.get("properties", {}))[:1]:
                yield Proposal(f"- {name}", _Kinds.Struct, text=f"- {name}: ")
            return
        for name, inner in schema.get("properties", {}).items():
            if name not in there and not inner.get("deprecated") and "legacy" not in inner.get("title", ""):
                known = self._schema((*spot.path[:-1], name)) or {}
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
        detail = "required" if is_required else ""
        return Proposal(name, _Kinds.Property, scalar_text(f"{name}{after}"), detail, self._prose.content(help_))

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

    def _tasks(self) -> Iterator[Proposal]:
        known = {
            definition.name: definition
            for definition in self._view.catalog.known_tasks(self._view.source.path)
            if not definition.name.startswith("__")
        }
        for definition in known.values():
            help_ = list(self._help.task(definition)) if len(known) <= MOST_DESCRIBED else []
            yield self._plain(definition.name, definition.origin.value, help_, _Kinds.Function)

    def _parameter_values(self, definition: TaskDefinition, parameter: Parameter) -> Iterator[Proposal]:
        values = list(parameter.allowed)
        if not values and parameter.type == "boolean":
            values = ["true", "false"]
        for value in values:
            yield self._plain(value, kind=_Kinds.EnumMember, is_text=parameter.type not in ("boolean", "number"))
        if not values:
            yield from self._schema_values(builtin_parameter(self._kind, definition.name, parameter.name) or {})

    def _schema_values(self, schema: dict[str, object]) -> Iterator[Proposal]:
        values: list[object] = []
        if schema.get("type") == "boolean":
            values.extend(("true", "false"))
        for key in ("enum", "examples"):
            found = schema.get(key)
            if isinstance(found, list):
                values.extend(found)
        texts = dict.fromkeys(str(value) for value in values if isinstance(value, str | int | float))
        for text in texts:
            yield self._plain(text, is_text=text not in ("true", "false"))

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
        """Expressions; a task definition knows its own parameters alone, and ``ado://`` is for users' files."""
        for declaration in self._view.customization.declarations:
            yield self._reference(declaration.name.value, declaration.name.value, declaration.section)
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
