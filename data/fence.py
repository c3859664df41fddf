"""The fence around the workspace: what a person may not see is not in the answer, whoever asks and whatever for.

Every statement that goes through a fenced engine is narrowed to the clients and tables that are open to the person before it reaches
the database; what cannot be narrowed is refused. So a page that names a foreign client gets nothing, and one that forgets to ask who is
looking shows nothing that it should not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from data import clock, desk
from data.errors import NotAllowed
from data.roles import Person, Power

READS: Mapping[str, Power] = MappingProxyType({
    "accounts": Power.LOOK, "actions": Power.LOOK, "campaigns": Power.LOOK, "marks": Power.LOOK, "overrules": Power.LOOK,
    "sheets": Power.LOOK, "views": Power.LOOK, "targets": Power.MONEY, "changes": Power.MONEY, "commentary": Power.DOCUMENT,
    "outlines": Power.DOCUMENT, "deliveries": Power.DOCUMENT, "parcels": Power.DOCUMENT, "links": Power.DOCUMENT,
    "reactions": Power.DOCUMENT, "frozen": Power.READ_SENT, "sent": Power.READ_SENT, "people": Power.ADMINISTER,
    "grants": Power.ADMINISTER,
})
"""What a person needs to read a table; one that is not named is read by owners alone."""
WRITES: Mapping[str, Power] = MappingProxyType({
    "accounts": Power.LOAD, "sheets": Power.LOAD, "actions": Power.WRITE, "campaigns": Power.WRITE, "marks": Power.WRITE,
    "overrules": Power.WRITE, "views": Power.WRITE, "targets": Power.PLAN, "commentary": Power.DOCUMENT, "outlines": Power.DOCUMENT,
    "deliveries": Power.DOCUMENT, "parcels": Power.DOCUMENT, "frozen": Power.DOCUMENT, "sent": Power.DOCUMENT, "links": Power.DOCUMENT,
    "reactions": Power.DOCUMENT, "clients": Power.SETTLE, "looks": Power.SETTLE,
})
OPEN = frozenset({"clients", "looks"})
"""What everybody reads of the clients that are open to them: name and look."""
_HANGING = {"sent": ("frozen", "frozen")}
"""Tables without a client of their own: the column and the table that it points to."""
_FENCE = "fence"
_NEW_CLIENT = "clients"


@dataclass(frozen=True)
class Fence:
    """The tables that may be read and written, and the clients whose rows; None is every client. `who` signs the history.

    `drafts`: also documents that were neither sent nor shared by a link that holds.
    """

    who: str
    clients: frozenset[str] | None
    reads: frozenset[str]
    writes: frozenset[str]
    drafts: bool = True

    @classmethod
    def of(cls, person: Person) -> Fence:
        reads = frozenset(name for name, power in READS.items() if person.may(power))
        writes = frozenset(name for name, power in WRITES.items() if person.may(power))
        shown = (reads | OPEN) if person.powers else frozenset[str]()
        return cls(person.email, person.clients, shown, writes, person.may(Power.DOCUMENT))


LINKS = Fence("", None, frozenset({"links", "frozen", "reactions"}), frozenset({"links", "reactions"}))
"""What the holder of a share link reaches, without having signed in."""


def fenced(engine: sa.Engine, fence: Fence) -> sa.Engine:
    """The same database behind a fence; connections are shared."""
    if not sa.event.contains(engine, "before_execute", _narrowed):
        sa.event.listen(engine, "before_execute", _narrowed, retval=True)
    return engine.execution_options(**{_FENCE: fence, "who": fence.who})


def signed(engine: sa.Engine, who: str) -> sa.Engine:
    """The same database without a fence; the history names who writes."""
    return engine.execution_options(who=who)


def _narrowed(connection: sa.Connection, statement: Any, rows: Any, row: Any, options: Mapping[str, Any]) -> Any:
    fence: Fence | None = connection.get_execution_options().get(_FENCE)
    if fence is None:
        return statement, rows, row
    if isinstance(statement, sa.Select):
        return _read(fence, statement), rows, row
    if isinstance(statement, sa.Insert):
        _check_new(fence, connection, statement, rows or [row or {}])
        return statement, rows, row
    if isinstance(statement, (sa.Update, sa.Delete)):
        return _changed(fence, statement), rows, row
    raise _refused()


def _read(fence: Fence, statement: sa.Select[Any]) -> sa.Select[Any]:
    inner = [one for one in visitors.iterate(statement) if isinstance(one, sa.SelectBase) and one is not statement]
    if inner:
        raise _refused()
    for table in _tables(statement.get_final_froms()):
        statement = statement.where(_mine(fence, table) if table.name in fence.reads else sa.false())
    return statement


def _changed(fence: Fence, statement: sa.Update | sa.Delete) -> sa.Update | sa.Delete:
    table = _written(fence, statement)
    moved = statement.compile().params.get("client") if isinstance(statement, sa.Update) else None
    if moved is not None and not _open(fence, moved):
        raise _refused()
    return statement.where(_mine(fence, table))


def _check_new(fence: Fence, connection: sa.Connection, statement: sa.Insert, rows: list[Mapping[str, Any]]) -> None:
    """NB: the history may be added to by everybody who may write something, and read by few."""
    table = statement.table
    if isinstance(table, sa.Table) and table.name == "changes":
        if not fence.writes:
            raise _refused()
    else:
        _written(fence, statement)
    if statement.select is not None or statement._multi_values or table.name == _NEW_CLIENT:
        raise _refused()
    stated = statement.compile().params
    for row in rows:
        values = {**stated, **row}
        if table.name in _HANGING:
            column, above = _HANGING[table.name]
            _check_above(connection, desk.tables().tables[above], values[column])
        elif not _open(fence, values.get("client")):
            raise _refused()


def _check_above(connection: sa.Connection, table: sa.Table, number: Any) -> None:
    """What is hung on something must hang on something open. NB: asked through the fence, which leaves open what is."""
    if connection.execute(sa.select(table.c.id).where(table.c.id == number)).first() is None:
        raise _refused()


def _written(fence: Fence, statement: sa.Insert | sa.Update | sa.Delete) -> sa.Table:
    table = statement.table
    if not isinstance(table, sa.Table) or table.name not in fence.writes:
        raise _refused()
    return table


def _mine(fence: Fence, table: sa.Table) -> sa.ColumnElement[bool]:
    """The rows of a table that are open."""
    if fence.clients is None:
        return sa.true()
    if table.name == _NEW_CLIENT:
        return table.c.slug.in_(fence.clients)
    if table.name in _HANGING:
        column, above = _HANGING[table.name]
        hung = desk.tables().tables[above]
        return table.c[column].in_(sa.select(hung.c.id).where(hung.c.client.in_(fence.clients)))
    if "client" not in table.c:
        return sa.false()
    here = table.c.client.in_(fence.clients)
    return here if fence.drafts or table.name != "frozen" else here & _given(table)


def _given(frozen: sa.Table) -> sa.ColumnElement[bool]:
    """Documents that somebody has sent, or shared by a link that holds."""
    sent, links = (desk.tables().tables[name] for name in ("sent", "links"))
    holding = links.c.revoked.is_(None) & (links.c.expires > clock.now().replace(tzinfo=None))
    return frozen.c.id.in_(sa.select(sent.c.frozen)) | frozen.c.id.in_(sa.select(links.c.frozen).where(holding))


def _open(fence: Fence, client: object) -> bool:
    return fence.clients is None or client in fence.clients


def _tables(froms: Any) -> Iterator[sa.Table]:
    for one in froms:
        if isinstance(one, sa.Table):
            yield one
        elif isinstance(one, sa.Join):
            yield from _tables((one.left, one.right))
        else:
            raise _refused()


def _refused() -> NotAllowed:
    return NotAllowed("This is not open to you.", "", "Ask the agency's owner to open it.")
