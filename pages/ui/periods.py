"""The periods a person can pick by name. All of them end yesterday, for today is never complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

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


def days(period: str, today: date, loaded: Days | None) -> Days:
    """First and last day of a named period. All loaded days fall back to the default while nothing is loaded."""
    yesterday = today - timedelta(days=1)
    if period == ALL and loaded:
        return loaded
    return _RULES.get(period, _RULES[DEFAULT])(yesterday)


def _last(count: int) -> Callable[[date], Days]:
    return lambda end: (end - timedelta(days=count - 1), end)


def _week(end: date) -> Days:
    sunday = end - timedelta(days=(end.weekday() + 1) % 7)
    return sunday - timedelta(days=6), sunday


def _last_month(end: date) -> Days:
    today = end + timedelta(days=1)
    until = today.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until


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
