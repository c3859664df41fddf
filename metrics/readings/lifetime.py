"""What customers bring over their life, what they cost, and when it is not known: cohorts first, models of single customers second.

The value of a new customer is what cohorts have earned, continued by the chain ladder; every figure says whether it is margin or revenue,
up to which month, and at which discount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note
from data.errors import CannotAnswer
from data.tables import ORDERS
from data.text import sign
from metrics.abstain import because
from metrics.buying import cohorts, purchases
from metrics.buying.cohorts import Triangle, triangle
from metrics.buying.payback import Economics, Payback, economics
from metrics.lifetime import BackTest, CohortValue, cohort_value
from metrics.readings.buying import Models, models
from metrics.readings.ground import Ground, Paid, named_orders, one_currency, orders_of, spend, stand, title
from metrics.readings.subject import known
from metrics.scope import Settings
from metrics.statements import Run

HORIZON = 12
ALL = "*"
"""The channel of all customers together."""


@dataclass(frozen=True)
class Asked:
    """What somebody chose. `horizon` months, the first included; `annual_discount` a share, None for the client's setting; `with_models`
    also fits models of single customers."""

    horizon: int = HORIZON
    annual_discount: float | None = None
    grouping: str = "agency"
    counter: str = ""
    with_models: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= 60:
            raise CannotAnswer("The horizon is {horizon} months.", "horizon", "Give 1 to 60 months.", horizon=self.horizon)


@dataclass(frozen=True)
class Curve:
    """Value of a customer by month. Shape: `observed`, `projected` and `seen` (months,), cumulative; None where nothing tells.

    Unit: money of `basis` (margin or revenue); `seen` the share of customers old enough. `value` by the horizon, with `low` and `high`
    (10 to 90 % over cohorts); `why` says why there is none.
    """

    observed: tuple[float | None, ...]
    projected: tuple[float | None, ...]
    seen: tuple[float, ...]
    value: float | None
    low: float | None
    high: float | None
    tested: BackTest | None
    why: Note | None


@dataclass(frozen=True)
class CohortLine:
    """One month's new customers. Shape: `values` (months,), what a customer had brought by each month of its life; None is not yet."""

    cohort: date
    customers: float
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class EconomicsLine:
    """A channel, or one cohort of it. Unit: `cac`, `so_far` and `value` money for a customer; `ratio` LTV:CAC; None not known."""

    channel: str
    title: str
    cohort: date | None
    customers: float
    cac: float | None
    so_far: float | None
    value: float | None
    ratio: float | None
    payback: Payback | None
    why: Note | None


@dataclass(frozen=True)
class LifetimeReading:
    """Everything a screen needs about the value of customers. `why` says why there is nothing; then the rest is empty.

    `economics` begins with all channels together (name `*`), then every channel followed by its cohorts. `until` is the day of the reading.
    """

    until: date
    since: date | None
    currency: str
    basis: str
    horizon: int
    annual_discount: float
    customers: float = 0.0
    curve: Curve | None = None
    cohorts: tuple[CohortLine, ...] = ()
    economics: tuple[EconomicsLine, ...] = ()
    models: Models | None = None
    headline: Note | None = None
    notes: tuple[Note, ...] = ()
    why: Note | None = None


def read(run: Run, settings: Settings, facts: Mapping[str, Any], until: date, asked: Asked | None = None) -> LifetimeReading:
    """The value of customers as known on a day. All loaded history before it is used. Raises CannotAnswer for an unknown counter."""
    settings.need_money()
    asked = asked or Asked()
    annual, said = _discount(facts, asked)
    ground = stand(run, settings, until, until, asked.grouping, asked.counter)
    empty = LifetimeReading(until, None, settings.currency, "margin", asked.horizon, annual, notes=ground.notes)
    loaded = ground.loaded(ORDERS.name, ground.orders)
    why = no_orders(loaded, until)
    if why is not None or loaded is None:
        return replace(empty, why=why)
    ground = replace(ground, since=loaded[0])
    paid = spend(ground, "channel", monthly=True)
    rows, currency, foreign = one_currency(ground, orders_of(ground, until), "Orders")
    named = named_orders(ground, rows, paid.together)
    days = purchases.purchase_days(named, settings.margin, named.name)
    basis = "margin" if settings.margin is not None else "revenue"
    sums = run(purchases.cohort_sums(days, until))
    whole = triangle(sums, "amount", until, loaded[0])
    found = cohort_value(whole, asked.horizon, annual, basis)
    costs = _costs(paid, whole.cohorts) if paid.known and paid.currency == currency else {}
    lines = _economics(ground, sums, costs, loaded[0], asked.horizon, annual)
    notes = (*ground.notes, *foreign, *_basis(basis), said, cohorts.old_looking_new(loaded[0]), *paid.notes)
    return replace(
        empty,
        since=loaded[0],
        currency=currency,
        basis=basis,
        customers=float(whole.sizes.sum()),
        curve=_curve(found),
        cohorts=_cohorts(whole),
        economics=lines,
        headline=_headline(found, lines, currency),
        models=models(run, days, until, loaded[0], whole_buyers(sums, until, loaded[0]), facts, asked.horizon, annual, settings.margin)
        if asked.with_models
        else None,
        notes=notes,
    )


