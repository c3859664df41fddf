"""Customers that came, came back and were lost, month by month, with the base as a line. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from data.text import NBSP, Words
from metrics.customers import Flow
from pages.ui import axes, design, figure

HEIGHT = 360


def draw(flows: Sequence[Flow], words: Words) -> go.Figure:
    """Shape: a group per month. What adds stands above zero, what takes away below."""
    sheet = figure.sheet(HEIGHT, left=56, right=12, top=36, bottom=58)
    labels = [_month(flow, words) for flow in flows]
    places = list(range(len(flows)))
    figure.unit(sheet, words.t("customers"))
    high = max((flow.new + flow.reactivated for flow in flows), default=1)
    low = -max((flow.lapsed for flow in flows), default=0)
    figure.scale(sheet, "y", float(low), float(high), lambda value: words.number(abs(value)))
    names = {
        "new": (words.t("New"), design.NOW),
        "reactivated": (words.t("Won back"), design.GOOD),
        "lapsed": (words.t("Lost"), design.BAD),
    }
    for key, (_, colour) in names.items():
        values = [-flow.lapsed if key == "lapsed" else getattr(flow, key) for flow in flows]
        sheet.add_bar(x=places, y=values, marker={"color": colour}, hoverinfo="skip", width=0.6)
    ends = [flow.end for flow in flows]
    sheet.add_scatter(
        x=places,
        y=ends,
        yaxis="y2",
        mode="lines+markers",
        line={"color": design.NEUTRAL, "width": 1.5},
        marker={"size": 5},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[_spoken(flow, words) for flow in flows],
    )
    marks, reach = axes.span(0.0, float(max(ends, default=1)), 4)
    second = {"domain": [0.7, 1], "range": list(reach), "tickvals": marks, "ticktext": [words.number(mark) for mark in marks]}
    grid = {"fixedrange": True, "zeroline": False, "gridcolor": design.GRID}
    sheet.update_layout(barmode="relative", yaxis={"domain": [0, 0.62]}, yaxis2=second | grid)
    sheet.update_layout(xaxis={"tickvals": places, "ticktext": labels})
    figure.key(sheet, list(names.values()), [(words.t("customers in the base, above"), design.NEUTRAL)])
    return sheet


def _month(flow: Flow, words: Words) -> str:
    """The month; January names its year."""
    _, month, year = words.day(flow.until).split(NBSP)
    return f"{month}{NBSP}{year}" if flow.until.month == 1 else month


def _spoken(flow: Flow, words: Words) -> str:
    lines = [words.month(flow.until), f"<b>{words.number(flow.end)}</b> {words.t('customers in the base')}"]
    lines += [f"{words.t('New')}: +{words.number(flow.new)}", f"{words.t('Won back')}: +{words.number(flow.reactivated)}"]
    return "<br>".join([*lines, f"{words.t('Lost')}: −{words.number(flow.lapsed)}"])
