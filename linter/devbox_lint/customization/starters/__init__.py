"""The files that somebody begins with, one of each kind: what stands between two `@` in them is filled in."""

from __future__ import annotations

import os
import re

from devbox_lint.customization.begun import KIND_OF_STEM
from devbox_lint.customization.kinds import Kind
from devbox_lint.escaping import neutralise

_FOLDER = os.path.dirname(__file__)
_FILES = {
    Kind.IMAGE: "imagedefinition.yaml",
    Kind.USER: "workload.yaml",
    Kind.TASK: "task.yaml",
    Kind.CONFIGURATION: "configuration.winget",
}


def first_file(kind: Kind, path: str, name: str) -> str:
    """The text of a new file of a kind that is no script, at ``path``; ``name`` is what it calls itself."""
    return filled(_FOLDER, _FILES[kind], {"name": name, "file": neutralise(os.path.basename(path))})


def first_script() -> str:
    """The text of the script beside a new task definition."""
    return filled(_FOLDER, "task.ps1", {})


def name_for(path: str, kind: Kind) -> str:
    """A name that the service takes, after the folder or, where the file's own name says more, after that."""
    absolute = os.path.abspath(path)
    stem = os.path.basename(absolute).rpartition(".")[0]
    if kind is Kind.TASK or stem.lower() in KIND_OF_STEM:
        stem = os.path.basename(os.path.dirname(absolute))
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem).strip("-_.")[:60]
    # Alone these would be a number or a truth to YAML, or too short for the service.
    is_text = len(name) >= 3 and not name[0].isdigit() and name.lower() not in ("true", "false", "null", "yes", "off")
    return name if is_text else f"my-{name or kind.value}"


def filled(folder: str, source: str, values: dict[str, str]) -> str:
    """The text of a file, with the values for what it leaves open by their names in lower case."""
    with open(os.path.join(folder, source), encoding="utf-8") as stream:
        return re.sub(r"@([A-Z]+)@", lambda found: values[found[1].lower()], stream.read())
