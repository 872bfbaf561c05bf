"""One slip in a file that is right: one finding where it is, and what is certain is repaired to what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from slips_of_the_hand import slips
from support import TODAY, made_up

pytestmark = pytest.mark.slow

_EXAMPLES = Path(__file__).parent.parent / "examples" / "good"
_DEFAULT = tuple(rule for rule in RULES if rule.default and not rule.asks)
_KINDS = (Kind.IMAGE, Kind.USER, Kind.TASK)
#: Of these a safe fix gives back what was there, wherever they happen.
_UNDONE = ("no blank after the colon", "an equals sign", "a semicolon", "a comma after", "no blank after the dash")
#: A column more or less is read as what was meant in a block of one key, and a lost `|` joins the lines of a script,
#: which does no harm to a script of one.
_MAY_BE_RIGHT = ("too far to the right", "a column to the right", "a column to the left", "no bar")


def _right_files() -> Iterator[SourceFile]:
    paths = [*_EXAMPLES.rglob("*.yaml"), *(file.path for file in made_up())]
    for path in sorted(paths):
        source = SourceFile.from_bytes(path.name, path.read_bytes())
        result = check(source, _DEFAULT, today=TODAY)
        is_silent = all(item.severity is Severity.INFO for item in result.diagnostics)
        if result.kind in _KINDS and is_silent and not source.undecodable and "\r" not in source.text:
            yield source


@pytest.mark.parametrize("source", [pytest.param(item, id=str(index)) for index, item in enumerate(_right_files())])
def test_one_slip_is_one_finding_at_its_place(source: SourceFile) -> None:
    right = check(source, _DEFAULT, today=TODAY)
    for slip in slips(source.text):
        wrong = SourceFile(source.path, slip.text)
        found = check(wrong, _DEFAULT, right.kind, today=TODAY).diagnostics
        worse = [item for item in found if item.severity > Severity.INFO]

        assert len(worse) <= 1, (slip, worse)
        assert worse or len(found) > len(right.diagnostics) or slip.what in _MAY_BE_RIGHT, slip
        for item in worse if slip.what != "no bar" else ():
            assert abs(wrong.position(item.span.start).line + 1 - slip.line) <= 1, (slip, item)
        if slip.what in _UNDONE:
            assert fix_source(wrong, _DEFAULT, right.kind).source.text == source.text, slip
