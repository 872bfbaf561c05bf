"""Somebody who types in VS Code with its defaults, as far as completion goes.

After each character VS Code filters the list that is open, or asks for one; a list that is incomplete is asked for
again. Enter takes the first of the list, whatever was typed, and begins a new line only where no list is open:
`editor.acceptSuggestionOnEnter` is `on`. The new line is indented as the one before it, and two columns more after
a line that ends with a colon (`increaseIndentPattern` of its YAML extension).
"""

from __future__ import annotations

import re
from typing import Any

from lsp.client import Client

#: Capabilities of VS Code that matter here.
CAPABILITIES = {
    "textDocument": {
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": ["markdown", "plaintext"],
                "insertTextModeSupport": {"valueSet": [1, 2]},
            }
        }
    }
}
_TAB_STOP = re.compile(r"\$\{\d+(?:\|([^,|]*)[^|]*\||:((?:[^}$\\]|\\.)*)|)\}|\\([\\$}])")


class Person:
    """One document that is typed; ``text`` is what it holds."""

    def __init__(self, client: Client, uri: str, text: str = "") -> None:
        self._client = client
        self.uri = uri
        self._version = 1
        self.text = text
        self.offset = len(text)
        self.list: list[dict[str, Any]] = []
        client.open(uri, text)

    def type(self, text: str) -> None:
        """Write a text, with Enter at the end of its lines; a column that the editor does not choose is corrected."""
        lines = text.split("\n")
        for number, line in enumerate(lines):
            characters = list(line)
            if number:
                self.enter()
                # Backspace or blanks bring the cursor to the column that is meant.
                start = self.text.rfind("\n", 0, self.offset) + 1
                if not self.text[start : self.offset].strip():
                    wanted = len(line) - len(line.lstrip(" "))
                    self.text = self.text[:start] + " " * wanted + self.text[self.offset :]
                    self.offset = start + wanted
                    self._changed()
                    del characters[:wanted]
            for character in characters:
                self.press(character)

    def press(self, character: str) -> None:
        """Type one character."""
        self.text = self.text[: self.offset] + character + self.text[self.offset :]
        self.offset += 1
        self._changed()
        if character.isspace():
            self.list = []
        else:
            self.ask()

    def ask(self) -> list[dict[str, Any]]:
        """Ask for completion; what the list shows, best first."""
        before = self.text[: self.offset]
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        found = self._client.request(
            "textDocument/completion", {"textDocument": {"uri": self.uri}, "position": position}
        )
        ranked = []
        for item in found["items"] if found else ():
            start = item["textEdit"]["range"]["start"]["character"]
            word = before[before.rfind("\n") + 1 + start :]
            wanted = item.get("filterText", item["label"])
            if _is_part(word.lstrip().lower(), wanted.lstrip().lower()):
                is_start = wanted.lower().startswith(word.lower())
                ranked.append(((wanted.lower() != word.lower(), not is_start, item["sortText"]), item))
        self.list = [item for _, item in sorted(ranked, key=lambda each: each[0])]
        return self.list

    def enter(self) -> None:
        """Press Enter."""
        if self.list:
            self.accept(self.list[0])
            return
        before = self.text[: self.offset]
        line = before[before.rfind("\n") + 1 :]
        indent = line[: len(line) - len(line.lstrip(" "))]
        if re.search(r"(?::|-) ?$", line):
            indent += "  "
        self.text = before + "\n" + indent + self.text[self.offset :]
        self.offset += 1 + len(indent)
        self._changed()

    def accept(self, item: dict[str, Any]) -> None:
        """Take an item; what has a place to be filled in gets what the place offers."""
        edit = item["textEdit"]
        start = self.text.rfind("\n", 0, self.offset) + 1
        first, last = (start + edit["range"][end]["character"] for end in ("start", "end"))
        new = edit["newText"]
        if item.get("insertTextFormat") == 2:
            new = _TAB_STOP.sub(lambda match: match[1] or match[2] or match[3] or "", new)
        if item.get("insertTextMode") == 2:
            line = self.text[start:first]
            new = new.replace("\n", "\n" + line[: len(line) - len(line.lstrip(" "))])
        self.text = self.text[:first] + new + self.text[last:]
        self.offset = first + len(new)
        self.list = []
        self._changed()

    def _changed(self) -> None:
        self._version += 1
        self._client.change(self.uri, self._version, self.text)


def _is_part(word: str, wanted: str) -> bool:
    characters = iter(wanted)
    return all(character in characters for character in word)
