"""Marks on the time line: what happened, so that a chart is not explained by a wrong cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history, new_id
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

KINDS = ("ours", "market", "competitor", "fault", "season")
_marks = sa.Table(
    "marks",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("channel", sa.String, nullable=False, default=""),
    sa.Column("masks", sa.Boolean, nullable=False, default=False),
    sa.Column("origin", sa.String, nullable=False, default=""),
)


@dataclass(frozen=True)
class Mark:
    """Something that happened from `since` to `until`, both included.

    `masks`: these days are no example of how the client usually does; expectations are made without them. `origin` names the file
    that a mark came from; one entered by hand has none.
    """

    since: date
    until: date
    text: str
    kind: str = "ours"
    channel: str = ""
    masks: bool = False
    origin: str = ""
    id: int | None = None


def of(workspace: Workspace, client: str, since: date | None = None, until: date | None = None) -> tuple[Mark, ...]:
    """The marks that touch the days from `since` to `until`, by day."""
    chosen = sa.select(_marks).where(_marks.c.client == client).order_by(_marks.c.since, _marks.c.id)
    if since:
        chosen = chosen.where(_marks.c.until >= since)
    if until:
        chosen = chosen.where(_marks.c.since <= until)
    with workspace.engine.connect() as connection:
        found = tuple(_mark(row) for row in connection.execute(chosen))
    return tuple(replace(mark, text=workspace.shown(mark.text)) for mark in found)


def add(workspace: Workspace, client: str, marks: Iterable[Mark], who: str = "") -> tuple[Mark, ...]:
    """Keep the marks; one that stands there already is not kept twice. Gives those that are new, with their ids. Raises Problem."""
    present = {replace(mark, id=None) for mark in of(workspace, client)}
    fresh = []
    for mark in dict.fromkeys(replace(mark, text=mark.text.strip(), id=None) for mark in marks):
        _check(mark)
        if replace(mark, text=workspace.shown(mark.text)) not in present:
            fresh.append(mark)
    kept = []
    with workspace.engine.begin() as connection:
        for mark in fresh:
            added = connection.execute(sa.insert(_marks).values(client=client, **_values(mark)))
            kept.append(replace(mark, id=new_id(added)))
        if kept:
            history.record(connection, who, client, "marks added", None, [_values(mark) for mark in kept])
    return tuple(kept)


def remove(workspace: Workspace, client: str, mark: int, who: str = "") -> None:
    """Take a mark away; one that is not there is no error."""
    this = (_marks.c.client == client) & (_marks.c.id == mark)
    with workspace.engine.begin() as connection:
        row = connection.execute(sa.select(_marks).where(this)).first()
        if row is not None:
            connection.execute(sa.delete(_marks).where(this))
            history.record(connection, who, client, "mark removed", _values(_mark(row)), None)


def _check(mark: Mark) -> None:
    if mark.until < mark.since:
        fix = "Give the last day as well, or the same day twice."
        raise Problem("A mark ends on {until}, before it begins.", str(mark.since), fix, until=mark.until)
    if not mark.text:
        raise Problem("A mark has no words.", str(mark.since), "Say in a few words what happened.")
    if mark.kind not in KINDS:
        raise Problem("{kind} is no kind of mark.", str(mark.since), "Choose one of: {kinds}.", kind=mark.kind, kinds=", ".join(KINDS))


def _values(mark: Mark) -> dict[str, object]:
    return {name: value for name, value in asdict(mark).items() if name != "id"}


def _mark(row: sa.Row[tuple[object, ...]]) -> Mark:
    return Mark(row.since, row.until, row.text, row.kind, row.channel, bool(row.masks), row.origin, row.id)
