"""Demand by month, of a client or of one of its products, and the monthly indicators that move before it does."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from data.batches import Note
from data.errors import CannotAnswer, did_you_mean
from data.tables import CONVERSIONS, ORDERS, TRAFFIC, VISITS
from metrics.ask import ask
from metrics.buying import purchases
from metrics.playbook import Said
from metrics.query import Query
from metrics.readings.category import Category
from metrics.readings.ground import Ground, one_currency, orders_of
from metrics.stages.early_warning import Leading

if TYPE_CHECKING:
    from data.desk.marks import Mark

MASKED = 0.2
"""Share of a month's days under known events from which the month tells nothing."""
SETTLED = 12
"""Months of orders after which a customer who looks new mostly is."""
LONGEST_GAP = 180
"""Days between purchases that count; longer ones show up only as history grows, so they would look like a trend."""
SEARCH = ("search_yandex", "search_google", "search_other", "organic_search")
DIRECT = ("direct",)
WHOLE = ""


@dataclass(frozen=True)
class Product:
    """What a stage is read for. `goals` are those whose reaches are its demand; none for the orders of the client as a whole."""

    key: str
    name: Said
    goals: tuple[str, ...]


@dataclass(frozen=True)
class Demand:
    """Demand by complete month. Shape: `series` by month (PeriodIndex M), NaN not loaded. `what` is orders or goals. `launched`: zero
    months come before the first demand."""

    series: pd.Series
    what: str
    launched: bool
    notes: tuple[Note, ...]


# ----------------------------------------------------------------------------------------------------------------- products


def products(facts: Mapping[str, Any]) -> tuple[Product, ...]:
    """The client's products, as its settings name them: key -> title, title_ru and the goals of its demand."""
    kept = facts.get("products") or {}
    return tuple(
        Product(key, Said(row.get("title") or key, row.get("title_ru") or row.get("title") or key), tuple(map(str, row["goals"])))
        for key, row in kept.items()
    )


def product(facts: Mapping[str, Any], wanted: str) -> Product:
    """A product by its key or title, or by a goal's number or title. Raises CannotAnswer with the nearest names."""
    goals = {str(goal): Said(*_both(titles)) for goal, titles in (facts.get("goals") or {}).items()}
    every = [*products(facts), *(Product(goal, name, (goal,)) for goal, name in goals.items())]
    for one in every:
        if wanted.casefold() in (one.key.casefold(), one.name.en.casefold(), one.name.ru.casefold()):
            return one
    named = {text for one in every for text in (one.key, one.name.en, one.name.ru)}
    near = did_you_mean(wanted, named)
    raise CannotAnswer(
        "There is no product {product}.",
        "product",
        "Did you mean {near}?" if near else "Name a goal that is the demand for it. Known are: {known}.",
        product=wanted,
        near=near,
        known=", ".join(f"{one.key} ({one.name.en})" for one in every) or "–",
    )


def _both(titles: Any) -> tuple[str, str]:
    pair = [titles] if isinstance(titles, str) else list(titles)
    return str(pair[0]), str(pair[-1])


def whole(facts: Mapping[str, Any]) -> Product:
    """The client as a whole. Its demand are new contracts where it sells subscriptions, and else all that it counts."""
    goals = tuple(map(str, facts.get("demand_goals") or facts.get("key_goals") or ()))
    sells_time = facts.get("model") == "subscription" and not facts.get("demand_goals")
    return Product(WHOLE, Said("The client as a whole", "Клиент в целом"), goals[:1] if sells_time else goals)


# ------------------------------------------------------------------------------------------------------------------- series


def demand(ground: Ground, wanted: Product, facts: Mapping[str, Any], until: date) -> Demand | Note:
    """Demand by complete month up to a day; a note where nothing is loaded that shows it."""
    by_orders = wanted.key == WHOLE and facts.get("model") in (None, "", "shop") and not facts.get("demand_goals")
    if by_orders and ground.ledger.of(ORDERS.name, ground.orders):
        found = monthly(ground, "orders", until, tables=(ORDERS.name,), account=ground.orders)
        what = "orders"
    else:
        found = monthly(ground, "conversions", until, wanted.goals, (CONVERSIONS.name, TRAFFIC.name), ground.counter)
        what = "goals"
    if found is None or not (found > 0).any():
        return Note("abstains", "Neither orders nor reaches of its goals are loaded for a whole month, so there is no demand to read.")
    before = found.index < found[found > 0].index[0]
    launched = bool(before.any() and (found[before] == 0).all())
    notes = (
        (
            Note(
                "launch",
                "The first demand was seen in {month}, after months without any: a launch.",
                {"month": written(found[found > 0].index[0])},
            ),
        )
        if launched
        else ()
    )
    return Demand(found, what, launched, notes)


