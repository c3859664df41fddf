"""How sure a number is, and whether a change may be called one.

Sample go in; intervals, verdicts and rankings come out. An interval knows its level, its method and the paper it is from. A verdict is
one of four words, and nothing on any screen is coloured without it: a change has a colour only if the interval of the *difference*
excludes zero.

What is noisy decides the interval (`Kind`): a share of visits, a count, money divided by a count, an average over a count. The
difference of two periods is always built the same way, from the two single intervals (`difference`), so that it has the good
manners of both: Newcombe's interval is exactly this, built on Wilson's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, gammaincinv

from data.batches import Note

LEVEL = 0.95
"""Of the interval of one number."""
CHANGE_LEVEL = 0.90
"""Of the interval of a difference, on which verdicts rest."""
ENOUGH = 5
"""Events that either period must have before a change is judged at all."""
TYPICAL_SPREAD = 1.1
"""Standard deviation over mean of order values, where orders cannot be seen one by one."""

_DIFFERENCES = {"Wilson score": ("Newcombe hybrid score", "Newcombe 1998"), "counted in full": ("counted in full", "")}
_ASSUMED = {
    "log-delta, average amount": "log-delta, average amount, typical spread assumed",
    "log-delta, random number of amounts": "log-delta, random number of amounts, typical spread assumed",
}


class Kind(StrEnum):
    """Where the noise of a figure sits."""

    SHARE = "share"
    """over of under, each at most once: conversion, bounce rate."""
    COUNT = "count"
    """over happens at random during under (days, visits): visits a day, reaches per visit."""
    COST = "cost"
    """over is known, under happens at random: spend per lead."""
    MONEY = "money"
    """over is the sum of a random number of amounts, under is known: revenue, ROAS."""
    MEAN = "mean"
    """over is an average of under amounts: average order, depth."""
    EXACT = "exact"
    """A census, without noise: spend."""


@dataclass(frozen=True)
class Interval:
    """The true value lies between `low` and `high` with probability `level`."""

    low: float
    high: float
    level: float
    method: str
    source: str

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high

    def times(self, factor: float) -> Interval:
        """The same interval in another unit."""
        low, high = sorted((self.low * factor, self.high * factor))
        return replace(self, low=low, high=high)


@dataclass(frozen=True)
class Sample:
    """One period: numerator, denominator, the events that carry the noise (else taken from the sums, see `Kind`) and the standard
    deviation over the mean of one amount."""

    over: float
    under: float = 1.0
    events: float | None = None
    spread: float | None = None

    @property
    def value(self) -> float:
        return self.over / self.under if self.under else math.nan


# ------------------------------------------------------------------------------------------------------- one number


def wilson(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """Interval of a share. 81 of 263 gives 0.2553 to 0.3662. No trials give 0 to 1: nothing is known.

    Raises: ValueError unless 0 <= successes <= trials.
    Source: Wilson 1927, as tabulated in Newcombe 1998.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share")
    if trials == 0:
        return Interval(0.0, 1.0, level, "Wilson score", "Wilson 1927")
    z, share = _quantile(level), successes / trials
    centre = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # NB: at the ends the limit is 0 or 1 by algebra; rounding errors must not leave the range.
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == trials else (centre + half) / scale
    return Interval(low, high, level, "Wilson score", "Wilson 1927")


def garwood(events: float, level: float = LEVEL, dispersion: float = 1.0) -> Interval:
    """Interval of the expected number of events. None seen gives 0 to 3.689. Attributed events may be fractional.

    `dispersion` is the variance over the mean where events come in bunches (see `dispersion`).
    Source: Garwood 1936; with dispersion, the same limits on events / dispersion.
    """
    seen, tail = events / dispersion, (1 - level) / 2
    low = float(gammaincinv(seen, tail)) if seen > 0 else 0.0
    high = float(gammaincinv(seen + 1, 1 - tail))
    return Interval(low * dispersion, high * dispersion, level, "exact Poisson", "Garwood 1936")


def cost_per(spend: float, events: float, level: float = LEVEL, dispersion: float = 1.0) -> Interval:
    """Interval of spend per event. 60 000 over 8 gives 3 806 to 17 372; without events the upper end is infinite."""
    count = garwood(events, level, dispersion)
    return replace(count, low=spend / count.high, high=spend / count.low if count.low > 0 else math.inf)


def cost_bound(spend: float, level: float = LEVEL) -> float:
    """What one event costs at least, when money was spent and nothing came: spend / 2.996 at 95 %, the rule of three."""
    return spend / -math.log(1 - level)


def money_total(
    total: float, events: float, spread: float = TYPICAL_SPREAD, level: float = LEVEL, dispersion: float = 1.0
) -> Interval:
    """Interval of the sum of a random number of amounts, such as revenue: total / f to total * f. Eight orders, spread 1.1: f = 2.80.

    Source: delta method on the log of a compound Poisson sum, se = sqrt((dispersion + spread^2) / events).
    """
    return _log_normal(total, math.sqrt((dispersion + spread * spread) / events), level, "log-delta, random number of amounts")


