"""Older rules for the life cycle, kept as yardsticks: the bands of Polli and Cook, the slowdown of Golder and Tellis."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics.stages.stage_filter import DECLINE, GROWTH, INTRODUCTION, MATURITY, Floats


def polli_cook(demand: Floats, lag: int = 1, share: float = 0.05) -> NDArray[np.intp]:
    """Stage numbers by bands of half a standard deviation of the relative change around no change, in hindsight.

    Introduction lasts until demand first passes `share` of its peak, and at least the `lag` periods in which no change is known.
    NB: the launch boom inflates the deviation, so a long slow fall is called maturity: the reason for a better method.

    Shape: demand (periods,), positive; out (periods,) 0 introduction to 3 decline. Source: Polli & Cook 1969.
    """
    change = demand[lag:] / demand[:-lag] - 1
    width = 0.5 * float(np.std(change)) if len(change) else 0.0
    stage = np.full(len(demand), INTRODUCTION, dtype=np.intp)
    stage[lag:] = np.where(change > width, GROWTH, np.where(change < -width, DECLINE, MATURITY))
    stage[: int(np.argmax(demand >= share * demand.max()))] = INTRODUCTION
    return stage


def slowdown(demand: pd.Series) -> object | None:
    """First of two consecutive periods below the peak so far; None if there is none. Source: Golder & Tellis 2004."""
    below = (demand < demand.cummax()).to_numpy()
    both = np.flatnonzero(below[:-1] & below[1:])
    return demand.index[both[0]] if len(both) else None


def first_below(demand: pd.Series, share: float) -> object | None:
    """First period after the peak with demand under `share` of it; None if there is none."""
    after = demand.loc[demand.idxmax() :]
    low = after[after < share * after.iloc[0]]
    return low.index[0] if len(low) else None
