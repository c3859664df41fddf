"""Charts of a story as our own vector pictures: the same geometry on paper and, where nothing may run, on a screen. Pure.

chart ─► draw ─► lines | bars | steps | spread | heat ─► sheet ─► SVG
"""

from __future__ import annotations

from collections.abc import Callable

from data.text import Words
from reports.drawing import bars, heat, lines, spread, steps
from reports.drawing.sheet import Look, Sheet
from reports.story import Chart

Draw = Callable[[Chart, Look, Words, str], Sheet]
KINDS: dict[str, Draw] = {
    "line": lines.draw,
    "bar": bars.draw,
    "stacked": bars.stacked,
    "waterfall": steps.draw,
    "map": spread.draw,
    "heat": heat.draw,
}


def draw(chart: Chart, look: Look, words: Words, currency: str) -> Sheet | None:
    """The picture; None where the chart holds no value."""
    return KINDS[chart.kind](chart, look, words, currency) if has_values(chart) else None


def has_values(chart: Chart) -> bool:
    return any(value is not None for series in chart.series for value in series.values)
