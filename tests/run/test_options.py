"""A command line of paths alone means what it means to the parser of options."""

from __future__ import annotations

import pytest

from devbox_lint.cli.arguments import command_line
from devbox_lint.run.options import without_options


@pytest.mark.parametrize("arguments", [[], ["check"], ["a.yaml"], ["check", "a.yaml", "b"], ["check", "check"]])
def test_paths_alone_give_the_same_options(arguments: list[str]) -> None:
    options = without_options(arguments)

    assert options is not None
    assert vars(options) == vars(command_line(arguments))


@pytest.mark.parametrize("arguments", [["-"], ["check", "--fix", "a"], ["rules"], ["rule", "DBX101"], ["--help"]])
def test_anything_else_is_left_to_the_parser(arguments: list[str]) -> None:
    assert without_options(arguments) is None
