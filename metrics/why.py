"""Why a figure moved: a change is taken apart into contributions that add up to it exactly, by segment and by cause.

Sums of two periods go in, one row per segment; a `Why` comes out. Three questions, three methods, all exact:

- a ratio (conversion, CPA, ДРР): `why_ratio`, mix and rate around the mean of both totals;
- a sum (visits, orders, revenue): `why_sum`, volume, mix, rate and price by Shapley's rule, which for products is Das Gupta's;
  `why_formula` does the same for any function of a few drivers (profit);
- a sum over nested segments (channel, campaign): `why_drill`, by LMDI, whose children add up to their parents.

A segment that is in one period only is *appeared* or *disappeared*, whole: nothing is invented for the period in which it was not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note

Floats = NDArray[np.float64]

VOLUME, MIX, RATE, PRICE = "volume", "mix", "rate", "price"
APPEARED, DISAPPEARED = "appeared", "disappeared"
UNSPLIT = "cannot be split"
"""The change of a segment that is no product of its causes: spend without a single order, revenue below zero."""
EFFECT = "effect"
MOST_FACTORS = 10
"""Shapley asks the function 2^k times; a longer chain wants LMDI."""

_CENTRED = ("mix and rate around the mean of both periods", "Marshall-Edgeworth weights, centred")
_SHAPLEY = ("Shapley", "Das Gupta 1993; Shorrocks 2013")
_LMDI = ("LMDI-I", "Ang 2005; Ang & Liu 2007 for zeros")


@dataclass(frozen=True, eq=False)
class Why:
    """A change taken apart. With a `note` there are no parts, and the note says why.

    Shape: parts has one row per segment (or per driver) and one column per cause; they add up to `change`.
    Unit: of the figure; shares in shares, not in points.
    """

    before: float
    after: float
    parts: pd.DataFrame
    method: str
    source: str
    note: Note | None = None

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def by_cause(self) -> pd.Series[float]:
        return self.parts.sum()

    @property
    def by_segment(self) -> pd.Series[float]:
        return self.parts.sum(axis=1)

    def rolled(self, depth: int) -> pd.DataFrame:
        """Parts of the first `depth` levels of nested segments: every parent is the sum of its children."""
        return self.parts.groupby(level=list(range(depth)), sort=False).sum()


# ------------------------------------------------------------------------------------------------------------ ratios


def why_ratio(before: pd.DataFrame, after: pd.DataFrame, over: str, under: str) -> Why:
    """Why sum(over) / sum(under) moved.

    mix_i = (w1 - w0) ((r0 + r1) / 2 - R*), rate_i = (w0 + w1) / 2 (r1 - r0), w = share of the denominator, R* = mean of both ratios:
    growth of a segment worse than the average counts against. 2.100 % to 1.968 % may be -0.0860 points of mix and -0.0460 of rate.
    Nested segments may come as leaves: the parts of a parent are the sums of its leaves, and its total is the same either way.

    Shape: both frames have one row per segment, columns `over` and `under`; a segment absent from one is zero there.
    """
    then, now = _aligned(before, after, [over, under])
    (over0, under0), (over1, under1) = then.to_numpy().T, now.to_numpy().T
    total0, total1 = _ratio(over0.sum(), under0.sum()), _ratio(over1.sum(), under1.sum())
    if note := _unknown(then, now) or _undivided(total0, total1):
        return _silent(total0, total1, then.index, *_CENTRED, note)
    middle = (total0 + total1) / 2
    whole = (over1 - middle * under1) / under1.sum() - (over0 - middle * under0) / under0.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (under0 / under0.sum() + under1 / under1.sum()) / 2 * (over1 / under1 - over0 / under0)
    split = (under0 != 0) & (under1 != 0)
    causes = {MIX: np.where(split, whole - rate, 0.0), RATE: np.where(split, rate, 0.0)}
    parts = pd.DataFrame(causes | _one_sided(whole, then.to_numpy(), now.to_numpy(), split), index=then.index)
    return Why(total0, total1, parts, *_CENTRED)


# -------------------------------------------------------------------------------------------------------------- sums


def why_sum(before: pd.DataFrame, after: pd.DataFrame, chain: Sequence[str]) -> Why:
    """Why the sum of the last measure of `chain` moved, each measure being what the one before it brings.

    (visits, orders, revenue) is volume x mix x rate x price: all visits, the segment's share of them, orders per visit, revenue per
    order. (visits, orders) stops at the rate, (visits,) at the mix.

    Shape: both frames have one row per segment and the columns of `chain`; a segment absent from one is zero there.
    """
    return _chain(before, after, chain, _das_gupta, _SHAPLEY)


def why_drill(before: pd.DataFrame, after: pd.DataFrame, chain: Sequence[str]) -> Why:
    """The same over nested segments, such that the parts of children add up to those of their parent (`Why.rolled`).

    Every level below the first has a mix of its own, `mix:<level>`: how the campaign's share within its channel moved.
    contribution_j = L(V1, V0) ln(x1_j / x0_j), L(a, b) = (a - b) / ln(a / b). Where a factor is zero in one period it takes the whole
    change: that is the limit of the formula, while a small number in place of zero would leak some of it to the others.

    Shape: the index of both frames is a MultiIndex with named levels, outer first; columns as in `why_sum`.
    """
    return _chain(before, after, chain, _lmdi, _LMDI)


def _chain(
    before: pd.DataFrame,
    after: pd.DataFrame,
    chain: Sequence[str],
    method: Callable[[Floats, Floats], Floats],
    said: tuple[str, str],
) -> Why:
    then, now = _aligned(before, after, list(chain))
    total0, total1 = float(then[chain[-1]].sum(skipna=False)), float(now[chain[-1]].sum(skipna=False))
    if note := _unknown(then, now):
        return _silent(total0, total1, then.index, *said, note)
    names, (x0, x1) = _names(then.index, len(chain)), _factors(then, now)
    whole = now[chain[-1]].to_numpy() - then[chain[-1]].to_numpy()
    split = _splits(then) & _splits(now) & ((then[chain[0]] != 0) & (now[chain[0]] != 0)).to_numpy()
    if method is _lmdi:
        split &= (then >= 0).all(axis=1).to_numpy() & (now >= 0).all(axis=1).to_numpy()
    found = method(np.where(split, x0, 1.0), np.where(split, x1, 1.0))
    causes = {name: np.where(split, row, 0.0) for name, row in zip(names, found, strict=True)}
    parts = pd.DataFrame(causes | _one_sided(whole, then.to_numpy(), now.to_numpy(), split), index=then.index)
    return Why(total0, total1, parts, *said)


def _names(index: pd.Index, length: int) -> list[str]:
    deeper = [f"{MIX}:{level}" for level in index.names[1:]]
    return [VOLUME, MIX, *deeper, *(RATE, PRICE)[: length - 1], *(f"factor {place}" for place in range(3, length))]


def _factors(then: pd.DataFrame, now: pd.DataFrame) -> tuple[Floats, Floats]:
    """Factors of both periods. Shape: (factors, segments). What is undefined in one period is as in the other."""
    x0, x1 = (_period_factors(period) for period in (then, now))
    x0, x1 = np.where(np.isfinite(x0), x0, x1), np.where(np.isfinite(x1), x1, x0)
    return np.nan_to_num(x0, posinf=0.0, neginf=0.0), np.nan_to_num(x1, posinf=0.0, neginf=0.0)


def _period_factors(period: pd.DataFrame) -> Floats:
    base = period.iloc[:, 0]
    outer = [np.full(len(base), base.sum())]
    for depth in range(1, period.index.nlevels):
        outer.append(base.groupby(level=list(range(depth))).transform("sum").to_numpy())
    steps = [*outer, *period.to_numpy().T]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.array([steps[0], *(later / earlier for earlier, later in pairwise(steps))], dtype=np.float64)


def _splits(period: pd.DataFrame) -> NDArray[np.bool_]:
    """Where no measure is there without the one that brings it."""
    table = period.to_numpy()
    broken: NDArray[np.bool_] = ((table[:, :-1] == 0) & (table[:, 1:] != 0)).any(axis=1)
    return ~broken


def _das_gupta(x0: Floats, x1: Floats) -> Floats:
    return shapley(lambda factors: np.prod(factors, axis=0), x0, x1)


def _lmdi(x0: Floats, x1: Floats) -> Floats:
    v0, v1 = x0.prod(axis=0), x1.prod(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(x1 / x0)
        weight = np.where(v0 == v1, v0, (v1 - v0) / np.log1p((v1 - v0) / v0))
        inside = weight * logs
    gone = (x0 == 0) | (x1 == 0)
    with np.errstate(invalid="ignore"):
        limit = (v1 - v0) * gone / np.maximum(gone.sum(axis=0), 1)
    found: Floats = np.where((v0 > 0) & (v1 > 0), inside, limit)
    return found


# ----------------------------------------------------------------------------------------------------- any function


def why_formula(function: Callable[..., float], before: Mapping[str, float], after: Mapping[str, float]) -> Why:
    """Why a function of named drivers moved: profit(visits, rate, price, margin, cost). One row per driver.

    Raises: ValueError for more than MOST_FACTORS drivers, or drivers that differ.
    """
    names = list(before)
    if len(names) > MOST_FACTORS or set(names) != set(after):
        raise ValueError(f"{len(names)} drivers before, {len(after)} after; at most {MOST_FACTORS}, and the same")

    def value(factors: Floats) -> float:
        return float(function(**dict(zip(names, factors.tolist(), strict=True))))

    x0, x1 = (np.array([period[name] for name in names], dtype=np.float64) for period in (before, after))
    with np.errstate(divide="ignore", invalid="ignore"):
        effects = shapley(value, x0, x1)
    total0, total1 = value(x0), value(x1)
    if not np.isfinite(effects).all():
        note = Note("why", "The drivers cannot be changed one at a time: the formula has no value in between.")
        return _silent(total0, total1, pd.Index(names), *_SHAPLEY, note)
    return Why(total0, total1, pd.DataFrame({EFFECT: effects}, index=pd.Index(names)), *_SHAPLEY)


def shapley(function: Callable[[Floats], Floats | float], before: Floats, after: Floats) -> Floats:
    """Average effect of switching each factor from before to after, over every order of switching.

    Shape: before and after (factors, ...); out the same, and it adds up over factors to function(after) - function(before).
    Source: Shapley 1953; for two factors (A1 - A0) (B0 + B1) / 2.
    """
    count = len(before)
    value = {
        chosen: np.asarray(function(_switched(before, after, chosen)), dtype=np.float64)
        for size in range(count + 1)
        for chosen in combinations(range(count), size)
    }
    effects = np.zeros_like(after, dtype=np.float64)
    for chosen, found in value.items():
        for factor in set(range(count)) - set(chosen):
            weight = math.factorial(len(chosen)) * math.factorial(count - len(chosen) - 1) / math.factorial(count)
            effects[factor] += weight * (value[tuple(sorted((*chosen, factor)))] - found)
    return effects


def _switched(before: Floats, after: Floats, chosen: tuple[int, ...]) -> Floats:
    mixed = before.copy()
    mixed[list(chosen)] = after[list(chosen)]
    return mixed


# ---------------------------------------------------------------------------------------------------------- common ground


def _aligned(before: pd.DataFrame, after: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both periods over the same segments; absent ones are zero, unknown values stay unknown."""
    index = after.index.union(before.index, sort=False)
    index.names = after.index.names
    then, now = (period[columns].astype("float64").reindex(index, fill_value=0.0) for period in (before, after))
    return then, now


