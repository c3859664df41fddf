"""What an answer is about once every open point is settled: whose visits count, by which attribution, whose orders, which currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from data.batches import Note
from data.errors import CannotAnswer, NotAllowed, did_you_mean
from data.tables import ATTRIBUTION_KEYS, AUDIENCE, CONVERSIONS, ORDERS, SPEND, TRAFFIC, VISITS
from metrics import periods
from metrics.basis import AS_PAID, Basis
from metrics.channels import Rule, under
from metrics.dimensions import BY_KEY
from metrics.ledger import Ledger, Span
from metrics.periods import Window, before, bucket
from metrics.query import Query
from metrics.registry import MEASURES, METRICS

if TYPE_CHECKING:
    from data.desk.campaigns import Match

NO_MONEY = "no_money"
"""The fact by which the door says that whoever asks may not see money."""
COUNTED = (VISITS.name, TRAFFIC.name, CONVERSIONS.name, AUDIENCE.name)


@dataclass(frozen=True)
class Settings:
    """What the client's settings say about figures.

    `margin` is the contribution margin as a share of revenue; `counter` whose visits count, `orders` whose orders count (both may be
    empty: the answer chooses and says so); `rules` are the client's own channel rules, tried before the shipped ones; `version` is the
    store's, printed on receipts; `basis` is what counts as spend; `fiscal` is the day on which the client's months begin, 1 to 28;
    `campaigns` are tags and the campaigns that they mean; `cart_goals` are goals that mark a filled cart; without `money` no measure of
    money is answered, nor what is made of one.
    """

    currency: str = "RUB"
    margin: float | None = None
    counter: str = ""
    orders: str = ""
    rules: tuple[Rule, ...] = ()
    version: int = 0
    basis: Basis = AS_PAID
    fiscal: int = 1
    campaigns: tuple[tuple[str, str], ...] = ()
    money: bool = True
    cart_goals: tuple[str, ...] = ()

    def stage(self, name: str) -> tuple[str, ...]:
        """The goals that are a step of the shop."""
        return {"cart": self.cart_goals}.get(name, ())

    def matching(self, matches: Iterable[Match]) -> Settings:
        """The same with campaign tags that a person has matched to campaigns of the ad systems."""
        return replace(self, campaigns=tuple((match.sent, match.campaign_id or match.campaign) for match in matches if match.sent))

    @classmethod
    def of(cls, currency: str, facts: Mapping[str, Any], version: int) -> Settings:
        """Settings from what is kept about a client: its currency, its facts, the version of its store. Raises CannotAnswer."""
        margin = facts.get("margin")
        return cls(
            currency=currency, margin=float(margin) if margin is not None else None, counter=str(facts.get("counter", "")),
            orders=str(facts.get("orders", "")), version=version, basis=Basis.of(facts), fiscal=_first_day(facts),
            money=not facts.get(NO_MONEY), cart_goals=tuple(map(str, facts.get("cart_goals") or ())),
        )

    def need_money(self) -> None:
        """For readings that are about nothing but money. Raises NotAllowed where it may not be seen."""
        if not self.money:
            raise NotAllowed("Money is not shown to you.", "", "Ask the agency's owner to open it.")

    def factors(self) -> Mapping[str, float]:
        """Settings that formulas may use. Without a margin revenue counts whole, and a note says so."""
        return {"margin": 1.0 if self.margin is None else self.margin}


def _first_day(facts: Mapping[str, Any]) -> int:
    """The day on which the client's months begin."""
    said = str(facts.get("fiscal_month_start", "") or "1")
    if not (said.isdecimal() and 1 <= int(said) <= 28):
        raise CannotAnswer(
            "The client's month cannot begin on the day {day}.", "fiscal_month_start", "Give a day that every month has: 1 to 28.", day=said
        )
    return int(said)


@dataclass(frozen=True)
class Scope:
    """A question with its open points settled. `models` is the attribution used per table; empty where a table records none.
    `together` are channels whose spend is known only as a whole."""

    query: Query
    settings: Settings
    now: Window
    before: Window | None
    models: Mapping[str, str]
    orders: str
    together: frozenset[str] = frozenset()

    @property
    def windows(self) -> tuple[Window, ...]:
        return (self.now,) if self.before is None else (self.now, self.before)

    @property
    def merged(self) -> frozenset[str]:
        """Wholes whose parts are shown as one; where a filter names a part, it stays one, and its spend is not known."""
        named = {value for key, values in self.query.only if key == "channel" for value in values}
        apart = {whole for part, whole in under(self.query.grouping).items() if part in named}
        return self.together - apart

    def asked(self, window: Window, days: frozenset[int] | None = None) -> frozenset[int]:
        """The days of a window (or some of them) that the question's filters on time leave."""
        days = window.days() if days is None else days
        wanted = [(key, values) for key, values in self.query.only if BY_KEY[key].kind == "time"]
        if not wanted:
            return days

        def stays(day: int) -> bool:
            return all(str(bucket(key, date.fromordinal(day), window.shift, window.fiscal)) in values for key, values in wanted)

        return frozenset(filter(stays, days))


