"""Response curves from the client's own weeks: carry-over and saturation per channel beside trend, season and events.

For given carry-over and saturation the rest is linear, so only these few numbers are searched for and the rest is solved at each step
(variable projection). What enters is spend and result by week; what leaves are curves with bootstrap draws. Whether they may be believed is
decided in `response_gate`.

Source: Golub & Pereyra 1973 (variable projection); Jin et al. 2017 (adstock and saturation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares, nnls

from metrics.spending.response_curve import WEEKS, Curve, Shape, adstock

Floats = NDArray[np.float64]

YEAR = 365.25 / 7
BLOCK = 8
DRAWS = 100
_ALPHA = (0.0, 0.9)
_LOG_HALF = (np.log(0.03), np.log(10.0))  # of the largest week's spend
_STARTS = ((0.2, 0.3), (0.5, 0.3), (0.2, 1.0), (0.5, 1.0), (0.7, 0.15))


@dataclass(frozen=True)
class ResponseFit:
    """Curves of the channels as one set of weeks tells them.

    Unit: `alpha` carry-over per week; `share` of all that media brought; `per_unit` result per unit of spend over the weeks; `explained`
    share of the result's variance. Shape: `fitted` (weeks,).
    """

    curves: dict[str, Curve]
    alpha: dict[str, float]
    share: dict[str, float]
    per_unit: dict[str, float]
    fitted: pd.Series
    explained: float


@dataclass(frozen=True)
class _Weeks:
    """Scaled data of one fit. Shape: media (weeks, channels) over each one's largest week; plain (weeks, columns) orthonormal baseline."""

    names: tuple[str, ...]
    media: Floats
    scale: Floats
    result: Floats
    size: float
    plain: Floats
    shape: Shape


def fit_response(spend: pd.DataFrame, result: pd.Series, events: pd.DataFrame | None = None, shape: Shape = "logistic") -> ResponseFit:
    """Fit all channels together.

    Shape: spend (weeks, channels), result (weeks,), events (weeks, marks): consecutive complete weeks, nothing missing, oldest first.
    """
    weeks = _scaled(spend, result, events, shape)
    best = _searched(weeks, weeks.result, _starts(len(weeks.names)))
    return _described(weeks, best, weeks.result, result.index)


def bootstrap(
    spend: pd.DataFrame, result: pd.Series, events: pd.DataFrame | None = None, shape: Shape = "logistic", draws: int = DRAWS, seed: int = 0
) -> list[ResponseFit]:
    """Fits to weeks that could have been: residuals drawn again in blocks of eight weeks, which keeps their memory.

    Source: Kunsch 1989 (moving blocks).
    """
    weeks = _scaled(spend, result, events, shape)
    best = _searched(weeks, weeks.result, _starts(len(weeks.names)))
    fitted = _solved(weeks, best, weeks.result)[1]
    random = np.random.default_rng(seed)
    rest = weeks.result - fitted
    fits = []
    for _ in range(draws):
        again = fitted + _blocks(rest - rest.mean(), random)
        fits.append(_described(weeks, _searched(weeks, again, [best]), again, result.index))
    return fits


