"""A change by segment: what each one did to it, by which cause, and what is inside it; every printed part adds up to the one above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics import why
from metrics.readings.doubt import Drawn, Range
from metrics.readings.routes import CHAINS, FACTORS, STEPS, Factor, needs
from metrics.readings.subject import known
from metrics.registry import MEASURES
from metrics.rounding import rounded
from metrics.rows import Metric

Floats = NDArray[np.float64]

SPEND = "spend"
"""Cause of a change of what is left after advertising."""
CAUSES = (why.VOLUME, why.MIX, why.RATE, why.PRICE, SPEND, why.APPEARED, why.DISAPPEARED, why.UNSPLIT)


@dataclass(frozen=True)
class Cause:
    """One cause of a part. `printed` parts add up to the printed whole."""

    key: str
    amount: float
    printed: float


@dataclass(frozen=True)
class Driver:
    """A figure beneath a part: what it was and is, and how much of the part it made."""

    title: str
    unit: str
    before: float | None
    after: float | None
    amount: float


@dataclass(frozen=True)
class Part:
    """What one segment did to the change.

    `before` and `after` are the segment's own figure, `share_before` and `share_after` its share of what the figure is divided by (for a
    sum, of the sum). `low` and `high` hold 90 % of what `amount` could be by chance; `real` says that it is more than chance.
    """

    key: str
    title: str
    before: float | None
    after: float | None
    share_before: float | None
    share_after: float | None
    amount: float
    printed: float
    low: float | None
    high: float | None
    real: bool
    causes: tuple[Cause, ...]
    drivers: tuple[Driver, ...] = ()
    children: tuple[Part, ...] = ()

    @property
    def main_cause(self) -> str:
        return max(self.causes, key=lambda cause: abs(cause.amount)).key if self.causes else ""


@dataclass(frozen=True)
class Frames:
    """Sums of both periods by segment. Shape: both (segments, measures), index of one or two levels; titles by level and key."""

    before: pd.DataFrame
    after: pd.DataFrame
    titles: tuple[Mapping[str, str], ...]

    def level(self, depth: int) -> Frames:
        at = list(range(depth))
        before, after = (one.groupby(level=at, sort=False).sum(min_count=1) for one in (self.before, self.after))
        return Frames(before, after, self.titles)


def value_of(metric: Metric, sums: Mapping[str, Any] | pd.Series | Drawn, factors: Mapping[str, float]) -> Any:
    over = metric.formula.value(lambda key: sums[key], factors)
    if metric.divisor is None:
        return over
    under = metric.divisor.value(lambda key: sums[key], factors)
    with np.errstate(divide="ignore", invalid="ignore"):
        return over / under if np.ndim(under) else (over / under if under else float("nan"))


# ------------------------------------------------------------------------------------------------------------ taking apart


def taken_apart(metric: Metric, frames: Frames, factors: Mapping[str, float], nested: bool = False) -> why.Why:
    if metric.divisor is not None:
        before, after = (_two_sides(metric, period, factors) for period in (frames.before, frames.after))
        return why.why_ratio(before, after, "over", "under")
    method = why.why_drill if nested else why.why_sum
    pieces = []
    for term in metric.formula.terms:
        chain = _chain(term.measure, frames)
        found = method(frames.before, frames.after, chain)
        pieces.append((term.factor * factors.get(term.setting, 1.0), found, len(metric.formula.terms) > 1 and term.measure == "cost"))
    return _united(pieces)


def _chain(measure: str, frames: Frames) -> tuple[str, ...]:
    """The chain behind a measure, or the measure alone where what brings it is not known everywhere."""
    chain = CHAINS.get(measure, (measure,))
    whole = all(key in frames.after and frames.after[key].notna().all() and frames.before[key].notna().all() for key in chain)
    return chain if whole else (measure,)


def _two_sides(metric: Metric, period: pd.DataFrame, factors: Mapping[str, float]) -> pd.DataFrame:
    assert metric.divisor is not None
    over, under = (formula.value(period.__getitem__, factors) for formula in (metric.formula, metric.divisor))
    return pd.DataFrame({"over": over, "under": under}, index=period.index)


def _united(pieces: Sequence[tuple[float, why.Why, bool]]) -> why.Why:
    """Terms of a sum explained one by one and added; `flat` ones become a single cause."""
    first = pieces[0][1]
    parts = pd.DataFrame(index=first.parts.index)
    for factor, found, flat in pieces:
        own = pd.DataFrame({SPEND: found.by_segment}) if flat else found.parts
        parts = parts.add(own * factor, fill_value=0.0)
    before, after = (sum(factor * getattr(found, end) for factor, found, _ in pieces) for end in ("before", "after"))
    note = next((found.note for _, found, _ in pieces if found.note), None)
    return why.Why(float(before), float(after), parts, first.method, first.source, note)


def whole_of(metric: Metric, factors: Mapping[str, float]) -> Callable[[Drawn, Drawn], Floats]:
    """Parts of drawn periods. Shape: (draws, segments)."""

    def parts(then: Drawn, now: Drawn) -> Floats:
        over0, over1 = (metric.formula.value(period.__getitem__, factors) for period in (then, now))
        if metric.divisor is None:
            return np.asarray(over1 - over0)
        under0, under1 = (metric.divisor.value(period.__getitem__, factors) for period in (then, now))
        sums = [one.sum(axis=1, keepdims=True) for one in (over0, under0, over1, under1)]
        middle = (sums[0] / sums[1] + sums[2] / sums[3]) / 2
        return np.asarray((over1 - middle * under1) / sums[3] - (over0 - middle * under0) / sums[1])

    return parts


def parts_of(
    metric: Metric,
    found: why.Why,
    frames: Frames,
    each: Sequence[Range],
    digits: int,
    printed: float,
    factors: Mapping[str, float],
    level: int,
) -> tuple[Part, ...]:
    """Parts by size. Shape: rows of `found`, `frames` and `each` are the same segments."""
    whole = found.by_segment
    shown = rounded(whole.to_list(), digits, printed)
    weight = metric.divisor or metric.formula
    shares = [_shares(weight.value(period.__getitem__, factors)) for period in (frames.before, frames.after)]
    parts = []
    for place, key in enumerate(whole.index):
        then, now = frames.before.iloc[place], frames.after.iloc[place]
        row = found.parts.iloc[place]
        last = str(key[-1] if isinstance(key, tuple) else key)
        parts.append(
            Part(
                last,
                frames.titles[level].get(last, last),
                _own(metric, then, factors),
                _own(metric, now, factors),
                known(shares[0][place]),
                known(shares[1][place]),
                float(whole.iloc[place]),
                shown[place],
                known(each[place].low),
                known(each[place].high),
                each[place].real,
                _causes(row, shown[place], digits),
                _drivers(metric, row, then, now, shares, place),
            )
        )
    return tuple(sorted(parts, key=lambda part: -abs(part.amount)))


def _own(metric: Metric, sums: pd.Series[float], factors: Mapping[str, float]) -> float | None:
    """A segment's own figure; a price is none where nothing was paid."""
    return None if metric.price and not sums[metric.measures[0]] else known(value_of(metric, sums, factors))


