"""YAML events from ruamel.yaml: libyaml where it can be had, the pure parser for the rest.

libyaml 0.1.7, which ruamel.yaml.clib brings, is some thirty times faster than the pure parser and refuses
some texts that the pure parser reads. So it only ever accepts: what it refuses is read again by the pure
parser, whose word counts. Texts on which both would accept and differ are kept from libyaml by
:func:`needs_pure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.compose import MAXIMUM_DEPTH

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:  # no wheel for this platform: the pure parser gives the same events, slower
    CParser = None

# Texts on which the parsers draw the line in different places: a tab in the indentation, the end of a document,
# a directive, a document that is one text block, a comment stuck to the head of a block, a colon or a question mark
# after the name of an anchor or alias, which is a part of it.
_TAB_INDENTATION = lazy(r"(?:^|\r)[ ]*\t", re.MULTILINE)
_DOCUMENT_END = lazy(r"(?:^|\r)(?:\.\.\.|%)", re.MULTILINE)
_TEXT_BLOCK = lazy(r"(?:\s|---|#[^\r\n]*+)*+[|>]")
_STUCK_COMMENT = lazy(r"[|>][-+1-9]{0,2}#")
_NAME_WITH_MARK = lazy(r"(?<![^\s,:\[{])[&*][0-9A-Za-z_-]++[:?]")
_LONG_ESCAPE = lazy(r"\\U([0-9A-Fa-f]{8})")
_LAST_CHARACTER = 0x10FFFF
#: What the pure parser raises; the last two for `"\UFFFFFFFF"`, an escape for a character that there is not.
PARSER_ERRORS = (YAMLError, ValueError, OverflowError)
# A line that ends a document, and lines on which nothing is.
_END_LINE = lazy(r"(?:\A|(?<=[\r\n]))\.\.\.(?=(?:[ \t]++(?:#[^\r\n]*+)?+)?+(?:[\r\n]|\Z))")
_NOTHING = lazy(r"(?:[ \t]*+(?:#[^\r\n]*+)?+(?:\r\n?|\n))*+")


class YamlError(NamedTuple):
    """Where and why the parser gave up; offsets in the text that was parsed."""

    problem: str
    offset: int
    context: str | None
    context_offset: int | None


def needs_pure(text: str) -> bool:
    """Whether the two parsers could read ``text`` differently and both accept it."""
    return (
        ("\t" in text and _TAB_INDENTATION.search(text) is not None)
        or (("..." in text or "%" in text) and _DOCUMENT_END.search(text) is not None)
        or (text[:1] in " \r\n-#|>" and _TEXT_BLOCK.match(text) is not None)
        or ("#" in text and _STUCK_COMMENT.search(text) is not None)
        or (("&" in text or "*" in text) and _NAME_WITH_MARK.search(text) is not None)
    )


def _may_be_deep(text: str) -> bool:
    """Whether the text could be nested beyond what is read; one nested by indentation alone is small enough."""
    return text.count("[") + text.count("{") > MAXIMUM_DEPTH or "- " * 10 in text


def until_too_deep(events: Iterable[Any]) -> Iterator[Any]:
    """The events up to the first that opens more collections in one another than are read: a million take minutes."""
    depth = 0
    for event in events:
        yield event
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > MAXIMUM_DEPTH:
                return
        elif isinstance(event, CollectionEndEvent):
            depth -= 1


def read_events(text: str, pure: bool = False) -> tuple[list[Any], YamlError | None]:
    """The events of ``text``, and the error that ended them early, if any.

    ``pure`` keeps the C parser out. Offsets of marks are code points of ``text``, which must have no byte
    order mark and no character that YAML forbids. They end at the first collection that is nested deeper than
    ``MAXIMUM_DEPTH``, which composing them refuses.
    """
    events = None if pure else read_fast(without_bare_ends(text))
    return (events, None) if events is not None else read_pure(text)


def read_fast(text: str) -> list[Any] | None:
    """The events of a text that the C parser reads as the pure one does; None where it cannot, or is not there."""
    if CParser is None or needs_pure(text):
        return None
    parser = CParser(text)
    events: list[Any] = []
    append = events.append
    get_event = parser.get_event
    try:
        if _may_be_deep(text):
            return list(until_too_deep(iter(get_event, None)))
        event = get_event()
        while event is not None:
            append(event)
            event = get_event()
    except YAMLError:
        return None
    return events


def without_bare_ends(text: str) -> str:
    """Blanks for each ``...`` that ends no document: YAML allows it (1.2, production 211), neither parser does."""
    if "..." not in text:
        return text
    at = 0
    parts = []
    last = 0
    for match in _END_LINE.finditer(text):
        if _NOTHING.fullmatch(text, at, match.start()):
            parts += [text[last : match.start()], "   "]
            last = match.end()
        at = match.end()
    return "".join(parts) + text[last:]


def read_pure(text: str) -> tuple[list[Any], YamlError | None]:
    """What :func:`read_events` gives, without the C parser."""
    text = without_bare_ends(text)
    events: list[Any] = []
    try:
        for event in until_too_deep(YAML(typ="safe", pure=True).parse(text)):
            events.append(event)
    except PARSER_ERRORS as error:
        return events, _said(error, text)
    return events, None


def _said(error: Exception, text: str) -> YamlError:
    """What the pure parser raised as it read ``text``."""
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        context = error.context_mark
        return YamlError(
            error.problem or error.context or "cannot be parsed",
            mark.index if mark else len(text),
            error.context,
            context.index if context else None,
        )
    if isinstance(error, YAMLError):
        return YamlError(str(error), getattr(error, "position", 0) or 0, None, None)
    match = next((m for m in _LONG_ESCAPE.finditer(text) if int(m[1], 16) > _LAST_CHARACTER), None)
    if match is None:
        return YamlError(str(error), len(text), None, None)
    start = text.rfind('"', 0, match.start())
    return YamlError("found unknown escape character 'U'", match.start(), None, max(start, 0))
