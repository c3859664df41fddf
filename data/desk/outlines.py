"""Which blocks a client's document has, where somebody has chosen others, or another order, than the template's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history

if TYPE_CHECKING:
    from data.workspace import Workspace

_outlines = sa.Table(
    "outlines",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("template", sa.String, primary_key=True),
    sa.Column("blocks", sa.JSON, nullable=False),
)
CHANGED = "outline"


def of(workspace: Workspace, client: str, template: str) -> tuple[str, ...]:
    """The chosen blocks in their order; empty where the template's own hold."""
    chosen = sa.select(_outlines.c.blocks).where(_outlines.c.client == client, _outlines.c.template == template)
    with workspace.engine.connect() as connection:
        return tuple(connection.execute(chosen).scalar() or ())


def put(workspace: Workspace, client: str, template: str, blocks: tuple[str, ...], who: str = "") -> None:
    """Choose blocks; none at all gives the template its own back."""
    before = of(workspace, client, template)
    if before == blocks:
        return
    this = (_outlines.c.client == client) & (_outlines.c.template == template)
    with workspace.engine.begin() as connection:
        connection.execute(sa.delete(_outlines).where(this))
        if blocks:
            connection.execute(sa.insert(_outlines).values(client=client, template=template, blocks=list(blocks)))
        history.record(connection, who, client, CHANGED, list(before) or None, list(blocks) or None)
