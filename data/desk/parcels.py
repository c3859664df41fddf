"""What the deliveries have made: one parcel per delivery and period, from the frozen document to the post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.desk import METADATA, history, new_id

if TYPE_CHECKING:
    from data.workspace import Workspace

_parcels = sa.Table(
    "parcels",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("delivery", sa.Integer, nullable=False, info={"points_to": "deliveries"}),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("formats", sa.String, nullable=False),
    sa.Column("recipients", sa.Text, nullable=False),
    sa.Column("frozen", sa.Integer, sa.ForeignKey("frozen.id")),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("delivery", "since", "until"),
)
MAKING, WAITING, SENDING, SENT, FAILED, DROPPED = "making", "waiting", "sending", "sent", "failed", "dropped"
TRIES = 5
"""How often the post is tried without anybody pressing."""
CHANGED = "parcel"


@dataclass(frozen=True)
class Parcel:
    """`state`: making, waiting for a press, sending, sent, failed (the post did not take it), dropped (somebody said no).

    NB: `sending` is written before the post is asked. A parcel that stays so may have gone or not; only a person sends it again.
    """

    id: int
    client: str
    delivery: int
    since: date
    until: date
    formats: tuple[str, ...]
    recipients: tuple[str, ...]
    frozen: int | None
    state: str
    reasons: tuple[str, ...]
    tries: int
    at: datetime


def begin(
    workspace: Workspace, client: str, delivery: int, days: tuple[date, date], formats: tuple[str, ...], recipients: tuple[str, ...]
) -> Parcel | None:
    """Take a period of a delivery in hand; None when it has been, by whatever process."""
    values = {
        "client": client, "delivery": delivery, "since": days[0], "until": days[1], "formats": ",".join(formats),
        "recipients": ",".join(recipients), "frozen": None, "state": MAKING, "reasons": "", "tries": 0, "at": history.now(),
    }
    try:
        with workspace.engine.begin() as connection:
            added = connection.execute(sa.insert(_parcels).values(values))
            made = connection.execute(sa.select(_parcels).where(_parcels.c.id == new_id(added))).one()
    except sa.exc.IntegrityError:
        return None
    return _parcel(made)


def known(workspace: Workspace, delivery: int, days: tuple[date, date]) -> bool:
    """Whether a period of a delivery is in hand or done."""
    chosen = sa.select(_parcels.c.id).where(_parcels.c.delivery == delivery, _parcels.c.since == days[0], _parcels.c.until == days[1])
    with workspace.engine.connect() as connection:
        return connection.execute(chosen).first() is not None


def of(workspace: Workspace, client: str, *states: str) -> tuple[Parcel, ...]:
    """A client's parcels, the newest first; only those in these states where any are named."""
    chosen = sa.select(_parcels).where(_parcels.c.client == client).order_by(_parcels.c.id.desc())
    if states:
        chosen = chosen.where(_parcels.c.state.in_(states))
    with workspace.engine.connect() as connection:
        return tuple(_parcel(row) for row in connection.execute(chosen))


def move(
    workspace: Workspace, parcel: Parcel, state: str, reasons: tuple[str, ...] = (), frozen: int | None = None, who: str = ""
) -> bool:
    """Bring a parcel into its next state; False when somebody else has moved it since it was read."""
    values: dict[str, Any] = {"state": state, "reasons": "\n".join(reasons), "at": history.now()}
    if frozen is not None:
        values["frozen"] = frozen
    if state == SENDING:
        values["tries"] = _parcels.c.tries + 1
    this = (_parcels.c.id == parcel.id) & (_parcels.c.state == parcel.state)
    with workspace.engine.begin() as connection:
        changed = connection.execute(sa.update(_parcels).where(this).values(values))
        if changed.rowcount:
            after = {"state": state, "since": parcel.since, "until": parcel.until, "reasons": list(reasons)}
            history.record(connection, who, parcel.client, CHANGED, {"state": parcel.state}, after)
    return bool(changed.rowcount)


def again(workspace: Workspace, parcel: Parcel) -> Parcel:
    """The parcel as it stands now."""
    with workspace.engine.connect() as connection:
        return _parcel(connection.execute(sa.select(_parcels).where(_parcels.c.id == parcel.id)).one())


def forget(workspace: Workspace, parcel: Parcel) -> None:
    """Give a period back: what was taken in hand could not be made, and is tried again."""
    with workspace.engine.begin() as connection:
        connection.execute(sa.delete(_parcels).where(_parcels.c.id == parcel.id, _parcels.c.state == MAKING))


def _parcel(row: sa.Row[Any]) -> Parcel:
    return Parcel(
        row.id, row.client, row.delivery, row.since, row.until, tuple(row.formats.split(",")), tuple(row.recipients.split(",")), row.frozen,
        row.state, tuple(filter(None, row.reasons.split("\n"))), row.tries, row.at,
    )
