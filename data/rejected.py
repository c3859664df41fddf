"""Rows of files that could not be read: kept in the store beside what was loaded, so that they can be looked at and loaded again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from data import clock
from data.batches import Batch, Note, Rejected, Rejects
from data.engine import Connection
from data.tables import REJECTED

if TYPE_CHECKING:
    from data.warehouse import Warehouse

HEADER = ("line", "row", "reason")


@dataclass(frozen=True)
class Heap:
    """The rows of one file that could not be read."""

    account: str
    table: str
    origin: str
    loaded_at: datetime
    rows: tuple[Rejected, ...]


def among(notes: Sequence[Note]) -> tuple[Rejected, ...]:
    """The rows that notes carry, by line."""
    found = {row: None for note in notes if isinstance(note, Rejects) for row in note.rows}
    return tuple(sorted(found, key=lambda row: row.line))


def keep(connection: Connection, batch: Batch, load_id: str) -> None:
    """Keep what could not be read of the batch's file, in place of what an earlier load of the same file left."""
    rows = among(batch.notes)
    if not rows:
        return
    mine = {"account": batch.account, "table_name": batch.table.name, "origin": batch.origin}
    same = " AND ".join(f"{name} = ${name}" for name in mine)
    connection.execute(f"DELETE FROM rejected WHERE {same}", mine)
    now = clock.now().replace(tzinfo=None)
    content = [{**mine, "line": row.line, "text": row.text, "reason": row.reason, "loaded_at": now, "load_id": load_id} for row in rows]
    connection.register("rejected_rows", pa.Table.from_pylist(content, REJECTED.arriving()))
    connection.execute("INSERT INTO rejected BY NAME SELECT * FROM rejected_rows")
    connection.unregister("rejected_rows")


def of(store: Warehouse) -> tuple[Heap, ...]:
    """What could not be read, a heap per file, the latest first. A store that was written before rows were kept has none."""
    if not store.arrow("SELECT 1 FROM duckdb_tables() WHERE table_name = 'rejected'").num_rows:
        return ()
    heaps: dict[tuple[str, str, str, datetime], list[Rejected]] = {}
    for row in store.arrow("SELECT * FROM rejected ORDER BY loaded_at DESC, origin, line").to_pylist():
        file = row["account"], row["table_name"], row["origin"], row["loaded_at"]
        heaps.setdefault(file, []).append(Rejected(row["line"], row["text"], row["reason"]))
    return tuple(Heap(*file, tuple(rows)) for file, rows in heaps.items())


def sheet(rows: Sequence[Rejected]) -> list[list[str | float | None]]:
    """The rows under HEADER."""
    return [[row.line, row.text, row.reason] for row in rows]
