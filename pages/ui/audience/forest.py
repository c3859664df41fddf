"""Segments as points with their intervals around the line of all visits. Pure: values in, a figure out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plotly.graph_objects import Figure

from pages.ui import design, figure

EACH, LONGEST, MARGIN = 34, 30, 0.04
"""Pixels of a line, letters of a name, and the part of the axis before zero: a mark at zero does not cover its name."""
LOOKS = {"good": (design.GOOD, "circle"), "bad": (design.BAD, "diamond"), "flat": (design.NEUTRAL, "circle-open")}
"""Shape: tone -> (colour, mark); better and worse differ by more than their colour."""


@dataclass(frozen=True)
class Point:
    """One segment: its value, the ends of its interval, its tone, and what the pointer says."""

    name: str
    value: float
    low: float
    high: float
    tone: str
    spoken: tuple[str, ...]


def draw(points: Sequence[Point], whole: float, named: str, short: Callable[[float], str]) -> Figure:
    """Shape: one line per point, the first on top; `whole` is the value of all, called `named`."""
    room = 26 + round(6.9 * max((len(_cut(point.name)) for point in points), default=0))
    sheet = figure.sheet(EACH * len(points) + 78, left=room, right=28, top=34, bottom=34)
    places = list(range(len(points)))
    sheet.update_layout(
        xaxis={"showgrid": True, "gridcolor": design.GRID},
        yaxis={"showgrid": False, "range": [len(points) - 0.4, -0.6], "tickvals": places,
               "ticktext": [figure.plain(_cut(point.name)) for point in points]},
    )
    highest = max([whole, *(point.value for point in points)])
    figure.scale(sheet, "x", 0.0, max(highest, min(max((p.high for p in points), default=whole), highest * 1.6)), short)
    end = sheet.layout.xaxis.range[1]
    sheet.update_layout(xaxis={"range": [-MARGIN * end, end]})
    sheet.add_shape(type="line", x0=whole, x1=whole, y0=0, y1=1, yref="paper", line={"color": design.AXIS, "width": 1.5, "dash": "dot"})
    sheet.add_annotation(
        x=whole, y=1, yref="paper", yanchor="bottom", yshift=4, text=figure.plain(named), showarrow=False,
        font={"size": design.SMALL, "color": design.NEUTRAL},
    )
    for place, point in enumerate(points):
        colour, mark = LOOKS[point.tone]
        sheet.add_scatter(
            x=[point.low, min(point.high, end)], y=[place, place], mode="lines", line={"color": colour, "width": 2}, opacity=0.5,
            hoverinfo="skip",
        )
        sheet.add_scatter(
            x=[point.value], y=[place], mode="markers",
            marker={"size": 11, "color": colour, "symbol": mark, "line": {"width": 2, "color": colour}},
            customdata=["<br>".join((f"<b>{figure.plain(point.name)}</b>", *map(figure.plain, point.spoken)))],
            hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
        )
    return sheet


def _cut(name: str) -> str:
    """A long name by its beginning; a long address by its end, for that is where it differs."""
    if len(name) <= LONGEST:
        return name
    return f"…{name[1 - LONGEST :]}" if "/" in name else f"{name[: LONGEST - 1]}…"