def monthly(
    ground: Ground,
    metric: str,
    until: date,
    goals: tuple[str, ...] = (),
    tables: tuple[str, ...] = (VISITS.name, TRAFFIC.name),
    account: str = "",
    channels: Collection[str] = (),
) -> pd.Series | None:
    """A sum by month, from the first to the last month that is loaded from its first to its last day; a month with a gap is NaN."""
    spans = [span for span in ground.ledger.of(*tables[:1]) if span.account == account] or [
        span for span in ground.ledger.spans if span.table in tables and span.account == account
    ]
    if not spans:
        return None
    first, last = whole_months(min(span.since for span in spans), min(until, max(span.until for span in spans)))
    if first > last:
        return None
    only = (("channel", tuple(channels)),) if channels else ()
    query = Query(
        (metric,),
        first,
        last,
        by=("month",),
        only=only,
        grouping=ground.grouping,
        counter=ground.counter,
        goals=goals,
    )
    result = ask(query, ground.run, ground.settings)
    values = result.frame.set_index(pd.PeriodIndex(result.frame["month"], freq="M"))[metric].astype("float64")
    gaps = {pd.Period(day, "M") for since, end in result.missing[metric] for day in pd.date_range(since, end)}
    return values.mask(values.index.isin(list(gaps))).rename(None)


def written(month: pd.Period) -> str:
    """A month as both languages write it: 06.2026."""
    return f"{month.month:02d}.{month.year}"


def whole_months(since: date, until: date) -> tuple[date, date]:
    """First and last day of the months that lie whole between two days; the first comes after the last where there is none."""
    first = since if since.day == 1 else (since.replace(day=1) + timedelta(days=32)).replace(day=1)
    whole_end = until.day == calendar.monthrange(until.year, until.month)[1]
    return first, until if whole_end else until.replace(day=1) - timedelta(days=1)


def masked(marks: Collection[Mark]) -> frozenset[pd.Period]:
    """Months in which known events cover enough days to be no example. A mark of one channel says nothing about the whole."""
    days = {day for mark in marks if mark.masks and not mark.channel for day in pd.date_range(mark.since, mark.until).date}
    counted: dict[pd.Period, int] = {}
    for day in days:
        counted[pd.Period(day, "M")] = counted.get(pd.Period(day, "M"), 0) + 1
    return frozenset(month for month, n in counted.items() if n >= MASKED * month.days_in_month)


# ---------------------------------------------------------------------------------------------------------- leading indicators


def leading(ground: Ground, until: date, market: Category | None, searched: pd.Series | None) -> Leading:
    """What moves before demand does, as far as it is loaded, for the client as a whole. `searched` are visits from search. Demand for the
    brand is what is searched for it, or direct visits where that is not loaded."""
    direct = monthly(ground, "visits", until, account=ground.counter, channels=DIRECT)
    brand = direct if market is None or market.brand is None else market.brand
    share = None if market is None else market.share(searched)
    loaded = ground.loaded(ORDERS.name, ground.orders)
    if loaded is None:
        return Leading(brand_demand=brand, category_share=share)
    orders = monthly(ground, "orders", until, tables=(ORDERS.name,), account=ground.orders)
    revenue = monthly(ground, "revenue", until, tables=(ORDERS.name,), account=ground.orders)
    spent = monthly(ground, "spend", until, tables=(ORDERS.name,), account=ground.orders)
    months = _customers(ground, loaded[0], until)
    if orders is None or months.empty:
        return Leading(brand_demand=brand, category_share=share, revenue=revenue, units=orders)
    known = months.reindex(orders.index)
    settled = known[known.index >= pd.Period(loaded[0], "M") + SETTLED]
    gaps = known[known.index >= pd.Period(loaded[0] + timedelta(days=LONGEST_GAP), "M") + 1]["gap"]
    cac = None if spent is None else (spent / settled["fresh"].where(settled["fresh"] > 0)).reindex(settled.index)
    return Leading(
        new_buyers=settled["fresh"],
        buyers=settled["buyers"],
        cac=cac,
        brand_demand=brand,
        category_share=share,
        revenue=revenue,
        units=orders,
        order_gap=gaps,
    )


def _customers(ground: Ground, since: date, until: date) -> pd.DataFrame:
    """Shape: by month: buyers, fresh (bought for the first time), gap (mean days since the purchase before, of those who came back)."""
    rows, _, _ = one_currency(ground, orders_of(ground, until), "Orders")
    days = purchases.purchase_days(rows)
    turn = ibis.window(group_by=days.customer, order_by=days.day)
    dated = days.mutate(before=days.day.lag().over(turn))
    silent = dated.day.delta(dated.before, unit="day")
    dated = dated.mutate(month=dated.day.truncate("M"), silent=ibis.ifelse(silent <= LONGEST_GAP, silent, ibis.null("int64")))
    people = dated.group_by("month", "customer").agg(fresh=dated.before.isnull().any())
    counted = people.group_by("month").agg(buyers=people.count(), fresh=people.fresh.sum())
    waited = dated.group_by("month").agg(gap=dated.silent.mean())
    frame = ground.run(counted.left_join(waited, "month").select("month", "buyers", "fresh", "gap"))
    return frame.set_index(pd.PeriodIndex(frame["month"], freq="M"))[["buyers", "fresh", "gap"]].astype("float64").sort_index()
