"""The answer to a typed query as a grid and as a chart. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from plotly.graph_objects import Figure

from data.sandbox import Answer, Value
from data.text import DASH, Words
from pages.ui.explore import drawing
from pages.ui.explore.drawing import Sayings, Series
from pages.ui.explore.grid import Head, Row, Sheet
from pages.ui.figures import Cell

NUMBERS = ("count", "number")
MOST_POINTS, MOST_LINES = 500, 6


def sheet(found: Answer, words: Words) -> Sheet:
    """The answer as a grid: numbers to the right, nothing to press."""
    kinds = ["number" if column.kind in NUMBERS else "text" for column in found.columns]
    heads = tuple(Head(str(place), column.name, kind) for place, (column, kind) in enumerate(zip(found.columns, kinds, strict=True)))
    bare = [column.kind == "count" and _years(found, place) for place, column in enumerate(found.columns)]
    rows = tuple(
        Row(str(number), (), tuple(
            _cell(value, column.kind, plain, words) for value, column, plain in zip(row, found.columns, bare, strict=True)
        ))
        for number, row in enumerate(found.rows)
    )
    return Sheet(heads, rows, None, words.t("The query’s answer"))


def _cell(value: Any, kind: str, plain: bool, words: Words) -> Cell:
    if value is None:
        return Cell(DASH, absent=True)
    if isinstance(value, bool):
        return Cell(words.t("yes") if value else words.t("no"))
    if kind == "count":
        return Cell(str(value) if plain else words.number(value), float(value))
    if kind == "number":
        return Cell(words.number(value, 0 if value == int(value) else 4 if abs(value) < 1 else 2), float(value))
    if isinstance(value, datetime):
        return Cell(f"{words.day(value.date())}, {value:%H:%M}", value.timestamp())
    if isinstance(value, date):
        return Cell(words.day(value), float(value.toordinal()))
    return Cell(str(value))


def _years(found: Answer, place: int) -> bool:
    """Whether whole numbers are years: nobody reads 2 026."""
    values = [row[place] for row in found.rows if row[place] is not None]
    return bool(values) and all(isinstance(value, int) and 1990 <= value <= 2100 for value in values)


def drawable(found: Answer) -> bool:
    """Whether there is something to draw: names or days first, then numbers."""
    kinds = [column.kind for column in found.columns]
    fits = bool(kinds) and kinds[0] in ("day", "text") and any(kind in NUMBERS for kind in kinds[1:])
    return fits and 2 <= len(found.rows) <= MOST_POINTS


def chart(found: Answer, words: Words) -> Figure:
    """Lines over the days of the first column, bars for its names; one series per column of numbers, or per name in a second column."""
    series, places = _series(found)

    def full(value: float | None) -> str:
        return DASH if value is None else words.number(value, 0 if value == int(value) else 2)

    if found.columns[0].kind == "day":
        say = Sayings(full, words.compact, lambda place: words.day(places[place]))
        return drawing.over_time(places, series, say, words, stacked=False)
    named = [str(place) if place is not None else DASH for place in places][:20]
    cut = [Series(one.name, one.values[:20]) for one in series]
    return drawing.bars(named, cut, Sayings(full, words.compact, lambda place: named[place]), stacked=False)


def _series(found: Answer) -> tuple[list[Series], list[Any]]:
    """Shape: series by the distinct values of the first column."""
    numbers = [place for place, column in enumerate(found.columns) if column.kind in NUMBERS and place > 0]
    places = list(dict.fromkeys(row[0] for row in found.rows if row[0] is not None))
    if found.columns[0].kind == "day":
        places.sort()
    if len(found.columns) > 2 and found.columns[1].kind == "text":
        parts = list(dict.fromkeys(row[1] for row in found.rows))[:MOST_LINES]
        at = {(row[0], row[1]): _float(row[numbers[0]]) for row in found.rows}
        return [Series(str(part or DASH), tuple(at.get((place, part)) for place in places)) for part in parts], places
    by_place = {row[0]: row for row in found.rows}
    made = [Series(found.columns[number].name, tuple(_float(by_place[place][number]) for place in places)) for number in numbers]
    return made[:1] if found.columns[0].kind == "text" else made[:MOST_LINES], places


def _float(value: Value) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
