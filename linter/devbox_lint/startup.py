"""Regular expressions that are compiled when they are first used.

Compiling the patterns of all modules takes longer than linting a file, and most files need few of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple

    _OF_THE_CLASS = frozenset(("__module__", "__annotations__"))

    class _Maker(type):
        """Makes a tuple with names of each class that is derived from NamedTuple."""

        def __new__(cls, name: str, _: tuple[type, ...], namespace: dict[str, Any]) -> type:
            annotations = namespace.get("__annotations__", {})
            defaults = [namespace[field] for field in annotations if field in namespace]
            made = namedtuple(name, annotations, defaults=defaults, module=namespace["__module__"])
            made.__annotations__ = annotations
            for key, value in namespace.items():
                if key not in annotations and key not in _OF_THE_CLASS:
                    setattr(made, key, value)
            return made

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})


if TYPE_CHECKING:
    lazy = re.compile
else:

    class _Lazy:
        """Stands for a compiled expression; after the first use its methods are that expression's own."""

        def __init__(self, expression: str, flags: int = 0) -> None:
            self._expression = expression
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            compiled = re.compile(self._expression, self._flags)
            for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)

    def lazy(expression: str, flags: int = 0) -> _Lazy:
        """What ``re.compile`` gives, compiled at the first call of a method."""
        return _Lazy(expression, flags)
