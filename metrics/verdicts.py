"""Whether a figure of an answer has really moved: which noise its formula has, and a word for the change.

Nothing is chosen by hand per metric. The measures say what chance does to them (`Measure.noise`), and the formula says the rest: spend
over leads is a cost, leads over visits a share, revenue over orders an average of amounts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from metrics.formula import Formula
from metrics.registry import MEASURES, METRICS
from metrics.rows import Metric
from metrics.stats import ENOUGH, Interval, Kind, Sample, Verdict, Word, decide, events_of, interval, judge

Values = Mapping[str, float | None]
Scatter = Mapping[tuple[str, ...], Mapping[str, float]]
"""Keys of the breakdowns that are not time -> measure -> how many times wider than Poisson its days scatter; () is the total."""
_PLAIN: Mapping[str, float] = MappingProxyType({})
LIKE: Mapping[str, str] = MappingProxyType({"users": "visits", "goal_visits": "reaches", "buyers": "orders", "repeat_buyers": "orders"})
"""What is counted anew per period scatters as what it is counted from."""
_OPPOSITE = {Word.GREW: Word.FELL, Word.FELL: Word.GREW}


@dataclass(frozen=True)
class Period:
    """One period of one row. `values` are the measures by key, `whole` those of the total, for shares; `days` is its length."""

    values: Values
    whole: Values
    days: float


def judged(
    metric: Metric, before: Period, after: Period, factors: Mapping[str, float], scatter: Mapping[str, float] = _PLAIN
) -> Verdict | None:
    """The verdict on a change, by how many times wider than Poisson the client's days scatter (`scatter` by measure).

    None where a sum is missing, or where nothing is known of the noise (a share of money in money).
    """
    if metric.relative:
        return _share_of_whole(metric, before, after) if metric.relative == "share" else None
    noises = _noises(metric.formula), _noises(metric.divisor) if metric.divisor else {"exact"}
    if "unknown" in noises[0] | noises[1]:
        return None
    periods = [_Sums.of(metric, one, factors) for one in (before, after)]
    first, second = periods
    if first is None or second is None:
        return None
    amounts = [_amounts(noise) for noise in noises]
    if amounts[0]:
        return None if amounts[1] else _money(metric, amounts[0], first, second, scatter)
    if amounts[1]:
        turned = _money(metric, amounts[1], first.turned(), second.turned(), scatter) if noises[0] == {"exact"} else None
        return _turned(turned, metric.better)
    return _counted(metric, noises, first, second, scatter)


@cache
def judged_by(metric: str) -> tuple[str, ...]:
    """The measures that a verdict on a metric looks at: those of its formulas, and the events that carry its amounts."""
    measures = METRICS[metric].measures
    return tuple(dict.fromkeys((*measures, *(noise for key in measures if (noise := _noise(key)) in MEASURES))))


def of_row(scatter: Scatter, key: tuple[str, ...]) -> Mapping[str, float]:
    """The scatter of a row; of the total what the row has not learnt itself."""
    return {**scatter.get((), {}), **scatter.get(key, {})}


@dataclass(frozen=True)
class _Sums:
    """Numerator and denominator of one period, what of the numerator is exact, and the values they are made of."""

    over: float
    under: float
    exact: float
    values: Values

    @staticmethod
    def of(metric: Metric, period: Period, factors: Mapping[str, float]) -> _Sums | None:
        known = {key: value for key, value in period.values.items() if value is not None and not math.isnan(value)}
        if not set(metric.measures) <= set(known):
            return None
        under = metric.divisor.value(known.__getitem__, factors) if metric.divisor else period.days
        noisy = {key: 0.0 if _noise(key) not in ("count", "exact") else value for key, value in known.items()}
        return _Sums(metric.formula.value(known.__getitem__, factors), under, metric.formula.value(noisy.__getitem__, factors), known)

    def turned(self) -> _Sums:
        """The ratio upside down: ROAS in place of the cost-revenue ratio."""
        return _Sums(self.under, self.over, 0.0, self.values)

    def events(self, measure: str) -> float | None:
        return self.values.get(measure)


def _noise(measure: str) -> str:
    return MEASURES[measure].noise


def _noises(formula: Formula) -> set[str]:
    return {_noise(key) for key in formula.measures}


def _amounts(noises: set[str]) -> str:
    """The measure whose events carry the amounts, if there are any. The largest set of events where there are several."""
    return next(iter(sorted(noises - {"count", "exact"})), "")


def _counted(
    metric: Metric, noises: tuple[set[str], set[str]], before: _Sums, after: _Sums, scatter: Mapping[str, float]
) -> Verdict:
    """Figures that only count: shares, counts by something, spend by something."""
    samples = Sample(before.over, before.under), Sample(after.over, after.under)
    if noises[0] == {"exact"}:
        kind = Kind.EXACT if noises[1] == {"exact"} else Kind.COST
    else:
        within = all(0 <= one.over <= one.under for one in samples)
        kind = Kind.SHARE if metric.divisor and metric.unit == "share" and within else Kind.COUNT
    carrying = metric.divisor if kind is Kind.COST and metric.divisor else metric.formula
    wide = max((scatter.get(LIKE.get(key, key), 1.0) for key in carrying.measures), default=1.0)
    return judge(*samples, kind, metric.better, dispersion=wide)


def _money(metric: Metric, events: str, before: _Sums, after: _Sums, scatter: Mapping[str, float]) -> Verdict | None:
    """Figures that are made of amounts, each of an event: revenue by orders. What of them is exact only moves the interval."""
    mean = metric.divisor is not None and metric.divisor.measures == (events,)
    kind = Kind.MEAN if mean else Kind.MONEY
    spread = max((spread for key in metric.measures if (spread := MEASURES[key].spread)), default=None)
    found, seen = [], []
    for one in (before, after):
        count = one.events(events) if events in one.values else one.under if mean else None
        if count is None:
            return None
        sample = Sample(one.over - one.exact, one.under, None if mean else count, spread)
        seen.append(events_of(sample, kind))
        found.append(_moved(interval(sample, kind, dispersion=scatter.get(events, 1.0)), one.exact / one.under if one.under else math.nan))
    values = [one.over / one.under if one.under else math.nan for one in (before, after)]
    return decide(values[0], found[0], values[1], found[1], (seen[0], seen[1]), metric.better, ENOUGH)


def _moved(found: Interval | None, by: float) -> Interval | None:
    return None if found is None else replace(found, low=found.low + by, high=found.high + by)


def _turned(verdict: Verdict | None, better: str) -> Verdict | None:
    """The verdict on the ratio as it stands, from that on the ratio turned over."""
    if verdict is None:
        return None
    word = _OPPOSITE.get(verdict.word, verdict.word)
    good = None if word not in _OPPOSITE or better not in ("up", "down") else (word is Word.GREW) == (better == "up")
    return replace(verdict, word=word, good=good)


def _share_of_whole(metric: Metric, before: Period, after: Period) -> Verdict | None:
    [key] = metric.formula.measures
    if _noise(key) not in ("count", "exact"):
        return None
    samples = []
    for period in (before, after):
        over, under = period.values.get(key), period.whole.get(key)
        if over is None or under is None or math.isnan(over) or math.isnan(under):
            return None
        samples.append(Sample(over, under))
    return judge(samples[0], samples[1], Kind.EXACT if _noise(key) == "exact" else Kind.SHARE, metric.better)
