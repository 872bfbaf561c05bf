"""The words of a command line, and the secrets among them.

Offsets count code points of the text that is searched, from 0, half open.
"""

from __future__ import annotations

import re

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.patterns import lazy
from devbox_lint.records import NamedTuple


class Operand(NamedTuple):
    """A secret that something is handed; ``label`` names what hands it over, without a character of the secret.

    ``certain`` is False for what may be an example or a test, such as a variable.
    """

    start: int
    end: int
    kind: SecretKind
    label: str
    certain: bool = True

    def __repr__(self) -> str:
        return f"Operand({self.start}:{self.end} {self.label})"


#: A word of a command line: in single quotes, in double quotes that may be escaped themselves, or bare.
WORD = lazy(
    r"'((?:[^'\r\n]|''){0,4000}+)'"
    r"|\\*+\"((?:[^\"\r\n`\\]|`.|\\(?!\")){0,4000}+)\\*+\""
    r"|([^\s'\"`;|&(){}<>,\\][^\s'\"`;|&)<>]{0,2000}+)"
)


def span_of_word(word: re.Match[str]) -> tuple[int, int]:
    """The place of the only group that took part."""
    return word.span(word.lastindex or 0)
