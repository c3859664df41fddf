"""What is unusual this week: a robust level with holidays taken into account, one week after another, never looking ahead.

Weekly series go in; a frame of judged weeks, or one `Signal` per series, comes out. On the log scale: x = log(y + 1/2) - h, h what the
week's holidays usually do; the level is the median of the eight weeks before, r = x - level, z = r over 1.4826 times the median of past
|r|. NB: a wider line for a scale that is known from few weeks was measured: it misses more shocks than it saves alarms. An alert is |z| >
3, more than 10 % off and worth the client's floor in money; a watch is |z| > 2. Three weeks of one sign beyond 3 are a new level, and the
next weeks are judged from there. With less than 26 past weeks to compare with there is a percentile band and at most a watch. Of many
series only those are alerts that pass Benjamini and Hochberg's rule at 10 %.

Source: median and MAD, Hampel 1974; many series, Benjamini & Hochberg 1995. How often it is right: `benchmarks/forecast.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from data.batches import Note
from metrics.expecting import calendar
from metrics.expecting.calendar import Occasion
from metrics.expecting.shape import HOLIDAY_SPREAD, daily
from metrics.stats import discoveries

Floats = NDArray[np.float64]

LEVEL_WEEKS = 8
NEEDED = 26
"""Past residuals that z rests on; with fewer there is a percentile band, with fewer than LEVEL_WEEKS nothing."""
WATCH, ALERT = 2.0, 3.0
EFFECT = 0.10
RUN = 3
"""Weeks beyond ALERT of one sign in a row that are a new level; also the fewest weeks that make a level."""
TAIL = 0.025
FALSE_SHARE = 0.10
STEADIEST = 0.02
"""No series is steadier than 2 % a week, or a constant one would cry at every step."""
_MAD = 1.4826


class State(StrEnum):
    """What is said of a week. Shown as it stands."""

    ALERT = "alert"
    WATCH = "watch"
    USUAL = "as usual"
    UNKNOWN = "too few data"


@dataclass(frozen=True, eq=False)
class Watched:
    """A weekly series under watch, indexed by Monday, NaN where not loaded (see `weekly`).

    `worth` is what one unit more is worth in money, negative for a cost; nan where nobody knows, and then no floor applies. `ratio`: its
    values are not counts or money, and never zero in earnest.
    """

    name: str
    weeks: pd.Series[float]
    worth: float = math.nan
    ratio: bool = False


@dataclass(frozen=True)
class Signal:
    """The last week of one series. `effect` is the share off the expected, `money` its worth, `chance` the p-value of such a week.

    `note` says why nothing is known, or what the reader should know: no past year with this holiday, a short history.
    """

    name: str
    week: date | None
    state: State
    value: float = math.nan
    expected: float = math.nan
    effect: float = math.nan
    z: float = math.nan
    chance: float = math.nan
    money: float = math.nan
    occasions: tuple[Occasion, ...] = ()
    note: Note | None = None


def weekly(days: pd.Series[float]) -> pd.Series[float]:
    """Sums of whole weeks, by their Monday; NaN where a day of the week is not loaded. A week cut off at either end is left out.

    Shape: days is indexed by day, NaN or absent where not loaded; out, one row per week.
    """
    since, values = daily(days)
    if since is None:
        return pd.Series(dtype=np.float64)
    cut = -since.weekday() % 7
    whole = values[cut : cut + (len(values) - cut) // 7 * 7].reshape(-1, 7)
    return pd.Series(whole.sum(axis=1), index=pd.date_range(since + timedelta(days=cut), periods=len(whole), freq="7D"))


def screen(watched: Sequence[Watched], floor: float = 0.0) -> tuple[Signal, ...]:
    """The last week of every series of a client, worst first: alerts before watches, then by money, then by |z|.

    Unit: floor and `Signal.money` in the client's money. Source: Benjamini & Hochberg 1995 over all series together.
    """
    signals = [_last(one, judge_weeks(one, floor)) for one in watched]
    stand_out = discoveries([signal.chance for signal in signals], FALSE_SHARE)
    kept = [
        replace(signal, state=State.WATCH) if signal.state is State.ALERT and not real else signal
        for signal, real in zip(signals, stand_out, strict=True)
    ]
    return tuple(sorted(kept, key=lambda signal: (list(State).index(signal.state), -_size(signal.money), -_size(signal.z))))


def judge_weeks(watched: Watched, floor: float = 0.0, *, holidays: bool = True) -> pd.DataFrame:
    """Every week of a series, judged by what was known before it. Without `holidays` they are weeks like others.

    Shape: one row per week: value, expected, low, high (where an alert begins), effect, z, chance, money, state, first (a holiday that
    no earlier year has shown).
    """
    scan = _Scan(watched, holidays)
    return pd.DataFrame([scan.step(week, floor) for week in range(len(watched.weeks))], index=watched.weeks.index, columns=_COLUMNS)


_COLUMNS = ["value", "expected", "low", "high", "effect", "z", "chance", "money", "state", "first"]


class _Scan:
    """Goes through a series week by week and keeps what later weeks are judged by."""

    def __init__(self, watched: Watched, holidays: bool) -> None:
        self.watched, self.values = watched, watched.weeks.to_numpy(dtype=np.float64)
        self.half = 0.0 if watched.ratio else 0.5
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(self.values + self.half)
        self.logs = np.where(np.isfinite(logs), logs, np.nan)
        count = len(self.values)
        self.shares = _shares(watched.weeks) if holidays else np.zeros((count, len(Occasion)))
        self.plain, self.raw, self.residuals = (np.full(count, np.nan) for _ in range(3))
        self.begins, self.run = 0, 0

    def step(self, week: int, floor: float) -> dict[str, object]:
        """Judge one week and remember it."""
        holiday, doubt, unseen = self._holiday(week)
        before = self.plain[max(self.begins, week - LEVEL_WEEKS) : week]
        self.plain[week] = self.logs[week] - holiday
        if np.isfinite(before).sum() < RUN or not np.isfinite(self.logs[week]):
            return {"value": self.values[week], "state": State.UNKNOWN, "first": unseen}
        level = _median(before[np.isfinite(before)])
        past = self.residuals[:week][np.isfinite(self.residuals[:week])]
        self.raw[week], self.residuals[week] = self.logs[week] - level, self.plain[week] - level
        found = self._judged(week, level + holiday, past, doubt)
        money = (found["value"] - found["expected"]) * self.watched.worth
        state = _state(found, len(past), money, floor)
        self._follow(week, found["z"] if abs(found["effect"]) > EFFECT and len(past) >= NEEDED else 0.0)
        return {**found, "money": money, "state": state, "first": unseen}

    def _judged(self, week: int, centre: float, past: Floats, doubt: float) -> dict[str, float]:
        expected = max(math.exp(centre) - self.half, 0.0)
        steadiest = max(STEADIEST, 0.0 if self.watched.ratio else 1 / math.sqrt(math.exp(centre)))
        scale = math.hypot(max(_MAD * _median(np.abs(past)), steadiest), doubt) if len(past) else math.inf
        off = float(self.residuals[week])
        low, high = _reach(past, scale)
        z = off / scale if len(past) >= NEEDED else math.nan
        value = float(self.values[week])
        return {
            "value": value,
            "expected": expected,
            "low": max(math.exp(centre + low) - self.half, 0.0),
            "high": math.exp(centre + high) - self.half,
            "effect": value / expected - 1 if expected > 0 else math.nan,
            "z": z,
            "chance": 2 * float(ndtr(-abs(z))),
            "outside": float(off < low or off > high),
        }

    def _holiday(self, week: int) -> tuple[float, float, bool]:
        """What the week's holidays usually do to it (log), how far that may be off, and whether one of them is seen for the first time.

        A holiday multiplies its days by 1 + g, a week by 1 + share g; g is fitted to past weeks and pulled towards 0 by n / (n + 1).
        """
        here, known = self.shares[week], np.isfinite(self.raw[:week])
        if not here.any():
            return 0.0, 0.0, False
        seen, lifts = self.shares[:week][known], np.expm1(self.raw[:week][known])
        number = (seen > 0).sum(axis=0)
        gains = (lifts @ seen) / np.maximum((seen**2).sum(axis=0), 1e-9) * number / (number + 1)
        doubt = HOLIDAY_SPREAD * math.sqrt(float((here**2 / (number + 1)).sum()))
        return math.log(max(0.05, 1 + float(here @ np.maximum(gains, -1.0)))), doubt, bool((number[here > 0] == 0).any())

    def _follow(self, week: int, z: float) -> None:
        """Count weeks beyond the alert line on one side; the third in a row makes the level begin with the first of them."""
        side = int(np.sign(z)) if abs(z) > ALERT else 0
        self.run = self.run + side if side and self.run * side >= 0 else side
        if abs(self.run) >= RUN:
            self.begins, self.run = week - RUN + 1, 0


def _median(values: Floats) -> float:
    """NB: as NumPy's, which takes ten times as long over a handful of values; a client has some ten thousand such."""
    ordered, middle = np.sort(values), len(values) // 2
    return float(ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def _state(found: dict[str, float], past: int, money: float, floor: float) -> State:
    if past < LEVEL_WEEKS:
        return State.UNKNOWN
    strange = abs(found["effect"]) > EFFECT or math.isnan(found["effect"])
    if past < NEEDED:
        return State.WATCH if found["outside"] and strange else State.USUAL
    if abs(found["z"]) > ALERT and strange and not abs(money) < floor:
        return State.ALERT
    return State.WATCH if abs(found["z"]) > WATCH else State.USUAL


def _reach(past: Floats, scale: float) -> tuple[float, float]:
    """How far off the expected an alert begins on both sides; with few past weeks the percentiles beyond which a watch does."""
    if len(past) < LEVEL_WEEKS:
        return math.nan, math.nan
    if len(past) >= NEEDED:
        return -ALERT * scale, ALERT * scale
    low, high = np.quantile(past, [TAIL, 1 - TAIL])
    return min(float(low), -WATCH * STEADIEST), max(float(high), WATCH * STEADIEST)


def _shares(weeks: pd.Series[float]) -> Floats:
    """Share of every week's days that each occasion takes. Shape: (weeks, occasions)."""
    if not len(weeks):
        return np.zeros((0, len(Occasion)))
    mondays = pd.DatetimeIndex(weeks.index).to_numpy().astype("datetime64[D]")
    first, last = mondays.min(), mondays.max() + 6
    _, kinds = calendar.codes(first.item(), last.item())
    table = kinds[(mondays - first).astype(np.intp)[:, None] + np.arange(7)]
    shares: Floats = (table[:, :, None] == np.arange(len(Occasion))).sum(axis=1) / 7
    return shares


def _last(watched: Watched, judged: pd.DataFrame) -> Signal:
    if not len(judged):
        return Signal(watched.name, None, State.UNKNOWN, note=Note("unusual", "No whole week is loaded."))
    row, monday = judged.iloc[-1], pd.DatetimeIndex(judged.index)[-1]
    kinds = calendar.codes(monday.date(), (monday + pd.Timedelta(days=6)).date())[1]
    occasions = tuple(kind for place, kind in enumerate(Occasion) if (kinds == place).any())
    numbers = {name: float(row[name]) for name in ("value", "expected", "effect", "z", "chance", "money")}
    state = State(row["state"])
    note = _note(state, int(judged["expected"].notna().sum()) - 1, occasions if row["first"] else ())
    if math.isnan(numbers["value"]):
        note = Note("unusual", "The week is not loaded whole.")
    return Signal(watched.name, monday.date(), state, **numbers, occasions=occasions, note=note)


def _note(state: State, past: int, unseen: tuple[Occasion, ...]) -> Note | None:
    if state is State.UNKNOWN:
        text = "Too short a history to tell what is unusual: {weeks} earlier weeks, at least {needed} are needed."
        return Note("unusual", text, {"weeks": max(past, 0), "needed": LEVEL_WEEKS})
    if unseen:
        return Note("unusual", "No earlier year shows what “{occasion}” does to this figure.", {"occasion": str(unseen[0])})
    if past < NEEDED:
        text = "Judged by {weeks} earlier weeks only, so at most “watch”; alerts begin after {needed}."
        return Note("unusual", text, {"weeks": past, "needed": NEEDED})
    return None


def _size(value: float) -> float:
    return 0.0 if math.isnan(value) else abs(value)
