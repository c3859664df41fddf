"""Demand by month with the chance of each stage as a band under it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from data.text import Words
from metrics.readings.stage import Month
from metrics.stages.stage_filter import STAGES
from pages.ui import design, figure, mark_lines
from pages.ui.mark_lines import Numbered

HEIGHT = 380
BAND = 0.24
"""Part of the height that the stages take."""
COLOURS = {"introduction": "#BF9B30", "growth": design.GOOD, "maturity": design.NOW, "decline": design.BAD}


def draw(history: Sequence[Month], words: Words, unit: str, notes: Sequence[Numbered] = ()) -> go.Figure:
    """Shape: a point per month. Months left out of the reading are hollow."""
    sheet = figure.sheet(HEIGHT, left=60, right=12, top=36, bottom=60)
    days = [month.month for month in history]
    values = [value for month in history for value in (month.demand, month.adjusted) if value is not None]
    figure.scale(sheet, "y", 0.0, max(values, default=1.0), lambda value: words.compact(value))
    figure.unit(sheet, unit)
    figure.months(sheet, days, words)
    sheet.add_scatter(
        x=days, y=[month.adjusted for month in history], mode="lines", line={"color": design.BEFORE, "width": 1.25}, hoverinfo="skip"
    )
    symbols = ["circle-open" if month.masked else "circle" for month in history]
    sheet.add_scatter(
        x=days,
        y=[month.demand for month in history],
        mode="lines+markers",
        cliponaxis=False,
        line={"color": design.NOW, "width": 2},
        marker={"size": 6, "symbol": symbols},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[_spoken(month, words, unit) for month in history],
    )
    if any(month.hindsight or month.chances for month in history):
        _stages(sheet, history, words)
    if days:
        mark_lines.on_days(sheet, notes, days[0], days[-1])
    return sheet


def _stages(sheet: go.Figure, history: Sequence[Month], words: Words) -> None:
    """Stacked chances under the line, and a key in words under the axis."""
    days = [month.month for month in history]
    sheet.update_layout(
        yaxis={"domain": [BAND + 0.06, 1]}, yaxis2={"domain": [0, BAND], "range": [0, 1], "visible": False, "fixedrange": True}
    )
    for stage in STAGES:
        chances = [(month.hindsight or month.chances or {}).get(stage, 0.0) for month in history]
        sheet.add_bar(
            x=days,
            y=chances,
            yaxis="y2",
            marker={"color": COLOURS[stage], "opacity": 0.75, "line": {"width": 0}},
            hoverinfo="skip",
        )
    sheet.update_layout(barmode="stack", bargap=0.05, xaxis={"anchor": "y2"})
    figure.key(sheet, [(words.t(stage), COLOURS[stage]) for stage in STAGES])


def _spoken(month: Month, words: Words, unit: str) -> str:
    lines = [words.month(month.month), f"<b>{words.number(month.demand)}</b> {unit}" if month.demand is not None else words.t("not loaded")]
    if month.adjusted is not None:
        lines.append(f"{words.t('free of season')}: {words.number(month.adjusted)}")
    if month.masked:
        lines.append(words.t("left out: something special happened"))
    chances = month.hindsight or month.chances
    if chances:
        best = max(chances, key=lambda stage: chances[stage])
        lines.append(f"{words.t(best)}: {words.share(chances[best], 0)}")
    return "<br>".join(lines)
