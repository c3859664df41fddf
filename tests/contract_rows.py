"""Rows of a contract for tests, said by the columns that matter."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from data.tables import KINDS, Column, Table


def rows_of(table: Table, *rows: dict[str, object]) -> pa.Table:
    """Rows of a contract; what a row does not name is null, or empty where it may not be null."""
    empty = {"text": "", "day": date(2026, 3, 1)}

    def values(column: Column) -> pa.Array:
        absent = None if column.null else empty.get(column.kind, 0)
        return pa.array([row.get(column.name, absent) for row in rows], KINDS[column.kind][1])

    return pa.table({column.name: values(column) for column in table.columns})
