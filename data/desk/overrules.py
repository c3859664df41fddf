"""A life-cycle stage that the manager knows better than the figures: kept with its reason and its day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_overrules = sa.Table(
    "overrules",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
CHANGED = "stage"


@dataclass(frozen=True)
class Overrule:
    """The stage that holds from `since` on, whatever the figures say. `subject`: a product; empty for the client as a whole."""

    subject: str
    stage: str
    reason: str
    since: date
    who: str = ""
    at: datetime | None = None


def of(workspace: Workspace, client: str) -> tuple[Overrule, ...]:
    """The stages set by hand that hold now, by subject."""
    chosen = sa.select(_overrules).where(_overrules.c.client == client).order_by(_overrules.c.subject)
    with workspace.engine.connect() as connection:
        found = tuple(_overrule(row) for row in connection.execute(chosen))
    return tuple(replace(one, reason=workspace.shown(one.reason)) for one in found)


def put(workspace: Workspace, client: str, overrule: Overrule, who: str = "") -> Overrule:
    """Set a stage by hand; an earlier one for the same subject stays in the history. Raises Problem without a reason."""
    if not overrule.reason.strip():
        raise Problem("A stage set by hand needs a reason.", overrule.stage, "Say in a sentence what the figures cannot know.")
    values = {"stage": overrule.stage, "reason": overrule.reason.strip(), "since": overrule.since, "who": who, "at": history.now()}
    with workspace.engine.begin() as connection:
        before = _present(connection, client, overrule.subject)
        connection.execute(sa.delete(_overrules).where(_this(client, overrule.subject)))
        connection.execute(sa.insert(_overrules).values(client=client, subject=overrule.subject, **values))
        kept = _present(connection, client, overrule.subject)
        history.record(connection, who, client, CHANGED, before and _said(before), kept and _said(kept))
    assert kept is not None
    return kept


def withdraw(workspace: Workspace, client: str, subject: str = "", who: str = "") -> None:
    """Let the figures speak again. Raises Problem when no stage was set by hand."""
    with workspace.engine.begin() as connection:
        before = _present(connection, client, subject)
        if before is None:
            raise Problem("No stage was set by hand here.", subject or client, "There is nothing to take back.")
        connection.execute(sa.delete(_overrules).where(_this(client, subject)))
        history.record(connection, who, client, CHANGED, _said(before), None)


def changes(workspace: Workspace, client: str) -> tuple[history.Change, ...]:
    """Which stage was set by whom and why, newest first."""
    return history.of(workspace, client, CHANGED)


def _this(client: str, subject: str) -> sa.ColumnElement[bool]:
    return (_overrules.c.client == client) & (_overrules.c.subject == subject)


def _present(connection: sa.Connection, client: str, subject: str) -> Overrule | None:
    row = connection.execute(sa.select(_overrules).where(_this(client, subject))).first()
    return None if row is None else _overrule(row)


def _said(overrule: Overrule) -> dict[str, str]:
    return {"subject": overrule.subject, "stage": overrule.stage, "reason": overrule.reason, "since": overrule.since.isoformat()}


def _overrule(row: sa.Row[tuple[object, ...]]) -> Overrule:
    return Overrule(row.subject, row.stage, row.reason, row.since, row.who, row.at)
