"""A text as lines with their indentation, for repairs that work on lines."""

from __future__ import annotations

from bisect import bisect_right

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.startup import NamedTuple, lazy

_LINE = lazy(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
# How many code points are compared at a time.
_BLOCK = 4096
_ITEM = lazy(r"(?:-[ \t]+)*")
#: A key with its colon, as people write keys: a word, perhaps quoted or with a `$`.
KEY = lazy(r"""(?P<quote>["']?)(?P<name>[$\w~][\w.$-]*)(?P=quote)[ ]*:(?=[ \t]|$)""")

#: Keys that a file, an entry of its lists or a declaration has: what parts them from text and from parameters.
KNOWN_KEYS = frozenset(
    ("$schema", "name", "description", "image", "parameters", "inputs", "variables", "tasks", "userTasks", "setupTasks",
     "buildProperties", "extends", "task", "displayName", "condition", "command", "author", "timeout", "documentation",
     "documentationURL", "licenseURL", "issueNotificationEmail", "keywords", "rebootRequired", "type", "required",
     "default", "allowed")
)  # fmt: skip

#: What a parameter is declared with.
DECLARATION_KEYS = frozenset(
    ("type", "required", "default", "description", "allowed", "minLength", "maxLength", "validationRegex")
)
#: What an entry of a list of tasks names its task with, what it has the task's parameters under, and all it can have.
NAMES = frozenset(("name", "task"))
PARAMETERS = frozenset(("parameters", "inputs"))
ENTRY_KEYS = NAMES | PARAMETERS | {"displayName", "description", "timeout", "condition", "runAs"}


class Line(NamedTuple):
    """One line: ``start`` to ``end`` without its line break; ``indent`` counts leading blanks and tabs."""

    number: int
    start: int
    end: int
    indent: int
    text: str

    @property
    def content(self) -> str:
        """The line without the blanks around it."""
        return self.text.strip(" \t")

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on the line, or only a comment."""
        content = self.content
        return not content or content[0] == "#"

    @property
    def span(self) -> Span:
        """The line's content, without the blanks around it."""
        return Span(self.start + self.indent, self.start + max(len(self.text.rstrip(" \t")), self.indent))

    @property
    def dashes(self) -> str:
        """The ``- `` of list items at the start of the content."""
        match = _ITEM.match(self.text, self.indent)
        return match.group() if match else ""

    @property
    def key_column(self) -> int:
        """The column of what stands after the dashes."""
        return self.indent + len(self.dashes)

    @property
    def key(self) -> str | None:
        """The key on this line, if it starts with one."""
        match = KEY.match(self.text, self.key_column)
        return match["name"] if match else None

    @property
    def value(self) -> str:
        """What stands after the key's colon, without blanks around it; empty where there is no key."""
        match = KEY.match(self.text, self.key_column)
        return self.text[match.end() :].strip(" \t") if match else ""


class Lines:
    """All lines of a text, from 0."""

    def __init__(self, text: str, known: Lines | None = None) -> None:
        """``known`` are the lines of a text that starts alike."""
        self.text = text
        self.lines: list[Line] = []
        if known is not None:
            # Not the line in which the texts part, nor the one before: its break may have been joined by a line feed.
            self.lines = known.lines[: max(known.at(common_start(text, known.text)).number - 1, 0)]
        append = self.lines.append
        number = len(self.lines)
        for match in _LINE.finditer(text, known[number].start if known is not None and number else 0):
            if match.start() == len(text) and number and not match.group(1):
                break
            content = match.group(1)
            indent = len(content) - len(content.lstrip(" \t"))
            append(Line(number, match.start(1), match.end(1), indent, content))
            number += 1
            if match.end() == len(text):
                break
        self._starts = [line.start for line in self.lines]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, number: int) -> Line:
        return self.lines[number]

    def at(self, offset: int) -> Line:
        """The line that holds ``offset``."""
        return self.lines[max(bisect_right(self._starts, offset) - 1, 0)]

    def before(self, number: int) -> Line | None:
        """The nearest line above that is neither blank nor a comment."""
        for line in reversed(self.lines[:number]):
            if not line.is_blank:
                return line
        return None

    def block_end(self, number: int) -> int:
        """The number after the last line of the block that starts at ``number``.

        The block is the line with all that follows and is indented no less, blank lines at its end left out.
        A line that starts a list item owns only what is deeper than its dash.
        """
        first = self.lines[number]
        least = first.indent + (1 if first.dashes else 0)
        end = number + 1
        for line in self.lines[number + 1 :]:
            if not line.content:
                continue
            if line.indent < least:
                break
            end = line.number + 1
        return end

    def value_end(self, number: int) -> int:
        """The number after the last line of the value of the key on line ``number``: what is deeper than it."""
        column = self.lines[number].key_column
        end = number + 1
        for line in self.lines[number + 1 :]:
            if line.content:
                if line.indent <= column:
                    break
                end = line.number + 1
        return end

    def shift(self, start: int, end: int, by: int) -> tuple[Edit, ...]:
        """Edits that indent the lines ``start`` to ``end`` (not included) by ``by`` columns more, or less."""
        edits = []
        for line in self.lines[start:end]:
            # A line of blanks may be a part of a text block.
            if not line.text or not by:
                continue
            if by > 0:
                edits.append(Edit(Span(line.start, line.start), " " * by))
            else:
                edits.append(Edit(Span(line.start, line.start + min(-by, line.indent)), ""))
        return tuple(edits)


def common_start(one: str, other: str) -> int:
    """How many code points at their start two texts have in common."""
    shorter = min(len(one), len(other))
    at = 0
    while at < shorter and one[at : at + _BLOCK] == other[at : at + _BLOCK]:
        at += _BLOCK
    return next((place for place in range(at, min(at + _BLOCK, shorter)) if one[place] != other[place]), shorter)
