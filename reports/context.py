"""What a document is made from: a client's figures and written words of one period. Every reading is made once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from data.batches import Note
from data.desk.written import Desk
from data.text import Words
from metrics import ledger
from metrics.ask import ask
from metrics.hygiene import Hygiene
from metrics.hygiene import read as read_hygiene
from metrics.judging import needs
from metrics.once import Once
from metrics.readings import drivers, lifetime, outcomes, pace, stage, unusual, why
from metrics.readings.drivers import DriversReading
from metrics.readings.lifetime import LifetimeReading
from metrics.readings.outcomes import Outcome
from metrics.readings.pace import PaceReading
from metrics.readings.stage import StageView
from metrics.readings.stretches import Finding
from metrics.readings.subject import Subject, main_metrics
from metrics.readings.unusual import UnusualReading
from metrics.readings.why import WhyReading
from metrics.registry import METRICS
from metrics.result import Result
from metrics.scope import Settings
from metrics.sentences.answer import Line
from metrics.sentences.moves import less_a_day
from metrics.statements import Run
from metrics.unusual import State
from reports import sources
from reports.receipts import Receipts
from reports.story import Figure

EXPLAINED: Mapping[str, str] = {"shop": "revenue", "subscription": "revenue"}
"""The figure whose change a document explains, by business model; conversions for the rest."""
EFFICIENCY: Mapping[str, str] = {"shop": "drr"}
CHANNELS = ("visits", "spend", "conversions", "cpa", "cr", "orders", "cr_order", "revenue", "drr", "romi")
MONTHS, WEEKS = 12, 6


@dataclass(eq=False)
class Context:
    """A client and a period. `compare` is as a query has it; `today` is the day on the client's clock, which runs in `zone`; `desk` is what
    people wrote."""

    run: Run
    settings: Settings
    subject: Subject
    client: str
    name: str
    facts: Mapping[str, Any]
    desk: Desk
    say: Words
    since: date
    until: date
    compare: str
    today: date
    template: str = "month"
    zone: str = "UTC"
    receipts: Receipts = field(default_factory=Receipts)
    _months: dict[date, PaceReading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Readings ask partly the same; no question of a document goes to the engine twice."""
        self.run = self.run if isinstance(self.run, Once) else Once(self.run)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The main figures of the business that have a value, in their usual order."""
        return tuple(key for key in main_metrics(self.subject) if self.totals.total.get(key) is not None)

    @property
    def main(self) -> str:
        """The figure that the document explains."""
        wanted = EXPLAINED.get(self.subject.model, "conversions")
        known = (wanted, "conversions", "visits")
        return next((key for key in known if self.totals.total.get(key) is not None), wanted)

    @property
    def efficiency(self) -> str:
        """Its price: the cost-revenue ratio of a shop, the cost of a conversion elsewhere."""
        return EFFICIENCY.get(self.subject.model, "cpa")

    @property
    def weekly(self) -> bool:
        return self.template == "week"

    def ask(self, metrics: tuple[str, ...], by: tuple[str, ...] = (), **more: Any) -> Result:
        """The answer for the period, or for other days that are given."""
        since, until = more.pop("since", self.since), more.pop("until", self.until)
        query = self.subject.query(metrics, since, until, by, more.pop("compare", self.compare))
        return ask(replace(query, **more), self.run, self.settings)

    def figure(self, metric: str, result: Result, line: Line) -> Figure:
        """A figure with its receipt. The explained one is coloured by what explains it: a document has one verdict on a change."""
        found = self.receipts.figure(metric, result, line, self.say)
        same = metric == self.main and not line.key and result.compared == self.totals.compared
        if not same or not found.change or self.why.note is not None or less_a_day(metric, line):
            return found
        return replace(found, tone="flat" if self.why.good is None else "good" if self.why.good else "bad")

    def note(self, note: Note) -> str:
        """A note in words, its accounts by the names that readers know them by."""
        return sources.told(note, self._services, self.say)

    def named(self, account: str) -> str:
        """An account by the name that readers know it by."""
        return sources.told(Note("account", "{account}", {"account": account}), self._services, self.say)

    @cached_property
    def _services(self) -> Mapping[str, str]:
        return sources.services(self.run)

    # -------------------------------------------------------------------------------------------------------- answers

    @cached_property
    def totals(self) -> Result:
        """Totals of the period and of the one it is compared with."""
        return self.ask(needs((*main_metrics(self.subject), *EXPLAINED.values(), "conversions", self.efficiency)))

    @cached_property
    def by_channel(self) -> Result:
        return self.ask(needs(CHANNELS), ("channel",))

    @cached_property
    def a_year_ago(self) -> Result:
        """The same days a year before, weekdays aligned."""
        return self.ask(needs((self.main, self.efficiency)), compare="year")

    @cached_property
    def weeks(self) -> Result:
        """Whole weeks up to the last one of the period, each beside that of a year ago."""
        monday = self.until - timedelta(days=self.until.weekday())
        return self.ask(self._drawn, ("week",), since=monday - timedelta(weeks=WEEKS - 1), compare="year")

    @cached_property
    def months(self) -> Result:
        """Two years by month: a year ago is a month of its own."""
        return self.ask(self._drawn, ("month",), since=month_of(self.until, 2 * MONTHS - 1), compare="")

    @property
    def _drawn(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.main, self.efficiency)))

    # ------------------------------------------------------------------------------------------------------- readings

    @cached_property
    def why(self) -> WhyReading:
        return why.read(self.run, self.settings, self.subject, self.main, self.since, self.until, self.compare or "previous")

    @property
    def month(self) -> PaceReading:
        """The month in which the period ends, as it stood on its last day."""
        return self.month_at(self.until)

    def month_at(self, until: date) -> PaceReading:
        """The month of a day, as it stood on that day."""
        if until not in self._months:
            self._months[until] = self._month(until)
        return self._months[until]

    def _month(self, until: date) -> PaceReading:
        last = until if self.loaded_until is None else min(until, self.loaded_until)
        return pace.read(self.run, self.settings, self.subject, until.replace(day=1), last, self.desk.targets)

    @cached_property
    def unusual(self) -> UnusualReading:
        """What stands out among the main figures that the client has."""
        return unusual.read(self.run, self.settings, self.subject, self.until, metrics=self.metrics, marks=self.desk.marks)

    @cached_property
    def alerts(self) -> tuple[Finding, ...]:
        """What stood out within the period, dearest first, without single days of what somebody decides, such as spend."""
        return tuple(
            one for one in self.unusual.findings
            if one.state is State.ALERT and one.until >= self.since and not (one.grain == "day" and METRICS[one.metric].better == "neutral")
        )

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is done and has taken effect by the end of the period, judged by everything that is loaded by now."""
        done = [one for one in self.desk.actions if one.state == "done" and one.since is not None and one.since <= self.until]
        # NB: without the document's filters: an action names its own channel.
        return outcomes.read(self.run, self.settings, replace(self.subject, only=()), self.loaded_until or self.until, done)

    @cached_property
    def stage(self) -> StageView:
        asked = stage.Asked(grouping=self.subject.grouping, counter=self.subject.counter)
        by_hand = [one for one in self.desk.overrules if one.since <= self.today]
        return stage.read(self.run, self.settings, self.facts, self.until, asked, "", self.desk.marks, by_hand)

    @cached_property
    def lifetime(self) -> LifetimeReading:
        asked = lifetime.Asked(grouping=self.subject.grouping, counter=self.subject.counter, with_models=False)
        return lifetime.read(self.run, self.settings, self.facts, self.until, asked)

    @cached_property
    def levers(self) -> DriversReading:
        """What moves the money of the month, without the curves, which take seconds."""
        given = {str(key): float(value) for key, value in (self.facts.get("drivers") or {}).items()}
        return drivers.read(self.run, self.settings, self.subject, self.until.replace(day=1), given, {}, {}, (), False)

    @cached_property
    def hygiene(self) -> Hygiene:
        return read_hygiene(self.subject.query(("visits",), self.since, self.until), self.run, self.settings, self.desk.matches)

    @cached_property
    def book(self) -> ledger.Ledger:
        return ledger.read(self.run)

    @cached_property
    def loaded_until(self) -> date | None:
        """The last day of which anything is loaded."""
        return max((span.until for span in self.book.spans), default=None)


def month_of(day: date, back: int) -> date:
    """The first day of the month so many months before; after, where negative."""
    place = day.year * 12 + day.month - 1 - back
    return date(place // 12, place % 12 + 1, 1)


def end_of(month: date) -> date:
    """The last day of the month."""
    return month_of(month, -1) - timedelta(days=1)
