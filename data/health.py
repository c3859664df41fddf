"""Whether the app can do its work: the workspace opens, every client's newest version can be read, the disk has room."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from data import schedule, settings
from data.door import Desk, workspace_of
from data.errors import Problem
from data.roles import OPERATOR
from data.schedule import Schedule
from data.warehouse import Warehouse
from data.workspace import Client

OK, DEGRADED, DOWN = "ok", "degraded", "down"
_MAGIC, _MAGIC_AT = b"DUCK", 8
"""How a file of the engine begins."""


@dataclass(frozen=True)
class Shop:
    """One client's store. `made_at` is when the version that is served was published; None while nothing was ever loaded.

    `damaged`: the newest version is damaged and an earlier one is served in its place.
    """

    version: int
    made_at: datetime | None
    files: int
    size: int
    readable: bool
    damaged: bool = False


@dataclass(frozen=True)
class Health:
    """Unit: `free` in bytes. `stores` by client."""

    workspace: bool
    free: int
    stores: Mapping[str, Shop] = field(default_factory=dict)
    schedule: Schedule | None = None

    @property
    def room(self) -> bool:
        """Whether the disk has room for a load."""
        return self.free >= settings.disk_least()

    @property
    def state(self) -> str:
        """`down` when nobody can be served; `degraded` when somebody has to look: one broken store takes no other client down."""
        broken = [one for one in self.stores.values() if not one.readable]
        if not self.workspace or (broken and len(broken) == len(self.stores)):
            return DOWN
        missed = self.schedule is not None and self.schedule.missed
        damaged = any(one.damaged for one in self.stores.values())
        return DEGRADED if broken or damaged or missed or not self.room else OK


def look() -> Health:
    """Look at everything."""
    free = shutil.disk_usage(_existing(settings.home())).free
    try:
        desk = workspace_of(OPERATOR)
        clients = desk.clients()
    except (sa.exc.SQLAlchemyError, OSError, Problem):
        return Health(False, free)
    return Health(True, free, {client.slug: _shop(desk, client) for client in clients}, schedule.read())


def _shop(desk: Desk, client: Client) -> Shop:
    store = desk.store(client)
    files = list(store.folder.glob("v*.duckdb"))
    size = sum(path.stat().st_size for path in files if path.exists())
    try:
        current = store.current()
        if current is None:
            return Shop(0, None, len(files), size, True)
        return Shop(current.number, current.made_at, len(files), size, _readable(store, current.path), store.damage() is not None)
    except (Problem, OSError):
        return Shop(0, None, len(files), size, False)


_read: dict[Path, tuple[int, int]] = {}


def _readable(store: Warehouse, path: Path) -> bool:
    """NB: a file is opened once and only looked at later on. Opening every client's at each look would push out those that are read."""
    found = path.stat()
    seen = (found.st_size, found.st_mtime_ns)
    with path.open("rb") as file:
        if file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] != _MAGIC:
            return False
    if _read.get(path) != seen:
        store.sql("SELECT count(*) FROM loads")
        _read[path] = seen
    return True


def _existing(path: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(one for one in (path, *path.parents) if one.exists())
