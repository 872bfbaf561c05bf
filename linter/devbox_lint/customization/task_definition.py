"""What a task takes: its definition, wherever it was found."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from enum import Enum

from devbox_lint.diagnostics import Span
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Scalar, Sequence, resolve

# A placeholder in a command: what the caller passes for it is used, declared or not.
_PLACEHOLDER = lazy(r"\{\{[ \t]*+([A-Za-z_][\w-]*+)[ \t]*+\}\}|\bparameters\([ ]?'([\w-]{1,100})'[ ]?\)")
_MERGE = "<<"


class Origin(Enum):
    """Where a definition is from; a later one wins over an earlier one. The value is a phrase for people."""

    BUILT_IN = "built into Dev Box"
    QUICK_START = "Microsoft's quick-start catalog"
    REPOSITORY = "this repository"
    LISTED = "the given task catalog"


class Place(NamedTuple):
    """Where something is declared: a file and the span in its text."""

    path: str
    span: Span


class Parameter(NamedTuple):
    """One parameter as its task declares it; a constraint that is None does not hold.

    ``required`` says that it must be given: it is marked so and has no default, or an empty one.
    """

    name: str
    type: str | None = None
    required: bool = False
    default: str | None = None
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    minimum_length: int | None = None
    maximum_length: int | None = None
    description: str = ""
    place: Place | None = None

    def in_words(self, quote: Callable[[str], str] = str) -> str:
        """What may be given, in a line: type and constraints; ``quote`` writes the values, which may be secrets."""
        words = [self.type or "any type"]
        if self.required:
            words.append("required")
        if self.default:
            words.append(f"default {quote(self.default)}")
        if self.allowed:
            words.append(f"one of {', '.join(quote(value) for value in self.allowed)}")
        if self.pattern is not None:
            words.append(f"matches {quote(self.pattern)}")
        if self.minimum_length is not None:
            words.append(f"at least {self.minimum_length} characters")
        if self.maximum_length is not None:
            words.append(f"at most {self.maximum_length} characters")
        return ", ".join(words)


class TaskDefinition(NamedTuple):
    """A task that can be named in ``tasks`` and ``userTasks``.

    ``name`` is as a file names it, with the catalog's name before a slash where that is known. ``closed``
    says that ``parameters`` are all it takes; else some of the definition could not be read. ``mentioned``
    are names that its command uses without declaring them.
    """

    name: str
    origin: Origin
    parameters: AbstractMapping[str, Parameter]
    closed: bool = True
    mentioned: frozenset[str] = frozenset()
    place: Place | None = None
    description: str = ""

    @property
    def substance(self) -> tuple[object, ...]:
        """What decides whether a call is right: all but where it is defined and how it is described."""
        parameters = tuple(parameter._replace(description="", place=None) for parameter in self.parameters.values())
        return (self.name, self.origin, self.closed, self.mentioned, parameters)


def read_definition(document: Document) -> TaskDefinition | None:
    """The task that a task definition's file declares, None where it has no name."""
    root = document.root
    name = root.scalar("name") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or name is None or not name.value.strip():
        return None
    path = document.source.path
    closed = not document.problems and _MERGE not in root.names
    parameters: dict[str, Parameter] = {}
    for section in ("parameters", "inputs"):
        node = root.get(section)
        if node is None or (isinstance(node, Scalar) and node.is_null):
            continue
        if not isinstance(node, Mapping):
            closed = False
            continue
        for entry in node.entries:
            key = entry.key
            value = resolve(entry.value)
            if not isinstance(key, Scalar) or key.value == _MERGE:
                closed = False
            elif key.value not in parameters:
                place = Place(path, key.span)
                parameters[key.value] = (
                    declared_parameter(key.value, value, place)
                    if isinstance(value, Mapping)
                    else Parameter(key.value, place=place)
                )
    command = root.scalar("command")
    used = _PLACEHOLDER.finditer(command.value) if command is not None else ()
    mentioned = frozenset(match[1] or match[2] for match in used).difference(parameters)
    if root.entry("PowerShellEntryPoint") is not None or root.entry("powerShellEntryPoint") is not None:
        # A form of the preview, of which it is not known how parameters reach the script.
        closed = False
    description = root.scalar("description")
    return TaskDefinition(
        name.value.strip(),
        Origin.REPOSITORY,
        parameters,
        closed,
        mentioned,
        Place(path, name.span),
        description.value.strip() if description is not None else "",
    )


def declared_parameter(name: str, node: Mapping, place: Place | None = None) -> Parameter:
    """What the mapping of a declaration says of a parameter, legacy keys included."""
    default = node.scalar("default") or node.scalar("defaultValue")
    required = node.scalar("required")
    is_required = required is not None and required.data is True
    pattern = node.scalar("validationRegex")
    type_ = node.scalar("type")
    description = node.scalar("description")
    return Parameter(
        name,
        type_.value.strip().lower() if type_ is not None else None,
        is_required and (default is None or not default.value),
        default.value if default is not None else None,
        _texts(node.sequence("allowed") or node.sequence("allowedValues")),
        pattern.value if pattern is not None else None,
        _length(node.scalar("minLength")),
        _length(node.scalar("maxLength")),
        description.value.strip() if description is not None else "",
        place,
    )


def _texts(sequence: Sequence | None) -> tuple[str, ...]:
    """The items as text; none where one of them is no single value, so that nothing is known."""
    if sequence is None:
        return ()
    items = [resolve(item) for item in sequence.items]
    texts = tuple(item.value for item in items if isinstance(item, Scalar))
    return texts if len(texts) == len(items) else ()


def _length(scalar: Scalar | None) -> int | None:
    data = scalar.data if scalar is not None else None
    return data if isinstance(data, int) and not isinstance(data, bool) and data >= 0 else None
