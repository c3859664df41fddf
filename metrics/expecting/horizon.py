"""A quarter or more ahead: every period as it was a season ago, moved by the drift of the last season, with a band from its own errors.

Source: seasonal naive with drift (Hyndman & Athanasopoulos 2021); the band from rolling-origin errors (Tashman 2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from data.batches import Note
from metrics.stats import Interval

Floats = NDArray[np.float64]

BAND = 0.80
ORIGINS = 3
"""Past forecasts that the band needs at least."""
_METHOD, _SOURCE = "seasonal naive with drift", "Hyndman & Athanasopoulos 2021; rolling-origin errors (Tashman 2000)"


@dataclass(frozen=True, eq=False)
class Horizon:
    """Periods ahead and their sum. With a `note` the frame is empty and the note says why.

    Shape: frame has one row per period ahead, columns expected, low, high. `origins` past forecasts made the band.
    """

    frame: pd.DataFrame
    total: float
    band: Interval | None
    origins: int
    note: Note | None = None


def outlook(history: pd.Series[float], steps: int, season: int) -> Horizon:
    """Forecast of the next `steps` periods of a regular series: months (season 12) or weeks (season 52), oldest first.

    Forecast and errors are on the log scale unless some value is not positive. At least season + steps + 3 periods are needed, more
    make the band honest.
    """
    values = history.to_numpy(dtype=np.float64, na_value=np.nan)
    needed = season + 1 + steps + ORIGINS - 1
    if len(values) < needed or not np.isfinite(values).all():
        return _silent(int(np.isfinite(values).sum()), needed)
    log = bool((values > 0).all())
    scale = np.asarray(np.log(values) if log else values, dtype=np.float64)
    origins = range(season + 1, len(values) - steps + 1)
    past = np.array([_forecast(scale[:origin], steps, season) for origin in origins])
    seen = np.array([scale[origin : origin + steps] for origin in origins])
    ahead = _forecast(scale, steps, season)
    # NB: origins that overlap repeat each other's errors; only those a whole horizon apart are news.
    width = float(stdtrit(max(1.0, len(past) / steps), (1 + BAND) / 2))
    half = float(stdtrit(len(past), (1 + BAND) / 2)) * np.sqrt(((seen - past) ** 2).mean())
    total, total_half = _unit(ahead, log).sum(), width * _total_error(past, seen, log)
    low, high = (total * np.exp(-total_half), total * np.exp(total_half)) if log else (total - total_half, total + total_half)
    frame = pd.DataFrame({"expected": _unit(ahead, log), "low": _unit(ahead - half, log), "high": _unit(ahead + half, log)})
    return Horizon(frame, float(total), Interval(float(low), float(high), BAND, _METHOD, _SOURCE), len(past))


def _forecast(scale: Floats, steps: int, season: int) -> Floats:
    """The same period of the last season plus, for every season ahead, the mean step from the season before to the last."""
    pairs = min(season, len(scale) - season)
    drift = (scale[-pairs:] - scale[-pairs - season : -season]).mean()
    ahead = np.arange(steps)
    found: Floats = scale[len(scale) - season + ahead % season] + drift * (ahead // season + 1)
    return found


def _total_error(past: Floats, seen: Floats, log: bool) -> float:
    forecast, fact = _unit(past, log).sum(axis=1), _unit(seen, log).sum(axis=1)
    errors = np.log(fact / forecast) if log else fact - forecast
    return float(np.sqrt((errors**2).mean()))


def _unit(scale: Floats, log: bool) -> Floats:
    return np.exp(scale) if log else scale


def _silent(known: int, needed: int) -> Horizon:
    text = "Too short a history for a long outlook: {known} periods without gaps, at least {needed} are needed."
    empty = pd.DataFrame({"expected": [], "low": [], "high": []}, dtype=np.float64)
    return Horizon(empty, np.nan, None, 0, Note("pace", text, {"known": known, "needed": needed}))
