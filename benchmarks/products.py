"""Made-up products whose stage is known for every month, in two shapes that have little in common.

`regimes` is the protocol of the literature note: four regimes with their own slopes. `curves` has no regimes at all: the level is a
smooth diffusion curve with repeat purchases and an end, and the stage of a month is read off the slope of that noiseless curve.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

INTRO, GROW, HOLD, FALL = range(4)
PATHS = (
    ((INTRO, GROW, HOLD, FALL), 0.65),
    ((INTRO, GROW, HOLD, GROW, HOLD, FALL), 0.15),
    ((INTRO, FALL), 0.10),
    ((INTRO, GROW, FALL), 0.10),
)
MONTHS = {INTRO: (4, 15), GROW: (6, 30), HOLD: (12, 48), FALL: (8, 30)}


class Product(NamedTuple):
    """One product. Shape: all arrays (months,); `season` is the true seasonal deviation on the log scale, `month` 0 to 11."""

    demand: Floats
    stage: NDArray[np.intp]
    season: Floats
    month: NDArray[np.intp]


def regimes(count: int, seed: int) -> list[Product]:
    random = np.random.default_rng(seed)
    return [_regime(random) for _ in range(count)]


def curves(count: int, seed: int) -> list[Product]:
    random = np.random.default_rng([seed, 1])
    return [_curve(random) for _ in range(count)]


def _regime(random: np.random.Generator) -> Product:
    path = PATHS[random.choice(len(PATHS), p=[share for _, share in PATHS])][0]
    stage: list[int] = []
    slope: list[float] = []
    for part in path:
        months = int(random.integers(MONTHS[part][0], MONTHS[part][1] + 1))
        stage += [part] * months
        slope += list(_slopes(part, months, random))
    level = np.log(random.uniform(50, 500)) + np.cumsum(np.array(slope) + random.normal(0, 0.006, len(slope)))
    return _observed(level, np.array(stage), _waves(len(level), random), random.uniform(0.05, 0.20), random)


def _slopes(part: int, months: int, random: np.random.Generator) -> Floats:
    if part == INTRO:
        return np.full(months, random.normal(0.005, 0.01))
    if part == GROW:
        return random.uniform(0.04, 0.15) * np.linspace(1, 0.35, months)
    if part == HOLD:
        return np.full(months, random.normal(0, 0.004))
    return np.full(months, -random.uniform(0.02, 0.07))


def _waves(months: int, random: np.random.Generator) -> tuple[Floats, NDArray[np.intp]]:
    """A year as a sine and its half-year echo."""
    month = (np.arange(months) + random.integers(12)) % 12
    size, first, second = random.uniform(0, 0.3), *random.uniform(0, 2 * np.pi, 2)
    season = size * (np.sin(2 * np.pi * month / 12 + first) + 0.4 * np.sin(4 * np.pi * month / 12 + second))
    return season, month


def _peaks(months: int, random: np.random.Generator) -> tuple[Floats, NDArray[np.intp]]:
    """A year as shops know it: flat, with one peak of two or three months and one trough."""
    month = (np.arange(months) + random.integers(12)) % 12
    year = np.zeros(12)
    peak, trough = random.choice(12, 2, replace=False)
    year[[peak, (peak + 1) % 12]] += random.uniform(0, 0.6) * np.array([1.0, 0.6])
    year[[trough, (trough + 1) % 12]] -= random.uniform(0, 0.3)
    return (year - year.mean())[month], month


def _observed(
    level: Floats, stage: NDArray[np.intp], year: tuple[Floats, NDArray[np.intp]], size: float, random: np.random.Generator
) -> Product:
    season, month = year
    wild = np.where(random.random(len(level)) < 0.02, 4.0, 1.0)
    mean = np.exp(level + season + random.normal(0, size, len(level)) * wild)
    return Product(random.poisson(np.minimum(mean, 1e9)).astype(float), stage, season, month)


def _curve(random: np.random.Generator) -> Product:
    """Diffusion of a first purchase on a small steady base, buyers who come back, and an end that sets in by degrees.

    NB: noise remembers the month before, another thing that the filter does not assume; and 15 % of products never take off.
    """
    months = int(random.integers(48, 121))
    t = np.arange(months, dtype=float)
    floor, speed = random.uniform(0.05, 0.3), random.uniform(0.08, 0.35)
    takeoff = random.uniform(4, 15)
    middle = takeoff + np.log(speed / (0.015 * floor)) / speed
    adopted = 1 / (1 + np.exp(-speed * (t - middle))) * (random.random() > 0.15)
    first_buys = 4 * adopted * (1 - adopted) * random.uniform(0, 0.6)
    end = (middle if adopted.any() else takeoff) + random.uniform(12, 72)
    fading = random.uniform(0.02, 0.08) * np.logaddexp(0, (t - end) / 2.5) * 2.5
    smooth = np.log(floor + adopted + first_buys) - fading
    level = smooth - smooth[0] + np.log(random.uniform(50, 500))
    noise = _autoregression(months, random.uniform(0.04, 0.15), 0.3, random)
    return _observed(level + noise, _read_off(smooth), _peaks(months, random), 0.02, random)


def _autoregression(months: int, size: float, memory: float, random: np.random.Generator) -> Floats:
    shocks = random.standard_t(6, months) * size * np.sqrt((1 - memory**2) / 1.5)
    out = np.zeros(months)
    for t in range(1, months):
        out[t] = memory * out[t - 1] + shocks[t]
    return out


def _read_off(level: Floats, band: float = 0.015) -> NDArray[np.intp]:
    """Stages by the slope of the noiseless curve: beyond the band it grows or falls; flat before any growth is introduction."""
    slope = np.gradient(level)
    stage = np.where(slope > band, GROW, np.where(slope < -band, FALL, HOLD))
    grown = np.flatnonzero(stage == GROW)
    takeoff = grown[0] if len(grown) else len(level)
    stage[:takeoff][stage[:takeoff] == HOLD] = INTRO
    return stage.astype(np.intp)
