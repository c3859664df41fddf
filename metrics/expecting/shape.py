"""How the days of one client differ: weekdays, holidays and the season, learnt from its own history.

A series of days goes in, a `Shape` comes out; it gives any day, past or future, a weight, where an average day of the present weighs
about 1. Days that are not loaded are NaN and are never taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics.expecting import calendar
from metrics.expecting.calendar import Occasion

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

WEEKS = 8
"""Weeks from which weekdays are learnt."""
NEEDED = 21
"""Days of history under which nothing is said."""
LEVEL_DAYS = 28
YEAR = 364
"""Days to the same weekday a year ago."""
AHEAD = 92
"""Days for which a season is learnt; later days are as the last of them."""
HOLIDAY_SPREAD = 0.4
"""How widely a holiday's effect differs between clients and years, as a share."""
SEASON_SPREAD = 0.3
"""How widely a season differs from one four weeks to another, and one year's from another's, as a share."""
_LEAST = 0.02
"""No day weighs less: an office that is closed still gets a visit."""


@dataclass(frozen=True)
class Shape:
    """Factors of a client's days.

    `weekdays`: Monday to Sunday, 1 on average. `occasions`: what a holiday does on top of being a day off, and in how many `years`
    it was seen. `season`: the level of the days after `known_until` against that of the four weeks before, as it was a year ago; empty
    without a year of history.
    """

    weekdays: tuple[float, ...] = (1.0,) * 7
    occasions: Mapping[Occasion, float] = field(default_factory=dict)
    years: Mapping[Occasion, int] = field(default_factory=dict)
    season: tuple[float, ...] = ()
    known_until: date = date.min

    def weights(self, since: date, until: date) -> Floats:
        """Weight of every day of a period. Shape: (days,)."""
        own, kinds = calendar.codes(since, until)
        # NB: the factor of no occasion stands last, where the code -1 finds it.
        factors = np.array([*(self.occasions.get(kind, 1.0) for kind in Occasion), 1.0])
        found: Floats = np.maximum(_LEAST, np.array(self.weekdays)[own] * factors[kinds] * self._seasons(since, len(own)))
        return found

    def doubt(self, since: date, until: date, unknown: NDArray[np.bool_]) -> float:
        """Standard deviation of the weight of the `unknown` days of a period that is due to holidays nobody can be sure of.

        Shape: unknown (days,).
        """
        _, kinds = calendar.codes(since, until)
        weights = np.where(unknown, self.weights(since, until), 0.0)
        sums = np.bincount(kinds + 1, weights, minlength=len(Occasion) + 1)[1:]
        seen = np.array([self.years.get(kind, 0) for kind in Occasion])
        return float(HOLIDAY_SPREAD * np.sqrt((sums**2 / (seen + 1)).sum()))

    def _seasons(self, since: date, count: int) -> Floats:
        if not self.season:
            return np.ones(count)
        place = (since - self.known_until).days - 1 + np.arange(count)
        return np.where(place < 0, 1.0, np.array(self.season)[np.clip(place, 0, len(self.season) - 1)])


def daily(history: pd.Series[float], until: date = date.max) -> tuple[date | None, Floats]:
    """First loaded day and the values of every day from it to the last loaded one, NaN where a day between is not loaded.

    Days after `until` are cut off, so that a past month is read as it was seen then.
    """
    days = pd.DatetimeIndex(history.index).to_numpy().astype("datetime64[D]")
    values = history.to_numpy(dtype=np.float64, na_value=np.nan)
    use = np.isfinite(values) & (days <= np.datetime64(until))
    if not use.any():
        return None, np.empty(0)
    first = days[use].min()
    place = (days[use] - first).astype(np.intp)
    found = np.full(int(place.max()) + 1, np.nan)
    found[place] = values[use]
    return first.item(), found


def learn(since: date, values: Floats) -> Shape:
    """The shape of a client's days as known at the end of a series made by `daily`.

    A weekday is the mean of its last eight weeks over the mean of all, pulled towards 1 as far as chance explains it; holidays are left
    out. An occasion is its days over what was expected without it, pulled towards 1 by n / (n + 1) for n days seen.
    """
    if np.isfinite(values).sum() < NEEDED:
        return Shape()
    until = since + timedelta(days=len(values) - 1)
    own, kinds = calendar.codes(since, until)
    recent = slice(-7 * WEEKS, None)
    plain = Shape(_weekdays(values[recent], own[recent], kinds[recent]))
    weights = plain.weights(since, until)
    occasions = _occasions(values, weights * _level(values, weights, kinds < 0), kinds)
    season = _season(values, Shape(plain.weekdays, occasions).weights(since, until))
    return Shape(plain.weekdays, occasions, _years(since, np.isfinite(values), kinds), season, until)


