"""A waterfall out of stacked columns: an invisible base, what stands on it above zero and hangs under it, and figures on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION

from reports.office import held
from reports.pptx_axes import TEXT, add, categories, direct, dress, legend, values, workbook
from reports.pptx_deck import Deck
from reports.pptx_text import Box, shortened
from reports.story import Chart

_SMALL = 0.25
"""Changes under this share of the levels would not be seen on an axis from zero."""


@dataclass(frozen=True)
class Step:
    """One column. `base` is not drawn; `above` and `below` are what stands over and hangs under the zero line."""

    base: float
    above: float
    below: float

    @property
    def top(self) -> float:
        return max(self.base, 0.0) + self.above


def steps(values: Sequence[float | None]) -> list[Step]:
    """The first and the last value are levels, the ones between are added up from the first."""
    found, level = [], 0.0
    for place, value in enumerate(values):
        amount = value or 0.0
        start = 0.0 if place in (0, len(values) - 1) else level
        found.append(_column(start, start + amount))
        level = start + amount
    return found


def _column(start: float, end: float) -> Step:
    low, high = min(start, end), max(start, end)
    if low >= 0:
        return Step(low, high - low, 0.0)
    if high <= 0:
        return Step(high, 0.0, low - high)
    return Step(0.0, high, low)


def waterfall(deck: Deck, slide: Any, box: Box, chart: Chart) -> Any:
    told = chart.series[0]
    columns = steps(told.values)
    low, high, cut = span(columns)
    room = max(0.6, (box.w - 0.8) / len(columns) - 0.08)
    labels = tuple(shortened(label, TEXT, room, 3) for label in chart.labels)
    head = (high - low) * 0.09
    data = CategoryChartData()
    data.categories = labels
    parts = {
        "base": [one.base for one in columns],
        told.name: [one.above for one in columns],
        "below": [one.below for one in columns],
        "top": [head] * len(columns),
    }
    names = (deck.say.t("Invisible base"), told.name, deck.say.t("Below zero"), deck.say.t("Room for the figure"))
    for name, numbers in zip(names, parts.values(), strict=True):
        data.add_series(name, [held(number, chart.unit) for number in numbers])
    frame = add(slide, box, XL_CHART_TYPE.COLUMN_STACKED, data)
    dress(deck, frame.chart, chart.title, box)
    values(deck, frame.chart, chart.unit, low, high, short=box.h < 3.2, cut=cut)
    categories(deck, frame.chart, (), box, False)
    legend(deck, frame.chart, False)
    plot = frame.chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    base, above, below, top = plot.series
    for hidden in (base, top):
        hidden.format.fill.background()
        hidden.format.line.fill.background()
    last = len(columns) - 1
    for place in range(len(columns)):
        tone = told.tones[place] if place < len(told.tones) else "flat"
        code = deck.colours.before if place == 0 else deck.colours.accent if place == last else deck.colours.tone(tone)
        for part in (above, below):
            part.invert_if_negative = False
            fill = part.points[place].format.fill
            fill.solid()
            deck.paint(fill.fore_color, code)
        text = told.texts[place] if place < len(told.texts) else ""
        direct(
            deck,
            top.points[place].data_label,
            _signed(text, told.values[place], place in (0, last)),
            XL_LABEL_POSITION.INSIDE_BASE,
            bold=True,
        )
    workbook(frame.chart, _rows(chart, names, list(parts.values())))
    return frame


def _signed(text: str, value: float | None, level: bool) -> str:
    """A step upwards carries its plus, so that it survives a grey printer."""
    return f"+{text}" if value is not None and value > 0 and not level and not text.startswith("+") else text


def span(columns: Sequence[Step]) -> tuple[float, float, bool]:
    """From zero, unless the steps are small beside the levels."""
    edges = [edge for one in columns for edge in (one.base, one.base + one.above, one.base + one.below)]
    low, high = min(edges), max(edges)
    inner = [edge for one in columns[1:-1] for edge in (one.base, one.base + one.above)] or [low]
    least = min((*inner, columns[0].top, columns[-1].top))
    if low < 0 or high <= 0 or high - least > _SMALL * high:
        return min(0.0, low), high, False
    return max(0.0, least - 0.35 * (high - least)), high, True


def _rows(chart: Chart, names: Sequence[str], parts: Sequence[Sequence[float]]) -> list[tuple[str | float | None, ...]]:
    """What the chart is drawn from, and beside it the steps themselves."""
    told = chart.series[0]
    rows: list[tuple[str | float | None, ...]] = [("", *names, chart.title)]
    for place, label in enumerate(chart.labels):
        value = told.values[place]
        drawn = (held(part[place], chart.unit) for part in parts)
        rows.append((label, *drawn, None if value is None else held(value, chart.unit)))
    return rows
