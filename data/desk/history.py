"""Who changed what, and what stood there before."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data import clock
from data.desk import METADATA

if TYPE_CHECKING:
    from data.workspace import Workspace

_changes = sa.Table(
    "changes",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("client", sa.String, nullable=False, index=True),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
)


@dataclass(frozen=True)
class Change:
    """One change. `before` and `after` are what JSON can carry; None where there was, or is, nothing."""

    at: datetime
    who: str
    what: str
    before: Any
    after: Any


def now() -> datetime:
    """This moment in UTC, without a zone, as the workspace keeps it."""
    return clock.now().replace(tzinfo=None)


def record(connection: sa.Connection, who: str, client: str, what: str, before: object, after: object) -> None:
    """Note a change in the transaction that makes it. Without a name it is signed by whoever the workspace was opened for."""
    values = {"at": now(), "who": who or signed(connection), "client": client, "what": what}
    connection.execute(sa.insert(_changes).values(values | {"before": _json(before), "after": _json(after)}))


def signed(connection: sa.Connection) -> str:
    """Who writes: the person for whom the workspace was opened, else the system's user."""
    return str(connection.get_execution_options().get("who") or os.environ.get("USER", ""))


def of(workspace: Workspace, client: str, what: str = "") -> tuple[Change, ...]:
    """The changes of a client, newest first; `what` keeps those of one kind."""
    chosen = sa.select(_changes).where(_changes.c.client == client).order_by(_changes.c.id.desc())
    if what:
        chosen = chosen.where(_changes.c.what == what)
    with workspace.engine.connect() as connection:
        rows = connection.execute(chosen).all()
    return tuple(Change(row.at, row.who, row.what, _read(row.before), _read(row.after)) for row in rows)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _read(text: str | None) -> Any:
    return None if text is None else json.loads(text)