def _shares(weights: pd.Series[float]) -> Floats:
    total = float(weights.sum())
    shares: Floats = np.asarray(weights, dtype=np.float64) / np.float64(total or np.nan)
    return shares


def _causes(row: pd.Series[float], printed: float, digits: int) -> tuple[Cause, ...]:
    """Causes of one part in a fixed order; mixes of deeper levels are one mix."""
    named: dict[str, float] = {}
    for name, amount in row.items():
        cause = why.MIX if str(name).startswith(f"{why.MIX}:") else str(name)
        named[cause] = named.get(cause, 0.0) + float(amount)
    there = [name for name in CAUSES if named.get(name)]
    shown = rounded([named[name] for name in there], digits, printed) if there else []
    return tuple(Cause(name, named[name], value) for name, value in zip(there, shown, strict=True))


def by_cause(parts: Sequence[Part]) -> tuple[Cause, ...]:
    found = [cause for part in parts for cause in part.causes]
    totals = [(name, [cause for cause in found if cause.key == name]) for name in CAUSES]
    return tuple(Cause(name, sum(c.amount for c in own), sum(c.printed for c in own)) for name, own in totals if own)


@dataclass(frozen=True)
class Inside:
    """A change taken apart by both dimensions at once. Shape: `frames` are gapless, their rows the segments of either period."""

    frames: Frames
    found: why.Why

    @classmethod
    def of(cls, metric: Metric, frames: Frames, factors: Mapping[str, float]) -> Inside:
        index = frames.after.index.union(frames.before.index, sort=False)
        whole = Frames(frames.before.reindex(index).fillna(0.0), frames.after.reindex(index).fillna(0.0), frames.titles)
        return cls(whole, taken_apart(metric, whole, factors, nested=True))


