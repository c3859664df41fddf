"""Array types, and the few operations on arrays in which the whole room is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ids = NDArray[np.uint64]
Days = NDArray[np.datetime64]
Random = np.random.Generator

DAY = 86_400
"""Seconds in a day."""


def shares(weights: Floats) -> Floats:
    """Running shares of each row. Shape: as given, rows end in 1; a row without weight gives all to its last place."""
    total = weights.sum(axis=1, keepdims=True)
    running: Floats = np.cumsum(weights, axis=1) / np.where(total > 0, total, 1.0)
    running[:, -1] = 1.0
    return running


def pick(running: Floats, row: Ints, chance: Floats) -> Ints:
    """Draw a place in row `row` of the running shares for every chance in [0, 1)."""
    rows, places = running.shape
    # One sorted line: row r occupies (r, r + 1], so that a single search answers all draws.
    line = (running + np.arange(rows)[:, None]).ravel()
    found = np.searchsorted(line, row + chance, side="right")
    place: Ints = np.clip(found - row * places, 0, places - 1).astype(np.int64)
    return place


def draw(weights: Sequence[float], count: int, random: Random) -> Ints:
    """Draw `count` places by one set of weights."""
    table = shares(np.array([list(weights)], dtype=np.float64))
    return pick(table, np.zeros(count, dtype=np.int64), random.random(count))


def ramp(age: Floats, begins: float, lasts: float) -> Floats:
    """From 0, `begins` days ago, straight up to 1 after `lasts` days, then 1. `age` is days before the last day."""
    rising: Floats = np.clip((begins - age) / lasts, 0.0, 1.0)
    return rising


def running_sum(values: Floats, lengths: Ints) -> Floats:
    """Running sums that start anew in every group. `lengths` are the sizes of consecutive groups."""
    total = np.cumsum(values)
    firsts = np.cumsum(lengths) - lengths
    filled = lengths > 0
    before = np.where(firsts[filled] > 0, total[firsts[filled] - 1], 0.0)
    running: Floats = total - np.repeat(before, lengths[filled])
    return running
