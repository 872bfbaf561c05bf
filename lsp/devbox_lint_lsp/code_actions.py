"""Code actions: the fix of each finding, a comment that suppresses it, all safe fixes of a file at once.

They are made from the server's own findings. What the client says of them is not relied on: Neovim 0.7 gives ranges in
bytes, whatever was agreed on, so that of its places only the lines count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from lsprotocol import types

from devbox_lint.diagnostics import Diagnostic, Edit, Span
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.fixes import Fixer
from devbox_lint.source import SourceFile
from devbox_lint_lsp.client import SECTION
from devbox_lint_lsp.conversion import shown
from devbox_lint_lsp.document_check import Analysis, today
from devbox_lint_lsp.server import Server

#: A finding of the engine, and the same as it is sent.
_Meant = tuple[Diagnostic, types.Diagnostic]

#: For how many findings at once an action offers to suppress them.
MOST_IGNORED = 20
#: How many fixes are tried before they are offered; none of any further ones is preferred.
MOST_TRIED = 5
#: Stands for the reason that the settings ask for; it is there for a person to write over.
_REASON = "TODO: why this may stay"
QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.devbox-lint"


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[QUICK_FIX, FIX_ALL]))(
        _actions
    )


async def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    analysis = await ls.analysis(params.text_document.uri)
    if analysis is None or analysis.result.kind is None:
        return []
    actions: list[types.CodeAction] = []
    if _is_wanted(QUICK_FIX, params.context.only):
        meant = _at(analysis, params)
        actions.extend(await ls.worker.start(lambda: list(_quick_fixes(ls, analysis, meant))))
        actions.extend(await ls.worker.start(lambda: list(_ignores(ls, analysis, meant[:MOST_IGNORED]))))
    fixes_all = ls.settings.fix_all and _is_wanted(FIX_ALL, params.context.only)
    unsafe = ls.settings.unsafe_fixes
    if fixes_all and any(item.fix and (item.fix.safe or unsafe) for item in _found(analysis)):
        edits = await ls.worker.start(_all_fixes, ls, analysis)
        if edits:
            title = f"Fix all that can {'' if unsafe else 'safely '}be fixed (devbox-lint)"
            edit = ls.edit_of(analysis.document, edits)
            actions.append(types.CodeAction(title, FIX_ALL, edit=edit))
    return actions


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind of action, or a more general one, is asked for."""
    return only is None or any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in only)


def _found(analysis: Analysis) -> tuple[Diagnostic, ...]:
    return analysis.result.diagnostics


def _quick_fixes(ls: Server, analysis: Analysis, meant: Sequence[_Meant]) -> Iterator[types.CodeAction]:
    """The fixes that do what they say, which is tried for as many as are looked at closely."""
    fixer = _fixer(ls, analysis)
    for number, (diagnostic, known) in enumerate(meant):
        fix = diagnostic.fix
        if fix is None or fixer is None:
            continue
        if number < MOST_TRIED and not fixer.is_sound(analysis.result.source, diagnostic):
            continue
        title = shown(fix.message, analysis.result.mask)
        yield types.CodeAction(
            f"{title[:1].upper()}{title[1:]} ({diagnostic.code})" + ("" if fix.safe else ": may change the meaning"),
            QUICK_FIX,
            [known],
            is_preferred=(fix.safe and number < MOST_TRIED) or None,
            edit=ls.edit_of(analysis.document, fix.edits),
        )


def _ignores(ls: Server, analysis: Analysis, meant: Sequence[_Meant]) -> Iterator[types.CodeAction]:
    """A comment for each finding that a comment can suppress; one for all of the same rule on the same line."""
    # Imported here: most of what is typed is not suppressed.
    from devbox_lint.run.add_ignores import suppress

    source = analysis.result.source
    settings = ls.surroundings().settings_for(analysis.document)
    # Without one the comment would suppress nothing; it is there to be replaced.
    reason = _REASON if settings is not None and settings.require_reason else ""
    # What judges comments is put right in them, and a bug of ours is to stay in sight.
    never = {INTERNAL_ERROR, *(rule.code for rule in ls.all_rules() if rule.about_suppressions)}
    done: set[tuple[str, int]] = set()
    for diagnostic, known in meant:
        key = (diagnostic.code, known.range.start.line)
        if diagnostic.code not in never and key not in done:
            done.add(key)
            suppressed = suppress(source, [diagnostic], reason, today(), analysis.result.kind)
            edits = _difference(source, suppressed)
            if edits:
                title = f"Ignore {diagnostic.name} on this line ({diagnostic.code})"
                edit = ls.edit_of(analysis.document, edits)
                yield types.CodeAction(title, QUICK_FIX, [known], edit=edit)


def _at(analysis: Analysis, params: types.CodeActionParams) -> list[_Meant]:
    """The findings that the client means, each also as it is sent; first those in the very place.

    Of findings that lie in one another eglot names one only, so that the place counts beside the names.
    """
    place = params.range
    asked = {(item.code, item.range.start.line) for item in params.context.diagnostics if item.source == SECTION}
    there, others = [], []
    for diagnostic, sent in zip(_found(analysis), analysis.diagnostics, strict=True):
        start, end = sent.range.start, sent.range.end
        if start <= place.end and place.start <= end:
            there.append((diagnostic, sent))
        elif (sent.code, start.line) in asked or (not asked and start.line <= place.end.line <= end.line):
            others.append((diagnostic, sent))
    return there + others


def _all_fixes(ls: Server, analysis: Analysis) -> list[Edit]:
    fixer = _fixer(ls, analysis, ls.settings.unsafe_fixes)
    source = analysis.result.source
    return [] if fixer is None else _difference(source, fixer.fix(source).source)


def _fixer(ls: Server, analysis: Analysis, unsafe: bool = False) -> Fixer | None:
    """What applies the fixes of a document that is checked; None if it is not ours, or cannot be written."""
    settings = ls.surroundings().settings_for(analysis.document)
    kind = analysis.result.kind
    if settings is None or kind is None or analysis.result.source.undecodable:
        return None
    return Fixer(settings.rules, kind, unsafe, settings.catalog, today(), settings.unasked)


def _difference(before: SourceFile, after: SourceFile) -> list[Edit]:
    """Edits of whole lines that lead from one text to the other, as few as there are places that differ."""
    from difflib import SequenceMatcher

    old, new = _lines(before), _lines(after)
    starts = [*before.line_starts, len(before.text)]
    # Most of a file stays, and comparing takes the square of what does not.
    head = sum(1 for _ in takewhile(_are_equal, zip(old, new, strict=False)))
    tail = sum(1 for _ in takewhile(_are_equal, zip(reversed(old[head:]), reversed(new[head:]), strict=False)))
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    return [
        Edit(Span(starts[head + first], starts[head + last]), "".join(new[start:end]))
        for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def _are_equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _lines(source: SourceFile) -> list[str]:
    """The lines with their line breaks."""
    starts = [*source.line_starts, len(source.text)]
    return [source.text[start:end] for start, end in pairwise(starts)]
