"""What is loaded, day by day: one strip per account and table, coloured by what is known of each stretch of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from data.text import Words
from pages.ui import axes, design, figure

ROW, LEFT = 30, 220
STATES = {
    "loaded": ("loaded", design.NOW, ""),
    "zero": ("loaded, nothing happened", "#A9C4EA", ""),
    "provisional": ("may still change", design.NOW, "x"),
    "whole": ("loaded as one period", design.PLAN, ""),
    "absent": ("not loaded", design.VEIL, "/"),
}
"""Shape: state -> (its name, colour, hatching)."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring days of one strip in one state. `rows` is their sum."""

    strip: str
    since: date
    until: date
    state: str
    rows: int = 0
    marks: tuple[str, ...] = ()


def draw(strips: Sequence[str], stretches: Sequence[Stretch], since: date, until: date, words: Words) -> go.Figure:
    """Shape: one strip per name, the first on top."""
    sheet = figure.sheet(ROW * len(strips) + 78, left=LEFT, right=8, top=34, bottom=30)
    for state, (title, colour, shape) in STATES.items():
        shown = [stretch for stretch in stretches if stretch.state == state]
        if shown:
            sheet.add_bar(
                y=[stretch.strip for stretch in shown], base=[stretch.since for stretch in shown], orientation="h", width=0.62,
                x=[_length(stretch) for stretch in shown], marker=_paint(colour, shape), hovertemplate="%{customdata}<extra></extra>",
                customdata=[_spoken(stretch, words.t(title), words) for stretch in shown], name=words.t(title),
            )
    sheet.update_layout(showlegend=True, legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False})
    sheet.update_layout(barmode="overlay", yaxis={"showgrid": False, "categoryorder": "array", "categoryarray": list(strips)[::-1]})
    marked, said = axes.days([since, until] if (until - since).days else [since], words)
    sheet.update_layout(xaxis={"type": "date", "tickvals": marked, "ticktext": said, "range": [since, until + timedelta(days=1)]})
    return sheet


def _length(stretch: Stretch) -> int:
    """Unit: milliseconds, as bars on a date axis are measured."""
    return ((stretch.until - stretch.since).days + 1) * 86_400_000


def _paint(colour: str, shape: str) -> dict[str, object]:
    if not shape:
        return {"color": colour, "line": {"width": 0}}
    return {"color": colour, "line": {"width": 0}, "pattern": {"shape": shape, "fgcolor": design.HATCH, "size": 6, "solidity": 0.18}}


def _spoken(stretch: Stretch, title: str, words: Words) -> str:
    lines = [figure.plain(stretch.strip), f"<b>{words.period(stretch.since, stretch.until)}</b>", title]
    if stretch.rows:
        lines.append(words.t("Rows: {rows}", rows=words.number(stretch.rows)))
    return "<br>".join((*lines, *map(figure.plain, stretch.marks)))
