"""How a customer pays back: what he has brought by each month of life, against what he cost."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from metrics.readings.lifetime import Curve, LifetimeReading
from metrics.sentences.said import Speech
from pages.ui import design, figure, show
from pages.ui.language import current, t

HEIGHT = 320
HALF = 0.5
"""Share of customers old enough, under which a month is drawn dotted."""


def draw(found: LifetimeReading) -> None:
    """The curve of all customers together."""
    assert found.curve is not None
    speech = Speech("money", found.currency, current())
    cost = found.economics[0].cac if found.economics else None
    show.section(t("How a customer pays back"))
    drawn = picture(found.curve, found.horizon, cost, speech)
    alt = t("What a customer has brought by each month of life, beside what he cost")
    st.plotly_chart(drawn, key="paying", config={"displayModeBar": False}, alt=alt)
    show.caption(_legend(found.curve, speech))


def picture(curve: Curve, horizon: int, cost: float | None, speech: Speech) -> go.Figure:
    """Solid: lived by half of the customers; dotted: continued from the older ones; a whisker at the horizon; the cost as a line."""
    words = speech.words
    months = list(range(1, horizon + 1))
    projected = list(curve.projected[:horizon])
    solid = [value if seen >= HALF else None for value, seen in zip(projected, curve.seen, strict=False)]
    known = [value for value in (*projected, cost, curve.high) if value is not None]
    sheet = figure.sheet(HEIGHT, left=76, right=96, top=20, bottom=44)
    figure.scale(sheet, "y", 0.0, 1.05 * max(known, default=1.0), speech.tick)
    said = [words.t("month {n}", n=month) for month in months]
    hover = [
        f"{name}<br><b>{speech.full(value)}</b><br>{words.t('old enough: {share}', share=words.share(seen, 0))}"
        for name, value, seen in zip(said, projected, curve.seen, strict=False)
    ]
    line = {"color": design.NOW, "width": 2}
    sheet.add_scatter(
        x=months,
        y=projected,
        mode="lines+markers",
        line=line | {"dash": "dot"},
        marker={"size": 6},
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )
    sheet.add_scatter(x=months, y=solid, mode="lines", line=line | {"width": 3}, hoverinfo="skip")
    if curve.low is not None and curve.high is not None:
        sheet.add_shape(
            type="line", x0=horizon, x1=horizon, y0=curve.low, y1=curve.high, line={"color": design.NOW, "width": 5}, opacity=0.4
        )
    lived = [(month, value) for month, value in zip(months, projected, strict=False) if value is not None]
    if lived:
        figure.name(sheet, lived[-1][0], lived[-1][1], speech.full(lived[-1][1]), design.NOW)
    if cost is not None:
        sheet.add_shape(type="line", x0=0.6, x1=horizon + 0.2, y0=cost, y1=cost, line={"color": design.BAD, "width": 1.5, "dash": "dash"})
        figure.name(sheet, horizon + 0.2, cost, f"CAC {speech.full(cost)}", design.BAD)
    sheet.update_layout(
        xaxis={
            "tickvals": months,
            "range": [0.6, horizon + 0.2],
            "title": {"text": words.t("Month of life"), "font": {"size": design.SMALL}},
        },
    )
    return sheet


def _legend(curve: Curve, speech: Speech) -> str:
    said = [t("Dotted: months that fewer than half of the customers have lived yet, continued from those who have.")]
    if curve.low is not None and curve.high is not None:
        said.append(
            t("With other cohorts of the same kind: {low} to {high} (10 to 90%).", low=speech.full(curve.low), high=speech.full(curve.high))
        )
    tested = curve.tested
    if tested is not None:
        text = (
            "Back-test: {months} months ago the same method foretold {predicted}, {actual} came; by cohort actual over foretold {low} to "
            "{high}."
        )
        ends = {"low": current().multiple(tested.low), "high": current().multiple(tested.high)}
        said.append(t(text, months=tested.months, predicted=speech.full(tested.predicted), actual=speech.full(tested.actual), **ends))
    return " ".join(said)
