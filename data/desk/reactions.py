"""What clients say about a document that was shared with them, by block: a reaction, a comment, or both."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.desk import METADATA, history, new_id
from data.desk.links import Link
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_reactions = sa.Table(
    "reactions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("frozen", sa.Integer, sa.ForeignKey("frozen.id"), nullable=False),
    sa.Column("link", sa.Integer, sa.ForeignKey("links.id"), nullable=False),
    sa.Column("block", sa.String, nullable=False),
    sa.Column("mark", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("seen", sa.DateTime),
)
MARKS = ("agree", "question", "disagree")
LONGEST_NAME, LONGEST, MOST = 60, 2000, 200
"""Unit: characters of a name and of a comment; comments through one link."""


@dataclass(frozen=True)
class Reaction:
    """`mark` is one of MARKS or empty; `name` is what they call themselves, nobody has checked it; `seen`: when the manager has read it."""

    block: str
    mark: str
    name: str
    text: str
    frozen: int = 0
    link: int = 0
    at: datetime | None = None
    seen: datetime | None = None
    id: int | None = None


def add(workspace: Workspace, link: Link, reaction: Reaction) -> Reaction:
    """Keep what came through a link. Raises Problem for nothing said, too much said, or too often."""
    name, text = _clean(reaction.name, lines=False), _clean(reaction.text, lines=True)
    _check(reaction, name, text)
    values = {
        "frozen": link.frozen, "link": link.id, "block": reaction.block, "mark": reaction.mark, "name": name, "text": text,
        "at": history.now(),
    }
    with workspace.engine.begin() as connection:
        before = connection.execute(sa.select(sa.func.count()).where(_reactions.c.link == link.id)).scalar_one()
        if before >= MOST:
            raise Problem("There is no room for more comments.", reaction.block, "Write to your manager.")
        added = connection.execute(sa.insert(_reactions).values(client=link.client, **values))
    return Reaction(id=new_id(added), **values)  # type: ignore[arg-type]


def of(workspace: Workspace, client: str, frozen: int = 0) -> tuple[Reaction, ...]:
    """What was said about a client's documents, or about one of them; in the order in which it came."""
    chosen = sa.select(_reactions).where(_reactions.c.client == client).order_by(_reactions.c.id)
    if frozen:
        chosen = chosen.where(_reactions.c.frozen == frozen)
    with workspace.engine.connect() as connection:
        return tuple(_reaction(row) for row in connection.execute(chosen))


def through(workspace: Workspace, link: Link) -> tuple[Reaction, ...]:
    """What came through one link: all that its holders may see of each other."""
    return tuple(one for one in of(workspace, link.client, link.frozen) if one.link == link.id)


def unseen(workspace: Workspace, client: str) -> tuple[Reaction, ...]:
    """What the manager has not read yet."""
    return tuple(one for one in of(workspace, client) if one.seen is None)


def see(workspace: Workspace, client: str, ids: tuple[int, ...], who: str = "") -> None:
    """The manager has read these."""
    these = (_reactions.c.client == client) & _reactions.c.id.in_(ids) & _reactions.c.seen.is_(None)
    with workspace.engine.begin() as connection:
        changed = connection.execute(sa.update(_reactions).where(these).values(seen=history.now()))
        if changed.rowcount:
            history.record(connection, who, client, "comments read", None, list(ids))


def _check(reaction: Reaction, name: str, text: str) -> None:
    if reaction.mark and reaction.mark not in MARKS:
        raise Problem("There is no such reaction.", reaction.block, "Press one of the buttons.")
    if not reaction.mark and not text:
        raise Problem("Nothing is written here.", reaction.block, "Write a sentence, or press a button.")
    if len(name) > LONGEST_NAME or len(text) > LONGEST:
        raise Problem("This is too long.", reaction.block, "Write at most {most} characters.", most=LONGEST)


def _clean(text: str, lines: bool) -> str:
    """Without control and direction characters, by which a text can show itself as another one."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(one for one in text if (one == "\n" and lines) or not _hidden(one))
    return kept.strip() if lines else " ".join(kept.split())


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") or sign in _TURNS


_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _reaction(row: sa.Row[Any]) -> Reaction:
    return Reaction(row.block, row.mark, row.name, row.text, row.frozen, row.link, row.at, row.seen, row.id)
