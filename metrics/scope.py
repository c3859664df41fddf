"""What an answer is about once every open point is settled: whose visits count, by which attribution, whose orders, which currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from data.errors import CannotAnswer, did_you_mean
from data.tables import ATTRIBUTION_KEYS, AUDIENCE, CONVERSIONS, ORDERS, SPEND, TRAFFIC, VISITS, Note
from metrics.channels import Rule, under
from metrics.dimensions import BY_KEY
from metrics.ledger import Ledger, Span
from metrics.periods import Window, before, bucket
from metrics.query import Query

COUNTED = (VISITS.name, TRAFFIC.name, CONVERSIONS.name, AUDIENCE.name)


@dataclass(frozen=True)
class Settings:
    """What the client's settings say about figures.

    `margin` is the contribution margin as a share of revenue; `counter` whose visits count, `orders` whose orders count (both may be
    empty: the answer chooses and says so); `rules` are the client's own channel rules, tried before the shipped ones; `version` is the
    store's, printed on receipts.
    """

    currency: str = "RUB"
    margin: float | None = None
    counter: str = ""
    orders: str = ""
    rules: tuple[Rule, ...] = ()
    version: int = 0
    vat: str = "net"

    @classmethod
    def of(cls, currency: str, facts: Mapping[str, Any], version: int) -> Settings:
        """Settings from what is kept about a client: its currency, its facts, the version of its store."""
        margin = facts.get("margin")
        return cls(
            currency=currency, margin=float(margin) if margin is not None else None, counter=str(facts.get("counter", "")),
            orders=str(facts.get("orders", "")), version=version, vat=str(facts.get("vat", "net")),
        )

    def factors(self) -> Mapping[str, float]:
        """Settings that formulas may use. Without a margin revenue counts whole, and a note says so."""
        return {"margin": 1.0 if self.margin is None else self.margin}


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
            return all(str(bucket(key, date.fromordinal(day), window.shift)) in values for key, values in wanted)

        return frozenset(filter(stays, days))


def settle(query: Query, ledger: Ledger, settings: Settings) -> tuple[Scope, tuple[Note, ...]]:
    """Choose what the question leaves open. Raises CannotAnswer for a counter or an attribution that the store does not have."""
    now = Window(query.since, query.until)
    counter = _counter(query, ledger, settings)
    attribution = _attribution(query.attribution, ledger, counter, now)
    orders = _orders(ledger, settings, counter)
    models = {name: attribution for name in (VISITS.name, TRAFFIC.name, CONVERSIONS.name, AUDIENCE.name)}
    ordered = ledger.of(ORDERS.name, orders)
    models[ORDERS.name] = attribution if attribution in _models(ordered) else _best(ordered, now)
    resolved = replace(query, counter=counter, attribution=attribution)
    scope = Scope(resolved, settings, now, before(now, query.compare), models, orders)
    return scope, _notes(scope, ledger)


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
