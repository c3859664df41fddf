"""The charts of Explore: lines and columns over time, bars by size, a heat map of two breakdowns. Pure: values in, a figure out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plotly.graph_objects import Figure

from data.text import Words
from pages.ui import design, figure, mark_lines
from pages.ui.mark_lines import Numbered

HEIGHT, BAR, MOST_SAID = 420, 26, 14
"""Pixels of a chart over time and of a bar; columns of a map in which figures have room."""
LONGEST = 34
"""Unit: characters of a name beside a bar."""
Value = float | None


@dataclass(frozen=True)
class Series:
    """Values by the same places as every other series of the chart."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Sayings:
    """How values are written: in full for the pointer, short for the axis; and how a place is called in full."""

    full: Callable[[Value], str]
    short: Callable[[float], str]
    place: Callable[[int], str]


def over_time(
    starts: Sequence[date], series: Sequence[Series], say: Sayings, words: Words, stacked: bool, parts: frozenset[int] = frozenset(),
    notes: Sequence[Numbered] = (),
) -> Figure:
    """Lines, or columns that stand on one another. Shape: one place per start; `parts` are places of which the period holds a part only."""
    sheet = figure.sheet(HEIGHT, left=76, right=24, top=44 if len(series) > 1 else 20)
    _scale(sheet, "y", _tops(series, stacked), say)
    figure.calendar(sheet, starts, words)
    for colour, one in zip(_colours(len(series)), series, strict=True):
        spoken = [
            _spoken(say.place(place), one.name, value, say) + (f"<br>{words.t('only a part of it')}" if place in parts else "")
            for place, value in enumerate(one.values)
        ]
        if stacked:
            sheet.add_bar(
                x=list(starts), y=list(one.values), name=figure.plain(one.name), customdata=spoken,
                marker={"color": colour, "line": {"width": 0}, "opacity": [0.45 if n in parts else 1.0 for n in range(len(starts))]},
                hovertemplate="%{customdata}<extra></extra>",
            )
        else:
            _line(sheet, starts, one, colour, spoken, parts)
    sheet.update_layout(barmode="stack", bargap=0.25)
    _legend(sheet, len(series), mark_lines.ROOM if notes else 0)
    if starts:
        mark_lines.on_days(sheet, notes, starts[0], starts[-1])
    return sheet


