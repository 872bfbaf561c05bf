"""What is known of a statement while its tokens are read."""

from __future__ import annotations

from devbox_lint.powershell.lexer import Token, TokenKind
from devbox_lint.powershell.syntax import Operator
from devbox_lint.records import NamedTuple


class Word(NamedTuple):
    """An argument as written; ``is_string`` where it is one string and nothing else."""

    start: int
    end: int
    is_string: bool


class Frame:
    """A bracket that is open, or the script itself, with the statement that is being read in it."""

    __slots__ = (
        "end",
        "invoked",
        "is_table",
        "name_end",
        "name_is_string",
        "opened",
        "piped",
        "pipeline",
        "redirected",
        "start",
        "state",
        "target",
        "ternary",
        "words",
    )

    def __init__(self, opened: int, is_table: bool) -> None:
        self.opened = opened
        self.is_table = is_table
        self.begin(-1)

    def begin(self, pipeline: int) -> None:
        """Look for a new statement; ``pipeline`` is where it begins, -1 where its first token is to say."""
        #: ``start`` where a command may stand, ``call`` in its arguments, ``value`` in an expression, ``key``
        #: before the value of a hash table's entry.
        self.state = "key" if self.is_table and pipeline < 0 else "start"
        self.pipeline = pipeline
        self.piped = False
        self.invoked = False
        self.start = self.name_end = self.end = -1
        self.name_is_string = False
        self.words: list[Word] = []
        #: Where the target of a redirection ends so far; the end of its operator before there is any.
        self.redirected = -1
        self.target: str | None = None
        self.ternary: Operator | None = None

    def begin_call(self, token: Token) -> None:
        """The token names a command."""
        self.state = "call"
        self.start = token.start
        self.name_end = self.end = token.end
        self.name_is_string = token.kind is TokenKind.STRING

    def add(self, start: int, end: int, is_string: bool) -> None:
        """What stands at ``start`` belongs to a command's arguments."""
        words = self.words
        is_target = self.state == "target" or start == self.redirected
        if is_target and (not words or words[-1].end < self.redirected):
            self.redirected = end
            self.state = "call"
            return
        if words and words[-1].end == start:
            words[-1] = Word(words[-1].start, end, False)
        elif not words and self.name_end == start:
            self.name_end = end
            self.name_is_string = False
        else:
            words.append(Word(start, end, is_string))
        self.end = end
