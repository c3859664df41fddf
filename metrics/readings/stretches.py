"""Stretches of a client's series that stand out: runs of weeks, ratios that have left the others, single days."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from data.batches import Note
from metrics.expecting.strange_days import judge_days
from metrics.readings.history import History
from metrics.readings.slow import LAST, slow
from metrics.readings.subject import digits_of, known
from metrics.readings.worth import Worth
from metrics.rows import Metric
from metrics.stats import discoveries
from metrics.unusual import ALERT, EFFECT, FALSE_SHARE, LEVEL_WEEKS, RUN, WATCH, State, Watched, weekly

if TYPE_CHECKING:
    from data.desk.marks import Mark

DAYS = 14
"""Days that are looked at one by one."""
LEAST = {"count": 5.0, "money": 5.0, "share": 10.0}
"""Events a week under which a series says nothing: by unit of the metric, a ratio needs more."""
DENSE = 20.0
"""Events a day from which single days are judged."""
LEAN = 1.5
"""Score from which a week leans to one side, so that several in a row count together."""
GRANTED = 0.2
"""Memory between neighbouring weeks that is assumed at least: they are judged against one level."""
HELD = 0.5
"""Part of a new level's distance that the last weeks must keep for it to hold."""


@dataclass(frozen=True)
class Also:
    """Another metric of the same channel that moved at the same time."""

    metric: str
    title: str
    effect: float | None


@dataclass(frozen=True)
class Finding:
    """Something unusual. `value` and `expected` are of the whole stretch for a sum (a mean week for a ratio or a new level).

    `money` is what it is worth (negative: lost), nan as None where nobody knows. `shift`: three weeks or more on one side, so a new
    level, and `holds` says that the last weeks are still there. `good` is the colour, None for neither.
    """

    grain: str
    metric: str
    title: str
    unit: str
    channel: str
    channel_title: str
    since: date
    until: date
    periods: int
    value: float
    expected: float
    digits: int
    effect: float | None
    z: float | None
    chance: float | None
    money: float | None
    good: bool | None
    state: State
    shift: bool = False
    holds: bool = False
    occasions: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    note: Note | None = None


@dataclass(frozen=True, eq=False)
class Series:
    metric: Metric
    channel: str
    days: pd.Series[float] | None
    watched: Watched
    events: str
    floor: float


# ------------------------------------------------------------------------------------------------------------------ series


def series_of(past: History, metric: Metric, channel: str, worth: Worth, marks: Sequence[Mark], floor: float) -> Series | None:
    """A series with events enough to be judged, its masked days left out."""
    events = (
        "orders"
        if "orders" in metric.measures or "revenue" in metric.measures
        else next((key for key in ("reaches", "goal_visits", "visits") if key in metric.measures), "cost")
    )
    if not worth.a_week(events, channel) >= LEAST["share" if metric.under else "count"]:
        return None
    name = f"{metric.key}:{channel}"
    if metric.divisor is None:
        days = _masked(past.of(metric.key, channel), channel, marks)
        if not days.notna().any():
            return None
        return Series(metric, channel, days, Watched(name, weekly(days), worth.of(metric.key, channel)), events, floor)
    sides = [formula.value(lambda key: _masked(past.of(key, channel), channel, marks), {}) for formula in (metric.formula, metric.divisor)]
    over, under = (weekly(side) for side in sides)
    ratio = (over / under.where(under > 0)).dropna().reindex(under.index)
    if not len(ratio) or not (ratio.dropna() > 0).any():
        return None
    return Series(metric, channel, None, Watched(name, ratio.where(ratio > 0), worth.of(metric.key, channel), ratio=True), events, floor)


def _masked(series: pd.Series[float], channel: str, marks: Sequence[Mark]) -> pd.Series[float]:
    hidden = np.zeros(len(series), dtype=bool)
    for mark in marks:
        if mark.masks and mark.channel in ("", channel):
            hidden |= np.asarray((series.index >= pd.Timestamp(mark.since)) & (series.index <= pd.Timestamp(mark.until)))
    return series.mask(hidden)