def money_mean(mean: float, events: float, spread: float = TYPICAL_SPREAD, level: float = LEVEL) -> Interval:
    """Interval of an average amount, such as the average order: only the amounts vary, not their number.

    Source: delta method on the log of a mean, se = spread / sqrt(events).
    """
    return _log_normal(mean, spread / math.sqrt(events), level, "log-delta, average amount")


def bootstrap(over: ArrayLike, under: ArrayLike, level: float = LEVEL, *, seed: int = 0, draws: int = 2000) -> Interval:
    """Interval of sum(over) / sum(under) by drawing orders anew. A single number as `under` (spend) stays as it is.

    Every order is drawn a Poisson(1) number of times, so that the number of orders varies too.
    Shape: over (orders,); under (orders,) or a number. Source: Efron 1979, percentile method; Hanley & MacGibbon 2006, Poisson weights.
    """
    amounts, divisor = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    random, step = np.random.default_rng(seed), max(1, 2_000_000 // max(1, amounts.size))
    ratios: list[NDArray[np.float64]] = []
    for first in range(0, draws, step):
        times = random.poisson(1.0, (min(step, draws - first), amounts.size)).astype(np.float64)
        below = times @ divisor if divisor.ndim else np.full(len(times), float(divisor))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios.append((times @ amounts) / below)
    found = np.concatenate(ratios)
    tail = (1 - level) / 2
    low, high = np.quantile(found[np.isfinite(found)], [tail, 1 - tail])
    return Interval(float(low), float(high), level, "bootstrap over orders", "Efron 1979")


def efficiency(events: float, all_events: float, spend: float, all_spend: float, level: float = LEVEL) -> Interval:
    """Interval of the efficiency index: share of results over share of budget; 1 is the average."""
    return wilson(events, all_events, level).times(all_spend / spend)


def interval(sample: Sample, kind: Kind, level: float = LEVEL, dispersion: float = 1.0) -> Interval | None:
    """The interval that fits the kind; None where the sample gives none (no denominator, or a sum that is not positive)."""
    if not sample.under > 0 or math.isnan(sample.over):
        return None
    if kind is Kind.EXACT:
        return Interval(sample.value, sample.value, level, "counted in full", "")
    if kind is Kind.SHARE and 0 <= sample.over <= sample.under:
        return wilson(sample.over, sample.under, level)
    if kind in (Kind.SHARE, Kind.COUNT):
        return garwood(sample.over, level, dispersion).times(1 / sample.under) if sample.over >= 0 else None
    if kind is Kind.COST:
        return cost_per(sample.over, sample.under, level, dispersion) if sample.over >= 0 else None
    return _money(sample, kind, level, dispersion)


def _money(sample: Sample, kind: Kind, level: float, dispersion: float) -> Interval | None:
    events = events_of(sample, kind)
    if not (sample.over > 0 and events > 0):
        return None
    spread = TYPICAL_SPREAD if sample.spread is None else sample.spread
    mean = kind is Kind.MEAN
    found = money_mean(sample.value, events, spread, level) if mean else money_total(sample.value, events, spread, level, dispersion)
    return found if sample.spread is not None else replace(found, method=_ASSUMED[found.method])


def events_of(sample: Sample, kind: Kind) -> float:
    """How many events carry the noise of a figure."""
    if sample.events is not None:
        return sample.events
    return {Kind.SHARE: sample.over, Kind.COUNT: sample.over, Kind.COST: sample.under, Kind.MEAN: sample.under}.get(kind, 0.0)


def _log_normal(value: float, error: float, level: float, method: str) -> Interval:
    factor = math.exp(_quantile(level) * error)
    return Interval(float(value / factor), float(value * factor), level, method, "delta method on the log scale")


def _quantile(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)


# ------------------------------------------------------------------------------------------------------ two numbers


def difference(before: float, before_range: Interval, after: float, after_range: Interval) -> Interval:
    """Interval of after - before out of the intervals of both.

    Source: Zou & Donner 2008 (MOVER); on Wilson's intervals it is Newcombe 1998, method 10.
    """
    gap = after - before
    low = gap - math.hypot(after - after_range.low, before_range.high - before)
    high = gap + math.hypot(after_range.high - after, before - before_range.low)
    method, source = _DIFFERENCES.get(after_range.method, ("MOVER on both intervals", "Zou & Donner 2008"))
    return Interval(low, high, after_range.level, method, source)


def newcombe(successes0: float, trials0: float, successes1: float, trials1: float, level: float = LEVEL) -> Interval:
    """Interval of the difference of two shares, second minus first. 3/120 and 9/130 give -1.2 to +10.4 points."""
    first, second = wilson(successes0, trials0, level), wilson(successes1, trials1, level)
    return difference(successes0 / trials0, first, successes1 / trials1, second)


def chance_better(successes_a: int, trials_a: int, successes_b: int, trials_b: int) -> float:
    """Probability that the true share of B exceeds that of A, both unknown beforehand. 3/120 and 9/130 give 0.9431.

    A high chance is "probably better"; it is proof only if `newcombe` excludes 0.
    Source: Beta(1, 1) priors, closed form of the sum over B's successes (Miller 2010).
    """
    a, b = 1 + successes_a, 1 + trials_a - successes_a
    c, d = 1 + successes_b, 1 + trials_b - successes_b
    i = np.arange(c, dtype=np.float64)
    terms = betaln(a + i, b + d) - np.log(d + i) - betaln(1 + i, d) - betaln(a, b)
    return float(min(1.0, np.exp(terms).sum()))


class Word(StrEnum):
    """What may be said of a change. The words are shown as they stand."""

    GREW = "grew"
    FELL = "fell"
    NOISE = "within noise"
    TOO_FEW = "too few data"


@dataclass(frozen=True)
class Verdict:
    """Whether a figure moved. `good` is the colour: None means none. `n` is the events of the thinner period."""

    word: Word
    change: float
    good: bool | None
    interval: Interval | None
    n: float
    note: Note | None = None

    @property
    def method(self) -> str:
        return self.interval.method if self.interval else ""


def judge(
    before: Sample,
    after: Sample,
    kind: Kind,
    better: str = "up",
    *,
    level: float = CHANGE_LEVEL,
    enough: float = ENOUGH,
    dispersion: float = 1.0,
) -> Verdict:
    """Whether a figure moved between two periods, and whether that is good. `better` is up, down, or anything else for neither.

    Periods of different length go in as COUNT with their days as `under`.
    """
    ranges = interval(before, kind, level, dispersion), interval(after, kind, level, dispersion)
    exact = kind is Kind.EXACT
    events = (0.0, 0.0) if exact else (events_of(before, kind), events_of(after, kind))
    return decide(before.value, ranges[0], after.value, ranges[1], events, better, 0.0 if exact else enough)


def decide(
    before: float, before_range: Interval | None, after: float, after_range: Interval | None, events: tuple[float, float], better: str,
    enough: float = ENOUGH,
) -> Verdict:
    """The verdict on two figures with their intervals. `events` carry the noise of each."""
    n, change = min(events), after - before
    if math.isnan(change):
        return Verdict(Word.TOO_FEW, change, None, None, n, Note("few", "One of the periods has nothing to divide by."))
    if n < enough:
        return Verdict(Word.TOO_FEW, change, None, None, n, _too_few(*events, enough))
    if before_range is None or after_range is None:
        return Verdict(Word.TOO_FEW, change, None, None, n, Note("few", "A sum that is not positive has no interval."))
    gap = difference(before, before_range, after, after_range)
    word = Word.NOISE if gap.covers(0.0) else Word.GREW if change > 0 else Word.FELL
    return Verdict(word, change, _colour(word, better), gap, n)


def _too_few(before: float, after: float, enough: float) -> Note:
    facts = {"before": f"{before:g}", "after": f"{after:g}", "enough": f"{enough:g}"}
    return Note("few", "Too few events to judge: {before} before, {after} now; each period needs at least {enough}.", facts)


def _colour(word: Word, better: str) -> bool | None:
    if word not in (Word.GREW, Word.FELL) or better not in ("up", "down"):
        return None
    return (word is Word.GREW) == (better == "up")


# ----------------------------------------------------------------------------------------------------- many numbers


def dispersion(observed: ArrayLike, expected: ArrayLike, fitted: int = 1) -> float:
    """How many times wider than Poisson the counts scatter around what was expected, at least 1; `fitted` parameters were used.

    Shape: both (periods,). Source: Pearson chi-square over its degrees of freedom (McCullagh & Nelder 1989).
    """
    seen, mean = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    use = np.isfinite(seen) & (mean > 0)
    free = int(use.sum()) - fitted
    return max(1.0, float(((seen[use] - mean[use]) ** 2 / mean[use]).sum()) / free) if free > 0 else 1.0


def discoveries(chances: ArrayLike, rate: float = 0.10) -> NDArray[np.bool_]:
    """Which of many p-values stand out when at most `rate` of the findings may be false. Empty ones never do.

    Shape: (tests,) in and out. Source: Benjamini & Hochberg 1995.
    """
    p = np.asarray(chances, dtype=np.float64)
    tests = np.flatnonzero(np.isfinite(p))
    ordered = tests[np.argsort(p[tests], kind="stable")]
    passing = np.flatnonzero(p[ordered] <= rate * np.arange(1, len(ordered) + 1) / max(1, len(ordered)))
    found = np.zeros(p.shape, dtype=np.bool_)
    found[ordered[: passing[-1] + 1 if len(passing) else 0]] = True
    return found
