"""Whether response curves may be shown as measured. Six checks; if one fails, the curves are published means and are labelled so.

A model always gives a number. This gate asks whether the weeks could have told another one: enough of them, spend that moved, channels that
did not move together, a forecast better than last year's weeks, and curves that stay put when the weeks are drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.batches import Note
from metrics.response import ResponseFit, bootstrap, fit_response, forecast
from metrics.spending.response_curve import PRIOR_ELASTICITY, SHAPES, Curve, Shape, assumed_curve

LEAST_WEEKS = 104
HOLD = 13
RECENT = 8
MEASURED, ASSUMED = "measured", "assumption"


@dataclass(frozen=True)
class Check:
    """One question of the gate: `value` against `limit`; `said` puts it in words."""

    key: str
    value: float
    limit: float
    passed: bool
    said: Note


@dataclass(frozen=True)
class ResponseReading:
    """Curves with the right to be shown or without. `basis`: measured, or assumption where a check failed; then `draws` is empty.

    Unit: `present` spend per week over the last eight weeks.
    """

    curves: dict[str, Curve]
    basis: str
    present: dict[str, float]
    checks: tuple[Check, ...]
    draws: tuple[dict[str, Curve], ...] = ()
    fit: ResponseFit | None = None
    per_unit: dict[str, tuple[float, float]] = field(default_factory=dict)
    reason: Note | None = None


def read_response(
    spend: pd.DataFrame, result: pd.Series, events: pd.DataFrame | None = None, draws: int = 100, seed: int = 0
) -> ResponseReading:
    """Fit, check and bootstrap, with the shape of curve that fits better; curves from published means where the weeks cannot carry more.

    `per_unit` is the 90 % range of the result per unit of spend.

    Shape: spend (weeks, channels), result (weeks,), events (weeks, marks); consecutive complete weeks, oldest first.
    """
    checks = [_weeks(result), _complete(spend, result), *_movement(spend), *_together(spend)]
    if not all(check.passed for check in checks):
        return _assumed(spend, result, checks)
    # NB: both shapes have as many parameters, and the average return hangs on the choice where spend never comes near zero.
    fits: dict[Shape, ResponseFit] = {shape: fit_response(spend, result, events, shape) for shape in SHAPES}
    shape = max(SHAPES, key=lambda one: fits[one].explained)
    fit = fits[shape]
    checks.append(_holds(spend, result, events, shape))
    drawn = bootstrap(spend, result, events, shape, draws, seed)
    checks += [_steady(name, [one.curves[name].most for one in drawn]) for name in fit.curves]
    if not all(check.passed for check in checks):
        return _assumed(spend, result, checks, fit)
    ranges = {name: _range([one.per_unit[name] for one in drawn]) for name in fit.curves}
    return ResponseReading(fit.curves, MEASURED, _present(spend), tuple(checks), tuple(one.curves for one in drawn), fit, ranges)


def _assumed(spend: pd.DataFrame, result: pd.Series, checks: list[Check], fit: ResponseFit | None = None) -> ResponseReading:
    """Published elasticity of all advertising, shared out by spend, through the present point of each channel."""
    present, now = _present(spend), float(np.nan_to_num(result.iloc[-RECENT:].mean()))
    total = sum(present.values())
    curves = {name: assumed_curve(x, now, PRIOR_ELASTICITY * x / total) if x > 0 else Curve(0.0, 1.0) for name, x in present.items()}
    failed = next(check for check in checks if not check.passed)
    return ResponseReading(curves, ASSUMED, present, tuple(checks), fit=fit, reason=failed.said)


def _present(spend: pd.DataFrame) -> dict[str, float]:
    return {str(name): float(np.nan_to_num(spend[name].iloc[-RECENT:].mean())) for name in spend.columns}


def _range(values: list[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


# ------------------------------------------------------------------------------------------------------------ checks


def _weeks(result: pd.Series) -> Check:
    text = "Weeks of history: {weeks}, at least {limit} are needed"
    return _at_least("weeks", len(result), LEAST_WEEKS, Note("response", text, {"weeks": len(result), "limit": LEAST_WEEKS}))


def _complete(spend: pd.DataFrame, result: pd.Series) -> Check:
    missing = int((spend.isna().any(axis=1) | result.isna()).sum())
    said = Note("response", "Weeks not loaded: {missing}, none may be missing", {"missing": missing})
    return Check("complete", missing, 0, missing == 0, said)


def _movement(spend: pd.DataFrame) -> list[Check]:
    """Spend has to have moved for its effect to show. Unit: standard deviation over mean."""
    found = []
    for name in spend.columns:
        mean = float(spend[name].mean())
        swing = float(spend[name].std(ddof=0)) / mean if mean > 0 else 0.0
        facts = {"channel": str(name), "swing": round(100 * swing), "limit": 30}
        text = "Spend on {channel} hardly moved: it varies by {swing}% of its mean, over {limit}% is needed"
        found.append(Check("movement", swing, 0.3, swing > 0.3, Note("response", text, facts)))
    return found


def _together(spend: pd.DataFrame) -> list[Check]:
    """Channels whose spend rises and falls together cannot be told apart."""
    table = spend.corr().to_numpy(float)
    count = len(table)
    if count < 2 or not np.isfinite(table).all():
        return []
    apart = np.abs(table - np.eye(count))
    first, second = (str(spend.columns[int(place)]) for place in np.unravel_index(int(np.argmax(apart)), apart.shape))
    facts = {"first": first, "second": second, "percent": round(100 * float(apart.max()))}
    pair = Note("response", "Spend on {first} and {second} moves together ({percent}%): their effects cannot be told apart", facts)
    inflation = np.diag(np.linalg.pinv(table)) if np.linalg.matrix_rank(table) == count else np.full(count, np.inf)
    worst = int(np.argmax(inflation))
    text = "Spend on {channel} follows the other channels: its effect cannot be told from theirs"
    mixed = Note("response", text, {"channel": str(spend.columns[worst])})
    return [
        Check("correlation", float(apart.max()), 0.8, bool(apart.max() < 0.8), pair),
        Check("inflation", float(inflation[worst]), 5.0, bool(inflation[worst] < 5), mixed),
    ]


def _holds(spend: pd.DataFrame, result: pd.Series, events: pd.DataFrame | None, shape: Shape) -> Check:
    """The last quarter foreseen better than by the same weeks of the year before. Unit: absolute error over the sum."""
    truth, last_year = result.to_numpy(float)[-HOLD:], result.to_numpy(float)[-HOLD - 52 : -52]
    ours = _error(forecast(spend, result, HOLD, events, shape), truth)
    naive = _error(last_year, truth)
    facts = {"ours": round(100 * ours), "naive": round(100 * naive)}
    text = "Forecast of the last quarter: off by {ours}%, last year's weeks by {naive}%; the model has to be better"
    return Check("forecast", ours, naive, ours < naive, Note("response", text, facts))


def _error(said: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    return float(np.abs(said - truth).sum() / max(np.abs(truth).sum(), 1e-300))


def _steady(name: str, ceilings: list[float]) -> Check:
    mean = float(np.mean(ceilings))
    swing = float(np.std(ceilings)) / mean if mean > 0 else float("inf")
    text = "The curve of {channel} changes too much when the weeks are drawn again"
    return Check("steady", swing, 0.5, swing < 0.5, Note("response", text, {"channel": name}))


def _at_least(key: str, value: float, limit: float, said: Note) -> Check:
    return Check(key, value, limit, value >= limit, said)