# --------------------------------------------------------------------------------------------------------- stretches of weeks


def strange_weeks(series: Sequence[Series], judged: Sequence[pd.DataFrame], since: date) -> list[Finding]:
    """Runs of strange weeks on one side; of all together only those stay alerts that chance does not explain."""
    recent = [frame[frame.index >= pd.Timestamp(since)] for frame in judged]
    runs = [
        (one, frame, *run) for one, whole, frame in zip(series, judged, recent, strict=True) for run in _runs(frame, _memory(whole, since))
    ]
    real = np.zeros(len(runs), dtype=bool)
    for week in range(max((len(frame) for frame in recent), default=0)):
        # NB: every week is a list of its own, as it was on its Monday morning; runs belong to their last week.
        here = [place for place, (_, frame, _, last, _) in enumerate(runs) if len(frame) - 1 - last == week]
        real[here] = discoveries([2 * float(ndtr(-abs(runs[place][-1]))) for place in here], FALSE_SHARE)
    found = []
    for (one, frame, first, last, z), fine in zip(runs, real, strict=True):
        state = _state(one, frame.iloc[first : last + 1], z, bool(fine))
        latest = last == len(frame) - 1 and state is State.WATCH
        if state is State.ALERT or latest:
            found.append(_stretch(one, frame, first, last, z, state))
    return found


def _runs(frame: pd.DataFrame, memory: float) -> list[tuple[int, int, float]]:
    """Stretches of weeks that lean to one side, with their score together. Shape: (first, last, z), single other weeks among them.

    Source: scores added (Stouffer 1949), with the memory of neighbouring weeks taken off.
    """
    z = frame["z"].to_numpy(dtype=np.float64)
    side = np.where(np.abs(z) > LEAN, np.sign(z), 0)
    found, first = [], 0
    while first < len(z):
        last = first
        while side[first] and last + 1 < len(z) and last - first + 1 < RUN and side[last + 1] == side[first]:
            last += 1
        if np.isfinite(z[first : last + 1]).all():
            length = last - first + 1
            variance = length + 2 * sum((length - lag) * memory**lag for lag in range(1, length))
            found.append((first, last, float(z[first : last + 1].sum() / math.sqrt(variance))))
        first = last + 1
    return found


def _memory(judged: pd.DataFrame, since: date) -> float:
    """How much of a week's residual its neighbour repeats, from the weeks before; some of it is taken for granted."""
    past = judged.loc[judged.index < pd.Timestamp(since), "z"].astype("float64").clip(-ALERT, ALERT)
    pairs = pd.concat([past, past.shift(1)], axis=1).dropna()
    if len(pairs) < LEVEL_WEEKS or not (pairs.std() > 0).all():
        return GRANTED
    return float(np.clip(np.corrcoef(pairs.to_numpy().T)[0, 1], GRANTED, 0.9))


def _state(one: Series, weeks: pd.DataFrame, z: float, fine: bool) -> State:
    far = bool((weeks["effect"].astype("float64").abs() > EFFECT).all())
    if fine and abs(z) > ALERT and far and not abs(float(weeks["money"].astype("float64").sum(min_count=1))) < one.floor:
        return State.ALERT
    return State.WATCH if abs(z) > WATCH else State.USUAL


