"""Services that can be asked, beside the files that they export: what an account of theirs is made of, and how each part is fetched.

A module of this folder that defines `LIVE = Live(…)` is a service. It says which accounts a login may read (`accounts`), and which
`Feed`s keep one of them up to date. A feed is one kind of rows with a ledger of its own; `connectors.pulling` decides from the ledger which
days it lacks, asks for them piece by piece, and publishes each piece as it comes:

    Feed(name="visits", table=VISITS, account="123", piece="month", settling=DAILY, fetch=fetch)

    def fetch(order: Order) -> Iterator[Sequence[Batch]]:
        …ask order.web for the days order.since … order.until, files into order.folder…
        yield batches                      # published here; what stands after it runs when they are safe in the store
        …clean up at the service…          # in a `finally`: it also runs when publishing fails

Everything that a person settles about an account stands in its `answers` (all texts), kept in the workspace under the service's name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from connectors.web import Web
from data.batches import Batch
from data.errors import Ask, Problem, did_you_mean
from data.tables import Table

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Account:
    """An account that the login may read, as the service lists it. `says` are the answers that the service gives itself."""

    id: str
    name: str
    permission: str = ""
    says: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class Connected:
    """A client's account that is kept up to date."""

    client: str
    account: str
    answers: Answers


@dataclass(frozen=True)
class Settling:
    """For how long the past changes, in days before today. `provisional`: figures are marked as such; `daily`: loaded anew by every pull of
    a new day; `weekly`: loaded anew once a week, so that what is reported late arrives."""

    provisional: int = 0
    daily: int = 0
    weekly: int = 0


@dataclass(frozen=True)
class Order:
    """What a feed is asked for: the days, where files may lie meanwhile, whom to tell. `today` is the account's."""

    web: Web
    since: date
    until: date
    today: date
    folder: Path
    tell: Callable[[str], None]


@dataclass(frozen=True)
class Feed:
    """One kind of rows of an account. `table`, `account`, `attribution` and `breakdown` are how the ledger names them (an empty attribution
    stands for any). `grain` is day, or week or month for figures of exactly one period (people), which are asked for anew while the period
    runs; `piece` (month, quarter or year) is what is asked for and published at once; `oldest`: days before today beyond which the
    service has nothing, 0 for no such bound."""

    name: str
    title: str
    table: Table
    account: str
    fetch: Callable[[Order], Iterator[Sequence[Batch]]]
    attribution: str = ""
    breakdown: str = ""
    grain: str = "day"
    piece: str = "month"
    settling: Settling = field(default_factory=Settling)
    oldest: int = 0


@dataclass(frozen=True)
class Live:
    """A service. `token` is the setting that holds its secret; `asks` are the questions about a newly connected account that it cannot
    answer itself; `feeds` may ask the service what there is to fetch; `goals` are the names of what counts as a conversion, by number;
    `says` is what the service tells about one account and not in the list; `wrong` is what a number that is none has been taken for."""

    name: str
    title: str
    token: str
    accounts: Callable[[Web, Answers], Sequence[Account]]
    feeds: Callable[[Web, Connected], Sequence[Feed]]
    asks: tuple[Ask, ...] = ()
    goals: Callable[[Web, Connected], Mapping[str, str]] | None = None
    says: Callable[[Web, Connected], Answers] | None = None
    wrong: Callable[[str], Problem | None] | None = None


@cache
def services() -> tuple[Live, ...]:
    """Every service in this folder: a module that defines LIVE is one."""
    import connectors

    modules = sorted(module.name for module in pkgutil.iter_modules(connectors.__path__))
    found = (getattr(importlib.import_module(f"connectors.{name}"), "LIVE", None) for name in modules)
    return tuple(one for one in found if one is not None)


def service(name: str) -> Live:
    """Raises Problem with the nearest names."""
    known = {one.name: one for one in services()}
    if name in known:
        return known[name]
    near = did_you_mean(name, known)
    raise Problem(
        "There is no service {name}.", "--source", "Did you mean {near}?" if near else "Choose one of: {names}.",
        name=name, near=near, names=", ".join(known),
    )
