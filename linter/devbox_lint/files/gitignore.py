"""The patterns of one `.gitignore` file, matched as git matches them.

A pattern is asked about one file or folder alone, never about what is inside: whoever walks the folders does not
enter those that are ignored, and that is git's own rule. The regular expressions are linear-time however many
stars a pattern has, because a stranger may have written both the pattern and the names.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from devbox_lint.startup import NamedTuple, lazy

# Git's `core.ignoreCase` is on by default where file systems do not tell the cases apart.
_FLAGS = re.DOTALL | (re.IGNORECASE if sys.platform in ("win32", "darwin") else 0)
_WILD = lazy(r"[*?\[\\]")
_STAR, _ANY_FOLDERS, _ANYTHING = object(), object(), object()
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f", "digit": "0-9",
    "graph": "\\x21-\\x7e", "lower": "a-z", "print": "\\x20-\\x7e", "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\r\\f\\v", "upper": "A-Z", "xdigit": "0-9a-fA-F",
}  # fmt: skip


class _Pattern(NamedTuple):
    expression: str
    matches: re.Pattern[str]
    ignores: bool
    only_folders: bool
    by_name: bool


class IgnorePatterns:
    """Patterns of one file, the last one that matches counts; ``base`` is the length of its folder's path.

    ``base`` counts the characters, with the final `/`, of the folder that the patterns are relative to in the
    paths that :meth:`ignores` is given.
    """

    __slots__ = ("_by_name", "_by_path", "_patterns", "base")

    def __init__(self, lines: Iterable[str], base: int = 0) -> None:
        patterns = [pattern for line in lines if (pattern := _parse(line)) is not None]
        self._patterns = patterns[::-1]
        # Most names match nothing: one expression says so for all patterns.
        self._by_name = _any_of(pattern for pattern in patterns if pattern.by_name)
        self._by_path = _any_of(pattern for pattern in patterns if not pattern.by_name)
        self.base = base

    @classmethod
    def of_bytes(cls, data: bytes, base: int = 0) -> IgnorePatterns:
        """The patterns of a `.gitignore` file; bytes that are no UTF-8 are taken as file names take them."""
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        return cls((line.removesuffix("\r") for line in text.split("\n")), base)

    def ignores(self, path: str, name: str, is_folder: bool) -> bool | None:
        """Whether the file or folder at ``path``, with `/` between names, is ignored; None if nothing matches."""
        relative = path[self.base :]
        if not (
            (self._by_name is not None and self._by_name.fullmatch(name))
            or (self._by_path is not None and self._by_path.fullmatch(relative))
        ):
            return None
        for pattern in self._patterns:
            if (is_folder or not pattern.only_folders) and pattern.matches.fullmatch(
                name if pattern.by_name else relative
            ):
                return pattern.ignores
        return None

    def covers(self, path: str, is_folder: bool) -> bool:
        """Whether a pattern holds for what is at ``path`` or for one of the folders that it is in."""
        names = path[self.base :].split("/")
        head = path[: self.base]
        for index, name in enumerate(names):
            head += name
            if self.ignores(head, name, is_folder or index < len(names) - 1):
                return True
            head += "/"
        return False


def _any_of(patterns: Iterable[_Pattern]) -> re.Pattern[str] | None:
    expressions = [pattern.expression for pattern in patterns]
    return re.compile("|".join(f"(?:{expression})" for expression in expressions), _FLAGS) if expressions else None


def _parse(line: str) -> _Pattern | None:
    if line.startswith("#"):
        return None
    line = _without_trailing_spaces(line)
    ignores = not line.startswith("!")
    if not ignores:
        line = line[1:]
    only_folders = line.endswith("/")
    if only_folders:
        line = line[:-1]
    if not line:
        return None
    by_name = "/" not in line
    expression = _translate(line.removeprefix("/"))
    if expression is None:
        return None
    return _Pattern(expression, re.compile(expression, _FLAGS), ignores, only_folders, by_name)


def _without_trailing_spaces(line: str) -> str:
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    # An escaped space is part of the pattern.
    return line[: len(stripped) + 1] if backslashes % 2 and len(stripped) < len(line) else stripped


def _translate(pattern: str) -> str | None:
    """The regular expression of a pattern, None where it can match nothing."""
    tokens = _tokens(pattern)
    if tokens is None:
        return None
    groups: list[list[str | object]] = [[]]
    for token in tokens:
        if token is _ANY_FOLDERS:
            groups.append([])
        else:
            groups[-1].append(token)
    expression = _translate_group(groups[0], len(groups) == 1)
    for number, group in enumerate(groups[1:], 2):
        if number < len(groups):
            # The first place that fits serves as well as any later one, since any folders may follow again.
            expression += f"(?>(?:.*?/)??{_translate_group(group, False)})"
        else:
            expression += f"(?:.*/)?{_translate_group(group, True)}"
    return expression


def _translate_group(tokens: list[str | object], last: bool) -> str:
    parts: list[list[str]] = [[]]
    anything = False
    for token in tokens:
        if token is _STAR:
            parts.append([])
        elif token is _ANYTHING:
            anything = True
        else:
            parts[-1].append(str(token))
    expression = "".join(parts[0])
    for number, part in enumerate(parts[1:], 2):
        fixed = "".join(part)
        if number == len(parts) and last and not anything:
            expression += f"[^/]*{fixed}"
        else:
            # The first place that fits serves as well as any later one, since another star or a `/` follows.
            expression += f"(?>[^/]*?{fixed})"
    return expression + (".*" if anything else "")


def _tokens(pattern: str) -> list[str | object] | None:
    tokens: list[str | object] = []
    index = 0
    length = len(pattern)
    while index < length:
        character = pattern[index]
        index += 1
        if character == "*":
            start = index - 1
            while index < length and pattern[index] == "*":
                index += 1
            # Git sets a beginning without wildcards aside before it looks, so that `a**/b` is as good as `a/**/b`.
            if index - start > 1 and (pattern[start - 1 : start] in ("", "/") or not _WILD.search(pattern[:start])):
                if index == length:
                    tokens.append(_ANYTHING)
                    continue
                if pattern[index] == "/":
                    tokens.append(_ANY_FOLDERS)
                    index += 1
                    continue
            tokens.append(_STAR)
        elif character == "?":
            tokens.append("[^/]")
        elif character == "[":
            found = _character_class(pattern, index)
            if found is None:
                return None
            expression, index = found
            tokens.append(expression)
        else:
            if character == "\\":
                if index == length:
                    return None
                character = pattern[index]
                index += 1
            tokens.append(re.escape(character))
    return tokens


def _character_class(pattern: str, index: int) -> tuple[str, int] | None:
    """The expression of the class whose content starts at ``index``, and the index after its `]`."""
    negated = pattern[index : index + 1] in ("!", "^")
    if negated:
        index += 1
    members: list[str] = []
    first = True
    while True:
        character = pattern[index : index + 1]
        if not character:
            return None
        if character == "]" and not first:
            break
        first = False
        if character == "[" and pattern[index + 1 : index + 2] == ":":
            end = pattern.find(":]", index + 2)
            members.append(_CLASSES.get(pattern[index + 2 : end], "") if end >= 0 else "")
            if not members[-1]:
                return None
            index = end + 2
            continue
        character, index = _member(pattern, index)
        if pattern[index : index + 1] == "-" and pattern[index + 1 : index + 2] not in ("", "]"):
            end_character, index = _member(pattern, index + 1)
            if character <= end_character:
                members.append(f"{re.escape(character)}-{re.escape(end_character)}")
        elif character:
            members.append(re.escape(character))
        else:
            return None
    content = "".join(members)
    if negated:
        return f"[^/{content}]", index + 1
    return (f"(?!/)[{content}]" if content else "(?!)"), index + 1


def _member(pattern: str, index: int) -> tuple[str, int]:
    if pattern[index] == "\\":
        index += 1
    return pattern[index : index + 1], index + 1
