"""How long a payment covers: days, a period in words, or the day until which it is paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from connectors.files import Row
from connectors.grid import Grid
from connectors.values import missing, numbers, spans

_UNITS = (
    (("полгод", "полугод", "half"), 182),
    (("кварт", "quarter"), 91),
    (("мес", "month"), 30),
    (("нед", "week"), 7),
    (("год", "годов", "лет", "year", "annual"), 365),
    (("дн", "ден", "day", "сут"), 1),
)
"""Beginnings of words → days. NB: half a year stands before the year whose word it holds."""
_PERIOD = re.compile(r"^(?:(?:раз в|за|на|per|every|each)\s+)?(\d+)?[\s-]*([a-zа-я]+)", re.IGNORECASE)
_MOST_MONTHS = 24
_LONGEST = 3660


def terms(grid: Grid, rows: Sequence[tuple[int, Row]], days: Sequence[date | None]) -> list[int | None]:
    """Days that each row's payment covers. NB: a cell that cannot be read leaves the term open and does not cost the order its row."""
    if "term_days" not in grid.places:
        return [None] * len(rows)
    cells = grid.column("term_days", [row for _, row in rows])
    unit = _unit(cells, grid.written["term_days"])
    return [_term(cell, day, unit) for cell, day in zip(cells, days, strict=True)]


def _unit(cells: Sequence[Any], header: str) -> int:
    """Days that a bare number stands for: as the header says, else months where all numbers are small."""
    said = next((days for word in re.findall(r"[a-zа-я]+", header.lower()) if (days := _named(word))), 0)
    bare = [value for value in numbers([cell for cell in cells if not missing(cell)]).values if value is not None]
    return said or (30 if bare and max(bare) <= _MOST_MONTHS else 1)


def _term(cell: Any, day: date | None, unit: int) -> int | None:
    if missing(cell):
        return None
    plain, until = numbers([cell]).values[0], spans([cell]).values[0]
    if plain is not None and not isinstance(cell, date):
        found = _years(int(plain) * unit)
    elif until is not None:
        found = (until[1] - day).days if day else 0
    else:
        found = _in_words(str(cell))
    return found if 0 < found <= _LONGEST else None


def _in_words(text: str) -> int:
    """`месяц`, `3 мес.`, `12 months`, `раз в год`; 0 for anything else."""
    read = _PERIOD.match(text.strip().lower())
    return _years(int(read[1] or 1) * _named(read[2])) if read else 0


def _years(days: int) -> int:
    """Twelve months of thirty days are a year."""
    return days // 360 * 365 if days and days % 360 == 0 else days


def _named(word: str) -> int:
    return next((days for stems, days in _UNITS if word.startswith(stems)), 0)
