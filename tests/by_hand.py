"""Answers a question by adding up plain facts, the slow and obvious way: what `ask` has to agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from metrics import METRICS, Query, Settings
from metrics.channels import named
from metrics.periods import Window, before, bucket
from tests.random_store import Store

TIME = ("day", "week", "month", "fiscal_month", "quarter", "year", "weekday")
LOST = ("cancelled", "spam")
Rows = pd.DataFrame
Amount = Callable[[Rows], float]


def _sum(column: str) -> Amount:
    return lambda rows: math.fsum(rows[column].astype(float))


def _kept(rows: Rows) -> Rows:
    return rows[~rows["status"].isin(LOST)]


def _net(rows: Rows) -> float:
    return math.fsum(rows["revenue"]) - math.fsum(rows["refund"].fillna(0.0))


def _in(status: str, column: str = "orders") -> Amount:
    return lambda rows: math.nan if (rows["status"] == "").any() else math.fsum(rows.loc[rows["status"] == status, column].astype(float))


def _not_spam(rows: Rows) -> Rows:
    return rows[rows["status"] != "spam"]


def _first(rows: Rows) -> Rows:
    return rows[rows["nth"] == 0]


def _waited(rows: Rows) -> float:
    """Aalen and Johansen, deal by deal: the first day by which half of all that will be won has been won."""
    deals = []
    for row in rows[~rows["status"].isin(["spam", ""])].to_dict("records"):
        began = row["own_day"] if row["lead_day"] is None else row["lead_day"]
        over = row["status"] in ("paid", "cancelled")
        deals.append((max(0, ((row["closed_day"] if over else row["last_known"]) - began).days), over, row["status"] == "paid"))
    still, come = 1.0, dict[int, float]()
    for age in sorted({age for age, _, _ in deals}):
        left = sum(one >= age for one, _, _ in deals)
        come[age] = still * sum(one == age and won for one, _, won in deals) / left
        still *= 1 - sum(one == age and over for one, over, _ in deals) / left
    if still > 0.2 + 1e-9 or not sum(come.values()) > 0:
        return math.nan
    return float(next(age for age in come if sum(come[one] for one in come if one <= age) >= sum(come.values()) / 2 - 1e-9))


def _claimed(rows: Rows) -> float:
    return math.fsum(rows["claimed"]) if rows["system"].nunique() < 2 else math.nan


MEASURED: Mapping[str, tuple[str, Amount]] = {
    **{name: ("visits", _sum(name)) for name in ("visits", "new_visits", "bounces", "engaged", "page_views", "seconds")},
    "users": ("visits", lambda rows: float(len(set(rows["visitor"]) - {0}))),
    "unknown_visits": ("visits", lambda rows: float(rows["channel"].isin(named("agency", "unknown")).sum())),
    "reaches": ("conversions", _sum("reaches")),
    "paid_reaches": ("conversions", lambda rows: float(rows["channel"].isin(named("agency", "paid")).sum())),
    "goal_visits": ("conversions", lambda rows: float(len(set(rows["visit"])))),
    "cart_visits": ("carts", lambda rows: float(len(set(rows["visit"])))),
    "orders": ("orders", lambda rows: float(len(_kept(rows)))),
    "all_orders": ("orders", lambda rows: float(len(rows))),
    "asked_orders": ("orders", lambda rows: float(len(_not_spam(rows)))),
    **{f"{status}_orders": ("orders", _in(status)) for status in ("paid", "open", "cancelled", "spam")},
    "open_revenue": ("orders", _in("open", "revenue")),
    "first_orders": ("orders", lambda rows: float(len(_first(rows)))),
    "paid_first_orders": ("orders", lambda rows: float(_first(rows)["channel"].isin(named("agency", "paid")).sum())),
    "later_orders": ("orders", lambda rows: float((_kept(rows)["nth"] > 0).sum())),
    "revenue": ("orders", lambda rows: _net(_kept(rows))),
    "later_revenue": ("orders", lambda rows: _net(_kept(rows).loc[lambda kept: kept["nth"] > 0])),
    "refunds": ("orders", lambda rows: math.fsum(_kept(rows)["refund"].fillna(0.0))),
    "gross_revenue": ("orders", lambda rows: math.fsum(_not_spam(rows)["revenue"])),
    "commission": ("orders", lambda rows: math.fsum(_kept(rows)["commission"])),
    "median_order": ("orders", lambda rows: float(_kept(rows)["revenue"].median())),
    "qualified_orders": ("orders", lambda rows: float(_not_spam(rows)["qualified"].sum())),
    "answer_seconds": ("orders", lambda rows: float(_not_spam(rows)["answer_seconds"].astype(float).median())),
    "cycle_days": ("orders", _waited),
    "goods_cost": ("orders", lambda rows: math.fsum(_kept(rows)["goods_cost"])),
    "buyers": ("orders", lambda rows: float(_kept(rows)["customer"].nunique())),
    "repeat_buyers": ("orders", lambda rows: float((_kept(rows)["customer"].value_counts() >= 2).sum())),
    **{name: ("spend", _sum(name)) for name in ("cost", "media", "levy", "fee", "impressions", "clicks")},
    "claimed": ("spend", _claimed),
}
"""measure -> its table, and its value over rows of it."""


class ByHand:
    """Answers one query from the plain frames of a store."""

    def __init__(self, store: Store, query: Query, kept: Settings) -> None:
        self.store, self.query, self.kept = store, query, kept
        now = Window(query.since, query.until, fiscal=kept.fiscal)
        self.windows = [now, *([shifted] if (shifted := before(now, query.compare)) else [])]
        self._known: dict[Any, Any] = {}

    @property
    def loaded(self) -> dict[str, frozenset[date]]:
        """The loaded days of every table; carts are reaches of their own goals."""
        return {**self.store.loaded, "carts": self.store.loaded["conversions"]}

    @cached_property
    def facts(self) -> dict[str, Rows]:
        """The facts as the question wants them: spend by the client's terms, orders numbered and, in the cohort view, dated anew."""
        facts = {name: frame.copy() for name, frame in self.store.facts.items()}
        orders = facts["orders"]
        moments = [day for name in ("day", "closed_day", "lead_day") for day in orders[name] if day is not None]
        facts["orders"] = self._numbered(orders.assign(last_known=max(moments)))
        reaches = facts["conversions"]
        facts["carts"] = reaches[reaches["goal"].isin(self.kept.cart_goals)].drop(columns=["goal"])
        spend = facts["spend"]
        terms = [self.kept.basis.on(day) for day in spend["day"]]
        net = spend["cost"].to_numpy()
        general = np.array([0.22 if day >= date(2026, 1, 1) else 0.20 for day in spend["day"]])
        gross = np.array([one.gross for one in terms], dtype=float)
        vat = np.where(spend["vat_rate"].isna(), general, spend["vat_rate"].fillna(0.0)) * gross
        levy, fee = (np.array([float(getattr(one, name)) for one in terms]) for name in ("levy", "fee"))
        counted = sum(np.array([name in one.counts for one in terms]) * part for name, part in (("levy", levy), ("fee", fee)))
        facts["spend"] = spend.assign(
            cost=net * (1 + counted) * (1 + vat), media=net * (1 + vat), levy=net * levy * (1 + vat), fee=net * fee * (1 + vat),
            system=np.where(spend["ad_system"] != "", spend["ad_system"], spend["source"]),
        )
        with_vat = np.array([self.kept.basis.on(day).gross for day in facts["orders"]["own_day"]], dtype=float)
        facts["orders"]["goods_cost"] *= 1 + 0.22 * with_vat
        return facts

    def _numbered(self, orders: Rows) -> Rows:
        lost = orders["status"].isin(LOST)
        ordered = orders.assign(own_day=orders["day"], lost=lost).sort_values(["lost", "day", "order_id"], kind="stable")
        ordered["nth"] = ordered.groupby("customer").cumcount()
        ordered.loc[ordered["lost"] & (ordered["nth"] == 0), "nth"] = -2
        if self.query.view != "cohort":
            return ordered
        firsts = ordered.groupby("customer").first()
        moved = ("day", "channel", "google", "source", "medium", "ad_system", "campaign", "engine", "referrer", "traffic_source")
        dated = ordered.assign(**{name: ordered["customer"].map(firsts[name]) for name in moved})
        late = [(own - day).days > (self.query.within or 10_000) for own, day in zip(dated["own_day"], dated["day"], strict=True)]
        return dated[~np.array(late, dtype=bool)]

    def days(self, window: Window) -> frozenset[date]:
        """The days that filters on time leave."""
        days = [date.fromordinal(day) for day in window.days()]
        wanted = [(name, values) for name, values in self.query.only if name in TIME]
        return frozenset(d for d in days if all(str(self.bucket(name, d, window)) in values for name, values in wanted))

    def bucket(self, name: str, day: date, window: Window) -> date | int:
        return bucket(name, day, window.shift, window.fiscal)

    def _has(self, table: str) -> bool:
        """Whether the table has every breakdown and filter asked for."""
        return all(name in TIME or name in self.facts[table] for name in (*self.query.by, *(name for name, _ in self.query.only)))

    def _filtered(self, table: str) -> bool:
        return all(name in TIME or name in self.facts[table] for name, _ in self.query.only)

    def groups(self, table: str, window: Window, days: frozenset[date], by: tuple[str, ...]) -> dict[tuple[Any, ...], Rows]:
        """The rows of a table on some days by their keys, filters applied."""
        known = (table, window, days, by)
        if known not in self._known:
            rows = self.facts[table]
            for name, values in self.query.only:
                if name not in TIME:
                    rows = rows[rows[name].isin(values)]
            if self.query.goals and "goal" in rows:
                rows = rows[rows["goal"].isin(self.query.goals)]
            rows = rows[rows["day"].isin(days)]
            keys = [rows["day"].map(lambda d, name=name: self.bucket(name, d, window)) if name in TIME else rows[name] for name in by]
            self._known[known] = {(): rows} if not by else dict(iter(rows.groupby(keys))) if len(rows) else {}
        return dict(self._known[known])

    def value(self, measure: str, window: Window, key: Mapping[str, Any], days: frozenset[date]) -> float:
        """NaN where nothing of the bucket is loaded, the breakdown is not recorded, or a paid channel never had spend."""
        known = (measure, window, tuple(key.items()), days)
        if known not in self._known:
            self._known[known] = self._value(measure, window, key, days)
        return float(self._known[known])

    def _value(self, measure: str, window: Window, key: Mapping[str, Any], days: frozenset[date]) -> float:
        table, amount = MEASURED[measure]
        if not (self._has(table) if key else self._filtered(table)):
            return math.nan
        if not self._inside(window, key, days) & self.loaded[table]:
            return math.nan
        found = self.groups(table, window, days, tuple(key)).get(tuple(key.values()))
        value = amount(self.facts[table].iloc[:0] if found is None else found)
        return math.nan if table == "spend" and value == 0 and self._unpaid(key) else value

    def _inside(self, window: Window, key: Mapping[str, Any], days: frozenset[date]) -> frozenset[date]:
        """Those of the days that lie in the row's buckets of time."""
        time = tuple((name, value) for name, value in key.items() if name in TIME)
        known = (window, time, days)
        if known not in self._known:
            self._known[known] = frozenset(d for d in days if all(self.bucket(name, d, window) == value for name, value in time))
        return frozenset(self._known[known])

    def _unpaid(self, key: Mapping[str, Any]) -> bool:
        """Whether the row, or the whole question, is about paid channels of which there is no spend at all."""
        wanted = [value for name, values in self.query.only if name == "channel" for value in values]
        mine = [key["channel"]] if "channel" in key else wanted
        return bool(set(mine) & set(named("agency", "paid")) - set(self.facts["spend"]["channel"]))

    def common(self, metric: str, window: Window) -> frozenset[date]:
        """The days on which every table that the metric needs is loaded."""
        days = self.days(window)
        tables = {MEASURED[measure][0] for measure in METRICS[metric].measures}
        loaded = {self.loaded[table] & days for table in tables if self._filtered(table)}
        each = [one for one in loaded if one]
        return frozenset.intersection(*each) if len(each) > 1 else days

    def metric(self, metric: str, window: Window, key: Mapping[str, Any]) -> float:
        """The metric of one group: sums over the common days, then one division."""
        row, days = METRICS[metric], self.common(metric, window)
        factors = self.kept.factors()

        def of(formula: Any, where: Mapping[str, Any]) -> float:
            return float(formula.value(lambda measure: self.value(measure, window, where, days), factors))

        over = of(row.formula, key)
        if row.price and over == 0:
            return math.nan
        if row.relative == "share":
            return _divided(over, of(row.formula, {}))
        if row.divisor is None:
            return over
        ratio = _divided(over, of(row.divisor, key))
        return _divided(ratio, self._average(metric, window)) if row.relative == "index" else ratio

    def _average(self, metric: str, window: Window) -> float:
        """The ratio over all rows that have something to divide by."""
        row, days, factors = METRICS[metric], self.common(metric, window), self.kept.factors()
        assert row.divisor is not None
        over = under = 0.0
        for key in self.keys:
            below = row.divisor.value(lambda m, key=key: self.value(m, window, key, days), factors)
            if below > 0:
                over += row.formula.value(lambda m, key=key: self.value(m, window, key, days), factors)
                under += below
        return _divided(over, under)

    keys: tuple[dict[str, Any], ...] = ({},)
    """The keys of all rows; the caller tells them, for indexes."""

    def changed(self, metric: str, key: Mapping[str, Any], now: float, was: float) -> float:
        """Points for shares, else relative; of sums only where both periods are loaded whole."""
        row = METRICS[metric]
        moved = now - was if row.unit == "share" else now / was - 1 if was > 0 else math.nan
        whole = all(self._whole(metric, window, key) for window in self.windows)
        return moved if row.divisor or row.relative or whole else math.nan

    def _whole(self, metric: str, window: Window, key: Mapping[str, Any]) -> bool:
        asked = self._inside(window, key, self.days(window))
        inside = self._inside(window, key, frozenset(map(date.fromordinal, window.days())))
        tables = {MEASURED[measure][0] for measure in METRICS[metric].measures}
        there = all(self._has(table) if key else self._filtered(table) for table in tables)
        return there and bool(inside) and all(asked <= self.loaded[table] for table in tables)


def _divided(over: float, under: float) -> float:
    return math.nan if under == 0 or math.isnan(under) else over / under

