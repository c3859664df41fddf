"""The view: everything the shared bar says, as one value that pages ask with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.warehouse import Warehouse
from data.workspace import Client
from metrics.query import Only, Query


@dataclass(frozen=True)
class View:
    """One client, one period, one way of counting. `loaded` are the first and last day with anything loaded, `name` is the client's
    in the viewer's language, as are the names of goals and filters."""

    client: Client
    name: str
    store: Warehouse
    version: int
    today: date
    loaded: tuple[date, date] | None
    since: date
    until: date
    compare: str
    counter: str
    attribution: str
    goals: tuple[str, ...]
    goal_names: tuple[str, ...]
    grouping: str
    only: Only
    only_names: tuple[str, ...]

    @property
    def covered(self) -> bool:
        """Whether anything is loaded inside the period."""
        return self.loaded is not None and self.loaded[0] <= self.until and self.loaded[1] >= self.since

    def query(self, metrics: tuple[str, ...], by: tuple[str, ...] = (), only: Only = (), top: int = 0) -> Query:
        """A question about this view; `only` narrows it further."""
        return Query(
            metrics, self.since, self.until, by, self.compare, (*self.only, *only), self.counter, self.attribution, self.goals,
            self.grouping, top,
        )
