"""Which campaign of an ad system a tag in the address means, where the two do not say so themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history

if TYPE_CHECKING:
    from data.workspace import Workspace

_matches = sa.Table(
    "campaigns",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("sent", sa.String, primary_key=True),
    sa.Column("system", sa.String, nullable=False),
    sa.Column("campaign_id", sa.String, nullable=False),
    sa.Column("campaign", sa.String, nullable=False),
)


@dataclass(frozen=True)
class Match:
    """Visits whose campaign tag reads `sent` (letters as they came) belong to this campaign of this ad system."""

    sent: str
    system: str
    campaign_id: str = ""
    campaign: str = ""


def of(workspace: Workspace, client: str) -> tuple[Match, ...]:
    """What was matched by hand, by tag."""
    chosen = sa.select(_matches).where(_matches.c.client == client).order_by(_matches.c.sent)
    with workspace.engine.connect() as connection:
        return tuple(Match(row.sent, row.system, row.campaign_id, row.campaign) for row in connection.execute(chosen))


def put(workspace: Workspace, client: str, match: Match, who: str = "") -> None:
    """Remember what a tag means, in the place of what it meant before."""
    before = next((kept for kept in of(workspace, client) if kept.sent == match.sent), None)
    if before == match:
        return
    with workspace.engine.begin() as connection:
        connection.execute(sa.delete(_matches).where(_this(client, match.sent)))
        connection.execute(sa.insert(_matches).values(client=client, **asdict(match)))
        history.record(connection, who, client, "campaign matched", before and asdict(before), asdict(match))


def forget(workspace: Workspace, client: str, sent: str, who: str = "") -> None:
    """Take a match back; one that is not there is no error."""
    before = next((kept for kept in of(workspace, client) if kept.sent == sent), None)
    if before is None:
        return
    with workspace.engine.begin() as connection:
        connection.execute(sa.delete(_matches).where(_this(client, sent)))
        history.record(connection, who, client, "campaign matched", asdict(before), None)


def _this(client: str, sent: str) -> sa.ColumnElement[bool]:
    return (_matches.c.client == client) & (_matches.c.sent == sent)
