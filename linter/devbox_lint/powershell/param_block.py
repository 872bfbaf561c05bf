"""What a script takes: its `param(...)` block with names, aliases and attributes, or that it has none.

Offsets count code points of the script from 0, half open. Nothing raises, and time is linear in the script's length.
"""

from __future__ import annotations

import re
from functools import lru_cache

from devbox_lint.powershell.lexer import Token, TokenKind, find_tokens
from devbox_lint.startup import NamedTuple, lazy


class ScriptParameter(NamedTuple):
    """One parameter of a script; ``type`` is in lower case without brackets, empty where none is written.

    ``allowed`` are the values of `ValidateSet`; ``position`` is None where the order of the block counts.
    ``start`` and ``end`` are where its name stands, with the ``$``.
    """

    name: str
    start: int
    end: int
    type: str = ""
    aliases: tuple[str, ...] = ()
    is_mandatory: bool = False
    has_default: bool = False
    takes_rest: bool = False
    allowed: tuple[str, ...] = ()
    position: int | None = None

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value."""
        return self.type in ("switch", "switchparameter", "system.management.automation.switchparameter")


class Signature(NamedTuple):
    """What a script takes.

    ``is_advanced`` says that it refuses what it does not know; a simple script loses that in ``$args``, which it reads
    where ``uses_args`` says so. ``is_certain`` is False where more may be taken than is written.
    ``should_process`` brings ``-WhatIf`` and ``-Confirm``.
    """

    parameters: tuple[ScriptParameter, ...]
    has_block: bool
    is_advanced: bool
    uses_args: bool
    is_certain: bool = True
    should_process: bool = False
    by_position: bool = True
    #: Whether there are sets of parameters that exclude each other.
    has_sets: bool = False


_ARGS = lazy(r"(?i)[$@]args(?!\w)|\$MyInvocation|\$input(?!\w)|\$PSBoundParameters|\$global:args")
_VARIABLE = lazy(r"[^$]*+\$(?:\{([^{}]++)\}|(\w++))")
_TYPE = lazy(r"\[([\w.]++(?:\[\])?)\]")
_MANDATORY = lazy(r"(?i)\bMandatory\b(?:[ \t]*=[ \t]*(\$?\w++))?")
_REST = lazy(r"(?i)\bValueFromRemainingArguments\b(?:[ \t]*=[ \t]*(\$?\w++))?")
_POSITION = lazy(r"(?i)\bPosition[ \t]*=[ \t]*([0-9]{1,4})")
_SET = lazy(r"(?i)\[[ \t]*(Alias|ValidateSet)[ \t]*\(([^()]*+)\)")
_QUOTED = lazy(r"'([^']*+)'|\"([^\"$`]*+)\"")
_BINDING = lazy(r"(?i)\[[ \t]*CmdletBinding[ \t]*\(([^()]*+)\)")


@lru_cache(maxsize=32)
def read_signature(script: str) -> Signature:
    """What ``script`` takes."""
    tokens = find_tokens(script)
    uses_args = _ARGS.search(script) is not None
    is_certain = not any(token.kind is TokenKind.WORD and token.text.lower() == "dynamicparam" for token in tokens)
    start = _block(tokens)
    if start is None:
        return Signature((), False, False, uses_args, is_certain)
    head = script[: tokens[start].start]
    pieces, end = _pieces(tokens, start + 1)
    is_closed = end < len(tokens)
    parameters = []
    has_sets = False
    is_advanced = "cmdletbinding" in head.lower()
    for piece in pieces:
        parameter = _parameter(script, piece)
        if parameter is None:
            is_certain = is_certain and not piece
            continue
        parameters.append(parameter)
        attributes = script[piece[0].start : parameter.start].lower()
        is_advanced = is_advanced or "[parameter(" in attributes.replace(" ", "")
        has_sets = has_sets or "parametersetname" in attributes
    binding = _BINDING.search(head)
    inside = binding[1].replace(" ", "").lower() if binding is not None else ""
    return Signature(
        tuple(parameters),
        True,
        is_advanced,
        uses_args,
        is_certain and is_closed,
        "supportsshouldprocess" in inside and "supportsshouldprocess=$false" not in inside,
        "positionalbinding=$false" not in inside,
        has_sets,
    )


def _block(tokens: list[Token]) -> int | None:
    """The index of the bracket that opens the block; None where there is no block before all else."""
    depth = 0
    is_using = False
    for index, token in enumerate(tokens):
        text = token.text
        if token.kind is TokenKind.OPEN:
            depth += 1
        elif token.kind is TokenKind.CLOSE:
            depth -= 1
        elif token.kind is TokenKind.END:
            is_using = is_using and depth > 0
        elif depth or is_using or text[0] in "[]":
            continue
        elif token.kind is TokenKind.WORD and text.lower() == "param":
            following = index + 1
            while following < len(tokens) and tokens[following].kind is TokenKind.END:
                following += 1
            return following if following < len(tokens) and tokens[following].text == "(" else None
        elif text.lower() == "using":
            is_using = True
        else:
            return None
    return None


def _pieces(tokens: list[Token], index: int) -> tuple[list[list[Token]], int]:
    """The tokens of each parameter, and the index of the bracket that closes the block."""
    pieces: list[list[Token]] = [[]]
    depth = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind is TokenKind.CLOSE and not depth:
            break
        depth += (token.kind is TokenKind.OPEN) - (token.kind is TokenKind.CLOSE)
        if token.kind is TokenKind.COMMA and not depth:
            pieces.append([])
        elif token.kind is not TokenKind.END:
            pieces[-1].append(token)
        index += 1
    return pieces, index


def _parameter(script: str, piece: list[Token]) -> ScriptParameter | None:
    depth = 0
    for index, token in enumerate(piece):
        depth += (token.kind is TokenKind.OPEN) - (token.kind is TokenKind.CLOSE)
        if depth or token.kind is not TokenKind.WORD:
            continue
        match = _VARIABLE.match(token.text)
        if match is None:
            continue
        name = match[1] or match[2]
        start, end = token.start + match.start(1 if match[1] else 2) - (2 if match[1] else 1), token.start + match.end()
        attributes = script[piece[0].start : start]
        rest = script[end : piece[-1].end].lstrip()
        aliases: list[str] = []
        allowed: list[str] = []
        for found in _SET.finditer(attributes):
            values = [item[1] or item[2] or "" for item in _QUOTED.finditer(found[2])]
            (aliases if found[1].lower() == "alias" else allowed).extend(values)
        types = [found[1].lower() for found in _TYPE.finditer(attributes)]
        position = _POSITION.search(attributes)
        return ScriptParameter(
            name,
            start,
            end,
            types[-1] if types else "",
            tuple(aliases),
            _is_set(_MANDATORY.search(attributes)),
            rest.startswith("=") or index + 1 < len(piece),
            _is_set(_REST.search(attributes)),
            tuple(allowed),
            int(position[1]) if position is not None else None,
        )
    return None


def _is_set(match: re.Match[str] | None) -> bool:
    return match is not None and (match[1] is None or match[1].lower() in ("$true", "1", "true"))
