"""Which rows are shown, in what order, and the one row into which all others go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics import dimensions
from metrics.figures import Whole, additive, divided, figure
from metrics.frames import Array, Sums
from metrics.periods import Window
from metrics.plan import Plan
from metrics.registry import MEASURES, METRICS
from metrics.rows import Metric

OTHER = "(other)"
MOST_ROWS = 20_000
"""More rows than this are never shown: the rest goes into one row, with a note."""


@dataclass(frozen=True)
class Cut:
    """The rows to show, the rest as one row per bucket of time (None when there is none), and how many groups there were."""

    shown: Sums
    rest: Sums | None
    groups: int
    kept: int


def cut(plan: Plan, sums: Sums, whole: Whole) -> Cut:
    """Sort the rows, time first and then by the first metric, and fold everything below the asked number into one."""
    query, keys = plan.scope.query, sums.keys
    time, rest = list(dimensions.of_kind(query.by, "time")), [key for key in query.by if key not in dimensions.TIME]
    if not rest:
        return Cut(sums, None, len(keys), len(keys))
    codes, groups = _codes(keys, rest)
    score = _score(plan, METRICS[query.metrics[0]], sums, whole, codes, len(groups))
    folded = (groups == OTHER).any(axis=1).to_numpy() if query.top else np.zeros(len(groups), dtype=bool)
    score = np.where(folded, -np.inf, np.where(np.isnan(score), -1e308, score))
    order = np.argsort(-score, kind="stable")
    most = max(1, MOST_ROWS * len(groups) // max(1, len(keys)))
    limit = min(query.top or most, most, len(groups) - (int(folded.sum()) if query.top else 0))
    rank = np.empty(len(groups), dtype="int64")
    rank[order] = np.arange(len(groups))
    kept = np.flatnonzero(rank[codes] < limit)
    shown = kept[np.lexsort((rank[codes][kept], *(keys[key].to_numpy()[kept] for key in reversed(time))))]
    left = np.flatnonzero(rank[codes] >= limit)
    return Cut(_taken(sums, shown), _folded(plan, sums, left, time, rest) if len(left) else None, len(groups), limit)


def _codes(keys: pd.DataFrame, rest: list[str]) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
    """A number for each combination of the dimensions that are not time, and the combinations in the order of the numbers."""
    codes = np.asarray(keys.groupby(rest, sort=True).ngroup(), dtype="int64")
    first = pd.Series(np.arange(len(keys))).groupby(codes).first().to_numpy()
    return codes, keys[rest].iloc[first].reset_index(drop=True)


def _score(plan: Plan, metric: Metric, sums: Sums, whole: Whole, codes: npt.NDArray[np.int64], groups: int) -> Array:
    """The metric of each group over the whole period; people are only ranked, not counted, by the sum of their buckets."""
    if groups == len(codes):
        score = np.empty(groups)
        score[codes] = figure(plan, metric, plan.scope.now, sums, whole)
        return score
    window, factors = plan.windows[metric.key, plan.scope.now], plan.scope.settings.factors()

    def summed(key: str) -> Array:
        return np.bincount(codes, weights=np.nan_to_num(sums.of(key, window)), minlength=groups).astype("float64")

    over: Array = metric.formula.value(summed, factors)
    return divided(over, metric.divisor.value(summed, factors)) if metric.divisor else over


def _taken(sums: Sums, places: npt.NDArray[np.int64]) -> Sums:
    return Sums(sums.keys.iloc[places].reset_index(drop=True), {name: array[places] for name, array in sums.values.items()})


def _folded(plan: Plan, sums: Sums, left: npt.NDArray[np.int64], time: list[str], rest: list[str]) -> Sums:
    """The left rows as one per bucket. What cannot be added up is missing there."""
    keys, by = sums.keys.iloc[left], plan.scope.query.by
    buckets, place = pd.DataFrame(index=[0]), np.zeros(len(left), dtype="int64")
    if time:
        buckets = keys[time].drop_duplicates().sort_values(time, ignore_index=True)
        place = pd.MultiIndex.from_frame(buckets).get_indexer(pd.MultiIndex.from_frame(keys[time])).astype("int64")
    values: dict[tuple[str, Window], Array] = {}
    for (key, window), array in sums.values.items():
        adds = key in plan.rows.picks and additive(key, by, MEASURES[key].adds)
        mine = array[left]
        if adds and plan.rows.picks[key].feed.lacks:
            values[key, window] = mine[np.unique(place, return_index=True)[1]]
        else:
            values[key, window] = np.bincount(place, mine, len(buckets)).astype("float64") if adds else np.full(len(buckets), np.nan)
    named = buckets.assign(**dict.fromkeys(rest, OTHER))[list(by)]
    return Sums(named, values)
