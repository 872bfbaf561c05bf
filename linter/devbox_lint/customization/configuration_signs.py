"""What in a file says that it is a WinGet configuration.

Its content decides, for any name may be given to `winget configure`; a name of its own asks for less. Both shapes
count: that of schema 0.1 and 0.2, with `properties`, and that of DSC v3, with `resources` at the root.
"""

from __future__ import annotations

import re

from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence, items_of, resolve

# `$schema` of DSC v3: all addresses under which its schemas are found.
_DSC_SCHEMA = lazy(r"https?://(?:raw\.githubusercontent\.com/PowerShell/DSC/|aka\.ms/dsc/)", re.IGNORECASE)
_RESOURCE = lazy(r"\s*[A-Za-z][\w.-]*/[A-Za-z]\w*\s*")
_VERSION = lazy(r"v?[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}")
_UNIT_KEYS = frozenset(("settings", "directives", "dependson"))
_SECTIONS = ("resources", "assertions")
#: Keys of templates and manifests that have `properties` or `resources` too.
_FOREIGN_KEYS = frozenset((
    "apiversion", "heat_template_version", "kind", "manifesttype", "openapi", "packageidentifier", "packages",
    "sources", "swagger",
))  # fmt: skip
# What the lines of a file show that YAML cannot parse.
_LINES = lazy(
    r"^[ \t]*(?:#[^\r\n]*configuration-dsc-schema|configurationVersion[ \t]*:[ \t]*[\"']?[0-9]"
    r"|\$schema:[ \t]*[\"']?https?://(?:raw\.githubusercontent\.com/PowerShell/DSC/|aka\.ms/dsc/)"
    r"|-?[ \t]*resource[ \t]*:[ \t]*[\"']?[A-Za-z][\w.-]*/[A-Za-z]\w*[\"']?[ \t]*$)",
    re.MULTILINE,
)


def is_configuration(name: str, root: Node | None, document: Document, is_named: bool) -> bool:
    """Whether a file is a WinGet configuration.

    ``name`` is its own in lower case, without `.yaml` or `.yml`; ``is_named`` says that it is one of configurations.
    """
    if isinstance(root, Sequence):
        # Some are put together from lists of resources.
        return any(_is_unit(item) for item in items_of(root))
    if isinstance(root, Mapping):
        if _is_foreign(root):
            return False
        if _has_old_shape(root) or _has_new_shape(root, is_named):
            return True
    elif isinstance(root, Scalar) and not document.problems:
        return False
    if document.problems and _LINES.search(document.source.text) is not None:
        return True
    return name.endswith(".winget")


def _has_old_shape(root: Mapping) -> bool:
    for entry in root.entries:
        value = resolve(entry.value)
        if not isinstance(value, Mapping):
            key = (entry.name or "").lower()
            if (key == "configurationversion" and _is_version(value)) or (key in _SECTIONS and _has_units(value)):
                return True
            continue
        for inner in value.entries:
            key = (inner.name or "").lower()
            node = resolve(inner.value)
            if key == "configurationversion" and _is_version(node) and not _is_foreign(value):
                return True
            if key in _SECTIONS and _has_units(node):
                return True
    return False


def _is_foreign(mapping: Mapping) -> bool:
    return any(name.lower() in _FOREIGN_KEYS for name in mapping.names)


def _is_version(node: Node) -> bool:
    return isinstance(node, Scalar) and (node.is_null or _VERSION.fullmatch(node.value) is not None)


def _has_units(node: Node) -> bool:
    return any(_is_unit(item) for item in items_of(node))


def _is_unit(node: Node) -> bool:
    if not isinstance(node, Mapping):
        return False
    resource = node.scalar("resource")
    if resource is None or not _RESOURCE.fullmatch(resource.value):
        return False
    return any(name.lower() in _UNIT_KEYS for name in node.names)


def _has_new_shape(root: Mapping, is_named: bool) -> bool:
    schema = root.scalar("$schema")
    if schema is not None:
        if not _DSC_SCHEMA.match(schema.value):
            return False
        is_named = True
    metadata = root.mapping("metadata")
    if not is_named and (metadata is None or "winget" not in metadata.names):
        return False
    if schema is not None and "resources" not in root.names:
        return True
    return any(
        isinstance(item, Mapping)
        and (kind := item.scalar("type")) is not None
        and "/" in kind.value
        and "apiVersion" not in item.names
        for item in items_of(root.get("resources"))
    )
