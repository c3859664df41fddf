"""Actions: what somebody does, until when, and what it is expected to change."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history, new_id
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

STATES = ("planned", "done", "dropped")
_actions = sa.Table(
    "actions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("metric", sa.String, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("expected", sa.Float),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("since", sa.Date),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("entered", sa.DateTime, nullable=False),
)


@dataclass(frozen=True)
class Action:
    """Something that somebody does. `expected` is the relative change of `metric` (0.1: a tenth more) on `channel` (none: everywhere).

    `since`: the day from which it can show in the figures, once it is done. `said`: what the review said of it.
    """

    what: str
    owner: str = ""
    due: date | None = None
    metric: str = ""
    channel: str = ""
    expected: float | None = None
    state: str = "planned"
    since: date | None = None
    said: str = ""
    id: int | None = None


def of(workspace: Workspace, client: str) -> tuple[Action, ...]:
    """A client's actions, the newest first."""
    chosen = sa.select(_actions).where(_actions.c.client == client).order_by(_actions.c.id.desc())
    with workspace.engine.connect() as connection:
        return tuple(_shown(workspace, _action(row)) for row in connection.execute(chosen))


def put(workspace: Workspace, client: str, action: Action, who: str = "") -> Action:
    """Write a new action (no id), or one that is there anew. Raises Problem."""
    action = replace(action, what=action.what.strip())
    _check(action)
    with workspace.engine.begin() as connection:
        if action.id is None:
            added = connection.execute(sa.insert(_actions).values(client=client, entered=history.now(), **_values(action)))
            history.record(connection, who, client, "action", None, _values(action))
            return replace(action, id=new_id(added))
        before = _present(connection, client, action.id)
        action = replace(action, what=workspace.kept(before.what, action.what), said=workspace.kept(before.said, action.said))
        if before != action:
            connection.execute(sa.update(_actions).where(_actions.c.id == action.id).values(**_values(action)))
            history.record(connection, who, client, "action", _values(before), _values(action))
    return _shown(workspace, action)


def _shown(workspace: Workspace, action: Action) -> Action:
    return replace(action, what=workspace.shown(action.what), said=workspace.shown(action.said))


def remove(workspace: Workspace, client: str, action: int, who: str = "") -> None:
    """Take an action away. Raises Problem when this client has no such action."""
    with workspace.engine.begin() as connection:
        before = _present(connection, client, action)
        connection.execute(sa.delete(_actions).where(_actions.c.id == action))
        history.record(connection, who, client, "action", _values(before), None)


def _present(connection: sa.Connection, client: str, action: int) -> Action:
    row = connection.execute(sa.select(_actions).where(_actions.c.client == client, _actions.c.id == action)).first()
    if row is None:
        raise Problem("There is no action {action}.", client, "Open the page anew: somebody may have removed it.", action=action)
    return _action(row)


def _check(action: Action) -> None:
    if not action.what:
        raise Problem("An action has no words.", "Actions", "Say in a few words what is done.")
    if action.state not in STATES:
        fix = "Choose one of: {states}."
        raise Problem("{state} is no state of an action.", action.what, fix, state=action.state, states=", ".join(STATES))
    if action.expected is not None and (not isfinite(action.expected) or action.expected <= -1):
        raise Problem("The expected change cannot be {share}.", action.what, "Give a share above -100 %.", share=action.expected)


def _values(action: Action) -> dict[str, object]:
    return {name: value for name, value in asdict(action).items() if name != "id"}


def _action(row: sa.Row[tuple[object, ...]]) -> Action:
    return Action(row.what, row.owner, row.due, row.metric, row.channel, row.expected, row.state, row.since, row.said, row.id)
