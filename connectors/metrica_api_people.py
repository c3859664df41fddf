"""Visitors from Metrica's reports, each period asked for as such: visitors of days do not add up to those of a week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import pyarrow as pa

from connectors.live import Feed, Order, Settling
from connectors.metrica_api_reports import Report, Table, fetch
from connectors.metrica_api_traffic import Asked, day
from data.batches import Batch
from data.tables import AUDIENCE

_USERS, _NEW = "ym:s:users", "ym:s:newUsers"
_DIMENSION = {"day": "ym:s:date", "week": "ym:s:startOfWeek", "month": "ym:s:startOfMonth"}
_TITLES = {"day": "visitors by day", "week": "visitors by week", "month": "visitors by month"}
_SETTLING = Settling(provisional=3, daily=7, weekly=21)


def feeds(asked: Asked) -> list[Feed]:
    """Visitors of each day, week and month."""
    return [
        Feed(
            f"people_{grain}", _TITLES[grain], AUDIENCE, asked.counter, partial(people, asked, grain), asked.attribution,
            "" if grain == "day" else grain, grain, "year", _SETTLING,
        )
        for grain in _DIMENSION
    ]


def people(asked: Asked, grain: str, order: Order) -> Iterator[Sequence[Batch]]:
    """One batch of days, or one for each week or month; the last one may still run."""
    report = Report((_USERS, _NEW), (_DIMENSION[grain],), order.since, order.until)
    found = fetch(order.web, asked.key, asked.counter, report)
    rows = {day(key[0], asked.counter): row for key, row in found.rows.items()}
    if grain == "day":
        yield [_batch(asked, found, "", (order.since, order.until), {one: _figures(found, row) for one, row in rows.items()})]
        return
    yield [
        _batch(asked, found, grain, (first, last), {first: _figures(found, rows[first])} if first in rows else {})
        for first, last in _periods(grain, order)
    ]


def _periods(grain: str, order: Order) -> Iterator[tuple[date, date]]:
    first = order.since
    while first <= order.until:
        following = first + timedelta(days=7) if grain == "week" else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(order.until, following - timedelta(days=1))
        first = following


def _figures(found: Table, row: Sequence[float | None]) -> tuple[int, int]:
    return round(found.figure(row, _USERS)), round(found.figure(row, _NEW))


def _batch(asked: Asked, found: Table, breakdown: str, days: tuple[date, date], people: dict[date, tuple[int, int]]) -> Batch:
    whole = bool(breakdown) and days[0] < days[1]
    until = [days[1] if breakdown else one for one in people]
    rows = pa.table({
        "day": pa.array(list(people), pa.date32()), "until": pa.array(until, pa.date32()),
        "users": pa.array([users for users, _ in people.values()], pa.int64()),
        "new_users": pa.array([new for _, new in people.values()], pa.int64()),
    })
    return Batch(
        AUDIENCE, "metrica_api", asked.counter, rows, found.origin, *days, attribution=asked.attribution, breakdown=breakdown, whole=whole,
        sample_share=found.share, thresholded=found.hidden, notes=tuple(found.notes(())),
    )
