"""What repeats in a file is one finding: with all its places, its comments, its baseline and its fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import lint
from devbox_lint.diagnostics import Diagnostic, Edit, Fix, Related, Severity, Span, Together
from devbox_lint.results import folded

_TOGETHER = Together("{count} letters", "write {count} others")


def _at(offset: int, fix: Fix | None = None, together: Together | None = _TOGETHER, code: str = "DBX900") -> Diagnostic:
    return Diagnostic(
        code, "x", Severity.WARNING, Span(offset, offset + 1), f"at {offset}", "", None, fix, (), together
    )


def _fix(offset: int, safe: bool = True) -> Fix:
    return Fix(f"repair {offset}", (Edit(Span(offset, offset + 1), "b"),), safe)


def test_what_repeats_is_one_with_its_places_and_one_fix() -> None:
    (one,) = folded([_at(1, _fix(1)), _at(3, _fix(3)), _at(7, _fix(7))])

    assert one.message == "3 letters"
    assert one.places == (Span(1, 2), Span(3, 4), Span(7, 8))
    assert one.related[0] == Related(Span(3, 4), "at 3", same=True)
    assert one.fix == Fix("write 3 others", (*_fix(1).edits, *_fix(3).edits, *_fix(7).edits))
    assert one.help == "write 3 others"


def test_what_stands_alone_stays_as_it_is_and_in_its_order() -> None:
    found = (_at(0, together=None), _at(1), _at(2, together=Together("other")), _at(3, together=None))

    assert folded(found) == found
    assert [item.span.start for item in folded((*found, _at(9)))] == [0, 1, 2, 3]
    assert [item.message for item in folded([_at(1), _at(2, code="DBX901")])] == ["at 1", "at 2"]
    assert len(folded([_at(1), _at(2)._replace(severity=Severity.ERROR)])) == 2


def test_the_finding_stands_where_the_best_fix_is() -> None:
    (one,) = folded([_at(1), _at(3, _fix(3, safe=False)), _at(5, _fix(5)), _at(7, _fix(7))])

    assert one.places == (Span(5, 6), Span(1, 2), Span(3, 4), Span(7, 8))
    assert one.fix == Fix("write 4 others", (*_fix(5).edits, *_fix(7).edits))
    (one,) = folded([_at(1), _at(3, _fix(3, safe=False))])
    assert one.span == Span(3, 4)
    assert one.fix is not None
    assert not one.fix.safe


def test_edits_of_the_same_characters_are_made_once() -> None:
    there = Fix("insert", (Edit(Span(4, 4), "x"),))

    (one,) = folded([_at(1, there), _at(3, there), _at(5, _fix(5))])

    assert one.fix is not None
    assert one.fix.edits == (*there.edits, *_fix(5).edits)


_LEGACY = (
    '$schema: "1.0"\nname: web\nhostInformation: small\nimage: gallery/web@1.0.0\nsetupTasks:\n'
    "  - task: choco\n    inputs:\n      package: git\n  - task: choco\n    inputs:\n      package: nodejs\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "imagedefinition.yaml").write_text(_LEGACY, encoding="utf-8")
    return tmp_path


def _legacy(place: Path, *options: str) -> list[dict[str, object]]:
    done = lint(place, "check", "--output-format", "json", "--select", "DBX114,DBX901", *options)
    return [item for item in json.loads(done.out)["diagnostics"] if item["code"] == "DBX114"]


def test_a_file_of_the_preview_has_one_finding_and_the_rest_of_it_another(place: Path) -> None:
    (one,) = _legacy(place)
    assert "6 keys" in str(one["message"])

    lint(place, "check", "--fix", "--select", "DBX114")

    text = (place / "imagedefinition.yaml").read_text(encoding="utf-8")
    assert text == _LEGACY.replace("setupTasks", "tasks").replace("task:", "name:").replace("inputs", "parameters")
    (one,) = _legacy(place)
    assert str(one["message"]).startswith("`hostInformation`")
    lint(place, "check", "--fix", "--unsafe-fixes", "--select", "DBX114")
    assert _legacy(place) == []


def test_the_cache_gives_the_same_finding(place: Path) -> None:
    (place / "other").mkdir()
    (place / "other" / "imagedefinition.yaml").write_text(_LEGACY, encoding="utf-8")
    first = _legacy(place)
    assert len(first) == 2
    assert _legacy(place) == first == _legacy(place, "--no-cache")


def test_a_comment_takes_one_place_out_and_added_ones_all(place: Path) -> None:
    path = place / "imagedefinition.yaml"
    path.write_text(_LEGACY.replace("inputs:\n", "inputs: # devbox-lint: ignore[DBX114]\n", 1), encoding="utf-8")
    (one,) = _legacy(place)
    assert "5 keys" in str(one["message"])

    lint(place, "check", "--add-ignores", "--select", "DBX114")

    assert _legacy(place) == []
    assert path.read_text(encoding="utf-8").count("ignore[") == 6


def test_a_baseline_records_each_place_so_that_a_repair_is_no_new_finding(place: Path) -> None:
    path = place / "imagedefinition.yaml"
    lint(place, "check", "--baseline", "b", "--write-baseline", "--select", "DBX114")
    path.write_text(_LEGACY.replace("setupTasks", "tasks").replace("hostInformation: small\n", ""), encoding="utf-8")

    assert _legacy(place, "--baseline", "b") == []

    path.write_text(path.read_text(encoding="utf-8") + "  - task: winget\n", encoding="utf-8")
    (one,) = _legacy(place, "--baseline", "b")
    assert str(one["message"]).startswith("`task`")


def test_a_report_says_where_else_it_is(place: Path) -> None:
    text = lint(place, "check", "--select", "DBX114").out

    assert "= note: also at 3:1, 6:5, 7:5, 9:5, 10:5\n" in text
