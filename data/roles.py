"""Who may do what: four roles, and what each of them opens. Whatever is not named here is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Power(StrEnum):
    """One thing a person may do with the clients that are open to them."""

    READ_SENT = "read what was sent"
    LOOK = "look at live figures"
    MONEY = "see money"
    WRITE = "write marks, actions and views"
    LOAD = "load files"
    PLAN = "set plans"
    DOCUMENT = "make and send documents"
    SETTLE = "change settings of a client"
    TYPE_SQL = "type SQL"
    ADMINISTER = "add clients and people"


OWNER, MANAGER, SPECIALIST, CLIENT = "owner", "manager", "specialist", "client"
ROLES: Mapping[str, str] = MappingProxyType({
    OWNER: "Owner", MANAGER: "Account manager", SPECIALIST: "Specialist", CLIENT: "Client's reader",
})
"""Shape: role -> English title."""
_ALL = frozenset(Power)
_POWERS: Mapping[str, frozenset[Power]] = MappingProxyType({
    OWNER: _ALL,
    MANAGER: _ALL - {Power.ADMINISTER},
    SPECIALIST: frozenset({Power.LOOK, Power.MONEY, Power.WRITE, Power.LOAD, Power.TYPE_SQL}),
    CLIENT: frozenset({Power.READ_SENT}),
})
_TOLD_BY_MONEY = frozenset({Power.MONEY, Power.LOAD, Power.PLAN, Power.DOCUMENT, Power.TYPE_SQL, Power.READ_SENT})
"""What shows money to whoever may do it: the preview of a load, budgets, documents, typed SQL."""


@dataclass(frozen=True)
class Person:
    """Somebody who is known here. `email` in small letters; `clients` are short names, None meaning every client there is or will be;
    `money` counts for specialists alone."""

    email: str
    name: str
    role: str
    clients: frozenset[str] | None = frozenset()
    money: bool = True

    @property
    def powers(self) -> frozenset[Power]:
        """What the person may do; nothing for a role that nobody knows."""
        powers = _POWERS.get(self.role, frozenset())
        return powers if self.money or self.role != SPECIALIST else powers - _TOLD_BY_MONEY

    def may(self, power: Power) -> bool:
        return power in self.powers

    def reaches(self, client: str) -> bool:
        """Whether the client is open to this person."""
        return self.clients is None or client in self.clients


@dataclass(frozen=True)
class Reach:
    """What may be done with a store that is open: see money, load into it, ask it in typed SQL."""

    money: bool = True
    load: bool = True
    typed: bool = True


EVERYTHING = Reach()
OPERATOR = Person("", "", OWNER, None)
"""Whoever runs the machine: the command line, and the dashboard of a machine that answers nobody else."""
NOBODY = Person("", "", "")
"""Whoever has not signed in, or is not known."""
