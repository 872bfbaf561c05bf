"""What is said about a file: spans, edits, fixes, findings of rules, diagnostics and failures of a run.

A span is half open and counts code points of :attr:`SourceFile.text` from 0.
"""

from __future__ import annotations

from enum import IntEnum

from devbox_lint.startup import NamedTuple

#: Where the pages of the rules are.
DOCUMENTATION = "https://github.com/devbox-lint/devbox-lint/blob/main/docs/rules/"
#: What a comment that speaks to the linter starts with, after its ``#``; a colon follows.
MARKER = "devbox-lint"


class Severity(IntEnum):
    """How much a diagnostic weighs; the order is that of the values."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word that people read and write: ``info``, ``warning`` or ``error``."""
        return self.name.lower()


class Span(NamedTuple):
    """A piece of a text: ``start`` to ``end``, ``end`` not included, ``start <= end``."""

    start: int
    end: int


class Edit(NamedTuple):
    """Put ``content`` in place of ``span``; an empty span inserts."""

    span: Span
    content: str


class Fix(NamedTuple):
    """Edits that belong together and do not overlap; ``message`` says what they do, in the imperative.

    A ``safe`` fix does what the author certainly meant; any other is applied only when asked for.
    """

    message: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Related(NamedTuple):
    """Another place that explains a finding; ``path`` is None for the same file."""

    span: Span
    message: str
    path: str | None = None


class Finding(NamedTuple):
    """What a rule says: where, what is wrong, and what to write instead.

    ``help`` is the repair in words where no fix can be given; ``severity`` overrides the rule's own.
    """

    span: Span
    message: str
    help: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None


class Failure(NamedTuple):
    """What a run could not do: read, check or write a file; ``path`` is empty where it is about no file.

    ``message`` is a sentence that names the file.
    """

    message: str
    path: str = ""


class Diagnostic(NamedTuple):
    """What a run says: a finding with its rule's code, name and link, and the severity that counts."""

    code: str
    name: str
    severity: Severity
    span: Span
    message: str
    url: str
    help: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
