"""The workspace's shape, by numbers: what an older home has to become before this program may work in it.

A home carries the number of its shape. One that is older is brought forward, step by step, when it is opened; a copy of it is laid
beside it first. Each step and its number are one transaction, so a step that is killed has not begun. One that is newer is refused: an
older program would not know what it destroys. New tables, and columns that may be empty, need no step: they are added as they are
found missing.

A step is written once and never changed, in statements of its own: the tables of the code will have moved on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from data import clock, disk
from data.desk import tables
from data.errors import Problem
from data.transaction import alone

_STAMPS = sa.MetaData()
_shape = sa.Table(
    "shape", _STAMPS, sa.Column("number", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime, nullable=False)
)
BEFORE_NUMBERS = 1
"""The shape of homes from before shapes had numbers."""
BACKUPS = "backups"


@dataclass(frozen=True)
class Step:
    """What makes the shape `number` out of the one before."""

    number: int
    run: Callable[[sa.Connection], None]


def _history_by_client(connection: sa.Connection) -> None:
    """The history grows with every press, and is read by client."""
    connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS ix_changes_client ON changes (client)")


STEPS: tuple[Step, ...] = (Step(2, _history_by_client),)


def settle(engine: sa.Engine, steps: Sequence[Step] = STEPS) -> Path | None:
    """Bring the workspace to the shape of this program. Returns the copy of what it was before, where there was anything to be changed.

    Raises: Problem for a home that a newer program has written.
    """
    latest = max((step.number for step in steps), default=BEFORE_NUMBERS)
    found = number(engine)
    if found is not None and found > latest:
        raise Problem(
            "This workspace was written by a newer Vitrina (shape {found}; this program knows {latest}).", "workspace",
            "Update the program, or restore the backup that the newer one took before it changed the workspace.",
            found=found, latest=latest,
        )
    lacking = _lacking(engine)
    if found == latest and not lacking:
        return None
    copy = keep_copy(engine, found) if found is not None else None
    for step in steps:
        _take(engine, step)
    _complete(engine, latest)
    return copy


def number(engine: sa.Engine) -> int | None:
    """The shape that the workspace has; None while it is empty."""
    names = sa.inspect(engine).get_table_names()
    if _shape.name in names:
        with engine.connect() as connection:
            found = connection.execute(sa.select(sa.func.max(_shape.c.number))).scalar()
        if found is not None:
            return int(found)
    return BEFORE_NUMBERS if "clients" in names else None


def keep_copy(engine: sa.Engine, found: int) -> Path | None:
    """A whole copy of the workspace in the folder of backups, made while others work; None for a database that is kept elsewhere.

    NB: that one has its own tool for copies, and its operator calls it before an update.
    """
    source = file_of(engine)
    if source is None:
        return None
    folder = source.parent / BACKUPS
    with disk.told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"workspace-shape-{found}-{clock.now():%Y%m%dT%H%M%S%f}.sqlite"
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(path)) as written:
            read.backup(written)
        path.chmod(0o600)
        disk.flush(path)
    return path


def _take(engine: sa.Engine, step: Step) -> None:
    """NB: looked at again inside the transaction. Of two processes that open an old home at once, the second finds the step taken."""
    with alone(engine) as connection:
        names = sa.inspect(connection).get_table_names()
        if "clients" not in names:
            return
        _STAMPS.create_all(connection)
        now = connection.execute(sa.select(sa.func.max(_shape.c.number))).scalar() or BEFORE_NUMBERS
        if now < step.number:
            step.run(connection)
            _stamp(connection, step.number)


def _complete(engine: sa.Engine, latest: int) -> None:
    """Add what is missing: tables, and columns that may be empty."""
    with alone(engine) as connection:
        for table, column in _lacking_columns(connection):
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {kind}')
        tables().create_all(connection)
        _STAMPS.create_all(connection)
        if connection.execute(sa.select(sa.func.max(_shape.c.number))).scalar() is None:
            _stamp(connection, latest)


def _stamp(connection: sa.Connection, shape: int) -> None:
    connection.execute(sa.insert(_shape).values(number=shape, at=clock.now().replace(tzinfo=None)))


def _lacking(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        names = set(sa.inspect(connection).get_table_names())
        return not names.issuperset({*tables().tables, _shape.name}) or any(_lacking_columns(connection))


def _lacking_columns(connection: sa.Connection) -> Iterator[tuple[sa.Table, sa.Column[object]]]:
    found = sa.inspect(connection).get_multi_columns()
    for (_, name), columns in found.items():
        table = tables().tables.get(name)
        known = {column["name"] for column in columns}
        for column in table.columns if table is not None else ():
            if column.name not in known:
                assert table is not None and column.nullable, f"{name}.{column.name} has to be filled: write a step for it"
                yield table, column


def file_of(engine: sa.Engine) -> Path | None:
    """The file of the workspace; None where it is kept in a database elsewhere."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None
