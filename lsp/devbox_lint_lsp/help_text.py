"""What is known of a task and its parameters, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from lsprotocol import types

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import load_schema
from devbox_lint.customization.task_definition import Origin, Parameter, TaskDefinition
from devbox_lint.escaping import neutralise
from devbox_lint.startup import lazy

#: The definitions in the schemas for the parameters of the built-in tasks, by the tasks' names.
_BUILT_IN = {
    "~/winget": "wingetParameters",
    "~/powershell": "powershellParameters",
    "~/gitclone": "gitcloneParameters",
}


def schema_at(kind: Kind, path: Sequence[str | int]) -> dict[str, Any] | None:
    """The part of the schema that describes what ``path`` leads to; None where the schema knows nothing there."""
    whole = load_schema(kind)
    schema: Any = whole
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items")
        else:
            schema = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
        if not isinstance(schema, dict):
            return None
        schema = _resolved(whole, schema)
    return dict(schema)


def builtin_parameter(kind: Kind, task: str, parameter: str) -> dict[str, Any] | None:
    """What the schema says of a parameter of a built-in task."""
    name = _BUILT_IN.get(task.lower())
    if name is None:
        return None
    found: dict[str, Any] | None = load_schema(kind)["$defs"][name].get("properties", {}).get(parameter)
    return found


def described(schema: dict[str, Any], prose: Prose) -> Iterator[str]:
    """The paragraphs on a part of a schema."""
    types = schema.get("type", ())
    words = [types] if isinstance(types, str) else list(types)
    title = schema.get("title")
    if title:
        yield prose.strong(title) + (f": {' or '.join(words)}" if words else "")
    # Our own words, in which braces and backticks mean what they say.
    yield prose.words(schema.get("description", ""))
    facts = []
    if "enum" in schema:
        facts.append(f"One of {prose.codes(dict.fromkeys(str(value) for value in schema['enum']))}.")
    if schema.get("default") is not None:
        facts.append(f"Default: {prose.code(str(schema['default']))}.")
    if schema.get("deprecated"):
        facts.append("No longer supported.")
    examples = [str(example) for example in schema.get("examples", ()) if not isinstance(example, dict | list)]
    if examples and "enum" not in schema:
        facts.append(f"For example {prose.codes(examples[:3])}.")
    yield " ".join(facts)


def _resolved(whole: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target: dict[str, Any] = whole["$defs"][reference.removeprefix("#/$defs/")]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


_MARKUP = lazy(r"[\\`*_{}\[\]()<>#+\-.!|~&]")
_BACKTICKS = lazy(r"`+")
#: More characters of one text of a file are not shown.
LONGEST = 1_000


class Prose:
    """One way of writing; ``kinds`` are those that the client shows, the one it likes best first."""

    def __init__(self, kinds: Sequence[types.MarkupKind] | None) -> None:
        # A client that says nothing is of the time before plain text could be told from Markdown.
        self.kind = kinds[0] if kinds else types.MarkupKind.Markdown
        self._is_marked = self.kind is types.MarkupKind.Markdown

    def strong(self, words: str) -> str:
        """Words of a file or of ours as a heading."""
        return f"**{self.words(words)}**" if self._is_marked else self.words(words)

    def code(self, words: str) -> str:
        """Words of a file as they stand in it, on one line."""
        shown = _short(neutralise(words)) or " "
        if not self._is_marked:
            return shown
        fence = "`" * (max((len(run.group()) for run in _BACKTICKS.finditer(shown)), default=0) + 1)
        blank = " " if "`" in (shown[0], shown[-1]) else ""
        return f"{fence}{blank}{shown}{blank}{fence}"

    def codes(self, words: Iterable[str]) -> str:
        """Several of them, with commas between."""
        return ", ".join(self.code(word) for word in words)

    def words(self, words: str) -> str:
        """Sentences of a file, each line by itself."""
        lines = (neutralise(line.strip()) for line in _short(words).splitlines())
        return "  \n".join(_MARKUP.sub(r"\\\g<0>", line) if self._is_marked else line for line in lines)

    def link(self, words: str, url: str) -> str:
        """A link to an address of ours."""
        return f"[{words}]({url})" if self._is_marked else f"{words}: {url}"

    def listed(self, lines: Iterable[str]) -> str:
        """One line for each, as a list."""
        return "\n".join(f"- {line}" for line in lines)

    def content(self, paragraphs: Iterable[str]) -> types.MarkupContent:
        """Paragraphs for the client; empty ones are left out."""
        return types.MarkupContent(self.kind, "\n\n".join(paragraph for paragraph in paragraphs if paragraph))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


class TaskHelp:
    """Writes of tasks; ``conceal`` gives for a path what covers the secrets of the file there."""

    def __init__(self, kind: Kind, prose: Prose, conceal: Callable[[str], Callable[[str], str]]) -> None:
        self._kind = kind
        self._prose = prose
        self._conceal = conceal

    def task(self, definition: TaskDefinition) -> Iterator[str]:
        """The paragraphs on a task."""
        prose, conceal = self._prose, self._concealer(definition)
        yield f"{prose.strong(definition.name)} ({definition.origin.value})"
        yield prose.words(conceal(definition.description))
        yield prose.listed(self._line(parameter, conceal) for parameter in definition.parameters.values())
        if not definition.closed:
            yield "It may take others: its definition could not be read completely."

    def parameter(self, definition: TaskDefinition, parameter: Parameter) -> Iterator[str]:
        """The paragraphs on one parameter of a task."""
        prose, conceal = self._prose, self._concealer(definition)
        yield f"{self._line(parameter, conceal, short=True)}, of {prose.code(definition.name)}"
        if definition.origin is Origin.BUILT_IN:
            schema = builtin_parameter(self._kind, definition.name, parameter.name)
            if schema is not None:
                yield from described(schema, prose)
                return
        yield prose.words(conceal(parameter.description))

    def _line(self, parameter: Parameter, conceal: Callable[[str], str], short: bool = False) -> str:
        code = self._prose.code
        line = f"{code(parameter.name)}: {parameter.in_words(lambda value: code(conceal(value)))}"
        if parameter.description and not short:
            line += f": {self._prose.words(conceal(parameter.description)).partition('  ' + chr(10))[0]}"
        return line

    def _concealer(self, definition: TaskDefinition) -> Callable[[str], str]:
        return str if definition.place is None else self._conceal(definition.place.path)
