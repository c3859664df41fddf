"""Days and periods: what a period is compared with, which bucket a day falls into, and which stretches a set of days makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

Stretch = tuple[date, date]


@dataclass(frozen=True)
class Window:
    """A period that sums are taken over. Days in `without` are left out; `shift` days later it lies over the period asked for.

    `fiscal` is the day of the month on which the client's months begin, 1 to 28.
    """

    since: date
    until: date
    shift: int = 0
    without: frozenset[int] = frozenset()
    fiscal: int = 1

    @property
    def length(self) -> int:
        return (self.until - self.since).days + 1

    def whole(self) -> Window:
        """The window with no day left out."""
        return replace(self, without=frozenset())

    def days(self) -> frozenset[int]:
        """Ordinals of the days."""
        return _days(self.since, self.until) - self.without if self.without else _days(self.since, self.until)

    def stretches(self) -> tuple[Stretch, ...]:
        """The days as unbroken stretches, in order."""
        return stretches(self.days()) if self.without else ((self.since, self.until),)


@lru_cache(maxsize=256)
def _days(since: date, until: date) -> frozenset[int]:
    return frozenset(range(since.toordinal(), until.toordinal() + 1))


def before(now: Window, compare: str) -> Window | None:
    """The period a comparison sets against `now`, or None when nothing is compared. Two given days may make a period of another length."""
    if not compare:
        return None
    if "/" in compare:
        since, until = given(compare)
        return replace(now, since=since, until=until, shift=(now.since - since).days)
    weeks = -(-now.length // 7) * 7
    shift = {"previous": now.length, "weekdays": weeks, "year": 364}[compare]
    back = timedelta(days=shift)
    return replace(now, since=now.since - back, until=now.until - back, shift=shift)


def given(compare: str) -> Stretch:
    """The days of a comparison that names them: 2026-01-01/2026-01-31. Raises ValueError."""
    since, until = (date.fromisoformat(part) for part in compare.split("/"))
    if since > until:
        raise ValueError(compare)
    return since, until


def to_date(asked: Window, now: Window, compare: str) -> Window | None:
    """What an unfinished period is set against: as many days, from the beginning of the period that the whole one would be set against.

    A whole calendar bucket (a month, a client's month, a quarter) has the bucket before it as its previous period.
    """
    against = before(asked, compare)
    if against is None:
        return None
    if compare == "previous" and (key := next((key for key in _NATURAL if whole_bucket(key, asked.since, asked.until, now.fiscal)), "")):
        eve = asked.since - timedelta(days=1)
        first = bucket(key, eve, 0, now.fiscal)
        against = replace(asked, since=first if isinstance(first, date) else eve, until=eve)
    until = min(against.until, against.since + timedelta(days=now.length - 1))
    return replace(against, until=until, shift=(now.since - against.since).days)


_NATURAL = ("month", "fiscal_month", "quarter", "year")
"""Buckets of different lengths, that people compare one with another."""


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


def bucket(key: str, day: date, shift: int = 0, fiscal: int = 1) -> date | int:
    """The bucket of a day: its first day, or the number of the weekday. As `metrics.dimensions.of_day`, in Python."""
    if key == "weekday":
        return day.isoweekday()
    day = day + timedelta(days=shift)
    if key == "week":
        return day - timedelta(days=day.weekday())
    if key == "day":
        return day
    if key == "fiscal_month":
        return (day - timedelta(days=fiscal - 1)).replace(day=fiscal)
    month = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[key]
    return date(day.year, month, 1)


def one_bucket(keys: Iterable[str], since: date, until: date, window: Window) -> bool:
    """Whether a period that cannot be split falls into one bucket of every time dimension."""
    shift, fiscal = window.shift, window.fiscal
    return all(
        since == until if key == "weekday" else bucket(key, since, shift, fiscal) == bucket(key, until, shift, fiscal) for key in keys
    )


def whole_bucket(key: str, since: date, until: date, fiscal: int = 1) -> bool:
    """Whether a period is exactly one bucket."""
    if key in ("day", "weekday"):
        return since == until
    after = until + timedelta(days=1)
    first, last, following = (bucket(key, day, 0, fiscal) for day in (since, until, after))
    return first == since and following == after and first == last


def calendar(window: Window, keys: tuple[str, ...]) -> pd.DataFrame:
    """Shape: one row per day of the window: `ordinal` and its bucket by each of the time dimensions `keys`."""
    ordinals = np.arange(window.since.toordinal(), window.until.toordinal() + 1)
    days = pd.date_range(window.since, periods=len(ordinals), freq="D", unit="us")
    moved = days + pd.Timedelta(days=window.shift)
    columns: dict[str, object] = {"ordinal": ordinals}
    for key in keys:
        columns[key] = days.day_of_week.to_numpy("int64") + 1 if key == "weekday" else _starts(moved, key, window.fiscal)
    return pd.DataFrame(columns)


def _starts(days: pd.DatetimeIndex, key: str, fiscal: int) -> pd.DatetimeIndex:
    if key == "day":
        return days
    if key == "week":
        return days - pd.to_timedelta(days.day_of_week, unit="D").as_unit("us")
    if key == "fiscal_month":
        lead = pd.Timedelta(days=fiscal - 1)
        return _starts(days - lead, "month", 1) + lead
    letter = {"month": "M", "quarter": "Q", "year": "Y"}[key]
    return days.to_period(letter).to_timestamp().as_unit("us")
