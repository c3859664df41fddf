"""The driver tree of a client with its own numbers in it: this month's, and those of the months before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.batches import Note
from metrics.ask import ask
from metrics.drivers import LEVER, TREES, Driver, Product, Sum, Tree, leads, shop, subscription, undefined
from metrics.readings.subject import Subject
from metrics.result import Result
from metrics.scope import Settings
from metrics.statements import Run

MONTHS = 24
ASKED: Mapping[str, tuple[str, ...]] = {
    "shop": ("visits", "spend", "orders", "revenue", "buyers", "new_customers", "repeat_orders", "repeat_revenue_share"),
    "leads": ("spend", "clicks", "paid_cpa", "conversions", "win_rate", "revenue", "orders", "leads"),
    "subscription": ("visits", "spend", "revenue", "new_customers", "repeat_revenue_share"),
}
"""Metrics that each model's tree is read from."""


_PAID = frozenset({"cost", "clicks", "impressions"})
"""Measures that ad accounts give; the others hang on visits."""
_LACKING: Mapping[tuple[str, bool], Note] = {
    ("visits", False): Note("drivers", "Visits are not loaded: the tree is empty where it needs them."),
    ("visits", True): Note("drivers", "Visits of the month are not loaded whole: the tree is empty where it needs them."),
    ("spend", False): Note("drivers", "Spend is not loaded: the tree is empty where it needs it."),
    ("spend", True): Note("drivers", "Spend of the month is not loaded whole: the tree is empty where it needs it."),
}
"""Shape: (what is lacking, whether other months have it) → what is said."""


@dataclass(frozen=True, eq=False)
class Live:
    """A tree, its drivers in a month, and what they were. Shape: history has one row per full month, drivers as columns, oldest first."""

    month: date
    tree: Tree
    now: Mapping[str, float]
    history: pd.DataFrame
    notes: tuple[Note, ...]
    result: Result | None
    reason: Note | None = None


