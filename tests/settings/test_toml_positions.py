"""The places of keys and values in TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devbox_lint.settings.toml_positions import Path, Place, Places

TEXT = '''\
# settings
select = ["DBX1", # one
  'DBX2']
a.b . "c d" = 1979-05-27 07:32:00 # a date
[x]
y = {p = [1,{q="z"}], r.s = """a"""""}
[[l]]
k=1
[l.m]
z='''
TEXT += """'''
''it''''' # quotes
[[l]]
k=2
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("select",), (2, 1), (2, 10)),
        (("select", 1), (3, 3), (3, 3)),
        (("a", "b", "c d"), (4, 7), (4, 15)),
        (("x", "y"), (6, 1), (6, 5)),
        (("x", "y", "p", 1, "q"), (6, 14), (6, 16)),
        (("x", "y", "r", "s"), (6, 25), (6, 29)),
        (("l", 0, "k"), (8, 1), (8, 3)),
        (("l", 0, "m", "z"), (10, 1), (10, 3)),
        (("l", 1), (12, 3), (12, 3)),
        (("l", 1, "k"), (13, 1), (13, 3)),
    ],
)
def test_a_place_is_that_of_the_key_or_the_value(path: Path, key: tuple[int, int], value: tuple[int, int]) -> None:
    places = Places(TEXT)

    assert places.key(path) == Place(*key)
    assert places.value(path) == Place(*value)


def test_what_is_not_there_has_no_place() -> None:
    assert Places(TEXT).value(("x", "z")) is None


def test_lines_may_end_as_on_windows() -> None:
    assert Places(TEXT.replace("\n", "\r\n")).value(("x", "y")) == Place(6, 5)


SCALARS = st.one_of(
    st.integers(-5, 5).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.text("aé😀#,]}= \"\\'\n", max_size=6).map(lambda value: json.dumps(value, ensure_ascii=False)),
    st.text('ab#,]}= "\\', max_size=6).map(lambda value: f"'{value}'"),
    st.text("ab#\n]} '", max_size=6).map(lambda value: f'"""{value}"""'),
    st.text('ab#\n]} "\\', max_size=6).map(lambda value: f"'''{value}'''"),
    st.just("1979-05-27T07:32:00Z"),
)
BLANK = st.sampled_from(["", " ", "\t"])
GAP = st.sampled_from(["", " ", "\n", ' # a ] comment } = "\n ', "\n\n"])


@st.composite
def values(draw: st.DrawFn, depth: int = 1) -> str:
    kind = draw(st.integers(0, 3 if depth else 1))
    if kind < 2:
        return draw(SCALARS)
    if kind == 2:
        items = draw(st.lists(values(depth=depth - 1), max_size=3))
        inside = ",".join(f"{draw(GAP)}{item}{draw(GAP)}" for item in items)
        comma = "," if items and draw(st.booleans()) else ""
        return f"[{inside}{comma}{draw(GAP)}]"
    pairs = [f"{draw(BLANK)}k{index}{draw(BLANK)}={draw(BLANK)}{draw(values(depth=0))}" for index in range(2)]
    return "{" + ",".join(pairs) + "}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for table in range(draw(st.integers(0, 3))):
        head = draw(st.sampled_from([f"[t{table}]", f'[ t{table} . "a.b" ]', f"[['t{table}']]", f"[t{table}.x.y]", ""]))
        lines.append(head)
        for key in range(draw(st.integers(0, 3))):
            name = draw(st.sampled_from([f"n{table}{key}", f'"n {table}{key}"', f"d{table}{key} . 'e'"]))
            lines.append(f"{draw(BLANK)}{name}{draw(BLANK)}={draw(BLANK)}{draw(values())}{draw(GAP)}")
    return "\n".join(lines)


def _members(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    yield path, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _members(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _members(item, (*path, index))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(documents())
def test_what_stands_at_the_place_of_a_value_is_that_value(text: str) -> None:
    places = Places(text)
    lines = text.split("\n")

    for path, value in _members(tomllib.loads(text)):
        if not path:
            continue
        place = places.value(path)
        assert place is not None, path
        if isinstance(value, (dict, list)) and lines[place.line - 1].lstrip().startswith("["):
            continue
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        if not isinstance(value, dict) or rest.startswith("{"):
            assert _read(rest) == value


def _read(rest: str) -> object:
    """The value that a text begins with: the shortest beginning that is one, and is followed by no more of it."""
    for end in range(1, len(rest) + 1):
        if rest[end : end + 1] in ("", "\n", ",", "]", "}", "#", " ", "\t"):
            try:
                return tomllib.loads(f"x = {rest[:end]}")["x"]
            except tomllib.TOMLDecodeError:
                continue
    return None