def children_of(
    metric: Metric, part: Part, frames: Frames, inside: Inside, digits: int, factors: Mapping[str, float]
) -> tuple[Part, ...]:
    """The same change by the second dimension inside one segment; adds up to the segment's printed part."""
    here = [np.asarray(one.index.get_level_values(0) == part.key) for one in (frames.before, frames.after)]
    used = [key for key in frames.after if key in needs(metric)]
    if frames.after.loc[here[1], used].isna().any(axis=None) or frames.before.loc[here[0], used].isna().any(axis=None):
        return ()
    whole, found = inside.frames, inside.found
    if found.note:
        return ()
    mine = found.parts.index.get_level_values(0) == part.key
    own = why.Why(found.before, found.after, found.parts[mine], found.method, found.source)
    rows = found.parts.index[mine]
    shown = Frames(whole.before.reindex(rows), whole.after.reindex(rows), frames.titles)
    children = parts_of(metric, own, shown, [Range(np.nan, np.nan, False)] * int(mine.sum()), digits, part.printed, factors, 1)
    return tuple(child for child in children if child.amount or child.printed)


# ----------------------------------------------------------------------------------------------------------------- drivers


def _drivers(
    metric: Metric, row: pd.Series[float], then: pd.Series[float], now: pd.Series[float], shares: Sequence[Any], place: int
) -> tuple[Driver, ...]:
    if metric.divisor is not None:
        return _of_ratio(FACTORS.get(metric.key, ()), float(row.get(why.RATE, 0.0)), then, now)
    measure = metric.formula.terms[0].measure
    chain = CHAINS.get(measure, ())
    if len(metric.formula.terms) > 1 or len(chain) < 2 or not {why.VOLUME, why.RATE} <= set(row.index):
        return ()
    amounts = [float(sum(row[name] for name in row.index if name == why.VOLUME or str(name).startswith(why.MIX)))]
    amounts += [float(row.get(name, 0.0)) for name in (why.RATE, why.PRICE)]
    first = Driver(MEASURES[chain[0]].title, MEASURES[chain[0]].unit, known(then[chain[0]]), known(now[chain[0]]), amounts[0])
    steps = zip(chain, chain[1:], amounts[1:], strict=False)
    return (
        first,
        *(Driver(*STEPS[lower, upper], _over(then, upper, lower), _over(now, upper, lower), amount) for lower, upper, amount in steps),
    )


def _of_ratio(factors: Sequence[Factor], rate: float, then: pd.Series[float], now: pd.Series[float]) -> tuple[Driver, ...]:
    """What moved the segment's own ratio, by Shapley over its factors, as parts of the segment's rate."""
    if not rate or any(key not in then for factor in factors for key in (factor.over, factor.under)):
        return ()
    old, new = ([_over(period, one.over, one.under) for one in factors] for period in (then, now))
    if any(not value for value in (*old, *new)):
        return ()
    x0, x1 = (np.array([(value or np.nan) ** one.power for value, one in zip(values, factors, strict=True)]) for values in (old, new))
    effects = why.shapley(lambda values: np.prod(values, axis=0), x0, x1)
    scale = rate / float(effects.sum()) if effects.sum() else 0.0
    return tuple(
        Driver(one.title, one.unit, a, b, float(effect) * scale) for one, a, b, effect in zip(factors, old, new, effects, strict=True)
    )


def _over(period: pd.Series[float], over: str, under: str) -> float | None:
    return float(period[over] / period[under]) if period[under] else None
