"""How a request was dealt with: whether the sales people call it qualified, and how long it waited for the first answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from connectors import Answers
from connectors.files import Row
from connectors.grid import Grid
from connectors.order_moments import Moment, instants
from connectors.values import durations, missing, numbers

Dealt = tuple[int | None, int | None]
"""1 or 0 for qualified, and seconds to the first answer, where they are known."""

_NO = ("0", "нет", "no", "false", "-", "–", "—", "не квалифицирован", "неквалифицирован", "не целевой", "нецелевой", "некачественный",
       "брак", "unqualified", "not qualified", "disqualified", "junk")
_UNITS = ((("сек", "sec", "с"), 1), (("мин", "min"), 60), (("час", "hour", "ч", "hrs"), 3600))
"""Beginnings of words in a header -> seconds of a bare number; minutes where the header names none."""
_LONGEST = 366 * 86_400


def dealt(grid: Grid, rows: Sequence[tuple[int, Row]], placed: Sequence[Moment | None], answers: Answers) -> list[Dealt]:
    """NB: a cell that cannot be read leaves its answer open and does not cost the order its row: its money is sound."""
    return list(zip(_qualified(grid, rows), _waited(grid, rows, placed, answers), strict=True))


def _qualified(grid: Grid, rows: Sequence[tuple[int, Row]]) -> list[int | None]:
    """NB: an empty cell is a no. Nobody marks the bad ones, and the column says that somebody marks the good ones."""
    if "qualified" not in grid.places:
        return [None] * len(rows)
    return [int(not _denied(grid.cell(row, "qualified"))) for _, row in rows]


def _denied(cell: Any) -> bool:
    return missing(cell) or " ".join(str(cell).lower().replace("ё", "е").split()).removesuffix(".0") in _NO


def _waited(grid: Grid, rows: Sequence[tuple[int, Row]], placed: Sequence[Moment | None], answers: Answers) -> list[int | None]:
    """The moment of the answer less that of the request where the sheet has both with a time; else what it gives as a length of time."""
    known: list[int | None] = [None] * len(rows)
    if "answer_time" in grid.places:
        known = _lengths(grid.column("answer_time", [row for _, row in rows]), grid.written["answer_time"])
    if "answered" in grid.places:
        ends = instants(grid.column("answered", [row for _, row in rows]), answers)
        known = [_between(moment, end, length) for moment, end, length in zip(placed, ends, known, strict=True)]
    return known


def _between(asked: Moment | None, answered: datetime | None, otherwise: int | None) -> int | None:
    if asked is None or asked[1] is None or answered is None:
        return otherwise
    return _sane((answered - asked[1]).total_seconds())


def _lengths(cells: Sequence[Any], header: str) -> list[int | None]:
    """`00:12:30` is a length of time by itself; a bare number is what the header says, else minutes."""
    unit = next((seconds for word in re.findall(r"[a-zа-я]+", header.lower()) if (seconds := _named(word))), 60)
    bare, clocks = numbers(cells).values, durations(cells).values
    waited = [plain * unit if plain is not None else clock for plain, clock in zip(bare, clocks, strict=True)]
    pairs = zip(cells, waited, strict=True)
    return [None if seconds is None or isinstance(cell, date) else _sane(float(seconds)) for cell, seconds in pairs]


def _named(word: str) -> int:
    """NB: of one letter a word is a unit only where it is that letter."""
    fits = (seconds for stems, seconds in _UNITS for stem in stems if word == stem or (len(stem) > 2 and word.startswith(stem)))
    return next(fits, 0)


def _sane(seconds: float) -> int | None:
    return int(seconds) if 0 <= seconds <= _LONGEST else None
