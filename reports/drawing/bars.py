"""Bars beside each other, and bars on top of each other. Long names lay the bars down. They start at zero, always."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import Words
from reports.drawing import axis
from reports.drawing.sheet import Look, Sheet, wide, wrapped
from reports.story import Chart, Series

HEIGHT = 0.36
"""Of the width."""
FILL = 0.72
"""Share of its place that a group of bars fills."""


def draw(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    """Shape: a group of bars per label; standing, or lying where names are long. Missing values leave their place empty."""
    return _lying(chart, look, words, currency) if lies(chart, look) else _standing(chart, look, words, currency)


def stacked(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    """Shape: a bar per label, its parts on top of each other; parts below zero go down."""
    spans = stack(chart.series, len(chart.labels))
    sheet, top, colours = _begun(chart, look)
    ends = [end for column in spans for span in column if span for end in span]
    frame, scale, places, slot = _stand(sheet, chart, words, currency, top, ends)
    for place, column in enumerate(spans):
        for series, span, colour in zip(chart.series, column, colours, strict=True):
            if span:
                high, low = scale.at(max(span)), scale.at(min(span))
                sheet.bar(places[place] - slot * FILL / 2, high, slot * FILL, low - high, colour, _said(series, place, chart.labels[place]))
                sheet.line(places[place] - slot * FILL / 2, high, places[place] + slot * FILL / 2, high, look.palette.paper, 0.8)
    sheet.line(frame.left, scale.at(0), frame.right, scale.at(0), look.palette.axis)
    return sheet


def stack(series: Sequence[Series], count: int) -> list[list[tuple[float, float] | None]]:
    """Where each part of each bar begins and ends; None where the part is not known."""
    columns: list[list[tuple[float, float] | None]] = []
    for place in range(count):
        up, down, column = 0.0, 0.0, list[tuple[float, float] | None]()
        for one in series:
            value = one.values[place]
            start = up if (value or 0.0) >= 0 else down
            column.append(None if value is None else (start, start + value))
            up, down = up + max(0.0, value or 0.0), down + min(0.0, value or 0.0)
        columns.append(column)
    return columns


def _standing(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    sheet, top, colours = _begun(chart, look)
    values = axis.known(value for series in chart.series for value in series.values)
    frame, scale, places, slot = _stand(sheet, chart, words, currency, top, values)
    thick = slot * FILL / max(1, len(chart.series))
    labelled = all(series.texts and max(wide(text, look.size) for text in series.texts) < thick * 1.15 for series in chart.series)
    for number, (series, colour) in enumerate(zip(chart.series, colours, strict=True)):
        for place, value in enumerate(series.values):
            if value is None:
                continue
            x = places[place] - slot * FILL / 2 + number * thick
            high, low = scale.at(max(0.0, value)), scale.at(min(0.0, value))
            sheet.bar(
                x + thick * 0.04,
                high,
                thick * 0.92,
                low - high,
                _colour(series, place, colour, look),
                _said(series, place, chart.labels[place]),
            )
            if labelled:
                y = high - look.size * 0.4 if value >= 0 else low + look.size * 1.1
                sheet.text(x + thick / 2, y, series.texts[place], "middle", look.palette.ink)
    sheet.line(frame.left, scale.at(0), frame.right, scale.at(0), look.palette.axis)
    return sheet


def _lying(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    sheet, top, colours = _begun(chart, look)
    size, count = look.size, max(1, len(chart.series))
    lines = [wrapped(label, look.width * 0.3, size, 2) for label in chart.labels]
    left = max((wide(line, size) for label in lines for line in label), default=0.0) + size
    longest = max((wide(text, size) for series in chart.series for text in series.texts), default=0.0)
    values = axis.known(value for series in chart.series for value in series.values)
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    margin = longest + size * 0.6 if low < 0 else 0.0
    scale = axis.Scale(low, high if high > low else low + 1.0, left + margin, look.width - longest - size)
    thick, pad = size * (1.5 if count == 1 else 1.25), size * 0.8
    for place, label in enumerate(lines):
        y = top + place * (thick * count + pad)
        middle = y + thick * count / 2 + size * 0.36 - size * 0.58 * (len(label) - 1)
        for line, words_ in enumerate(label):
            sheet.text(left - size * 0.8, middle + line * size * 1.16, words_, "end", look.palette.ink)
        for number, (series, colour) in enumerate(zip(chart.series, colours, strict=True)):
            _row(sheet, series, place, scale, y + number * thick, thick, _colour(series, place, colour, look), chart.labels[place])
    sheet.height = top + len(lines) * (thick * count + pad)
    sheet.line(scale.at(0), top - pad / 2, scale.at(0), sheet.height - pad / 2, look.palette.axis)
    return sheet


def _row(sheet: Sheet, series: Series, place: int, scale: axis.Scale, y: float, thick: float, colour: str, label: str) -> None:
    """One lying bar with its value at its end; a dash alone where the value is not known."""
    value, size = series.values[place], sheet.look.size
    text = series.texts[place] if series.texts else ""
    if value is not None:
        left, right = scale.at(min(0.0, value)), scale.at(max(0.0, value))
        sheet.bar(left, y + thick * 0.06, right - left, thick * 0.88, colour, _said(series, place, label))
    end = scale.at(value or 0.0)
    below = value is not None and value < 0
    known = sheet.look.palette.ink if value is not None else ""
    sheet.text(end - size * 0.4 if below else end + size * 0.4, y + thick / 2 + size * 0.36, text, "end" if below else "start", known)


def _begun(chart: Chart, look: Look) -> tuple[Sheet, float, list[str]]:
    """A sheet with the legend on it, where to go on below it, and the series' colours."""
    sheet = Sheet(look, 0.0)
    colours = [look.palette.role(series.role, place) for place, series in enumerate(chart.series)]
    entries = [(series.name, colour, "bar") for series, colour in zip(chart.series, colours, strict=True)]
    taken = axis.legend(sheet, entries) if len(entries) > 1 else 0.0
    return sheet, taken + look.size * 1.3, colours


