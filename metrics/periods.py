"""Days and periods: what a period is compared with, which bucket a day falls into, and which stretches a set of days makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

Stretch = tuple[date, date]


@dataclass(frozen=True)
class Window:
    """A period that sums are taken over. Days in `without` are left out; `shift` days later it lies over the period asked for."""

    since: date
    until: date
    shift: int = 0
    without: frozenset[int] = frozenset()

    @property
    def length(self) -> int:
        return (self.until - self.since).days + 1

    def whole(self) -> Window:
        """The window with no day left out."""
        return Window(self.since, self.until, self.shift)

    def days(self) -> frozenset[int]:
        """Ordinals of the days."""
        return frozenset(range(self.since.toordinal(), self.until.toordinal() + 1)) - self.without

    def stretches(self) -> tuple[Stretch, ...]:
        """The days as unbroken stretches, in order."""
        return stretches(self.days()) if self.without else ((self.since, self.until),)


def before(now: Window, compare: str) -> Window | None:
    """The period a comparison sets against `now`, or None when nothing is compared."""
    if not compare:
        return None
    weeks = -(-now.length // 7) * 7
    shift = {"previous": now.length, "weekdays": weeks, "year": 364}[compare]
    back = timedelta(days=shift)
    return Window(now.since - back, now.until - back, shift)


def stretches(days: Iterable[int]) -> tuple[Stretch, ...]:
    """A set of day ordinals as unbroken stretches."""
    ordered = sorted(days)
    found: list[list[int]] = []
    for day in ordered:
        if found and day == found[-1][1] + 1:
            found[-1][1] = day
        else:
            found.append([day, day])
    return tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in found)


def bucket(key: str, day: date, shift: int = 0) -> date | int:
    """The bucket of a day: its first day, or the number of the weekday. As `metrics.dimensions.of_day`, in Python."""
    if key == "weekday":
        return day.isoweekday()
    day = day + timedelta(days=shift)
    if key == "week":
        return day - timedelta(days=day.weekday())
    if key == "day":
        return day
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[key]
    return date(day.year, month, 1)


def one_bucket(keys: Iterable[str], since: date, until: date, shift: int = 0) -> bool:
    """Whether a period that cannot be split falls into one bucket of every time dimension."""
    return all(since == until if key == "weekday" else bucket(key, since, shift) == bucket(key, until, shift) for key in keys)


def whole_bucket(key: str, since: date, until: date) -> bool:
    """Whether a period is exactly one bucket."""
    if key in ("day", "weekday"):
        return since == until
    after = until + timedelta(days=1)
    return bucket(key, since) == since and bucket(key, after) == after and bucket(key, since) == bucket(key, until)


def calendar(window: Window, keys: tuple[str, ...]) -> pd.DataFrame:
    """Shape: one row per day of the window: `ordinal` and its bucket by each of the time dimensions `keys`."""
    ordinals = np.arange(window.since.toordinal(), window.until.toordinal() + 1)
    days = pd.date_range(window.since, periods=len(ordinals), freq="D", unit="us")
    moved = days + pd.Timedelta(days=window.shift)
    columns: dict[str, object] = {"ordinal": ordinals}
    for key in keys:
        columns[key] = days.day_of_week.to_numpy("int64") + 1 if key == "weekday" else _starts(moved, key)
    return pd.DataFrame(columns)


def _starts(days: pd.DatetimeIndex, key: str) -> pd.DatetimeIndex:
    if key == "day":
        return days
    if key == "week":
        return days - pd.to_timedelta(days.day_of_week, unit="D").as_unit("us")
    letter = {"month": "M", "quarter": "Q", "year": "Y"}[key]
    return days.to_period(letter).to_timestamp().as_unit("us")
