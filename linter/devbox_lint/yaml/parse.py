"""Text to :class:`Document`: the way that every file takes, broken or not, YAML or PowerShell."""

from __future__ import annotations

import re
from typing import Any

from devbox_lint.diagnostics import Span
from devbox_lint.source import MAXIMUM_LENGTH, SourceFile, is_script
from devbox_lint.startup import lazy
from devbox_lint.yaml.compose import Composed, LimitExceededError, compose
from devbox_lint.yaml.document import Document, Problem, ProblemKind
from devbox_lint.yaml.events import read_fast, read_pure, without_bare_ends
from devbox_lint.yaml.nodes import (
    COLONS,
    FOLDED,
    LITERAL,
    PLAIN,
    Mapping,
    Node,
    OffsetMap,
    Scalar,
    Sequence,
    is_marked,
    task_lists,
)
from devbox_lint.yaml.scalar_map import ScalarMaps, map_scalar

# What YAML does not allow anywhere (1.2, section 5.1), in texts of ASCII and in others: a set with characters
# beyond Latin-1 takes milliseconds to compile. U+FFFD stands for undecodable bytes and is reported as such.
_FORBIDDEN_ASCII = lazy("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORBIDDEN = lazy("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Line breaks of YAML 1.1, which both parsers still break lines at, and the byte order mark.
_OTHER_BREAKS = lazy("[\x85\u2028\u2029\ufeff]")
# A tab that is no indentation separates like a space; libyaml and the pure parser disagree about it.
_SEPARATING_TAB = lazy(r"(?<=[^ \t\r\n])[ ]*+\t[ \t]*+|(?:(?<=[\r\n])|\A)[ \t]++(?=[\r\n]|\Z)")
# Where a value can start: at the start of a line, or after an indicator.
_FLOW_ROUND_ADDRESS = lazy(r"(?:^|[-:?\r])[ \t]+[\[{][^\r\n]{0,40}?(?:https?:|ado:)", re.MULTILINE)
_VALUE_OF_BRACES = lazy(r"(?:^|[-:?,\[{\r])[ \t]*\{\{", re.MULTILINE)
#: What no key of a file starts with, and lines of a diff, of an answer, of a listing or of a page do.
_PASTED = frozenset("+>│┃\xa0")
#: What an entry names its task with, and what it has the parameters under.
_NAMES = frozenset(("name", "task"))
_PARAMETERS = frozenset(("parameters", "inputs"))
_REPLACEMENT = "\ufffd"
#: More control characters than this are not told one by one.
_MAXIMUM_CHARACTERS = 20
_STAND_INS = " \ufffd"


def parse(source: SourceFile, pure: bool = False) -> Document:
    """Parse ``source``; never raises. ``pure`` keeps the C parser out, with the same result, slower."""
    if len(source.text) > MAXIMUM_LENGTH:
        problem = Problem(
            ProblemKind.LIMIT,
            Span(0, 0),
            f"the file has more than {MAXIMUM_LENGTH:,} characters and is not checked: make it smaller",
        )
        return Document(source, None, (problem,), is_script=is_script(source.path))
    if is_script(source.path):
        return script_document(source)
    text, problems = _parseable(source.text)
    events = None if pure else read_fast(without_bare_ends(text))
    error = None
    if events is None:
        events, error = read_pure(text)
    composed = None
    if error is None and not _has_unquoted_reference(text, events):
        composed = _compose(events, text, problems)
    if composed is None or _has_slips(composed.root):
        from devbox_lint.yaml.recovery import Recovery

        recovery = Recovery(text, events, error, pure)
        events = recovery.run()
        events = recovery.quote_references(events) or events
        events = recovery.mend_slips(events)
        problems.extend(recovery.problems)
        composed = _compose(events, recovery.text, problems, recovery.to_source)
    for start in composed.further[:1]:
        problems.append(_second_document(source.text, start))
    for alias in composed.undefined:
        # Imported here: few files have an alias, and fewer one of nothing.
        from devbox_lint.yaml.pasted import bold_value

        bold = bold_value(source.text, alias.span)
        if bold is not None:
            problems.append(bold)
            continue
        problems.append(
            Problem(
                ProblemKind.SYNTAX,
                alias.span,
                f"`*{alias.name}` is read as an alias, and nothing before it is anchored as `&{alias.name}`",
                "put the value in quotes",
            )
        )
    if isinstance(composed.root, Scalar) and composed.root.style == PLAIN and not problems:
        from devbox_lint.yaml.accidents import accident

        # A script without a colon is one long plain value to YAML.
        whole = accident(text)
        if whole is not None and whole.problem is not None:
            problems.append(whole.problem)
            composed = Composed()
    if text is not source.text:
        _restore(composed, source.text, text)
    problems.sort(key=lambda problem: problem.span)
    end = composed.further[0] if composed.further else None
    return Document(source, composed.root, tuple(problems), composed.scalars, composed.mappings, end)


def script_document(source: SourceFile) -> Document:
    """A file that is PowerShell: one literal scalar with all of the text, as a command is one."""
    root = Scalar(0, len(source.text), source.text, LITERAL, lambda _: _Itself())
    return Document(source, root, (), [root], is_script=True)


class _Itself:
    """The map of a scalar whose value is its source."""

    __slots__ = ()

    def span(self, start: int, end: int) -> Span:
        return Span(start, end)


def _parseable(text: str) -> tuple[str, list[Problem]]:
    """The text with stand-ins, one for one, for characters that the parsers refuse or disagree about."""
    problems: list[Problem] = []
    if "\t" in text:
        text = _SEPARATING_TAB.sub(lambda match: match.group().replace("\t", " "), text)
    forbidden = _FORBIDDEN_ASCII if text.isascii() else _FORBIDDEN
    if forbidden.search(text):
        for match in forbidden.finditer(text):
            if len(problems) == _MAXIMUM_CHARACTERS:
                break
            problems.append(
                Problem(
                    ProblemKind.SYNTAX,
                    Span(match.start(), match.end()),
                    f"the control character U+{ord(match.group()):04X} is not allowed in YAML",
                    "remove it, or write it as an escape in double quotes",
                )
            )
        text = forbidden.sub(_REPLACEMENT, text)
    if not text.isascii():
        text = _OTHER_BREAKS.sub(_REPLACEMENT, text)
    return text, problems


def _has_unquoted_reference(text: str, events: list[Any]) -> bool:
    if (".vault." in text or "ado:/" in text) and _FLOW_ROUND_ADDRESS.search(text):
        return True
    if "{{" not in text or not _VALUE_OF_BRACES.search(text):
        return False
    return any(
        getattr(event, "flow_style", None) is True and text.startswith("{{", event.start_mark.index) for event in events
    )


def _has_slips(root: Node | None) -> bool:
    """Whether the tasks of a file are anything but a list of named mappings with parameters, or hold a key twice."""
    if not isinstance(root, Mapping):
        return False
    first = root.entries[0].name if root.entries else None
    if first is not None and first[:1].isdigit():
        return True
    for entry in root.entries:
        name = entry.name
        if is_marked(entry.value) or (name and (name[0] in _PASTED or not COLONS.isdisjoint(name))):
            return True
    for entry in task_lists(root):
        value = entry.value
        if isinstance(value, Mapping):
            return not value.flow
        if not isinstance(value, Sequence) or value.flow:
            continue
        for item in value.items:
            if not isinstance(item, Mapping):
                return True
            names = set()
            for key in item.entries:
                name = key.name
                if name is None:
                    continue
                if name in names or name[:1] == "-" or not COLONS.isdisjoint(name):
                    return True
                names.add(name)
                if is_marked(key.value):
                    return True
                if name not in _PARAMETERS:
                    continue
                if isinstance(key.value, Mapping):
                    if any(
                        not COLONS.isdisjoint(inner.name or "") or is_marked(inner.value) for inner in key.value.entries
                    ):
                        return True
                elif isinstance(key.value, Scalar | Sequence) and key.value.start < key.value.end:
                    return True
            if names and names.isdisjoint(_NAMES):
                return True
    return False


class _MovedMapper:
    """Maps one scalar of a repaired text: into the working text, and from there back to the source."""

    __slots__ = ("_end", "_start", "_text", "_to_source")

    def __init__(self, text: str, start: int, end: int, to_source: Any) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._to_source = to_source

    def __call__(self, scalar: Scalar) -> OffsetMap:
        inner = map_scalar(self._text, self._start, self._end, scalar.style, scalar.indent)
        return _MovedMap(inner, self._to_source)


class _MovedMap:
    __slots__ = ("_inner", "_to_source")

    def __init__(self, inner: OffsetMap, to_source: Any) -> None:
        self._inner = inner
        self._to_source = to_source

    def span(self, start: int, end: int) -> Span:
        inner = self._inner.span(start, end)
        first = self._to_source(inner.start)
        return Span(first, max(first, self._to_source(inner.end, inner.end > inner.start)))


def _compose(events: list[Any], text: str, problems: list[Problem], to_source: Any = None) -> Composed:
    try:
        if to_source is None:
            return compose(events, text, ScalarMaps(text))
        return compose(events, text, lambda start, end: _MovedMapper(text, start, end, to_source), to_source)
    except LimitExceededError as limit:
        offset = limit.offset if to_source is None else to_source(limit.offset)
        problems.append(
            Problem(
                ProblemKind.LIMIT,
                Span(offset, offset + 1),
                f"the document {limit.message} and is not checked further",
            )
        )
        return Composed()


def _restore(composed: Composed, original: str, text: str) -> None:
    """Give scalars their own characters again where the parser saw stand-ins."""
    for node in composed.scalars:
        if not node.value:
            continue
        # Blank lines after a text block belong to its value, and not to its span.
        end = (
            node.end if node.style not in (LITERAL, FOLDED) else node.span_of(len(node.value) - 1, len(node.value)).end
        )
        if original[node.start : end] != text[node.start : end]:
            characters = list(node.value)
            for index, character in enumerate(characters):
                if character in _STAND_INS:
                    own = original[node.map.span(index, index + 1).start]
                    if own == "\t" or _FORBIDDEN.match(own) or _OTHER_BREAKS.match(own):
                        characters[index] = own
            node.value = "".join(characters)
    for mapping in composed.mappings:
        for entry in mapping.entries:
            entry.name = entry.key.value if isinstance(entry.key, Scalar) else None


def _second_document(text: str, start: int) -> Problem:
    end = start + 3 if text.startswith("---", start) else start
    return Problem(
        ProblemKind.DOCUMENTS,
        Span(start, end),
        "a second YAML document starts here, and a file may hold only one",
        "move it to a file of its own, or remove the `---`",
    )
