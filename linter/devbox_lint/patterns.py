"""Regular expressions that are compiled when they are first used.

Compiling the patterns of all modules takes longer than linting a file, and most files need few of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

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
