"""How a client's pages and documents look: one accent colour and a logo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data import pictures
from data.desk import METADATA, history
from data.errors import Problem

if TYPE_CHECKING:
    from data.workspace import Workspace

_looks = sa.Table(
    "looks",
    METADATA,
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
    sa.Column("accent", sa.String, nullable=False),
    sa.Column("logo", sa.LargeBinary),
)
MOST_BYTES = 512 * 1024
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
MOST_PIXELS = 4_000
"""Unit: pixels of a side. What is small in the file may be endless when it is unpacked."""


@dataclass(frozen=True)
class Look:
    """`accent` is a colour as `#RRGGBB`, or nothing for the product's own; `logo` a PNG or JPEG."""

    accent: str = ""
    logo: bytes | None = None


def of(workspace: Workspace, client: str) -> Look:
    """The client's look; the product's own where nobody has chosen one."""
    with workspace.engine.connect() as connection:
        row = connection.execute(sa.select(_looks).where(_looks.c.client == client)).first()
    return Look() if row is None else Look(row.accent, row.logo)


def logos(workspace: Workspace) -> dict[str, bytes]:
    """The logos of all clients that have one."""
    with workspace.engine.connect() as connection:
        return {row.client: row.logo for row in connection.execute(sa.select(_looks).where(_looks.c.logo.is_not(None)))}


def put(workspace: Workspace, client: str, look: Look, who: str = "") -> None:
    """Choose a look. Raises Problem for what is no colour, no picture or too large a one."""
    _check(look)
    before = of(workspace, client)
    if before == look:
        return
    with workspace.engine.begin() as connection:
        connection.execute(sa.delete(_looks).where(_looks.c.client == client))
        connection.execute(sa.insert(_looks).values(client=client, accent=look.accent, logo=look.logo))
        history.record(connection, who, client, "look", _said(before), _said(look))


def _check(look: Look) -> None:
    if look.accent and not _COLOUR.fullmatch(look.accent):
        raise Problem("{colour} is no colour.", "#RRGGBB", "Give six hexadecimal digits after #, as in #2F74D0.", colour=look.accent)
    if look.logo is None:
        return
    sides = pictures.measures(look.logo)
    if sides is None:
        raise Problem("The logo is neither a PNG nor a JPEG picture.", "logo", "Save it as PNG, best on a transparent ground.")
    if not 0 < max(sides) <= MOST_PIXELS:
        raise Problem("The logo is larger than {most} pixels.", "logo", "Save it smaller: 600 pixels wide are enough.", most=MOST_PIXELS)
    if len(look.logo) > MOST_BYTES:
        raise Problem("The logo is larger than {most} KB.", "logo", "Save it smaller: 600 pixels wide are enough.", most=MOST_BYTES // 1024)


def _said(look: Look) -> dict[str, object]:
    return {"accent": look.accent, "logo": len(look.logo) if look.logo else 0}
