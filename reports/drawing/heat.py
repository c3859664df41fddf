"""A table of colours: darker is more, and a place whose time has not come is empty."""

from __future__ import annotations

from data.text import Words
from reports.drawing import axis
from reports.drawing.sheet import Look, Sheet, wide, wrapped
from reports.story import Chart

PALEST, DARKEST, TURN = 0.08, 0.9, 0.5
"""How much of the accent the least and the most get; from `TURN` on words on it change their colour."""


def draw(chart: Chart, look: Look, words: Words, currency: str) -> Sheet:
    """Shape: a row per series, a column per label, the value in its cell where there is room."""
    size, sheet = look.size, Sheet(look, 0.0)
    names = [wrapped(series.name, look.width * 0.28, size, 1) for series in chart.series]
    left = max((wide(one[0], size) for one in names if one), default=0.0) + size
    column = (look.width - left) / max(1, len(chart.labels))
    heads = [wrapped(label, column - 4, size, 2) for label in chart.labels]
    top, row = size * (0.6 + 1.15 * max(map(len, heads), default=1)), size * 2.3
    for place, head in enumerate(heads):
        for number, line in enumerate(head):
            sheet.text(left + column * (place + 0.5), size + number * size * 1.15, line, "middle")
    known = axis.known(value for series in chart.series for value in series.values)
    most = max(known, default=1.0) or 1.0
    for number, (series, name) in enumerate(zip(chart.series, names, strict=True)):
        y = top + number * row
        sheet.text(left - size * 0.8, y + row / 2 + size * 0.36, name[0] if name else "", "end", look.palette.ink)
        for place, value in enumerate(series.values):
            if value is None:
                continue
            strength = PALEST + (DARKEST - PALEST) * max(0.0, value / most)
            text = series.texts[place] if series.texts else ""
            x = left + column * place
            sheet.bar(x + 1, y + 1, column - 2, row - 2, look.palette.accent, f"{series.name} · {chart.labels[place]}: {text}", strength)
            if wide(text, size) < column:
                colour = look.palette.on_accent if strength > TURN else look.palette.ink
                sheet.text(x + column / 2, y + row / 2 + size * 0.36, text, "middle", colour)
    sheet.height = top + len(chart.series) * row + 2
    return sheet
