"""What is known of a task and its parameters, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from devbox_lint.customization.definitions import Origin, Parameter, TaskDefinition
from devbox_lint.customization.kinds import Kind
from devbox_lint_lsp.prose import Prose
from devbox_lint_lsp.schema_help import builtin_parameter, described


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
