"""Visits summed into TRAFFIC by day, origin and device, so that pages add up thousands of rows and not millions."""

from __future__ import annotations

from dataclasses import replace

from data import ledger
from data.batches import Batch
from data.engine import TYPES, Connection, count, quoted, within
from data.tables import ATTRIBUTIONS, ROLLUP, TRAFFIC, Column, origin_column

_SUMS = ("visits", "new_visits", "bounces", "engaged", "page_views", "seconds")


def roll_up(connection: Connection, batch: Batch, load_id: str) -> None:
    """Sum the visits of the batch's days anew, once per attribution model that any of them records."""
    for attribution in ATTRIBUTIONS:
        if count(connection, "visits", f"{within(batch)} AND {origin_column(attribution.key)} IS NOT NULL"):
            _sum_one(connection, replace(batch, table=TRAFFIC, attribution=attribution.key, breakdown=ROLLUP), load_id)


def _sum_one(connection: Connection, rolled: Batch, load_id: str) -> None:
    origin = origin_column(rolled.attribution)
    same = f"attribution = {quoted(rolled.attribution)} AND breakdown = {quoted(ROLLUP)}"
    columns = ", ".join(_column(column, rolled, origin) for column in TRAFFIC.columns)
    connection.execute(f"DELETE FROM traffic WHERE {within(rolled)} AND {same}")
    connection.execute(
        f"INSERT INTO traffic SELECT {columns} FROM visits WHERE {within(rolled)} GROUP BY account, day, {origin}, device ORDER BY day"
    )
    ledger.enter(connection, rolled, load_id)


def _column(column: Column, rolled: Batch, origin: str) -> str:
    if column.name in _SUMS:
        return f"sum({column.name})::BIGINT"
    given = {
        "account": "account",
        "day": "day",
        "until": "day",
        "origin": origin,
        "device": "device",
        "attribution": quoted(rolled.attribution),
        "breakdown": quoted(ROLLUP),
    }
    return given.get(column.name, "''" if column.kind == "text" else f"NULL::{TYPES[column.kind]}")
