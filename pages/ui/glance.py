"""A client at a glance, for the portfolio: its plan, its main figures, what is unusual, how fresh it is, its stage, its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from data.coverage import outer_days
from data.desk import actions, frozen, marks, overrules, plans, reactions
from data.desk.actions import Action
from data.desk.reactions import Reaction
from data.errors import CannotAnswer, Problem, StoreDamaged
from data.warehouse import Warehouse
from data.workspace import Client
from metrics import judging
from metrics.ask import ask
from metrics.pace import Outlook
from metrics.query import Query
from metrics.readings import pace, stage, unusual
from metrics.readings.pace import Line, PaceReading
from metrics.readings.stage import StageView
from metrics.readings.stretches import Finding
from metrics.readings.subject import SPAN, Subject
from metrics.readings.unusual import UnusualReading
from metrics.registry import METRICS
from metrics.result import Result
from metrics.scope import Settings
from pages.ui import store

SHOWN: Mapping[str, tuple[str, str, str]] = {
    "shop": ("spend", "orders", "drr"), "leads": ("spend", "conversions", "cpa"), "subscription": ("spend", "conversions", "cpa"),
}
"""What stands in the row of a client: its cost, its result, its efficiency."""
RECENT = 14
"""Days within which something unusual is still trouble."""
_MOST = 2_000


@dataclass(frozen=True)
class Glance:
    """One client. `last` is the last loaded day, None while nothing is; `before` is the month as it stood a day earlier.

    Not `read`: its turn has not come yet, and only its main figures are known.
    """

    client: Client
    today: date
    last: date | None
    figures: Result | None = None
    pace: PaceReading | None = None
    before: PaceReading | None = None
    unusual: UnusualReading | None = None
    stage: StageView | None = None
    late: tuple[Action, ...] = ()
    said: tuple[Reaction, ...] = ()
    sent: date | None = None
    fault: Problem | None = None
    read: bool = True

    @property
    def metrics(self) -> tuple[str, ...]:
        return SHOWN.get(str(self.client.facts.get("model", "")), SHOWN["leads"])

    @property
    def behind(self) -> int:
        """Days that are not loaded yet; yesterday is the last that could be."""
        return 0 if self.last is None else max(0, (self.today - self.last).days - 1)

    @property
    def planned(self) -> tuple[Line, ...]:
        return tuple(line for line in self.pace.lines if line.plan is not None) if self.pace else ()

    @property
    def at_risk(self) -> tuple[Line, ...]:
        return tuple(line for line in self.planned if line.outlook is Outlook.AT_RISK)

    @property
    def recent(self) -> tuple[Finding, ...]:
        """What is unusual now, dearest first: it reaches into the last days."""
        if self.unusual is None or self.last is None:
            return ()
        edge = self.last - timedelta(days=RECENT)
        return tuple(one for one in self.unusual.findings if one.until > edge)

    @property
    def due(self) -> int | None:
        """Days to the next report, negative when it is late."""
        said = self.client.facts.get("next_report")
        return (date.fromisoformat(str(said)) - self.today).days if said else None

    @property
    def trouble(self) -> float:
        """What is at stake, to sort by. Unit: the client's money: unusual losses, what plans lack, what budgets overrun."""
        return -sum(one.money for one in self.recent if one.money and one.money < 0) + sum(map(self._stake, self.planned))

    def _stake(self, line: Line) -> float:
        if line.expected is None or line.plan is None or line.channel:
            return 0.0
        if line.budget:
            return max(0.0, line.expected - line.plan)
        if line.outlook is not Outlook.AT_RISK or METRICS[line.metric].under:
            return 0.0
        return max(0.0, line.plan - line.expected) * (1.0 if line.unit == "money" else self._worth_of(line.metric))

    def _worth_of(self, metric: str) -> float:
        """What one more of it costs at present: money for a count."""
        spend, count = (self.figures.total.get(key) if self.figures else None for key in ("spend", metric))
        return spend / count if spend and count else 0.0


def first(client: Client) -> Glance:
    """What can be told of the client at once: its main figures and dates. The rest is for `whole`."""
    kept, today = store.agency().store(client), store.today(client)
    try:
        pinned = kept.pinned()
        loaded = outer_days(store.ledger(pinned))
    except StoreDamaged as problem:
        # Its row says so, and nobody else is taken off the screen.
        return Glance(client, today, None, fault=problem)
    if loaded is None:
        return Glance(client, today, None)
    last = min(loaded[1], today - timedelta(days=1)) if loaded[1] >= today else loaded[1]
    desk, slug = store.agency(), client.slug
    matches = store.matches(client)
    found = _main(pinned.key, pinned.version(), repr((client, last, matches)), pinned, client, last, matches)
    late = tuple(one for one in actions.of(desk, slug) if one.state == "planned" and one.due is not None and one.due < today)
    gone = frozen.last_sent(desk, slug)
    return replace(found, today=today, late=late, said=reactions.unseen(desk, slug), sent=gone.date() if gone else None)


def whole(one: Glance) -> Glance:
    """The client with what takes long: its plan, what is unusual, its stage. Everything that costs time is kept by version and day."""
    if one.read or one.last is None:
        return one
    desk, slug, pinned = store.agency(), one.client.slug, store.agency().store(one.client).pinned()
    said = (plans.of(desk, slug, one.last, one.last), marks.of(desk, slug), overrules.of(desk, slug), store.matches(one.client))
    more = _rest(pinned.key, pinned.version(), repr((one.client, one.last, said)), pinned, one.client, one.last, said)
    return replace(one, read=True, **more)


def of(client: Client) -> Glance:
    """The client as it stands now."""
    return whole(first(client))


# NB: resources, not data, like answers: a reading carries what it rests on.
@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _main(folder: str, version: int, asked: str, _pinned: Warehouse, _client: Client, _last: date, _matches: Any) -> Glance:
    glance = Glance(_client, _last, _last, read=False)
    settings, about = Settings.of(_client.currency, _client.facts, version).matching(_matches), Subject.of(_client.facts)
    try:
        return replace(glance, figures=ask(_figures(glance.metrics, about, _last), _pinned.run, settings))
    except CannotAnswer as problem:
        # Only spend, say, or only a report without days: the row tells why it is empty.
        return replace(glance, fault=problem, read=True)


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _rest(folder: str, version: int, asked: str, _pinned: Warehouse, _client: Client, _last: date, _said: Any) -> Mapping[str, Any]:
    targets, events, by_hand, matches = _said
    run, facts = _pinned.run, _client.facts
    settings, about = Settings.of(_client.currency, facts, version).matching(matches), Subject.of(facts)
    month, earlier = _last.replace(day=1), _last - timedelta(days=1)
    try:
        return {
            "pace": pace.read(run, settings, about, month, _last, targets),
            "before": pace.read(run, settings, about, month, earlier, targets) if earlier >= month and targets else None,
            "unusual": unusual.read(run, settings, about, _last, marks=events),
            "stage": stage.read(run, settings, facts, _last, marks=events, overrules=by_hand),
        }
    except CannotAnswer as problem:
        return {"fault": problem}


def _figures(metrics: tuple[str, ...], about: Subject, last: date) -> Query:
    return about.query(judging.needs(metrics), last - timedelta(days=SPAN - 1), last, compare="previous")
