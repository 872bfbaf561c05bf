"""The results of a file as JSON, and back: what comes back gives the same reports.

Messages and edits are kept as reports show them, with the secrets in them covered; of the mask its places are kept,
which cover the secrets in the text of the file again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from devbox_lint.credentials.masking import Mask
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import DOCUMENTATION, Diagnostic, Edit, Fix, Related, Severity, Span, Together
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile

Value = TypeVar("Value")


def written(result: FileResult, mask: Mask) -> list[Any]:
    """A result as values that JSON can write."""
    conceal = mask.conceal if mask.spans else str
    return [
        result.kind.value if result.kind is not None else None,
        [list(span) for span in mask.spans],
        [_written(item, conceal) for item in result.diagnostics],
        [_written(item, conceal) for item in result.suppressed],
    ]


def _written(item: Diagnostic, conceal: Callable[[str], str]) -> list[Any]:
    return [
        item.code,
        item.name,
        int(item.severity),
        *item.span,
        conceal(item.message),
        None if item.url == _url(item.code, item.name) else item.url,
        None if item.help is None else conceal(item.help),
        None
        if item.fix is None
        else [
            conceal(item.fix.message),
            item.fix.safe,
            [[*edit.span, conceal(edit.content)] for edit in item.fix.edits],
        ],
        [[*related.span, conceal(related.message), related.path] for related in item.related],
        None if item.together is None else [conceal(item.together.message), conceal(item.together.fix)],
    ]


def read(value: Any, source: SourceFile) -> FileResult:
    """The result that was written; raises ValueError or TypeError for what no result is written as."""
    kind, _, diagnostics, suppressed = value
    return FileResult(
        source,
        None if kind is None else Kind(kind),
        tuple([_diagnostic(item) for item in diagnostics]),
        (),
        Mask.of_spans(spans_of(value)) if diagnostics or suppressed else None,
        tuple([_diagnostic(item) for item in suppressed]),
    )


def spans_of(value: Any) -> list[Span]:
    """Where the secrets are in the text of a written result; raises ValueError or TypeError as :func:`read` does."""
    _, spans, _, _ = value
    return [_span(start, end) for start, end in spans]


def _diagnostic(item: Any) -> Diagnostic:
    code, name, severity, start, end, message, url, help_, fix, related, together = item
    return Diagnostic(
        _shown(code),
        _shown(name),
        Severity(_is(severity, int)),
        _span(start, end),
        _is(message, str),
        _url(code, name) if url is None else _shown(url),
        None if help_ is None else _is(help_, str),
        None if fix is None else _fix(*fix),
        tuple([_related(*item) for item in related]) if related else (),
        None if together is None else Together(*(_is(words, str) for words in together)),
    )


def _fix(message: Any, safe: Any, edits: Any) -> Fix:
    return Fix(
        _is(message, str),
        tuple([Edit(_span(start, end), _is(content, str)) for start, end, content in edits]),
        _is(safe, bool),
    )


def _related(start: Any, end: Any, message: Any, path: Any) -> Related:
    return Related(_span(start, end), _is(message, str), None if path is None else _is(path, str))


def _span(start: Any, end: Any) -> Span:
    if not 0 <= _is(start, int) <= _is(end, int):
        raise ValueError
    return Span(start, end)


def _is(value: Any, type_: type[Value]) -> Value:
    if type(value) is not type_:
        raise ValueError
    return value


def _shown(value: Any) -> str:
    """A text that reports show as it is."""
    text = _is(value, str)
    if not (text.isascii() and text.isprintable()) or "##" in text or "::" in text:
        raise ValueError
    return text


def _url(code: str, name: str) -> str:
    return f"{DOCUMENTATION}{code.lower()}-{name}.md"
