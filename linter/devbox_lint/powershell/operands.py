"""What the options of a command are given, as literal text where that is certain.

A value is certain where it stands there as text, or where a variable stands there that the script gives one text and
nothing else. Offsets count code points of the script from 0, half open. Nothing raises.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from devbox_lint.powershell.binding import resolve
from devbox_lint.powershell.cmdlets import Parameter
from devbox_lint.powershell.syntax import Argument, Syntax
from devbox_lint.startup import NamedTuple, lazy


class Operand(NamedTuple):
    """A value at its place in the script; ``literal`` is None where it is not known.

    ``source`` is where the text stands that the value is made of: the operand itself, or what its variable is given.
    """

    literal: str | None
    start: int
    end: int
    source: tuple[int, int]


#: What options are given, by their whole names in lower case without dashes; None where one stands alone.
Given = dict[str, Operand | None]

_DASHES = "-–—―"
_LONG = lazy(r"--([a-z][a-z0-9-]*)(?:=(.*))?", re.DOTALL)
_SHORT = lazy(r"-([a-z])(.*)", re.DOTALL)
_NAMED = lazy(r"[-–—―]([A-Za-z]+)(?::(.*))?", re.DOTALL)
# What is certainly read as it stands: no variable, no reference, no placeholder of any kind.
_LITERAL = lazy(r"[A-Za-z0-9][A-Za-z0-9 .@:/_+-]*")
_VARIABLE = lazy(r"\$\{?(?:(?:script|global|local):)?((?:env:)?[A-Za-z_]\w*+)\}?", re.IGNORECASE)
_ASSIGNED = lazy(
    r"\$\{?(?:(?:script|global|local):)?((?:env:)?[A-Za-z_]\w*+)\}?[ \t]*+(?:[-+*/%?]|\?\?)?=(?!=)", re.IGNORECASE
)


class Operands:
    """The values that a script gives to its commands.

    ``syntax`` is what ``script`` runs, read from a text of the same length in which references may be blanked out.
    """

    __slots__ = ("_script", "_texts", "_times")

    def __init__(self, script: str, syntax: Syntax) -> None:
        self._script = script
        self._times = Counter(match[1].lower() for match in _ASSIGNED.finditer(script))
        self._texts = {name: (start, end) for name, start, end in syntax.texts if self._times[name] == 1}

    def variable(self, name: str) -> Operand | None:
        """What a variable, by its name in lower case without ``$``, is given once and for all."""
        place = self._texts.get(name)
        return self._between(*place, place) if place is not None else None

    def is_given_once(self, name: str) -> bool:
        """Whether a variable, by its name in lower case without ``$``, is given something in one place alone."""
        return self._times[name] == 1

    def is_given(self, name: str) -> bool:
        """Whether the script gives a variable anything."""
        return self._times[name] > 0

    def parts(self, operand: Operand, pattern: re.Pattern[str]) -> tuple[Operand | None, ...] | None:
        """The groups of a pattern for the whole of a value, each as a value; None where it is another."""
        match = pattern.fullmatch(self._script, *operand.source)
        if match is None:
            return None
        # What a variable holds is shown where the variable is.
        is_there = operand.source == (operand.start, operand.end)
        return tuple(
            None
            if text is None
            else Operand(text, *(match.span(number) if is_there else (operand.start, operand.end)), match.span(number))
            for number, text in enumerate(match.groups(), 1)
        )

    def of(self, argument: Argument, text: str | None = None) -> Operand:
        """The value of an argument, or of ``text`` at its end, as after the name of an option."""
        end = argument.end - (1 if argument.quote else 0)
        start = end - len(argument.text if text is None else text)
        if text is not None and not argument.quote:
            return self.at(start, end)
        return self._value(start, end, argument.quote in ("", '"'))

    def at(self, start: int, end: int) -> Operand:
        """The value that is written there, with or without quotes."""
        quote = self._script[start] if start < end and self._script[start] in "'\"" else ""
        inside = 1 if quote and end - start > 1 and self._script[end - 1] == quote else 0
        return self._value(start + inside, end - inside, quote != "'")

    def _value(self, start: int, end: int, may_vary: bool) -> Operand:
        match = _VARIABLE.fullmatch(self._script, start, end) if may_vary else None
        if match is None:
            return self._between(start, end, (start, end))
        place = self._texts.get(match[1].lower())
        return self._between(start, end, place) if place is not None else Operand(None, start, end, (start, end))

    def _between(self, start: int, end: int, source: tuple[int, int]) -> Operand:
        literal = self._script[slice(*source)]
        return Operand(literal if _LITERAL.fullmatch(literal) else None, start, end, source)

    def options(
        self, arguments: Sequence[Argument], parameters: Sequence[Parameter], is_cli: bool
    ) -> tuple[Given, bool]:
        """What the arguments give to ``parameters``, and whether there may be more, as from an array.

        ``is_cli`` says that options are written as ``--name value`` and ``-n value``, the letters being aliases;
        else they are those of a cmdlet.
        """
        given: Given = {}
        is_open = False
        waiting = ""
        for argument in arguments:
            if argument.quote or argument.text[:1] not in _DASHES:
                if waiting:
                    given[waiting] = self.of(argument)
                else:
                    is_open = True
                waiting = ""
                continue
            parameter, value = _named(argument.text, parameters, is_cli)
            if parameter is None:
                waiting = ""
                is_open = True
                continue
            name = parameter.name.lower()
            takes_more = not parameter.is_switch and not value
            given[name] = self.of(argument, value) if value and not parameter.is_switch else None
            waiting = name if takes_more else ""
        return given, is_open


def _named(word: str, parameters: Sequence[Parameter], is_cli: bool) -> tuple[Parameter | None, str]:
    """The parameter that a word names, None where that is not known, and the value in the same word."""
    match = (_LONG if is_cli else _NAMED).fullmatch(word)
    if match is not None:
        found = resolve(match[1], parameters)
        return (found[0] if len(found) == 1 else None), match[2] or ""
    match = _SHORT.fullmatch(word) if is_cli else None
    if match is None:
        return None, ""
    short = next((one for one in parameters if match[1] in one.aliases), None)
    return short, match[2].removeprefix("=")
