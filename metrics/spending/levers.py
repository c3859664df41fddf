"""Which driver to move: exact money effects, elasticities, and a ranking by what is within reach of the client's own history.

A change of ten percent is not equally hard everywhere. So each lever is judged by the range it has really had: the money between now and
the better end of its historic 10 to 90 % range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.batches import Note
from metrics.drivers import LEVER, Driver, Tree, slopes, undefined, values

LEAST_PERIODS = 8
REACH = (0.1, 0.9)


@dataclass(frozen=True)
class Lever:
    """One driver, judged. `gain` is from now to the better end of its own range, `score` what feasibility and cost leave of that.

    Unit: `now`, `low`, `high` (10 and 90 % of its history over `periods`) of the driver; `at_low`, `at_high`, `gain`, `score` and
    `by_tenth` (exact effect of +10 %) of the outcome; `elasticity` percent of the outcome per percent of the driver, NaN where the
    outcome is zero. NaN in all that rests on a history that is not there.
    """

    driver: Driver
    now: float
    elasticity: float
    by_tenth: float
    periods: int
    low: float = float("nan")
    high: float = float("nan")
    at_low: float = float("nan")
    at_high: float = float("nan")
    gain: float = float("nan")
    score: float = 0.0
    reason: Note | None = None


@dataclass(frozen=True)
class Ranking:
    """Levers by score, best first; those that cannot be ranked come last with their reason. `reason` says why there is none at all."""

    levers: tuple[Lever, ...]
    reason: Note | None = None


def effect(tree: Tree, now: Mapping[str, float], driver: str, change: float) -> float:
    """Exact change of the outcome when one driver changes by a share of itself and nothing else moves. Unit: of the outcome."""
    moved = {**now, driver: now[driver] * (1 + change)}
    return _outcome(tree, moved) - _outcome(tree, now)


def elasticities(tree: Tree, now: Mapping[str, float]) -> dict[str, float]:
    """Percent of the outcome per percent of each driver, exact. For profit they exceed one: costs do not shrink with revenue."""
    outcome = _outcome(tree, now)
    return {key: slope * now[key] / outcome if outcome else float("nan") for key, slope in slopes(tree, now).items()}


def rank_levers(
    tree: Tree,
    now: Mapping[str, float],
    history: pd.DataFrame,
    feasibility: Mapping[str, float] | None = None,
    cost: Mapping[str, float] | None = None,
) -> Ranking:
    """Levers ranked by money within the client's own historic range.

    `feasibility` (0 to 1, default 1) and `cost` (share of the gain that reaching it costs, default 0) by driver.

    Shape: history has one row per period and drivers as columns; columns may be absent. Budgets and givens are not ranked.
    """
    reason = undefined(tree, now)
    if reason:
        return Ranking((), reason)
    share = elasticities(tree, now)
    judged = [
        _judge(tree, now, driver, _known(history, driver.key), share[driver.key], _weight(driver.key, feasibility, cost))
        for driver in tree.drivers
        if driver.role == LEVER
    ]
    return Ranking(tuple(sorted(judged, key=lambda lever: (lever.reason is not None, -lever.score))))


def _weight(key: str, feasibility: Mapping[str, float] | None, cost: Mapping[str, float] | None) -> float:
    return (feasibility or {}).get(key, 1.0) * (1 - (cost or {}).get(key, 0.0))


def _judge(tree: Tree, now: Mapping[str, float], driver: Driver, known: pd.Series, share: float, weight: float) -> Lever:
    plain = Lever(driver, now[driver.key], share, effect(tree, now, driver.key, 0.1), len(known))
    if len(known) < LEAST_PERIODS:
        facts = {"known": len(known), "least": LEAST_PERIODS}
        return replace(plain, reason=Note("drivers", "Its own range is not known yet: {known} periods, {least} are needed", facts))
    low, high = (float(end) for end in known.quantile(list(REACH)))
    here = _outcome(tree, now)
    at_low, at_high = (_outcome(tree, {**now, driver.key: end}) - here for end in (low, high))
    gain = max(at_low, at_high, 0.0)
    best = None if gain > 0 else Note("drivers", "Already at the best of its own history: there is nothing within reach")
    return replace(plain, low=low, high=high, at_low=at_low, at_high=at_high, gain=gain, score=gain * weight, reason=best)


def _known(history: pd.DataFrame, key: str) -> pd.Series:
    column: pd.Series = history[key] if key in history else pd.Series(dtype=float)
    return column[np.isfinite(column.astype(float))]


def _outcome(tree: Tree, drivers: Mapping[str, float]) -> float:
    return float(values(tree, drivers)[tree.outcome.key])
