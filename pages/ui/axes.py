"""Axes in words: where the ticks stand and what they say, in the reader's language. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from data.text import NBSP, Words

MOST_TICKS = 7
ROOM = 0.06
"""Part of the span of values that an axis goes on past them."""


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round values from at most `low` to at least `high`: steps of 1, 2 or 5 times a power of ten."""
    if high - low <= abs(high) * 1e-12 + 1e-200:
        low, high = min(low, 0.0), max(high, 0.0)
        high += 1.0 if high - low <= 1e-200 else 0.0
    span = (high - low) / max(1, wanted - 1)
    power = 10.0 ** math.floor(math.log10(span))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= span * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, 1 - math.floor(math.log10(step)))
    return [round(step * place, digits) for place in range(first, last + 1)]


def span(low: float, high: float, wanted: int = 6) -> tuple[list[float], tuple[float, float]]:
    """Round ticks, and the ends of an axis that goes just past its values: a chart is not half empty because of a round number.

    Where nothing lies below zero it begins at zero, or at the tick below all values. Few things that are counted have no ticks
    between whole numbers."""
    counted = float(low).is_integer() and float(high).is_integer() and high - low >= 1
    marked = ticks(low, high, min(wanted, int(high - low) + 1) if counted else wanted)
    room = ROOM * (high - low)
    first, last = low - room if low < 0 else marked[0], high + room if high > low else marked[-1]
    return [value for value in marked if first <= value <= last], (first, last)


def days(shown: Sequence[date], words: Words) -> tuple[list[date], list[str]]:
    """Dates to mark and their words: evenly spaced days, Mondays or firsts of months, never more than a few."""
    if not shown:
        return [], []
    since, until = shown[0], shown[-1]
    length = (until - since).days + 1
    if length <= MOST_TICKS:
        marked = list(shown)
    elif length <= 92:
        marked = _mondays(since, until)
    else:
        marked = _firsts(since, until)
    thin = -(-len(marked) // MOST_TICKS)
    marked = marked[::thin]
    return marked, [_said(day, length, words) for day in marked]


def months(shown: Sequence[date], words: Words) -> tuple[list[date], list[str]]:
    """The same for days that each stand for a month: never a week between them."""
    marked = list(shown)[:: -(-len(shown) // MOST_TICKS) or 1]
    return marked, [_said(day, 93, words) for day in marked]


def _mondays(since: date, until: date) -> list[date]:
    first = since + timedelta(days=-since.weekday() % 7)
    return [first + timedelta(days=7 * week) for week in range(((until - first).days) // 7 + 1)]


def _firsts(since: date, until: date) -> list[date]:
    months = range(since.year * 12 + since.month - (since.day == 1), until.year * 12 + until.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _said(day: date, length: int, words: Words) -> str:
    """`5 мар`, or `мар 2026` on a long axis."""
    number, month, year = words.day(day).split(NBSP)
    return f"{month}{NBSP}{year}" if length > 92 else f"{number}{NBSP}{month}"
