"""The ledger: which days of which table are loaded, from where and when. Also for days on which nothing happened."""

from __future__ import annotations

from datetime import date

from data import clock
from data.batches import Batch
from data.engine import Connection, mine, quoted, within
from data.tables import LOADS


def forget(connection: Connection, batch: Batch, since: date, until: date) -> None:
    """Take days of the batch's table, account, attribution and breakdown out of the ledger."""
    connection.execute(f"DELETE FROM loads WHERE {_kind(batch)} AND day BETWEEN '{since}' AND '{until}'")


def enter(connection: Connection, batch: Batch, load_id: str) -> None:
    """Write one row for every day that the batch covers, in place of what stood there."""
    forget(connection, batch, batch.since, batch.until)
    whole = batch.periods or ((batch.since, batch.until),) if batch.whole else ()
    periods = ", ".join(f"(DATE '{since}', DATE '{until}')" for since, until in whole) or "(NULL::DATE, NULL::DATE)"
    connection.execute(
        f"""INSERT INTO loads SELECT $account, $source, $table, $attribution, $breakdown, c.day,
            coalesce(p.since, c.day), coalesce(p.until, c.day), coalesce(n, 0), $origin, $now, $load_id,
            $sample_share, $thresholded, coalesce(coalesce(p.until, c.day) >= $provisional_since::DATE, false)
        FROM (SELECT unnest(generate_series($since::DATE, $until::DATE, INTERVAL 1 DAY))::DATE AS day) c
        LEFT JOIN (VALUES {periods}) p(since, until) ON c.day BETWEEN p.since AND p.until
        LEFT JOIN (SELECT day AS d, count(*) AS n FROM {batch.table.name} WHERE {within(batch)} AND {mine(batch, batch.table)} GROUP BY day)
        ON d = c.day WHERE c.day NOT IN ({of_others(batch) if batch.completes else "DATE '1900-01-01'"})""",
        {
            "account": batch.account,
            "source": batch.source,
            "table": batch.table.name,
            "attribution": batch.attribution,
            "breakdown": batch.breakdown,
            "origin": batch.origin,
            "now": clock.now().replace(tzinfo=None),
            "load_id": load_id,
            "sample_share": batch.sample_share,
            "thresholded": batch.thresholded,
            "provisional_since": batch.provisional_since,
            "since": batch.since,
            "until": batch.until,
        },
    )


def of_others(batch: Batch) -> str:
    """A query: the days of the batch on which another source has already loaded its table for its account."""
    return (
        f"SELECT day FROM loads WHERE {within(batch)} AND table_name = {quoted(batch.table.name)} AND source <> {quoted(batch.source)}"
    )


def days_one_by_one(connection: Connection, batch: Batch) -> bool:
    """Whether any day that the batch covers is already loaded as a day of its own."""
    row = connection.execute(
        f"SELECT count(*) FROM loads WHERE {_kind(batch)} AND period_since = period_until "
        f"AND day BETWEEN '{batch.since}' AND '{batch.until}'"
    ).fetchone()
    return bool(row and row[0])


def periods_cut(connection: Connection, batch: Batch) -> list[tuple[date, date]]:
    """Indivisible periods that the batch overlaps without covering them whole."""
    return connection.execute(
        f"SELECT DISTINCT period_since, period_until FROM loads WHERE {_kind(batch)} AND period_since < period_until "
        f"AND period_since <= '{batch.until}' AND period_until >= '{batch.since}' "
        f"AND (period_since < '{batch.since}' OR period_until > '{batch.until}') ORDER BY 1"
    ).fetchall()


def _kind(batch: Batch) -> str:
    return f"{mine(batch, LOADS)} AND table_name = {quoted(batch.table.name)}"
