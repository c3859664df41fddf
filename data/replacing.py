"""What a load takes away before it puts its rows in: rows with the same ids, or the same days."""

from __future__ import annotations

from collections.abc import Sequence

from data import ledger
from data.batches import Batch, Note
from data.engine import Connection, count, mine, quoted, within
from data.errors import BadFile
from data.tables import ALL_GOALS, ATTRIBUTIONS, ORIGIN_NAMES, origin_column

_TOLD = {
    "source": "the source tag", "medium": "the medium tag", "campaign": "the campaign tag", "campaign_id": "the campaign number",
    "campaign_name": "the campaign name", "traffic_source": "the kind of source", "engine": "the search engine or network",
    "ad_system": "the ad system", "placement": "the placement", "referrer": "the referring site",
    "given_channel": "the channel that the source itself assigns", "goal": "each goal by name", "visits": "the number of visits",
    "new_visits": "the number of first visits", "bounces": "the number of bounces", "engaged": "the number of engaged visits",
    "page_views": "the number of page views", "seconds": "time on site", "reaches": "the number of goal reaches",
    "goal_visits": "the number of goal visits", "orders": "the number of orders", "revenue": "the order value",
    "users": "the number of visitors", "new_users": "the number of new visitors", "buyers": "the number of buyers",
    "impressions": "the number of impressions", "clicks": "the number of clicks", "claimed": "the number of claimed conversions",
}
"""What rows can tell beside their days, in words."""


def replace_ids(connection: Connection, batch: Batch, keys: str, columns: Sequence[str]) -> None:
    """Rows go whose `columns` stand in the table `keys`."""
    table = batch.table.name
    years = f"account = {quoted(batch.account)} AND year BETWEEN {batch.since.year} AND {batch.until.year}"
    if count(connection, table, years):
        same = " AND ".join(f"{table}.{column} = k.{column}" for column in columns)
        connection.execute(f"DELETE FROM {table} USING (SELECT DISTINCT {', '.join(columns)} FROM {keys}) k WHERE {same}")


def complete(connection: Connection, batch: Batch) -> tuple[Note, ...]:
    """Rows of `incoming` go on days on which another source has loaded the table; the others replace rows with the same ids."""
    days = count(connection, f"(SELECT DISTINCT day FROM ({ledger.of_others(batch)}))")
    connection.execute(f"DELETE FROM incoming WHERE day IN ({ledger.of_others(batch)})")
    replace_ids(connection, batch, "incoming", batch.table.grain)
    text = "{days} days are left as they are: another source has already loaded {table} there, and nothing is counted twice."
    return (Note("left alone", text, {"days": days, "table": batch.table.name}),) if days else ()


def poorer(connection: Connection, batch: Batch) -> tuple[Note, ...]:
    """A warning for each thing that rows about to go tell and no row in their place does: a tag, a breakdown, a figure, goals by name."""
    going = f"{mine(batch, batch.table)} AND day <= '{batch.until}' AND until >= '{batch.since}'"
    before = _told(connection, batch, f"(SELECT * FROM {batch.table.name} WHERE {going})")
    after = _told(connection, batch, "incoming") if before else before
    text = "Poorer than before: {what} was known for these days and is not any more. Load the fuller file to have it back."
    return tuple(Note("poorer", text, {"what": word}) for name, word in _TOLD.items() if name in before - after)


def _told(connection: Connection, batch: Batch, rows: str) -> frozenset[str]:
    """What the rows tell at all, by the names of `_TOLD`."""
    table = batch.table
    asked = {c.name: f"count(r.{c.name}) > 0" if c.null else f"bool_or(r.{c.name} <> '')" for c in table.columns if c.name in _TOLD}
    joined = ""
    if "origin" in table.names:
        asked |= {name: f"bool_or(o.{name} <> '')" for name in ORIGIN_NAMES}
        joined = "LEFT JOIN origins o ON o.origin = r.origin"
    if "goal" in table.names:
        asked["goal"] = f"bool_or(r.goal NOT IN ('', {quoted(ALL_GOALS)}))"
    found = connection.execute(f"SELECT {', '.join(asked.values())} FROM {rows} r {joined}").fetchone() if asked else ()
    return frozenset(name for name, said in zip(asked, found or (), strict=True) if said)


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