def settle(query: Query, ledger: Ledger, settings: Settings) -> tuple[Scope, tuple[Note, ...]]:
    """Choose what the question leaves open. Raises CannotAnswer for a counter or an attribution that the store does not have."""
    now = Window(query.since, query.until, fiscal=settings.fiscal)
    counter = _counter(query, ledger, settings)
    attribution = _attribution(query.attribution, ledger, counter, now)
    orders = _orders(ledger, settings, counter)
    models = {name: attribution for name in (VISITS.name, TRAFFIC.name, CONVERSIONS.name, AUDIENCE.name)}
    ordered = ledger.of(ORDERS.name, orders)
    models[ORDERS.name] = attribution if attribution in _models(ordered) else _best(ordered, now)
    asked, now = now, _finished(now, query, ledger, counter, orders) if query.to_date else now
    against = periods.to_date(asked, now, query.compare) if now != asked else before(now, query.compare)
    resolved = replace(query, counter=counter, attribution=attribution, until=now.until)
    scope = Scope(resolved, settings, now, against, models, orders)
    return scope, (*_of_days(scope, asked), *_notes(scope, ledger))


def _finished(asked: Window, query: Query, ledger: Ledger, counter: str, orders: str) -> Window:
    """The asked days up to the last one of which everything is loaded; all of them where nothing is."""
    last = []
    for key in dict.fromkeys(key for metric in query.metrics for key in METRICS[metric].measures):
        tables = {gives.table for gives in MEASURES[key].gives}
        mine = [s for s in ledger.spans if s.table in tables and (s.table == SPEND.name or s.account in (counter, orders))]
        inside = [span.until for span in mine if span.since <= asked.until and span.until >= asked.since]
        last += [max(inside)] if inside else []
    return replace(asked, until=min([asked.until, *last]))


def _of_days(scope: Scope, asked: Window) -> list[Note]:
    """What has to be known about the days: a period that is not over, and one of another length beside it."""
    now, against, notes = scope.now, scope.before, []
    if now != asked:
        facts = {"n": now.length, "of": asked.length, "until": now.until}
        notes.append(Note("to date", "The period is loaded up to {until}: {n} of {of} days are counted, and set against as many.", facts))
    if against is not None and against.length != now.length:
        facts = {"now": now.length, "before": against.length}
        notes.append(Note("length", "The periods are of different length: {now} and {before} days. Sums are judged by the day.", facts))
    return notes


def _counter(query: Query, ledger: Ledger, settings: Settings) -> str:
    known = counters(ledger)
    if query.counter and known and query.counter not in known:
        near = did_you_mean(query.counter, known)
        raise CannotAnswer(
            "No visits of the counter {counter} are loaded.", "counter", "Did you mean {near}?" if near else "Loaded are: {known}.",
            counter=query.counter, near=near, known=", ".join(known),
        )
    if query.counter:
        return query.counter
    return settings.counter if settings.counter in known or not known else known[0]


def counters(ledger: Ledger) -> tuple[str, ...]:
    """Accounts that have visits, best first: those with single visits, then those with the most days."""
    single = ledger.accounts(VISITS.name)
    return (*single, *(account for account in ledger.accounts(*COUNTED) if account not in single))


def _attribution(asked: str, ledger: Ledger, counter: str, now: Window) -> str:
    found = [span for name in COUNTED for span in ledger.of(name, counter)]
    recorded = _models(found)
    if asked and recorded and asked not in recorded:
        raise CannotAnswer(
            "The counter {counter} does not record the attribution {attribution}.", "attribution", "Recorded are: {known}.",
            counter=counter, attribution=asked, known=", ".join(sorted(recorded)),
        )
    return asked or _best(found, now)


def _models(found: Iterable[Span]) -> frozenset[str]:
    return frozenset(model for span in found for model in span.models if model)


def _best(found: Iterable[Span], now: Window) -> str:
    """The model recorded on most of the asked days; among equals the order of preference decides."""
    spans = tuple(found)
    asked = now.days()

    def days(model: str) -> int:
        mine = [span for span in spans if model in span.models]
        return len(asked & frozenset(day for span in mine for day in range(span.since.toordinal(), span.until.toordinal() + 1)))

    known = [model for model in ATTRIBUTION_KEYS if model in _models(spans)]
    return max(known, key=days, default="")


def _orders(ledger: Ledger, settings: Settings, counter: str) -> str:
    known = ledger.accounts(ORDERS.name)
    if settings.orders in known:
        return settings.orders
    return counter if counter in known or not known else known[0]


def _notes(scope: Scope, ledger: Ledger) -> tuple[Note, ...]:
    notes = []
    others = [account for account in counters(ledger) if account != scope.query.counter]
    if others:
        notes.append(Note("counter", "Visits of {counter} are counted; {others} are not added to them.",
                          {"counter": scope.query.counter, "others": ", ".join(others)}))
    rest = [account for account in ledger.accounts(ORDERS.name) if account != scope.orders]
    if rest:
        notes.append(Note("orders", "Orders of {account} are counted; orders of {others} are not added to them.",
                          {"account": scope.orders, "others": ", ".join(rest)}))
    return tuple(notes)


def spending(ledger: Ledger) -> tuple[str, ...]:
    """Accounts that have spend."""
    return ledger.accounts(SPEND.name)
