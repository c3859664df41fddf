"""How a figure went: this period as a line, the compared one as a thin grey line, unfinished days dashed, unloaded days hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from data.text import Words
from pages.ui import design, figure, mark_lines
from pages.ui.mark_lines import Numbered

HEIGHT = 380


@dataclass(frozen=True)
class Step:
    """One point: its days, its value and the compared one's; None where there is none.

    `open` says that the value is not final, and `why` says it in words; a step that is not `loaded` has no value at all.
    """

    since: date
    until: date
    value: float | None
    before: float | None = None
    before_since: date | None = None
    open: bool = False
    why: str = ""
    loaded: bool = True


@dataclass(frozen=True)
class Sayings:
    """How values are written: in full for the pointer, short for the axis. `now` and `before` name the two lines, `past` colours the
    second."""

    full: figure.Say
    short: figure.Say
    now: str
    before: str
    past: str = design.BEFORE


def draw(steps: Sequence[Step], words: Words, say: Sayings, notes: Sequence[Numbered] = ()) -> go.Figure:
    """Shape: one point per step, in order of days."""
    compared = any(step.before is not None for step in steps)
    sheet = figure.sheet(HEIGHT, left=76, right=96 if compared else 24, top=30)
    values = [value for step in steps for value in (step.value, step.before) if value is not None]
    figure.scale(sheet, "y", min(0.0, *values) if values else 0.0, max(values) if values else 1.0, say.short)
    figure.calendar(sheet, [step.since for step in steps], words)
    _gaps(sheet, steps, words)
    _before(sheet, steps, words, say)
    _now(sheet, steps, words, say)
    if compared:
        _names(sheet, steps, say)
    if steps:
        mark_lines.on_days(sheet, notes, steps[0].since, steps[-1].since)
    return sheet


def _before(sheet: go.Figure, steps: Sequence[Step], words: Words, say: Sayings) -> None:
    if any(step.before is not None for step in steps):
        sheet.add_scatter(
            x=[step.since for step in steps], y=[step.before for step in steps], mode="lines", hoverinfo="skip",
            line={"color": say.past, "width": 1.25}, name=say.before,
        )


def _now(sheet: go.Figure, steps: Sequence[Step], words: Words, say: Sayings) -> None:
    """The solid line up to the last finished day, then dashes with hollow dots."""
    closed = [step.value if not step.open else None for step in steps]
    # A dash needs a finished point to start from, or to end in.
    opened = [step.value if step.open or _beside_open(steps, place) else None for place, step in enumerate(steps)]
    dots = len(steps) <= 62
    for values, dash, symbol in ((closed, "solid", "circle"), (opened, "dot", "circle-open")):
        if any(value is not None for value in values):
            sheet.add_scatter(
                x=[step.since for step in steps], y=values, mode="lines+markers" if dots else "lines", connectgaps=False,
                line={"color": design.NOW, "width": 2, "dash": dash}, marker={"size": 5, "symbol": symbol, "color": design.NOW},
                hoverinfo="skip", name=say.now,
            )
    sheet.add_scatter(
        x=[step.since for step in steps], y=[step.value if step.value is not None else step.before for step in steps], mode="markers",
        marker={"size": 14, "color": "rgba(0,0,0,0)"}, hovertemplate="%{customdata}<extra></extra>",
        customdata=[_spoken(step, words, say) for step in steps], name="",
    )


def _beside_open(steps: Sequence[Step], place: int) -> bool:
    return any(step.open for step in steps[max(0, place - 1) : place + 2])


def _spoken(step: Step, words: Words, say: Sayings) -> str:
    value = words.t("not loaded") if not step.loaded else words.t("no value") if step.value is None else say.full(step.value)
    lines = [words.period(step.since, step.until), f"<b>{value}</b>"]
    if step.open:
        lines.append(step.why or words.t("may still change"))
    if step.before is not None:
        when = f" ({words.day(step.before_since)})" if step.before_since else ""
        lines.append(f"{say.before}{when}: {say.full(step.before)}")
    return "<br>".join(lines)


def _gaps(sheet: go.Figure, steps: Sequence[Step], words: Words) -> None:
    """Hatch the days that were never loaded, and say so: they are not zeros."""
    hatching = {"shape": "/", "fgcolor": design.HATCH, "size": 7, "solidity": 0.12}
    for since, until in _runs(steps):
        middle = since + (until - since) / 2
        sheet.add_bar(
            x=[middle], y=[1], width=[((until - since).days + 1) * 86_400_000], yaxis="y2", hoverinfo="skip",
            marker={"color": design.VEIL, "line": {"width": 0}, "pattern": hatching},
        )
        sheet.add_annotation(
            x=middle, y=1, yref="paper", yanchor="top", yshift=-4, text=words.t("not loaded"), showarrow=False, font={"size": design.SMALL}
        )
    sheet.update_layout(yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True})


def _runs(steps: Sequence[Step]) -> list[tuple[date, date]]:
    """First and last day of each stretch that was not loaded."""
    runs: list[tuple[date, date]] = []
    for step in steps:
        if step.loaded:
            continue
        if runs and runs[-1][1] + timedelta(days=1) == step.since:
            runs[-1] = (runs[-1][0], step.until)
        else:
            runs.append((step.since, step.until))
    return runs


def _names(sheet: go.Figure, steps: Sequence[Step], say: Sayings) -> None:
    """Name both lines at their right ends, moved apart where they would meet."""
    now = next(((step.since, step.value) for step in reversed(steps) if step.value is not None), None)
    before = next(((step.since, step.before) for step in reversed(steps) if step.before is not None), None)
    low, high = sheet.layout.yaxis.range
    close = now and before and abs((now[1] or 0) - (before[1] or 0)) / ((high - low) or 1) < 18 / HEIGHT
    up = 9.0 if now and before and (now[1] or 0) >= (before[1] or 0) else -9.0
    end = steps[-1].since if steps else None
    if now:
        figure.name(sheet, end, now[1] or 0.0, say.now, design.NOW, up if close else 0.0)
    if before:
        figure.name(sheet, end, before[1] or 0.0, say.before, say.past, -up if close else 0.0)

