"""Which of four stories explains the last months of a product best: a trend filter over introduction, growth, maturity and decline.

The log of demand is a level that moves by a slope; the slope is pulled towards the typical slope of the stage the product is in, and
stages follow one another with known chances per month. One Kalman filter per stage runs, and the four are mixed at each step. The filter
takes many products at once (one row each) and leaves probabilities; nothing here knows what a calendar is.

Source: Blom & Bar-Shalom 1988 (interacting multiple models); Kim 1994 (smoothing).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

STAGES = ("introduction", "growth", "maturity", "decline")
INTRODUCTION, GROWTH, MATURITY, DECLINE = range(4)
DEGREES = 5.0  # of freedom of the Student-t noise
MEANING = {
    "introduction": "Flat and low since launch",
    "growth": "Growing by several percent a month",
    "maturity": "Flat, after growth",
    "decline": "Falling",
}


@dataclass(frozen=True)
class StageModel:
    """What the four stories look like. Rows and columns of `chances` are introduction, growth, maturity, decline.

    Unit: slopes and their spreads are changes of the natural log per period (0.04 is about 4 %); `band` is the slope that still
    counts as flat; `doubt` is the number of periods after which the extra noise of a short history (its season is hardly known) has
    fallen to as much again as the noise itself; `calm` is the power that turns the filter's probabilities into calibrated ones.
    """

    chances: tuple[tuple[float, ...], ...]
    slope: tuple[float, ...]
    spread: tuple[float, ...]
    persistence: float
    level_noise: float
    least_noise: float
    band: float
    known_noise: float | None = None
    doubt: float = 0.0
    calm: float = 1.75
    sure: float = 0.6

    @property
    def matrix(self) -> Floats:
        return np.array(self.chances)


MONTHLY = StageModel(
    chances=((0.90, 0.075, 0.0, 0.025), (0.0, 0.94, 0.05, 0.01), (0.0, 0.01, 0.961, 0.029), (0.0, 0.01, 0.02, 0.97)),
    slope=(0.005, 0.075, 0.0, -0.040),
    spread=(0.020, 0.035, 0.010, 0.020),
    persistence=0.85,
    level_noise=0.008,
    least_noise=0.02,
    doubt=24.0,
    band=0.01,
)
ANNUAL = StageModel(
    chances=((0.75, 0.22, 0.0, 0.03), (0.0, 0.84, 0.13, 0.03), (0.0, 0.04, 0.84, 0.12), (0.0, 0.03, 0.05, 0.92)),
    slope=(0.3, 0.25, 0.0, -0.18),
    spread=(0.4, 0.15, 0.05, 0.12),
    persistence=0.6,
    level_noise=0.04,
    least_noise=0.03,
    known_noise=0.03,
    band=0.05,
)


def with_band(model: StageModel, band: float) -> StageModel:
    """The model with another idea of "flat": `band` is the largest slope per period that still counts as maturity.

    NB: growth and decline move twice as far as the band, because the line between two stages lies half-way between their slopes.
    """
    shift = 2 * (band - model.band)
    introduction, growth, maturity, decline = model.slope
    return replace(model, band=band, slope=(introduction, growth + shift, maturity, decline - shift))


class Filtered(NamedTuple):
    """What the filter knew after each period. Shape: arrays of (products, periods, 4 stages)."""

    chance: Floats
    level: Floats
    slope: Floats
    level_var: Floats
    slope_var: Floats


class _State(NamedTuple):
    chance: Floats
    level: Floats
    slope: Floats
    ll: Floats  # variance of the level
    ls: Floats  # their covariance
    ss: Floats  # variance of the slope


def noise(x: Floats, periods: NDArray[np.intp], model: StageModel) -> Floats:
    """Variance of the month-to-month noise, from second differences, which a trend leaves untouched; larger while the history is short.

    Shape: x (products, longest) with NaN for months unknown, periods (products,) how many columns count; out (products,).
    """
    if model.known_noise is not None:
        return np.full(len(x), model.known_noise**2)
    bends = np.abs(np.diff(x, n=2, axis=1)) if x.shape[1] > 2 else np.full((len(x), 1), np.nan)
    typical = np.array([np.median(row[np.isfinite(row)]) if np.isfinite(row).any() else 0.0 for row in bends])
    variance: Floats = np.maximum(model.least_noise, 1.4826 * typical / np.sqrt(6.0)) ** 2 * (1 + model.doubt / periods)
    return variance


def filtered(x: Floats, model: StageModel, launched: bool, variance: Floats) -> Filtered:
    """Probabilities, level and slope after each period, from the past of that period alone.

    Shape: x (products, periods), log demand free of season, NaN where masked; the first column is known.
    Source: Blom & Bar-Shalom 1988.
    """
    state = _start(x[:, 0], model, launched, variance)
    steps = [state]
    for column in x.T[1:]:
        state = _step(state, column, model, variance)
        steps.append(state)
    chance, level, slope, ll, _, ss = (np.stack(part, axis=1) for part in zip(*steps, strict=True))
    return Filtered(chance, level, slope, ll, ss)


def last_chances(x: Floats, periods: NDArray[np.intp], model: StageModel, launched: NDArray[np.bool_], variance: Floats) -> _State:
    """The filter's state at the last period of each row, for rows of different lengths.

    Shape: x (rows, longest), periods (rows,) how many columns of each row count; state arrays of (rows, 4).
    """
    order = np.argsort(-periods, kind="stable")
    x, periods, launched, variance = x[order], periods[order], launched[order], variance[order]
    state = _start(x[:, 0], model, launched, variance)
    final = _State(*(part.copy() for part in state))
    for column in range(1, x.shape[1]):
        going = int(np.searchsorted(-periods, -column, side="left"))
        if not going:
            break
        state = _State(*(part[:going] for part in state))
        state = _step(state, x[:going, column], model, variance[:going])
        for whole, part in zip(final, state, strict=True):
            whole[:going] = part
    back = np.argsort(order, kind="stable")
    return _State(*(part[back] for part in final))


def _start(first: Floats, model: StageModel, launched: bool | NDArray[np.bool_], variance: Floats) -> _State:
    rows = len(first)
    at_launch = np.broadcast_to(np.asarray(launched), (rows,))[:, None]
    chance = np.where(at_launch, np.array([1.0, 0.0, 0.0, 0.0]), np.array([0.0, 0.34, 0.33, 0.33]))
    wide = np.ones((rows, 4))
    level, doubt = first[:, None] * wide, variance[:, None] * wide
    return _State(chance, level, np.array(model.slope) * wide, doubt, 0.0 * wide, np.array(model.spread) ** 2 * wide)


def _step(state: _State, seen: Floats, model: StageModel, variance: Floats) -> _State:
    return _update(_predict(_mix(state, model), model), seen[:, None], variance[:, None])


def _mix(state: _State, model: StageModel) -> _State:
    joint = state.chance[:, :, None] * model.matrix
    into = joint.sum(axis=1)
    possible = into[:, None, :] > 0
    # NB: a stage nobody can be in yet (growth at launch) gets some state, not NaN; its probability stays zero.
    weight = np.where(possible, joint / np.where(possible, into[:, None, :], 1.0), 0.25)
    level, slope = (np.einsum("bj,bjk->bk", part, weight) for part in (state.level, state.slope))
    off_level = state.level[:, :, None] - level[:, None, :]
    off_slope = state.slope[:, :, None] - slope[:, None, :]

    def spread(part: Floats, one: Floats, other: Floats) -> Floats:
        mixed: Floats = np.sum(weight * (part[:, :, None] + one * other), axis=1)
        return mixed

    ll, ls = spread(state.ll, off_level, off_level), spread(state.ls, off_level, off_slope)
    return _State(into, level, slope, ll, ls, spread(state.ss, off_slope, off_slope))


def _predict(state: _State, model: StageModel) -> _State:
    keep, pull = model.persistence, np.array(model.slope)
    drift = (1 - keep**2) * np.array(model.spread) ** 2
    return _State(
        state.chance,
        state.level + state.slope,
        keep * state.slope + (1 - keep) * pull,
        state.ll + 2 * state.ls + state.ss + model.level_noise**2,
        keep * (state.ls + state.ss),
        keep**2 * state.ss + drift,
    )


def _update(state: _State, seen: Floats, variance: Floats) -> _State:
    known = np.isfinite(seen)
    miss = np.where(known, seen - state.level, 0.0)
    total = state.ll + variance
    far = miss**2 / total
    trust = np.clip((DEGREES + 1) / (DEGREES + far), 0.05, 1.0)
    heard = np.where(known, 1.0, 0.0) / (state.ll + variance / trust)
    gain_level, gain_slope = state.ll * heard, state.ls * heard
    weight = np.log(np.maximum(state.chance, 1e-300)) + np.where(known, _student(far, total), 0.0)
    chance = np.exp(weight - weight.max(axis=1, keepdims=True)) * (state.chance > 0)
    return _State(
        chance / chance.sum(axis=1, keepdims=True),
        state.level + gain_level * miss,
        state.slope + gain_slope * miss,
        state.ll - gain_level * state.ll,
        state.ls - gain_level * state.ls,
        state.ss - gain_slope * state.ls,
    )


def _student(far: Floats, total: Floats) -> Floats:
    """Log density of a Student-t with 5 degrees of freedom; `far` is the squared miss over `total`, its squared scale."""
    constant = gammaln((DEGREES + 1) / 2) - gammaln(DEGREES / 2) - 0.5 * np.log(DEGREES * np.pi)
    density: Floats = constant - 0.5 * np.log(total) - (DEGREES + 1) / 2 * np.log1p(far / DEGREES)
    return density


def calibrated(chance: Floats, model: StageModel) -> Floats:
    """Probabilities raised to the model's `calm` and scaled back to one; applied after the filter, never inside it."""
    raised = np.maximum(chance, 0.0) ** model.calm
    scaled: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return scaled