def _weekdays(values: Floats, own: Codes, kinds: Codes) -> tuple[float, ...]:
    use = np.isfinite(values) & (kinds < 0)
    seen, place = values[use], own[use]
    counts = np.bincount(place, minlength=7)
    if not counts.all() or not seen.sum() > 0:
        return (1.0,) * 7
    means = np.bincount(place, seen, minlength=7) / counts
    factors = means / means.mean()
    inside = ((seen - means[place]) ** 2).sum() / max(1, len(seen) - 7)
    chance = inside / counts.mean() / means.mean() ** 2
    real = max(0.0, float(factors.var(ddof=1)) - chance)
    pull = real / (real + chance) if real + chance > 0 else 0.0
    return tuple(float(factor) for factor in 1 + (factors - 1) * pull)


def _level(values: Floats, weights: Floats, plain: NDArray[np.bool_]) -> Floats:
    """Value of a day of weight 1 around every day, over plain days within four weeks on both sides. Shape: (days,)."""
    known = plain & np.isfinite(values)
    over, under = (_around(np.where(known, part, 0.0), LEVEL_DAYS) for part in (values, weights))
    return _divided(over, under)


def _divided(over: Floats, under: Floats) -> Floats:
    found: Floats = np.divide(over, under, out=np.full(len(over), np.nan), where=under > 0)
    return found


def _around(values: Floats, half: int) -> Floats:
    """Sum of every value with its `half` neighbours on both sides."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    sums: Floats = running[np.minimum(place + half + 1, len(values))] - running[np.maximum(place - half, 0)]
    return sums


def _occasions(values: Floats, expected: Floats, kinds: Codes) -> dict[Occasion, float]:
    known = np.isfinite(values) & (expected > 0) & (kinds >= 0)
    # NB: half a step keeps a holiday on which nothing came from ruling out that anything ever will.
    half = 0.5 * _step(values)
    found = {}
    for place, kind in enumerate(Occasion):
        at = known & (kinds == place)
        if n := int(at.sum()):
            ratio = (values[at].clip(min=0).sum() + half) / (expected[at].sum() + half)
            found[kind] = float(ratio ** (n / (n + 1)))
    return found


def _years(since: date, known: NDArray[np.bool_], kinds: Codes) -> dict[Occasion, int]:
    """In how many calendar years each occasion was seen."""
    days = np.datetime64(since) + np.arange(len(kinds))
    years = days.astype("datetime64[Y]")
    return {kind: len(np.unique(years[known & (kinds == place)])) for place, kind in enumerate(Occasion)}


def _step(values: Floats) -> float:
    """The smallest step of a series: 1 for counts, the least day for money."""
    seen = values[np.isfinite(values) & (values > 0)]
    return float(seen.min()) if len(seen) else 1.0


def _season(values: Floats, weights: Floats) -> tuple[float, ...]:
    """The way the level went after the same day a year ago, halved on the log scale: one year is one example. The more chance there is in
    those levels, the less of it is believed.
    """
    half = LEVEL_DAYS // 2
    middle = len(values) - 1 - YEAR - half
    if middle < half:
        return ()
    known = np.isfinite(values)
    over, under = (_around(np.where(known, part, 0.0), half) for part in (values, weights))
    level = _divided(over, under)
    if not level[middle] > 0:
        return ()
    coming = level[len(values) - YEAR : len(values) - YEAR + AHEAD] / level[middle]
    usable = np.isfinite(coming) & (coming > 0)
    pull = SEASON_SPREAD**2 / (2 * SEASON_SPREAD**2 + 2 * _chance(values, weights) / (2 * half + 1))
    return tuple(float(ratio) for ratio in np.where(usable, coming, 1.0) ** pull)


def _chance(values: Floats, weights: Floats) -> float:
    """Variance of one day around its expected value, over that value squared, in the last year."""
    last, weight = values[-YEAR:], weights[-YEAR:]
    known = np.isfinite(last)
    level = last[known].sum() / weight[known].sum()
    return float(((last[known] - level * weight[known]) ** 2).mean() / level**2) if level > 0 else 0.0
