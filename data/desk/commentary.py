"""Words of a document that a person has written in the place of the drafted ones, by block and period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.desk import METADATA, history
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_commentary = sa.Table(
    "commentary",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("template", sa.String, primary_key=True),
    sa.Column("block", sa.String, primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("until", sa.Date, primary_key=True),
    sa.Column("language", sa.String, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
CHANGED = "commentary"
_KEY = ("template", "block", "since", "until", "language")


@dataclass(frozen=True)
class Comment:
    """Edited words of one block. An empty `title` keeps the drafted one; `text` has a paragraph a line.

    `digest` is that of the figures on which the words were written (`Block.digest`).
    """

    template: str
    block: str
    since: date
    until: date
    language: str
    text: str
    digest: str
    title: str = ""
    who: str = ""
    at: datetime | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text.splitlines() if line.strip())


def of(workspace: Workspace, client: str, since: date | None = None, until: date | None = None) -> tuple[Comment, ...]:
    """What was written about a client; of one period where its days are given."""
    chosen = sa.select(_commentary).where(_commentary.c.client == client).order_by(_commentary.c.since, _commentary.c.block)
    if since:
        chosen = chosen.where(_commentary.c.since == since)
    if until:
        chosen = chosen.where(_commentary.c.until == until)
    with workspace.engine.connect() as connection:
        return tuple(_comment(row) for row in connection.execute(chosen))


def put(workspace: Workspace, client: str, comment: Comment, who: str = "") -> Comment:
    """Keep edited words in the place of earlier ones. Raises Problem for none at all."""
    if not comment.paragraphs and not comment.title.strip():
        raise Problem("The commentary is empty.", comment.block, "Write a sentence, or take the edit back to have the draft again.")
    values = {"title": comment.title.strip(), "text": "\n".join(comment.paragraphs), "digest": comment.digest}
    with workspace.engine.begin() as connection:
        before = _present(connection, client, comment)
        connection.execute(sa.delete(_commentary).where(_this(client, comment)))
        connection.execute(
            sa.insert(_commentary).values(client=client, who=who, at=history.now(), **_key(comment), **values)
        )
        kept = _present(connection, client, comment)
        history.record(connection, who, client, CHANGED, before and _said(before), kept and _said(kept))
    assert kept is not None
    return kept


def remove(workspace: Workspace, client: str, comment: Comment, who: str = "") -> None:
    """Take an edit back, so that the draft stands again; one that is not there is no error."""
    with workspace.engine.begin() as connection:
        before = _present(connection, client, comment)
        if before is None:
            return
        connection.execute(sa.delete(_commentary).where(_this(client, comment)))
        history.record(connection, who, client, CHANGED, _said(before), None)


def changes(workspace: Workspace, client: str) -> tuple[history.Change, ...]:
    """Who wrote what, newest first."""
    return history.of(workspace, client, CHANGED)


def _key(comment: Comment) -> dict[str, object]:
    return {name: getattr(comment, name) for name in _KEY}


def _this(client: str, comment: Comment) -> sa.ColumnElement[bool]:
    return sa.and_(_commentary.c.client == client, *(_commentary.c[name] == value for name, value in _key(comment).items()))


def _present(connection: sa.Connection, client: str, comment: Comment) -> Comment | None:
    row = connection.execute(sa.select(_commentary).where(_this(client, comment))).first()
    return None if row is None else _comment(row)


def _said(comment: Comment) -> dict[str, object]:
    key: dict[str, object] = {name: str(value) for name, value in _key(comment).items()}
    return key | {"title": comment.title, "text": comment.text}


def _comment(row: sa.Row[tuple[object, ...]]) -> Comment:
    return Comment(
        row.template, row.block, row.since, row.until, row.language, row.text, row.digest, row.title, row.who, row.at
    )