def no_orders(loaded: tuple[date, date] | None, until: date) -> Note | None:
    """Why nothing can be said of customers, if so."""
    if loaded is None:
        return because("Orders with their customers are not loaded: load the orders of the shop or the deals of the CRM.")
    if loaded[0] > until:
        return because("Orders are loaded from {day} on only.", day=loaded[0])
    return None


def whole_buyers(sums: pd.DataFrame, until: date, since: date) -> Triangle:
    """Buyers by cohort and age, all channels together."""
    return triangle(sums.groupby(["cohort", "age"], as_index=False)[["buyers", "orders", "amount"]].sum(), "buyers", until, since)


def _discount(facts: Mapping[str, Any], asked: Asked) -> tuple[float, Note]:
    chosen = asked.annual_discount if asked.annual_discount is not None else facts.get("annual_discount")
    if chosen is None:
        return 0.0, Note("discount", "Later money is not discounted: no yearly rate is set for the client.")
    return float(chosen), Note("discount", "Later money is discounted at {percent}% a year.", {"percent": round(100 * float(chosen), 1)})


def _basis(basis: str) -> tuple[Note, ...]:
    if basis == "margin":
        return (Note("basis", "Values are margin: less the cost of goods where it is known, at the client's margin elsewhere."),)
    return (Note("basis", "Values are revenue, because the margin is not set: payback and LTV:CAC look better than they are."),)


def _curve(found: CohortValue) -> Curve:
    low, high = found.band or (np.nan, np.nan)
    return Curve(
        _numbers(found.observed),
        _numbers(found.projected),
        tuple(map(float, found.seen)),
        known(found.value),
        known(low),
        known(high),
        found.tested,
        found.why,
    )


def _numbers(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(known(value) for value in values)


def _cohorts(whole: Triangle) -> tuple[CohortLine, ...]:
    per = whole.per_customer()
    return tuple(
        CohortLine(cohort, float(size), _numbers(row[~np.isnan(row)]))
        for cohort, size, row in zip(whole.cohorts, whole.sizes, per, strict=True)
    )


def _economics(
    ground: Ground,
    sums: pd.DataFrame,
    costs: Mapping[tuple[str, date], float],
    since: date,
    horizon: int,
    annual: float,
) -> tuple[EconomicsLine, ...]:
    """All channels together, then each, the one with most customers first."""
    tables = {ALL: triangle(sums, "amount", ground.until, since)}
    counted = sums[sums["age"] == 0].groupby("channel")["buyers"].sum().sort_values(ascending=False)
    for name in counted.index:
        tables[str(name)] = triangle(sums[sums["channel"] == name], "amount", ground.until, since)
    return tuple(_line(ground, one) for one in economics(tables, costs, horizon, annual))


def _costs(paid: Paid, months: tuple[date, ...]) -> dict[tuple[str, date], float]:
    """Spend by channel and month, zero where a channel that costs money cost nothing; months that are not loaded whole are left out."""
    whole = [month for month in months if month not in paid.gaps]
    costs = {(name, month): paid.amounts.get((name, month), 0.0) for name in paid.by_name() for month in whole}
    return costs | {(ALL, month): sum(paid.amounts.get((name, month), 0.0) for name in paid.by_name()) for month in whole}


def _line(ground: Ground, one: Economics) -> EconomicsLine:
    name = "All channels" if one.channel == ALL else title(ground, "channel", one.channel, {})
    return EconomicsLine(
        one.channel,
        name,
        one.cohort,
        one.customers,
        known(one.cac),
        known(one.so_far),
        known(one.value),
        known(one.ratio),
        one.payback,
        one.why,
    )


def _headline(found: CohortValue, lines: tuple[EconomicsLine, ...], currency: str) -> Note | None:
    """The sentence that a manager reads first."""
    if found.why is not None or not lines:
        return found.why
    facts: dict[str, object] = {
        "value": float(round(found.value)),
        "currency": sign(currency),
        "horizon": found.horizon,
        "basis": found.basis,
    }
    whole = lines[0]
    if whole.cac is None or whole.ratio is None:
        return Note("headline", "A new customer brings {value} {currency} of {basis} in {horizon} months.", facts)
    facts |= {"cac": float(round(whole.cac)), "ratio": round(whole.ratio, 2)}
    if whole.payback is None or whole.payback.month is None:
        text = (
            "A new customer brings {value} {currency} of {basis} in {horizon} months and costs {cac} {currency}: "
            "LTV:CAC is {ratio}×, and the cost does not come back within that time."
        )
        return Note("headline", text, facts)
    text = (
        "A new customer brings {value} {currency} of {basis} in {horizon} months and costs {cac} {currency}: "
        "LTV:CAC is {ratio}×, paid back in month {month}."
    )
    return Note("headline", text, {**facts, "month": whole.payback.month})
