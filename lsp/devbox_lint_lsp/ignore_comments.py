"""Completion in comments that suppress rules: first what was found where the comment counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from devbox_lint.diagnostics import MARKER, Diagnostic, Span
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.rule import AnyRule
from devbox_lint.suppressions import lines_of_comment, texts_of_several_lines
from devbox_lint.yaml.document import Comment
from devbox_lint_lsp.cursor import Cursor, Writing
from devbox_lint_lsp.document_check import Analysis
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.proposal import Proposal

_START = f"{MARKER}: ignore["
_Kinds = types.CompletionItemKind


def in_comment(view: View, cursor: Cursor, analysis: Analysis | None, rules: Sequence[AnyRule]) -> Iterator[Proposal]:
    """What may be written at a cursor in a comment; ``analysis`` is that of the same text, if there is one."""
    found = _found(view, cursor, analysis, rules)
    if cursor.writing is Writing.COMMENT:
        if found and _START.startswith(cursor.word):
            codes = "${1|" + ",".join(found) + "|}" if len(found) > 1 else f"${{1:{found[0]}}}"
            yield Proposal(f"{_START}…]", _Kinds.Snippet, text=f"{_START}{codes}] ${{2:reason}}")
        return
    if any(cursor.whole in (rule.code, rule.name) for rule in rules):
        # What is named is what is meant.
        return
    # What finds nothing here would be an unused suppression.
    ordered = sorted(rules, key=lambda rule: (rule.code not in found, rule.code))
    for rule in ordered:
        if not {rule.code, rule.name}.intersection(cursor.taken):
            is_last = rule.code not in found
            yield Proposal(rule.code, _Kinds.Constant, detail=rule.name, is_last=is_last)
            yield Proposal(rule.name, _Kinds.Constant, detail=rule.code, is_last=is_last)


def _found(view: View, cursor: Cursor, analysis: Analysis | None, rules: Sequence[AnyRule]) -> list[str]:
    """The codes of what was found where the comment counts, without what no comment can suppress."""
    source = view.source
    if analysis is None or analysis.result.source is not source:
        return []
    line = source.position(cursor.span.start).line
    start = source.line_starts[line]
    text = source.line_text(line)
    at = text.rfind("#", 0, cursor.span.start - start)
    comment = Comment(Span(start + at, start + len(text)), text[at:], not text[:at].strip())
    first, last = lines_of_comment(source, comment, texts_of_several_lines(view.customization.document))
    never = {INTERNAL_ERROR, *(rule.code for rule in rules if rule.about_suppressions)}

    def counts(diagnostic: Diagnostic) -> bool:
        is_here = first <= source.position(diagnostic.span.start).line <= last
        return is_here and diagnostic.code not in never

    return list(dict.fromkeys(each.code for each in analysis.result.diagnostics if counts(each)))