def smoothed(chance: Floats, model: StageModel) -> Floats:
    """Probabilities in hindsight: what is known of each period now that the later ones are known.

    Shape: (periods, 4) in and out. Source: Kim 1994.
    """
    out = chance.copy()
    for t in range(len(chance) - 2, -1, -1):
        ahead = chance[t] @ model.matrix
        ratio = np.divide(out[t + 1], ahead, out=np.zeros(4), where=ahead > 0)
        out[t] = chance[t] * (model.matrix @ ratio)
        out[t] /= out[t].sum()
    return out


def sampled_paths(chance: Floats, model: StageModel, paths: int = 200, seed: int = 0) -> NDArray[np.intp]:
    """Histories of stages that could have been, drawn backwards. Shape: chance (periods, 4), out (paths, periods)."""
    random = np.random.default_rng(seed)
    drawn = np.empty((paths, len(chance)), dtype=np.intp)
    drawn[:, -1] = _draw(np.broadcast_to(chance[-1], (paths, 4)), random)
    for t in range(len(chance) - 2, -1, -1):
        drawn[:, t] = _draw(chance[t] * model.matrix[:, drawn[:, t + 1]].T, random)
    return drawn


def _draw(weight: Floats, random: np.random.Generator) -> NDArray[np.intp]:
    edges = np.cumsum(weight, axis=1)
    return np.asarray((random.random(len(weight))[:, None] * edges[:, -1:] > edges).sum(axis=1), dtype=np.intp)


def chance_of_decline(now: Floats, model: StageModel, periods: int) -> float:
    """The chance that decline is reached within so many periods, counting a decline that is already there."""
    alive = np.asarray(now, dtype=float)[:DECLINE]
    inside = model.matrix[:DECLINE, :DECLINE]
    for _ in range(periods):
        alive = alive @ inside
    return float(min(1.0, max(0.0, 1.0 - alive.sum())))
