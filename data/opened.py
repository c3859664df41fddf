"""Published files that this process holds open, and the empty store that stands in where nothing was loaded.

NB: connections are shared, cursors are not. One connection handed to two threads gives silently empty answers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data.engine import Connection, create, moneyless, widened
from data.errors import StoreDamaged
from data.tables import TABLES

CONFIG: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


@dataclass
class _Held:
    """A connection, and the views that its cursors need: `wide` where the file is from before the contract grew, `moneyless` (made
    when first needed) for whoever may not see money. Shape: table → statement."""

    connection: Connection
    wide: Mapping[str, str]
    moneyless: Mapping[str, str] | None = None


_OPEN: dict[Path, _Held] = {}
_GUARD = threading.Lock()
_MOST_OPEN, _MOST_OF_ONE = 16, 2
"""Files that stay open, and of one client: the published version and the one before, which a page may still be reading."""
_MAGIC, _MAGIC_AT = b"DUCK", 8
"""How a file of the engine begins."""
_DAMAGE = (
    "not a valid duckdb database", "checksum", "corrupt", "deserializ", "serialization", "read past", "end of file",
    "could not read enough", "failed to load metadata",
)


@contextmanager
def cursor(path: Path | None, money: bool = True) -> Iterator[Connection]:
    """A cursor of one's own over a published file; over an empty store where there is none. Raises StoreDamaged."""
    held = _empty() if path is None else _published(path)
    taken = held.connection.cursor()
    try:
        for view in _views(held, money):
            taken.execute(view)
        yield taken
    finally:
        taken.close()


def _views(held: _Held, money: bool) -> Iterator[str]:
    """What hides tables of the file from a cursor: older shapes behind the contract's, and money from whoever may not see it."""
    if money:
        return filter(None, held.wide.values())
    with _GUARD:
        if held.moneyless is None:
            with held.connection.cursor() as taken:
                held.moneyless = {table.name: moneyless(taken, table) for table in TABLES.values()}
    hidden = held.moneyless
    return filter(None, (hidden[name] or held.wide.get(name, "") for name in TABLES))


def let_go(folder: Path) -> None:
    """Hold nothing of this folder open any more; a cursor that is still reading comes to its end."""
    with _GUARD:
        for path in [one for one in _OPEN if one.parent == folder]:
            _OPEN.pop(path)


def unreadable(path: Path) -> bool:
    """Whether the engine finds no whole database in the file. What it cannot open for another reason raises.

    NB: its first bytes are looked at here, because the engine takes a file that it holds open for the one it was.
    """
    with path.open("rb") as file:
        if file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] != _MAGIC:
            return True
    try:
        duckdb.connect(str(path), read_only=True, config=CONFIG).close()
    except duckdb.Error as error:
        if tells_of_damage(error):
            return True
        raise
    return False


def tells_of_damage(error: duckdb.Error) -> bool:
    """Whether the engine says that a file is not what it has written itself. NB: a lock, or too many open files, is no damage."""
    said = str(error).lower()
    return any(mark in said for mark in _DAMAGE)


def _published(path: Path) -> _Held:
    """A read-only connection to a published file, kept open for the next call."""
    with _GUARD:
        held = _OPEN.pop(path, None) or _open(path)
        _OPEN[path] = held
        # NB: not closed by hand. A cursor of another thread may still be reading; the last one to go closes it.
        for spare in [*_spare([one for one in _OPEN if one.parent == path.parent], _MOST_OF_ONE), *_spare(list(_OPEN), _MOST_OPEN)]:
            _OPEN.pop(spare, None)
        return held


def _spare(paths: Sequence[Path], most: int) -> Sequence[Path]:
    """All but the most recently used."""
    return paths[: max(0, len(paths) - most)]


def _open(path: Path) -> _Held:
    try:
        connection = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.Error as error:
        raise StoreDamaged(
            "The current version of the store cannot be opened.", "{file}", "Load the files again, or restore a backup.", file=path.name
        ) from error
    connection.execute("SET enable_progress_bar = false")
    return _Held(connection, {table.name: widened(connection, table) for table in TABLES.values()})


def _empty() -> _Held:
    """An empty store: every table is there and has no rows."""
    key = Path(":empty:")
    with _GUARD:
        if key not in _OPEN:
            connection = duckdb.connect(":memory:", config=CONFIG)
            for table in TABLES.values():
                connection.execute(create(table))
            _OPEN[key] = _Held(connection, {})
        return _OPEN[key]
