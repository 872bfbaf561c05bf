"""What a syntax error means in plain words, and the repair that its author most likely wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.yaml.document import UNREADABLE, Problem, ProblemKind
from devbox_lint.yaml.events import YamlError
from devbox_lint.yaml.lines import Line, Lines
from devbox_lint.yaml.repair import Repair, Trouble
from devbox_lint.yaml.repair_indentation import indentation_repairs
from devbox_lint.yaml.repair_values import value_repairs
from devbox_lint.yaml.slips import slip_repairs
from devbox_lint.yaml.unindented import left_blocks

TryOut = Callable[[tuple[Edit, ...]], tuple[YamlError | None, Callable[[int], int]]]


def explain(lines: Lines, error: YamlError, try_out: TryOut) -> Repair:
    """The first repair that gets the parser past the error, else the broken block set aside."""
    # Imported here: both build Repairs.

    trouble = Trouble(lines, error)
    repairs = [*left_blocks(trouble), *slip_repairs(trouble), *value_repairs(trouble), *indentation_repairs(trouble)]
    for index, repair in enumerate(repairs):
        if _gets_further(trouble, repair, try_out, error.offset):
            rivals = [other for other in repairs[index + 1 :] if repair.rivals and other.rivals == repair.rivals]
            if repair.problem and any(_gets_further(trouble, other, try_out, error.offset) for other in rivals):
                return repair._replace(problem=repair.problem._replace(certain=False))
            return repair
    for repair in repairs:
        if repair.since is not None and _gets_further(trouble, repair, try_out, repair.since):
            return repair
    return set_aside(lines, error, try_out)


def set_aside(lines: Lines, error: YamlError, try_out: TryOut, rest: bool = False) -> Repair:
    """Put the smallest block around the error out of the parser's sight; ``rest``: all from there on."""
    trouble = Trouble(lines, error)
    problem = _in_words(trouble)
    if "could not find expected ':'" in error.problem and error.context_offset is not None:
        # The line that is no key is where the parser started to look for the colon.
        trouble = Trouble(lines, error._replace(offset=error.context_offset))
    attempts = list(_blocks(trouble))
    if rest:
        return Repair(problem, recovery=next(edits for edits in attempts[-2:] if try_out(edits)[0] is None))
    for edits in attempts[:-1]:
        repair = Repair(problem, recovery=edits)
        if _gets_further(trouble, repair, try_out, trouble.error.offset):
            return repair
    return Repair(problem, recovery=attempts[-1], last=True)


def _gets_further(trouble: Trouble, repair: Repair, try_out: TryOut, since: int) -> bool:
    after, back = try_out(repair.recovery or repair.edits)
    if after is None:
        return True
    return trouble.lines.at(back(after.offset)).number > trouble.lines.at(since).number


def _blocks(trouble: Trouble) -> Iterator[tuple[Edit, ...]]:
    """What could be set aside, the smallest first; the last is the whole text."""
    lines = trouble.lines
    line = lines.at(min(trouble.error.offset, max(len(trouble.text) - 1, 0)))
    if line.key and line.value:
        start = line.start + line.text.index(":", line.key_column) + 1
        end = lines[lines.value_end(line.number) - 1].end
        yield (Edit(Span(start, end), f" *{UNREADABLE}"),)
    yield _blank(lines, line.number, line.number + 1)
    yield _blank(lines, line.number, lines.value_end(line.number))
    yield _blank(lines, line.number, lines.block_end(line.number))
    indent = line.indent
    for parent in reversed(lines.lines[: line.number]):
        if not parent.is_blank and parent.indent < indent:
            indent = parent.indent
            end = max(lines.value_end(parent.number), line.number + 1)
            if parent.key and not parent.dashes:
                start = parent.start + parent.text.index(":", parent.key_column) + 1
                yield (Edit(Span(start, lines[end - 1].end), f" *{UNREADABLE}"),)
            yield _blank(lines, parent.number, end)
            if indent == 0:
                break
    yield (Edit(Span(line.start, len(trouble.text)), ""),)
    yield (Edit(Span(0, len(trouble.text)), ""),)


def _blank(lines: Lines, start: int, end: int) -> tuple[Edit, ...]:
    """Empty the lines ``start`` to ``end``; a key that would be left without its value keeps a stand-in."""
    edits = [Edit(Span(line.start, line.end), "") for line in lines.lines[start:end]]
    owner = lines.before(start)
    if owner is not None and owner.key and not owner.value:
        follower = next((line for line in lines.lines[end:] if not line.is_blank), None)
        if follower is None or follower.indent <= owner.indent:
            edits.insert(0, Edit(Span(owner.end, owner.end), f" *{UNREADABLE}"))
    return tuple(edits)


def _in_words(trouble: Trouble) -> Problem:
    """The problem where no repair was found."""
    error = trouble.error
    place = trouble.lines.at(min(error.offset, max(len(trouble.text) - 1, 0)))
    span = place.span
    text = error.problem
    message, help_ = (
        "YAML cannot read this line",
        "write `key: value`, or `- ` before a list item, lined up with its neighbours",
    )
    if "end of stream" in text or "',' or" in text:
        context = error.context_offset or 0
        opener = trouble.text[context : context + 1]
        if opener and opener in "[{\"'":
            closer = {"[": "]", "{": "}"}.get(opener, opener)
            span = Span(context, context + 1)
            message = f"the `{opener}` that opens here is never closed"
            help_ = f"close it with `{closer}`, or put the whole value in quotes"
    elif "could not find expected ':'" in text:
        context_line = trouble.lines.at(error.context_offset or error.offset)
        span = context_line.span
        message = "this line is neither `key: value` nor a list item"
        help_ = "remove it, or write a `:` and a space after the key"
    elif error.context == "while scanning a block scalar":
        span = Span(error.offset, max(place.span.end, error.offset))
        message = "text on the line that opens a text block"
        help_ = "start the text on the next line, indented, or put the value in quotes if it is no block"
    elif directive := _directive(trouble):
        span = directive.span
        message = "YAML reads a line that starts with `%` as a directive"
        help_ = "put the value in quotes"
    elif "cannot start any token" in text or "while scanning" in (error.context or ""):
        message = "YAML cannot read the value on this line"
        help_ = "put the value in quotes"
    elif text.startswith("expected <block end>"):
        message = "this line does not belong to the block it is in"
        help_ = "align it with the keys or list items it belongs to"
    elif "document start" in text:
        message = "this line does not belong to what stands above it"
        help_ = "start every top-level key in the first column"
    return Problem(ProblemKind.SYNTAX, span, message, help_)


def _directive(trouble: Trouble) -> Line | None:
    """The line that is misread as a directive, at the error or before the missing document."""
    error = trouble.error
    line = trouble.lines.at(min(error.offset, max(len(trouble.text) - 1, 0)))
    if "document start" in error.problem:
        line = trouble.lines.before(line.number) or line
    return line if line.text.startswith("%") and not line.text.startswith(("%YAML", "%TAG")) else None
