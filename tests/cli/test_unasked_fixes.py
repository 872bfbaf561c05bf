"""A rule may leave its repairs to those who ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import lint

TEXT = (
    '$schema: "1.0"\nname: mine\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n'
    "  - name: ~/winget\n    parameters:\n        package: Microsoft.Azd\n"
)


@pytest.mark.parametrize(
    ("options", "moved"),
    [
        ((), False),
        (("--extend-select", "DBX011"), True),
        (("--select", "inconsistent-indentation"), True),
        (("--select", "ALL"), True),
        (("--unsafe-fixes",), True),
    ],
)
def test_indentation_that_works_is_moved_only_when_asked_for(
    tmp_path: Path, options: tuple[str, ...], moved: bool
) -> None:
    file = tmp_path / "workload.yaml"
    file.write_text(TEXT, "utf-8")
    lint(tmp_path, "check", "--no-cache", "--isolated", "--fix", *options, "workload.yaml")

    assert (file.read_text("utf-8") == TEXT.replace("        package", "      package")) is moved


def test_the_settings_can_ask_for_it(tmp_path: Path) -> None:
    file = tmp_path / "workload.yaml"
    file.write_text(TEXT, "utf-8")
    (tmp_path / "devbox-lint.toml").write_text('extend-select = ["DBX011"]\n', "utf-8")
    lint(tmp_path, "check", "--no-cache", "--fix", "workload.yaml")

    assert file.read_text("utf-8") == TEXT.replace("        package", "      package")
