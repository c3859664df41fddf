"""The diffusion curve of first purchases: innovators at rate p, imitators at rate q, m buyers in the end.

Share that has bought by t: F(t) = (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t). Room air conditioners, p .0104 and q .4186: peak at 8.6 years.
Before the peak m is not identified: a fit says so by `peak_seen`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BassPoints:
    """Landmarks of the curve.

    Unit: `peak`, `rise` and `fall` (the inflections) in periods from launch; `bought` and `rate` are the share of m that has bought by the
    peak, and that buys per period at the peak.
    """

    peak: float
    rise: float
    fall: float
    bought: float
    rate: float


@dataclass(frozen=True)
class BassFit:
    """p, q and m as estimated; `squares` the sum of squared errors in sales; `peak_seen` whether sales have passed their peak."""

    p: float
    q: float
    m: float
    squares: float
    peak_seen: bool


def adopted(t: Floats | float, p: float, q: float) -> Floats:
    """Share that has bought by time t. Source: Bass 1969."""
    gone = np.exp(-(p + q) * np.asarray(t, dtype=float))
    share: Floats = (1 - gone) / (1 + q / p * gone)
    return share


def bass_points(p: float, q: float) -> BassPoints:
    """Peak, inflections and what they mean. Source: Bass 1969; Mahajan, Muller & Srivastava 1990 for the stages they bound."""
    peak, wide = np.log(q / p) / (p + q), np.log(2 + np.sqrt(3)) / (p + q)
    return BassPoints(float(peak), float(peak - wide), float(peak + wide), 0.5 - p / (2 * q), (p + q) ** 2 / (4 * q))


def fit_bass(sales: Floats) -> BassFit:
    """Non-linear least squares on sales as differences of m F(t), the first period being the launch's.

    Shape: sales (periods,). Source: Srinivasan & Mason 1986.
    """
    sales = np.asarray(sales, dtype=float)
    edges = np.arange(len(sales) + 1, dtype=float)

    def miss(log: Floats) -> Floats:
        p, q, m = np.exp(log)
        off: Floats = m * np.diff(adopted(edges, p, q)) - sales
        return off

    starts = [np.log([p, q, sales.sum() * size]) for p in (0.003, 0.02) for q in (0.2, 0.5) for size in (1.2, 3.0)]
    best = min((least_squares(miss, start, method="trf", x_scale=1.0) for start in starts), key=lambda fit: float(fit.cost))
    p, q, m = (float(value) for value in np.exp(best.x))
    return BassFit(p, q, m, 2 * float(best.cost), _peak_seen(sales))


def fit_bass_ols(sales: Floats) -> BassFit | None:
    """Ordinary least squares of sales on earlier cumulative sales and their square; None where the parabola has no such roots.

    Source: Bass 1969.
    """
    sales = np.asarray(sales, dtype=float)
    before = np.concatenate([[0.0], np.cumsum(sales)[:-1]])
    design = np.column_stack([np.ones_like(before), before, before**2])
    (a, b, c), *_ = np.linalg.lstsq(design, sales, rcond=None)
    if c >= 0 or b**2 - 4 * a * c < 0 or a <= 0:
        return None
    m = (-b - np.sqrt(b**2 - 4 * a * c)) / (2 * c)
    squares = float(np.sum((design @ (a, b, c) - sales) ** 2))
    return BassFit(float(a / m), float(-c * m), float(m), squares, _peak_seen(sales))


def _peak_seen(sales: Floats) -> bool:
    return bool(np.argmax(sales) < len(sales) - 1)
