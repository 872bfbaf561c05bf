"""Edits of WinGet configurations: setting a key in a mapping that may not be there yet, and moving keys up or down."""

from __future__ import annotations

from collections.abc import Sequence

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Entry, Mapping, Scalar
from devbox_lint_rules.structure._lines import entry_lines, line_after, line_start

_STEP = 2


def put(source: SourceFile, mapping: Mapping, path: Sequence[str], value: str) -> Edit | None:
    """The edit that gives ``path`` below a mapping a value, as text of YAML; None where that is not certain."""
    name, *rest = path
    entry = mapping.entry(name)
    if entry is not None:
        node = entry.value
        if rest:
            return put(source, node, rest, value) if isinstance(node, Mapping) and node.entries else None
        if isinstance(node, Scalar) and node.end > node.start and node.style not in (LITERAL, FOLDED):
            return Edit(node.span, value)
        return None
    if mapping.flow:
        inner = f"{name}: {value}" if not rest else f"{name}: " + "".join(f"{{{key}: " for key in rest) + value
        return _put_in_flow(mapping, inner + "}" * len(rest))
    if not mapping.entries:
        return None
    step = _step(mapping)
    lines = [f"{' ' * (step * depth)}{key}:" for depth, key in enumerate((name, *rest))]
    lines[-1] += f" {value}"
    indent = source.newline + " " * mapping.column
    text = indent.join(lines)
    after = next((known for known in reversed(mapping.entries) if _is_on_one_line(source, known)), None)
    if after is None:
        first = mapping.entries[0].key.start
        return Edit(Span(first, first), text + indent)
    end = source.line_end(source.position(max(after.key.end, after.value.end)).line)
    return Edit(Span(end, end), indent + text)


def _put_in_flow(mapping: Mapping, text: str) -> Edit | None:
    if not mapping.entries:
        return Edit(Span(mapping.start + 1, mapping.start + 1), text)
    last = mapping.entries[-1]
    if last.value.end <= last.key.end:
        return None
    return Edit(Span(last.value.end, last.value.end), f", {text}")


def _step(mapping: Mapping) -> int:
    for entry in mapping.entries:
        if isinstance(entry.value, Mapping) and not entry.value.flow and entry.value.column > mapping.column:
            return entry.value.column - mapping.column
    return _STEP


def _is_on_one_line(source: SourceFile, entry: Entry) -> bool:
    value = entry.value
    if not isinstance(value, Scalar) or value.style in (LITERAL, FOLDED) or value.end <= value.start:
        return False
    line = source.position(entry.key.start).line
    return source.position(value.end).line == line and line_after(source, entry) == line + 1


def move(source: SourceFile, entry: Entry, line: int, by: int, head: str = "") -> tuple[Edit, ...] | None:
    """The edits that move a key with its value before ``line``, ``by`` columns deeper or, below 0, less deep.

    ``head`` is put before it. None where its lines hold something else too, or cannot be moved.
    """
    lines = entry_lines(source, entry)
    if lines is None or lines.first < line < lines.end:
        return None
    texts = []
    for number in range(lines.first, lines.end):
        text = source.line_text(number)
        if text.strip() and by < 0 and text[:-by].strip(" "):
            return None
        texts.append(" " * by + text if by > 0 and text.strip() else text[-by:] if by < 0 else text)
    content = head + "".join(text + source.newline for text in texts)
    at = line_start(source, line)
    if line >= len(source.line_starts):
        # The last line has no line break to stand before what is put after it.
        content = source.newline + content.removesuffix(source.newline)
    removed = Span(line_start(source, lines.first), line_start(source, lines.end))
    return tuple(sorted((Edit(removed, ""), Edit(Span(at, at), content))))