def _stretch(one: Series, frame: pd.DataFrame, first: int, last: int, z: float, state: State) -> Finding:
    """A run of weeks; a new level reaches from its first week to where it ends, and is set against the level before."""
    at = frame.iloc[first : last + 1]
    shift = len(at) >= RUN and bool((at["z"].astype("float64").abs() > ALERT).all())
    base = float(at["expected"].iloc[0])
    holds, end = False, last
    if shift:
        values = frame["value"].to_numpy(dtype=np.float64)
        kept = (values[first:] - base) / (float(np.nanmean(values[first : last + 1])) - base) > HELD
        away = np.flatnonzero(~kept[: len(kept)] & np.r_[~kept[1:], True])
        end = first + int(away[0]) - 1 if len(away) else len(values) - 1
        holds, end = not len(away), max(end, last)
        at = frame.iloc[first : end + 1].assign(expected=base)
    by_mean = one.watched.ratio or shift
    pick = "mean" if by_mean else "sum"
    value, expected = (float(getattr(at[name], pick)()) for name in ("value", "expected"))
    money = float(((at["value"] - at["expected"]) * one.watched.worth).sum(min_count=1))
    return _finding(
        one,
        "week",
        at.index[0].date(),
        (at.index[-1] + pd.Timedelta(days=6)).date(),
        len(at),
        value,
        expected,
        money,
        z,
        2 * float(ndtr(-abs(z))),
        state,
        shift,
        holds,
    )


def _finding(
    one: Series,
    grain: str,
    since: date,
    until: date,
    periods: int,
    value: float,
    expected: float,
    money: float,
    z: float,
    chance: float,
    state: State,
    shift: bool = False,
    holds: bool = False,
) -> Finding:
    metric = one.metric
    good = None if metric.better not in ("up", "down") else (value > expected) == (metric.better == "up")
    return Finding(
        grain,
        metric.key,
        metric.title,
        metric.unit,
        one.channel,
        "",
        since,
        until,
        periods,
        value,
        expected,
        digits_of(metric.unit, value, expected),
        known(value / expected - 1 if expected > 0 else math.nan),
        known(z),
        known(chance),
        known(money),
        good,
        state,
        shift,
        holds,
    )


# ------------------------------------------------------------------------------------------------------------ slow changes


def slow_ratios(past: History, metrics: Sequence[Metric], until: date, floor: float, worth: Worth) -> list[Finding]:
    """Ratios of single channels that have left the others for eight weeks."""
    judged = slow(past, list(metrics), until)
    real = discoveries([2 * float(ndtr(-abs(one.z))) for one in judged], FALSE_SHARE)
    found = []
    for one, fine in zip(judged, real, strict=True):
        money = (one.value - one.expected) * worth.unit(one.metric.key) * one.exposure
        if fine and abs(one.z) > ALERT and abs(one.value / one.expected - 1) > EFFECT and not abs(money) < floor:
            series = Series(one.metric, one.channel, None, Watched("", pd.Series(dtype=np.float64)), "", floor)
            since = until - timedelta(days=LAST - 1)
            found.append(
                _finding(
                    series, "months", since, until, 1, one.value, one.expected, money, one.z, 2 * float(ndtr(-abs(one.z))), State.ALERT
                )
            )
    return found


# ------------------------------------------------------------------------------------------------------------------- days


def strange_days(series: Sequence[Series], past: History, until: date, floor: float) -> list[Finding]:
    """Single strange days of the last two weeks, of sums only: a ratio of one day rests on too little."""
    since = until - timedelta(days=DAYS - 1)
    dense = [one for one in series if one.days is not None and float(past.of(one.events, one.channel).iloc[-182:].mean()) >= DENSE]
    judged = [(one, day, row) for one in dense if one.days is not None for day, row in judge_days(one.days, since, until).iterrows()]
    real = discoveries([row["chance"] for _, _, row in judged], FALSE_SHARE)
    found = []
    for (one, day, row), fine in zip(judged, real, strict=True):
        money = float((row["value"] - row["expected"]) * one.watched.worth)
        if fine and abs(row["z"]) > ALERT and abs(row["effect"]) > EFFECT and not abs(money) < floor:
            at = pd.Timestamp(str(day)).date()
            found.append(_finding(one, "day", at, at, 1, row["value"], row["expected"], money, row["z"], row["chance"], State.ALERT))
    return found
