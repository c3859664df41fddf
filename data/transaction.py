"""Transactions of the workspace that the driver does not begin by itself.

NB: the driver of SQLite begins one before it changes rows, and none before it reads or changes tables; so it is told to leave that to us.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Everything that is read inside is of one moment, while others write."""
    with _begun(engine, "BEGIN", "REPEATABLE READ") as connection:
        yield connection


@contextmanager
def alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Nobody else writes beside this, and changes of tables belong to it: all of it counts, or nothing."""
    with _begun(engine, "BEGIN IMMEDIATE", "SERIALIZABLE") as connection:
        yield connection


@contextmanager
def _begun(engine: sa.Engine, statement: str, level: str) -> Iterator[sa.Connection]:
    if engine.dialect.name != "sqlite":
        with engine.execution_options(isolation_level=level).begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        before, driver.isolation_level = driver.isolation_level, None
        try:
            connection.exec_driver_sql(statement)
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            driver.isolation_level = before
