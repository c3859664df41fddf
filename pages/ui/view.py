"""The view: everything the shared bar says, as one value that pages ask with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.warehouse import Warehouse
from data.workspace import Client
from metrics.dimensions import TIME
from metrics.query import Only, Query
from pages.ui import periods


@dataclass(frozen=True)
class View:
    """One client, one period, one way of counting. `loaded` are the first and last day with anything loaded, `name` is the client's
    in the viewer's language, as are the names of goals and filters. `compare` is a comparison's name, or two days of one's own. `whole`
    is the last day of the period that these days are the beginning of (a month to date); `until` where they are all of it.
    `fiscal` is the day on which the client's months begin."""

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
    whole: date | None = None
    fiscal: int = 1

    @property
    def covered(self) -> bool:
        """Whether anything is loaded inside the period."""
        return self.loaded is not None and self.loaded[0] <= self.until and self.loaded[1] >= self.since

    @property
    def counted(self) -> date:
        """The last day of the period that can have data: days that are not loaded yet are set against nothing."""
        return min(self.until, self.loaded[1]) if self.covered and self.loaded else self.until

    @property
    def against(self) -> str:
        """The comparison as a question says it: of an unfinished period, as many days from the beginning of the one before."""
        asked = self.whole if self.whole and self.whole > self.until else self.until
        return periods.against(self.since, self.counted, asked, self.compare, self.fiscal)

    def query(self, metrics: tuple[str, ...], by: tuple[str, ...] = (), only: Only = (), top: int = 0) -> Query:
        """A question about this view; `only` narrows it further. Steps of time are asked for to the end, to show which are not loaded."""
        until = self.until if any(key in TIME for key in by) else self.counted
        return Query(
            metrics, self.since, until, by, self.against, (*self.only, *only), self.counter, self.attribution, self.goals,
            self.grouping, top,
        )
