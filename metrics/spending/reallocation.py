"""The same budget, divided better: equal marginal results within bounds, and the honest range of what that would gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, brentq, minimize

from data.batches import Note
from metrics.spending.response_curve import Curve

Floats = NDArray[np.float64]

REACH = 0.3
"""How far from present spend a curve may be trusted."""
STARTS = 20


@dataclass(frozen=True)
class Division:
    """Spend per channel that brings most, what it brings, and what the next unit of spend brings where bounds do not hold it."""

    spend: Mapping[str, float]
    result: float
    marginal: float


@dataclass(frozen=True)
class Shift:
    """A proposed move of money at the same total budget.

    `gain` is the change of the result per period, `low` and `high` its 90 % range over bootstrap curves. With a `reason` there is no
    defensible shift: the division stands for inspection, not as advice.
    """

    before: Mapping[str, float]
    after: Mapping[str, float]
    gain: float
    low: float
    high: float
    reason: Note | None = None


def divide(
    curves: Mapping[str, Curve], budget: float, bounds: Mapping[str, tuple[float, float]] | None = None, seed: int = 0
) -> Division | None:
    """The division of a budget with the largest result; None where the bounds leave no room for the budget.

    Concave curves by equal marginal results (bisection); S-shaped ones from many starts. `bounds`: least and most per channel.
    """
    names = list(curves)
    low = np.array([bounds[name][0] if bounds else 0.0 for name in names])
    high = np.array([bounds[name][1] if bounds else budget for name in names])
    if not low.sum() <= budget * (1 + 1e-12) or not budget <= high.sum() * (1 + 1e-12):
        return None
    chosen = [curves[name] for name in names]
    spend = _water([curve if curve.concave else replace(curve, steep=1.0) for curve in chosen], budget, low, high)
    if not all(curve.concave for curve in chosen):
        spend = _searched(chosen, budget, low, high, spend, seed)
    free = [curve.marginal(x) for curve, x, lo, hi in zip(chosen, spend, low, high, strict=True) if lo < x < hi]
    divided = {name: float(x) for name, x in zip(names, spend, strict=True)}
    return Division(divided, _total(chosen, spend), float(np.median(free)) if free else float("nan"))


def _water(curves: Sequence[Curve], budget: float, low: Floats, high: Floats) -> Floats:
    """Spend at the common marginal result that uses up the budget."""

    def at(log_marginal: float) -> Floats:
        filled: Floats = np.clip([curve.spend_at(float(np.exp(log_marginal))) for curve in curves], low, high)
        return filled

    steepest = max(curve.marginal(1e-9 * budget) for curve in curves)
    if steepest <= 0:
        return _topped_up(low, budget, high)
    top = np.log(steepest) + 1
    bottom = top - 60
    if at(bottom).sum() <= budget:
        return _topped_up(at(bottom), budget, high)
    if at(top).sum() >= budget:
        return at(top)
    return at(float(brentq(lambda m: at(m).sum() - budget, bottom, top, xtol=1e-13, rtol=1e-15)))


def _topped_up(spend: Floats, budget: float, high: Floats) -> Floats:
    """Money that no curve wants any more, put where there is room, so that the budget stays the budget."""
    room = high - spend
    topped: Floats = spend + room * max(budget - spend.sum(), 0.0) / max(room.sum(), 1e-300)
    return topped


def _searched(curves: Sequence[Curve], budget: float, low: Floats, high: Floats, start: Floats, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    starts = [start, *(_spread(random, budget, low, high) for _ in range(STARTS))]
    found = [np.clip(_climbed(curves, x, budget, low, high), low, high) for x in starts]
    kept = [start, *(x for x in found if abs(x.sum() - budget) < 1e-6 * budget)]
    return max(kept, key=lambda x: _total(curves, x))


def _climbed(curves: Sequence[Curve], start: Floats, budget: float, low: Floats, high: Floats) -> Floats:
    """The nearest top from a start. Spend is counted in budgets and the result in its start, so that units do not matter to the search."""
    size = max(_total(curves, start), 1e-300)
    found = minimize(
        lambda x: -_total(curves, x * budget) / size,
        start / budget,
        jac=lambda x: -_slopes(curves, x * budget) * budget / size,
        bounds=Bounds(low / budget, high / budget),
        constraints=[LinearConstraint(np.ones(len(curves)), 1.0, 1.0)],
        method="SLSQP",
    )
    return np.asarray(found.x, dtype=float) * budget


def _spread(random: np.random.Generator, budget: float, low: Floats, high: Floats) -> Floats:
    """A random division within bounds that uses the budget."""
    share = random.dirichlet(np.ones(len(low)))
    spend = np.clip(low + share * (budget - low.sum()), low, high)
    return _topped_up(spend, budget, high)


def _total(curves: Sequence[Curve], spend: Floats) -> float:
    return float(sum(curve.at(x) for curve, x in zip(curves, spend, strict=True)))


def _slopes(curves: Sequence[Curve], spend: Floats) -> Floats:
    return np.array([min(curve.marginal(max(x, 1e-9)), 1e12) for curve, x in zip(curves, spend, strict=True)])


def propose(curves: Mapping[str, Curve], draws: Sequence[Mapping[str, Curve]], present: Mapping[str, float], reach: float = REACH) -> Shift:
    """The best division of the present total within `reach` of each channel's present spend, judged over bootstrap draws of the curves.

    No defensible shift when the 90 % range of the gain covers zero.
    """
    bounds = {name: (x * (1 - reach), x * (1 + reach)) for name, x in present.items()}
    division = divide(curves, sum(present.values()), bounds)
    if division is None or sum(present.values()) <= 0:
        return _standing(present, "Nothing is spent, so there is nothing to move")
    if not draws:
        return _standing(present, "No defensible shift: the curves are assumptions, not measured on this client")
    gain = _gain(curves, present, division.spend)
    low, high = np.quantile([_gain(drawn, present, division.spend) for drawn in draws], [0.05, 0.95])
    facts = {"low": round(float(low)), "high": round(float(high))}
    reason = None if low > 0 else Note("response", "No defensible shift: the range of the gain, {low} to {high}, covers zero", facts)
    return Shift(dict(present), division.spend, gain, float(low), float(high), reason)


def _standing(present: Mapping[str, float], why: str) -> Shift:
    return Shift(dict(present), dict(present), 0.0, 0.0, 0.0, Note("response", why))


def _gain(curves: Mapping[str, Curve], before: Mapping[str, float], after: Mapping[str, float]) -> float:
    return sum(curve.at(after[name]) - curve.at(before[name]) for name, curve in curves.items())
