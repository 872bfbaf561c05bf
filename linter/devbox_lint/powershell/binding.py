"""How the arguments of a call bind to the parameters of a command: which find none, which find the same one twice.

The rules are those of about_Functions_Advanced_Parameters and of MergedCommandParameterMetadata in PowerShell's source:
case never counts, the beginning of a name is enough, a whole name or alias wins over beginnings, and what begins with a
dash and a letter is a parameter wherever it stands. Whether a beginning says too little is never told: which sets of
parameters exclude each other is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from devbox_lint.powershell.cmdlets import Parameter
from devbox_lint.powershell.syntax import Argument
from devbox_lint.startup import NamedTuple, lazy


class MisfitKind(Enum):
    """Why an argument is not bound as its author meant."""

    UNKNOWN = "no parameter of that name"
    TWICE = "a parameter that was given before"
    #: ``-and`` and its like: the command takes the operator for a parameter.
    OPERATOR = "an operator after an argument"
    #: ``- Path``.
    SPLIT = "a blank after the dash"
    #: ``a, -Wait``.
    SWALLOWED = "a parameter that a comma makes an element of the list before it"
    #: ``--path``, ``/path``.
    OTHER_MARK = "two dashes or a slash before the name of a parameter"


class Misfit(NamedTuple):
    """The argument at an index that is not bound as meant; ``first`` is that of the one that it repeats.

    ``name`` is what was written without its dash, ``parameter`` what it is or was meant to be where that is known.
    """

    kind: MisfitKind
    at: int
    name: str
    parameter: Parameter | None = None
    first: int = -1


class Bound(NamedTuple):
    """What became of the arguments.

    ``named`` are the parameters that were given by name, in lower case; ``values`` are the indexes of what is bound by
    position; ``is_open`` says that there may be more, as a splatted variable brings.
    """

    misfits: tuple[Misfit, ...]
    named: frozenset[str]
    values: tuple[int, ...]
    is_open: bool


_OPTION = lazy(r"[-–—―]([A-Za-z_]\w*+)(?::(.*+))?", re.DOTALL)
_DOUBLE = lazy(r"(?:[-–—―]{2}|/)([A-Za-z_]\w*+)(?:[:=].*+)?", re.DOTALL)
_OPERATORS = frozenset((
    "and", "or", "xor", "eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch", "contains",
    "notcontains", "in", "notin", "is", "isnot",
))  # fmt: skip


def resolve(name: str, parameters: Sequence[Parameter]) -> list[Parameter]:
    """The parameters that ``name`` may stand for: one where it is whole, all that begin so where it is not."""
    wanted = name.lower()
    begun = []
    for parameter in parameters:
        names = [parameter.name.lower(), *(alias.lower() for alias in parameter.aliases)]
        if wanted in names:
            return [parameter]
        if any(other.startswith(wanted) for other in names):
            begun.append(parameter)
    return begun


def bind(script: str, arguments: Sequence[Argument], parameters: Sequence[Parameter]) -> Bound:
    """Bind arguments that stand in ``script`` to ``parameters``, the common ones included where there are any."""
    misfits: list[Misfit] = []
    given: dict[str, int] = {}
    named: set[str] = set()
    values: list[int] = []
    is_open = False
    takes_value = False
    end = -1
    for index, argument in enumerate(arguments):
        after_comma = end >= 0 and "," in script[end : argument.start]
        end = argument.end
        text = argument.text
        if argument.quote:
            if not takes_value and not after_comma:
                values.append(index)
            takes_value = False
            continue
        if text in ("--", "--%") or text.startswith("--% "):
            is_open = True
            break
        if text[:1] == "@" and text[1:2] not in ("(", "{", "'", '"'):
            is_open = True
            takes_value = False
            continue
        option = _OPTION.fullmatch(text)
        if option is None:
            split = _split_dash(script, arguments, index, parameters) if text == "-" else None
            double = _DOUBLE.fullmatch(text)
            meant = _whole(double[1], parameters) if double is not None else None
            if split is not None:
                misfits.append(split)
            elif double is not None and meant is not None:
                misfits.append(Misfit(MisfitKind.OTHER_MARK, index, double[1], meant))
                named.add(meant.name.lower())
            elif not takes_value and not after_comma:
                values.append(index)
            takes_value = False
            continue
        name = option[1]
        found = resolve(name, parameters)
        if after_comma:
            if len(found) == 1 and _whole(name, parameters) is not None:
                misfits.append(Misfit(MisfitKind.SWALLOWED, index, name, found[0]))
                named.add(found[0].name.lower())
            continue
        if not found:
            is_operator = name.lower() in _OPERATORS or (name.lower()[1:] in _OPERATORS and name[0] in "ciCI")
            misfits.append(Misfit(MisfitKind.OPERATOR if is_operator else MisfitKind.UNKNOWN, index, name))
            takes_value = True
            if is_operator:
                is_open = True
                break
            continue
        named.update(parameter.name.lower() for parameter in found)
        if len(found) == 1:
            key = found[0].name.lower()
            if key in given:
                misfits.append(Misfit(MisfitKind.TWICE, index, name, found[0], given[key]))
            else:
                given[key] = index
        takes_value = not option[2] and not all(parameter.is_switch for parameter in found)
    return Bound(tuple(misfits), frozenset(named), tuple(values), is_open)


def _whole(name: str, parameters: Sequence[Parameter]) -> Parameter | None:
    """The parameter of exactly that name or alias."""
    wanted = name.lower()
    for parameter in parameters:
        if wanted == parameter.name.lower() or any(wanted == alias.lower() for alias in parameter.aliases):
            return parameter
    return None


def _split_dash(
    script: str, arguments: Sequence[Argument], index: int, parameters: Sequence[Parameter]
) -> Misfit | None:
    following = arguments[index + 1] if index + 1 < len(arguments) else None
    if following is None or following.quote or script[arguments[index].end : following.start].strip(" \t"):
        return None
    parameter = _whole(following.text, parameters)
    return Misfit(MisfitKind.SPLIT, index, following.text, parameter) if parameter is not None else None
