"""A client's facts: one DuckDB file per published version, and one small pointer that says which version is current.

What enters are batches; what leaves are answers to expressions. A load copies the current version, changes the copy, checks
it, gives it its final name and only then moves the pointer, so readers never wait, never see half a load, and a killed load
leaves the version before it. A file that was published is never written again: an open reader may keep it for as long as it likes.

NB: each call takes its own cursor. One DuckDB connection shared by two threads gives silently empty answers.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from data import settings
from data.engine import create, widened
from data.errors import NeedsMemory, StoreBusy, StoreDamaged
from data.loading import Loaded, apply
from data.tables import TABLES, Batch
from data.written import Days, text

if TYPE_CHECKING:
    import pandas as pd
    from ibis.expr.types import Expr

POINTER = "current.json"
CONFIG: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
PATIENCE = 30.0
"""Seconds that a loader waits for another one of the same client."""
Progress = Callable[[float, str], None]


def quiet(share: float, what: str) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True)
class Version:
    """A published state: its number, its file, and when it was made (UTC)."""

    number: int
    path: Path
    made_at: datetime


@dataclass(frozen=True)
class Candidate:
    """A version that is built and checked but not published: what would be true if it were."""

    base: int
    path: Path
    loaded: tuple[Loaded, ...]


class Warehouse:
    """One client's store in `folder`. Reading methods may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pinned: Version | None = None

    # ------------------------------------------------------------------------------------------------------- reading

    def current(self) -> Version | None:
        """The published version, or None while nothing has ever been loaded."""
        return self._pinned or self._published()

    def _published(self) -> Version | None:
        """What the pointer says now, whatever this store is held at: loads build on that and on nothing else."""
        pointer = self.folder / POINTER
        try:
            said = json.loads(pointer.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise StoreDamaged(
                "The pointer to the current version cannot be read.", "{file}", "Restore it from a backup.", file=pointer.name
            ) from error
        return Version(said["version"], self.folder / said["file"], datetime.fromisoformat(said["made_at"]))

    def pinned(self) -> Warehouse:
        """The same store, held at the version of this moment: an answer made of several queries must not mix two."""
        held = Warehouse(self.folder)
        held._pinned = self.current()
        return held

    def at(self, number: int) -> Warehouse | None:
        """The same store, held at an earlier version; None where that version is not on disk any more."""
        found = self.current()
        if found is None or number > found.number:
            return None
        path = found.path if number == found.number else max(self.folder.glob(f"v{number:06d}-*.duckdb"), default=None)
        if path is None or not path.exists():
            return None
        held = Warehouse(self.folder)
        held._pinned = Version(number, path, found.made_at)
        return held

    def version(self) -> int:
        """Number of the published version; part of every cache key. 0 while the store is empty."""
        found = self.current()
        return found.number if found else 0

    def run(self, expression: Expr, days: Days = ()) -> pd.DataFrame:
        """Answer an expression built on the unbound tables of `data.tables`, against the current version.

        What does not depend on days (the ledger, the names of campaigns) is asked once per version.
        """
        query = text(expression, "duckdb", days)
        return self.sql(query) if days else self._steady(query)

    def _steady(self, query: str) -> pd.DataFrame:
        """An answer that holds as long as the version does. NB: handed out as a copy, because callers may change what they get."""
        held = self.pinned()
        if held._pinned is None:
            return held.sql(query)
        key = (held._pinned.path, query)
        with _GUARD:
            known = _STEADY.pop(key, None)
        found = held.sql(query) if known is None else known
        if len(found) <= _MOST_STEADY_ROWS:
            with _GUARD:
                _STEADY[key] = found
                while len(_STEADY) > _MOST_STEADY:
                    _STEADY.pop(next(iter(_STEADY)))
        return found.copy()

    def sql(self, query: str) -> pd.DataFrame:
        """Answer a query in the engine's dialect. For doors and tests: pages build expressions."""
        with self._cursor() as cursor:
            return cursor.execute(query).df()

    def arrow(self, query: str) -> pa.Table:
        """As `sql`, with exact types (decimals stay decimals)."""
        with self._cursor() as cursor:
            return cursor.execute(query).to_arrow_table()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        version = self.current()
        connection = _open_empty() if version is None else _open_published(version.path)
        cursor = connection.cursor()
        try:
            for view in _WIDENED.get(version.path, ()) if version else ():
                cursor.execute(view)
            yield cursor
        finally:
            cursor.close()

    # ------------------------------------------------------------------------------------------------------- loading

    def load(self, batches: Sequence[Batch], progress: Progress = quiet, replace: bool = False, afresh: bool = False) -> tuple[Loaded, ...]:
        """Load batches as one new version and publish it.

        `replace` empties the covered days of keyed tables first; `afresh` starts from an empty store (older versions stay).

        Raises: StoreBusy when another process is loading, ContractBroken when rows are not what they should be.
        """
        with self._lock():
            candidate = self._build(batches, progress, replace, afresh)
            self._publish(candidate)
        return candidate.loaded

    def prepare(self, batches: Sequence[Batch], progress: Progress = quiet, replace: bool = False) -> Candidate:
        """Build the version that a load would publish, without publishing it."""
        with self._lock():
            return self._build(batches, progress, replace)

    def publish(self, candidate: Candidate) -> bool:
        """Publish a prepared version; False when somebody else has published since, and it has to be prepared anew."""
        with self._lock():
            published = self._published()
            if candidate.base != (published.number if published else 0) or not candidate.path.exists():
                return False
            self._publish(candidate)
            return True

    def discard(self, candidate: Candidate) -> None:
        """Forget a prepared version."""
        _remove(candidate.path)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "loading.lock", timeout=PATIENCE)
        try:
            with lock:
                yield
        except Timeout as error:
            raise StoreBusy(
                "Another load of this client is still running.",
                "{folder}",
                "Wait until it has finished and try again.",
                folder=self.folder.name,
            ) from error

    def _build(self, batches: Sequence[Batch], progress: Progress, replace: bool, afresh: bool = False) -> Candidate:
        """Tried within little memory first, because nearly everything fits whatever its size; then within all that a load may take."""
        self._sweep()
        *little, most = settings.memory_steps()
        for limit in little:
            with suppress(NeedsMemory):
                return self._attempt(batches, progress, replace, afresh, limit)
        return self._attempt(batches, progress, replace, afresh, most)

    def _attempt(self, batches: Sequence[Batch], progress: Progress, replace: bool, afresh: bool, limit: str) -> Candidate:
        base = self._published()
        draft = self.folder / f"draft-{os.getpid()}-{threading.get_ident()}-{datetime.now(UTC):%H%M%S%f}.duckdb"
        try:
            if base and not afresh:
                shutil.copyfile(base.path, draft)
            loaded = _fill(draft, batches, progress, replace, limit)
        except BaseException as error:
            for leftover in self.folder.glob(f"{draft.stem}*"):
                _remove(leftover)
            if isinstance(error, duckdb.OutOfMemoryException):
                raise NeedsMemory("{origin}", origin=batches[0].origin) from error
            raise
        return Candidate(base.number if base else 0, draft, loaded)

    def _publish(self, candidate: Candidate) -> None:
        number = candidate.base + 1
        # NB: a name is never used twice, not even after a store was deleted: this process may still hold a file of that name open.
        path = self.folder / f"v{number:06d}-{uuid4().hex[:6]}.duckdb"
        _flush(candidate.path)
        os.replace(candidate.path, path)
        pointer = {"version": number, "file": path.name, "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
        draft = self.folder / f"{POINTER}.draft"
        draft.write_text(json.dumps(pointer), encoding="utf-8")
        _flush(draft)
        os.replace(draft, self.folder / POINTER)
        _flush(self.folder)
        self._prune(path)

    def _prune(self, newest: Path) -> None:
        """Old versions stay for questions about the past; the oldest go, and so does one whose publication was killed before it counted."""
        published = sorted(path for path in self.folder.glob("v*.duckdb") if path != newest)
        number = newest.name.partition("-")[0]
        kept = [path for path in published if path.name.partition("-")[0] < number][-settings.versions_kept() + 1 :]
        for path in published:
            if path not in kept:
                _remove(path)

    def _sweep(self) -> None:
        """Remove what killed loads left behind. Safe under the lock: a living draft is either ours or a preview younger than a day."""
        yesterday = datetime.now(UTC).timestamp() - 86_400
        for leftover in self.folder.glob("draft-*"):
            process = int(leftover.name.split("-")[1])
            if not _alive(process) or leftover.stat().st_mtime < yesterday:
                _remove(leftover)


def _fill(draft: Path, batches: Sequence[Batch], progress: Progress, replace: bool, limit: str) -> tuple[Loaded, ...]:
    spill = draft.with_suffix(".spill")
    config = CONFIG | {"memory_limit": limit, "temp_directory": str(spill), "preserve_insertion_order": False}
    with duckdb.connect(str(draft), config=config) as connection:
        # NB: the engine counts its progress only when it believes that it also draws it.
        for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false", "progress_bar_time = 0"):
            connection.execute(f"SET {setting}")
        loaded = apply(connection, batches, progress, replace)
        connection.execute("CHECKPOINT")
    shutil.rmtree(spill, ignore_errors=True)
    with duckdb.connect(str(draft), read_only=True, config=CONFIG) as connection:
        connection.execute("SET enable_progress_bar = false")
        for one in loaded:
            one.verify(connection)
    return loaded


def _flush(path: Path) -> None:
    """Make the file (or the folder's names) survive a power cut."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    """Delete what nobody needs. Where the system forbids it because somebody still reads, the next load tries again."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(PermissionError):
            path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


# ---------------------------------------------------------------------------------------------------- open connections

_STEADY: dict[tuple[Path, str], pd.DataFrame] = {}
_MOST_STEADY, _MOST_STEADY_ROWS = 128, 20_000
_OPEN: dict[Path, duckdb.DuckDBPyConnection] = {}
_WIDENED: dict[Path, tuple[str, ...]] = {}
"""Views that each cursor of a file from before the contract grew needs."""
_GUARD = threading.Lock()
_MOST_OPEN = 16


def _open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a published file, kept open for the next call; callers take cursors from it."""
    with _GUARD:
        connection = _OPEN.pop(path, None)
        if connection is None:
            try:
                connection = duckdb.connect(str(path), read_only=True, config=CONFIG)
            except duckdb.Error as error:
                raise StoreDamaged(
                    "The current version of the store cannot be opened.",
                    "{file}",
                    "Load the files again, or restore a backup.",
                    file=path.name,
                ) from error
            connection.execute("SET enable_progress_bar = false")
            _WIDENED[path] = tuple(filter(None, (widened(connection, table) for table in TABLES.values())))
        _OPEN[path] = connection
        while len(_OPEN) > _MOST_OPEN:
            # NB: not closed by hand. A cursor of another thread may still be reading; the last one to go closes it.
            _OPEN.pop(next(iter(_OPEN)))
        return connection


def _open_empty() -> duckdb.DuckDBPyConnection:
    """An empty store: every table is there and has no rows."""
    key = Path(":empty:")
    with _GUARD:
        if key not in _OPEN:
            connection = duckdb.connect(":memory:", config=CONFIG)
            for table in TABLES.values():
                connection.execute(create(table))
            _OPEN[key] = connection
        return _OPEN[key]
