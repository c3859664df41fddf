"""Small statements of the embedded engine that loading is made of."""

from __future__ import annotations

import duckdb

from data.batches import Batch
from data.tables import ORIGIN_NAMES, Table

Connection = duckdb.DuckDBPyConnection

TYPES = {
    "text": "VARCHAR",
    "id": "UBIGINT",
    "count": "BIGINT",
    "tally": "UINTEGER",
    "flag": "BOOLEAN",
    "day": "DATE",
    "instant": "TIMESTAMP",
    "money": "DECIMAL(18,6)",
    "number": "DOUBLE",
    "origin": "UBIGINT",
}
NOT_SENT = {"text": "''", "id": "0::UBIGINT", "tally": "0::UINTEGER", "count": "0", "flag": "false"}


def create(table: Table) -> str:
    """The statement that makes an empty table of this contract, if it is not there."""
    columns = ", ".join(f'"{c.name}" {TYPES[c.kind]}{"" if c.null else " NOT NULL"}' for c in table.columns)
    return f'CREATE TABLE IF NOT EXISTS "{table.name}" ({columns})'


def grow(connection: Connection, table: Table) -> None:
    """Add the columns that the contract has gained since the table was made; they are empty for what is there already."""
    found = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table.name]).fetchall()
    for column in table.columns:
        if column.null and (column.name,) not in found:
            connection.execute(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {TYPES[column.kind]}')


def widened(connection: Connection, table: Table) -> str:
    """The statement that shows a table of an older file with the columns that the contract has gained, empty; nothing where it has all.

    NB: for cursors of a file that may only be read. The view hides the table, so it names the file's own one in full.
    """
    rows = connection.execute(
        "SELECT database_name, column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal", [table.name]
    ).fetchall()
    names = {name for _, name in rows}
    lacking = [column for column in table.columns if column.null and column.name not in names]
    if not rows or not lacking:
        return ""
    empty = ", ".join(f'NULL::{TYPES[column.kind]} AS "{column.name}"' for column in lacking)
    return f'CREATE TEMP VIEW "{table.name}" AS SELECT *, {empty} FROM "{rows[0][0]}".main."{table.name}"'


def moneyless(connection: Connection, table: Table) -> str:
    """The statement that shows a table without its money, and without rows as they stood in a file; nothing where it has neither.

    NB: for cursors of a file that may only be read, like `widened`, which it replaces.
    """
    hidden = {column.name for column in table.columns if column.kind == "money"} | ({"text"} if table.name == "rejected" else set())
    rows = connection.execute(
        "SELECT database_name, column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal", [table.name]
    ).fetchall()
    if not rows or not hidden:
        return ""
    names = {name for _, name in rows} - hidden
    shown = ", ".join(f'"{c.name}"' if c.name in names else f'NULL::{TYPES[c.kind]} AS "{c.name}"' for c in table.columns)
    return f'CREATE TEMP VIEW "{table.name}" AS SELECT {shown} FROM "{rows[0][0]}".main."{table.name}"'


def quoted(value: str) -> str:
    """A text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def count(connection: Connection, source: str, where: str = "") -> int:
    """Number of rows of a table or subquery that meet a predicate."""
    row = connection.execute(f"SELECT count(*) FROM {source}{f' WHERE {where}' if where else ''}").fetchone()
    return int(row[0]) if row else 0


def key(origin: str) -> str:
    """Key of an origin struct: null where there is none."""
    return f"(CASE WHEN {origin} IS NOT NULL THEN hash({', '.join(f'{origin}.{field}' for field in ORIGIN_NAMES)}) END)"


def mine(batch: Batch, table: Table) -> str:
    """Predicate: rows of the table that belong to the batch's account, attribution and breakdown."""
    names = [name for name in ("account", "attribution", "breakdown") if name in table.names]
    return " AND ".join(f"{name} = {quoted(getattr(batch, name))}" for name in names)


def within(batch: Batch) -> str:
    """Predicate: the batch's account and days."""
    return f"account = {quoted(batch.account)} AND day BETWEEN '{batch.since}' AND '{batch.until}'"
