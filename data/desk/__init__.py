"""What people write about a client, a file per noun: marks, plans, actions, overrules, saved views, mappings of campaigns and of sheets.

Every function takes the workspace first, then the client's short name. What changes something says who did it; the history keeps
what stood there before.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData()
"""All tables of the workspace."""


def tables() -> sa.MetaData:
    """The tables of every file of this folder; a new noun is found by listing it."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return METADATA


def new_id(added: sa.CursorResult[Any]) -> int:
    """The id that the database gave to an inserted row."""
    assert added.inserted_primary_key is not None
    return int(added.inserted_primary_key[0])
