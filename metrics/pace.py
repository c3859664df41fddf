"""Where the month will end: expected to date by the client's own days, the end with an 80 % band, the chance to keep the plan.

Daily series go in (NaN where a day is not loaded: such days are forecast, never taken for zero); small frozen results come out. Where
the history is too short the result has a note and no figures of the future.

Method: end = fact + level x weights of the days to come (`metrics.expecting.shape`); the level is the last n days over their weights, n 28
or more where chance is large beside the drift (`Daily.window`). The variance of the rest m over h days is phi m (chance), phi m h / n (the
level is an estimate) and level^2 d^2 (h^3 + n h^2) / 3 (the level drifts by d a day, ahead of us and inside the n days), with phi the
dispersion of days within weeks; holidays to come add what they may differ by. The whole is widened by what the same forecast missed on the
client's own past days (`Daily.surprise`). A series that is off has no level, and its end is not projected; one that was off on the same
days of earlier years may be so again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note
from metrics.expecting.bunching import DAYS, bunching
from metrics.expecting.series import Daily, wandering
from metrics.expecting.shape import LEVEL_DAYS, NEEDED
from metrics.stats import Interval

Floats = NDArray[np.float64]

BAND = 0.80
SAFE, AT_RISK = 0.80, 0.20
"""Chance of keeping the plan from which it is called safe, and up to which at risk."""
RATE_DAYS = 7
"""Days that give the rate at which a budget is spent: bids change faster than demand."""
FRESH = 14
"""Usual days among the last four weeks under which nobody knows the level."""
KNOWN, UNSURE = 0.01, 0.001
"""Variance of a level, as a share squared: up to which it is known, and beyond that, how much makes the month's own days half as good a
witness as they can be.
"""
_METHOD, _SOURCE = "level times the client's days", "quasi-Poisson with a drifting level (McCullagh & Nelder 1989; Harvey 1989)"


@dataclass(frozen=True)
class Projection:
    """The end of a period. `share` of its shape has passed; `level` is a day of weight 1, `left` the weights of days without data.

    `gaps` are days before the last loaded one that are not loaded. `expected`, `band` and `deviation` are empty where `note` says why.
    """

    since: date
    until: date
    loaded_until: date | None
    fact: float
    share: float
    left: float
    gaps: int
    level: float = math.nan
    expected: float = math.nan
    deviation: float = math.nan
    band: Interval | None = None
    note: Note | None = None

    def chance(self, plan: float, better: str = "up") -> float:
        """Probability that the end is at least the plan (at most, where down is better)."""
        if not self.deviation > 0:
            kept = self.expected <= plan if better == "down" else self.expected >= plan
            return math.nan if math.isnan(self.expected) else float(kept)
        under = NormalDist(self.expected, self.deviation).cdf(plan)
        return under if better == "down" else 1 - under


class Outlook(StrEnum):
    """What is said of a plan. Shown as it stands."""

    SAFE = "plan is safe"
    OPEN = "plan is open"
    AT_RISK = "plan is at risk"
    UNKNOWN = "too few data"


@dataclass(frozen=True)
class Pace:
    """A plan against its projection. `index` above 1 is good whatever the direction; `gap` is fact minus plan to date.

    `required` is what a day of average weight must bring from now on, `running` what it brings now; nan where no days are left.
    """

    plan: float
    projection: Projection
    to_date: float
    index: float
    gap: float
    chance: float
    required: float
    running: float
    outlook: Outlook


@dataclass(frozen=True)
class Budget:
    """Money against time. `runs_out` is the day of the period by whose evening all is spent, in fact or at the rate of the last seven days;
    None: it lasts. `remains` is what the period leaves unspent at that rate, negative when it overspends; `index` is spent over planned
    to date.
    """

    budget: float
    projection: Projection
    to_date: float
    index: float
    runs_out: date | None
    remains: float
    required: float
    running: float


@dataclass(frozen=True)
class RatioPace:
    """A ratio at the end of the period. `required` is the ratio that the days left must have for the plan to be kept exactly."""

    plan: float
    fact: float
    expected: float
    band: Interval | None
    chance: float
    required: float
    outlook: Outlook
    note: Note | None = None


def project(history: pd.Series[float], since: date, until: date) -> Projection:
    """The end of a period out of a daily series that reaches into it, or ends before it.

    Shape: history is indexed by day, at least 21 loaded days; more than a year teaches holidays and the season. Days after
    `until` are not looked at.
    """
    return _project(Daily.of(history, until), since, until)


def pace(projection: Projection, plan: float, better: str = "up") -> Pace:
    """The plan of a sum (leads, revenue; with better="down" refunds) against its projection."""
    to_date, fact = plan * projection.share, projection.fact
    over, under = (to_date, fact) if better == "down" else (fact, to_date)
    chance = projection.chance(plan, better)
    required = _per_day(plan - fact, projection)
    index = over / under if under else math.nan
    return Pace(plan, projection, to_date, index, fact - to_date, chance, required, projection.level, _outlook(chance))


def budget(history: pd.Series[float], amount: float, since: date, until: date) -> Budget:
    """A budget against what is spent. The rate is that of the last seven loaded days, by their weights."""
    series = Daily.of(history, until)
    projection = _project(series, since, until)
    to_date, rest, rate = amount * projection.share, amount - projection.fact, series.rate(RATE_DAYS, paused=True)
    own, weights = series.on(since, until), series.shape.weights(since, until)
    gone = np.flatnonzero(np.cumsum(np.where(np.isfinite(own), own, rate * weights)) >= amount)
    runs_out = since + timedelta(days=int(gone[0])) if len(gone) else None
    index = projection.fact / to_date if to_date else math.nan
    return Budget(amount, projection, to_date, index, runs_out, rest - rate * projection.left, _per_day(rest, projection), rate)


def noise(history: pd.Series[float]) -> float:
    """How many times wider than Poisson a daily series scatters: the `dispersion` that `metrics.stats.judge` takes."""
    known = history.dropna()
    if known.empty:
        return 1.0
    last = pd.Timestamp(known.index[-1])
    days = np.asarray(history.reindex(pd.date_range(end=last, periods=DAYS)), dtype=np.float64)
    return float(bunching(days[:, None], last.date())[0])


def project_ratio(
    over: pd.Series[float],
    under: pd.Series[float],
    since: date,
    until: date,
    plan: float = math.nan,
    better: str = "down",
    *,
    seed: int = 0,
    draws: int = 4000,
) -> RatioPace:
    """CPA, ДРР or conversion at the end of the period: numerator and denominator are simulated together, then divided.

    The rests are log-normal with the mean and variance of `project`, as correlated as the residuals of the last 56 days.
    """
    series = [Daily.of(history, until) for history in (over, under)]
    # NB: both levels over the same days, so that what moved both of them together leaves the ratio alone.
    window = min(one.window for one in series)
    top, bottom = (_project(one, since, until, window) for one in series)
    fact = top.fact / bottom.fact if bottom.fact else math.nan
    if (note := top.note or bottom.note) or not bottom.expected > 0:
        note = note or Note("pace", "Nothing to divide by is expected before the end of the period.")
        return RatioPace(plan, fact, math.nan, None, math.nan, math.nan, Outlook.UNKNOWN, note)
    ends = _simulate(top, bottom, _correlation(*(one.residuals() for one in series)), np.random.default_rng(seed), draws)
    low, middle, high = (float(value) for value in np.quantile(ends, [(1 - BAND) / 2, 0.5, (1 + BAND) / 2]))
    chance = math.nan if math.isnan(plan) else float(np.mean(ends <= plan if better == "down" else ends >= plan))
    rest = bottom.expected - bottom.fact
    required = (plan * bottom.expected - top.fact) / rest if rest > 0 else math.nan
    band = Interval(low, high, BAND, "numerator and denominator simulated together", _SOURCE)
    return RatioPace(plan, fact, middle, band, chance, required, _outlook(chance))


def _simulate(top: Projection, bottom: Projection, bend: float, random: np.random.Generator, draws: int) -> Floats:
    first, second = random.standard_normal((2, draws))
    over, under = _ends(top, first), _ends(bottom, bend * first + math.sqrt(max(0.0, 1 - bend * bend)) * second)
    return over / under


def _ends(projection: Projection, normal: Floats) -> Floats:
    """Simulated ends: the rest is log-normal, so that it never turns negative."""
    rest = projection.expected - projection.fact
    if not (rest > 0 and projection.deviation > 0):
        return np.full(len(normal), projection.fact + max(rest, 0.0))
    width = math.log1p((projection.deviation / rest) ** 2)
    ends: Floats = projection.fact + rest * np.exp(math.sqrt(width) * normal - width / 2)
    return ends


def _correlation(first: pd.Series[float], second: pd.Series[float]) -> float:
    both = pd.concat([first, second], axis=1).dropna()
    if len(both) < NEEDED or not (both.std() > 0).all():
        return 0.0
    return float(np.corrcoef(both.to_numpy().T)[0, 1])


def _outlook(chance: float) -> Outlook:
    if math.isnan(chance):
        return Outlook.UNKNOWN
    return Outlook.SAFE if chance >= SAFE else Outlook.AT_RISK if chance <= AT_RISK else Outlook.OPEN


def _per_day(amount: float, projection: Projection) -> float:
    return max(0.0, amount) / projection.left if projection.left > 0 else math.nan


def _project(series: Daily, since: date, until: date, window: int = 0) -> Projection:
    own, open_weights, shut = series.on(since, until), series.shape.weights(since, until), series.shut(since, until)
    known = np.isfinite(own)
    weights = np.where(known, open_weights, open_weights * (1 - shut))
    passed, left = float(weights[known].sum()), float(weights[~known].sum())
    gaps = int((~known)[: (series.tomorrow(since) - since).days].sum())
    bare = Projection(since, until, series.until, float(own[known].sum()), passed / (passed + left), left, gaps)
    if series.loaded < NEEDED:
        text = "Too short a history to project the end: {days} days are loaded, at least {needed} are needed."
        return replace(bare, note=Note("pace", text, {"days": series.loaded, "needed": NEEDED}))
    if not known.all() and (np.isnan(series.usual[-1]) or series.seen(LEVEL_DAYS) < FRESH):
        return replace(bare, note=_off(series))
    closing = float((open_weights * np.sqrt(shut * (1 - shut)))[~known].sum())
    doubt = math.hypot(series.shape.doubt(since, until, ~known), closing)
    ended = _ended(bare, series, int((~known).sum()), doubt, window or series.window)
    return ended if window else _nearer(ended, series, known, bare.fact)


def _off(series: Daily) -> Note:
    """Why the level of a series that stopped, or has only begun again, is not known."""
    if np.isnan(series.usual[-1]):
        return Note("pace", "Nothing has come for longer than chance explains: it is off, or not recorded, so its end is not projected.")
    text = "It has begun again only {days} days ago; at least {needed} are needed to project the end."
    return Note("pace", text, {"days": series.seen(LEVEL_DAYS), "needed": FRESH})


def _nearer(ended: Projection, series: Daily, known: NDArray[np.bool_], fact: float) -> Projection:
    """A level of few large events is unsure, and so are its weekdays; by the end of a month its own days are the better witness. The level
    moves towards what they bring a day, as far as the month has passed and as chance in the level is beyond KNOWN.
    """
    passed, days = int(known.sum()), len(known)
    if not passed or not ended.left > 0 or not ended.level > 0:
        return ended
    chance = series.scatter[0] / (ended.level * series.seen(series.window))
    doubtful = max(0.0, chance - KNOWN)
    weight = (passed / days) ** 2 * doubtful / (doubtful + UNSURE)
    moved = weight * (fact / passed * (days - passed) - ended.level * ended.left)
    expected = ended.expected + moved
    return replace(ended, level=ended.level + moved / ended.left, expected=expected, band=_band(series, fact, expected, ended.deviation))


def _ended(bare: Projection, series: Daily, days: int, doubt: float, window: int) -> Projection:
    level, (phi, drift), seen = series.rate(window), series.scatter, series.seen(window)
    rest = level * bare.left
    variance = phi * abs(rest) * (1 + days / seen) + level**2 * (drift**2 * wandering(days, seen) + doubt**2)
    deviation, expected = math.sqrt(variance) * series.surprise(days, window), bare.fact + rest
    return replace(bare, level=level, expected=expected, deviation=deviation, band=_band(series, bare.fact, expected, deviation))


def _band(series: Daily, fact: float, expected: float, deviation: float) -> Interval:
    half = NormalDist().inv_cdf((1 + BAND) / 2) * deviation
    low = max(fact, expected - half) if series.never_negative else expected - half
    return Interval(low, expected + half, BAND, _METHOD, _SOURCE)
