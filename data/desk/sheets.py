"""What the columns of a client's own sheets mean: asked once, known by the sheet's headers from then on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.desk import METADATA, history

if TYPE_CHECKING:
    from data.workspace import Workspace

_sheets = sa.Table(
    "sheets",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("fingerprint", sa.String, primary_key=True),
    sa.Column("mapping", sa.JSON, nullable=False),
)


def of(workspace: Workspace, client: str, fingerprint: str) -> dict[str, Any] | None:
    """What was said of sheets with these headers; None where nothing was."""
    return everything(workspace, client).get(fingerprint)


def everything(workspace: Workspace, client: str) -> dict[str, dict[str, Any]]:
    """Shape: fingerprint → mapping."""
    chosen = sa.select(_sheets).where(_sheets.c.client == client)
    with workspace.engine.connect() as connection:
        return {row.fingerprint: dict(row.mapping) for row in connection.execute(chosen)}


def put(workspace: Workspace, client: str, fingerprint: str, mapping: Mapping[str, Any], who: str = "") -> None:
    """Remember what the columns mean, in the place of what was said before."""
    before, after = of(workspace, client, fingerprint), dict(mapping)
    if before == after:
        return
    this = (_sheets.c.client == client) & (_sheets.c.fingerprint == fingerprint)
    with workspace.engine.begin() as connection:
        connection.execute(sa.delete(_sheets).where(this))
        connection.execute(sa.insert(_sheets).values(client=client, fingerprint=fingerprint, mapping=after))
        history.record(connection, who, client, "columns of a sheet", before, after)
