"""What a store holds, as plain values that can be compared and kept as JSON; and where the real exports are."""

from __future__ import annotations

import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.tables import FACTS, ORIGIN_NAMES, ROLLUP, Table
from data.warehouse import Warehouse

SAMPLES = Path(__file__).parent / "samples"


def shared(place: str) -> Path:
    """A real export, or a skip that says what is missing."""
    folder = Path(os.environ.get("VITRINA_SHARED") or Path(__file__).parent.parent.parent / "shared" / "data")
    found = folder / place
    if not found.exists():
        pytest.skip(f"needs the real export {place}: set VITRINA_SHARED to the folder that holds it")
    return found


def stored(store: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """Rows of every filled table, without what was not sent and without the sums that the store makes of visits itself."""
    origins = {row["origin"]: _plain(row, ORIGIN_NAMES) for row in store.arrow("SELECT * FROM origins").to_pylist()}
    found = {}
    for table in FACTS:
        summed = f"breakdown = '{ROLLUP}' AND account IN (SELECT account FROM visits)"
        own = f" WHERE NOT ({summed})" if "breakdown" in table.names else ""
        rows = store.arrow(f"SELECT * FROM {table.name}{own}").to_pylist()
        if rows:
            said = [_with_origins(table, _plain(row, table.names), origins) for row in rows]
            found[table.name] = sorted(said, key=lambda row: _order(table, row))
    return found


def _with_origins(table: Table, row: dict[str, Any], origins: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {name: origins[value] if name in table.origins else value for name, value in row.items()}


def _order(table: Table, row: dict[str, Any]) -> list[str]:
    return [str(row.get(name, "")) for name in (*table.grain, *table.names)]


def _plain(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(row[name]) for name in names if row[name] is not None and row[name] != ""}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, (date, datetime)) else value
