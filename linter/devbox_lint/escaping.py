"""Makes text that strangers wrote harmless for a terminal and for a CI log.

What a terminal would act on or hide (control characters and with them ANSI escapes, bidi controls,
zero-width and other invisible characters, line separators) becomes a visible escape such as ``\\x1b`` or
``\\u202e``. What a CI runner would take for a command is broken up, as visibly: ``##vso[task.setvariable]``
becomes ``#\\x23vso[task.setvariable]``, ``##[error]`` becomes ``#\\x23[error]``, and ``::error::`` at the
start becomes ``:\\x3aerror::``. A backslash stays as it is: paths would be hard to read otherwise.

An invisible character in between, such as a zero-width space, would not break a command: the Azure agent
and the GitHub runner search with the comparison of a culture, which passes over invisible characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.startup import lazy

#: Everything that is not seen as itself: Cc, Cf, Cs, Zl, Zp, what Unicode calls default ignorable, and the two
#: characters that are none, which no XML may hold.
_UNSEEN = (
    "\\x00-\\x1f\\x7f-\\x9f\\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: One match is one character to escape. A variation selector belongs to an emoji; after ASCII or at the
#: start its only use is to hide something.
_HARMFUL = lazy(f"[{_UNSEEN}]|(?:(?<=[\\x00-\\x7f])|\\A)[\ufe00-\ufe0f]|(?<=#)#(?=[A-Za-z]*\\[)")
_COMMAND_AT_START = r"\s*:(:)"
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def neutralise(text: str, encoding: str = "utf-8") -> str:
    """``text`` on one line, harmless, and with escapes for what ``encoding`` cannot write."""
    if text.isascii() and text.isprintable() and "##" not in text and "::" not in text:
        return text
    return "".join(pieces(text, encoding))


def neutralise_line(line: str, encoding: str = "utf-8") -> str:
    """Like :func:`neutralise`, but tabs and the line break at the end stay: for the lines of a diff."""
    body = line.rstrip("\r\n")
    return "\t".join(neutralise(part, encoding) for part in body.split("\t")) + line[len(body) :]


def pieces(text: str, encoding: str = "utf-8") -> list[str]:
    """What is shown for each character of ``text``: itself, or an escape of several characters."""
    shown = list(text)
    for index in _harmful(text):
        shown[index] = _escape(text[index])
    if not is_unicode(encoding) and not text.isascii():
        shown = [piece.encode(encoding, "backslashreplace").decode(encoding) for piece in shown]
    return shown


def is_unicode(encoding: str) -> bool:
    """Whether ``encoding`` can write every character."""
    return encoding.lower().startswith(("utf", "cp65001"))


def _harmful(text: str) -> Iterator[int]:
    # Compiled by the first text that needs it, and kept by `re`.
    for match in _HARMFUL.finditer(text):
        yield match.start()
    command = re.match(_COMMAND_AT_START, text)
    if command:
        yield command.start(1)


def _escape(character: str) -> str:
    named = _NAMED.get(character)
    if named:
        return named
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
