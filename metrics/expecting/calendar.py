"""The Russian working calendar: days off with those that were moved, working Saturdays, and the occasions that bend demand.

Source: the package `holidays`, which carries the production calendar as decreed each year; years not decreed yet follow the law.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

from data.batches import Note

FRIDAY, SATURDAY = 4, 5
_DAY = timedelta(days=1)


class Occasion(StrEnum):
    """What makes a day unlike other days of its weekday. The names are shown."""

    NEW_YEAR = "New Year holidays"
    DEFENDERS = "23 February"
    WOMEN = "8 March"
    MAY = "May holidays"
    RUSSIA = "12 June"
    UNITY = "4 November"
    SINGLES = "11.11 sales"
    BLACK_FRIDAY = "Black Friday"


_FIXED = {
    (12, 31): Occasion.NEW_YEAR,
    **{(1, day): Occasion.NEW_YEAR for day in range(1, 9)},
    (2, 23): Occasion.DEFENDERS,
    (3, 8): Occasion.WOMEN,
    **{(5, day): Occasion.MAY for day in range(1, 11)},
    (6, 12): Occasion.RUSSIA,
    (11, 4): Occasion.UNITY,
    (11, 11): Occasion.SINGLES,
}
_NEAR = 5
"""Days between a moved day off and the holiday it lengthens, at most."""


@cache
def working(day: date) -> bool:
    """Whether offices work on the day."""
    return _year(day.year).is_working_day(day)


@cache
def occasion(day: date) -> Occasion | None:
    """The occasion of a day: by its date, Black Friday and its weekend, or a weekday off beside a holiday."""
    if found := _FIXED.get((day.month, day.day)):
        return found
    if _black_friday(day.year) <= day <= _black_friday(day.year) + 2 * _DAY:
        return Occasion.BLACK_FRIDAY
    if working(day) or day.weekday() >= SATURDAY:
        return None
    near = (_FIXED.get(((day + way * step * _DAY).month, (day + way * step * _DAY).day)) for step in range(1, _NEAR + 1) for way in (1, -1))
    return next((found for found in near if found), None)


def weekday(day: date) -> int:
    """The weekday that a day behaves like, Monday is 0: a working Saturday is a Friday, a weekday off by law a Sunday."""
    own = day.weekday()
    if working(day):
        return min(own, FRIDAY)
    return own if own >= SATURDAY else 6


def days(since: date, until: date) -> list[date]:
    """Every day of a period, both ends included."""
    return [since + timedelta(days=step) for step in range((until - since).days + 1)]


def codes(since: date, until: date) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """`weekday` and the place of `occasion` in Occasion (-1 for none) of every day of a period. Shape: both (days,)."""
    first = (since - date(since.year, 1, 1)).days
    whole = np.concatenate([_codes(year) for year in range(since.year, until.year + 1)] or [np.empty((0, 2), dtype=np.intp)])
    weekdays, occasions = whole[first : first + (until - since).days + 1].T
    return weekdays, occasions


def working_days(since: date, until: date) -> int:
    """Number of working days of a period, both ends included. 247 in 2026."""
    return sum(working(day) for day in days(since, until))


def working_days_note(since: date, until: date, since_before: date, until_before: date) -> Note | None:
    """A note where two compared periods differ in working days; None where they do not."""
    now, before = working_days(since, until), working_days(since_before, until_before)
    if now == before:
        return None
    text = "Working days differ: {now} in this period, {before} in the one it is compared with."
    return Note("calendar", text, {"now": now, "before": before})


@cache
def _year(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("RU", years=year)


@cache
def _codes(year: int) -> NDArray[np.intp]:
    place = {found: at for at, found in enumerate(Occasion)}
    rows = [(weekday(day), place[found] if (found := occasion(day)) else -1) for day in days(date(year, 1, 1), date(year, 12, 31))]
    return np.array(rows, dtype=np.intp)


@cache
def _black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)
