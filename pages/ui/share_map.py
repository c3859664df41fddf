"""Share of spend against share of result: above the diagonal a result costs less than on average, below it more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import plotly.graph_objects as go

from data.text import Words
from pages.ui import design, figure, labels

HEIGHT, WIDTH = 380, 590
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 30, 54
LARGEST = 22.0
TONES = {"good": design.GOOD, "bad": design.BAD, "flat": design.NEUTRAL}


@dataclass(frozen=True)
class Bubble:
    """One channel. Shares are of paid channels together; `tone` is good, bad or flat (within noise); `spoken` lines are for the pointer."""

    name: str
    spend_share: float
    result_share: float
    tone: str
    spoken: tuple[str, ...] = ()


def draw(bubbles: Sequence[Bubble], words: Words, result: str) -> go.Figure:
    """`result` names what the share is of: conversions or revenue."""
    sheet = figure.sheet(HEIGHT, LEFT, RIGHT, TOP, BOTTOM)
    sheet.update_layout(xaxis={"showgrid": True, "gridcolor": design.GRID, "title": {"text": words.t("Share of spend"), "standoff": 12}})
    most = max([0.05, *(max(b.spend_share, b.result_share) for b in bubbles)]) * 1.08
    for axis in ("x", "y"):
        figure.scale(sheet, axis, 0.0, min(1.0, most), lambda value: words.share(value, 0), wanted=6)
    top = sheet.layout.yaxis.range[1]
    _average(sheet, top, words)
    sheet.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", text=figure.plain(result), showarrow=False,
        xshift=-LEFT + 6, yshift=10, font={"size": design.SMALL},
    )
    shown = sorted(bubbles, key=lambda bubble: -bubble.spend_share)
    sheet.add_scatter(
        x=[b.spend_share for b in shown], y=[b.result_share for b in shown], mode="markers", cliponaxis=False,
        marker={
            "size": [2 * _radius(b, shown) for b in shown], "color": [TONES[b.tone] for b in shown], "opacity": 0.85, "line": {"width": 0},
            "symbol": ["diamond" if b.tone == "bad" else "circle" for b in shown],
        },
        customdata=["<br>".join((f"<b>{figure.plain(b.name)}</b>", *map(figure.plain, b.spoken))) for b in shown],
        hovertemplate="%{customdata}<extra></extra>",
    )
    _names(sheet, shown, top)
    return sheet


def _radius(bubble: Bubble, shown: Sequence[Bubble]) -> float:
    """Area follows spend. Unit: pixels."""
    largest = max(one.spend_share for one in shown) or 1.0
    return max(5.0, LARGEST * sqrt(bubble.spend_share / largest))


def _average(sheet: go.Figure, top: float, words: Words) -> None:
    """The diagonal on which a channel brings as much as it costs, and what lies on either side of it."""
    sheet.add_shape(type="line", x0=0, y0=0, x1=top, y1=top, line={"color": design.AXIS, "width": 1, "dash": "dot"}, layer="below")
    sides = ((0.03, 0.97, "left", "top", words.t("cheaper than average")), (0.97, 0.03, "right", "bottom", words.t("dearer than average")))
    for x, y, across, along, text in sides:
        sheet.add_annotation(
            x=x, y=y, xref="paper", yref="paper", xanchor=across, yanchor=along, text=text, showarrow=False,
            font={"size": design.SMALL, "color": design.NEUTRAL},
        )


def _names(sheet: go.Figure, shown: Sequence[Bubble], top: float) -> None:
    """Names beside their bubbles, clear of each other; a thin line where a name had to move away."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    points = [labels.Point(b.spend_share / top * wide, b.result_share / top * high, _radius(b, shown), b.name) for b in shown]
    for point, box, bubble in zip(points, labels.place(points, wide, high), shown, strict=True):
        x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        far = abs(y - point.y) > point.radius + 14 or abs(x - point.x) > point.radius + (box.right - box.left) / 2 + 12
        sheet.add_annotation(
            x=bubble.spend_share, y=bubble.result_share, text=figure.plain(bubble.name), font={"size": design.SMALL},
            showarrow=far, arrowhead=0, arrowwidth=1, arrowcolor=design.AXIS, standoff=point.radius, borderpad=0,
            **({"ax": x - point.x, "ay": point.y - y} if far else {"xshift": x - point.x, "yshift": y - point.y}),
        )
