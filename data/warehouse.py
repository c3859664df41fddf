"""A client's facts: one DuckDB file per published version, and one small pointer that says which version is current.

What enters are batches; what leaves are answers to expressions. A load copies the current version, changes the copy, checks
it, gives it its final name and only then moves the pointer, so readers never wait, never see half a load, and a killed load
leaves the version before it. A file that was published is never written again: an open reader may keep it for as long as it likes.

NB: each call takes its own cursor. One DuckDB connection shared by two threads gives silently empty answers.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import uuid4

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from data import clock, disk, log, meters, opened, pruning, settings, versions
from data.batches import Batch, Note
from data.errors import NeedsMemory, NotAllowed, StoreBusy, StoreDamaged
from data.loading import Loaded, apply
from data.opened import CONFIG
from data.pruning import Fate
from data.roles import EVERYTHING, Reach
from data.steady import Steady
from data.versions import Damage, Version
from data.written import Gathered, Meant, rows, shared, text

if TYPE_CHECKING:
    import pandas as pd
    from ibis.expr.types import Expr

PATIENCE = 30.0
"""Seconds that a loader waits for another one of the same client."""
Progress = Callable[[float, str], None]
_Answer = TypeVar("_Answer")
_NO_TABLES: Mapping[str, pa.Table] = MappingProxyType({})


def quiet(share: float, what: str) -> None:
    """A progress that nobody watches."""


class Ties(Protocol):
    """What the workspace knows of the client whose store this is."""

    def living(self) -> None:
        """Raises NoSuchClient when the client has been deleted meanwhile."""

    def referred(self) -> frozenset[int]:
        """Versions that documents refer to, which went to somebody."""


@dataclass(frozen=True)
class Candidate:
    """A version that is built and checked but not published: what would be true if it were. `load` is the id of its load."""

    base: int
    path: Path
    loaded: tuple[Loaded, ...]
    load: str = ""


class Warehouse:
    """One client's store in `folder`, as far as `reach` goes. Reading methods may be called from any thread."""

    def __init__(self, folder: Path, reach: Reach = EVERYTHING, ties: Ties | None = None) -> None:
        self.folder, self.reach, self.ties = folder, reach, ties
        self._pinned: Version | None = None

    # ------------------------------------------------------------------------------------------------------- reading

    def current(self) -> Version | None:
        """The version that counts, or None while nothing has ever been loaded. Raises StoreDamaged when none is sound."""
        return self._pinned or versions.look(self.folder)[0]

    def damage(self) -> Damage | None:
        """What is wrong when the newest version is damaged and an earlier one is served in its place."""
        return versions.look(self.folder)[1]

    def pinned(self) -> Warehouse:
        """The same store, held at the version of this moment: an answer made of several queries must not mix two."""
        return self._held_at(self.current())

    def live(self) -> Warehouse:
        """The same store, not held at any version."""
        return Warehouse(self.folder, self.reach, self.ties)

    def at(self, number: int) -> Warehouse | None:
        """The same store, held at an earlier version; None where that version is not on disk any more."""
        found = self.current()
        if found is None or number > found.number:
            return None
        earlier = (version for version in versions.known(self.folder) if version.number == number and versions.sound(version))
        version = found if number == found.number else next(earlier, None)
        return self._held_at(version) if version else None

    def _held_at(self, version: Version | None) -> Warehouse:
        held = Warehouse(self.folder, self.reach, self.ties)
        held._pinned = version
        return held

    def version(self) -> int:
        """Number of the published version; part of every cache key. 0 while the store is empty."""
        found = self.current()
        return found.number if found else 0

    def run(self, expression: Expr | Gathered, meant: Meant = ()) -> pd.DataFrame:
        """Answer an expression, or several gathered, built on the unbound tables of `data.tables`, against the current version.

        What depends on neither days nor filters (the ledger, the names of campaigns, the channels of origins) is asked once per version.
        """
        if isinstance(expression, Gathered):
            return self.pinned()._gathered(expression)
        query = text(expression, "duckdb", meant)
        return self.sql(query) if meant else self._steady(query)

    @property
    def key(self) -> str:
        """The store and what may be seen of it: part of every cache key, beside the version."""
        return f"{self.folder}|{'money' if self.reach.money else 'no money'}"

    def _steady(self, query: str) -> pd.DataFrame:
        """An answer that holds as long as the version does. NB: handed out as a copy, because callers may change what they get."""
        held = self.pinned()
        if held._pinned is None:
            return held.sql(query)
        return _FRAMES.answer((held._pinned.path, self.reach.money, query), lambda: held.sql(query)).copy()

    def _gathered(self, asked: Gathered) -> pd.DataFrame:
        """The tables that all parts name are asked once per version and handed in: their many rules take longer than the sums."""
        if self._pinned is None:
            return self.sql(text(asked, "duckdb"))
        path = self._pinned.path
        tables = {
            name: _TABLES.answer((path, self.reach.money, query), lambda query=query: self.arrow(query))  # type: ignore[misc]
            for name, query in shared(asked, "duckdb").items()
        }
        return self._answer(rows(asked, "duckdb"), lambda cursor: cursor.df(), tables)

    def sql(self, query: str) -> pd.DataFrame:
        """Answer a query in the engine's dialect. For doors and tests: pages build expressions."""
        return self._answer(query, lambda cursor: cursor.df())

    def arrow(self, query: str) -> pa.Table:
        """As `sql`, with exact types (decimals stay decimals)."""
        return self._answer(query, lambda cursor: cursor.to_arrow_table())

    def _answer(
        self, query: str, fetch: Callable[[duckdb.DuckDBPyConnection], _Answer], tables: Mapping[str, pa.Table] = _NO_TABLES
    ) -> _Answer:
        """Ask with these tables at hand.

        NB: a block that rots is found when it is read, in the middle of an answer: all of it then comes from the version before.
        """
        version = self.current()
        try:
            with meters.timed("vitrina_query_seconds"), opened.cursor(version.path if version else None, self.reach.money) as cursor:
                for name, table in tables.items():
                    # NB: copied into the engine: filters that reach an Arrow table cannot say keys above 2^63.
                    cursor.register(f"held_{name}", table)
                    cursor.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM "held_{name}"')
                return fetch(cursor.execute(query))
        except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException, StoreDamaged) as error:
            cause = error.__cause__ if isinstance(error, StoreDamaged) else error
            if version is None or not isinstance(cause, duckdb.Error) or not versions.suspect(version, cause):
                raise
            if self._pinned is None:
                return self._answer(query, fetch, tables)
            raise StoreDamaged(
                "The data was damaged while it was being read.", "{file}", "Open the page anew: the version before it is shown then.",
                file=version.path.name,
            ) from error

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        version = self.current()
        with opened.cursor(version.path if version else None, self.reach.money) as cursor:
            yield cursor

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
        with self._lock(candidate.load):
            if candidate.base != self._base()[0] or not candidate.path.exists():
                return False
            self._publish(candidate)
            return True

    def discard(self, candidate: Candidate) -> None:
        """Forget a prepared version."""
        disk.remove(candidate.path)

    def prune(self, keep: int | None = None, days: int | None = None, dry: bool = False) -> tuple[Fate, ...]:
        """Remove versions that the policy gives up, or only tell (`dry`) what would go. Raises StoreBusy."""
        with self._lock():
            return self._prune(keep, days, dry)

    @contextmanager
    def _lock(self, load: str = "") -> Iterator[None]:
        if not self.reach.load:
            raise NotAllowed("Loading is not open to you.", "", "Ask the agency's owner to open it.")
        lock = FileLock(self.folder / "loading.lock", timeout=PATIENCE)
        try:
            with disk.told(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
                with lock, log.work("load", load, client=self.folder.name):
                    if self.ties:
                        self.ties.living()
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
        number, base, told = self._base()
        draft = self.folder / f"draft-{os.getpid()}-{threading.get_ident()}-{clock.now():%H%M%S%f}.duckdb"
        try:
            if base and not afresh:
                shutil.copyfile(base, draft)
            loaded = _fill(draft, batches, progress, replace, limit)
        except BaseException as error:
            for leftover in self.folder.glob(f"{draft.stem}*"):
                disk.remove(leftover)
            if isinstance(error, duckdb.OutOfMemoryException):
                raise NeedsMemory("{origin}", origin=batches[0].origin) from error
            raise
        if told and loaded:
            loaded = (changed(loaded[0], notes=(*told, *loaded[0].notes)), *loaded[1:])
        return Candidate(number, draft, loaded, log.told("load"))

    def _base(self) -> tuple[int, Path | None, tuple[Note, ...]]:
        """What a load builds on, whatever this store is held at, and what has to be said of it. Shape: (number, file, notes)."""
        try:
            version, damage = versions.look(self.folder)
        except StoreDamaged:
            return 0, None, (Note("damaged", "Nothing that was loaded before can be read: the store begins anew with this load."),)
        told = (damage.note(),) if damage else ()
        return (version.number, version.path, told) if version else (0, None, told)

    def _publish(self, candidate: Candidate) -> None:
        number = versions.last_number(self.folder) + 1
        # NB: a name is never used twice, not even after a store was deleted: this process may still hold a file of that name open.
        path = self.folder / f"v{number:06d}-{uuid4().hex[:6]}.duckdb"
        disk.flush(candidate.path)
        os.replace(candidate.path, path)
        try:
            versions.point(versions.describe(number, path))
        except OSError:
            disk.remove(path)
            raise
        log.event("version published", version=number, rows=sum(one.rows for one in candidate.loaded))
        self._prune()

    def _prune(self, keep: int | None = None, days: int | None = None, dry: bool = False) -> tuple[Fate, ...]:
        referred = self.ties.referred() if self.ties else frozenset()
        fates = pruning.plan(self.folder, versions.look(self.folder)[0], referred, keep, days)
        if not dry:
            pruning.carry_out(fates)
        return fates

    def _sweep(self) -> None:
        """Remove what killed loads left behind. Safe under the lock: a living draft is either ours or a preview younger than a day."""
        yesterday = clock.now().timestamp() - 86_400
        for leftover in self.folder.glob("draft-*"):
            process = int(leftover.name.split("-")[1])
            if not _alive(process) or leftover.stat().st_mtime < yesterday:
                disk.remove(leftover)


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


_FRAMES: Steady[pd.DataFrame] = Steady(128, 20_000)
_TABLES: Steady[pa.Table] = Steady(128, 50_000)
