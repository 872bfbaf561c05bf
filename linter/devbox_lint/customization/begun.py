"""What a file that somebody begins to write is to become: its name says it, where nothing in it says otherwise."""

from __future__ import annotations

from devbox_lint.customization.kinds import ENDINGS, Kind, stem_of
from devbox_lint.customization.schema import load_schema
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Scalar, resolve

#: The kinds of files by the names that people give them, without folder and suffix.
KIND_OF_STEM = {"imagedefinition": Kind.IMAGE, "workload": Kind.USER, "devbox": Kind.USER, "task": Kind.TASK}


def kind_of_stem(stem: str) -> Kind | None:
    """The kind of a file by its name, as :func:`stem_of` gives it."""
    return Kind.CONFIGURATION if stem.endswith(ENDINGS) else KIND_OF_STEM.get(stem)


def begun_kind(path: str, document: Document) -> Kind | None:
    """The kind that the name of a file has, None where the file holds what that kind does not.

    One key may be unknown: it is being written.
    """
    kind = kind_of_stem(stem_of(path))
    root = None if document.root is None else resolve(document.root)
    if kind is None or isinstance(root, Scalar) or root is None:
        return kind
    if not isinstance(root, Mapping):
        return None
    known = load_schema(kind)["properties"]
    return kind if sum(name not in known for name in root.names) <= 1 else None
