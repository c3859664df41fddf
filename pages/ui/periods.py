"""The periods a person can pick by name. All of them end yesterday, for today is never complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from metrics.periods import Window, bucket, to_date

DEFAULT: Final = "28d"
CUSTOM: Final = "custom"
ALL: Final = "all"
Days = tuple[date, date]

TITLES: Mapping[str, str] = {
    "yesterday": "Yesterday",
    "7d": "Last 7 full days",
    "28d": "Last 28 full days",
    "week": "Last full week, Mon–Sun",
    "month": "Month to date",
    "last_month": "Last month",
    "quarter": "Quarter to date",
    "year": "Year to date",
    ALL: "All loaded days",
    CUSTOM: "Other dates…",
}


def days(period: str, today: date, loaded: Days | None, fiscal: int = 1) -> Days:
    """First and last day of a named period. All loaded days fall back to the default while nothing is loaded.

    `fiscal` is the day of the month on which the client's months begin.
    """
    yesterday = today - timedelta(days=1)
    if period == ALL and loaded:
        return loaded
    if fiscal > 1 and period in ("month", "last_month"):
        return _month(yesterday, fiscal) if period == "month" else _month_before(today, fiscal)
    return _RULES.get(period, _RULES[DEFAULT])(yesterday)


def whole(period: str, since: date, until: date) -> date:
    """The last day of the month, quarter or year that a period to date is the beginning of; `until` for every other period."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(period)
    if months is None:
        return until
    place = since.year * 12 + since.month - 1 + months
    return date(place // 12, place % 12 + 1, since.day) - timedelta(days=1)


def against(since: date, until: date, asked: date, compare: str, fiscal: int = 1) -> str:
    """What the days up to `until` of a period that was asked for up to `asked` are compared with, as a question says it.

    A period that is not over is set against as many days from the beginning of the period before, and not against its end.
    """
    now, full = Window(since, until, fiscal=fiscal), Window(since, asked, fiscal=fiscal)
    if compare != "previous" or now == full:
        return compare
    found = to_date(full, now, compare)
    assert found is not None
    return stretch(found.since, found.until)


def stretch(since: date, until: date) -> str:
    """Two days as a question writes them."""
    return f"{since.isoformat()}/{until.isoformat()}"


def _last(count: int) -> Callable[[date], Days]:
    return lambda end: (end - timedelta(days=count - 1), end)


def _week(end: date) -> Days:
    sunday = end - timedelta(days=(end.weekday() + 1) % 7)
    return sunday - timedelta(days=6), sunday


def _last_month(end: date) -> Days:
    today = end + timedelta(days=1)
    until = today.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until


def _month(end: date, fiscal: int) -> Days:
    start = bucket("fiscal_month", end, 0, fiscal)
    assert isinstance(start, date)
    return start, end


def _month_before(today: date, fiscal: int) -> Days:
    return _month(_month(today, fiscal)[0] - timedelta(days=1), fiscal)


def _quarter(end: date) -> Days:
    return end.replace(month=(end.month - 1) // 3 * 3 + 1, day=1), end


_RULES: Mapping[str, Callable[[date], Days]] = {
    "yesterday": _last(1),
    "7d": _last(7),
    "28d": _last(28),
    "week": _week,
    "month": lambda end: (end.replace(day=1), end),
    "last_month": _last_month,
    "quarter": _quarter,
    "year": lambda end: (end.replace(month=1, day=1), end),
}


def grain(since: date, until: date) -> str:
    """The step of a trend that gives between about ten and sixty points."""
    length = (until - since).days + 1
    return "day" if length <= 62 else "week" if length <= 430 else "month"
