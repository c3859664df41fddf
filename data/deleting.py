"""A client's data deleted, all of it and for good, with a receipt that says what and when: Federal Law 152-FZ, GDPR article 17.

What is left on purpose: the receipt (counts, no contents), a line of the agency's history, and in the client's folder the number of the
last version, which must never be used again: answers are remembered by it. What a running dashboard holds in memory goes when it restarts.
"""

from __future__ import annotations

import getpass
import json
import shutil
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from data import backup, belongings, clock, disk, migrations, opened, settings, versions
from data.desk import history
from data.errors import StoreDamaged
from data.transaction import alone
from data.warehouse import Warehouse
from data.workspace import Client, Workspace

RECEIPTS = "receipts"
_STAYS = frozenset({versions.LAST, "loading.lock"})
_PATIENCE = 10.0
"""Unit: seconds that readers have to come to an end before the log of the workspace is emptied."""


@dataclass(frozen=True)
class Receipt:
    """What was deleted. `loaded` and `written`: table → rows; `size` in bytes. `backups` were deleted too or rid of the client;
    `left` still hold it. `wiped`: no trace is left in the workspace's file (None for a database elsewhere, whose operator sees to that)."""

    client: str
    at: datetime
    who: str
    versions: int
    files: int
    size: int
    loaded: Mapping[str, int]
    written: Mapping[str, int]
    backups: tuple[str, ...]
    left: tuple[str, ...]
    wiped: bool | None


def delete(workspace: Workspace, client: Client, who: str = "", with_backups: bool = False) -> tuple[Receipt, Path]:
    """Delete a client. Returns the receipt and where it lies. Done again after a kill, it goes on where it was.

    Raises: StoreBusy, DiskRefuses.
    """
    store = Warehouse(settings.home() / "clients" / client.slug)
    with store._lock():
        loaded = _loaded(store)
        count = len(versions.known(store.folder))
        files, size = _remove_files(store.folder)
        with alone(workspace.engine) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            written = belongings.erase(connection, client.slug)
            history.record(connection, who, "", "client deleted", None, {"client": client.slug, "rows": sum(written.values())})
    opened.let_go(store.folder)
    wiped = _wipe(workspace)
    named = _copies(client.slug)
    done = [path.name for path in named if _rid(path, client.slug)] if with_backups else []
    left = [path.name for path in named if path.name not in done]
    by = who or getpass.getuser()
    receipt = Receipt(
        client.slug, clock.now().replace(microsecond=0), by, count, files, size, loaded, written, tuple(done), tuple(left), wiped
    )
    return receipt, _keep(receipt)


def _loaded(store: Warehouse) -> dict[str, int]:
    """Rows of the version that counts; nothing can be counted where none is whole."""
    try:
        found = backup.totals(store)
    except StoreDamaged:
        return {}
    return {table: int(said["rows"]) for table, said in found.items() if said["rows"] != "0"}


def _remove_files(folder: Path) -> tuple[int, int]:
    """Everything in the client's folder but the last number and the lock that is held. Shape: (files, bytes)."""
    versions.keep_number(folder, versions.last_number(folder))
    gone = [path for path in folder.rglob("*") if path.is_file() and not (path.parent == folder and path.name in _STAYS)]
    size = sum(path.stat().st_size for path in gone)
    for path in folder.iterdir():
        if path.name not in _STAYS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    disk.flush(folder)
    return len(gone), size


def _wipe(workspace: Workspace) -> bool | None:
    """Write the workspace anew, so that deleted rows are nowhere in its pages, and empty the log beside it."""
    path = migrations.file_of(workspace.engine)
    if path is None:
        return None
    with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM")
        except sqlite3.OperationalError:
            return False  # Somebody has been writing all the time; the receipt says so.
        until = time.monotonic() + _PATIENCE
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
    return True


def _copies(slug: str) -> tuple[Path, ...]:
    """Backups in the home folder that hold the client, and copies of the workspace from before it was changed."""
    folder = backup.own_folder()
    found = [one.folder for one in backup.among(folder) if any(kept.slug == slug for kept in one.clients)]
    return (*found, *(path for path in sorted(folder.glob("workspace-*.sqlite")) if _holds(path, slug)))


def _holds(path: Path, slug: str) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT 1 FROM clients WHERE slug = ?", (slug,)).fetchone() is not None


def _rid(path: Path, slug: str) -> bool:
    """Delete a copy of this client alone; take the client out of a copy of several."""
    if path.is_file():
        backup.erase_in(path, slug)
        return True
    found = backup.read(path)
    if len(found.clients) == 1:
        shutil.rmtree(path)
    else:
        backup.leave_out(found, slug)
    return True


def _keep(receipt: Receipt) -> Path:
    folder = settings.home() / RECEIPTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{receipt.at:%Y%m%dT%H%M%S}-{receipt.client}.json"
    said = asdict(receipt) | {"at": receipt.at.isoformat()}
    disk.write(path, json.dumps(said, ensure_ascii=False, indent=1))
    return path
