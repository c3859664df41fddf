"""Targets and budgets: a value per month, metric and channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_targets = sa.Table(
    "targets",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("metric", sa.String, primary_key=True),
    sa.Column("channel", sa.String, primary_key=True),
    sa.Column("value", sa.Float, nullable=False),
)
CHANGED = "plan"


@dataclass(frozen=True)
class Target:
    """What a metric is to be in a month, for one channel or (no channel) for all.

    Unit: that of the metric; money in the client's currency, net of VAT. A target without a value takes the one that stands there away.
    """

    month: date
    metric: str
    value: float | None
    channel: str = ""


def of(workspace: Workspace, client: str, since: date | None = None, until: date | None = None) -> tuple[Target, ...]:
    """The targets of the months that the days from `since` to `until` touch, by month, metric and channel."""
    chosen = sa.select(_targets).where(_targets.c.client == client)
    chosen = chosen.order_by(_targets.c.month, _targets.c.metric, _targets.c.channel)
    if since:
        chosen = chosen.where(_targets.c.month >= since.replace(day=1))
    if until:
        chosen = chosen.where(_targets.c.month <= until)
    with workspace.engine.connect() as connection:
        return tuple(Target(row.month, row.metric, row.value, row.channel) for row in connection.execute(chosen))


def put(workspace: Workspace, client: str, targets: Iterable[Target], who: str = "") -> tuple[Target, ...]:
    """Write the targets, in the place of those for the same month, metric and channel. Gives those that changed. Raises Problem."""
    wanted = {_key(target): target for target in targets}
    for target in wanted.values():
        _check(target)
    before = {_key(target): target for target in of(workspace, client)}
    changed = [target for key, target in wanted.items() if target.value != (before[key].value if key in before else None)]
    with workspace.engine.begin() as connection:
        for target in changed:
            key = {"client": client, "month": target.month, "metric": target.metric, "channel": target.channel}
            connection.execute(sa.delete(_targets).where(*(_targets.c[name] == value for name, value in key.items())))
            if target.value is not None:
                connection.execute(sa.insert(_targets).values(**key, value=target.value))
            old = before[_key(target)].value if _key(target) in before else None
            history.record(connection, who, client, CHANGED, _said(target, old), _said(target, target.value))
    return tuple(changed)


def changes(workspace: Workspace, client: str) -> tuple[history.Change, ...]:
    """Who set which target, newest first. `before` and `after` have month, metric, channel and value; None where there was no target."""
    return history.of(workspace, client, CHANGED)


def rounded(value: float) -> float:
    """The value with two significant digits, as plans are made."""
    return float(round(value, 1 - floor(log10(value)))) if value > 0 else 0.0


def _key(target: Target) -> tuple[date, str, str]:
    return target.month, target.metric, target.channel


def _said(target: Target, value: float | None) -> dict[str, object] | None:
    if value is None:
        return None
    return {"month": target.month.isoformat(), "metric": target.metric, "channel": target.channel, "value": value}


def _check(target: Target) -> None:
    where = f"{target.month:%Y-%m} {target.metric} {target.channel}".strip()
    if target.month.day != 1:
        raise Problem("A target is for a whole month, not from {day} on.", where, "Give the first day of the month.", day=target.month)
    if target.value is not None and (not isfinite(target.value) or target.value < 0):
        raise Problem("{value} is no target.", where, "Give a number of zero or more, or leave the cell empty.", value=target.value)
