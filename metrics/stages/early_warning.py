"""Signs that come before a decline, each with its direction and on how much it rests.

A slide of a few percent a month cannot be proved by sales alone in under half a year, so the indicators that move first stand beside the
probability of decline. They are shown, never mixed into it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binomtest, kendalltau, theilslopes

from data.batches import Note
from metrics.stages.seasonality import logs, profile

MONTHS, LEAST_MONTHS = 12, 8
LEVEL = 0.10  # of the tests, two-sided

WARNS, QUIET, UNKNOWN = "warns", "quiet", "unknown"


@dataclass(frozen=True)
class Leading:
    """Monthly series that may be known of a product. Shape: each indexed by month (PeriodIndex M), newest last, complete months.

    Unit: buyers, units and brand demand are counts, `cac` and `revenue` money, `promo_share`, `category_share` and `alive` (mean chance
    that a buyer is still one) shares, `order_gap` days between orders.
    """

    new_buyers: pd.Series | None = None
    buyers: pd.Series | None = None
    cac: pd.Series | None = None
    brand_demand: pd.Series | None = None
    revenue: pd.Series | None = None
    units: pd.Series | None = None
    promo_share: pd.Series | None = None
    order_gap: pd.Series | None = None
    alive: pd.Series | None = None
    category_share: pd.Series | None = None


class Move(NamedTuple):
    """Where a series went. `direction` -1, 0 (within noise) or +1; `change` relative over the months; `n` months or events it rests on."""

    direction: int
    change: float
    n: int


@dataclass(frozen=True)
class Signal:
    """One sign of decline. `state` is warns, quiet or unknown; `moves` by indicator name; `note` says it in words."""

    key: str
    state: str
    moves: dict[str, Move]
    note: Note


def early_warnings(leading: Leading) -> tuple[Signal, ...]:
    """The five signs in fixed order; a sign whose series are missing or too short is `unknown` and says what it needs."""
    return tuple(sign(leading) for sign in (_newcomers, _brand, _price_only, _rarer, _category))


def moved(series: pd.Series) -> Move | None:
    """Direction over the last twelve months by rank correlation with time, free of season from two years on; None under eight months.

    Source: Mann 1945, Kendall 1975; change by the median slope of Theil 1950, Sen 1968.
    """
    known = series.dropna()
    if len(known) < LEAST_MONTHS or (known <= 0).any():
        return None
    months = pd.PeriodIndex(known.index).month.to_numpy().astype(np.intp) - 1
    x = logs(known.to_numpy(float))
    x = (x - profile(x, months)[months])[-MONTHS:]
    if np.ptp(x) < 1e-12:
        return Move(0, 0.0, len(x))
    chance = float(kendalltau(np.arange(len(x)), x).pvalue)
    slope = float(theilslopes(x).slope)
    return Move(int(np.sign(slope)) if chance < LEVEL else 0, float(np.expm1(slope * (len(x) - 1))), len(x))


def against_last_year(counts: pd.Series, months: int = 3) -> Move | None:
    """The last months against the same months a year before, as two Poisson counts; None without both.

    Source: Przyborowski & Wilenski 1940 (conditional binomial test).
    """
    known = counts.dropna()
    now = known.iloc[-months:]
    before = known.reindex(pd.PeriodIndex(now.index) - 12)
    if len(now) < months or bool(before.isna().any()) or float(before.sum()) <= 0:
        return None
    new, old = round(float(now.sum())), round(float(before.sum()))
    sure = binomtest(new, new + old, 0.5).pvalue < LEVEL
    return Move(int(np.sign(new - old)) if sure else 0, new / old - 1 if old else float("nan"), new + old)


def _signal(key: str, moves: dict[str, Move], warns: bool, words: tuple[str, str]) -> Signal:
    facts: dict[str, float] = {name: float(round(100 * move.change)) for name, move in moves.items()}
    facts["n"] = float(min(move.n for move in moves.values()))
    return Signal(key, WARNS if warns else QUIET, moves, Note("warning", words[0] if warns else words[1], facts))


def _unknown(key: str, needs: str) -> Signal:
    return Signal(key, UNKNOWN, {}, Note("warning", needs, {"least": LEAST_MONTHS}))


def _newcomers(leading: Leading) -> Signal:
    share = _of(leading.new_buyers, lambda new: moved(new / leading.buyers) if leading.buyers is not None else None)
    cost = _of(leading.cac, moved)
    if share is None or cost is None:
        return _unknown("newcomers", "New buyers and their cost: {least} months of both are needed")
    return _signal(
        "newcomers",
        {"share": share, "cac": cost},
        share.direction < 0 < cost.direction,
        (
            "The share of new buyers falls ({share}%) while a new buyer costs more ({cac}%), months: {n}",
            "New buyers: share {share}%, cost {cac}% over {n} months, not both against us",
        ),
    )


def _brand(leading: Leading) -> Signal:
    move = _of(leading.brand_demand, against_last_year)
    if move is None:
        return _unknown("brand_demand", "Demand for the brand: the last three months and the same months a year ago are needed")
    less = "Demand for the brand is below that of a year ago: {brand}% ({n} events)"
    words = less, "Demand for the brand against a year ago: {brand}% ({n} events)"
    return _signal("brand_demand", {"brand": move}, move.direction < 0, words)


def _price_only(leading: Leading) -> Signal:
    revenue, units = _of(leading.revenue, moved), _of(leading.units, moved)
    if revenue is None or units is None:
        return _unknown("price_only", "Growth from price alone: {least} months of revenue and units are needed")
    promo = _of(leading.promo_share, moved)
    dearer, discounted = revenue.direction > 0 >= units.direction, promo is not None and units.direction >= 0 and promo.direction > 0
    moves = {"revenue": revenue, "units": units} | ({"promo": promo} if promo else {})
    rising = "Units hold only with more discounts: units {units}%, share of discounted sales {promo}%, months: {n}"
    grows = "Revenue grows by price alone: revenue {revenue}%, units {units}%, months: {n}"
    words = (grows if dearer else rising, "Revenue {revenue}% and units {units}% over {n} months: not price alone")
    return _signal("price_only", moves, dearer or discounted, words)


def _rarer(leading: Leading) -> Signal:
    gap, alive = _of(leading.order_gap, moved), _of(leading.alive, moved)
    if gap is not None:
        words = (
            "Buyers come back later: the days between orders grew by {gap}% over {n} months",
            "Days between orders: {gap}% over {n} months",
        )
        return _signal("rarer", {"gap": gap}, gap.direction > 0, words)
    if alive is not None:
        words = "Fewer buyers are still with us: {alive}% over {n} months", "Buyers still with us: {alive}% over {n} months"
        return _signal("rarer", {"alive": alive}, alive.direction < 0, words)
    return _unknown("rarer", "Time between orders: {least} months are needed")


def _category(leading: Leading) -> Signal:
    share = _of(leading.category_share, moved)
    if share is None:
        return _unknown("category_share", "Share of the category's searches: {least} months are needed")
    words = (
        "The share of the category's searches falls: {share}% over {n} months",
        "Share of the category's searches: {share}% over {n} months",
    )
    return _signal("category_share", {"share": share}, share.direction < 0, words)


def _of(series: pd.Series | None, read: Callable[[pd.Series], Move | None]) -> Move | None:
    return None if series is None else read(series)
