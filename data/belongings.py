"""Which rows of the workspace are a client's: found by the tables themselves, so that what is written tomorrow is kept and deleted too.

A table belongs to clients when it has a column `client`, is `clients` itself, or hangs on a table that does. All others are the agency's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from data.desk import tables

CLIENTS = "clients"
POINTS = "points_to"
"""What a column of a table says in its `info` when it holds another table's id without a foreign key."""
Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Shape: table → rows."""


def owned(table: sa.Table, client: str) -> sa.ColumnElement[bool] | None:
    """The rows of a table that belong to a client; None for a table of the agency's."""
    if table.name == CLIENTS:
        return table.c.slug == client
    if "client" in table.c:
        return table.c.client == client
    for key in table.foreign_keys:
        above = owned(key.column.table, client)
        if above is not None:
            return key.parent.in_(sa.select(key.column).where(above))
    return None


def in_order() -> Sequence[sa.Table]:
    """All tables, those that others hang on first."""
    return tables().sorted_tables


def read(connection: sa.Connection, client: str) -> Rows:
    """Everything that people have written about a client."""
    return {table.name: _all(connection, table, rule) for table in in_order() if (rule := owned(table, client)) is not None}


def read_agency(connection: sa.Connection) -> Rows:
    """Everything that is the agency's own: its people, and the history that is about no client. Grants go with their clients."""
    found = {table.name: _all(connection, table, sa.true()) for table in in_order() if owned(table, "") is None}
    changes = tables().tables["changes"]
    return found | {"changes": _all(connection, changes, changes.c.client == "")}


def erase(connection: sa.Connection, client: str, shape: sa.MetaData | None = None) -> dict[str, int]:
    """Delete everything that people have written about a client; in a workspace of another shape where one is given.

    Shape: table → rows.
    """
    counted = {}
    order = shape.sorted_tables if shape else in_order()
    for table in reversed(order):
        rule = owned(table, client)
        if rule is not None:
            counted[table.name] = connection.execute(sa.delete(table).where(rule)).rowcount
    return {table.name: counted[table.name] for table in order if counted.get(table.name)}


def put(connection: sa.Connection, rows: Mapping[str, Sequence[Row]]) -> Counter[str]:
    """Insert rows, under new ids where theirs are taken by now; what points to them follows. Returns how many ids are new, by table.

    Rows of the agency that are there already (somebody who has been added since) stay as they are, and what hangs on somebody who is not
    known here (a grant) is left out.
    """
    moved: dict[tuple[str, Any], Any] = {}
    for table in in_order():
        for row in rows.get(table.name, ()):
            placed = _pointed(table, row, moved)
            if _supported(connection, table, placed):
                _insert(connection, table, placed, moved)
    return Counter(name for name, _ in moved)


def _supported(connection: sa.Connection, table: sa.Table, row: Row) -> bool:
    """Whether the agency's own rows that it hangs on are there."""
    above = [key for key in table.foreign_keys if owned(key.column.table, "") is None]
    asked = (sa.select(key.column).where(key.column == row[key.parent.name]) for key in above)
    return all(connection.execute(one).first() is not None for one in asked)


def _insert(connection: sa.Connection, table: sa.Table, row: Row, moved: dict[tuple[str, Any], Any]) -> None:
    key = [column for column in table.primary_key.columns]
    same = connection.execute(sa.select(*key).where(*(column == row[column.name] for column in key))).first()
    if same is None:
        connection.execute(sa.insert(table).values(row))
    elif table.autoincrement_column is not None:
        number = table.autoincrement_column.name
        added = connection.execute(sa.insert(table).values({name: value for name, value in row.items() if name != number}))
        assert added.inserted_primary_key is not None
        moved[table.name, row[number]] = added.inserted_primary_key[0]


def _pointed(table: sa.Table, row: Row, moved: Mapping[tuple[str, Any], Any]) -> Row:
    """The row with the new ids of what it points to, without columns that the shape no longer has."""
    found = {name: value for name, value in row.items() if name in table.c}
    for column, above in _pointers(table):
        if column in found:
            found[column] = moved.get((above, found[column]), found[column])
    return found


def _pointers(table: sa.Table) -> Iterator[tuple[str, str]]:
    """Shape: (column, table whose id it holds)."""
    for column in table.columns:
        for key in column.foreign_keys:
            yield column.name, key.column.table.name
        if POINTS in column.info:
            yield column.name, str(column.info[POINTS])


def _all(connection: sa.Connection, table: sa.Table, rule: sa.ColumnElement[bool]) -> list[Row]:
    order = [column for column in table.primary_key.columns]
    return [dict(row._mapping) for row in connection.execute(sa.select(table).where(rule).order_by(*order))]