def bars(names: Sequence[str], series: Sequence[Series], say: Sayings, stacked: bool) -> Figure:
    """Horizontal bars, the largest on top. Shape: one place per name."""
    several = len(series) > 1
    each = BAR if stacked or not several else BAR + 10 * (len(series) - 1)
    height = max(170, each * len(names) + (84 if several else 56))
    sheet = figure.sheet(height, left=_room(names), right=70, top=44 if several else 12, bottom=32)
    sheet.update_layout(yaxis={"showgrid": False, "autorange": "reversed", "tickvals": list(range(len(names))),
                               "ticktext": [figure.plain(_short(name)) for name in names]})
    sheet.update_layout(xaxis={"showgrid": True, "gridcolor": design.GRID})
    _scale(sheet, "x", _tops(series, stacked), say)
    for colour, one in zip(_colours(len(series)), series, strict=True):
        sheet.add_bar(
            y=list(range(len(names))), x=list(one.values), orientation="h", name=figure.plain(one.name),
            marker={"color": colour, "line": {"width": 0}}, text=None if several else [say.full(value) for value in one.values],
            textposition="outside", cliponaxis=False, textfont={"size": design.SMALL},
            customdata=[_spoken(name, one.name, value, say) for name, value in zip(names, one.values, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )
    sheet.update_layout(barmode="stack" if stacked else "group", bargap=0.28)
    _legend(sheet, len(series))
    return sheet


def heat(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[Value]], say: Sayings, ink: str = design.INK,
) -> Figure:
    """A map of two breakdowns: the more, the deeper. Shape of values: rows by columns; None is left open.

    Where there is room the figures stand in it, in `ink`: plotly would choose a colour as if every page were white.
    """
    few = len(columns) <= 8
    sheet = figure.sheet(max(160, 30 * len(rows) + (70 if few else 110)), left=_room(rows), right=24, top=12, bottom=36 if few else 76)
    known = [value for row in values for value in row if value is not None]
    marked = [[_spoken(f"{row} · {column}", "", value, say) for column, value in zip(columns, line, strict=True)]
              for row, line in zip(rows, values, strict=True)]
    sheet.add_heatmap(
        x=list(range(len(columns))), y=list(range(len(rows))), z=[list(line) for line in values], customdata=marked, showscale=False,
        xgap=2, ygap=2, zmin=min(0.0, *known) if known else 0.0, zmax=max(known, default=1.0), hoverongaps=False,
        colorscale=[[0.0, "rgba(47,116,208,0.06)"], [1.0, "rgba(47,116,208,0.6)"]], hovertemplate="%{customdata}<extra></extra>",
        text=[["" if value is None else say.short(value) for value in line] for line in values],
        texttemplate="%{text}" if len(columns) <= MOST_SAID else "", textfont={"size": design.SMALL, "color": ink},
    )
    shown = range(0, len(columns), max(1, -(-len(columns) // 16)))
    sheet.update_layout(
        xaxis={"tickvals": list(shown), "ticktext": [figure.plain(_short(columns[place], 22 if few else 16)) for place in shown],
               "tickangle": 0 if few else -35},
        yaxis={"showgrid": False, "autorange": "reversed", "tickvals": list(range(len(rows))),
               "ticktext": [figure.plain(_short(row)) for row in rows]},
    )
    return sheet


# ----------------------------------------------------------------------------------------------------------------- parts


def _line(sheet: Figure, starts: Sequence[date], one: Series, colour: str, spoken: Sequence[str], parts: frozenset[int]) -> None:
    """A solid line over whole steps, dots where only a part of a step is there."""
    places = range(len(starts))
    whole = [None if place in parts else one.values[place] for place in places]
    # A dotted piece needs the whole point beside it.
    broken = [one.values[place] if parts & {place - 1, place, place + 1} else None for place in places]
    dots = "lines+markers" if len(starts) <= 62 else "lines"
    for values, dash, mode in ((whole, "solid", dots), (broken, "dot", "lines")):
        sheet.add_scatter(
            x=list(starts), y=values, name=figure.plain(one.name), mode=mode,
            line={"color": colour, "width": 2, "dash": dash}, marker={"size": 5, "color": colour}, connectgaps=False,
            customdata=list(spoken), hovertemplate="%{customdata}<extra></extra>", showlegend=dash == "solid",
        )


def _scale(sheet: Figure, axis: str, tops: Mapping[str, float], say: Sayings) -> None:
    figure.scale(sheet, axis, min(0.0, tops["low"]), tops["high"] or 1.0, say.short)


def _tops(series: Sequence[Series], stacked: bool) -> dict[str, float]:
    """The ends of the axis: of single values, or of their sums where they stand on one another."""
    known = [[value for value in place if value is not None] for place in zip(*(one.values for one in series), strict=True)]
    heights = [sum(place) for place in known] if stacked else [value for place in known for value in place]
    return {"low": min(heights, default=0.0), "high": max(heights, default=1.0)}


def _colours(count: int) -> list[str]:
    return [design.SERIES[place % len(design.SERIES)] for place in range(count)]


def _legend(sheet: Figure, count: int, over: int = 0) -> None:
    """What the colours mean, above the chart; `over` so many pixels where the numbers of notes stand."""
    if count > 1:
        tall = sheet.layout.height - sheet.layout.margin.t - over - sheet.layout.margin.b
        sheet.update_layout(margin={"t": sheet.layout.margin.t + over}, showlegend=True, legend={
            "orientation": "h", "x": 0, "y": 1.0 + over / tall, "yanchor": "bottom", "traceorder": "normal",
            "itemclick": False, "itemdoubleclick": False,
        })


def _spoken(place: str, name: str, value: Value, say: Sayings) -> str:
    named = [figure.plain(name)] if name else []
    return "<br>".join((figure.plain(place), *named, f"<b>{say.full(value)}</b>"))


def _short(name: str, longest: int = LONGEST) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _room(names: Sequence[str]) -> int:
    """Unit: pixels left of the bars."""
    return 28 + round(6.9 * max((len(_short(name)) for name in names), default=0))
