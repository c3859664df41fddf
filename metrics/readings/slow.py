"""Ratios of single channels that have gone their own way for two months: too few events a week to be seen week by week, plain over eight.

The last eight weeks are set against the half year before, after what all other channels did in the same time is taken off: a season that
moves every channel alike moves none of them against the others.

Source: ratio of two rates on the log scale, quasi-Poisson (McCullagh & Nelder 1989), difference in differences.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from metrics.pace import noise
from metrics.readings.history import ALL, History
from metrics.rows import Metric
from metrics.stats import TYPICAL_SPREAD

LAST, BEFORE = 56, 182
ENOUGH = 5.0
"""Events that either period must have."""


@dataclass(frozen=True)
class Slow:
    """One ratio of one channel: what it is over eight weeks, and what it would be had it gone with the others.

    Unit: `exposure` is the sum that the ratio is of (visits, conversions, revenue), over the eight weeks.
    """

    metric: Metric
    channel: str
    value: float
    expected: float
    z: float
    exposure: float


def slow(past: History, metrics: list[Metric], until: date) -> list[Slow]:
    """Every ratio of every channel that holds enough events in both periods."""
    sums = _Sums(past, until)
    return [
        found
        for metric in metrics
        if metric.divisor is not None
        for channel in past.channels
        if (found := _judged(past, metric, channel, sums))
    ]


def _judged(past: History, metric: Metric, channel: str, sums: _Sums) -> Slow | None:
    if len(metric.measures) != 2 or metric.divisor is None:
        return None
    over, under = metric.measures
    # NB: what others pay says nothing about the season; what their visits bring does.
    cost = over == "cost"
    brought, of = (under, "visits") if cost else (over, under)
    own = [sums.of(key, channel) for key in (over, under)]
    events = sums.of(_events(over, under), channel)
    rest = [sums.others(key, channel) for key in (brought, of)]
    crowd = sums.others(_events(over, under), channel)
    if not min(*own[0], *own[1], *rest[0], *rest[1], *crowd) > 0 or min(events) < ENOUGH:
        return None
    then, now = (own[0][side] / own[1][side] for side in (0, 1))
    drift = (rest[0][1] / rest[1][1]) / (rest[0][0] / rest[1][0])
    expected = then / drift if cost else then * drift
    wide = max(1.0, noise(past.of(_events(over, under), channel))) * (1 + TYPICAL_SPREAD**2 if "revenue" in (over, under) else 1.0)
    error = math.sqrt(sum(wide / count for count in (*events, *crowd)))
    return Slow(metric, channel, now, expected, math.log(now / expected) / error, own[1][1])


def _events(over: str, under: str) -> str:
    """The measure whose events carry the noise of the ratio."""
    if "revenue" in (over, under):
        return "orders"
    return over if over != "cost" else under


class _Sums:
    """Sums of the half year before and of the last eight weeks, each series added up once."""

    def __init__(self, past: History, until: date) -> None:
        end = pd.Timestamp(until)
        self.past, self.cut, self.end = past, end - pd.Timedelta(days=LAST), end
        self.first = self.cut - pd.Timedelta(days=BEFORE)
        self._known: dict[tuple[str, str], tuple[float, float]] = {}

    def of(self, measure: str, channel: str) -> tuple[float, float]:
        """Both sums; nan where a tenth of the days or more are not loaded."""
        if (measure, channel) not in self._known:
            series = self.past.of(measure, channel)
            self._known[measure, channel] = (
                _whole(series, self.first, self.cut, BEFORE), _whole(series, self.cut, self.end, LAST),
            )
        return self._known[measure, channel]

    def others(self, measure: str, channel: str) -> tuple[float, float]:
        """The same of all other channels together."""
        (then, now), (own_then, own_now) = self.of(measure, ALL), self.of(measure, channel)
        return then - own_then, now - own_now


def _whole(series: pd.Series[float], first: pd.Timestamp, last: pd.Timestamp, days: int) -> float:
    """The sum of the days after `first` up to `last`."""
    part = series[(series.index > first) & (series.index <= last)]
    return float(part.sum()) if part.notna().sum() > 0.9 * days else float(np.nan)
