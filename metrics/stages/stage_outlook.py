"""From the filter's numbers to what a manager can say: the slope, the time in the stage, and what probably comes next, as ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.stages.stage_filter import STAGES, Filtered, Floats, StageModel, sampled_paths

_Z80 = 1.2816


@dataclass(frozen=True)
class Span:
    """A figure with its 10 to 90 % range. `at_least`: the history begins inside it, so it may be longer."""

    low: float
    mid: float
    high: float
    at_least: bool = False


@dataclass(frozen=True)
class Evidence:
    """What speaks for the stage, over `periods` that are known.

    Unit: `slope` relative change per period (0.04 is +4 %) with its 80 % interval; `to_peak` level now over the highest so far, which was
    at position `peak_at`.
    """

    slope: Span
    to_peak: float
    peak_at: int
    periods: int


@dataclass(frozen=True)
class Outlook:
    """The stage that usually follows and in how many periods from now."""

    stage: str
    periods: Span


def evidence(last: Filtered, periods: int) -> Evidence:
    """Slope with its 80 % interval and level against the peak so far, mixed over the four stages. `last`: one product."""
    chance = last.chance[0]
    level, slope = np.sum(chance * last.level[0], axis=1), np.sum(chance * last.slope[0], axis=1)
    variance = float(np.sum(chance[-1] * (last.slope_var[0, -1] + (last.slope[0, -1] - slope[-1]) ** 2)))
    low, mid, high = np.expm1(slope[-1] + _Z80 * np.sqrt(variance) * np.array([-1, 0, 1]))
    peak = int(np.argmax(level))
    return Evidence(Span(float(low), float(mid), float(high)), float(np.exp(level[-1] - level[peak])), peak, periods)


def time_in_stage(view: Floats, hindsight: Floats, stage: int, model: StageModel, launched: bool) -> Span:
    """Periods without a break in which the stage is the likelier story in hindsight; the range is from 200 histories that could have been.

    Shape: view and hindsight (periods, 4). Unit: periods.
    """
    mid = _run(hindsight[:, stage] > 0.5)
    paths = sampled_paths(view, model)
    runs = np.array([_run(path == stage) for path in paths if path[-1] == stage] or [mid])
    low, high = np.quantile(runs, [0.1, 0.9])
    return Span(float(min(low, mid)), float(mid), float(max(high, mid)), at_least=not launched and bool(max(high, mid) >= len(view)))


def _run(holds: NDArray[np.bool_]) -> int:
    """Length of the unbroken run of truths at the end."""
    breaks = np.flatnonzero(~holds)
    return len(holds) - 1 - int(breaks[-1]) if len(breaks) else len(holds)


def outlook(stage: int, model: StageModel) -> Outlook:
    """The stage that usually follows, after the usual time: a wide range on purpose.

    NB: extrapolating the slope was tried and is not offered. On products whose stages are known its 80 % range held the truth in fewer than
    half of the cases, the usual duration in more than nine of ten.
    """
    stay = model.matrix[stage, stage]
    following = model.matrix[stage].copy()
    following[stage] = 0.0
    early, late = (float(np.ceil(np.log(1 - part) / np.log(stay))) for part in (0.1, 0.9))
    return Outlook(STAGES[int(np.argmax(following))], Span(early, float(round(1 / (1 - stay))), late))
