"""A backup becomes a client again: on an empty machine as it was, over a living client only when asked, and never without a way back."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from data import backup, belongings, disk, migrations, salt, sealing, secret, settings, versions
from data.backup import Backup, Kept
from data.desk import history
from data.errors import Problem
from data.secret import Secret
from data.transaction import alone
from data.versions import Version
from data.warehouse import Warehouse
from data.workspace import Client, Workspace


@dataclass(frozen=True)
class Restored:
    """One client that is back. `before` is the backup of what stood in its place; `links` is how many share links do not open any more,
    because the numbers of their documents were taken by others meanwhile."""

    kept: Kept
    version: int
    before: Backup | None
    links: int


def restore(workspace: Workspace, chosen: Backup, slugs: Sequence[str] = (), replace: bool = False, who: str = "") -> tuple[Restored, ...]:
    """Bring clients back, all of the backup where none is named. Raises Problem with nothing changed for a backup that is not whole, a
    wrong pass phrase, or a client that lives, unless `replace`.

    Facts come first, then what people wrote. A restore that is killed between the two is done again with `replace`.
    """
    wanted = [chosen.client(slug) for slug in slugs] or list(chosen.clients)
    backup.check(chosen)
    living = {client.slug: client for client in workspace.clients()}
    taken = [one.slug for one in wanted if one.slug in living]
    if taken and not replace:
        raise Problem(
            "There already is a client {slug}.", "restore", "Say --replace: what is there is backed up first.", slug=", ".join(taken)
        )
    secrets_of = {one.slug: _secret(chosen, f"clients/{one.slug}/{salt.NAME}") for one in wanted}
    with disk.told(settings.home()), _notes(chosen) as notes:
        if chosen.agency and not slugs:
            _agency(workspace, chosen, notes)
        return tuple(_one(workspace, chosen, one, living.get(one.slug), secrets_of[one.slug], notes, who) for one in wanted)


def _one(
    workspace: Workspace, chosen: Backup, kept: Kept, living: Client | None, held: str, notes: sa.Engine, who: str
) -> Restored:
    before = backup.take(workspace, [living], backup.own_folder()) if living else None
    store = Warehouse(settings.home() / "clients" / kept.slug)
    with notes.connect() as read:
        rows = belongings.read(read, kept.slug)
    with store._lock():
        number = _facts(store.folder, chosen.folder / "clients" / kept.slug, kept, {row["version"] for row in rows["frozen"]})
        if held:
            _put_secret(store.folder, held)
        with alone(workspace.engine) as connection:
            belongings.erase(connection, kept.slug)
            moved = belongings.put(connection, rows)
            history.record(connection, who, kept.slug, "client restored", None, {"from": chosen.folder.name})
    found = backup.totals(store)
    if found != kept.totals:
        raise Problem(
            "The restored client does not hold what the backup says.", "{client}", "Report this, and restore from another backup.",
            client=kept.slug,
        )
    return Restored(kept, number, before, len(rows["links"]) if moved["frozen"] else 0)


def _facts(folder: Path, source: Path, kept: Kept, named: Set[int]) -> int:
    """Lay the versions where they belong and point at the one that counts. Returns its number.

    NB: where something was published already, the restored version gets a new number. Answers are remembered by number, and this one
    holds other figures than the one that had its own number here. Documents that were made from it find it under its own as well.
    """
    last = versions.last_number(folder)
    for version in versions.known(source):
        if not last or version.path.name != kept.file or version.number in named:
            _lay(version, version.number, folder)
    if not kept.file:
        return _nothing_loaded(folder, last)
    mine = next(version for version in versions.known(source) if version.path.name == kept.file)
    if last:
        _lay(mine, last + 1, folder)
    number = last + 1 if last else kept.version
    versions.point(next(version for version in versions.known(folder) if version.number == number))
    return number


def _nothing_loaded(folder: Path, last: int) -> int:
    """The client had nothing loaded when it was backed up: it has nothing now."""
    for version in versions.known(folder):
        versions.forget(version)
    (folder / versions.POINTER).unlink(missing_ok=True)
    if last:
        versions.keep_number(folder, last)
    return 0


def _lay(version: Version, number: int, folder: Path) -> None:
    """Copy a version under a name that was never used, in the place of what has its number here."""
    for other in versions.known(folder):
        if other.number == number:
            versions.forget(other)
    path = folder / f"v{number:06d}-{uuid4().hex[:6]}.duckdb"
    draft = folder / f"draft-{os.getpid()}-restored-{path.name}"
    size, digest = disk.copy(version.path, draft)
    os.replace(draft, path)
    laid = Version(number, path, version.made_at, size, digest, path.stat().st_mtime_ns)
    disk.write(laid.record, versions.written(laid))


_OWN = "changes WHERE client = ''", "links"


def _agency(workspace: Workspace, chosen: Backup, notes: sa.Engine) -> None:
    """What is no client's. A key of share links that has signed some here stays: theirs are out in the world."""
    with notes.connect() as read:
        rows = belongings.read_agency(read)
    with alone(workspace.engine) as connection:
        known, signed = (connection.execute(sa.text(f"SELECT count(*) FROM {asked}")).scalar() for asked in _OWN)
        belongings.put(connection, rows if not known else {name: found for name, found in rows.items() if name != "changes"})
    held = _secret(chosen, backup.LINKS)
    if held and not signed:
        _put_secret(settings.home() / backup.LINKS, held)


def _secret(chosen: Backup, place: str) -> str:
    """A secret of the backup; empty where there is none. Raises Problem for a wrong pass phrase."""
    path = chosen.folder / place
    if not path.exists():
        return ""
    text = path.read_text(encoding="ascii")
    key = secret.secret(backup.KEY, "Set the pass phrase that the backup was taken with.") if chosen.sealed else None
    return sealing.opened(text, key) if isinstance(key, Secret) else text.strip()


def _put_secret(folder: Path, held: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{salt.NAME}-restored"
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(held, encoding="ascii")
    disk.flush(draft)
    os.replace(draft, folder / salt.NAME)


@contextmanager
def _notes(chosen: Backup) -> Iterator[sa.Engine]:
    """The workspace of the backup in today's shape, on a copy: a backup is never written to. Raises Problem for a newer one's."""
    with tempfile.TemporaryDirectory(prefix="vitrina-") as folder:
        path = Path(folder) / backup.NOTES
        shutil.copyfile(chosen.folder / backup.NOTES, path)
        engine = sa.create_engine(f"sqlite:///{path}")
        try:
            migrations.settle(engine)
            yield engine
        finally:
            engine.dispose()
