"""Somebody who types in VS Code with its defaults, and never looks up from the keyboard.

Each key is one change that the server hears of. What VS Code does by itself is done here as it does it:

- it closes quotes and brackets, and what it closed is written over (`autoClosingBrackets`, `autoClosingQuotes`);
- Enter keeps the columns of a line and goes further right after an open bracket (`autoIndent` is `advanced` for YAML);
  with ``indents`` it does so after a colon or a dash, too, by the rules of the YAML extension's language configuration;
  blanks that it wrote into a line that stays empty go (`trimAutoWhitespace`);
- it asks for completion at each word that begins and after the server's trigger characters (`quickSuggestions`, which
  are on in the strings of YAML), asks again while a list is incomplete, and filters what it has by the line;
- Enter accepts what is marked wherever a list is open (`acceptSuggestionOnEnter`), and so does a commit character.

Two things are left out: comments, in which it does not ask unless a trigger character is typed (here it asks there,
too), and the words of the document that it offers itself where a server offers nothing.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lsp.client import Client
from lsp.ranking import Choice, chosen, ranked

#: Capabilities of VS Code that matter here.
CAPABILITIES = {
    "textDocument": {
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "commitCharactersSupport": True,
                "documentationFormat": ["markdown", "plaintext"],
                "preselectSupport": True,
                "insertTextModeSupport": {"valueSet": [1, 2]},
            }
        },
        "diagnostic": {},
    }
}
#: How VS Code indents in YAML.
TAB = 2
_TAB_STOP = re.compile(r"\$\{\d+(?:\|([^,|]*)[^|]*\||:((?:[^}$\\]|\\.)*)|)\}|\$\d+|\\([\\$}])")
_WORD = re.compile(r"-?\d*\.\d\w*|[^`~!@#%^&*()\-=+\[{\]}\\|;:'\",.<>/?\s$]+")
_NUMBER = re.compile(r"[\d.]+|0[xX][\da-fA-F]+")
_PAIRS = {"{": "}", "[": "]", "(": ")", '"': '"', "'": "'"}
_CLOSED_BEFORE = ";:.,=}])> \n\t"
_SEPARATORS = frozenset("`~!@#$%^&*()-=+[{]}\\|;:'\",.<>/?")
# `increaseIndentPattern` of the language configuration.
_INCREASES = re.compile(r"^\s*.*(:|-) ?(&amp;\w+)?(\{[^}\"']*|\([^)\"']*)?$")


class _Word(NamedTuple):
    """The word before the cursor, by offsets; both are the cursor's where there is none."""

    start: int
    end: int


class _Session(NamedTuple):
    """A list that is open: what was offered for which offset, and the word and the place of the newest question."""

    items: list[tuple[dict[str, Any], int]]
    is_incomplete: bool
    word: _Word
    place: int


