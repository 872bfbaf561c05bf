"""What a PowerShell script runs, as a linter sees it: calls with their arguments, and operators.

Offsets count code points of the script from 0, half open.
"""

from __future__ import annotations

from enum import Enum

from devbox_lint.startup import NamedTuple


class SlipKind(Enum):
    """What Windows PowerShell cannot parse, or takes for something else than its author meant."""

    OPEN_STRING = "a string that nothing ends"
    OPEN_HERE_STRING = "a here-string that nothing ends"
    INDENTED_FOOTER = "blanks before the end mark of a here-string"
    OPEN_COMMENT = "a block comment that nothing ends"
    OPEN_BRACKET = "an opening bracket that nothing closes"
    STRAY_BRACKET = "a closing bracket that closes nothing"
    CROSSED_BRACKET = "a closing bracket of another kind than the one that is open"
    LEADING_PIPE = "a line that begins with a pipe"
    LOST_CONTINUATION = "a line that begins with an option"
    NEGATED_COMMAND = "a command right after `!` or `-not`"
    OPERAND_COMMAND = "a command right after an operator"
    AFTER_STRING = "a value right after a string"
    STRING_AS_COMMAND = "a program's path in quotes that is not called"
    NO_CONDITION = "a keyword without the parenthesis that it needs"
    ELSE_IF = "`else if` or `elif` for `elseif`"
    FOREIGN_COMPARISON = "an operator of other languages in a condition"
    BEFORE_COLON = "a variable in a string right before a colon"
    TABLE_COLON = "a colon for `=` in a hash table"
    TABLE_COMMA = "a comma between the entries of a hash table"


class Slip(NamedTuple):
    """A place that PowerShell stumbles at; ``other`` is where what it is about begins, -1 if there is no such place."""

    kind: SlipKind
    start: int
    end: int
    other: int = -1


class Operator(NamedTuple):
    """An operator that PowerShell 7 has and Windows PowerShell 5.1 has not, as written."""

    text: str
    start: int
    end: int


class Argument(NamedTuple):
    """One word after a command; ``text`` is what stands in the quotes where the word is one string.

    ``start`` and ``end`` hold the word as written; ``quote`` is its quote mark, empty where it is not one string.
    Of a bracketed word ``text`` may be the beginning only.
    """

    text: str
    start: int
    end: int
    quote: str = ""


class Call(NamedTuple):
    """One command with its arguments; ``start`` and ``end`` hold its text, redirections left out.

    ``name`` is as written, in lower case, without quotes. ``pipeline`` is
    where the statement begins that the command is a part of, ``piped`` whether a pipe leads to it.
    ``outer`` is the command that this one is an argument of, as text or, where nothing but blanks is
    between, as words.
    """

    name: str
    name_end: int
    start: int
    end: int
    arguments: tuple[Argument, ...]
    pipeline: int
    piped: bool
    outer: Call | None = None

    @property
    def program(self) -> str:
        """The name without folders and suffix: ``code`` for ``C:\\bin\\code.cmd``."""
        name = self.name.replace("\\", "/").rsplit("/", 1)[-1]
        for suffix in (".exe", ".cmd", ".bat", ".com", ".ps1"):
            name = name.removesuffix(suffix)
        return name

    def option(self, *names: str) -> str | None:
        """The value of the first of the options ``names``, given in lower case with their dashes.

        Empty where an option stands for itself alone, None where there is none.
        """
        for index, argument in enumerate(self.arguments):
            word = argument.text.lower()
            if word in names:
                following = self.arguments[index + 1].text if index + 1 < len(self.arguments) else ""
                return "" if following.startswith("-") else following
            head, mark, value = argument.text.partition("=" if "=" in word else ":")
            if mark and head.lower() in names:
                return value
        return None


class Syntax(NamedTuple):
    """What a script runs, and which operators of PowerShell 7 it has, each in the order of the script."""

    calls: tuple[Call, ...]
    operators: tuple[Operator, ...]
    #: The variables that are given literal text, in lower case without ``$``, with its place inside the quotes.
    texts: tuple[tuple[str, int, int], ...]
    #: The places of the scripts that stand in it as text and are run by its commands.
    inner: tuple[tuple[int, int], ...]
    #: The names of the functions that it defines, in lower case.
    functions: frozenset[str] = frozenset()
    #: What PowerShell stumbles at, in the order of the script; of brackets the first alone.
    slips: tuple[Slip, ...] = ()
