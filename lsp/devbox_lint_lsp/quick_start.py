"""Loads the types of the protocol in less than half the time; to be imported before anything that imports them.

lsprotocol makes 550 classes at every start, and most of the time goes into writing and compiling methods that nobody
calls here: no value of the protocol is compared, hashed or printed by us, nor by pygls. Of the classes that need an
order, such as Position, lsprotocol writes these methods itself.
"""

from __future__ import annotations

from functools import partial

import attrs


def _load() -> None:
    complete = attrs.define
    attrs.define = partial(complete, eq=False, repr=False, slots=False, on_setattr=None)
    try:
        import lsprotocol.types  # noqa: F401
    finally:
        attrs.define = complete


_load()
