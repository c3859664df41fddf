"""How far chance alone could move each part of a change: both periods are drawn again and again, and every part gets a range.

Counts are drawn from what their true rate may be (gamma, wider than Poisson by the dispersion of the segment's own days), amounts as a
random number of orders of random size, spend as it is: it is known to the kopeck.

Source: parametric bootstrap (Efron & Tibshirani 1993); rates of counts by Jeffreys' prior (Brown, Cai & DasGupta 2003).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics.registry import MEASURES
from metrics.stats import CHANGE_LEVEL, ENOUGH, TYPICAL_SPREAD

Floats = NDArray[np.float64]
Drawn = Mapping[str, Floats]
"""Measure -> (draws, segments)."""

DRAWS = 1000
METHOD = "both periods drawn again 1000 times"
SOURCE = "Efron & Tibshirani 1993; Brown, Cai & DasGupta 2003"


@dataclass(frozen=True)
class Range:
    """Where a part may lie by chance (90 %). `real`: the range leaves zero out and there are events enough to say so."""

    low: float
    high: float
    real: bool


def ranges(
    before: pd.DataFrame, after: pd.DataFrame, parts: Callable[[Drawn, Drawn], Floats], dispersion: pd.Series[float], seed: int = 0
) -> tuple[list[Range], Range]:
    """Ranges of the parts, and of their sum.

    Shape: both frames (segments, measures); `parts` takes drawn measures of both periods to (draws, segments); dispersion (segments,).
    """
    random = np.random.default_rng(seed)
    wide = np.maximum(dispersion.reindex(before.index).fillna(1.0).to_numpy(dtype=np.float64), 1.0)
    drawn = [_drawn(period, wide, random) for period in (before, after)]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = parts(*drawn)
    enough = _enough(before) | _enough(after)
    each = [_range(found[:, place], bool(enough[place])) for place in range(found.shape[1])]
    return each, _range(found.sum(axis=1), bool(_enough(before.sum().to_frame().T)[0] and _enough(after.sum().to_frame().T)[0]))


def _drawn(period: pd.DataFrame, wide: Floats, random: np.random.Generator) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for name in period.columns:
        values, kind = period[name].to_numpy(dtype=np.float64), MEASURES[name].noise
        if kind == "exact":
            found[name] = np.broadcast_to(values, (DRAWS, len(values)))
        elif kind == "count":
            found[name] = _counts(values, wide, random)
        else:
            events = period[kind].to_numpy(dtype=np.float64) if kind in period else np.ones(len(period))
            found[name] = _amounts(values, events, MEASURES[name].spread or TYPICAL_SPREAD, wide, random)
    return found


def _counts(values: Floats, wide: Floats, random: np.random.Generator) -> Floats:
    # NB: half an event is added so that none seen does not mean none possible.
    shape = np.maximum(values, 0.0) / wide + 0.5
    drawn: Floats = random.gamma(shape, wide, (DRAWS, len(values)))
    return drawn


def _amounts(values: Floats, counted: Floats, spread: float, wide: Floats, random: np.random.Generator) -> Floats:
    events = np.where(counted > 0, counted, 1.0)
    number = random.gamma(events / wide + 0.5, wide, (DRAWS, len(values))) / (events + 0.5 * wide)
    width = np.sqrt(np.log1p(spread**2 / events))
    size = np.exp(random.standard_normal((DRAWS, len(values))) * width - width**2 / 2)
    drawn: Floats = values * number * size
    return drawn


def _enough(period: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a segment has events enough for a verdict; what is exact needs none."""
    noisy = [name for name in period.columns if MEASURES[name].noise == "count"]
    if not noisy:
        return np.ones(len(period), dtype=np.bool_)
    rarest: NDArray[np.bool_] = period[noisy].min(axis=1).to_numpy() >= ENOUGH
    return rarest


def _range(drawn: Floats, enough: bool) -> Range:
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return Range(float("nan"), float("nan"), False)
    low, high = (float(end) for end in np.quantile(known, [(1 - CHANGE_LEVEL) / 2, (1 + CHANGE_LEVEL) / 2]))
    return Range(low, high, enough and (low > 0 or high < 0))
