"""Whether what the list offers is right: every item at many places, accepted, and what the linter says after that.

The places are drawn at random: the cursor in a file, a file that ends at the cursor, and a line that does.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from devbox_lint.customization.kinds import Kind
from devbox_lint.source import SourceFile
from lsp.client import Client
from lsp.person import Person
from support import Files

NAMES = {
    Kind.IMAGE: "imagedefinition.yaml",
    Kind.USER: "workload.yaml",
    Kind.TASK: "task.yaml",
    Kind.CONFIGURATION: "tools.winget",
}
#: Keys that are not documented, which the list marks and has last.
MARKED = frozenset(("extends", "condition", "required"))
#: A parameter or setting is missing that the item itself asks for.
_MISSING = frozenset(("DBX205", "DBX206", "DBX209", "DBX810", "DBX816", "DBX819"))
#: A file lacks what it cannot be without, which is said once it is one.
_LACKS = frozenset(("DBX101", "DBX102", "DBX103", "DBX107", "DBX109"))
_EMPTY = frozenset(("DBX118", "DBX808"))
#: A value that another line holds is not for the task that is named now.
_OF_VALUE = frozenset(("DBX207", "DBX215"))
_EMPTY_END = re.compile(r":\s*(\$\{\d\})?\s*\Z")
NUMBERS = count()


class Place(NamedTuple):
    """A cursor in a text; ``whole`` is the text of the file that it was made of."""

    kind: Kind
    text: str
    offset: int
    whole: str
    origin: str


class Tally:
    """What came of it: how many places and items there were, and how many findings of which sort."""

    def __init__(self) -> None:
        self.places = 0
        self.items = 0
        self.sorts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def __str__(self) -> str:
        sorts = ", ".join(f"{number} {sort}" for sort, number in sorted(self.sorts.items()))
        return f"{self.places} places, {self.items} items accepted, {len(self.wrong)} wrong; {sorts}"


def text_of(data: bytes) -> str:
    """A file as it is typed: VS Code takes blanks away from lines that hold nothing else."""
    text = SourceFile.from_bytes("x", data).text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line if line.strip() else "" for line in text.split("\n"))


def places(files: Files, number: int, seed: int) -> Iterator[Place]:
    """So many places, as many of each kind of file."""
    draw = random.Random(seed)
    kinds = [kind for kind in NAMES if any(file.kind is kind for file in files)]
    for _ in range(number):
        kind = draw.choice(kinds)
        file = draw.choice([file for file in files if file.kind is kind])
        whole = text_of(file.data)[:6000]
        offset = draw.randrange(len(whole) + 1)
        before, after = whole[:offset], whole[offset:]
        rest = draw.choice((after, "", "\n" + after.partition("\n")[2]))
        yield Place(kind, before + rest, offset, whole, f"{file.path}:{offset}")


def try_all(client: Client, place: Place, tally: Tally) -> None:
    """Accept each item that is offered at a place."""
    tally.places += 1
    writer = _opened(client, place)
    offered = writer.ask()
    before = _codes(client.pulled(writer.uri)) if offered else Counter()
    outline = client.request("textDocument/documentSymbol", {"textDocument": {"uri": writer.uri}}) if offered else None
    client.close(writer.uri)
    if not offered:
        return
    whole = _opened(client, place._replace(text=place.whole))
    known = before | _codes(client.pulled(whole.uri))
    client.close(whole.uri)
    is_begun = not outline or any(code in before for code in ("DBX001", "DBX002"))
    for item in offered:
        tally.items += 1
        _try(client, place, item, known, tally, is_begun)


def _try(client: Client, place: Place, item: dict[str, Any], known: Counter[str], tally: Tally, is_begun: bool) -> None:
    writer = _opened(client, place)
    writer.accept(item)
    after = client.pulled(writer.uri)
    client.close(writer.uri)
    last = writer.text.count("\n", 0, writer.offset)
    for code, number in _codes(after).items():
        if number <= known[code]:
            continue
        found = [each for each in after if each["code"] == code]
        said = " / ".join(each["message"] for each in found)
        is_here = any(each["range"]["start"]["line"] == last for each in found)
        if code == "DBX117" and item["label"] in MARKED:
            tally.sorts["of marked keys"] += 1
        elif code in _EMPTY and is_here and _EMPTY_END.search(item["textEdit"]["newText"]):
            tally.sorts["of the value that is to be written"] += 1
        elif code == "DBX901" and item["sortText"].startswith("z"):
            tally.sorts["of a rule that finds nothing there"] += 1
        elif code in _MISSING:
            tally.sorts["of a missing parameter"] += 1
        elif code in _LACKS and is_begun:
            tally.sorts["of what the file that is begun lacks"] += 1
        elif code in _OF_VALUE and not is_here:
            tally.sorts["of a value that was there"] += 1
        elif not is_begun or is_here:
            line = writer.text.split("\n")[last]
            tally.wrong.append(f"{place.origin}: {item['label']} gives {code} {said!r} in {line!r}")


def _opened(client: Client, place: Place) -> Person:
    writer = Person(client, f"file:///nowhere/offered-{next(NUMBERS)}/{NAMES[place.kind]}", place.text)
    writer.offset = place.offset
    return writer


def _codes(diagnostics: list[dict[str, Any]]) -> Counter[str]:
    return Counter(each["code"] for each in diagnostics)
