"""Reading texts that differ in a few places, each again only from where it parts from the one before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import FileMark
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.reader import Reader

from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.compose import MAXIMUM_DEPTH
from devbox_lint.yaml.events import PARSER_ERRORS, YamlError, read_fast, said, without_bare_ends
from devbox_lint.yaml.lines import common_start

#: The parser's state is kept each time that it has gone so far, in code points.
_STEP = 256
#: How far the parser may have looked beyond what it has read, in code points: three dots and what follows them.
_AHEAD = 16
#: The C parser, which always starts anew, reads the first text so often, and so many code points besides.
_FAST_TIMES = 4
_FAST = 200_000


class _Reader(Reader):
    """A reader whose marks do not keep its text."""

    def get_mark(self) -> FileMark:
        return FileMark(self.name, self.index, self.line, self.column)


class _State(NamedTuple):
    """A place to go on from: how far the text is read, how many events that gave, and how deep the last is."""

    pointer: int
    events: int
    depth: int
    parts: tuple[dict[str, Any], ...]


class Rereader:
    """Gives what :func:`events.read_events` does, in the time that the new part of each text takes."""

    def __init__(self, text: str, pure: bool) -> None:
        """``text`` is the first to be read; ``pure`` keeps the C parser out."""
        self._fast = 0 if pure else _FAST_TIMES * len(text) + _FAST
        self._text = ""
        self._events: list[Any] = []
        self._states: list[_State] = []
        self._opened: Iterator[Any] = iter(())
        self._parts: tuple[Any, ...] = ()

    def read(self, text: str, fast: bool = True) -> tuple[list[Any], YamlError | None]:
        """The events of ``text``, which hold until the next call, and the error that ended them early, if any.

        Not ``fast`` is for a text that the C parser has refused.
        """
        text = without_bare_ends(text)
        if fast and self._fast >= len(text):
            self._fast -= len(text)
            events = read_fast(text)
            if events is not None:
                return events, None
        try:
            self._go_back(text)
            self._go_on()
        except PARSER_ERRORS as error:
            return self._events, said(error, text)
        return self._events, None

    def _go_back(self, text: str) -> None:
        """Put the parser where it was when it had read what ``text`` has in common with the last one."""
        common = common_start(self._text, text)
        while self._states and self._states[-1].pointer + _AHEAD > common:
            self._states.pop()
        self._text = text
        if self._states:
            last = self._states[-1]
            for part, state in zip(self._parts, last.parts, strict=True):
                vars(part).clear()
                vars(part).update(_copy(state))
            self._parts[0].buffer = text + "\0"
            del self._events[last.events :]
            return
        yaml = YAML(typ="safe", pure=True)
        yaml.Reader = _Reader
        self._opened = yaml.parse(text)
        self._events = [next(self._opened)]
        self._parts = (yaml.reader, yaml.scanner, yaml.parser)

    def _go_on(self) -> None:
        reader, _, parser = self._parts
        depth = self._states[-1].depth if self._states else 0
        wanted = self._states[-1].pointer + _STEP if self._states else 0
        events = self._events
        while parser.check_event():
            event = parser.get_event()
            events.append(event)
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > MAXIMUM_DEPTH:
                    return
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
            if reader.pointer >= wanted:
                wanted = reader.pointer + _STEP
                parts = tuple(_copy(vars(part)) for part in self._parts)
                parts[0]["buffer"] = ""
                self._states.append(_State(reader.pointer, len(events), depth, parts))


def _copy(state: dict[str, Any]) -> dict[str, Any]:
    """A copy of an object's attributes that does not change when the object goes on."""
    return {name: value.copy() if type(value) in (list, dict) else value for name, value in state.items()}
