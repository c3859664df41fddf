"""The sheet every chart is drawn on: margins, thin gridlines, ticks in words, no decoration. Pure: values in, a plotly figure out.

Text colours are left to the page's theme, so that a chart follows it from light to dark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import plotly.graph_objects as go

from data.text import Words
from pages.ui import axes, design

Say = Callable[[float], str]


def sheet(height: int, left: int = 56, right: int = 12, top: int = 14, bottom: int = 32) -> go.Figure:
    """An empty figure without legend, zoom or frame."""
    figure = go.Figure()
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "showline": False, "ticks": "", "title": None}
    figure.update_layout(
        height=height, margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 6}, showlegend=False, dragmode=False,
        hovermode="closest", xaxis=axis, yaxis=axis | {"showgrid": True, "gridcolor": design.GRID, "gridwidth": 1},
        hoverlabel={"font": {"size": design.BODY}, "align": "left"}, bargap=0.35,
    )
    return figure


def scale(figure: go.Figure, axis: str, low: float, high: float, say: Say, wanted: int = 6) -> None:
    """Give an axis (`x` or `y`) round ticks that say their value in words."""
    marked, ends = axes.span(low, high, wanted)
    figure.update_layout({f"{axis}axis": {"tickvals": marked, "ticktext": [say(value) for value in marked], "range": list(ends)}})


def calendar(figure: go.Figure, shown: Sequence[date], words: Words) -> None:
    """Give the x axis dates in words."""
    marked, said = axes.days(shown, words)
    figure.update_layout(xaxis={"type": "date", "tickvals": marked, "ticktext": said, "tickangle": 0})


def months(figure: go.Figure, shown: Sequence[date], words: Words) -> None:
    """Give the x axis months in words."""
    marked, said = axes.months(shown, words)
    figure.update_layout(xaxis={"type": "date", "tickvals": marked, "ticktext": said, "tickangle": 0})


def name(figure: go.Figure, x: object, y: float, text: str, colour: str, shift: float = 0.0) -> None:
    """Write a line's name at its end, in its colour."""
    figure.add_annotation(
        x=x, y=y, text=plain(text), showarrow=False, xanchor="left", xshift=6, yshift=shift, font={"size": design.SMALL, "color": colour}
    )


def unit(figure: go.Figure, text: str) -> None:
    """What the y axis counts, above its uppermost tick."""
    over = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    figure.add_annotation(x=0, y=1, xshift=-figure.layout.margin.l + 4, yshift=8, text=plain(text), font={"size": design.SMALL}, **over)


def key(figure: go.Figure, areas: Sequence[tuple[str, str]], lines: Sequence[tuple[str, str]] = ()) -> None:
    """What the colours of areas and lines mean, under the chart. Shape: (name, colour)."""
    signs = [*(("■", *one) for one in areas), *(("●", *one) for one in lines)]
    text = "   ".join(f"<span style='color:{colour}'>{sign}</span> {name}" for sign, name, colour in signs)
    under = {"xref": "paper", "yref": "paper", "yshift": -30, "yanchor": "top", "xanchor": "left", "showarrow": False}
    figure.add_annotation(x=0, y=0, text=text, font={"size": design.SMALL}, **under)


def plain(text: str) -> str:
    """Text for a chart. NB: plotly reads a few tags in any text; a campaign may be called `<b>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
