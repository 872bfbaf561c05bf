"""Which kind of file a file is, by its name, its place and its content.

Only `imagedefinition.yaml` says by its name what it is. All other names are shared with other products or free,
so that their content must convince: each sign of ours gives points, each key of another format takes some, and
the better the name fits, the fewer points are asked for.
"""

from __future__ import annotations

import re
from enum import Enum

from devbox_lint.customization.classification import (
    FOREIGN_KEYS,
    SETUP_KEYS,
    TASK_KEYS,
    TEAM_KEYS,
    Shape,
    points_of_entries,
)
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence, resolve


class Kind(Enum):
    """The files that Dev Box reads, and what they run and apply; the value is the word that people write."""

    IMAGE = "imagedefinition"
    USER = "user"
    TASK = "task"
    #: A `.ps1` that a file of ours runs: which does is for :meth:`Catalog.script_uses` to say.
    SCRIPT = "script"
    #: A WinGet configuration.
    CONFIGURATION = "configuration"

    # Enum's own hashes the name in Python, and each rule asks for each file.
    __hash__ = object.__hash__


#: What the names of WinGet configurations end in, without `.yaml` or `.yml`.
ENDINGS = (".winget", ".dsc")
#: What a file is that says nothing against its name.
_KIND_OF_NAME = {"task": Kind.TASK, "workload": Kind.USER}
#: How many points convince, by the name without its suffix.
_POINTS_ASKED = {"task": 3, "workload": 3, "devbox": 2}
_POINTS_ASKED_OF_ANY_NAME = 5

# The first line with content of a script, a web page or a diff that was saved under one of our names.
_ACCIDENT = lazy(
    r"(?:[ \t]*(?:#[^\r\n]*)?[\r\n])*+[ \t]*"
    r"(?:param[ \t]*\(|\[CmdletBinding|function[ \t]+[\w-]+[ \t]*[({\r\n]|\$[\w:]+[ \t]*=|<#|try[ \t]*\{"
    r"|(?:if|foreach)[ \t]*\(|(?:Write|Set|Get|New|Install|Invoke|Start|Import|Add|Remove|Copy)-[A-Za-z]+[ \t\r\n]"
    r"|(?:winget|choco)[ \t]+install|using[ \t]+namespace|@echo[ \t]+off"
    r"|<!DOCTYPE|<html|diff --git |--- a/)",
    re.IGNORECASE,
)


def classify(path: str, document: Document) -> Kind | None:
    """The kind of a file, None where it is not ours.

    ``path`` is as the user gave it; where it is empty or has no name of ours, the content decides.
    """
    name = stem_of(path)
    if document.is_script:
        return None
    root = None if document.root is None else resolve(document.root)
    is_named = name.endswith(ENDINGS)
    kind = None if is_named else _customization(name, root, document)
    if kind is None:
        # Imported here: what is a customization is no configuration.
        from devbox_lint.customization.configuration_signs import is_configuration

        kind = Kind.CONFIGURATION if is_configuration(name, root, document, is_named) else None
    return kind


def stem_of(path: str) -> str:
    """The name of a file in lower case, without folder and `.yaml` or `.yml`.

    It is empty where the name is not that of a YAML file or of a WinGet configuration, which keeps its `.winget`.
    """
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    stem, _, suffix = name.rpartition(".")
    return stem if suffix in ("yaml", "yml") else name if suffix == "winget" else ""


def _customization(name: str, root: Node | None, document: Document) -> Kind | None:
    if name == "imagedefinition" or name.endswith(".imagedefinition"):
        return None if _is_something_else(root, document) else Kind.IMAGE
    if isinstance(root, Sequence):
        # Built-in tasks under no key; lists of plays, jobs or hooks have no `~/`.
        return _KIND_OF_NAME.get(name, Kind.USER) if points_of_entries(root.items) >= 5 else None
    text = document.source.text
    if root is None and not text.strip():
        return _KIND_OF_NAME.get(name)
    if isinstance(root, Mapping) or document.problems:
        kind = _by_keys(name, _shape(root, document))
        if kind is not None:
            return kind
    if (document.problems or isinstance(root, Scalar)) and _ACCIDENT.match(text):
        return _KIND_OF_NAME.get(name)
    return None


def _by_keys(name: str, shape: Shape) -> Kind | None:
    keys = shape.names
    if name == "task":
        # A name and nothing else is a task being begun: no other format has that for a whole file.
        # Where it holds tasks, its name still decides: the service goes by it.
        if keys == {"name"} or shape.task_points >= 3 or shape.setup_points >= _POINTS_ASKED[name]:
            return Kind.TASK
        return None
    if keys & TASK_KEYS and shape.task_points >= _POINTS_ASKED_OF_ANY_NAME + 1:
        return Kind.TASK
    asked = _POINTS_ASKED.get(name)
    if asked is None and keys.isdisjoint(SETUP_KEYS):
        return None
    if shape.setup_points < (asked or _POINTS_ASKED_OF_ANY_NAME):
        return None
    return Kind.USER if name == "workload" or keys.isdisjoint(TEAM_KEYS) else Kind.IMAGE


def _is_something_else(root: Node | None, document: Document) -> bool:
    """Whether a file with a team file's name is certainly of another product."""
    if isinstance(root, Sequence):
        return any(isinstance(item, Mapping) and {"hosts", "roles"} & set(item.names) for item in root.items)
    if not isinstance(root, Mapping) or not SETUP_KEYS.isdisjoint(root.names):
        return False
    shape = _shape(root, document)
    if shape.names & SETUP_KEYS or shape.schema_points > 0:
        return False
    return bool(shape.names & FOREIGN_KEYS) or shape.has_foreign_collection or shape.is_environment


def _shape(root: Node | None, document: Document) -> Shape:
    shape = Shape(root if isinstance(root, Mapping) else None)
    if document.problems:
        shape.add_text(document.source.text)
    return shape
