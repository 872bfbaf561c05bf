"""What must hold of any text: references and addresses in a value, code and strings in a script."""

from __future__ import annotations

from collections.abc import Iterable

from devbox_lint.diagnostics import Span
from devbox_lint.powershell import find_pipelines, find_regions, is_code, is_comment, read_script, region_at
from devbox_lint.references.addresses import Part
from devbox_lint.references.expressions import find_references, find_vault_addresses
from devbox_lint.yaml.nodes import PLAIN, Scalar


class _Same:
    """The map of a scalar that is its own source."""

    def span(self, start: int, end: int) -> Span:
        return Span(start, end)


def references(data: bytes) -> None:
    """References lie apart and in order, their parts hold what they say, bare addresses lie outside of them."""
    value = data[1:].decode("utf-8", "replace")
    scalar = Scalar(0, len(value), value, PLAIN, lambda _: _Same())
    found = find_references(scalar)
    at = 0
    for reference in found:
        assert at <= reference.start < reference.end <= len(value), reference
        at = reference.end
        _hold(value, [reference.content], reference.start, reference.end)
        for address in (reference.secret, reference.ado):
            if address is not None:
                _hold(value, [part for part in address if isinstance(part, Part)], reference.start, reference.end)
        assert reference.is_whole == (value.strip() == value[reference.start : reference.end])
    at = 0
    for address in find_vault_addresses(scalar):
        assert at <= address.whole.start < address.whole.end
        at = address.whole.end
        _hold(value, [part for part in address if isinstance(part, Part)], address.whole.start, address.whole.end)
        assert not any(item.start <= address.whole.start < item.end for item in found), address


def _hold(value: str, parts: Iterable[Part], start: int, end: int) -> None:
    for part in parts:
        assert start <= part.start <= part.end <= end, (part, start, end)
        assert value[part.start : part.end] == part.text, part


def powershell(data: bytes) -> None:
    """Regions leave no gap, calls and their arguments lie in the script in order, and every place is of some kind."""
    script = data[1:].decode("utf-8", "replace")
    at = 0
    for region in find_regions(script):
        assert region.start == at
        assert region.end > at
        at = region.end
    assert at == len(script)
    syntax = read_script(script)
    for call in syntax.calls:
        assert 0 <= call.start <= call.name_end <= call.end <= len(script), call
        assert call.pipeline <= call.start, call
        last = call.name_end
        for argument in call.arguments:
            assert last <= argument.start <= argument.end, call
            assert argument.text in script[argument.start : argument.end], argument
            last = argument.end
        assert last <= len(script)
    assert [call.start for call in syntax.calls] == sorted(call.start for call in syntax.calls)
    for operator in syntax.operators:
        assert script[operator.start : operator.end] == operator.text, operator
    for _, start, end in syntax.texts:
        assert 0 <= start <= end <= len(script)
    for start, end in syntax.inner:
        assert 0 <= start <= end <= len(script)
    for offset in range(0, len(script), 1 + len(script) // 50):
        region = region_at(script, offset)
        assert region.start <= offset < region.end
        assert not (is_comment(script, offset) and is_code(script, offset))
    for pipeline in find_pipelines(script):
        at = 0
        for command in pipeline.commands:
            assert at <= command.start <= command.end <= len(script), pipeline
            at = command.end
