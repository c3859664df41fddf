"""Money that a customer has brought by month of its life: what is known as a line, what is projected dashed, single cohorts thin. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from data.text import Words
from metrics.readings.lifetime import CohortLine, Curve
from pages.ui import design, figure

HEIGHT = 320


def draw(curve: Curve, cohorts: Sequence[CohortLine], horizon: int, words: Words, full: figure.Say, short: figure.Say) -> go.Figure:
    """Shape: a point per month of life, counted from 1. The thick bar is the range of the value by the horizon, in months."""
    sheet = figure.sheet(HEIGHT, left=76, right=24, top=14, bottom=44)
    months = list(range(1, len(curve.projected) + 1))
    values = [value for value in (*curve.observed, *curve.projected, curve.high) if value is not None]
    figure.scale(sheet, "y", 0.0, max(values, default=1.0), short)
    for cohort in cohorts:
        sheet.add_scatter(
            x=months[: len(cohort.values)],
            y=cohort.values[: len(months)],
            mode="lines",
            hoverinfo="skip",
            line={"color": design.BEFORE, "width": 0.8},
            opacity=0.4,
        )
    sheet.add_scatter(x=months, y=curve.projected, mode="lines", line={"color": design.NOW, "width": 2, "dash": "dot"}, hoverinfo="skip")
    sheet.add_scatter(
        x=months,
        y=curve.observed,
        mode="lines+markers",
        line={"color": design.NOW, "width": 2},
        marker={"size": 5},
        hoverinfo="skip",
    )
    best = [observed if observed is not None else projected for observed, projected in zip(curve.observed, curve.projected, strict=True)]
    sheet.add_scatter(
        x=months,
        y=best,
        mode="markers",
        marker={"size": 14, "color": "rgba(0,0,0,0)"},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            f"{words.t('month')} {month}<br><b>{full(value) if value is not None else words.t('no value')}</b>"
            for month, value in zip(months, best, strict=True)
        ],
    )
    if curve.low is not None and curve.high is not None:
        sheet.add_scatter(
            x=[horizon, horizon],
            y=[curve.low, curve.high],
            mode="lines",
            line={"color": design.NOW, "width": 6},
            opacity=0.35,
            hovertemplate=f"{full(curve.low)} – {full(curve.high)}<extra></extra>",
        )
    sheet.update_layout(
        xaxis={"tickvals": months, "ticktext": [str(month) for month in months], "title": {"text": words.t("month of life")}}
    )
    return sheet
