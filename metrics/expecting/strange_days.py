"""Days unlike the client's other days: weekday, holidays and season taken off, the level of the four weeks before taken for usual.

As for weeks (`metrics.unusual`): residuals on the log scale over the median of past ones, asked for more where few days are known. A day is
judged by what was known on the evening before.

Source: median and MAD, Hampel 1974.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtr

from metrics.expecting import calendar
from metrics.expecting.series import Daily
from metrics.expecting.shape import HOLIDAY_SPREAD, LEVEL_DAYS

NEEDED = 56
"""Past days that a judgement rests on."""
PAST = 182
STEADIEST = 0.05
_MAD, _EFFICIENCY = 1.4826, 0.37
_COLUMNS = ["value", "expected", "effect", "z", "chance"]


def judge_days(history: pd.Series[float], since: date, until: date) -> pd.DataFrame:
    """Every loaded day of a period; empty where the days before it are too few.

    Shape: history is indexed by day; out, one row per day: value, expected, effect, z, chance (two-sided p-value).
    """
    learnt = Daily.of(history, since - timedelta(days=1))
    whole = history[history.index <= pd.Timestamp(until)].astype("float64")
    if learnt.since is None or learnt.loaded < NEEDED or not len(whole):
        return pd.DataFrame(columns=_COLUMNS, dtype=np.float64)
    whole = whole.reindex(pd.date_range(learnt.since, until))
    weights = learnt.shape.weights(learnt.since, until)
    level = (whole / weights).rolling(LEVEL_DAYS, min_periods=LEVEL_DAYS // 2).median().shift(1)
    expected = level * weights
    rest = np.log(whole.clip(lower=0) + 0.5) - np.log(expected + 0.5)
    rows = {day: row for day in pd.date_range(since, until) if (row := _judged(day, whole, expected, rest, _doubt(day.date(), learnt)))}
    return pd.DataFrame.from_dict(rows, orient="index", columns=_COLUMNS)


def _doubt(day: date, learnt: Daily) -> float:
    """How far a holiday's effect may be off, by the years in which it was seen."""
    found = calendar.occasion(day)
    return HOLIDAY_SPREAD / math.sqrt(learnt.shape.years.get(found, 0) + 1) if found else 0.0


def _judged(
    day: pd.Timestamp, whole: pd.Series[float], expected: pd.Series[float], rest: pd.Series[float], doubt: float
) -> list[float] | None:
    past = rest[rest.index < day].iloc[-PAST:].dropna()
    if day not in rest.index or not np.isfinite(rest[day]) or len(past) < NEEDED:
        return None
    scale = math.hypot(max(_MAD * float(past.abs().median()), STEADIEST, 1 / math.sqrt(float(expected[day]) + 0.5)), doubt)
    ratio = float(rest[day]) / scale
    z = math.copysign(-float(ndtri(max(stdtr(_EFFICIENCY * len(past), -abs(ratio)), 1e-300))), ratio)
    value, usual = float(whole[day]), float(expected[day])
    return [value, usual, value / usual - 1 if usual > 0 else math.nan, z, 2 * float(ndtr(-abs(z)))]
