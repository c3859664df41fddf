"""The one door: whoever wants a client's facts, or what people wrote about a client, comes through here as a person.

    workspace()              for the command line: as the operator of the machine, or as `--as EMAIL`
    workspace_of(person)     for the dashboard: as whoever is signed in
    links()                  for share links: frozen documents and words about them, and nothing else

What comes out is a workspace that holds what is open to that person, and whose stores do. Nobody else makes one: a test reads the
whole repository for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from data import fence, settings
from data import workspace as _workspace
from data.amounts import HIDDEN, without_amounts
from data.desk import people
from data.errors import NoSuchClient, Problem
from data.fence import Fence
from data.roles import NOBODY, OPERATOR, OWNER, Person, Power, Reach
from data.warehouse import Warehouse
from data.workspace import Client, Workspace

NO_MONEY = "no_money"
"""The fact of a client that says to all that reckons: whoever asks may not see money."""
_MONEY_FACTS = frozenset({"margin", "target_cpa", "annual_discount", "spend_terms", "tariffs", "drivers", "products"})


class Desk(Workspace):
    """The workspace as far as it is open to one person."""

    def __init__(self, whole: Workspace, person: Person, limits: Fence | None) -> None:
        self.__dict__.update(whole.__dict__)
        self.person = person
        self.engine = fence.signed(whole.engine, person.email) if limits is None else fence.fenced(whole.engine, limits)

    def shown(self, text: str) -> str:
        """What somebody has written; without its amounts where money is not open."""
        return text if self.person.may(Power.MONEY) else without_amounts(text)

    def kept(self, before: str, now: str) -> str:
        """What was not changed stays whole, however it was shown. Raises Problem where words that hide an amount were changed."""
        if now == self.shown(before):
            return before
        if HIDDEN in now and HIDDEN not in before:
            raise Problem("These words hold an amount that is not open to you.", self.shown(before), "Leave them as they stand.")
        return now

    def clients(self) -> tuple[Client, ...]:
        """The clients that are open, by name. Where money is not, neither are the facts about it, and each says so itself."""
        found = super().clients()
        return found if self.person.may(Power.MONEY) else tuple(replace(client, facts=_plain(client.facts)) for client in found)

    def store(self, client: Client) -> Warehouse:
        """The client's facts, as far as they are open: money may be missing. Raises NoSuchClient for a client that is not."""
        if not (self.person.may(Power.LOOK) and self.person.reaches(client.slug)):
            raise NoSuchClient("There is no client {slug}.", "", "Ask the agency's owner to open it to you.", slug=client.slug)
        whole = super().store(client)
        return Warehouse(whole.folder, reach(self.person), whole.ties)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in _MONEY_FACTS} | {NO_MONEY: True}


def reach(person: Person) -> Reach:
    """What a person may do with a store that is open."""
    return Reach(person.may(Power.MONEY), person.may(Power.LOAD), person.may(Power.TYPE_SQL))


def workspace_of(person: Person) -> Desk:
    """The workspace as far as it is open to this person; to nobody nothing is."""
    return Desk(_workspace.workspace(), person, None if person.role == OWNER else Fence.of(person))


def workspace() -> Desk:
    """The workspace for the command line. Raises Problem where it is asked for in the name of somebody unknown."""
    email = settings.acting_as()
    if not email:
        return workspace_of(OPERATOR)
    person = known(email)
    if person is NOBODY:
        raise Problem("Nobody is known as {email}.", "--as", "See the list: python vitrina.py people", email=email)
    return workspace_of(person)


def links() -> Desk:
    """What share links open."""
    return Desk(_workspace.workspace(), NOBODY, fence.LINKS)


def known(email: str) -> Person:
    """Who signs in with this address, as it stands now; NOBODY for an address that nobody was added under."""
    return people.find(_workspace.workspace(), email) or NOBODY if email else NOBODY
