"""How many times wider than Poisson the days of a client scatter: events come in bunches, and a change has to be larger than those.

Each series is set against its own weekdays and its own level in either half of the days: with a level for each half, a change between
them, which is what is to be judged, does not pass for noise. Holidays are left out.

Source: Pearson chi-square over its degrees of freedom (McCullagh & Nelder 1989).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from metrics.expecting import calendar

Floats = NDArray[np.float64]

DAYS = 56
"""Days from which the scatter is learnt: two halves of four weeks."""
_HALF, _WEEK = DAYS // 2, 7
_NEEDED = 21
"""Loaded days that it takes."""


def bunching(values: Floats, until: date) -> Floats:
    """Variance over mean of the last days of several series, at least 1; 1 where too little is loaded or nothing came.

    Shape: values (DAYS, series), NaN where a day is not loaded, the last row is `until`; out (series,).
    """
    _, kinds = calendar.codes(until - timedelta(days=DAYS - 1), until)
    seen = np.where(np.isfinite(values) & (kinds < 0)[:, None], values, np.nan)
    known = np.isfinite(seen)
    place = np.arange(DAYS)
    half, weekday = (_marks(group) for group in (place // _HALF, place % _WEEK))
    expected = _expected(np.nan_to_num(seen), known.astype(np.float64), half, weekday)
    with np.errstate(divide="ignore", invalid="ignore"):
        strange = np.where(known & (expected > 0), (seen - expected) ** 2 / expected, 0.0).sum(axis=0)
    free = known.sum(axis=0) - (half.shape[1] + _WEEK - 1)
    enough = (known.sum(axis=0) >= _NEEDED) & (np.nansum(seen, axis=0) > 0)
    found: Floats = np.where(enough, np.maximum(1.0, strange / np.maximum(free, 1)), 1.0)
    return found


def _marks(groups: NDArray[np.intp]) -> Floats:
    """Shape: (days, groups), 1 where the day is in the group."""
    found: Floats = (groups[:, None] == np.unique(groups)[None, :]).astype(np.float64)
    return found


def _expected(seen: Floats, known: Floats, half: Floats, weekday: Floats) -> Floats:
    """Level of the half times weekday, fitted so that both add up to what was seen (iterative proportional fitting)."""
    fitted = known.copy()
    for marks in (half, weekday) * 4:
        over, under = marks.T @ seen, marks.T @ fitted
        fitted = fitted * (marks @ np.divide(over, under, out=np.zeros_like(over), where=under > 0))
    return fitted
