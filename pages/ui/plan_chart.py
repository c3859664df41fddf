"""Months against their plan: a bar per month, a tick where the plan stands, last year as a thin line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from data.text import NBSP, Words
from pages.ui import design, figure, mark_lines
from pages.ui.mark_lines import Numbered

HEIGHT = 300


@dataclass(frozen=True)
class Month:
    """One month: what it was, what it was to be, what it was a year before. `open`: not all of its days are known."""

    month: date
    fact: float | None
    plan: float | None
    before: float | None = None
    open: bool = False


def draw(
    months: Sequence[Month], words: Words, full: figure.Say, short: figure.Say, weekly: bool = False, notes: Sequence[Numbered] = (),
) -> go.Figure:
    """Shape: one bar per month; of weeks, when told so, named by their Mondays."""
    sheet = figure.sheet(HEIGHT, left=76, right=12, top=14, bottom=46)
    values = [value for month in months for value in (month.fact, month.plan, month.before) if value is not None]
    figure.scale(sheet, "y", min(0.0, *values) if values else 0.0, max(values) if values else 1.0, short)
    days = [month.month for month in months]
    sheet.update_layout(xaxis={"type": "category", "tickvals": days, "ticktext": [_named(day, words, weekly) for day in days]})
    colours = [design.VEIL if month.open else design.NOW for month in months]
    edges = {"color": design.NOW, "width": [1.2 if month.open else 0 for month in months]}
    bars = {"color": colours, "line": edges, "opacity": 0.75}
    sheet.add_bar(x=days, y=[month.fact for month in months], marker=bars, hoverinfo="skip", width=0.5)
    if any(month.before is not None for month in months):
        sheet.add_scatter(
            x=days,
            y=[month.before for month in months],
            mode="lines+markers",
            hoverinfo="skip",
            line={"color": design.LAST_YEAR, "width": 1.25},
            marker={"size": 5},
        )
    sheet.add_scatter(
        x=days,
        y=[month.plan for month in months],
        mode="markers",
        hoverinfo="skip",
        marker={"symbol": "line-ew", "size": 30, "line": {"width": 3, "color": design.PLAN}},
    )
    tops = [max([value for value in (month.fact, month.plan, month.before) if value is not None], default=None) for month in months]
    sheet.add_scatter(
        x=days,
        y=tops,
        mode="markers",
        marker={"size": 26, "color": "rgba(0,0,0,0)"},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[_spoken(month, words, full, weekly) for month in months],
    )
    mark_lines.on_places(sheet, notes, steps(days, weekly))
    return sheet


def steps(days: Sequence[date], weekly: bool = False) -> list[tuple[date, date]]:
    """The first and last day of each month, or week, that begins on one of the days."""
    return [(day, day + timedelta(days=6) if weekly else (day + timedelta(days=31)).replace(day=1) - timedelta(days=1)) for day in days]


def _named(day: date, words: Words, weekly: bool) -> str:
    number, month, year = words.day(day).split(NBSP)
    return f"{number}{NBSP}{month}" if weekly else f"{month}<br>{year}" if day.month == 1 else month


def _spoken(month: Month, words: Words, say: figure.Say, weekly: bool) -> str:
    when = words.period(month.month, month.month + timedelta(days=6)) if weekly else words.month(month.month)
    lines = [when, f"<b>{words.t('not loaded') if month.fact is None else say(month.fact)}</b>"]
    if month.open:
        lines.append(words.t("only a part of it"))
    if month.plan is not None:
        lines.append(f"{words.t('plan')}: {say(month.plan)}")
    if month.before is not None:
        lines.append(f"{words.t('a year ago')}: {say(month.before)}")
    return "<br>".join(lines)
