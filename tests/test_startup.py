"""Our NamedTuple is that of `typing`."""

from __future__ import annotations

import pickle
import typing

import pytest

from devbox_lint import diagnostics
from devbox_lint.diagnostics import Diagnostic, Severity, Span
from devbox_lint.startup import NamedTuple


class Ours(NamedTuple):
    """A place."""

    start: int
    names: tuple[str, ...] = ()

    @property
    def double(self) -> int:
        """Twice the start."""
        return 2 * self.start

    def __repr__(self) -> str:
        return f"Ours at {self.start}"


class Theirs(typing.NamedTuple):
    """A place."""

    start: int
    names: tuple[str, ...] = ()


def test_it_has_what_theirs_has() -> None:
    for name in ("_fields", "_field_defaults", "__doc__", "__module__", "__bases__", "__match_args__"):
        assert getattr(Ours, name) == getattr(Theirs, name)
    assert Ours.__qualname__ == "Ours"
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert Ours(3) == Theirs(3) == (3, ())
    assert Ours(3)._replace(names=("a",)).names == ("a",)


def test_methods_are_kept() -> None:
    assert Ours(2).double == 4
    assert repr(Ours(2)) == "Ours at 2"


def test_it_takes_its_fields_alone() -> None:
    with pytest.raises(TypeError):
        Ours(1, (), 3)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Ours(1).start = 2  # type: ignore[misc]


def test_a_diagnostic_goes_from_one_process_to_another() -> None:
    diagnostic = Diagnostic("DBX101", "x", Severity.ERROR, Span(0, 1), "no `image`", "https://example.com")
    assert type(diagnostic).__module__ == diagnostics.__name__
    assert pickle.loads(pickle.dumps(diagnostic)) == diagnostic
