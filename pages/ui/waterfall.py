"""A change as a waterfall: from the figure before, over what each part did, to the figure now. Bars add up as printed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from data.text import Words
from pages.ui import design, figure

HEIGHT = 340
LONGEST, MOST_LINES = 12, 3
"""Letters and lines of a name under a bar; the whole name is on the pointer."""


@dataclass(frozen=True)
class Bar:
    """One step. `tone`: good, bad or flat (within noise)."""

    name: str
    amount: float
    text: str
    tone: str = "flat"


@dataclass(frozen=True)
class Level:
    """Where the change starts or ends."""

    name: str
    value: float
    text: str


_COLOURS = {"good": design.GOOD, "bad": design.BAD, "flat": design.NEUTRAL}


def draw(start: Level, bars: Sequence[Bar], end: Level, words: Words, short: figure.Say) -> go.Figure:
    """Shape: the start, a bar per step, the end. What is within noise is grey."""
    tops = _running(start.value, bars)
    every = [start.value, end.value, *(value for pair in tops for value in pair)]
    low, high = _cut(every)
    sheet = figure.sheet(HEIGHT, left=76, right=12, top=26, bottom=64)
    figure.scale(sheet, "y", low, high, short)
    floor = sheet.layout.yaxis.range[0]
    places = list(range(len(bars) + 2))
    bases = [floor, *(min(pair) for pair in tops), floor]
    heights = [start.value - floor, *(abs(bar.amount) for bar in bars), end.value - floor]
    colours = [design.BEFORE, *(_COLOURS[bar.tone] for bar in bars), design.NOW]
    texts = [start.text, *(bar.text for bar in bars), end.text]
    names = [start.name, *(bar.name for bar in bars), end.name]
    sheet.add_bar(
        x=places, y=heights, base=bases, marker={"color": colours}, text=texts, textposition="outside", cliponaxis=False, width=0.62,
        textfont={"size": design.SMALL}, hovertemplate="%{customdata}<extra></extra>",
        customdata=[f"{figure.plain(name)}<br><b>{text}</b>" for name, text in zip(names, texts, strict=True)],
    )
    for place, level in enumerate([start.value, *(pair[1] for pair in tops)]):
        sheet.add_shape(
            type="line", x0=place + 0.31, x1=place + 0.69, y0=level, y1=level, line={"color": design.AXIS, "width": 1},
        )
    sheet.update_layout(xaxis={"tickvals": places, "ticktext": [_short(name) for name in names], "tickangle": 0})
    return sheet


def _running(start: float, bars: Sequence[Bar]) -> list[tuple[float, float]]:
    """Where each step begins and ends."""
    found, level = [], start
    for bar in bars:
        found.append((level, level + bar.amount))
        level += bar.amount
    return found


def _cut(values: Sequence[float]) -> tuple[float, float]:
    """A range in which the steps can be seen: from zero, unless they are small beside the levels; then the axis starts above it."""
    low, high = min(values), max(values)
    if low <= 0 or high - low > 0.25 * high:
        return min(0.0, low), high
    return max(0.0, low - 0.35 * (high - low)), high


def _short(name: str) -> str:
    """The name in at most three short lines, as chart text."""
    lines = [""]
    for word in name.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= LONGEST:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + "…"]
    return "<br>".join(figure.plain(line if len(line) <= LONGEST + 2 else line[: LONGEST + 1] + "…") for line in kept)
