"""Documents as they were sent: the whole story, kept once and never written again, and to whom it went."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.desk import METADATA, history, new_id
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_frozen = sa.Table(
    "frozen",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("template", sa.String, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("story", sa.Text, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
_sent = sa.Table(
    "sent",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("frozen", sa.Integer, sa.ForeignKey("frozen.id"), nullable=False, index=True),
    sa.Column("whom", sa.Text, nullable=False),
    sa.Column("formats", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
FROZEN, SENT = "document frozen", "document sent"


@dataclass(frozen=True)
class Copy:
    """A frozen document. `version` is the store's that it was made from; `digest` is the SHA-256 of the kept text. Its story is read by
    `story`: a list needs no documents."""

    id: int
    client: str
    template: str
    since: date
    until: date
    language: str
    title: str
    version: int
    digest: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Sent:
    """One sending of a copy: to whom, in which formats."""

    frozen: int
    whom: str
    formats: tuple[str, ...]
    who: str
    at: datetime


def put(workspace: Workspace, client: str, story: Mapping[str, Any], who: str = "") -> Copy:
    """Keep a story, as `reports.story.plain` writes it. The same story twice is kept once. Raises Problem for another client's."""
    if story["client"] != client:
        raise Problem("This document is about another client.", client, "Open the page of that client.")
    text = json.dumps(story, ensure_ascii=False, sort_keys=True)
    values = {
        "client": client, "template": story["template"], "since": date.fromisoformat(story["since"]),
        "until": date.fromisoformat(story["until"]), "language": story["language"], "title": story["title"],
        "version": int(story["version"]), "digest": _digest(text), "who": who, "at": history.now(),
    }
    with workspace.engine.begin() as connection:
        same = sa.select(_frozen).where(_frozen.c.client == client, _frozen.c.digest == values["digest"])
        known = connection.execute(same).first()
        if known is not None:
            return _copy(known)
        added = connection.execute(sa.insert(_frozen).values(story=text, **values))
        history.record(connection, who, client, FROZEN, None, {"title": values["title"], "digest": values["digest"]})
    return Copy(id=new_id(added), **values)


def of(workspace: Workspace, client: str) -> tuple[Copy, ...]:
    """A client's frozen documents, the newest first."""
    chosen = sa.select(*_SHOWN).where(_frozen.c.client == client).order_by(_frozen.c.id.desc())
    with workspace.engine.connect() as connection:
        return tuple(_copy(row) for row in connection.execute(chosen))


def story(workspace: Workspace, client: str, copy: int) -> dict[str, Any]:
    """What was kept. Raises Problem where this client has no such document, or where somebody has written into it."""
    chosen = sa.select(_frozen.c.story, _frozen.c.digest).where(_frozen.c.client == client, _frozen.c.id == copy)
    with workspace.engine.connect() as connection:
        row = connection.execute(chosen).first()
    if row is None:
        raise Problem("There is no frozen document {copy}.", client, "Open the list of the client's documents.", copy=copy)
    if _digest(row.story) != row.digest:
        raise Problem("The frozen document {copy} is not what was kept.", client, "Restore the workspace from a backup.", copy=copy)
    found: dict[str, Any] = json.loads(row.story)
    return found


def send(workspace: Workspace, copy: Copy, whom: str, formats: tuple[str, ...], who: str = "") -> Sent:
    """Note that a copy went to somebody. Raises Problem without a receiver."""
    if not whom.strip():
        raise Problem("It is not said to whom the document went.", copy.title, "Name the people, or their addresses.")
    noted = Sent(copy.id, whom.strip(), formats, who, history.now())
    with workspace.engine.begin() as connection:
        connection.execute(
            sa.insert(_sent).values(frozen=copy.id, whom=noted.whom, formats=",".join(formats), who=who, at=noted.at)
        )
        history.record(connection, who, copy.client, SENT, None, {"title": copy.title, "to": noted.whom, "formats": list(formats)})
    return noted


def sent(workspace: Workspace, client: str) -> tuple[Sent, ...]:
    """Every sending of a client's documents, the newest first."""
    chosen = sa.select(_sent).join(_frozen, _frozen.c.id == _sent.c.frozen).where(_frozen.c.client == client).order_by(_sent.c.id.desc())
    with workspace.engine.connect() as connection:
        rows = connection.execute(chosen).all()
    return tuple(Sent(row.frozen, row.whom, tuple(filter(None, row.formats.split(","))), row.who, row.at) for row in rows)


def last_sent(workspace: Workspace, client: str) -> datetime | None:
    """When a document of the client was last sent, UTC."""
    return max((one.at for one in sent(workspace, client)), default=None)


def versions(connection: sa.Connection, client: str, since: datetime, now: datetime) -> frozenset[int]:
    """Versions of the store that documents were made from which were frozen since then, or which a share link opens now."""
    links = METADATA.tables["links"]
    open_now = sa.select(links.c.frozen).where(links.c.revoked.is_(None), links.c.expires > now)
    chosen = sa.select(_frozen.c.version).where(_frozen.c.client == client, (_frozen.c.at > since) | _frozen.c.id.in_(open_now))
    return frozenset(connection.execute(chosen).scalars())


_SHOWN = tuple(column for column in _frozen.c if column.name != "story")


def _copy(row: sa.Row[Any]) -> Copy:
    return Copy(
        row.id, row.client, row.template, row.since, row.until, row.language, row.title, row.version, row.digest, row.who, row.at
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
