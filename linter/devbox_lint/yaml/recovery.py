"""Reading on after a syntax error: repair what can be repaired, set aside what cannot, and parse again.

Each round takes the first error of the working text, lets :mod:`repairs` explain it, and makes the explained
repair in the working text; where no repair helps, the smallest broken block is set aside. The working text
is made of layers of edits, so that every place in it can be traced back to the source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import islice
from typing import Any

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.yaml.accidents import accident
from devbox_lint.yaml.compose import LimitExceededError, compose
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.events import YamlError, read_events
from devbox_lint.yaml.lines import Lines
from devbox_lint.yaml.pasted import pasted
from devbox_lint.yaml.repair import Repair
from devbox_lint.yaml.repair_indentation import here_strings
from devbox_lint.yaml.repair_values import unquoted_references
from devbox_lint.yaml.scalar_map import ScalarMaps
from devbox_lint.yaml.slips import slips_of
from devbox_lint.yaml.syntax_errors import explain, set_aside

#: More errors than this in one file are not told apart; the rest of the file is then left unread.
MAXIMUM_ERRORS = 10
#: A repair is tried by reading the text with it: no more once this many code points were read, and this many texts.
_READ = 150_000
_TIMES = 1
#: For how many texts the outcome of reading is kept: the one with the error, and those tried last.
_MOST_READ = 3
#: How many further slips are repaired, each of which comes to light below the one before.
_ROUNDS = 3
#: Of more slips than this in one round the others are left as they are read.
_MOST_SLIPS = 50
#: What a whole-file accident brings with it.
_ECHOES = (ProblemKind.SYNTAX, ProblemKind.INDENTATION, ProblemKind.TAB, ProblemKind.BLOCK, ProblemKind.PASTED)
_OF_LINES = (ProblemKind.INDENTATION, ProblemKind.TAB)


class Layer:
    """Edits of one text, and the way back from offsets in the edited text."""

    def __init__(self, text: str, edits: tuple[Edit, ...]) -> None:
        parts: list[str] = []
        self._starts: list[int] = [0]
        # For each piece of the edited text: where it starts in the text before, and whether it is new there.
        self._origins: list[tuple[int, int, bool]] = []
        position = length = 0
        for span, content in sorted(edits, key=lambda edit: edit.span):
            if span.start < position:
                continue
            parts.append(text[position : span.start])
            self._origins.append((position, span.start, False))
            length += span.start - position
            self._starts.append(length)
            parts.append(content)
            self._origins.append((span.start, span.end, True))
            length += len(content)
            self._starts.append(length)
            position = span.end
        parts.append(text[position:])
        self._origins.append((position, len(text), False))
        self.text = "".join(parts)

    def back(self, offset: int, end: bool = False) -> int:
        """The offset in the text before of the character at ``offset``.

        With ``end`` it is the end of the character before ``offset``: the two differ at the edges of edits.
        New characters stand where the text stood that they replace.
        """
        if end:
            if offset <= 0:
                return 0
            offset -= 1
        index = bisect_right(self._starts, offset) - 1
        start, stop, new = self._origins[index]
        if new:
            return stop if end else start
        return min(start + offset - self._starts[index] + end, stop)


class Recovery:
    """A text that parses, made from one that does not, with what was wrong on the way."""

    def __init__(self, text: str, events: list[Any], error: YamlError | None, pure: bool) -> None:
        """``events`` and ``error`` are what reading ``text`` gave; ``pure`` keeps the C parser out."""
        self.text = self._source = text
        self.problems: list[Problem] = []
        self._pure = pure
        self._left = _READ + _TIMES * len(text)
        # The repair that helped when it was tried is the next text to read. Without events where there is an error.
        self._read_before = {text: (events if error is None else [], error)}
        self._layers: list[Layer] = []
        # Up to here nothing is edited.
        self._whole = len(text)
        self._known: Lines | None = None
        self._silent = False

    def to_source(self, offset: int, end: bool = False) -> int:
        """Where an offset of the working text is in the source."""
        if offset < self._whole:
            return offset
        for layer in reversed(self._layers):
            offset = layer.back(offset, end)
        return offset

    def span_to_source(self, span: Span) -> Span:
        """Where a span of the working text is in the source."""
        start = self.to_source(span.start)
        return Span(start, max(start, self.to_source(span.end, end=span.end > span.start)))

    def run(self) -> list[Any]:
        """Repair until the text parses; the events of the text that does."""
        events, error = self._read(self.text)
        if error is not None:
            for repair in pasted(self.text):
                self._accept(repair)
            whole = accident(self.text)
            if whole is not None:
                self._accept(whole)
            strayed = list(islice(here_strings(self.text), MAXIMUM_ERRORS))
            for repair in strayed:
                self._note(repair)
            self._apply(tuple(edit for repair in strayed for edit in repair.recovery))
            events, error = self._read(self.text)
        for count in range(MAXIMUM_ERRORS):
            if error is None:
                break
            if count and self._left < 0:
                self._leave_rest(error, f"too many syntax errors in {len(self.text):,} characters")
                break
            self._accept(explain(self._lines, error, self._try))
            events, error = self._read(self.text)
        else:
            if error is not None:
                self._leave_rest(error, f"more than {MAXIMUM_ERRORS} syntax errors")
        events, error = self._read(self.text)
        return events if error is None else read_events(self.text, self._pure)[0]

    def _leave_rest(self, error: YamlError, reason: str) -> None:
        """Put all from the error on out of the parser's sight, and say so."""
        repair = set_aside(self._lines, error, self._try, rest=True)
        if repair.problem is not None:
            message = f"{reason}: the file is not checked from here on"
            limit = repair.problem._replace(kind=ProblemKind.LIMIT, message=message, help=None)
            repair = repair._replace(problem=limit)
        self._accept(repair)

    def quote_references(self, events: list[Any]) -> list[Any] | None:
        """Quote what starts with ``{{`` and stands unquoted; the new events, None where there is nothing."""
        repairs = unquoted_references(self.text, events)
        if not repairs:
            return None
        edits = tuple(edit for repair in repairs for edit in repair.edits)
        if self._try(edits)[0] is not None:
            # The quotes made it worse: somebody's flow mapping after all.
            return None
        for repair in repairs:
            self._note(repair)
        self._apply(edits)
        return self._read(self.text)[0]

    def mend_slips(self, events: list[Any]) -> list[Any]:
        """Repair what YAML read as something else than tasks; the new events, the old where there is nothing."""
        if not self.problems and (marks := list(pasted(self.text))):
            for repair in marks:
                self._accept(repair)
            events = self.run()
        for _ in range(_ROUNDS):
            try:
                root = compose(events, self.text, ScalarMaps(self.text)).root
            except LimitExceededError:
                break
            repairs = slips_of(root, self.text)[:_MOST_SLIPS]
            edits = tuple(edit for repair in repairs for edit in repair.edits)
            if repairs and self._try(edits)[0] is not None:
                # Each is tried for itself, which takes time for all of the text.
                repairs = [repair for repair in repairs[:MAXIMUM_ERRORS] if self._try(repair.edits)[0] is None]
                edits = tuple(edit for repair in repairs for edit in repair.edits)
                if self._try(edits)[0] is not None:
                    break
            if not repairs:
                break
            for repair in repairs:
                self._note(repair)
            self._apply(edits)
            events = self._read(self.text)[0]
        return events

    @property
    def _lines(self) -> Lines:
        self._known = Lines(self.text, self._known)
        return self._known

    def _read(self, text: str) -> tuple[list[Any], YamlError | None]:
        read = self._read_before.get(text)
        if read is None:
            if len(self._read_before) >= _MOST_READ:
                del self._read_before[next(iter(self._read_before))]
            events, error = read_events(text, self._pure)
            self._left -= len(text) if error is None else error.offset
            read = self._read_before[text] = (events if error is None else [], error)
        return read

    def _try(self, edits: tuple[Edit, ...]) -> tuple[YamlError | None, Callable[[int], int]]:
        layer = Layer(self.text, edits)
        return self._read(layer.text)[1], layer.back

    def _accept(self, repair: Repair) -> None:
        self._note(repair)
        self._apply(repair.recovery or repair.edits)
        self._silent = self._silent or repair.last

    def _note(self, repair: Repair) -> None:
        problem = repair.problem
        if problem is None or (self._silent and problem.kind in _ECHOES):
            return
        span = self.span_to_source(problem.span)
        if problem.kind in _OF_LINES and span.end - span.start != problem.span.end - problem.span.start:
            # An earlier repair moved this line along: its own columns are told once that one is made.
            return
        if any(item.span == span and item.kind is problem.kind for item in self.problems):
            return
        self.problems.append(
            problem._replace(
                span=span,
                edits=tuple(Edit(self.span_to_source(edit.span), edit.content) for edit in repair.edits)
                if problem.repair
                else (),
                certain=problem.certain and self._is_as_written(repair.edits),
                related=tuple(Related(self.span_to_source(item.span), item.message) for item in problem.related),
            )
        )

    def _is_as_written(self, edits: tuple[Edit, ...]) -> bool:
        """Whether the lines of ``edits``, and the one below them, are those of the source.

        Else another repair has changed one of them: what is right after it may be wrong before.
        """
        if not self._layers or not edits:
            return True
        lines = self._lines
        first = lines.at(min(edit.span.start for edit in edits))
        last = lines.at(max(edit.span.end for edit in edits))
        below = next((line for line in lines.lines[last.number + 1 :] if line.content), last)
        source = self._source[self.to_source(first.start) : self.to_source(below.end, end=True)]
        return source == self.text[first.start : below.end]

    def _apply(self, edits: tuple[Edit, ...]) -> None:
        layer = Layer(self.text, edits)
        self._layers.append(layer)
        self._whole = min(self._whole, min((edit.span.start for edit in edits), default=self._whole))
        self.text = layer.text
