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
#: What the codes of the rules about credentials start with.
CREDENTIALS = "DBX4"
#: What to do where something hides a credential.
AUDIT_HELP = "remove the secret from the file, and revoke it: hiding the finding does not hide the secret"


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
    """Another place that explains a finding; ``path`` is None for the same file.

    ``same`` says that the finding itself is there, too: what repeats in a file is one finding with all its places.
    """

    span: Span
    message: str
    path: str | None = None
    same: bool = False


class Together(NamedTuple):
    """What to say of several findings of a rule in a file as one; ``{count}`` stands for their number.

    ``fix`` is the message of the fix that makes the edits of them all, that of the first one where it is empty.
    """

    message: str
    fix: str = ""


class Finding(NamedTuple):
    """What a rule says: where, what is wrong, and what to write instead.

    ``help`` is the repair in words where no fix can be given; ``severity`` overrides the rule's own.

    ``covers`` are other places that the finding explains, where rules that yield to its rule stay silent as they do
    at ``span``. ``together`` is what a report says where a file has several findings of the rule with the same
    ``together``, of which it makes one; None where each is reported by itself.
    """

    span: Span
    message: str
    help: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    covers: tuple[Span, ...] = ()
    together: Together | None = None


class Failure(NamedTuple):
    """What a run could not do: read, check or write a file; ``path`` is empty where it is about no file.

    ``message`` is a sentence that names the file.
    """

    message: str
    path: str = ""


class Diagnostic(NamedTuple):
    """What a run says: a finding with its rule's code, name and link, and the severity that counts.

    ``together`` is as in :class:`Finding`; :func:`devbox_lint.results.folded` makes one of those that have it.
    """

    code: str
    name: str
    severity: Severity
    span: Span
    message: str
    url: str
    help: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    together: Together | None = None

    @property
    def order(self) -> tuple[int, int, str]:
        """The order of diagnostics in a file: by place, then by code."""
        return (self.span.start, self.span.end, self.code)

    @property
    def places(self) -> tuple[Span, ...]:
        """Where it is found: several places where it repeats."""
        return (self.span, *(item.span for item in self.related if item.same))


class Access(NamedTuple):
    """What somebody needs on a resource for a file to work, and what Azure says of it.

    ``identity``, ``resource`` and ``needs`` are noun phrases. ``state`` is ``granted``, ``missing`` or ``unknown``, and
    ``reason`` says of the last why.
    """

    identity: str
    resource: str
    needs: str
    state: str
    reason: str = ""
