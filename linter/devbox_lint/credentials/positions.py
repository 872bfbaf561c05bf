"""Where secrets stand by position and name: the value side of a key, a variable or an option whose name says secret.

It is read from the text itself, so that it holds in whatever state the YAML is, and from the tree for what the text
does not tell. What stands for a value that is somewhere else, such as a reference, is left out.

Offsets count code points of the source's text from 0, half open. Time is linear in its length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterator
from functools import lru_cache

from devbox_lint.credentials.literals import SETTINGS, find_references, is_mixed, is_variable
from devbox_lint.credentials.names import NameKind, find_names, may_hold_name, may_name_token, name_kind
from devbox_lint.credentials.operands import options_in, words_of_commands
from devbox_lint.diagnostics import Span
from devbox_lint.references.placeholders import is_placeholder_credential
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Mapping, Scalar, Sequence, resolve, walk

#: What a declared parameter says of itself beside its value.
_DECLARING = frozenset(
    ("type", "description", "displayName", "required", "validationRegex", "minLength", "maxLength", "allowed",
     "allowedValues", "name", "allowEmpty")
)  # fmt: skip
_VALUES = frozenset(("default", "defaultValue", "value"))
#: Shorter values are no secrets.
SHORTEST = 4
#: How many lines below a name may belong to its value.
_LINES = 200


class Place(NamedTuple):
    """Characters that may be a secret or a part of one; ``name`` is what it is called.

    ``is_key`` says that the name is a key of YAML, as far as its line tells.
    """

    name: str
    start: int
    end: int
    is_key: bool


_BEFORE_KEY = lazy(r"[\s?>+{(\[,#'\"-]*+(?:[A-Za-z_][\w.]*\.)?")
_AFTER_KEY = lazy(r"\\*[\"'`\])]*+[ \t]*+(?::(?!:)|:?=>?(?!=))[ \t]*+")
_AFTER_OPTION = lazy(r"[ \t]*+[:=][ \t]*+|(?:[ \t]|[`^\\][ \t]*+\r?\n)++(?!-)")
# The forms in which a name and its value are two arguments: of PowerShell, of `reg add`, `setx`, and of XML.
_AFTER_ARGUMENT = lazy(
    r"\\*[\"'][ \t]*+,[ \t]*+(?=\\*[\"'])|\\*[\"']?[ \t]++(?:-(?:PropertyType|Type)[ \t]++\w++[ \t]++)?-Value[ \t]++"
    r"|\\*[\"']?[ \t]++(?:/t[ \t]++\w++[ \t]++)?/d[ \t]++|\\*[\"'][ \t]++value="
)
# `- name: DB_PASSWORD` and its `value`.
_AFTER_NAME = lazy(r"[\"']?[ \t]*(?:,[ \t]*|\r?\n[ \t]+)[\"']?value[\"']?[ \t]*:[ \t]*")
_NAME_BEFORE = lazy(r"\w[\"']?[ \t]*:[ \t]*[\"']?\Z")
_USER = lazy(
    r"(?i)\bnet1?(?:\.exe)?[ \t]+user[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s/\"']\S*)[ \t]+(?!/)(?P<word>[^\s|;&]+)"
)
_SETX = lazy(r"(?i)\bsetx(?:\.exe)?[ \t]+(?:/m[ \t]+)?[\"']?\Z")
_ELEMENT = lazy(r">[^<>]{1,300}(?=</)")
_WORD = lazy(
    r"\\*'(?:[^'\r\n]|'')*+'?|\\*\"(?:[^\"\r\n`\\]|[`\\][^\r\n])*+\"?"
    r"|\{\{[^{}\r\n]*+\}\}[^\s'\"]*+|[^\s'\"`;|)}\]<>][^\s'\"`;|&,)}\]<>]*+"
)
# What begins with a mark that YAML keeps for itself.
_MARKED = lazy(r"[`|>][^\s'\"`;|,)}\]<>]{4,}")
_COMMENT = lazy(r"(?<=[ \t'\"}])#(?:(?=[ \t])|\Z|devbox-lint:)")
_HEAD = lazy(r"[|>][-+0-9]*[ \t]*(?:#.*)?")
_HEAD_OR_NONE = lazy(r"(?:[|>][-+0-9]*)?[ \t]*(?=[\r\n])")
_ORDINARY = lazy(r"(?:-[ \t]++)*+[\"']?([A-Za-z$~][\w$./ -]*+)[\"']?[ \t]*+:(?=[ \t]|\Z)")
_CMDLET = lazy(r"[A-Z][A-Za-z]+-[A-Z][A-Za-z]+|[A-Za-z]+")
_SECURE = lazy(r"(?i)ConvertTo-SecureString\b")
_STRING = lazy(r"'(?:[^'\r\n]|'')*+'?|\"(?:[^\"\r\n`\\]|[`\\][^\r\n])*+\"?|(?<![^\s(])[^\s'\"$()|;@{}-][^\s'\"()|;]*+")
_ADDRESS = lazy(r"[a-z][a-z0-9+.-]*+:/[^\s@]*+")
# An alias of nothing may be a password that begins with an asterisk, under any name.
_ALIAS = lazy(r"(?:(?<=[:,\[{-])|(?<![^\r\n]))[ \t]+\*([^\s,\[\]{}]{6,200})")
_DIRECTIVE = lazy(r"(?m)^%(?!YAML)[A-Za-z]*[ \t]*([^\r\n]*)")
_INNER = "{}$()%@#_<>[]\"' \t"


# The detector asks for them, and the mask.
@lru_cache(maxsize=4)
def find_places(document: Document) -> tuple[Place, ...]:
    """The places in the order of the file; they may overlap."""
    text = document.source.text
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    found: list[Place] = []
    if may_hold_name(lowered) or may_name_token(text):
        reader = _Reader(document)
        found.extend(reader.behind_names(lowered))
        found.extend(reader.below_keys())
    if "securestring" in lowered:
        for match in _SECURE.finditer(text):
            end = _end_of_line(text, match.end())
            for word in _STRING.finditer(text, match.end(), end):
                found.append(Place("ConvertTo-SecureString", *word.span(), False))
    if "net user" in lowered or "net.exe" in lowered:
        for match in _USER.finditer(text):
            found.append(Place("net user", *match.span("word"), False))
    for option in options_in(lowered):
        found.extend(Place(option.label, *span, False) for span in words_of_commands(text, option))
    if document.problems and " *" in text:
        for match in _ALIAS.finditer(text):
            if is_mixed(match.group(1)) and f"&{match.group(1)}" not in text:
                found.append(Place("", *match.span(1), False))
    if text.startswith("%") or "\n%" in text:
        for match in _DIRECTIVE.finditer(text):
            found.append(Place("", *match.span(1), False))
    found.sort(key=lambda place: (place.start, place.end))
    return tuple(place for place in found if place.end > place.start)


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


class _Reader:
    """Reads one file."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.source.text
        #: What `{{name}}` may mean in this file, in lower case.
        self._declared = frozenset(_declared(document))
        #: Values of more than one line, in which what looks like a key is text.
        self._scalars = [node.span for node in document.scalars]
        self._blocks = [node.span for node in document.scalars if node.style in (LITERAL, FOLDED)]

    def behind_names(self, lowered: str) -> Iterator[Place]:
        """What follows a name on its line, and what below it belongs to it."""
        text = self._text
        done = 0
        line = end_of_line = 0
        for name, start, end in find_names(text, lowered):
            if start < done:
                continue
            kind = name_kind(name)
            if kind is None:
                continue
            if start >= end_of_line:
                line = text.rfind("\n", 0, start) + 1
                end_of_line = _end_of_line(text, end)
            is_option = text[start] == "-" and text[start - 1 : start] in ("", " ", "\t", "'", '"', "`", ",", "(")
            is_option = is_option or (text[start - 1 : start] == "/" and text[start - 2 : start - 1] in " \t")
            if is_option and text[start + 1 : start + 2] in " \t":
                is_option = False
            before = _BEFORE_KEY.match(text, line, start)
            is_key = (before is not None and before.end() == start) or self._is_in_flow(line, start)
            is_key = is_key and not is_option and not _holds(self._blocks, start)
            after = _AFTER_KEY.match(text, end)
            # A key that is alone on its line after something else: that something has slipped in front of it.
            is_last = after is not None and not is_option and _HEAD_OR_NONE.match(text, after.end()) is not None
            is_last = is_last and text[end : end + 2].strip("\"'")[:1] == ":" and not _holds(self._blocks, start)
            if after is not None and after.end() <= end_of_line and (is_key or is_last):
                done = yield from self._value_of_key(name, kind, line, start, after.end(), end_of_line)
            elif not (is_option and kind is NameKind.CREDENTIAL):
                done = yield from self._word(name, kind, line, start, end, is_option)
            if is_key and after is None:
                yield from self._below_a_name(name, line, start, end, end_of_line)
            value = _AFTER_NAME.match(text, end) if _NAME_BEFORE.search(text[max(line, start - 20) : start]) else None
            if value is not None:
                yield from self._covered(name, value.end(), _end_of_line(text, value.end()), True)

    def _below_a_name(self, name: str, line: int, start: int, end: int, end_of_line: int) -> Iterator[Place]:
        """The value of a name that stands alone on its line, without a colon or as a key after `?`."""
        text = self._text
        if text[end:end_of_line].strip(" \t\"'"):
            return
        begin = text.find("\n", end_of_line) + 1
        stop = _end_of_line(text, begin)
        content = text[begin:stop]
        if begin and content.strip():
            indent = len(content) - len(content.lstrip())
            if content[indent] == ":" and "?" in text[line:start]:
                yield from self._covered(name, begin + indent + 1, stop, True)
            elif indent > start - line and _ORDINARY.match(content.strip()) is None:
                yield from self._covered(name, begin, stop, True)

    def below_keys(self) -> Iterator[Place]:
        """The values below a key whose name says that it holds a secret, of any form."""
        owners: dict[int, str] = {}
        for mapping in self._document.mappings:
            for entry in mapping.entries:
                name = entry.name or ""
                value = resolve(entry.value)
                if isinstance(value, Mapping):
                    owners[id(value)] = name
                if name in _VALUES:
                    other = mapping.scalar("name")
                    name = other.value if other is not None and name == "value" else owners.get(id(mapping), name)
                kind = name_kind(name)
                if kind is None or (kind is NameKind.CREDENTIAL and not isinstance(value, Scalar)):
                    continue
                if isinstance(value, Mapping) and not (_VALUES | {"type"}).isdisjoint(value.names):
                    continue
                left_out: set[int] = set()
                for node in walk(value) if isinstance(value, (Mapping, Sequence, Scalar)) else ():
                    if isinstance(node, Mapping):
                        for inner in node.entries:
                            if inner.name in _DECLARING or inner.name in _VALUES:
                                left_out.add(id(inner.key))
                            if inner.name in _DECLARING:
                                left_out.add(id(inner.value))
                            elif inner.name is not None and inner.name.isalpha() and not node.flow:
                                left_out.add(id(inner.key))
                    elif isinstance(node, Scalar) and id(node) not in left_out:
                        yield from self._covered(name, node.start, node.end, True)

    def _is_in_flow(self, line: int, start: int) -> bool:
        """Whether the name is a key of a flow mapping, and no part of a value."""
        before = self._text[line:start].rstrip(" \t\"'")
        return before[-1:] in ("{", ",") and not _holds(self._scalars, len(before) + line - 1)

    def _value_of_key(
        self, name: str, kind: NameKind, line: int, start: int, at: int, end: int
    ) -> Generator[Place, None, int]:
        """The rest of the line of a key, and the lines that belong to it; gives back how far it has read."""
        text = self._text
        rest = text[at:end]
        comment = _COMMENT.search(rest) if not rest.startswith("#") else None
        if comment is not None:
            rest = rest[: comment.start()]
        if kind is not NameKind.CREDENTIAL or rest[:1] not in "{[":
            yield from self._covered(name, at, at + len(rest), True)
        bare = rest.strip()
        column = start - line
        is_open = bare[:1] in ("'", '"') and bare.count(bare[0]) % 2 == 1
        if bare and not (bare[0] in "|>&!#" or is_open or "{{" not in bare):
            return end
        goes_on = not bare or bare[0] in "|>&!#" or is_open
        begin = text.find("\n", end) + 1
        #: The column of a key that says something else of the name; what is deeper belongs to it.
        declaring = 1 << 30
        for number in range(_LINES):
            if not begin:
                break
            stop = _end_of_line(text, begin)
            content = text[begin:stop]
            inner = content.strip()
            indent = len(content) - len(content.lstrip())
            ordinary = _ORDINARY.match(inner)
            deeper = indent > column
            if not inner or (deeper and indent > declaring):
                pass
            elif deeper:
                declaring = indent if ordinary is not None and ordinary.group(1) in _DECLARING else 1 << 30
                if ordinary is None:
                    yield from self._covered(name, begin, stop, True)
                elif not goes_on:
                    break
                elif ordinary.group(1) not in _DECLARING and kind is not NameKind.CREDENTIAL:
                    if not ordinary.group(1).isalpha():
                        yield from self._covered(name, begin + indent, begin + indent + ordinary.end(1), True)
                    yield from self._covered(name, begin + indent + ordinary.end(1), stop, True)
            elif not number and goes_on and ordinary is None and not inner.startswith(("#", "---", "...")):
                # What belongs to the name has slid to its column or left of it.
                yield from self._covered(name, begin, stop, True)
            else:
                break
            end = stop
            begin = text.find("\n", stop) + 1
        return end

    def _word(
        self, name: str, kind: NameKind, line: int, start: int, end: int, is_option: bool
    ) -> Generator[Place, None, int]:
        """The word that a name is given in a script, a command line or a flow mapping."""
        text = self._text
        after = _AFTER_KEY.match(text, end)
        is_prose = False
        if after is not None:
            is_prose = text[after.end() - 1] in " \t" and not is_option and text[line:start].strip(" \t-\"'#") != ""
        elif is_option:
            after = _AFTER_OPTION.match(text, end)
        else:
            after = _AFTER_ARGUMENT.match(text, end)
            if after is None and _SETX.search(text[max(line, start - 40) : start]):
                after = _AFTER_OPTION.match(text, end)
            if after is None:
                element = _ELEMENT.match(text, end)
                if element is not None:
                    yield from self._covered(name, element.start() + 1, element.end(), False)
        if after is None:
            return end
        word = _WORD.match(text, after.end()) or _MARKED.match(text, after.end())
        if word is None:
            return end
        value = word.group()
        first = value.lstrip("\\")[:1]
        if first not in ("'", '"'):
            is_assigned = text[start - 1 : start] in ("$", ":", "{", ".")
            if (
                value[0] in "$([-"
                or value[:2] in ("@{", "@(")
                or ((is_prose or is_assigned) and _CMDLET.fullmatch(value))
            ):
                return end
        yield from self._covered(name, word.start(), word.end(), False)
        return end

    def _covered(self, name: str, start: int, end: int, is_key: bool) -> Iterator[Place]:
        """The characters of a value but those that stand for something else."""
        value = self._text[start:end]
        if is_key and _HEAD.fullmatch(value.strip()):
            return
        at = 0
        for first, last in (*find_references(value), (len(value), len(value))):
            if first < len(value) and not self._is_public(value[first:last], name, is_key):
                continue
            piece = value[at:first]
            bare = piece.strip(" \t\r\n\"'`,;}])([{\\")
            alone = at == 0 and first == len(value)
            if len(bare.strip()) >= SHORTEST and not self._is_harmless(bare, name, alone):
                offset = start + at + piece.index(bare)
                yield Place(name, offset, offset + len(bare), is_key)
            at = last

    def _is_public(self, reference: str, name: str, is_key: bool) -> bool:
        """Whether what looks like a reference is one, and no secret in braces."""
        inner = reference.strip(_INNER)
        lowered = inner.lower()
        if is_key and reference[0] == "<" and is_mixed(inner):
            return False
        if not inner or reference[0] in "[(`" or "://" in inner or lowered.startswith("ado:"):
            return "://" not in inner or "@" not in inner
        if lowered in self._declared or is_variable(inner) or (inner.isalpha() and name_kind(inner) is not None):
            return True
        if not reference.startswith("{{"):
            return (not is_key and reference[0] == "$") or " " in inner or not is_mixed(inner)
        if is_key and "." not in inner:
            return is_placeholder_credential(inner) or self._is_near(inner)
        return not is_mixed(inner)

    def _is_near(self, inner: str) -> bool:
        if not self._declared:
            return False
        from devbox_lint.spelling import near_misses

        return bool(near_misses(inner, self._declared))

    def _is_harmless(self, bare: str, name: str, alone: bool) -> bool:
        lowered = bare.lower()
        if lowered in SETTINGS or not any(character.isalnum() for character in bare):
            return True
        if not alone and lowered in ("bearer", "basic", "token"):
            return True
        if bare[0] == "*" and f"&{bare[1:]}" in self._text:
            return True  # an alias of what is defined
        if is_mixed(bare) and bare[0] in "<[{":
            return False
        return is_placeholder_credential(bare) or lowered == name.lower() or _is_address(bare)


def _holds(spans: list[Span], offset: int) -> bool:
    index = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return index >= 0 and offset < spans[index].end


def _is_address(text: str) -> bool:
    """Whether a text is an address without a user in it, or what is left of that of a vault's secret."""
    if _ADDRESS.fullmatch(text):
        return True
    return "vault" in text and "/secrets/" in text and "@" not in text and not any(map(str.isspace, text))


def _declared(document: Document) -> Iterator[str]:
    root = document.root
    if isinstance(root, Mapping):
        for section in ("parameters", "variables", "inputs"):
            node = root.mapping(section)
            if node is not None:
                yield from (name.lower() for name in node.names)
