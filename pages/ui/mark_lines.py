"""Notes on a chart over time: a numbered line at each day, a shade over each range. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import plotly.graph_objects as go

from data.desk.marks import Mark
from pages.ui import design

MOST = 9
"""Notes that are numbered: more would hide the line they explain."""
ROOM = 20
"""Unit: pixels that the numbers take above the chart."""
_NEAR = 0.028
"""Part of the width below which two numbers would cover each other: they stand in one box."""
Place = date | datetime | float


@dataclass(frozen=True)
class Numbered:
    """A note and its number on the chart."""

    number: int
    mark: Mark


def numbered(marks: Iterable[Mark], since: date, until: date) -> tuple[Numbered, ...]:
    """The notes that touch the days drawn, by day; the latest where there are too many."""
    inside = sorted((mark for mark in marks if mark.since <= until and mark.until >= since), key=lambda mark: (mark.since, mark.until))
    return tuple(Numbered(number, mark) for number, mark in enumerate(inside[-MOST:], start=1))


def on_days(sheet: go.Figure, found: Sequence[Numbered], since: date, until: date) -> None:
    """Draw the notes on an axis of days. A point stands at the start of its day, so a range reaches half a day beyond its outer points."""
    half = timedelta(hours=12)

    def edges(mark: Mark) -> tuple[Place, Place]:
        # The last point of a chart by month stands at the first of it: what came later in that month stands there too.
        first, last = min(max(mark.since, since), until), min(mark.until, until)
        if first == last:
            return first, first
        return datetime.combine(first, time()) - half, datetime.combine(last, time()) + half

    length = max((until - since).days, 1)
    _draw(sheet, found, edges, lambda place: (_day(place) - since).days / length)


def on_places(sheet: go.Figure, found: Sequence[Numbered], steps: Sequence[tuple[date, date]]) -> None:
    """Draw the notes on an axis of numbered places, each of which holds the days of one step."""

    def edges(mark: Mark) -> tuple[Place, Place]:
        inside = [place for place, (since, until) in enumerate(steps) if mark.since <= until and mark.until >= since]
        first, last = (inside[0], inside[-1]) if inside else (0, 0)
        return (float(first), float(first)) if first == last else (first - 0.45, last + 0.45)

    _draw(sheet, found, edges, lambda place: float(place) / max(len(steps), 1))  # type: ignore[arg-type]


def _draw(
    sheet: go.Figure, found: Sequence[Numbered], edges: Callable[[Mark], tuple[Place, Place]], share: Callable[[Place], float]
) -> None:
    if not found:
        return
    sheet.update_layout(margin={"t": max(sheet.layout.margin.t or 0, ROOM + 10)})
    boxes: list[tuple[float, Place, list[int]]] = []
    for one in found:
        first, last = edges(one.mark)
        _shape(sheet, first, last)
        at = share(first)
        if boxes and at - boxes[-1][0] < _NEAR:
            boxes[-1][2].append(one.number)
        else:
            boxes.append((at, first, [one.number]))
    for _, place, numbers in boxes:
        _number(sheet, place, numbers)


def _shape(sheet: go.Figure, first: Place, last: Place) -> None:
    """A range is shaded, a day is a dotted line; both reach over the whole height, under the data."""
    if first == last:
        line = {"color": design.AXIS, "width": 1, "dash": "dot"}
        sheet.add_shape(type="line", x0=first, x1=first, y0=0, y1=1, yref="paper", line=line, layer="below")
    else:
        sheet.add_shape(type="rect", x0=first, x1=last, y0=0, y1=1, yref="paper", line={"width": 0}, fillcolor=design.VEIL, layer="below")


def _number(sheet: go.Figure, place: Place, numbers: Sequence[int]) -> None:
    text = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    sheet.add_annotation(
        x=place, y=1, yref="paper", yanchor="bottom", yshift=2, text=text, showarrow=False, bordercolor=design.NEUTRAL, borderwidth=1,
        borderpad=2, font={"size": design.SMALL - 1},
    )


def _day(place: Place) -> date:
    assert isinstance(place, date)
    return place.date() if isinstance(place, datetime) else place