def _one_sided(whole: Floats, then: Floats, now: Floats, split: NDArray[np.bool_]) -> dict[str, Floats]:
    """The whole change of segments that were not there in one of the periods, and of those that cannot be split."""
    new, gone = ~then.any(axis=1) & now.any(axis=1), ~now.any(axis=1) & then.any(axis=1)
    rest = ~(split | new | gone)
    return {name: np.where(rows & ~split, whole, 0.0) for name, rows in ((APPEARED, new), (DISAPPEARED, gone), (UNSPLIT, rest))}


def _unknown(then: pd.DataFrame, now: pd.DataFrame) -> Note | None:
    empty = then.isna().any(axis=1) | now.isna().any(axis=1)
    if not empty.any():
        return None
    first = empty.index[empty.to_numpy()][0]
    segment = ", ".join(map(str, first)) if isinstance(first, tuple) else str(first)
    return Note("why", "“{segment}” is not loaded for one of the periods, so the change cannot be explained.", {"segment": segment})


def _undivided(before: float, after: float) -> Note | None:
    whole = math.isfinite(before) and math.isfinite(after)
    return None if whole else Note("why", "One of the periods has nothing to divide by.")


def _ratio(over: float, under: float) -> float:
    return float(over / under) if under else math.nan


def _silent(before: float, after: float, index: pd.Index, method: str, source: str, note: Note) -> Why:
    return Why(before, after, pd.DataFrame(index=index[:0]), method, source, note)
