"""Saved views: an address with a name, so that a cut of the figures is opened again in one press."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history, new_id
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_views = sa.Table(
    "views",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("page", sa.String, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("client", "page", "name"),
)
LONGEST = 80


@dataclass(frozen=True)
class View:
    """A page's address under a name. `address` is the query string without its question mark."""

    name: str
    page: str
    address: str
    who: str = ""
    at: datetime | None = None
    id: int | None = None


def of(workspace: Workspace, client: str, page: str = "") -> tuple[View, ...]:
    """A client's saved views, by name; `page` keeps those of one page."""
    chosen = sa.select(_views).where(_views.c.client == client).order_by(_views.c.name)
    if page:
        chosen = chosen.where(_views.c.page == page)
    with workspace.engine.connect() as connection:
        rows = connection.execute(chosen).all()
    return tuple(View(workspace.shown(row.name), row.page, row.address, row.who, row.at, row.id) for row in rows)


def put(workspace: Workspace, client: str, view: View, who: str = "") -> View:
    """Keep a view, in the place of one of the same name on the same page. Raises Problem."""
    name = " ".join(view.name.split())
    if not 0 < len(name) <= LONGEST:
        raise Problem("A saved view needs a name of at most {longest} letters.", view.page, "Give it a short name.", longest=LONGEST)
    kept = replace(view, name=name, at=history.now(), id=None)
    same = (_views.c.client == client) & (_views.c.page == view.page) & (_views.c.name == name)
    with workspace.engine.begin() as connection:
        kept = replace(kept, who=who or history.signed(connection))
        values = {"name": name, "page": kept.page, "address": kept.address, "who": kept.who, "at": kept.at}
        connection.execute(sa.delete(_views).where(same))
        added = connection.execute(sa.insert(_views).values(client=client, **values))
        history.record(connection, who, client, "view saved", None, {"name": name, "page": view.page, "address": view.address})
    return replace(kept, id=new_id(added))


def remove(workspace: Workspace, client: str, view: int, who: str = "") -> None:
    """Forget a view; one that is not there is no error."""
    this = (_views.c.client == client) & (_views.c.id == view)
    with workspace.engine.begin() as connection:
        row = connection.execute(sa.select(_views).where(this)).first()
        if row is not None:
            connection.execute(sa.delete(_views).where(this))
            history.record(connection, who, client, "view removed", {"name": row.name, "page": row.page, "address": row.address}, None)
