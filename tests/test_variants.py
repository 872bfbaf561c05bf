"""Small files, each with one mistake that people make, written in another way than the examples of the rules.

``variants.txt`` and, for WinGet configurations, ``variants-winget.txt`` have them: a line with a name, the file's path
and all that is found (code and line, warnings and errors only), then the text. ``@team``, ``@user``, ``@task``, ``@v2``
and ``@v3`` (the two shapes of configurations) stand for the lines that such a file starts with,
``--- PATH`` starts another file beside it. Of some the text has CRLF line breaks, or none at the end.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from devbox_lint.configuration.units import V3_SCHEMA
from devbox_lint.customization.catalog import Catalog
from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.results import folded
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from doubles import GivenFiles

FILES = ("variants.txt", "variants-winget.txt")
HEADS = {
    "@team\n": '$schema: "1.0"\nname: web-team\nimage: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n',
    "@user\n": '$schema: "1.0"\nname: mine\n',
    "@task\n": '$schema: "1.0"\nname: own-task\n',
    "@v2\n": "properties:\n  configurationVersion: 0.2.0\n  resources:\n",
    "@v3\n": f"$schema: {V3_SCHEMA}\nmetadata: {{winget: {{processor: dscv3}}}}\nresources:\n",
}


class Variant(NamedTuple):
    """``found`` are the codes and lines of what is said of the file ``path``."""

    name: str
    path: str
    found: tuple[str, ...]
    files: dict[str, str]


def variants() -> list[Variant]:
    found = []
    texts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in FILES]
    for block in [block for text in texts for block in text.split("\n=== ")[1:]]:
        first, _, text = block.partition("\n")
        name, path, *words = first.split(" ")
        text += "\n"
        for head, lines in HEADS.items():
            text = text.replace(head, lines, 1) if text.startswith(head) else text
        own, *others = text.split("\n--- ")
        files = {path: own if "open" in words else own.rstrip("\n") + "\n"}
        if "open" in words:
            files[path] = own.rstrip("\n")
        for other in others:
            beside, _, content = other.partition("\n")
            files[beside] = content.rstrip("\n") + "\n"
        if "crlf" in words:
            files = {key: value.replace("\n", "\r\n") for key, value in files.items()}
        found.append(Variant(name, path, tuple(word for word in words if word not in ("crlf", "open")), files))
    return found


VARIANTS = variants()


def test_there_are_as_many_as_before() -> None:
    assert len(VARIANTS) >= 200
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_the_mistake_alone_is_told(variant: Variant) -> None:
    source = SourceFile(variant.path, variant.files[variant.path])

    result = check(source, RULES, catalog=Catalog(GivenFiles(variant.files)))

    said = [item for item in folded(result.diagnostics) if item.severity > Severity.INFO]
    places = [f"{item.code}:{source.position(item.span.start).line + 1}" for item in said]
    assert sorted(places) == sorted(variant.found), [item.message for item in said]
