"""The blocks of a document, a file each, found by listing this folder: `TITLE` names it for whoever chooses, `make` draws it up.

`make(context)` gives the block, or None where the client has nothing to show in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from reports.context import Context
from reports.story import Block


@dataclass(frozen=True)
class Kind:
    """A kind of block. `title` is English; `make` is handed the context."""

    key: str
    title: str
    make: Callable[[Context], Block | None]


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by key."""
    names = sorted(module.name for module in iter_modules(__path__))
    found = {name: import_module(f"{__name__}.{name}") for name in names}
    return {name: Kind(name, module.TITLE, module.make) for name, module in found.items()}
