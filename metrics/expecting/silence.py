"""Stretches in which a series was off: nothing came for longer than chance explains. They are no example of its usual days.

A campaign is paused, a shop closes for the season, a CRM is not filled: zero is then the truth of those days, but it says nothing about the
days before and after, and nobody can tell from the figures when it will end.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from metrics.expecting.shape import LEVEL_DAYS

Floats = NDArray[np.float64]

SHORTEST = 7
"""Days; a shorter stretch of zeros is a long weekend or an outage, and stays in."""
SURPRISE = 8.0
"""Events, over the dispersion, that would have come: none of them has a chance of 1 in 3 000."""
SOLID = 10.0
"""Events, over the dispersion, that four weeks must have shown for their rate to be believed."""


def off(values: Floats) -> NDArray[np.bool_]:
    """Which days lie in a stretch without anything that chance does not explain. Shape: in (days,), NaN where not loaded; out (days,)."""
    found = np.zeros(len(values), dtype=np.bool_)
    nothing = ~(values > 0)
    for first, last in _runs(nothing):
        known = int(np.isfinite(values[first : last + 1]).sum())
        if known >= SHORTEST and max(_surprise(_near(values, first, -1), known), _surprise(_near(values, last, 1), known)) > SURPRISE:
            found[first : last + 1] = True
    return found


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of every unbroken run."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _near(values: Floats, edge: int, way: int) -> Floats:
    """The loaded days of the four weeks on one side of a stretch."""
    near = values[max(0, edge - LEVEL_DAYS) : edge] if way < 0 else values[edge + 1 : edge + 1 + LEVEL_DAYS]
    return near[np.isfinite(near)]


def _surprise(near: Floats, days: int) -> float:
    """By how much days without anything surprise beside those near them: by the events that would have come, or, where amounts differ too
    widely to say how many there were, by the days with any.
    """
    if len(near) < SHORTEST or not near.mean() > 0:
        return 0.0
    # NB: mean over dispersion is mean squared over variance, which has no unit; days off by rule widen it, so it errs on the safe side.
    rate = float(near.mean() ** 2 / max(near.var(ddof=1), 1e-12 * near.mean() ** 2))
    events = days * rate if rate * len(near) > SOLID else 0.0
    # The chance of no such day in `days` after k of n is (1 + days / n) ** -k, k being no surer than it is (gamma-Poisson).
    return max(events, int((near > 0).sum()) * math.log1p(days / len(near)))
