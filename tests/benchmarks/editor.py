"""Compares the language server with Red Hat's yaml-language-server, both with our JSON Schema, over the same wire.

Start: from the start of the process to its answer to ``initialize``, and to the first diagnostics. Keystroke: from the
change that is sent to the diagnostics that come for it, one character at a time. Memory: resident, after 1,000 such
edits of the larger file, of which twenty come at once. The runs of both alternate, so that a busy machine slows both
alike: look at the ratios, not at the times. The peer waits 200 ms after each change before it looks at the file; that
is its own decision, and in.

    npm install --prefix /tmp/peer yaml-language-server
    python tests/benchmarks/editor.py --peer /tmp/peer/node_modules/.bin/yaml-language-server

``--built-in lsp/vscode/dist`` takes the server inside the extension along, as a process of Node with a thread.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parent.parent.parent
sys.path.insert(0, str(TOP / "tests"))

from lsp.client import Client  # noqa: E402

SCHEMA = TOP / "linter/devbox_lint/customization/schemas/imagedefinition.json"
URI = "file:///benchmark/imagedefinition.yaml"
CAPABILITIES = {
    "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
    "textDocument": {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}},
}
_HEAD = """\
$schema: 1.0
name: web-frontend
description: the image of the web team 😀
image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2
tasks:
"""
_TASK = """\
  - name: ~/winget
    displayName: Install package {number}
    parameters:
      package: Contoso.Package{number}
  - name: ~/powershell
    displayName: Set up {number}
    parameters:
      command: |
        $folder = "C:\\Workspaces\\{number}"
        New-Item -ItemType Directory -Force -Path $folder
        git -C $folder config core.longpaths true
"""
#: Where a character is typed and taken away again: the end of the description.
_LINE = 2


class Contender(NamedTuple):
    """A server: what it is called, and how it is started."""

    name: str
    command: tuple[str, ...]


class Typed(NamedTuple):
    """Milliseconds from each keystroke to its diagnostics, and resident memory in MiB at the end."""

    milliseconds: list[float]
    memory: float

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def worst(self) -> float:
        """The 99th percentile."""
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.99) - 1]


def text_of(lines: int) -> str:
    """A file of about that many lines, the last of which is a mistake that both servers find."""
    text = _HEAD
    number = 0
    while text.count("\n") < lines - 1:
        number += 1
        text += _TASK.format(number=number)
    return "\n".join(text.split("\n")[: lines - 1]) + "\nbuildProperties: 3\n"


@contextmanager
def started(contender: Contender) -> Iterator[tuple[Client, float]]:
    """A server that is initialized, and after how many milliseconds it was."""
    settings = {
        "validate": True,
        "schemas": {SCHEMA.as_uri(): ["imagedefinition.yaml"]},
        "schemaStore": {"enable": False},
    }
    before = time.perf_counter()
    with Client(contender.command) as client:
        client.answers["workspace/configuration"] = lambda params: [
            settings if item.get("section") == "yaml" else None for item in params["items"]
        ]
        client.initialize(CAPABILITIES)
        yield client, (time.perf_counter() - before) * 1000
        client.shut_down()


def start(contender: Contender) -> tuple[float, float]:
    """Milliseconds from the start of a process to the answer, and to the first diagnostics of a short file."""
    before = time.perf_counter()
    with started(contender) as (client, milliseconds):
        client.open(URI, text_of(60))
        while not client.published(URI):
            pass
        return milliseconds, (time.perf_counter() - before) * 1000


def type_in(contender: Contender, lines: int, edits: int, at_once: int = 1) -> Typed:
    """Type and take away a character, ``edits`` times in all, and wait for diagnostics after ``at_once`` of them."""
    text = text_of(lines)
    column = len(text.split("\n")[_LINE].encode("utf-16-le")) // 2
    milliseconds = []
    with started(contender) as (client, _):
        client.open(URI, text)
        while not client.published(URI):
            pass
        for edit in range(edits):
            start_, end = (column, column) if edit % 2 == 0 else (column, column + 1)
            place = {"start": {"line": _LINE, "character": start_}, "end": {"line": _LINE, "character": end}}
            before = time.perf_counter()
            client.change(URI, edit + 2, {"range": place, "text": "x" if edit % 2 == 0 else ""})
            if (edit + 1) % at_once == 0:
                found = client.published(URI)
                milliseconds.append((time.perf_counter() - before) * 1000)
                assert found, "the mistake at the end of the file is gone"
        return Typed(milliseconds, _resident(client.process.pid))


def _resident(process: int) -> float:
    """The resident memory of a process in MiB, by Linux."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1024


def main(arguments: Sequence[str]) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, metavar="PATH", help="the program yaml-language-server")
    parser.add_argument("--edits", type=int, default=200, help="edits of each file; default: 200")
    parser.add_argument("--starts", type=int, default=7, help="starts of each server; default: 7")
    parser.add_argument("--built-in", metavar="FOLDER", help="the `dist` of the packaged extension for VS Code")
    options = parser.parse_args(arguments)
    all_ = [
        Contender("devbox-lint", (sys.executable, "-m", "devbox_lint", "server")),
        Contender("yaml-language-server", (options.peer, "--stdio")),
    ]
    if options.built_in:
        bridge = str(Path(__file__).with_name("built_in_server.mjs"))
        all_.append(Contender("built-in", ("node", bridge, options.built_in)))
    starts = [[start(contender) for contender in all_] for _ in range(options.starts)]
    rows = [
        (
            f"start to {what}, median ms",
            [statistics.median(one[which] for one in each) for each in zip(*starts, strict=True)],
        )
        for which, what in enumerate(("initialized", "first findings"))
    ]
    for lines in (60, 2000):
        typed = [type_in(contender, lines, options.edits) for contender in all_]
        rows.append((f"keystroke, {lines} lines, median ms", [one.median for one in typed]))
        rows.append((f"keystroke, {lines} lines, 99% ms", [one.worst for one in typed]))
    memory = [type_in(contender, 2000, 1000, at_once=20).memory for contender in all_]
    rows.append(("memory after 1,000 edits, MiB", memory))
    print(f"{'':34}" + "".join(f"{contender.name:>22}" for contender in all_))
    for name, values in rows:
        print(f"{name:34}" + "".join(f"{value:14.1f} ({value / values[0]:5.2f})" for value in values))


if __name__ == "__main__":
    main(sys.argv[1:])
