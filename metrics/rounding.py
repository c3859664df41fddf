"""Figures that are printed rounded and must still add up on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

OTHERS = "all others"


@dataclass(frozen=True)
class Step:
    """One bar of a waterfall, as it is printed."""

    label: str
    amount: float


@dataclass(frozen=True)
class Waterfall:
    """From `start` over the steps to `end`: the printed figures add up, to the last digit shown."""

    start: float
    steps: tuple[Step, ...]
    end: float


def rounded(parts: Sequence[float], digits: int, total: float | None = None) -> list[float]:
    """Parts rounded so that they add up to the rounded total (of the parts, unless given), each at most one unit off.

    1.4, 1.4, 1.2 at no digits are 2, 1, 1. Negative digits round to tens, thousands and so on.
    Source: largest remainder (Hamilton's method).
    """
    unit = 10.0**-digits
    scaled = np.asarray(parts, dtype=np.float64) / unit
    floors = np.floor(scaled)
    aim = round(round(math.fsum(parts) if total is None else total, digits) / unit)
    missing = int(aim - floors.sum())
    order = np.argsort(floors - scaled, kind="stable")
    if len(order):
        floors += missing // len(order)
        floors[order[: missing % len(order)]] += 1
    return [round(float(units) * unit, max(digits, 0)) for units in floors]


def waterfall(before: float, after: float, amounts: pd.Series[float], digits: int, top: int = 8) -> Waterfall:
    """Bars of a change: the `top` largest by size in falling order, the rest in one bar. Amounts add up to after - before."""
    shown = amounts[amounts != 0]
    shown = shown.reindex(shown.abs().sort_values(ascending=False, kind="stable").index)
    # NB: one left over is shown by its own name: a bar of "all others" would take the same room.
    kept = len(shown) if len(shown) <= top + 1 else top
    labels = [_label(key) for key in shown.index[:kept]]
    values = list(shown.iloc[:kept])
    if kept < len(shown):
        labels, values = [*labels, OTHERS], [*values, float(shown.iloc[kept:].sum())]
    start, end = round(before, digits), round(after, digits)
    steps = [Step(label, amount) for label, amount in zip(labels, rounded(values, digits, end - start), strict=True)]
    return Waterfall(start, tuple(step for step in steps if step.amount or len(steps) == 1), end)


def _label(key: object) -> str:
    return " · ".join(map(str, key)) if isinstance(key, tuple) else str(key)
