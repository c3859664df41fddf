"""A triangle of cohorts: darker is more; cells of months that have not come yet are empty. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from data.text import Words
from pages.ui import design, figure

ROW = 26
"""Unit: pixels."""


def draw(
    names: Sequence[str],
    rows: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    first: int,
    words: Words,
    most: float | None = None,
    ink: str = design.INK,
) -> go.Figure:
    """Shape: a row per name, a column per month of life, counted from `first`. Rows may be of different lengths.

    `ink` is the colour of the figures, given: plotly would choose one as if every page were white.
    """
    width = max((len(row) for row in rows), default=0)
    values = [[*row, *[None] * (width - len(row))] for row in rows]
    said = [[*row, *[""] * (width - len(row))] for row in texts]
    sheet = figure.sheet(ROW * len(names) + 64, left=92, right=12, top=40, bottom=12)
    columns = list(range(first, first + width))
    known = [value for row in rows for value in row if value is not None]
    sheet.add_heatmap(
        z=values,
        x=columns,
        y=list(range(len(names))),
        text=said,
        texttemplate="%{text}",
        textfont={"size": 11, "color": ink},
        showscale=False,
        xgap=2,
        ygap=2,
        zmin=0,
        zmax=most or max(known, default=1.0),
        colorscale=[[0, "rgba(47,116,208,0.06)"], [1, "rgba(47,116,208,0.55)"]],
        hoverongaps=False,
        hovertemplate=f"%{{customdata}}, {words.t('month')} %{{x}}<br><b>%{{text}}</b><extra></extra>",
        customdata=[[figure.plain(name)] * width for name in names],
    )
    sheet.update_layout(
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": [figure.plain(name) for name in names],
            "autorange": "reversed",
            "showgrid": False,
        },
        xaxis={"tickvals": columns, "ticktext": [str(column) for column in columns], "side": "top"},
    )
    sheet.add_annotation(
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="bottom",
        yshift=4,
        xshift=-10,
        showarrow=False,
        text=words.t("month of life"),
        font={"size": design.SMALL},
    )
    return sheet
