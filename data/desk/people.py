"""The people of the agency and its clients, and which clients are open to each. Only owners change it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.desk import METADATA, history
from data.errors import Problem, did_you_mean
from data.roles import OWNER, ROLES, SPECIALIST, Person

if TYPE_CHECKING:
    from data.workspace import Workspace

_people = sa.Table(
    "people",
    METADATA,
    sa.Column("email", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("money", sa.Boolean, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
_grants = sa.Table(
    "grants",
    METADATA,
    sa.Column("email", sa.String, sa.ForeignKey("people.email"), primary_key=True),
    sa.Column("client", sa.String, sa.ForeignKey("clients.slug"), primary_key=True),
)
AGENCY = ""
"""What stands for the client where the history is about none."""
ADDED, CHANGED, REMOVED = "person added", "person changed", "person removed"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_LONGEST_NAME = 80


def plain(email: str) -> str:
    """The address as it is compared: without spaces around it, in small letters."""
    return email.strip().casefold()


def of(workspace: Workspace) -> tuple[Person, ...]:
    """Everybody who is known, by role and address."""
    with workspace.engine.connect() as connection:
        rows = connection.execute(sa.select(_people).order_by(_people.c.email)).all()
        grants = connection.execute(sa.select(_grants)).all()
    known = [_person(row, frozenset(one.client for one in grants if one.email == row.email)) for row in rows]
    return tuple(sorted(known, key=lambda one: (list(ROLES).index(one.role) if one.role in ROLES else len(ROLES), one.email)))


def find(workspace: Workspace, email: str) -> Person | None:
    """The person of this address; None where nobody is known by it."""
    with workspace.engine.connect() as connection:
        return _found(connection, plain(email))


def put(workspace: Workspace, person: Person, who: str = "") -> Person:
    """Add a person, or change the one of this address. Raises Problem; the last owner stays one."""
    money = person.money or person.role != SPECIALIST
    kept = Person(plain(person.email), " ".join(person.name.split()), person.role, _clients(person), money)
    _check(workspace, kept)
    with workspace.engine.begin() as connection:
        before = _found(connection, kept.email)
        if before == kept:
            return kept
        values = {"name": kept.name, "role": kept.role, "money": kept.money}
        if before is None:
            connection.execute(sa.insert(_people).values(email=kept.email, at=history.now(), **values))
        else:
            connection.execute(sa.update(_people).where(_people.c.email == kept.email).values(values))
        connection.execute(sa.delete(_grants).where(_grants.c.email == kept.email))
        for client in sorted(kept.clients or ()):
            connection.execute(sa.insert(_grants).values(email=kept.email, client=client))
        history.record(connection, who, AGENCY, ADDED if before is None else CHANGED, before and said(before), said(kept))
        _keep_an_owner(connection, before)
    return kept


def remove(workspace: Workspace, email: str, who: str = "") -> Person:
    """Close every door to a person, at once. Raises Problem for somebody unknown, and for the last owner."""
    with workspace.engine.begin() as connection:
        before = _found(connection, plain(email))
        if before is None:
            raise unknown(workspace, email)
        connection.execute(sa.delete(_grants).where(_grants.c.email == before.email))
        connection.execute(sa.delete(_people).where(_people.c.email == before.email))
        history.record(connection, who, AGENCY, REMOVED, said(before), None)
        _keep_an_owner(connection, before)
    return before


def changes(workspace: Workspace) -> tuple[history.Change, ...]:
    """Who was given what, by whom, newest first."""
    return tuple(change for change in history.of(workspace, AGENCY) if change.what in (ADDED, CHANGED, REMOVED))


def unknown(workspace: Workspace, email: str) -> Problem:
    """The problem that an address is nobody's."""
    near = did_you_mean(plain(email), [one.email for one in of(workspace)])
    fix = "Did you mean {near}?" if near else "See the list: python vitrina.py people"
    return Problem("Nobody is known as {email}.", "people", fix, email=email, near=near)


def said(person: Person) -> dict[str, Any]:
    """A person as the history and programs have it."""
    clients = None if person.clients is None else sorted(person.clients)
    return {"email": person.email, "name": person.name, "role": person.role, "clients": clients, "money": person.money}


def _clients(person: Person) -> frozenset[str] | None:
    return None if person.role == OWNER else frozenset(person.clients or ())


def _check(workspace: Workspace, person: Person) -> None:
    if not _EMAIL.fullmatch(person.email):
        raise Problem("{email} is no e-mail address.", "people", "Give the address that the person signs in with.", email=person.email)
    if person.role not in ROLES:
        raise Problem("{role} is no role.", "people", "Choose one of: {roles}.", role=person.role, roles=", ".join(ROLES))
    if len(person.name) > _LONGEST_NAME:
        raise Problem("The name is longer than {most} letters.", "people", "Write it shorter.", most=_LONGEST_NAME)
    for client in sorted(person.clients or ()):
        workspace.client(client)


def _keep_an_owner(connection: sa.Connection, before: Person | None) -> None:
    """NB: looked at after the change and within its transaction, so that two owners cannot remove each other at once."""
    owners = sa.select(sa.func.count()).select_from(_people).where(_people.c.role == OWNER)
    if before and before.role == OWNER and not connection.execute(owners).scalar_one():
        raise Problem("There would be no owner left.", "people", "Make somebody else an owner first.")


def _found(connection: sa.Connection, email: str) -> Person | None:
    row = connection.execute(sa.select(_people).where(_people.c.email == email)).first()
    if row is None:
        return None
    grants = connection.execute(sa.select(_grants.c.client).where(_grants.c.email == email)).scalars()
    return _person(row, frozenset(grants))


def _person(row: sa.Row[Any], clients: frozenset[str]) -> Person:
    return Person(row.email, row.name, row.role, None if row.role == OWNER else clients, bool(row.money))
