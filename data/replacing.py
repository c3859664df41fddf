"""What a load takes away before it puts its rows in: rows with the same ids, or the same days."""

from __future__ import annotations

from collections.abc import Sequence

from data import ledger
from data.engine import Connection, count, mine, quoted, within
from data.errors import BadFile
from data.tables import ATTRIBUTIONS, Batch, Note, origin_column


def replace_ids(connection: Connection, batch: Batch, keys: str, columns: Sequence[str]) -> None:
    """Rows go whose `columns` stand in the table `keys`."""
    table = batch.table.name
    years = f"account = {quoted(batch.account)} AND year BETWEEN {batch.since.year} AND {batch.until.year}"
    if count(connection, table, years):
        same = " AND ".join(f"{table}.{column} = k.{column}" for column in columns)
        connection.execute(f"DELETE FROM {table} USING (SELECT DISTINCT {', '.join(columns)} FROM {keys}) k WHERE {same}")


def empty_days(connection: Connection, batch: Batch) -> None:
    """Every row of the batch's account and days goes, whatever its id."""
    connection.execute(f"DELETE FROM {batch.table.name} WHERE {within(batch)}")


def adopted_origins(connection: Connection, batch: Batch, arriving: Sequence[str]) -> str:
    """A query over `incoming` in which visits keep the origins they had under models that do not arrive now; empty if there are none."""
    others = [origin_column(a.key) for a in ATTRIBUTIONS if origin_column(a.key) not in arriving]
    kept = [name for name in others if count(connection, "visits", f"account = {quoted(batch.account)} AND {name} IS NOT NULL")]
    if not kept:
        return ""
    adopted = ", ".join(f"v.{name} AS {name}" for name in kept)
    return (
        f"SELECT i.* REPLACE ({adopted}) FROM incoming i LEFT JOIN visits v "
        f"ON v.account = i.account AND v.year = i.year AND v.visit = i.visit"
    )


def replace_days(connection: Connection, batch: Batch, forced: bool) -> tuple[Note, ...]:
    """Rows of the covered days go. A period that cannot be split never pushes out days that are known one by one, unless `forced`.

    Raises: BadFile in that case. Returns notes about periods that are gone because a part of them has been replaced.
    """
    if batch.whole and not forced and ledger.days_one_by_one(connection, batch):
        raise BadFile(
            "The file knows {since} to {until} only as a whole, but days of that period are already loaded one by one.",
            "{origin}",
            "Export it with a breakdown by day, or load it with --replace to give up the days.",
            since=batch.since,
            until=batch.until,
            origin=batch.origin,
        )
    cut = ledger.periods_cut(connection, batch)
    connection.execute(
        f"DELETE FROM {batch.table.name} WHERE {mine(batch, batch.table)} AND day <= '{batch.until}' AND until >= '{batch.since}'"
    )
    for since, until in cut:
        ledger.forget(connection, batch, since, until)
    gone = "The period {since} to {until}, which could not be split, was replaced; its other days are not loaded now."
    return tuple(Note("replaced", gone, {"since": since, "until": until}) for since, until in cut)
