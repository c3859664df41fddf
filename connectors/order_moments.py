"""When orders were placed: the day in the asked time zone, the instant where the file gives a time, and where a deal's cycle ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from connectors import Answers
from connectors.files import Row
from connectors.grid import AHEAD, EMPTY, NOT_A_DAY, Fault, Grid
from connectors.order_columns import CYCLE
from connectors.values import missing, spans
from data import clock

_CLOCK = re.compile(r"(?<=\d)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.IGNORECASE)
_OFFSET = re.compile(r"(?<=:\d{2})(?:\.\d+)?\s*(z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)

Moment = tuple[date, datetime | None]
"""The day in the asked time zone, and the instant in UTC where the file gives a time."""


def moments(grid: Grid, rows: Sequence[tuple[int, Row]], answers: Answers) -> tuple[list[Moment | None], list[Fault]]:
    """When each order was placed. Without a time zone every day that has begun anywhere is past."""
    named = answers.get("timezone", clock.FURTHEST_EAST)
    zone, today = ZoneInfo(named), clock.today(named)
    cells = grid.column("placed", [row for _, row in rows])
    days = spans([_OFFSET.sub("", cell.strip()) if isinstance(cell, str) else cell for cell in cells]).values
    found: list[Moment | None] = []
    faults = []
    for (line, _), cell, span in zip(rows, cells, days, strict=True):
        moment = _moment(cell, span[0], zone) if span and span[0] == span[1] else None
        ahead = moment is not None and moment[0] > today
        if moment is None or ahead:
            why = AHEAD if ahead else EMPTY if missing(cell) else NOT_A_DAY
            faults.append(Fault(line, grid.written["placed"], str(cell).strip(), why))
        found.append(None if ahead else moment)
    return found, faults


Cycle = tuple[date | None, date | None]
"""Days on which a deal was first asked for and was closed, where they are known."""


def cycles(grid: Grid, rows: Sequence[tuple[int, Row]]) -> list[Cycle]:
    """NB: a cell that is no day leaves the cycle open and does not cost the order its row: its money is sound."""
    ends = []
    for name in CYCLE:
        cells = grid.column(name, [row for _, row in rows])
        read = spans([_OFFSET.sub("", cell.strip()) if isinstance(cell, str) else cell for cell in cells]).values
        ends.append([span[0] if span and span[0] == span[1] else None for span in read])
    return list(zip(*ends, strict=True))


def instants(cells: Sequence[Any], answers: Answers) -> list[datetime | None]:
    """Moments of a column in UTC; None where a cell is no day, or has no time."""
    zone = ZoneInfo(answers.get("timezone", "UTC"))
    days = spans([_OFFSET.sub("", cell.strip()) if isinstance(cell, str) else cell for cell in cells]).values
    found = [_moment(cell, span[0], zone) if span and span[0] == span[1] else None for cell, span in zip(cells, days, strict=True)]
    return [moment[1] if moment else None for moment in found]


def _moment(cell: Any, day: date, zone: ZoneInfo) -> Moment | None:
    """A time that states its own distance from UTC is believed; others are in the asked zone. None for a time that no clock shows."""
    shown = time_of_day(cell)
    if shown is None:
        return day, None
    try:
        local = datetime.combine(day, time(*shown))
    except ValueError:
        return None
    stated = _OFFSET.search(cell.strip()) if isinstance(cell, str) else None
    aware = datetime.fromisoformat(f"{local.isoformat()}{stated[1].upper()}") if stated else local.replace(tzinfo=zone)
    return aware.astimezone(zone).date(), aware.astimezone(UTC).replace(tzinfo=None)


def time_of_day(cell: Any) -> tuple[int, int, int] | None:
    """Hour, minute and second that a cell shows."""
    if isinstance(cell, datetime):
        return cell.hour, cell.minute, cell.second
    found = _CLOCK.search(cell) if isinstance(cell, str) else None
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
