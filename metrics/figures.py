"""From sums to figures: the one place where a division happens, and where a change is measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics import dimensions
from metrics.frames import Array, Sums, by_bucket
from metrics.periods import Window
from metrics.plan import Plan
from metrics.registry import METRICS
from metrics.rows import Metric


@dataclass(frozen=True)
class Whole:
    """What shares and indexes are measured against: the total's sums, and those of all rows, also of the ones that will not be shown."""

    total: Sums
    rows: Sums


def figure(plan: Plan, metric: Metric, asked: Window, sums: Sums, whole: Whole) -> Array:
    """The metric on every row of `sums` over the asked window. NaN where it is undefined or missing."""
    window, factors = plan.windows[metric.key, asked], plan.scope.settings.factors()
    over: Array = metric.formula.value(lambda key: sums.of(key, window), factors)
    if metric.price:
        over = np.where(over == 0, np.nan, over)
    if sums is not whole.total and not metric.divisor and _repeated(plan, metric):
        return np.full(len(sums.keys), np.nan)
    if metric.relative == "share":
        return divided(over, metric.formula.value(lambda key: whole.total.of(key, window), factors))
    if not metric.divisor:
        return over
    ratio = divided(over, metric.divisor.value(lambda key: sums.of(key, window), factors))
    return divided(ratio, _average(plan, metric, window, whole)) if metric.relative == "index" else ratio


def of_total(plan: Plan, metric: Metric, asked: Window, total: Sums) -> Array:
    """The metric of a total, which is all of everything and exactly average."""
    return figure(plan, metric, asked, total, Whole(total, total))


def _repeated(plan: Plan, metric: Metric) -> bool:
    """Whether the rows hold the same number again and again, because the measure is not recorded by the goal."""
    return any(plan.rows.picks[key].feed.lacks for key in metric.measures if key in plan.rows.picks)


def _average(plan: Plan, metric: Metric, window: Window, whole: Whole) -> Array:
    """The ratio over all rows that have something to divide by."""
    factors, divisor = plan.scope.settings.factors(), metric.divisor
    if divisor is None:
        return np.full(1, np.nan)
    under = divisor.value(lambda key: whole.rows.of(key, window), factors)
    over = metric.formula.value(lambda key: whole.rows.of(key, window), factors)
    paid = under > 0
    return divided(np.full(1, over[paid].sum()), np.full(1, under[paid].sum()))


def divided(over: Array, under: Array) -> Array:
    """Division that is undefined (NaN), never infinite, where there is nothing to divide by."""
    safe = np.where(under == 0, np.nan, under)
    return np.asarray(over / safe, dtype="float64")


def change(plan: Plan, metric: Metric, now: Array, before: Array, sums: Sums) -> Array:
    """How much a metric changed: points for shares, a relative change for everything else. NaN for growth from nothing.

    A sum is compared only where both periods are loaded whole: otherwise its fall would be a gap in the data.
    """
    if plan.scope.before is None:
        return np.full(len(now), np.nan)
    moved = now - before if metric.unit == "share" else np.where(before > 0, divided(now, before) - 1, np.nan)
    if metric.divisor or metric.relative:
        return np.asarray(moved)
    whole = complete(plan, metric, plan.scope.now, sums) & complete(plan, metric, plan.scope.before, sums)
    return np.where(whole, moved, np.nan)


def complete(plan: Plan, metric: Metric, window: Window, sums: Sums) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether all days of each row's period are loaded."""
    level = plan.rows if len(sums.keys.columns) else plan.total
    time = dimensions.of_kind(level.by, "time")
    found = np.ones(len(sums.keys), dtype=bool)
    for key in metric.measures:
        if key not in level.picks:
            return np.zeros(len(sums.keys), dtype=bool)
        full, asked = level.cover(key, window).full, plan.scope.asked(window)
        if not time:
            found &= asked <= full
        else:
            loaded = full | (window.days() - asked)
            found &= by_bucket(window, time, loaded, sums.keys, every=True)
    return found


def additive(key: str, by: tuple[str, ...], adds: str) -> bool:
    """Whether groups of a measure may be added up under these breakdowns."""
    return adds == "all" or (adds.startswith("not ") and adds.removeprefix("not ") not in by)


def metrics_of(plan: Plan) -> tuple[Metric, ...]:
    return tuple(METRICS[key] for key in plan.scope.query.metrics)
