"""Lines over time. A value that is missing is a gap in the line, and a value between two gaps a dot."""

from __future__ import annotations

from itertools import groupby

from data.text import Words
from reports.drawing import axis
from reports.drawing.sheet import Look, Sheet, wide
from reports.story import Chart, Series

HEIGHT = 0.4
"""Of the width."""
DASHED = ("plan",)


def draw(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    """Shape: a line per series; the one of now is thicker, drawn last, and says its last value."""
    sheet = Sheet(look, 0.0)
    colours = [look.palette.role(series.role, place) for place, series in enumerate(chart.series)]
    top = look.size * 1.2
    if len(chart.series) > 1:
        shapes = ["dash" if series.role in DASHED else "line" for series in chart.series]
        top += axis.legend(sheet, list(zip((series.name for series in chart.series), colours, shapes, strict=True)))
    speech = axis.speech(chart, words, currency)
    marks = axis.ticks(*axis.course(axis.known(value for series in chart.series for value in series.values)))
    bottom = top + look.width * HEIGHT - look.size * 3
    frame, scale = axis.upright(sheet, marks, speech.ticks(marks), top, bottom)
    slot = frame.width / max(1, len(chart.labels))
    places = [frame.left + slot * (place + 0.5) for place in range(len(chart.labels))]
    axis.foot(sheet, chart.labels, places, slot, bottom)
    for series, colour in sorted(zip(chart.series, colours, strict=True), key=lambda pair: pair[0].role == "now"):
        _course(sheet, series, places, scale, colour)
    for series, colour in zip(chart.series, colours, strict=True):
        if series.role == "now":
            _last(sheet, series, places, scale, colour)
    sheet.height = bottom + axis.deep(chart.labels, slot, look.size)
    return sheet


def runs(values: tuple[float | None, ...]) -> list[list[int]]:
    """Places of values that follow each other with no gap between them."""
    grouped = groupby(enumerate(values), key=lambda pair: pair[1] is not None)
    return [[place for place, _ in pairs] for there, pairs in grouped if there]


def _course(sheet: Sheet, series: Series, places: list[float], scale: axis.Scale, colour: str) -> None:
    now = series.role == "now"
    for run in runs(series.values):
        points = [(places[place], scale.at(series.values[place] or 0.0)) for place in run]
        if len(points) > 1:
            sheet.path(points, colour, 2.2 if now else 1.5, "5 4" if series.role in DASHED else "")
        if len(points) == 1 or (now and len(places) <= 31):
            for place, (x, y) in zip(run, points, strict=True):
                sheet.dot(x, y, 2.4, colour, f"{series.name}: {series.texts[place]}" if series.texts else series.name)


def _last(sheet: Sheet, series: Series, places: list[float], scale: axis.Scale, colour: str) -> None:
    """Write the last value at its point."""
    last = max((place for place, value in enumerate(series.values) if value is not None), default=None)
    if last is None or not series.texts:
        return
    words, look = series.texts[last], sheet.look
    x = min(places[last], look.width - wide(words, look.size) / 2 - look.size * 0.2)
    sheet.text(x, scale.at(series.values[last] or 0.0) - look.size * 0.7, words, "middle", look.palette.ink, bold=True)
