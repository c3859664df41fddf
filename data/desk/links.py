"""Share links: whoever holds one reads one frozen document of one client until it expires or is taken back.

A token is 256 random bits and a signature over them, the client, the document and the expiry. The random part is in the workspace, the
key of the signature is not: it lies in a file of its own in the home folder. So neither a copy of the database nor that file opens a
document, and a row that somebody changes (another client's document, a later expiry) takes its own link down.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data import salt, settings
from data.desk import METADATA, history, new_id
from data.desk.frozen import Copy
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_links = sa.Table(
    "links",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), nullable=False, index=True),
    sa.Column("frozen", sa.Integer, sa.ForeignKey("frozen.id"), nullable=False),
    sa.Column("drawn", sa.String, nullable=False, unique=True),
    sa.Column("expires", sa.DateTime, nullable=False),
    sa.Column("revoked", sa.DateTime),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("last_opened", sa.DateTime),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
MOST_DAYS = 366
MADE, TAKEN_BACK = "share link made", "share link taken back"
_FOLDER = "links"
_DRAWN, _TOKEN = 43, 87
"""Unit: characters of 32 bytes in base64, and of two such parts with a dot between."""


@dataclass(frozen=True)
class Link:
    """A link. Times are UTC; `drawn` is the random part of its token."""

    id: int
    client: str
    frozen: int
    drawn: str
    expires: datetime
    revoked: datetime | None
    opened: int
    last_opened: datetime | None
    who: str
    at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked is None and now < self.expires


def make(workspace: Workspace, copy: Copy, days: int, who: str = "") -> Link:
    """A new link to a frozen document, for so many days. Raises Problem."""
    if not 1 <= days <= MOST_DAYS:
        raise Problem("A link cannot hold for {days} days.", copy.title, "Give from 1 to {most} days.", days=days, most=MOST_DAYS)
    now = history.now().replace(microsecond=0)
    values = {
        "client": copy.client, "frozen": copy.id, "drawn": _coded(secrets.token_bytes(32)), "expires": now + timedelta(days=days),
        "revoked": None, "opened": 0, "last_opened": None, "at": now,
    }
    with workspace.engine.begin() as connection:
        values["who"] = who or history.signed(connection)
        added = connection.execute(sa.insert(_links).values(values))
        after = {"title": copy.title, "expires": values["expires"]}
        history.record(connection, who, copy.client, MADE, None, after)
    return Link(id=new_id(added), **values)  # type: ignore[arg-type]


def token(link: Link) -> str:
    """What stands in the address. Whoever knows it may read the document: it is shown to the manager only, and never logged."""
    return f"{link.drawn}.{_signature(link)}"


def found(workspace: Workspace, said: str, now: datetime | None = None) -> Link | None:
    """The link of a token; None for one that is wrong, changed, expired or taken back, without a word which of these.

    NB: an unknown token takes the same steps as a known one, and signatures are compared in constant time.
    """
    drawn, _, signature = said.partition(".") if len(said) == _TOKEN else ("", "", "")
    with workspace.engine.connect() as connection:
        row = connection.execute(sa.select(_links).where(_links.c.drawn == drawn)).first()
    link = _NOBODY if row is None else _link(row)
    signed = hmac.compare_digest(_signature(link).encode(), signature.encode("utf-8", "replace"))
    return link if row is not None and signed and link.holds(now or history.now()) else None


def count(workspace: Workspace, link: Link) -> None:
    """One more opening."""
    opened = {"opened": _links.c.opened + 1, "last_opened": history.now()}
    with workspace.engine.begin() as connection:
        connection.execute(sa.update(_links).where(_links.c.id == link.id).values(opened))


def of(workspace: Workspace, client: str) -> tuple[Link, ...]:
    """A client's links, the newest first."""
    chosen = sa.select(_links).where(_links.c.client == client).order_by(_links.c.id.desc())
    with workspace.engine.connect() as connection:
        return tuple(_link(row) for row in connection.execute(chosen))


def revoke(workspace: Workspace, client: str, link: int, who: str = "") -> None:
    """Take a link back, at once and for good; one that is not this client's, or is taken back already, is no error."""
    this = (_links.c.client == client) & (_links.c.id == link) & _links.c.revoked.is_(None)
    with workspace.engine.begin() as connection:
        changed = connection.execute(sa.update(_links).where(this).values(revoked=history.now()))
        if changed.rowcount:
            history.record(connection, who, client, TAKEN_BACK, None, {"link": link})


def _signature(link: Link) -> str:
    said = "\n".join((link.drawn, link.client, str(link.frozen), link.expires.isoformat()))
    return _coded(hmac.new(_key(), said.encode(), hashlib.sha256).digest())


def _key() -> bytes:
    """The key of signatures, a file that only its owner may read; made when it is first needed. Who deletes it takes every link back."""
    return bytes.fromhex(salt.of(settings.home() / _FOLDER))


def _coded(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).rstrip(b"=").decode("ascii")


def _link(row: sa.Row[Any]) -> Link:
    return Link(
        row.id, row.client, row.frozen, row.drawn, row.expires, row.revoked, row.opened, row.last_opened, row.who, row.at
    )


_NOBODY = Link(0, "", 0, "A" * _DRAWN, datetime(1970, 1, 1), None, 0, None, "", datetime(1970, 1, 1))