def live(run: Run, settings: Settings, subject: Subject, month: date, known: Mapping[str, float]) -> Live:
    """The tree of the client's model. `known` are drivers that no source gives (fixed costs, share of qualified leads…).

    Where nothing tells the steps behind a lead or a trial, the tree ends where the figures do, and says so.
    """
    month = month.replace(day=1)
    if subject.model not in ASKED:
        return _given(subject.model, month, known)
    until = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    since = date(month.year - MONTHS // 12, month.month, 1)
    result = ask(subject.query(ASKED[subject.model], since, until, ("month",)), run, settings)
    sums, lost = _whole_months(result, until)
    tree, table, notes = {"shop": _shop, "leads": _leads, "subscription": _subscription}[subject.model](sums, settings, known)
    for key, value in known.items():
        if key in {driver.key for driver in tree.drivers}:
            table[key] = value
    here = table[table.index == pd.Timestamp(month)]
    if not len(here):
        reason = Note("drivers", "The month is not loaded whole: the tree is drawn for full months.")
        return Live(month, tree, {}, table, notes, result, reason)
    now = {str(key): float(value) for key, value in here.iloc[0].items()}
    reasons = _why(sums, lost, month) if undefined(tree, now) else ()
    return Live(month, tree, now, table, (*notes, *reasons[1:]), result, *reasons[:1])


def _given(model: str, month: date, known: Mapping[str, float]) -> Live:
    """A tree that no source fills, from what people have entered."""
    tree = TREES.get(model, TREES["b2b"])()
    now = {driver.key: known[driver.key] for driver in tree.drivers if driver.key in known}
    return Live(month, tree, now, pd.DataFrame(), (), None)


def _whole_months(result: Result, until: date) -> tuple[pd.DataFrame, Mapping[str, frozenset[date]]]:
    """Measures by month, empty where they are not loaded whole, and which months those are, of visits and of spend.

    NB: what is not loaded at all has no whole month either, but must not empty the months of the rest.
    """
    frame = result.frame.set_index(pd.DatetimeIndex(result.frame["month"])).drop(columns="month").astype("float64")
    asked = [key for key in ("visits", "spend") if key in result.missing]
    lost = {key: frozenset(day for pair in result.missing[key] for day in _months(*pair)) for key in asked}
    paid = [name for name in frame.columns if name in _PAID]
    for key, columns in (("spend", paid), ("visits", [name for name in frame.columns if name not in _PAID])):
        if key == "spend" or _of(frame, "visits").notna().any():
            frame.loc[[month.date() in lost.get(key, ()) for month in frame.index], columns] = np.nan
    keep = [name for name in frame.columns if frame[name].notna().any()]
    return frame[keep].dropna(how="all"), lost


def _why(sums: pd.DataFrame, lost: Mapping[str, frozenset[date]], month: date) -> tuple[Note, ...]:
    """What of visits and spend is not loaded, where the month lacks it."""
    lacking = [key for key, months in lost.items() if month in months]
    return tuple(_LACKING[key, "visits" in sums if key == "visits" else "cost" in sums] for key in lacking)


def _months(since: date, until: date) -> list[date]:
    return [day.date() for day in pd.date_range(since.replace(day=1), until, freq="MS")]


def _of(sums: pd.DataFrame, name: str) -> pd.Series[float]:
    return sums[name] if name in sums else pd.Series(np.nan, index=sums.index)


def _ratio(over: pd.Series[float], under: pd.Series[float]) -> pd.Series[float]:
    return over / under.where(under > 0)


def _margin(settings: Settings, notes: list[Note]) -> float:
    if settings.margin is None:
        notes.append(Note("margin", "The margin is not set: the tree counts revenue whole."))
    return 1.0 if settings.margin is None else settings.margin


def _zero(names: Mapping[str, str], known: Mapping[str, float], notes: list[Note]) -> dict[str, float]:
    """Costs that nobody has entered, as zero, and said so."""
    for key, title in names.items():
        if key not in known:
            notes.append(Note("drivers", "{driver}: not entered, counted as zero.", {"driver": title}))
    return dict.fromkeys(names, 0.0)


# ------------------------------------------------------------------------------------------------------------------- shop


def _shop(sums: pd.DataFrame, settings: Settings, known: Mapping[str, float]) -> tuple[Tree, pd.DataFrame, tuple[Note, ...]]:
    notes: list[Note] = []
    visits, orders, revenue, spend = (_of(sums, name) for name in ("visits", "orders", "revenue", "cost"))
    given = {"margin": _margin(settings, notes), **_zero({"fixed": "Fixed costs"}, known, notes)}
    first, later = _of(sums, "first_orders"), _of(sums, "later_orders")
    if not first.notna().any():
        notes.append(Note("drivers", "Customers are not known, so first and repeat orders are one number."))
        table = pd.DataFrame({"visits": visits, "cr": _ratio(orders, visits), "aov": _ratio(revenue, orders), "spend": spend, **given})
        return plain_shop(), table, tuple(notes)
    base, repeat = first.cumsum().shift(1), _of(sums, "buyers") - first
    again = _of(sums, "later_revenue")
    table = pd.DataFrame(
        {
            "visits_new": visits,
            "cr_new": _ratio(orders - later, visits),
            "aov_new": _ratio(revenue - again, orders - later),
            "base": base,
            "active": _ratio(repeat, base),
            "frequency": _ratio(later, repeat),
            "aov_repeat": _ratio(again, later),
            "spend": spend,
            **given,
        }
    )
    since = sums.index[int(first.notna().argmax())].date()
    notes.append(Note("drivers", "Customers are known since {day}: who bought before counts as new.", {"day": since}))
    return shop(), table.iloc[1:], tuple(notes)


def plain_shop() -> Tree:
    """A shop that does not know its customers."""
    by = {driver.key: driver for driver in shop().drivers}
    return Tree(
        "shop",
        (
            replace(by["visits_new"], key="visits", name="Visits"),
            replace(by["cr_new"], key="cr", name="Order conversion rate"),
            replace(by["aov_new"], key="aov", name="Average order"),
            by["margin"],
            by["spend"],
            by["fixed"],
        ),
        (
            Product("orders", "Orders", "count", (("visits", 1), ("cr", 1))),
            Product("margin_all", "Margin of orders", "money", (("orders", 1), ("aov", 1), ("margin", 1))),
            Sum("profit", "Profit", "money", (("margin_all", 1), ("spend", -1), ("fixed", -1))),
        ),
    )


# ------------------------------------------------------------------------------------------------------------------ leads


def _leads(sums: pd.DataFrame, settings: Settings, known: Mapping[str, float]) -> tuple[Tree, pd.DataFrame, tuple[Note, ...]]:
    notes: list[Note] = []
    spend, clicks, paid = (_of(sums, name) for name in ("cost", "clicks", "paid_reaches"))
    paid = paid if paid.notna().any() else _of(sums, "reaches")
    table = pd.DataFrame({"spend": spend, "cpc": _ratio(spend, clicks), "cr_lead": _ratio(paid, clicks)})
    win = _ratio(_of(sums, "paid_orders"), _of(sums, "asked_orders"))
    deal = _ratio(_of(sums, "revenue"), _of(sums, "orders"))
    if not (win.notna().any() or "win" in known) or not (deal.notna().any() or "deal" in known):
        notes.append(Note("drivers", "What becomes of a lead is not known: load the CRM's deals, and the tree goes on to profit."))
        return plain_leads(), table, tuple(notes)
    given = {"margin": _margin(settings, notes), **_zero({"fee": "Agency fee"}, known, notes)}
    table = table.assign(win=win, deal=deal, **given)
    return (leads() if "qualified" in known else _without_qualified()), table, tuple(notes)


def plain_leads() -> Tree:
    """Paid leads, where nobody knows what becomes of them."""
    by = {driver.key: driver for driver in leads().drivers}
    nodes = (
        Product("clicks", "Paid visits", "count", (("spend", 1), ("cpc", -1))),
        Product("leads", "Leads", "count", (("clicks", 1), ("cr_lead", 1))),
    )
    return Tree("leads", (by["spend"], by["cpc"], by["cr_lead"]), nodes)


def _without_qualified() -> Tree:
    """The lead tree of a CRM that does not say who is qualified: won is a share of all leads."""
    whole = leads()
    drivers = tuple(replace(one, name="Win rate") if one.key == "win" else one for one in whole.drivers if one.key != "qualified")
    nodes = tuple(
        Product("deals", "Deals", "count", (("leads", 1), ("win", 1))) if node.key == "deals" else node
        for node in whole.nodes
        if node.key != "qualified_leads"
    )
    return Tree("leads", drivers, nodes, whole.lag)


# ----------------------------------------------------------------------------------------------------------- subscription


def _subscription(sums: pd.DataFrame, settings: Settings, known: Mapping[str, float]) -> tuple[Tree, pd.DataFrame, tuple[Note, ...]]:
    revenue, again, first = (_of(sums, name) for name in ("revenue", "later_revenue", "first_orders"))
    before = revenue.shift(1)
    table = pd.DataFrame({"mrr": before, "nrr": _ratio(again, before), "arpa": _ratio(revenue - again, first)})
    note = Note("drivers", "MRR is the revenue of the month before: tariffs are not known.")
    if "trials" in known and "cr_paid" in known:
        return subscription(), table.iloc[1:], (note,)
    table["visits"], table["cr_new"] = _of(sums, "visits"), _ratio(first, _of(sums, "visits"))
    return plain_subscription(), table.iloc[1:], (note,)


def plain_subscription() -> Tree:
    """Recurring revenue where trials are not told apart: visits become customers."""
    by = {driver.key: driver for driver in subscription().drivers}
    new = shop().drivers
    return Tree(
        "subscription",
        (
            by["mrr"],
            by["nrr"],
            replace(new[0], key="visits", name="Visits"),
            Driver("cr_new", "Conversion of a visit into a new customer", "share", new[1].owner, by["cr_paid"].levers, LEVER),
            by["arpa"],
        ),
        (
            Product("kept", "Kept revenue", "money", (("mrr", 1), ("nrr", 1))),
            Product("won", "Newly won revenue", "money", (("visits", 1), ("cr_new", 1), ("arpa", 1))),
            Sum("mrr_next", "MRR of the month", "money", (("kept", 1), ("won", 1))),
        ),
    )
