"""A copy of clients, taken while people work, that can be believed: every file with its SHA-256, every table with its count and sums.

    vitrina-20261123T214500-3fa2c1/
      manifest.json                      written last: without it the folder is no backup
      workspace.sqlite                   what people have written about these clients; with the agency also its people
      clients/<client>/v000007-….duckdb  the version that counts, and those that documents in it were made from
      clients/<client>/salt              the client's secret for hashing, sealed where VITRINA_BACKUP_KEY is set
      links                              with the agency: the key of its share links, sealed alike

Tokens are not in it: they are in the environment, and nowhere in a home folder. What people wrote is read in one transaction, and after it
the facts, so that every version that a document names is there.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from data import belongings, clock, disk, migrations, salt, sealing, secret, settings, versions
from data.desk import tables
from data.errors import Problem
from data.secret import Secret
from data.tables import TABLES
from data.transaction import snapshot
from data.versions import Version
from data.warehouse import Warehouse
from data.workspace import Client, Workspace

MANIFEST, NOTES, LINKS, KIND = "manifest.json", "workspace.sqlite", "links", 1
KEY = "VITRINA_BACKUP_KEY"
_SUMMED = ("visits", "reaches", "orders", "revenue", "cost", "clicks", "reached", "amount", "searches")
Totals = dict[str, dict[str, str]]
"""Shape: table → {rows, and sums of its additive columns}, as exact text."""


@dataclass(frozen=True)
class Kept:
    """One client in a backup. `version` is 0 where nothing was loaded; `damaged` says that an earlier version had to stand in."""

    slug: str
    version: int
    file: str
    totals: Totals
    written: Mapping[str, int]
    damaged: bool = False


@dataclass(frozen=True)
class Backup:
    """What a manifest says. `files`: path inside the folder → (bytes, SHA-256). `sealed`: whether the secrets in it need a pass phrase."""

    folder: Path
    made_at: datetime
    clients: tuple[Kept, ...]
    agency: bool
    sealed: bool
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.files.values())

    def client(self, slug: str) -> Kept:
        """Raises Problem for a client that is not in it."""
        found = next((one for one in self.clients if one.slug == slug), None)
        if found is None:
            raise Problem(
                "The backup holds no client {slug}.", "{folder}", "It holds: {clients}", slug=slug, folder=self.folder.name,
                clients=", ".join(one.slug for one in self.clients),
            )
        return found


def own_folder() -> Path:
    """Where backups are laid that are taken before something is changed."""
    return settings.home() / migrations.BACKUPS


def take(workspace: Workspace, clients: Sequence[Client], to: Path, agency: bool = False) -> Backup:
    """Back up clients, and with `agency` what is no client's. Raises DiskRefuses, StoreDamaged.

    It is made under another name and gets its own when it is whole: what a kill leaves behind looks like no backup.
    """
    key = _key()
    name = f"vitrina-{clock.now():%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
    with disk.told(to):
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = to / f".{name}.draft"
        draft.mkdir(mode=0o700)
        try:
            written = _write_notes(workspace, draft / NOTES, [client.slug for client in clients], agency)
            kept = tuple(_keep(workspace, client, draft / "clients" / client.slug, written[client.slug], key) for client in clients)
            if agency:
                _keep_secret(settings.home() / LINKS, draft / LINKS, key)
            made = Backup(draft, clock.now().replace(microsecond=0), kept, agency, key is not None, dict(_digests(draft)))
            _write_manifest(made)
            draft.rename(to / name)
            disk.flush(to)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return read(to / name)


def read(folder: Path) -> Backup:
    """What a backup says of itself; nothing of it is checked. Raises Problem for a folder that is none."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        kind = int(said["vitrina_backup"])
        found = Backup(
            folder, datetime.fromisoformat(said["made_at"]), tuple(Kept(**one) for one in said["clients"]), said["agency"],
            said["sealed"], {path: (int(size), str(digest)) for path, (size, digest) in said["files"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(
            "{folder} is no backup: it has no manifest that can be read.", "{folder}",
            "Name a folder that `backup` has made. A home folder copied by hand may lack what was written last, and is not taken.",
            folder=folder.name,
        ) from error
    if kind != KIND:
        raise Problem("The backup was made by a newer Vitrina.", "{folder}", "Update the program first.", folder=folder.name)
    return found


def check(backup: Backup) -> None:
    """Read every file again. Raises Problem naming what is missing or is not what was copied."""
    wrong = [path for path, (size, digest) in backup.files.items() if not _same(backup.folder / path, size, digest)]
    if wrong:
        raise Problem(
            "The backup is not whole: {files}", "{folder}", "Nothing was changed. Take another backup.",
            files=", ".join(sorted(wrong)[:5]), folder=backup.folder.name,
        )


def among(folder: Path) -> tuple[Backup, ...]:
    """The backups that lie in a folder, the newest first."""
    found = [read(path.parent) for path in folder.glob(f"vitrina-*/{MANIFEST}")]
    return tuple(sorted(found, key=lambda one: one.made_at, reverse=True))


def leave_out(backup: Backup, slug: str) -> None:
    """Take one client out of a backup of several, and its rows out of the notes in it."""
    shutil.rmtree(backup.folder / "clients" / slug, ignore_errors=True)
    erase_in(backup.folder / NOTES, slug)
    left = tuple(one for one in backup.clients if one.slug != slug)
    _write_manifest(Backup(backup.folder, backup.made_at, left, backup.agency, backup.sealed, dict(_digests(backup.folder))))


def erase_in(path: Path, slug: str) -> int:
    """Delete a client's rows in a copy of a workspace, of whatever shape, and wipe their pages. Returns how many there were."""
    engine = sa.create_engine(f"sqlite:///{path}")
    shape = sa.MetaData()
    shape.reflect(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
        gone = belongings.erase(connection, slug, shape)
    engine.dispose()
    _pack(path)
    return sum(gone.values())


def totals(store: Warehouse) -> Totals:
    """Rows and exact sums of every table of a store."""
    found: Totals = {}
    for table in TABLES.values():
        summed = [name for name in _SUMMED if name in table.names]
        columns = ", ".join(["count(*) AS rows", *(f"coalesce(sum({name}), 0) AS {name}" for name in summed)])
        row = store.arrow(f"SELECT {columns} FROM {table.name}").to_pylist()[0]
        found[table.name] = {name: str(value) for name, value in row.items()}
    return found


# ------------------------------------------------------------------------------------------------------------------ writing


def _write_notes(workspace: Workspace, path: Path, slugs: Sequence[str], agency: bool) -> dict[str, dict[str, int]]:
    """The rows of clients in a workspace of their own. Shape: client → table → rows."""
    engine = sa.create_engine(f"sqlite:///{path}")
    migrations.settle(engine)
    counted: dict[str, dict[str, int]] = {}
    with snapshot(workspace.engine) as source, engine.begin() as target:
        if agency:
            belongings.put(target, belongings.read_agency(source))
        for slug in slugs:
            rows = belongings.read(source, slug)
            _copy_rows(target, rows)
            counted[slug] = {name: len(found) for name, found in rows.items() if found}
    engine.dispose()
    _pack(path)
    path.chmod(0o600)
    return counted


def _copy_rows(target: sa.Connection, rows: belongings.Rows) -> None:
    """NB: not `belongings.put`: a grant is kept although the people are not in a backup of one client."""
    for name, found in rows.items():
        if found:
            target.execute(sa.insert(tables().tables[name]), found)


def _pack(path: Path) -> None:
    """One file and no log beside it, without a trace of rows that are gone."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")


def _keep(workspace: Workspace, client: Client, folder: Path, written: Mapping[str, int], key: Secret | None) -> Kept:
    folder.mkdir(parents=True, mode=0o700)
    store = workspace.store(client).pinned()
    current = store.current()
    _keep_secret(store.folder, folder / salt.NAME, key)
    if current is None:
        return Kept(client.slug, 0, "", totals(store), written)
    damaged = versions.look(store.folder)[1] is not None
    found = totals(store)
    _keep_version(current, folder)
    for version in _named(folder.parent.parent / NOTES, client.slug, store.folder, current):
        _keep_version(version, folder)
    return Kept(client.slug, current.number, current.path.name, found, written, damaged)


def _named(notes: Path, slug: str, folder: Path, current: Version) -> Iterable[Version]:
    """Earlier versions on disk that documents in the backup were made from."""
    with closing(sqlite3.connect(notes)) as connection:
        named = {number for (number,) in connection.execute("SELECT version FROM frozen WHERE client = ?", (slug,))}
    return (one for one in versions.known(folder) if one.number in named and one.number < current.number and versions.sound(one))


def _keep_version(version: Version, folder: Path) -> None:
    size, digest = disk.copy(version.path, folder / version.path.name)
    if version.digest and digest != version.digest:
        raise Problem(
            "A version was damaged while it was being copied.", "{file}", "Take the backup again: the version before it is taken then.",
            file=version.path.name,
        )
    whole = Version(version.number, version.path, version.made_at, size, digest, version.written)
    (folder / version.record.name).write_text(versions.written(whole), encoding="utf-8")


def _keep_secret(held: Path, target: Path, key: Secret | None) -> None:
    if not (held / salt.NAME).exists():
        return
    plain = salt.of(held)
    target.touch(mode=0o600)
    target.write_text(sealing.sealed(plain, key) if key else plain, encoding="ascii")


def _key() -> Secret | None:
    held = secret.stated(KEY)
    return Secret(KEY, held) if isinstance(held, str) and held else None


def _digests(folder: Path) -> Iterable[tuple[str, tuple[int, str]]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            disk.flush(path)
            yield str(path.relative_to(folder)), (path.stat().st_size, disk.digest(path))


def _write_manifest(backup: Backup) -> None:
    said: dict[str, Any] = {
        "vitrina_backup": KIND, "made_at": backup.made_at.isoformat(), "agency": backup.agency, "sealed": backup.sealed,
        "clients": [vars(one) for one in backup.clients], "files": backup.files,
    }
    disk.write(backup.folder / MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))


def _same(path: Path, size: int, digest: str) -> bool:
    return path.is_file() and path.stat().st_size == size and disk.digest(path) == digest
