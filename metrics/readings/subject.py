"""Whom a reading is about, what it rests on, and which days it takes when nobody says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from data.batches import Note
from data.tables import SPEND, TRAFFIC, VISITS
from metrics import ledger
from metrics.query import Only, Query
from metrics.registry import MEASURES, METRICS, of_money
from metrics.result import Result
from metrics.rows import Metric
from metrics.scope import NO_MONEY
from metrics.statements import Run

SPAN = 28
"""Days of a period that nobody chose: four whole weeks, so that weekdays weigh alike."""
_LAG = 31
_ANY_VISITS = (VISITS.name, TRAFFIC.name)


@dataclass(frozen=True)
class Subject:
    """A client as its settings and the bar of the screen have it: business model, goals that count, whose channels, whose visits.

    Without `money` its main figures are those that money is no part of.
    """

    model: str = ""
    goals: tuple[str, ...] = ()
    grouping: str = "agency"
    counter: str = ""
    attribution: str = ""
    only: Only = ()
    money: bool = True

    @classmethod
    def of(cls, facts: Mapping[str, Any], **chosen: Any) -> Subject:
        """From what is kept about a client; `chosen` are fields that somebody has set for this once."""
        kept: dict[str, Any] = {
            "model": str(facts.get("model") or ""), "goals": tuple(facts.get("key_goals") or ()), "money": not facts.get(NO_MONEY),
        }
        return cls(**(kept | {name: value for name, value in chosen.items() if value}))

    def query(self, metrics: Sequence[str], since: date, until: date, by: Sequence[str] = (), compare: str = "") -> Query:
        return Query(
            tuple(metrics),
            since,
            until,
            tuple(by),
            compare,
            only=self.only,
            counter=self.counter,
            attribution=self.attribution,
            goals=self.goals,
            grouping=self.grouping,
        )


@dataclass(frozen=True)
class Backing:
    """What figures rest on: formulas with their sums, days, accounts, attribution, channel rules, basis of money, version of the store."""

    lines: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    accounts: tuple[str, ...] = ()
    attribution: str = ""
    rules: str = ""
    currency: str = ""
    vat: str = ""
    version: int = 0


def backing(result: Result) -> Backing:
    """The receipt of an answer, shortened to what fits under a chart."""
    receipt = result.receipt
    accounts = tuple(dict.fromkeys(account for several in receipt.accounts.values() for account in several))
    return Backing(
        tuple(map(str, receipt.lines)),
        result.query.since,
        result.query.until,
        accounts,
        receipt.attribution,
        receipt.rules,
        receipt.currency,
        receipt.vat,
        receipt.version,
    )


def plain(value: Any) -> Any:
    """A reading as values that JSON can hold: dates as ISO text, nothing in place of numbers that are not there."""
    if isinstance(value, Note):
        return {"kind": value.kind, "text": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (np.floating, float)):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, (np.integer, np.bool_)):
        return value.item()
    return value.isoformat() if isinstance(value, date) else value


def known(value: float | None) -> float | None:
    """A number, or None where it is not one."""
    return None if value is None or not np.isfinite(value) else float(value)


def last_loaded(run: Run, metrics: Sequence[str]) -> date | None:
    """The last day up to which visits and, where the metrics need it, the spend of every running ad account are loaded."""
    book = ledger.read(run)
    ends = [max((span.until for span in book.of(*_ANY_VISITS[:1])), default=None) or _end(book, TRAFFIC.name)]
    ends += [whole_until(book)] if any(_spends(METRICS[key]) for key in metrics) else []
    return min((end for end in ends if end is not None), default=None)


def _end(book: ledger.Ledger, table: str) -> date | None:
    return max((span.until for span in book.of(table)), default=None)


def whole_until(book: ledger.Ledger) -> date | None:
    """The last day on which no running ad account lags behind; one that has been silent for a month is not running."""
    ends = [max(span.until for span in book.of(SPEND.name, account)) for account in book.accounts(SPEND.name)]
    return min((end for end in ends if end >= max(ends) - timedelta(days=_LAG)), default=None)


def _spends(metric: Metric) -> bool:
    return any(gives.table == SPEND.name for key in metric.measures for gives in MEASURES[key].gives)


def usual_period(last: date) -> tuple[date, date]:
    """Four whole weeks that end with the last loaded day."""
    return last - timedelta(days=SPAN - 1), last


MAIN: Mapping[str, tuple[str, ...]] = {
    "shop": ("visits", "orders", "revenue", "spend", "cr_order", "drr"),
    "leads": ("visits", "conversions", "spend", "cr", "cpa"),
    "subscription": ("visits", "conversions", "revenue", "spend", "cr", "cpa"),
    "b2b": ("visits", "conversions", "spend", "cr", "cpa"),
}
"""The card set of each business model, as far as counters and ad accounts give it."""


def main_metrics(subject: Subject) -> tuple[str, ...]:
    main = MAIN.get(subject.model, MAIN["leads"])
    return main if subject.money else tuple(key for key in main if not of_money(key))


def digits_of(unit: str, *values: float | None) -> int:
    """Decimals with which a metric is printed. Unit: shares have four, which are hundredths of a point."""
    if unit == "share":
        return 4
    if unit in ("count", "seconds"):
        return 0
    if unit == "money":
        return 0 if max(abs(value or 0.0) for value in values) >= 100 else 2
    return 2
