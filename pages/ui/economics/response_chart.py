"""A measured response curve: its band, where the channel stands now, where the proposed division would put it. Pure."""

from __future__ import annotations

import plotly.graph_objects as go

from metrics.readings.response import ChannelResponse, Point
from metrics.sentences.said import Speech
from pages.ui import design, figure

HEIGHT = 240
BAND = "rgba(47,116,208,0.18)"
"""The accent, thin."""


def draw(one: ChannelResponse, top: float, paid: Speech, came: Speech) -> go.Figure:
    """`top` is the highest value of the scale; `paid` and `came` say spend and result."""
    sheet = figure.sheet(HEIGHT, left=76, right=24, top=14, bottom=32)
    figure.scale(sheet, "y", 0.0, top, came.tick)
    figure.scale(sheet, "x", 0.0, one.points[-1].spend, paid.tick, 4)
    spends = [point.spend for point in one.points]
    for place, ends in enumerate(([point.low for point in one.points], [point.high for point in one.points])):
        sheet.add_scatter(
            x=spends,
            y=ends,
            mode="lines",
            line={"width": 0},
            fill="tonexty" if place else None,
            fillcolor=BAND,
            hoverinfo="skip",
        )
    sheet.add_scatter(
        x=spends,
        y=[point.result for point in one.points],
        mode="lines",
        line={"color": design.NOW, "width": 2},
        customdata=[_said(point, paid, came) for point in one.points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for point, symbol in ((one.here, "circle"), (one.there, "circle-open")):
        if point is not None:
            _mark(sheet, point, symbol, paid, came)
    return sheet


def _mark(sheet: go.Figure, point: Point, symbol: str, paid: Speech, came: Speech) -> None:
    sheet.add_scatter(
        x=[point.spend],
        y=[point.result],
        mode="markers",
        marker={"symbol": symbol, "size": 12, "color": design.NOW, "line": {"width": 2, "color": design.NOW}},
        customdata=[_said(point, paid, came)],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _said(point: Point, paid: Speech, came: Speech) -> str:
    return f"{paid.full(point.spend)} → <b>{came.full(point.result)}</b><br>{came.full(point.low)} – {came.full(point.high)}"