def _blocks(rest: Floats, random: np.random.Generator) -> Floats:
    length = min(BLOCK, len(rest))
    starts = random.integers(0, len(rest) - length + 1, -(-len(rest) // length))
    return np.concatenate([rest[start : start + length] for start in starts])[: len(rest)]


def forecast(spend: pd.DataFrame, result: pd.Series, hold: int, events: pd.DataFrame | None = None, shape: Shape = "logistic") -> Floats:
    """The last `hold` weeks as a fit to the weeks before foresees them, given their spend and events. Shape: out (hold,)."""
    whole = _scaled(spend, result, events, shape)
    seen = len(result) - hold
    early = _scaled(spend.iloc[:seen], result.iloc[:seen], None if events is None else events.iloc[:seen], shape)
    best = _searched(early, early.result, _starts(len(early.names)))
    plain, media = _baseline(len(result), events), _felt(whole, best, early.scale)
    weights = _weights(early, best, early.result, plain[:seen])
    ahead: Floats = (plain @ weights[0] + media @ weights[1])[seen:] * early.size
    return ahead


def _weights(weeks: _Weeks, chosen: Floats, result: Floats, plain: Floats) -> tuple[Floats, Floats]:
    media, (most, _) = _felt(weeks, chosen, weeks.scale), _solved(weeks, chosen, result)
    return np.asarray(np.linalg.lstsq(plain, result - media @ most, rcond=None)[0], dtype=float), most


# ------------------------------------------------------------------------------------------------------------ pieces


def _scaled(spend: pd.DataFrame, result: pd.Series, events: pd.DataFrame | None, shape: Shape) -> _Weeks:
    media, y = spend.to_numpy(float), result.to_numpy(float)
    scale = np.where(media.max(axis=0) > 0, media.max(axis=0), 1.0)
    size = float(np.abs(y).mean()) or 1.0
    # NB: an event that never happened in these weeks is a column of zeros; it must not take a direction of its own.
    left, found, _ = np.linalg.svd(_baseline(len(y), events), full_matrices=False)
    plain = left[:, found > 1e-9 * found[0]]
    return _Weeks(tuple(str(name) for name in spend.columns), media / scale, scale, y / size, size, plain, shape)


def _baseline(weeks: int, events: pd.DataFrame | None) -> Floats:
    """Level, trend, a year as two waves, and marks of known events."""
    t = np.arange(weeks)
    waves = [wave(2 * np.pi * order * t / YEAR) for order in (1, 2) for wave in (np.sin, np.cos)]
    columns = [np.ones(weeks), t / YEAR, *waves]
    marks = [] if events is None else list(events.to_numpy(float).T)
    return np.column_stack([*columns, *marks])


def _starts(channels: int) -> list[Floats]:
    return [np.concatenate([np.full(channels, alpha), np.full(channels, np.log(half))]) for alpha, half in _STARTS]


def _felt(weeks: _Weeks, chosen: Floats, scale: Floats) -> Floats:
    """Each channel's saturated adstock, 0 to 1, for (alphas, logs of half). `scale`: spend that counts as one."""
    count = len(weeks.names)
    columns = []
    for k in range(count):
        curve = Curve(1.0, float(np.exp(chosen[count + k])), shape=weeks.shape)
        columns.append(_bent(curve, adstock(weeks.media[:, k] * weeks.scale[k] / scale[k], chosen[k], WEEKS)))
    return np.column_stack(columns)


def _bent(curve: Curve, spend: Floats) -> Floats:
    if curve.shape == "logistic":
        bent: Floats = np.tanh(np.arctanh(0.5) * spend / curve.half)
        return bent
    return spend / (curve.half + spend)


def _solved(weeks: _Weeks, chosen: Floats, result: Floats) -> tuple[Floats, Floats]:
    """Ceilings (never negative) and fitted result, the baseline solved beside them. Unit: of the mean result."""
    media = _felt(weeks, chosen, weeks.scale)
    rest = result - weeks.plain @ (weeks.plain.T @ result)
    free = media - weeks.plain @ (weeks.plain.T @ media)
    most = nnls(free, rest)[0]
    return most, result - (rest - free @ most)


def _searched(weeks: _Weeks, result: Floats, starts: list[Floats]) -> Floats:
    count = len(weeks.names)
    bounds = ([_ALPHA[0]] * count + [_LOG_HALF[0]] * count, [_ALPHA[1]] * count + [_LOG_HALF[1]] * count)
    fits = [least_squares(lambda chosen: _solved(weeks, chosen, result)[1] - result, start, bounds=bounds) for start in starts]
    return np.asarray(min(fits, key=lambda fit: float(fit.cost)).x, dtype=float)


def _described(weeks: _Weeks, chosen: Floats, y: Floats, index: pd.Index) -> ResponseFit:
    count = len(weeks.names)
    most, fitted = _solved(weeks, chosen, y)
    brought = (_felt(weeks, chosen, weeks.scale) * most).sum(axis=0) * weeks.size
    spent = (weeks.media * weeks.scale).sum(axis=0)
    halves = np.exp(chosen[count:]) * weeks.scale
    return ResponseFit(
        {name: Curve(float(most[k] * weeks.size), float(halves[k]), shape=weeks.shape) for k, name in enumerate(weeks.names)},
        {name: float(chosen[k]) for k, name in enumerate(weeks.names)},
        {name: float(brought[k] / brought.sum()) if brought.sum() > 0 else 0.0 for k, name in enumerate(weeks.names)},
        {name: float(brought[k] / spent[k]) if spent[k] > 0 else float("nan") for k, name in enumerate(weeks.names)},
        pd.Series(fitted * weeks.size, index=index),
        float(1 - np.sum((y - fitted) ** 2) / np.sum((y - y.mean()) ** 2)),
    )