def _stand(
    sheet: Sheet, chart: Chart, words: Words, currency: str, top: float, values: Sequence[float]
) -> tuple[axis.Frame, axis.Scale, list[float], float]:
    """Draw the axes of standing bars: frame, scale, middles of the places, width of a place."""
    look = sheet.look
    marks = axis.ticks(min(0.0, *values, 0.0), max(0.0, *values, 0.0))
    marks = axis.whole(marks) if chart.unit == "count" else marks
    bottom = top + look.width * HEIGHT - look.size * 3
    frame, scale = axis.upright(sheet, marks, axis.speech(chart, words, currency).ticks(marks), top, bottom)
    slot = frame.width / max(1, len(chart.labels))
    places = [frame.left + slot * (place + 0.5) for place in range(len(chart.labels))]
    axis.foot(sheet, chart.labels, places, slot, bottom)
    sheet.height = bottom + axis.deep(chart.labels, slot, look.size)
    return frame, scale, places, slot


def lies(chart: Chart, look: Look) -> bool:
    """Whether the bars have to lie: names need more than two lines, or would be cut, under standing ones."""
    slot = look.width * 0.9 / max(1, len(chart.labels)) - look.size * 0.4
    few = len(chart.labels) <= 24
    return few and any(len(lines := wrapped(label, slot, look.size, 9)) > 2 or "…" in "".join(lines) for label in chart.labels)


def _colour(series: Series, place: int, colour: str, look: Look) -> str:
    return look.palette.tone(series.tones[place]) if series.tones and series.tones[place] else colour


def _said(series: Series, place: int, label: str) -> str:
    value = series.texts[place] if series.texts else ""
    return f"{label} · {series.name}: {value}"
