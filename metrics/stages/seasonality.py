"""Demand made comparable from month to month: the seasonal profile that was knowable at the time, and money without its price.

A profile is one number per calendar month on the log scale, summing to zero: +0.2 for December says that a December is usually e^0.2 = 1.22
times an average month. It is estimated together with a trend that bends slowly, shrunk by how much the months really differ.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

YEARS_NEEDED = 2
_SIZES = np.array([0.0, 0.03, 0.06, 0.12, 0.25, 0.5])  # standard deviations between months that are tried
_BEND, _LEVEL = 0.003, 0.008  # how fast the trend may bend and jump, per month
_LEAST_NOISE = 0.02
_UNKNOWN = 1e4  # variance of a masked month: it says nothing


def profile(x: Floats, season: Ints, length: int = 12, borrowed: Floats | None = None) -> Floats:
    """The usual deviation of each calendar month from the trend, from the months given alone.

    Under two full years the borrowed profile stands (of the category, from a keyword tool); with none, zeros. From two years on it is the
    best linear prediction of month effects beside a smooth trend, averaged over how large such effects may be by marginal likelihood,
    so that a product without a season gets next to none.

    Shape: x (periods,) log demand, NaN where masked; season (periods,) calendar month 0 to length-1; out (length,). Unit: natural log.
    Source: Robinson 1991 (best linear unbiased prediction), Harvey 1989 (trend plus seasonal).
    """
    start = np.zeros(length) if borrowed is None else np.asarray(borrowed, dtype=float) - np.mean(borrowed)
    if length == 1 or len(x) < YEARS_NEEDED * length or np.isfinite(x).sum() < 1.5 * length:
        return start
    own: Floats = start + _effects(x - start[season], season, length)
    return own


def _effects(x: Floats, season: Ints, length: int) -> Floats:
    contrasts = _contrasts(length)
    precision, pull = _information(x, contrasts[season], _noise(x, length))
    size, axes = np.linalg.eigh((precision + precision.T) / 2)
    size, pull = np.maximum(size, 0.0), axes.T @ pull
    spread = _SIZES[:, None] ** 2
    likely = 0.5 * np.sum(spread * pull**2 / (1 + spread * size) - np.log1p(spread * size), axis=1)
    weight = np.exp(likely - likely.max())
    mean = weight / weight.sum() @ (spread * pull / (1 + spread * size))
    effects: Floats = contrasts @ axes @ mean
    return effects


def _information(x: Floats, design: Floats, noise: float) -> tuple[Floats, Floats]:
    """Information on the month effects and its right-hand side.

    Second differences rid the series of any straight line, and leave a covariance of five diagonals: bends, jumps and noise of the trend.
    """
    known = np.isfinite(x)
    variance = np.where(known, noise, _UNKNOWN)
    bends = np.diff(np.where(known, x, np.nanmean(x)), n=2)
    diagonals = np.zeros((3, len(bends)))
    diagonals[2] = _BEND**2 + 2 * _LEVEL**2 + variance[2:] + 4 * variance[1:-1] + variance[:-2]
    diagonals[1, 1:] = -(_LEVEL**2) - 2 * variance[2:-1] - 2 * variance[1:-2]
    diagonals[0, 2:] = variance[2:-2]
    turned = np.diff(design, n=2, axis=0)
    solved = solveh_banded(diagonals, np.column_stack([turned, bends]), check_finite=False)
    return turned.T @ solved[:, :-1], turned.T @ solved[:, -1]


def _noise(x: Floats, length: int) -> float:
    """Noise variance from second differences of year-on-year differences, which neither a season nor a trend touches."""
    bends = np.abs(np.diff(x[length:] - x[:-length], n=2))
    bends = bends[np.isfinite(bends)]
    return float(max(_LEAST_NOISE, 1.4826 * np.median(bends) / np.sqrt(12) if len(bends) else 0.1) ** 2)


@lru_cache(maxsize=4)
def _contrasts(length: int) -> Floats:
    """Orthonormal columns that sum to zero. Shape: (length, length - 1)."""
    left = np.linalg.svd(np.eye(length) - 1 / length)[0]
    return np.asarray(left[:, : length - 1], dtype=float)


def logs(demand: Floats) -> Floats:
    """Natural logs; a month of zero counts as half the smallest month seen so far, so that the scale of the figures does not matter.

    Shape: (periods,) in and out, NaN stays NaN; the first known value is positive.
    """
    positive = np.where(demand > 0, demand, np.inf)
    least = np.minimum.accumulate(positive)
    taken: Floats = np.log(np.where(demand == 0, least / 2, demand))
    return taken


def deflated(revenue: pd.Series, price: pd.Series) -> pd.Series:
    """Revenue at the prices of the first month, so that dearer is not read as more.

    Shape: both indexed alike; out NaN where the price is not known. Unit: money of the first month with a price.
    """
    known = price.where(price > 0)
    real: pd.Series = revenue / (known / known.dropna().iloc[0])
    return real