class Person:
    """One document that is typed; ``text`` is what it holds."""

    def __init__(self, client: Client, uri: str, text: str = "", triggers: str = "~/{[", indents: bool = False) -> None:
        self._client = client
        self.uri = uri
        self._version = 1
        self.text = text
        self.offset = len(text)
        self._triggers = triggers
        self._indents = indents
        self._session: _Session | None = None
        #: Where the characters stand that VS Code has closed by itself.
        self._closed: list[int] = []
        self._own_blanks = ""
        client.open(uri, text)

    # What a person does.

    def type(self, text: str) -> None:
        """Write a text by its keys; Delete takes what was closed and is not wanted, Backspace and blanks mend columns.

        A line of blanks alone cannot be written so, as VS Code takes the blanks away again.
        """
        lines = text.split("\n")
        for number, line in enumerate(lines):
            if number:
                while self._closed:
                    self.delete()
                self.enter()
            blanks = len(line) - len(line.lstrip(" "))
            if number and (line or number == len(lines) - 1):
                while self._column > blanks and not self._before.strip():
                    self.backspace()
                blanks = min(self._column, blanks)
            for character in line[blanks if number else 0 :]:
                self.press(character)
        while self._closed:
            self.delete()

    def press(self, character: str) -> None:
        """Type one character."""
        item = self.marked
        if item is not None and character in item.get("commitCharacters", ()):
            self.accept(item)
        self._own_blanks = ""
        if self._closed[:1] == [self.offset] and self._is_typed_over(character):
            self._closed.pop(0)
            self.offset += 1
        else:
            closing = _PAIRS[character] if self._is_closed(character) else ""
            self._replace(self.offset, self.offset, character + closing, self.offset + 1)
            if closing:
                self._closed.insert(0, self.offset)
        self._typed(character)

    def enter(self) -> None:
        """Press Enter."""
        item = self.marked
        if item is not None:
            self.accept(item)
            return
        line, after = self._before, self._after
        start = self.offset - len(line)
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        opened = next((bracket for bracket in "{[(" if line.rstrip().endswith(bracket)), "")
        kept, rest, wanted = line, "", indent
        if opened or (self._indents and _INCREASES.match(line)):
            wanted = indent + " " * TAB
        if opened and after.lstrip().startswith(_PAIRS[opened]):
            rest = f"\n{indent}"
        if self._own_blanks and line == self._own_blanks:
            kept = ""
        self._replace(start, self.offset, f"{kept}\n{wanted}{rest}", start + len(kept) + 1 + len(wanted))
        self._own_blanks = wanted
        self._closed = []
        self._session = None

    def backspace(self) -> None:
        """Take away what is before the cursor; blanks at the beginning of a line to the next stop (`useTabStops`)."""
        length = (self._column - 1) % TAB + 1 if not self._before.strip(" ") else 1
        self._replace(self.offset - length, self.offset, "", self.offset - length)
        self._moved_left()

    def delete(self) -> None:
        """Take away what is after the cursor."""
        if self._closed[:1] == [self.offset]:
            self._closed.pop(0)
        self._replace(self.offset, self.offset + 1, "", self.offset)
        self._refilter()

    def ask(self) -> list[dict[str, Any]]:
        """Ask for completion; what the list shows, best first."""
        before = self.text[: self.offset]
        position = {"line": before.count("\n"), "character": _units(self._before)}
        found = self._client.request(
            "textDocument/completion", {"textDocument": {"uri": self.uri}, "position": position}
        )
        found = found or {"items": [], "isIncomplete": False}
        items = [(item, self.offset) for item in found["items"]]
        self._session = _Session(items, found["isIncomplete"], self._word, self.offset)
        if not self.list:
            self._session = None
            return []
        return self.list

    def accept(self, item: dict[str, Any]) -> None:
        """Take an item; what has a place to be filled in gets what the place offers."""
        asked_at = next((place for each, place in self._items if each is item), self.offset)
        first, last = self._range(item, asked_at)
        new = item["textEdit"]["newText"]
        if item.get("insertTextFormat") == 2:
            new = _TAB_STOP.sub(lambda match: match[1] or match[2] or match[3] or "", new)
        if item.get("insertTextMode") == 2:
            line = self.text[self.text.rfind("\n", 0, first) + 1 : first]
            new = new.replace("\n", "\n" + line[: len(line) - len(line.lstrip(" "))])
        self._replace(first, last, new, first + len(new))
        self._closed = []
        self._session = None

    # What the list shows.

    @property
    def list(self) -> list[dict[str, Any]]:
        """What the list shows, best first; nothing where none is open."""
        return [choice.item for choice in self._choices()]

    @property
    def marked(self) -> dict[str, Any] | None:
        """The item that Enter accepts."""
        return chosen(self._choices())

    @property
    def _items(self) -> list[tuple[dict[str, Any], int]]:
        return self._session.items if self._session is not None else []

    def _choices(self) -> list[Choice]:
        if self._session is None:
            return []
        return ranked([(item, self.text[self._range(item, place)[0] : self.offset]) for item, place in self._items])

    def _range(self, item: dict[str, Any], asked_at: int) -> tuple[int, int]:
        """What an item replaces, with what was typed since; it is of the line that was asked about."""
        start = self.text.rfind("\n", 0, asked_at) + 1
        place = item["textEdit"]["range"]
        line = self.text[start : asked_at + (self.text[asked_at:] + "\n").index("\n")]
        assert place["start"]["line"] == place["end"]["line"] == self.text.count("\n", 0, asked_at)
        first, last = (_offset(line, place[end]["character"]) for end in ("start", "end"))
        return start + first, max(start + last + self.offset - asked_at, self.offset)

    def _typed(self, character: str) -> None:
        """The list after a character: VS Code filters the one that is open, or asks."""
        if character in self._triggers:
            self.ask()
            return
        word, session = self._word, self._session
        begins = word.start < word.end and not _NUMBER.fullmatch(self.text[word.start : word.end])
        if session is None:
            if begins:
                self.ask()
        elif word.start < word.end and word.start > session.word.start:
            if begins:
                # What was offered stays for this once.
                self._session = session._replace(word=word, place=self.offset)
                self._refilter()
        elif session.is_incomplete and word.start < word.end:
            self.ask()
        elif not self.list:
            self._session = None
            if begins and session.word.end < word.start:
                self.ask()

    def _moved_left(self) -> None:
        word, session = self._word, self._session
        if session is not None and self.offset < session.place:
            if word.start < word.end:
                self.ask()
            else:
                self._session = None
        else:
            self._refilter()

    def _refilter(self) -> None:
        if not self.list:
            self._session = None

    # The text.

    @property
    def _before(self) -> str:
        return self.text[self.text.rfind("\n", 0, self.offset) + 1 : self.offset]

    @property
    def _after(self) -> str:
        return self.text[self.offset :].partition("\n")[0]

    @property
    def _column(self) -> int:
        return len(self._before)

    @property
    def _word(self) -> _Word:
        line_start = self.offset - self._column
        for match in _WORD.finditer(self._before):
            if match.end() == self._column:
                return _Word(line_start + match.start(), self.offset)
        return _Word(self.offset, self.offset)

    def _is_closed(self, character: str) -> bool:
        if character not in _PAIRS:
            return False
        after = self._after[:1]
        allowed = _CLOSED_BEFORE if character in "\"'" else _CLOSED_BEFORE + "\"'`"
        if after and after not in allowed and self._closed[:1] != [self.offset]:
            return False
        before = self._before[-1:]
        # No quote after a character of a word.
        return character not in "\"'" or not before or before in _SEPARATORS or before.isspace()

    def _is_typed_over(self, character: str) -> bool:
        return self.text[self.offset] == character and not (character in "\"'" and self._before.endswith("\\"))

    def _replace(self, first: int, last: int, new: str, offset: int) -> None:
        """Change the text, and tell the server."""
        place = {"start": self._position(first), "end": self._position(last)}
        self.text = self.text[:first] + new + self.text[last:]
        self._closed = [each + len(new) - (last - first) if each >= last else each for each in self._closed]
        self.offset = offset
        self._version += 1
        self._client.change(self.uri, self._version, {"range": place, "text": new})

    def _position(self, offset: int) -> dict[str, int]:
        start = self.text.rfind("\n", 0, offset) + 1
        return {"line": self.text.count("\n", 0, offset), "character": _units(self.text[start:offset])}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _offset(line: str, units: int) -> int:
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
